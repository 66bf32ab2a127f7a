"""What somebody told about themselves: the input of career advice. Never an assessment of them."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Persoon:
    """What the person said about themselves in this conversation. Used, shown on request, forgotten on request."""

    functie: str | None = None
    """Id of the present function."""
    schaal: str | None = None
    opleiding: str | None = None
    """Id of the education level."""
    richtingen: tuple[str, ...] = ()
    """Fields of study, as the knowledge base calls them."""
    sterk: tuple[str, ...] = ()
    """Ids of competencies that the person says to be good at."""
    doel: str | None = None
    """Id of the function that the person wants."""
    wens: str | None = None
    """omhoog, opzij, interim or orientatie."""

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))
