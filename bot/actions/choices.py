"""What a short reply picks from what was offered or listed: "de tweede", "2", "ja graag", a button's title retyped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from knowledge.normal import plain

_ORDINALS = {
    "eerste": 0, "1e": 0, "1": 0, "een": 0, "bovenste": 0,
    "tweede": 1, "2e": 1, "2": 1, "twee": 1, "middelste": 1,
    "derde": 2, "3e": 2, "3": 2, "drie": 2,
    "vierde": 3, "4e": 3, "4": 3, "vier": 3,
    "laatste": -1, "onderste": -1,
}  # fmt: skip
_LEAD = r"(?:en |nee |ja |oke |ok |doe |ik bedoel |graag |maar |dan |liever |ik kies |voor |van |over |bij |met |de |het |die |dat |nummer |optie |nr |knop )*"
_TAIL = r"(?: graag| aub| alstublieft| dan| maar| bedoel ik| vraag| optie| functie)*"
_CHOICE = re.compile(rf"^{_LEAD}({'|'.join(_ORDINALS)}){_TAIL}$")
_YES = re.compile(
    r"^(?:ja|jaa|jawel|yes|yep|graag|zeker|prima|oke|ok|is goed|doe maar|doet u maar|goed|natuurlijk|klopt|jazeker|toe maar|"
    r"dat bedoel ik|inderdaad|juist|precies|joa|jep|sure)(?:[ ,]+(?:ja|graag|doe maar|hoor|zeker|prima|is goed|dat|die|please|aub|"
    r"alsjeblieft|alstublieft|bedoel ik|wil ik weten|wil ik))*$"
)
_ENOUGH = 84
"""How much alike (of 100) a reply and a button's title must be."""


def _simple(text: str) -> str:
    return re.sub(r"[^\w ]+", " ", plain(text)).strip()


def ordinal(text: str) -> int | None:
    """The place that a reply names ("de tweede" is 1, "de laatste" is -1), or None."""
    match = _CHOICE.match(re.sub(r" +", " ", _simple(text)))
    return _ORDINALS[match.group(1)] if match else None


_SPOKEN = re.compile(
    r"\b(?:die|de|dat|van|voor|bij) (?P<of>eerste?|tweede?|derde?|laatste|bovenste|onderste)(?! (?:jaar|jaren|keer|opdracht\w*|stap|vraag|dag|maand|baan|jaren|tijd|\d))\b"
    r"|\b(?P<named>eerst|laatst)genoemde?n?\b"
)


def spoken_ordinal(text: str) -> tuple[int, set[str]] | None:
    """The place that a message names in passing ("welk diploma voor die tweede?") and the words for it, or None."""
    match = _SPOKEN.search(_simple(text))
    if match is None:
        return None
    said = {"eerst": "eerste", "laatst": "laatste"}.get(match["named"] or "", match["of"] or "")
    place = _ORDINALS.get(said if said.endswith("e") else f"{said}e")
    return None if place is None else (place, set(match.group().split()))


def says_yes(text: str) -> bool:
    """Whether a reply is a plain yes."""
    return bool(_YES.match(re.sub(r" +", " ", _simple(text))))


def picked(text: str, options: Sequence[tuple[str, str]]) -> str | None:
    """The question of the option, out of (title, question) pairs, that a reply picks; None when it picks none."""
    if not options:
        return None
    place = ordinal(text)
    if place is not None:
        return options[place][1] if place < len(options) else None
    said = _simple(text)
    if len(said) < 3:
        return None
    for part in (0, 1):
        # A title with a slip of the pen, not one without a word: "ik ben ondersteuner" is no "ik ben senior ondersteuner".
        titles = {at: title for at, o in enumerate(options) if _as_long(said, title := _simple(o[part]))}
        found = process.extractOne(said, titles, scorer=fuzz.ratio, score_cutoff=_ENOUGH)
        if found:
            return options[found[2]][1]
    return None


def _as_long(said: str, title: str) -> bool:
    letters, others = len(said.replace(" ", "")), len(title.replace(" ", ""))
    return abs(letters - others) <= max(2, others // 8)
