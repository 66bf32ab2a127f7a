"""What a diploma is good for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import SHORT, names_nothing, short
from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn


_MAY_I = re.compile(r"\b(?:mag|kan|kun|ken) (?:ik|je|'k)\b.*\b(?:worden?|worde|doen|solliciteren|beginnen|terecht)\b")
NLQF = "onderwerp/schaal.nlqf"
"""The levels of all diplomas in one answer: another diploma after it is answered by it too."""
_HIGHEST_SCALE = re.compile(r"\b(?:hoog(?:st|t)e?|highest) (?:\w+ )?(?:scha+l\w*|scale)\b|\bhoe hoog\b")
_ONES_DIPLOMA = re.compile(
    r"\b(?:mijn|m'n|mn|me|dat|die|zo'n) (?:diploma|papiertje)\b.*\b(?:wel|terecht|trecht|kan ik|kunnen)\b|\b(?:waar|wat) (?:kan|kun) (?:ik|je)\b.*\b(?:diploma|papiertje)\b"
)
_ENOUGH = re.compile(r"\b(?:genoeg|genog|voldoende|volstaat|toereikend|volstaan)\b")
_IF_I_HAD = re.compile(r"\b(?:stel|op zak|haal|haalde|zou hebben|had|erbij)\b|^\W*(?:\w+\W+){0,2}en (?:\w+ )?met\b")


def by_diploma(turn: Turn, low: str) -> bool:
    """A diploma or a function named after a question about what a diploma is good for."""
    last, diploma = turn.context.vraag, turn.values("opleiding")
    if turn.store.onderwerp(NLQF.partition("/")[2]) is None:
        pass
    elif "nlqf" in low or (last == NLQF and diploma and not turn.named_functies and short(turn)):
        turn.label = NLQF
        return True
    if turn.context.persoon.opleiding and names_nothing(turn) and _ONES_DIPLOMA.search(low):
        turn.label = "vraag_functies_bij_opleiding"
        return True
    if last == "vraag_opleiding" and names_nothing(turn) and turn.label == "vertel_over_mij" and _ENOUGH.search(low):
        turn.label = last
        return True
    talked = last in reading.BY_DIPLOMA or turn.context.eerder_over("opleiding") in reading.BY_DIPLOMA
    if (
        last in reading.BY_DIPLOMA
        and names_nothing(turn)
        and len(words(low)) <= 2 * SHORT
        and _HIGHEST_SCALE.search(low)
    ):
        turn.label = "vraag_schaal_bij_opleiding"
        return True
    if turn.named_functies:
        may = (_MAY_I.search(low) or _ENOUGH.search(low)) and (
            turn.context.persoon.opleiding or last in reading.BY_DIPLOMA
        )
        if reading.aspect(low):
            return False
        if turn.label != "vraag_wat_ontbreekt" and (may or (turn.fragment and last in reading.BY_DIPLOMA)):
            turn.label = "vraag_opleiding"
            return True
        return False
    if (
        diploma
        and talked
        and (last in reading.BY_DIPLOMA or _IF_I_HAD.search(low))
        and turn.label not in reading.BY_DIPLOMA
    ):
        if reading.aspect(low) or turn.label.startswith("buiten_bereik/"):
            return False
        turn.label = str(last if last in reading.BY_DIPLOMA else turn.context.eerder_over("opleiding"))
        return True
    return False
