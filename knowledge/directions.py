"""Ways to go on, out of what somebody told about themselves. Pure functions over the store.

A direction is no verdict: it says what was told, what the book asks, and what one can do first. Nobody is scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge import education
from knowledge.advice import LEAP, Kloof, gap, next_steps
from knowledge.schema import SCHALEN
from knowledge.store import Functie, Store

Soort = Literal["doel", "omhoog", "opzij", "sterk", "opleiding", "interim", "orientatie"]
Reden = tuple[str, ...]
"""Why something is a direction: a code and what it is about.

wens (wish), doel, hogere_schaal (from, to), zelfde_schaal (scale), lagere_schaal (from, to), zelfde_groep (id),
zelfde_reeks (id), andere_groep (id), deelt_competenties (ids), sterk (ids), opleiding_genoeg (id), richting (names),
geen_hogere_schaal (scale), geen_zelfde_schaal (scale), weinig_bekend, andere_weg, verkennen.
"""

MAX_DIRECTIONS = 4
MIN_DIRECTIONS = 2

_ORDER: dict[str | None, tuple[Soort, ...]] = {
    "omhoog": ("doel", "omhoog", "opleiding", "sterk", "opzij"),
    "opzij": ("doel", "opzij", "sterk", "opleiding", "interim"),
    "interim": ("interim", "doel", "opzij", "omhoog", "sterk"),
    "orientatie": ("orientatie", "doel", "sterk", "omhoog", "opzij", "opleiding", "interim"),
    None: ("doel", "omhoog", "sterk", "opleiding", "opzij", "interim"),
}
"""Which directions are looked for, by the wish; what comes first is what the person asked for, not what is best."""

_ONDERWERPEN: dict[Soort, tuple[str, ...]] = {
    "doel": ("schaal.hogere_schaal", "interim.gesprek_leidinggevende"),
    "omhoog": ("schaal.hogere_schaal", "interim.gesprek_leidinggevende"),
    "opzij": ("schaal.vastlopen_zelfde_baan", "interim.gesprek_leidinggevende"),
    "sterk": (),
    "opleiding": (),
    "interim": (
        "interim.jaren_ervaring", "interim.financieel_klaar", "interim.uitproberen", "interim.hybride", "interim.wet_dba",
    ),
    "orientatie": ("interim.gesprek_leidinggevende", "interim.hulp_hr", "schaal.vastlopen"),
}  # fmt: skip
"""Subjects of the guide that go with a direction; ones that a knowledge base doesn't have are left out."""

_NOT_IN_BOOK: dict[Soort, tuple[str, tuple[str, ...]]] = {
    "omhoog": ("geen_hogere_schaal", ("schaal.vastlopen_grotere_organisatie", "schaal.einde_schaal")),
    "opzij": ("geen_zelfde_schaal", ("schaal.vastlopen_zelfde_baan", "interim.gesprek_leidinggevende")),
}
"""For a wish that no function of the book fits: the reason's code, and the subjects that help."""

_DO_FIRST = frozenset({"interim.uitproberen", "schaal.vastlopen_zelfde_baan", "schaal.vastlopen_grotere_organisatie"})
"""Subjects that are something to do, where there is no function to practise for."""


@dataclass(frozen=True)
class Richting:
    """A way to go on."""

    soort: Soort
    functie: Functie | None
    """The function that it leads to; None for interim work, for looking around, and where the book has none."""
    redenen: tuple[Reden, ...]
    kloof: Kloof | None
    eerst: tuple[Reden, ...]
    """What to do first: opleiding (minimum), opleiding_nagaan (minimum), oefenen (competency, level), kennis (name),
    onderwerp (id), gesprek."""
    onderwerpen: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Person:
    """What somebody told, all of it optional; and how functions look from there."""

    store: Store
    functie: Functie | None
    schaal: str | None
    opleiding: str | None
    richtingen: frozenset[str]
    sterk: tuple[str, ...]
    wens: str | None
    doel: Functie | None

    @property
    def rang(self) -> int | None:
        """The height of the present scale; None when unknown."""
        return SCHALEN.index(self.schaal) if self.schaal in SCHALEN else None

    def fit(self, f: Functie) -> tuple[bool, bool, int]:
        """Sorts functions by what was told: diploma not too low, own field, strengths that are asked."""
        too_low = bool(self.opleiding) and education.enough(str(self.opleiding), f) is False
        return too_low, not self.richtingen & set(f.norm.opleiding.richtingen), -len(self.strengths(f))

    def strengths(self, f: Functie) -> list[str]:
        """The named strengths that a function asks (by either of its lists)."""
        asked = {item.competentie for item in (*f.norm.competenties, *f.norm.competenties_bijlage)}
        return [name for name in self.sterk if name in asked]


def directions(
    store: Store,
    functie: Functie | None = None,
    schaal: str | None = None,
    opleiding: str | None = None,
    richtingen: Sequence[str] = (),
    sterk: Sequence[str] = (),
    wens: str | None = None,
    doel: Functie | None = None,
) -> list[Richting]:
    """Two to four ways to go on, out of what somebody told. The wish (omhoog, opzij, interim, orientatie) orders them.

    No function comes twice, and none lies in a scale below the present one except the person's own goal.
    """
    if doel and functie and doel.id == functie.id:
        doel = None
    me = _Person(
        store=store,
        functie=functie,
        schaal=functie.schaal if functie else schaal,
        opleiding=opleiding,
        richtingen=frozenset(richtingen),
        sterk=tuple(dict.fromkeys(sterk)),
        wens=wens if wens in _ORDER else None,
        doel=doel,
    )
    found: list[Richting] = []
    taken = {f.id for f in (functie, doel) if f}
    for soort in _ORDER[me.wens]:
        if len(found) == MAX_DIRECTIONS:
            break
        richting = _general(me, soort) if soort in ("interim", "orientatie") else _towards(me, soort, taken)
        if richting:
            found.append(richting)
            taken |= {richting.functie.id} if richting.functie else set()
    if found and me.wens is None and found[0].soort == "interim":
        # Nothing else was found and nobody asked for interim: looking around comes first.
        found.insert(0, _general(me, "orientatie"))
    fillers: tuple[Soort, ...] = ("orientatie", "interim")
    for soort in fillers:
        if len(found) < MIN_DIRECTIONS and soort not in {r.soort for r in found}:
            found.append(_general(me, soort))
    return found


def _towards(me: _Person, soort: Soort, taken: set[str]) -> Richting | None:
    """The direction of one kind towards a function that isn't taken yet."""
    functie = me.doel if soort == "doel" else next((f for f in _candidates(me, soort) if f.id not in taken), None)
    if functie is None:
        # A wish that can't be met inside the book is told so, with what the guide says about it.
        if soort in _NOT_IN_BOOK and soort == me.wens and me.schaal and not _candidates(me, soort):
            code, subjects = _NOT_IN_BOOK[soort]
            known = tuple(name for name in subjects if me.store.onderwerp(name))
            return Richting(soort, None, (("wens", soort), (code, me.schaal)), None, _read_first(me, known), known)
        return None
    kloof = gap(me.functie, functie, me.opleiding, me.sterk)
    return Richting(
        soort, functie, _reasons(me, soort, functie, kloof), kloof, _first(kloof), _subjects(me.store, soort)
    )


def _candidates(me: _Person, soort: Soort) -> list[Functie]:
    """Functions for one kind of direction, the one to show first."""
    everyone = [f for f in me.store.functies() if me.rang is None or f.schaal_rang >= me.rang]
    rang = me.rang
    if soort == "omhoog" and me.functie:
        return [s.functie for s in next_steps(me.store, me.functie, limit=9) if s.richting == "omhoog"]
    if soort == "omhoog" and rang is not None:
        up = [f for f in everyone if f.schaal_rang > rang]
        return sorted(up, key=lambda f: (f.schaal_rang, me.fit(f)))
    if soort == "opzij" and rang is not None:
        groep = me.functie.norm.functiegroep if me.functie else None
        aside = [f for f in everyone if f.schaal_rang == rang and f.norm.functiegroep != groep]
        return sorted(aside, key=lambda f: (me.fit(f), -_shared(me.functie, f)))
    if soort == "sterk" and me.sterk:
        # With a diploma only what it is enough for, as in functions_for_strengths; and no leaps up.
        asking = [
            f
            for f in everyone
            if me.strengths(f) and not me.fit(f)[0] and (rang is None or f.schaal_rang - rang <= LEAP)
        ]
        return sorted(asking, key=lambda f: (-len(me.strengths(f)), me.fit(f), f.schaal_rang))
    if soort == "opleiding" and me.opleiding:
        met = [f for f in everyone if education.enough(me.opleiding, f) and (rang is None or f.schaal_rang > rang)]
        return sorted(met, key=lambda f: (me.fit(f)[1], -f.schaal_rang, me.fit(f)[2]))
    return []


def _shared(van: Functie | None, naar: Functie) -> int:
    have = {item.competentie for item in van.norm.competenties} if van else set()
    return sum(item.competentie in have for item in naar.norm.competenties)


def _general(me: _Person, soort: Soort) -> Richting:
    """Interim work, or looking around: a direction without a function."""
    known = any((me.functie, me.schaal, me.opleiding, me.sterk, me.doel, me.wens))
    reasons: list[Reden] = [("wens", soort)] if me.wens == soort else []
    if soort == "orientatie" and not known:
        reasons.append(("weinig_bekend",))
    elif not reasons:
        reasons.append(("andere_weg",) if soort == "interim" else ("verkennen",))
    subjects = _subjects(me.store, soort)
    return Richting(soort, None, tuple(reasons), None, _read_first(me, subjects), subjects)


def _subjects(store: Store, soort: Soort) -> tuple[str, ...]:
    return tuple(name for name in _ONDERWERPEN[soort] if store.onderwerp(name))


def _read_first(me: _Person, subjects: Sequence[str]) -> tuple[Reden, ...]:
    first = next((name for name in subjects if name in _DO_FIRST), None)
    return (("onderwerp", first),) if first else (("gesprek",),)


def _reasons(me: _Person, soort: Soort, f: Functie, kloof: Kloof) -> tuple[Reden, ...]:
    """Everything that was told or that the book says which makes this function a direction."""
    reasons: list[Reden] = []
    if soort == me.wens:
        reasons.append(("wens", soort))
    if soort == "doel":
        reasons.append(("doel",))
    if me.schaal and me.rang is not None:
        if f.schaal_rang == me.rang:
            reasons.append(("zelfde_schaal", f.schaal))
        else:
            reasons.append(("hogere_schaal" if f.schaal_rang > me.rang else "lagere_schaal", me.schaal, f.schaal))
    if me.functie:
        if f.norm.functiegroep == me.functie.norm.functiegroep:
            reasons.append(("zelfde_groep", f.norm.functiegroep))
        elif f.norm.functiereeks == me.functie.norm.functiereeks:
            reasons.append(("zelfde_reeks", f.norm.functiereeks))
        elif soort == "opzij":
            reasons.append(("andere_groep", f.norm.functiegroep))
    shared = [stap.competentie for stap in kloof.stappen("heb")]
    if shared:
        reasons.append(("deelt_competenties", *shared))
    strengths = me.strengths(f)
    if strengths:
        reasons.append(("sterk", *strengths))
    if me.opleiding and kloof.opleiding_genoeg:
        reasons.append(("opleiding_genoeg", me.opleiding))
    fields = [field for field in f.norm.opleiding.richtingen if field in me.richtingen]
    if fields:
        reasons.append(("richting", *fields))
    return tuple(reasons)


def _first(kloof: Kloof) -> tuple[Reden, ...]:
    """What to do first for a function: the diploma, then one thing to practise or learn; else the conversation."""
    todo: list[Reden] = []
    asked = kloof.naar.norm.opleiding.minimaal
    if kloof.opleiding_genoeg is False and kloof.eigen_diploma:
        todo.append(("opleiding", asked))
    elif kloof.opleiding_genoeg is not True:
        todo.append(("opleiding_nagaan", asked))
    if kloof.te_oefenen:
        todo.append(("oefenen", kloof.te_oefenen[0].competentie, kloof.te_oefenen[0].naar))
    elif kloof.vakkennis:
        todo.append(("kennis", kloof.vakkennis[0].naam))
    return tuple(todo) or (("gesprek",),)
