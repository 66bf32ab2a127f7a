"""The Teams channel: activities of the Bot Framework in, text and Adaptive Cards out."""

from bot.channels.teams.channel import TeamsInput

__all__ = ["TeamsInput"]
