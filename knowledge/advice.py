"""Career advice computed from the function book: compare, gap, next steps. Pure functions over the store.

Nothing here scores a person: what comes out is what the book asks of a function, next to what somebody said to have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge import education
from knowledge.schema import Normfunctie
from knowledge.store import Functie, Store

Change = Literal["gelijk", "hoger", "lager", "nieuw", "vervalt"]


@dataclass(frozen=True)
class CompetentieStap:
    """What happens with one competency on the way from one function to another; levels are None where not asked."""

    competentie: str
    van: str | None
    naar: str | None
    verandering: Change


@dataclass(frozen=True)
class Verschil:
    """The difference between two functions, seen from the first."""

    van: Functie
    naar: Functie
    competenties: tuple[CompetentieStap, ...]
    nieuwe_taken: tuple[str, ...]
    vervallen_taken: tuple[str, ...]
    opleiding_genoeg: bool | None
    """Whether the minimum education of the first is enough for the second; None when it can't be compared."""

    def stappen(self, *soorten: Change) -> list[CompetentieStap]:
        """The competency steps of some kinds."""
        return [stap for stap in self.competenties if stap.verandering in soorten]


def compare(van: Functie, naar: Functie) -> Verschil:
    """What changes when someone goes from one function to another."""
    return Verschil(
        van=van,
        naar=naar,
        competenties=tuple(competency_steps(van.norm, naar.norm)),
        nieuwe_taken=tuple(_extra_tasks(van.norm, naar.norm)),
        vervallen_taken=tuple(_extra_tasks(naar.norm, van.norm)),
        opleiding_genoeg=education.enough(van.norm.opleiding.minimaal, naar),
    )


def competency_steps(van: Normfunctie, naar: Normfunctie) -> list[CompetentieStap]:
    """Competency by competency (in the order of the target, then what lapses): same, higher, lower, new, lapses."""
    have = {item.competentie: item.niveau for item in van.competenties}
    want = {item.competentie: item.niveau for item in naar.competenties}
    steps = []
    for name, level in want.items():
        old = have.get(name)
        # A is the highest level, so the smaller letter is the higher level.
        change: Change = "nieuw" if old is None else "gelijk" if old == level else "hoger" if level < old else "lager"
        steps.append(CompetentieStap(name, old, level, change))
    steps += [CompetentieStap(name, level, None, "vervalt") for name, level in have.items() if name not in want]
    return steps


def _extra_tasks(van: Normfunctie, naar: Normfunctie) -> list[str]:
    """Tasks of the second that the first doesn't have in the same words."""
    have = {taak for gebied in van.resultaatgebieden for taak in gebied.taken}
    return [taak for gebied in naar.resultaatgebieden for taak in gebied.taken if taak not in have]


@dataclass(frozen=True)
class Stap:
    """A function that can be a next step, and why it is one."""

    functie: Functie
    richting: Literal["omhoog", "opzij"]
    verschil: Verschil


def next_steps(store: Store, van: Functie, limit: int = 3) -> list[Stap]:
    """Functions to go on to: upward (the nearest scales first, own functiegroep and shared competencies first) and sideways.

    Upward is at most three scales higher; sideways is the same scale. At most `limit` upward and one sideways.
    """
    steps: list[Stap] = []
    for functie in store.functies():
        if functie.id == van.id:
            continue
        rise = functie.schaal_rang - van.schaal_rang
        if 0 < rise <= 4:
            steps.append(Stap(functie, "omhoog", compare(van, functie)))
        elif rise == 0:
            steps.append(Stap(functie, "opzij", compare(van, functie)))

    def order(stap: Stap) -> tuple[bool, bool, int, int]:
        f, norm = stap.functie, van.norm
        shared = len(stap.verschil.stappen("gelijk", "hoger", "lager"))
        return (
            f.norm.functiegroep != norm.functiegroep,
            f.norm.functiereeks != norm.functiereeks,
            abs(f.schaal_rang - van.schaal_rang),
            -shared,
        )

    up = sorted((s for s in steps if s.richting == "omhoog"), key=order)[:limit]
    aside = sorted(
        (s for s in steps if s.richting == "opzij"), key=lambda s: -len(s.verschil.stappen("gelijk", "hoger", "lager"))
    )
    return up + aside[:1]


@dataclass(frozen=True)
class Match:
    """A function that asks competencies which someone named as a strength."""

    functie: Functie
    competenties: tuple[tuple[str, str], ...]
    """(competency id, level that the function asks)."""


def functions_for_strengths(store: Store, competenties: Sequence[str], diploma: str | None = None) -> list[Match]:
    """Functions that ask most of the named competencies; with a diploma, only those that it is enough for."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in competenties:
        for item in store.functies_met_competentie(name):
            found.setdefault(item.functie.id, []).append((name, item.niveau))
    matches = []
    for functie_id, asked in found.items():
        functie = store.functie(functie_id)
        if functie is None or (diploma and education.enough(diploma, functie) is False):
            continue
        matches.append(Match(functie, tuple(asked)))
    return sorted(matches, key=lambda m: (-len(m.competenties), -m.functie.schaal_rang, m.functie.naam))
