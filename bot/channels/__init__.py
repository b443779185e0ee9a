"""Messaging: Telegram, SMS, WhatsApp and Messenger (docs/channels.md); a file for each provider."""
