"""A second look of the model at a message, together with the subject that was talked of before it.

"Oplossing voor dat geldgedoe" says little by itself; after "nadelen van interim werk" it is clear. Rasa's pipeline reads
a message without its conversation, so the classifier that is loaded in this process can be asked again by the actions.
With actions on a server of their own there is no such classifier, and they do without.
"""

from __future__ import annotations

from typing import Any, Protocol

ELSEWHERE = "anders"
"""The label of messages that are about something else than is asked after a subject."""


class Reader(Protocol):
    """Reads a text with its names, after a subject (id and title)."""

    def rank_after(self, before: str, title: str, text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The readings of a text, best first."""


_loaded: list[Reader] = []


def register(reader: Reader) -> None:
    """Make a classifier the one that is asked."""
    _loaded[:] = [reader]


def read_after(before: str, title: str, text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The readings of a text after a subject, :data:`ELSEWHERE` among them; [] when no classifier is loaded in this process."""
    return _loaded[0].rank_after(before, title, text, entities) if _loaded else []
