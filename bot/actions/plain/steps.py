"""Steps up and sideways, and the way to a goal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import SHORT, short
from bot.nlu.text import words
from knowledge import advice

if TYPE_CHECKING:
    from bot.actions.turn import Turn


_NEW_FOR_ME = re.compile(
    r"\bcompetenties?\b.*\b(?:nieuw|erbij|bij komt|extra|mis|mist|tekort)\b|\b(?:nieuwe|extra) competenties?\b"
)
_ALSO_NEW = re.compile(r"\bwelke?\b.*\b(?:nieuw|erbij|extra)\b")


def new_for_me(turn: Turn, low: str) -> bool:
    """Which competencies of the function that was talked of are new for somebody who told their own."""
    asked = _NEW_FOR_ME.search(low) or (turn.context.vraag == "vraag_competenties" and _ALSO_NEW.search(low))
    if not (asked and turn.own_functie and turn.talked_of and not turn.named_functies):
        return False
    turn.label = "vraag_wat_ontbreekt"
    return True


_STEP_UP = re.compile(
    r"\bdie (?:volgende )?stap\b|\b(?:stap|functie|trede|rol|baan) (?:daarboven|erboven|hoger|daarna|erna)\b|\bvolgende (?:stap|functie|trede)\b.*\bdaarvoor\b"
)


def one_step_up(turn: Turn, low: str) -> bool:
    """ "Welke opleiding vraagt de stap daarboven?"."""
    asked = reading.aspect(low)
    if not (asked and _STEP_UP.search(low) and not turn.named_functies):
        return False
    turn.label = asked
    base = turn.own_functie or next(iter(turn.talked_of), None)
    steps = [s for s in advice.next_steps(turn.store, base) if s.richting == "omhoog"] if base else []
    turn.named_functies = [found.functie for found in steps[:1]]
    return True


_SIDEWAYS = re.compile(
    r"\b(?:(?:het|de)?zelfde|gelijke?|gelijkwaardig\w*|zelfde soort) (?:schaal|niveau|nivo|level|hoogte)\b|\b(?:opzij|zijwaarts|zijstap|sideways)\b"
)
_ELSE = re.compile(
    r"\b(?:anders|andere?|niks|niets|iets|aanraden|wisselen|overstappen|stap|opzij|zijwaarts|sideways)\b"
)
_OTHER_JOBS = re.compile(r"\b(?:iets|welke?|wat) (?:\w+ )?(?:functies?|banen|werk|jobs?)?\b")
_BETWEEN = re.compile(r"\btussen ?stap\w*\b|\bstap er ?tussen\b|\bstapje ertussen\b")


def aside(turn: Turn, low: str) -> bool:
    """A step sideways, or one in between, from one's own function or the one that was talked of."""
    base = turn.own_functie or next(iter(turn.named_functies or turn.talked_of), None)
    if base is None or turn.named_competenties or turn.context.vraag in reading.NEEDS_COMPETENTIE or turn.together:
        return False
    own = turn.own_functie is not None
    size = len(words(turn.text))
    aside = bool(_SIDEWAYS.search(low)) and (
        (bool(_ELSE.search(low)) and size <= 2 * SHORT) or (own and bool(_OTHER_JOBS.search(low)))
    )
    if own and aside and turn.named_functies == [turn.own_functie]:
        turn.label, turn.aside = "vraag_volgende_stap", True
        return True
    if turn.label == "vraag_volgende_stap" and turn.named_functies == [base] and _SIDEWAYS.search(low):
        turn.aside = True
        return True
    if turn.named_functies or not (aside or ((short(turn) or len(words(turn.text)) <= 9) and _BETWEEN.search(low))):
        return False
    turn.label, turn.named_functies, turn.aside = "vraag_volgende_stap", [base], aside
    return True


_MY_STEP = re.compile(r"\b(?:mijn|m'n|mn|voor mij|my|ik|kik)\b")
_AFTER = re.compile(r"\bna (?:die|de|dat|deze|een)\b|\bdaarna\b|\berna\b|\bdaarboven\b")


def own_step(turn: Turn, low: str) -> bool:
    """ "Mijn volgende stap" starts from one's own function, whatever was talked of since."""
    if turn.label != "vraag_volgende_stap" or turn.named_functies:
        return False
    if _AFTER.search(low) and len(turn.talked_of) > 1:
        # After the two of a gap comes what follows the higher one.
        turn.named_functies = [max(turn.talked_of, key=lambda f: f.schaal_rang)]
        return True
    if turn.own_functie is None:
        return False
    if _AFTER.search(low) or not _MY_STEP.search(low):
        return False
    turn.named_functies = [turn.own_functie]
    return True


_GOAL_AFTER = re.compile(r"^\W*(?:(?:zou|zal|ga|te|wil|willen|wou|kan|kunnen|wilde)\W+)*(?:worden|word|wil|willen)\b")
_GOAL_BEFORE = re.compile(r"\b(?:word|wordt|worden|wil|naar)\W+(?:ik|je)?\W*(?:(?:een|de|toch|liever|dan)\W+)*$")
_FEASIBLE = re.compile(r"\b(?:haalbaar|bereikbaar|realistisch|te hoog gegrepen)\b")
_OWN_WAY = frozenset({"vraag_volgende_stap", "vraag_wat_past", "vraag_sterke_punten", "vraag_functies_bij_opleiding"})


def goal(turn: Turn, low: str) -> bool:
    """ "En als ik strategisch regisseur zou willen worden?" asks for the gap to it."""
    knows = turn.label == "vraag_volgende_stap" or turn.own_functie is not None
    far = (
        (turn.fragment and turn.label == "vraag_taken")
        or turn.label in _OWN_WAY
        or (turn.label.startswith("onderwerp/") and turn.share < reading.UNSURE)
    )
    if len(turn.named_functies) != 1 or not knows or not far:
        return False
    goal = turn.named_functies[0]
    if turn.own_functie and turn.own_functie.id == goal.id:
        return False
    wanted = bool(_FEASIBLE.search(low)) or bool(turn.relative_words and re.search(r"\bword\w*\b", low))
    for entity in turn.entities:
        if entity["entity"] == "functie" and entity["value"] == goal.id:
            wanted = wanted or bool(
                _GOAL_AFTER.match(low[entity["end"] :]) or _GOAL_BEFORE.search(low[: entity["start"]])
            )
    if wanted:
        turn.label = "vraag_wat_ontbreekt"
    return wanted
