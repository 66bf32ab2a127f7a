"""Compare an education that someone has with the education that a function asks."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.store import Functie, Store

RANKS: dict[str, float] = {
    "vmbo": 1.5, "mbo-1": 1, "mbo": 2, "mbo-2": 2, "mbo-3": 3, "mbo-4": 4, "havo": 4, "vwo": 4.5,
    "associate-degree": 5, "hbo": 6, "hbo-bachelor": 6, "wo-bachelor": 6, "hbo-plus": 6.5, "post-hbo": 6.5,
    "wo": 7, "wo-master": 7, "hbo-master": 7, "master": 7, "doctoraat": 8,
}  # fmt: skip
"""How educations compare: the NLQF level (source: nuffic.nl); half steps for what lies in between.

`mbo` without a number counts as level 2, the lowest that the function book accepts by number.
"""


@dataclass(frozen=True)
class Fit:
    """A function for which an education is enough. `exact`: it asks just this level."""

    functie: Functie
    exact: bool


def enough(education: str, functie: Functie) -> bool | None:
    """Whether an education reaches the function's minimum; None when it can't be compared.

    Mbo without a level can be compared with functions that ask hbo or more, or mbo without a level, only.
    """
    asked = functie.norm.opleiding.minimaal
    if education not in RANKS:
        return None
    if education == "mbo" and asked in ("mbo-2", "mbo-3", "mbo-4"):
        return None
    if asked == "mbo" and RANKS[education] < 2:
        return None
    return RANKS[education] >= RANKS[asked]


def functions_for(store: Store, education: str) -> list[Fit]:
    """The functions whose minimum an education reaches, the most demanding first."""
    rank = RANKS.get(education)
    if rank is None:
        return []
    fits = []
    for functie in store.functies():
        asked = RANKS[functie.norm.opleiding.minimaal]
        if asked <= rank:
            fits.append(Fit(functie, exact=asked == rank))
    return sorted(fits, key=lambda fit: (-RANKS[fit.functie.norm.opleiding.minimaal], -fit.functie.schaal_rang))
