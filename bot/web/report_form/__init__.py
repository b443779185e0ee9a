"""The plain report form: what the conversation asks, with the same rules (bot/report_form) and
store, and no chat."""

from bot.web.report_form.pages import make

__all__ = ["make"]
