"""The Slack channel: what Slack sends, how it is answered, and how an answer looks there."""

from bot.channels.slack.channel import SlackInput

__all__ = ["SlackInput"]
