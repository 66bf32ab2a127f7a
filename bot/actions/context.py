"""What a conversation has been about, and what the person told about themselves: kept in one slot.

The slot holds plain JSON; anything odd in it counts as nothing known, so an old or damaged conversation goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from knowledge.persoon import Persoon

CONTEXT_SLOT = "gesprek"

MAX_TOPICS = 4
MAX_QUESTIONS = 12
MAX_QUESTION_LENGTH = 160


@dataclass(frozen=True)
class Beurt:
    """A question as it was answered, complete enough to answer it again in another form."""

    label: str
    text: str
    functies: tuple[str, ...] = ()
    competenties: tuple[str, ...] = ()
    niveaus: tuple[str, ...] = ()
    schalen: tuple[str, ...] = ()
    entities: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Context:
    """The state of one conversation."""

    vraag: str | None = None
    """The label of the last question that was answered or is waiting for a name."""
    eerder: tuple[tuple[str, str], ...] = ()
    """(kind of name, label) of the last question about each kind of name."""
    aspecten: tuple[str, ...] = ()
    """The labels of the questions that the last message asked together."""
    functies: tuple[str, ...] = ()
    competenties: tuple[str, ...] = ()
    niveaus: tuple[str, ...] = ()
    schalen: tuple[str, ...] = ()
    onderwerpen: tuple[str, ...] = ()
    """Subjects that were answered since the conversation last turned to something else, the last one last."""
    onderwerp_eerder: str | None = None
    """The last subject that was answered, also when the conversation turned to something else since."""
    genoemd: tuple[str, ...] = ()
    """Functions that were asked about lately, one after another: what "die twee" points at."""
    getoond: tuple[str, ...] = ()
    """Functions that the last answer listed, in its order."""
    getoonde_competenties: tuple[str, ...] = ()
    """Competencies that the last answer listed, in its order."""
    opties: tuple[tuple[str, str], ...] = ()
    """(title, question) of the buttons that were last offered."""
    wacht: bool = False
    """The last question is still waiting for a name or a choice."""
    laatste: Beurt | None = None
    """The last question that was answered."""
    persoon: Persoon = field(default_factory=Persoon)
    intake: str | None = None
    """The question of the career conversation that is being asked."""
    gevraagd: tuple[str, ...] = ()
    """What the person asked, for the summary that they can take along."""
    begroet: bool = False
    """Whether it has been said that this is a computer."""

    @classmethod
    def from_slot(cls, value: Any) -> Context:
        """Read the slot."""
        if not isinstance(value, dict):
            return cls()
        try:
            known = _known(cls, value)
            if isinstance(known.get("laatste"), dict):
                known["laatste"] = Beurt(**_known(Beurt, known["laatste"]))
            if isinstance(known.get("persoon"), dict):
                known["persoon"] = Persoon(**_known(Persoon, known["persoon"]))
            return cls(**known)
        except (TypeError, ValueError):
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """The context as plain JSON data, empty parts left out."""
        out = _plain(self)
        assert isinstance(out, dict)
        return out

    def eerder_over(self, soort: str) -> str | None:
        """The label of the last question about a kind of name ("functie", "competentie", "opleiding"), or None."""
        return dict(self.eerder).get(soort)

    def with_earlier(self, soort: str | None, label: str) -> tuple[tuple[str, str], ...]:
        """`eerder` after a question about a kind of name."""
        return tuple({**dict(self.eerder), soort: label}.items()) if soort else self.eerder

    def with_question(self, text: str) -> Context:
        """The context with one more question in the summary."""
        said = text.strip()[:MAX_QUESTION_LENGTH]
        return replace(self, gevraagd=(*self.gevraagd, said)[-MAX_QUESTIONS:])


def _known(kind: type[Any], value: dict[str, Any]) -> dict[str, Any]:
    names = {part.name for part in fields(kind)}
    return {k: _tuples(v) for k, v in value.items() if k in names}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (Context, Beurt, Persoon)):
        return {p.name: _plain(v) for p in fields(value) if (v := getattr(value, p.name))}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
