"""Scales that a message points at by its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import ONLY_ONE, WHICH, short

if TYPE_CHECKING:
    from bot.actions.turn import Turn


_SCALE_ABOVE = re.compile(
    r"\bscha+l\b.{0,12}\b(?:(?:daar|er) (?:weer |nog |net )*(?P<there>boven|onder)|(?P<mine>boven|onder) (?:mijn|m'n|mn|de mijne|die van mij))\b"
)


def scale_above(turn: Turn, low: str) -> bool:
    """ "De schaal die daar weer boven komt, welke functies zijn dat": the scale next to the one that was talked of."""
    match = _SCALE_ABOVE.search(low)
    base = turn.own_functie if match and match["mine"] else next(iter(turn.named_functies or turn.talked_of), None)
    if not match or base is None or not base.schaal.isdigit():
        return False
    up = (match["there"] or match["mine"]) == "boven"
    turn.label, turn.schalen = "vraag_functies_in_schaal", [str(int(base.schaal) + (1 if up else -1))]
    turn.named_functies = []
    return True


def how_high(turn: Turn, low: str) -> bool:
    """ "Tot welke schaal kan ik komen?" of the function that was talked of."""
    known = turn.context.persoon.opleiding or turn.values("opleiding")
    if not (reading.HOW_HIGH.search(low) and turn.talked_of and not known):
        return False
    turn.label = "vraag_schaal"
    return True


_IN_IT = re.compile(
    r"\b(?:welke?|wie|wat)\b.{0,20}\b(?:zit|zitten|vallen|valt|hoort|horen|staat|staan)\b.{0,8}\b(?:daarin|erin|daar|daarbij|erbij|er in)\b"
)
_THAT_SCALE = re.compile(r"\b(?:deze|die|dezelfde|diezelfde|zo'n) (?:salaris)?scha+l\b")


def in_that_scale(turn: Turn, low: str) -> bool:
    """ "Welke functies zitten daarin?" of the scale that was talked of."""
    context = turn.context
    if context.schalen and context.vraag in reading.ABOUT_SCALES and not turn.schalen:
        pointed = _IN_IT.search(low) or (_THAT_SCALE.search(low) and WHICH.search(low))
        if pointed and reading.aspect(low) in (None, "vraag_schaal"):
            turn.label, turn.schalen = "vraag_functies_in_schaal", list(context.schalen[:1])
            return True
        if context.vraag == "vraag_functies_in_schaal" and short(turn) and ONLY_ONE.search(low):
            turn.label, turn.schalen = "vraag_functies_in_schaal", list(context.schalen[:1])
            return True
    if turn.label != "vraag_functies_in_schaal":
        return False
    if turn.together and len(turn.named_functies) > 1:
        turn.label = "vraag_schaal"
    elif not turn.schalen and reading.leans(turn):
        turn.schalen = list(context.schalen[:1])
    return True


_EDGE = re.compile(
    r"^\W*(?:en |maar |oke? )?(?:welke? (?:is|zit|heeft|staat) |wie (?:is|zit|heeft|staat) )?(?:dan )?(?:de |het |'t )?(hoogste?|laagste?)(?: scha+l)?(?: dan| ingeschaald)?\W*$"
)
_LISTS = frozenset({"vraag_functielijst", "vraag_hoogste_schaal", "vraag_laagste_schaal", "vraag_functies_in_schaal"})


def edge(turn: Turn, low: str) -> bool:
    """ "En de laagste?" after the highest scale or the list of all functions."""
    edge = _EDGE.match(low)
    if not edge or turn.context.vraag not in _LISTS:
        return False
    turn.label = f"vraag_{edge[1].removesuffix('e')}e_schaal"
    return True
