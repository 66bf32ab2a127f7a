"""What somebody says about themselves: "ik ben nu beheerder", "met mijn hbo bestuurskunde", "ik wil adviseur worden"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from knowledge.education import RANKS
from knowledge.persoon import Persoon
from knowledge.store import Store

_I = r"\b(?:ik|'k|ikzelf|mijn|m'n|me|mij|zelf|i'm|i)\b"
_BEFORE: dict[str, re.Pattern[str]] = {
    # What stands at most a few words before a name and makes it something of the speaker's own.
    "functie": re.compile(
        rf"(?:{_I}\W+(?:\w+\W+){{0,4}}?(?:ben|werk|werkzaam|zit|vervul|bekleed|doe|functie|baan|job|am|work|working)\b|"
        r"\bal (?:ruim |bijna |zo'n |meer dan )?\w+ (?:jaar|jaren|maanden)|\b(?:ben|werk|vervul|bekleed)\s+ik\b|^\W*(?:ja\W+|nou\W+)?(?:ben|werk)\b|\bnu\b|\bmomenteel\b|\bthans\b|\bals\b)\W+(?:\w+\W+){0,6}?$"
    ),
    "doel": re.compile(
        r"\b(?:wil|wou|wilde|word|worden|ambieer|droom|streef|solliciteer|solliciteren|graag|naar|richting|interesse in|doel is)\b\W+(?:\w+\W+){0,5}?$"
    ),
    "schaal": re.compile(
        rf"(?:{_I}\W+(?:\w+\W+){{0,4}}?|\b(?:zit|sta|ben|val)\s+ik\W+(?:\w+\W+){{0,4}}?)(?:in|schaal)?\W*(?:\w+\W+){{0,3}}?$"
    ),
    "opleiding": re.compile(
        rf"(?:{_I}|\bheb\b|\bhad\b|\bhaalde\b|\bdeed\b|\bmet\b|\balleen\b|\bafgestudeerd\b|\bafgerond\b)\W+(?:\w+\W+){{0,7}}?$"
    ),
    "sterk": re.compile(
        r"\b(?:goed in|sterk in|sterk punt|sterke punten|kracht|talent|beter in|handig in|kan goed|goed ben in|good at|ligt me|ligt mij)\b\W+(?:\w+\W+){0,8}?$"
    ),
}
_FIRST_PERSON = re.compile(rf"{_I}|\b(?:heb|ben|zit|werk)\b")
_ABOUT_OTHERS = re.compile(
    r"\b(?:mijn|m'n|me|onze|een) (?:man|vrouw|vriend|vriendin|zoon|dochter|partner|collega|broer|zus|moeder|vader|neef|nicht|"
    r"cliënt|client|kandidaat|medewerker|kind|buurman|buurvrouw)\b"
)
_WISHES = (
    ("interim", re.compile(r"\b(?:interim\w*|zzp\w*|freelance\w*|zelfstandige?)\b")),
    ("omhoog", re.compile(r"\b(?:hogerop|hoger op|omhoog|doorgroeien|promotie|leiding\s?geven|meer verdienen|groeien|carri[eè]re maken)\b")),
    ("opzij", re.compile(r"\b(?:iets anders|ander werk|andere baan|opzij|overstap\w*|switch\w*|omscholen)\b")),
)  # fmt: skip
_WANTS = re.compile(r"\b(?:ik|'k)\b.{0,40}\b(?:wil|zou|wou|graag|droom|overweeg|denk)\b|\b(?:wil|zou) (?:ik|graag)\b")
_WITHOUT = re.compile(r"\b(?:geen|zonder|nog niet|niet)\W+(?:\w+\W+){0,2}?$")
_CORRECTS = re.compile(r"^\W*(?:nee|sorry|wacht|oeps|ik bedoel\w*|nee sorry)\b")
_NEXT = re.compile(r"^\W*(?:voor|tot|naar)\W+(?:de |een |functie )?$")
"""Between two functions: the second is where somebody wants to go."""
_OTHERS = re.compile(
    r"\b(?:mijn|m'n) (?:werk|functie|baan|job|rol)(?: nu)? (?:en|of|met) (?:een |de |die van )?$|\b(?:en|of|dan|met|tussen) (?:die|dat|de functie|de baan|deze) (?:van )?(?:een |de )?$"
)
"""Before a function that one's own is set beside: "mijn functie en die van adviseur"."""
_DOES_THIS = re.compile(r"\bik doe (?:dit|dat)\b.{0,12}\b(?:nu|al|jaar|jaren)\b|\b(?:dit|dat) doe ik (?:nu|al)\b")
"""Said of the one function that is named: "kan een zweminstructeur groeien? ik doe dit nu 9 jaar"."""
_ASKS = re.compile(r"\b(?:kan|mag|zou|moet|kun|word)\s+(?:ik|je)\b")


def about_others(text: str) -> bool:
    """Whether a text tells of a partner, colleague or other person."""
    return bool(_ABOUT_OTHERS.search(text.lower()))


def told(store: Store, old: Persoon, text: str, entities: Sequence[dict[str, Any]]) -> Persoon:
    """What is known of the person after this message; `old` when it tells nothing about them.

    Only what is said in the first person counts; a story about a partner or colleague tells nothing.
    """
    low = text.lower()
    if old.opleiding and _CORRECTS.search(low) and (said := [e for e in entities if e["entity"] == "opleiding"]):
        return replace(old, opleiding=str(said[-1]["value"]))
    if not _FIRST_PERSON.search(low) or _ABOUT_OTHERS.search(low):
        return old
    new = old
    ends = [int(e["end"]) for e in entities if e["entity"] in ("buiten_boek", "functie", "normfunctie")]
    for entity in sorted(entities, key=lambda e: int(e["start"])):
        # "Ik ben boa, wat mis ik voor adviseur", "als beheerder voor adviseur": what is said before a function that was
        # named earlier is said of that one.
        begin = max((end for end in ends if end <= entity["start"]), default=0)
        before = re.split(r"[,.!?;\n]", low[begin : entity["start"]])[-1]
        kind, value = entity["entity"], str(entity["value"])
        if _WITHOUT.search(before) or entity.get("ambiguous"):
            continue
        if kind == "normfunctie":
            own = store.functies_van_norm(value)
            kind, value = ("functie", own[0].id) if len(own) == 1 else ("", "")
        if kind == "functie":
            if _OTHERS.search(before):
                continue
            if _BEFORE["doel"].search(before) or (begin and _NEXT.match(before)):
                new = replace(new, doel=value)
            elif _BEFORE["functie"].search(before) and not _ASKS.search(before):
                found = store.functie(value)
                new = replace(new, functie=value, schaal=found.schaal if found else new.schaal)
        elif kind == "schaal" and _BEFORE["schaal"].search(before) and not _BEFORE["doel"].search(before):
            new = replace(new, schaal=value)
        elif kind == "opleiding" and _BEFORE["opleiding"].search(before):
            if not new.opleiding or new.opleiding == old.opleiding or RANKS.get(value, 0) > RANKS.get(new.opleiding, 0):
                new = replace(new, opleiding=value)
        elif kind == "richting" and new.opleiding and _BEFORE["opleiding"].search(before):
            new = replace(new, richtingen=tuple(dict.fromkeys((*new.richtingen, value)))[-3:])
        elif kind == "competentie" and _BEFORE["sterk"].search(before):
            new = replace(new, sterk=tuple(dict.fromkeys((*new.sterk, value)))[-6:])
    if not new.functie and _DOES_THIS.search(low):
        said_functies = {str(e["value"]) for e in entities if e["entity"] == "functie" and not e.get("ambiguous")}
        if len(said_functies) == 1 and (found := store.functie(said_functies.pop())):
            new = replace(new, functie=found.id, schaal=found.schaal)
    if _WANTS.search(low):
        wish = next((name for name, pattern in _WISHES if pattern.search(low)), None)
        new = replace(new, wens=wish or new.wens)
    return new
