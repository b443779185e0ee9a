"""Seeing it run: logs without personal data, one id from message to report, and metrics."""
