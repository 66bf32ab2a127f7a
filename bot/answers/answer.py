"""The answer of one turn: what every channel shows and every test reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from knowledge.schema import Vindplaats
from knowledge.store import Store

Outcome = Literal["answered", "clarification", "out_of_scope", "smalltalk", "handoff", "error"]

MAX_FOLLOW_UPS = 3
_KIND = re.compile(r"^[a-z]+(\.[a-z0-9_]+)+$")


@dataclass(frozen=True)
class Source:
    """Where an answer comes from. `date` is the source's date as it bears it (year, year-month, date) or None."""

    id: str
    title: str
    section: str
    date: str | None


@dataclass(frozen=True)
class Button:
    """A follow-up: `title` is shown, `question` is sent as if the person had typed it."""

    title: str
    question: str


@dataclass(frozen=True)
class Answer:
    """One turn's answer.

    outcome, kind: see the answer contract. text: Markdown, the asked fact first. sources: at least one for `answered`.
    buttons: follow-ups that work when pressed. data: structured facts for a picture or a table.
    """

    outcome: Outcome
    kind: str
    text: str
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _KIND.match(self.kind):
            raise ValueError(f"kind {self.kind!r} must be <topic>.<aspect> in lower case")
        if (self.outcome == "answered") != bool(self.sources):
            raise ValueError(f"outcome {self.outcome} with {len(self.sources)} sources ({self.kind})")
        if not self.text.strip():
            raise ValueError(f"an answer without text ({self.kind})")

    def contract(self) -> dict[str, Any]:
        """The answer's fields as channels with `custom` send them."""
        return {
            "outcome": self.outcome,
            "kind": self.kind,
            "sources": [vars(source) for source in self.sources],
            "data": self.data,
        }

    def with_text(self, text: str) -> Answer:
        """The same answer with another text."""
        return replace(self, text=text)


def sources(store: Store, places: Iterable[Vindplaats], profile: bool = False) -> tuple[Source, ...]:
    """The sources of some places, each once. `profile`: name the section of the competency profile where there is one."""
    found: dict[tuple[str, str], Source] = {}
    for place in places:
        bron = store.bron(place.bron)
        section = place.profiel if profile and place.profiel else place.sectie
        found.setdefault((bron.id, section), Source(bron.id, bron.titel, section, bron.datum))
    return tuple(found.values())


def caveats(store: Store, used: Sequence[Source]) -> list[str]:
    """What must be said about the sources that were used (old, with an interest, ...), each once."""
    notes = [store.bron(source.id).kanttekening for source in used]
    return list(dict.fromkeys(note for note in notes if note))


def answered(
    store: Store,
    kind: str,
    lines: Iterable[str | None],
    places: Iterable[Vindplaats],
    *,
    profile: bool = False,
    notes: Iterable[str | None] = (),
    buttons: Sequence[Button] = (),
    data: dict[str, Any] | None = None,
) -> Answer:
    """An answer with facts: its lines (None is left out), its notes and its sources' own caveats below."""
    used = sources(store, places, profile)
    said = [note for note in notes if note]
    remarks = list(dict.fromkeys(said + caveats(store, used)))
    text = "\n".join(line for line in lines if line is not None).strip()
    if remarks:
        text += "\n\n" + "\n".join(f"_Let op: {remark}_" for remark in remarks)
    return Answer("answered", kind, text, used, tuple(buttons[:MAX_FOLLOW_UPS]), data or {})


def bullets(items: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {item}" for item in items)


def listing(items: Sequence[str], last: str = "en") -> str:
    """Items in a sentence: `a, b en c`."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def number(value: float) -> str:
    """A number as Dutch people write it: 15,5 or 7."""
    return f"{value:g}".replace(".", ",")


def euro(value: int) -> str:
    """An amount of whole euros: € 2.459."""
    return f"€ {value:,}".replace(",", ".")
