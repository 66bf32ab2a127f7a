"""Which function somebody describes or means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import names_nothing, short
from bot.nlu.text import words
from knowledge import tasks

if TYPE_CHECKING:
    from bot.actions.turn import Turn


_WHAT_THEY_ASK = re.compile(r"\bwat (?:vragen|vraagt|eisen|eist|willen|verlangen) (?:ze|zij|men|jullie)\b")


def same_of_another(turn: Turn, low: str) -> bool:
    """ "En wat vragen ze voor de beheerder?" asks of another function what was asked before."""
    last = turn.context.vraag or ""
    goes_on = turn.named_functies and last in reading.NEEDS_FUNCTIE and low.lstrip().startswith(("en ", "of "))
    if not (goes_on and _WHAT_THEY_ASK.search(low) and not reading.aspect(low)):
        return False
    turn.label = last
    return True


_A_KIND = re.compile(r"\b(?:de|een|nen|den|n) (?:senior|seniors|strategische?)\b")


def of_a_kind(turn: Turn, low: str) -> bool:
    """ "Welke opleiding voor de senior?" when nobody knows of which function: a question to ask back about."""
    asked = reading.aspect(low)
    if not asked or turn.functies or turn.named_functies or turn.talked_of or not short(turn):
        return False
    if not (_A_KIND.search(low) and turn.label.startswith("onderwerp/")):
        return False
    turn.label = asked
    return True


_ALL_REEKSEN = re.compile(r"\bfunctie ?re+ksen\b")


def all_reeksen(turn: Turn, low: str) -> bool:
    """ "Hoeveel functiereeksen staan er in dat boek?"."""
    if not (_ALL_REEKSEN.search(low) and names_nothing(turn)) or turn.values("functiereeks"):
        return False
    turn.label = "vraag_functies_in_reeks"
    return True


def work_of_another(turn: Turn, low: str) -> bool:
    """ "En iemand die de reserveringen doet?" asks the last question of the function that does such work."""
    last = turn.context.vraag or ""
    if (
        turn.label != "vraag_functie_bij_taak"
        or last not in reading.NEEDS_FUNCTIE
        or not low.lstrip().startswith("en ")
    ):
        return False
    if not (short(turn) and names_nothing(turn) and turn.describes_work()):
        return False
    described = tasks.functions_for(turn.store, tasks.without_question_words(turn.text), 1)
    turn.label, turn.named_functies = last, [r.functie for r in described]
    return True


_WHICH_IS_MINE = re.compile(
    r"\b(?:welke?|wat voor) (?:functie|baan|rol|functienaam|job|functies|banen)\b.{0,50}\b(?:lijkt|lijken|past|passen|hoort|horen|komt|komen|is dat|zijn dat|ben ik|heet|kijken)\b"
)
_A_JOB_WITH = re.compile(r"\b(?:een|welke?|geen|ergens) (?:functie|baan|job|rol)\b (?:waarin|waarbij|waar|die)\b")
A_STORY = 15
"""Words from which a message is long enough to describe work."""


def which_is_mine(turn: Turn, low: str) -> bool:
    """A story about one's work, and which function that is like."""
    far = turn.label not in ("vraag_functie_bij_taak", "vraag_functies_bij_opleiding", "vraag_sterke_punten")
    story = _WHICH_IS_MINE.search(low) and len(words(turn.text)) >= A_STORY
    if not (far and names_nothing(turn) and (story or _A_JOB_WITH.search(low))):
        return False
    if turn.values("opleiding") or not turn.describes_work():
        return False
    turn.label = "vraag_functie_bij_taak"
    return True
