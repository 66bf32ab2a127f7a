"""The web channel: the widget `<loopbaan-assistent>`, its conversations and the start page."""

from bot.channels.web.channel import WebInput

__all__ = ["WebInput"]
