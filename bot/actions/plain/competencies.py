"""Competencies and their levels, of one function or of several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import ONLY_ONE, SHORT, WHICH, names_nothing, short
from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn


def explained(turn: Turn, low: str) -> bool:
    """ "Wat is de tweede?" after a list of competencies."""
    if turn.explains:
        turn.label = "vraag_competentie"
    return turn.explains


_ALIKE = re.compile(
    r"\bcompetenties?\b.*\b(?:gelijk|hetzelfde|zelfde|overeen\w*|verschil\w*)\b|\b(?:gelijk|hetzelfde|zelfde)\b.*\bcompetenties?\b"
)


def alike(turn: Turn, low: str) -> bool:
    """Whether the competencies of two functions are the same."""
    if not (turn.together and len(turn.named_functies) > 1 and _ALIKE.search(low)):
        return False
    turn.label = "vraag_verschil_functies"
    return True


_WHO_NEEDS = re.compile(r"\bbij (?:wie|welke)\b|\bwie (?:heeft|hebben|moet|moeten)\b")
_WHO = re.compile(
    r"^\W*(?:en )?wie\W*$|^\W*(?:en )?(?:bij |voor )?welke functies?\W*$|\bwie (?:er|dan|wel|op|heeft|hebt|hebben?|zit|zitten|moet|moeten|nog|allemaal)\b|\b(?:bij|van|voor) wie\b|\bbij welke (?:functies?|banen)\b"
)
_MOST = re.compile(
    r"\bhoogste? niveau\b|\b(?:wie|welke) (?:\w+ ){0,2}(?:het )?(?:meest|hoogst)\b|\bbij welke? op het hoogste\b"
)


def who_needs_it(turn: Turn, low: str) -> bool:
    """Which functions need the competency that was talked of: "en wie op C?", "is zij de enige?"."""
    talked = turn.context.competenties and turn.context.vraag in reading.NEEDS_COMPETENTIE
    if turn.named_competenties:
        asked = not turn.named_functies and not turn.fragment and bool(_WHO_NEEDS.search(low))
    else:
        last_who = turn.context.vraag == "vraag_functies_bij_competentie"
        asked = bool(talked) and not turn.named_functies and (short(turn) and bool(_WHO.search(low)))
        asked = asked or (last_who and names_nothing(turn) and short(turn) and bool(ONLY_ONE.search(low)))
        if last_who and names_nothing(turn) and short(turn) and _MOST.search(low) and "schaal" not in low:
            turn.niveaus, asked = ["hoogste"], True
    if turn.topic and reading.about_subject(turn):
        return False  # "bij welke hoort feedback?" of the leaders' seven
    if asked:
        turn.label = "vraag_functies_bij_competentie"
    return asked


_ITS_LEVEL = re.compile(
    r"\b(?:welke?|wat voor|wat is het|hoe hoog) (?:niveau|nivo|level)\b|\b(?:niveau|nivo|level) (?:is|heeft|hoort|moet|vragen)\b"
)
_SAME_JOB = re.compile(
    r"\b(?:die|diezelfde|dezelfde|deze|zo'n) (?:functie|baan|job|rol)\b|\b(?:daar|er)voor\b|\bdaarbij\b"
)


def its_level(turn: Turn, low: str) -> bool:
    """ "Dat plannen, op welk niveau is dat?", "moet je voor diezelfde job ook visie hebben?": of the one function talked of."""
    if len(turn.named_competenties) != 1 or turn.named_functies or turn.niveaus or len(turn.talked_of) != 1:
        return False
    after_functie = turn.context.vraag in reading.NEEDS_FUNCTIE and _ITS_LEVEL.search(low)
    same_job = turn.context.vraag in reading.NEEDS_COMPETENTIE and _SAME_JOB.search(low)
    if not (after_functie or same_job):
        return False
    turn.label, turn.named_functies = "vraag_competentie_niveau", turn.talked_of[:1]
    return True


_THERE = re.compile(r"\b(?:daar|daarvoor|daarbij|die|dat)\b")


def level_there(turn: Turn, low: str) -> bool:
    """ "Is klantgerichtheid daar op het hoogste niveau gevraagd?" asks its level for the function that was talked of."""
    if len(turn.named_competenties) != 1 or turn.named_functies or not turn.niveaus or not turn.talked_of:
        return False
    after_functie = turn.context.vraag in reading.NEEDS_FUNCTIE
    if not (after_functie and _THERE.search(low)) or WHICH.search(low):
        return False
    turn.label, turn.named_functies, turn.niveaus = "vraag_competentie_niveau", turn.talked_of[:1], []
    return True


_EXPLAIN = re.compile(r"\bleg\b.*\buit\b|\bwat? (?:is|houdt|betekent) (?:die|dat|het)\b")


def explain_competency(turn: Turn, low: str) -> bool:
    """ "Leg die eens uit" after a list of who needs a competency asks what the competency is."""
    after = ("vraag_functies_bij_competentie", "vraag_competentie_niveau")
    alone = len(turn.context.competenties) == 1 and turn.context.vraag in after
    if not (alone and names_nothing(turn) and short(turn) and _EXPLAIN.search(low)):
        return False
    turn.label = "vraag_competentie"
    return True


_HIGHER_LEVEL = re.compile(r"\b(?:welke?|wat|wie)\b.*\b(?:hoger|hoogst\w*|lager|laagst\w*|zwaarder|zwaarst)\b")
_ALL_ON_ONE = re.compile(r"\b(?:overal|allemaal|alles)\b.{0,12}\b[A-D]\b")
_MORE_OR_LESS = re.compile(r"\b(?:meer|minder|hoger|lager|zwaarder|lichter|moeilijker|makkelijker)\b")
_EVERY_LEVEL = re.compile(r"\b(?:allemaal|alle|overal|steeds)\b.*\bniveau\b")


def levels(turn: Turn, low: str) -> bool:
    """Which of the levels that were talked of is higher; whether all competencies are asked on one level."""
    alone = reading.aspects(low) <= {"vraag_competenties"} and len(words(turn.text)) <= 2 * SHORT
    if turn.named_functies and not turn.named_competenties and _ALL_ON_ONE.search(turn.text) and alone:
        turn.label = "vraag_competenties"
        return True
    before = [level for level in turn.context.niveaus if level not in turn.niveaus]
    if (
        names_nothing(turn)
        and len(words(turn.text)) <= 10
        and turn.context.vraag == "vraag_gedrag"
        and turn.values("niveau")
        and before
        and _MORE_OR_LESS.search(low)
    ):
        turn.label, turn.niveaus = "vraag_verschil_niveaus", [*before[:1], *turn.niveaus]
        return True
    if not names_nothing(turn) or not short(turn):
        return False
    if turn.context.vraag in ("vraag_gedrag", "vraag_verschil_niveaus") and _HIGHER_LEVEL.search(low):
        if "schaal" in low:
            return False
        turn.label = "vraag_keuze_uit"
        return True
    if turn.context.vraag == "vraag_competenties" and _EVERY_LEVEL.search(low) and turn.talked_of:
        turn.label = "vraag_competenties"
        return True
    return False


_BOOK = re.compile(
    r"\b(?:functieboek|boek|functiehuis)\b.*\bbedoel\w*\b|\bbedoel\w*\b.*\b(?:functieboek|boek|functiehuis)\b"
)


def from_the_book(turn: Turn, low: str) -> bool:
    """ "Die uit het functieboek bedoel ik" asks the last question about a competency once more."""
    last = turn.context.vraag or ""
    if not (names_nothing(turn) and turn.context.competenties and last in reading.NEEDS_COMPETENTIE):
        return False
    if not (short(turn) and _BOOK.search(low)):
        return False
    turn.label = last
    return True


_MEANS = re.compile(
    r"\bwat (?:is|betekent|houdt|behelst)\b|\b(?:bedoeld?|bedoelen|verstaan?|verstaat|verstaat men|betekent|inhoudt|definitie|omschrijving)\b"
)


def means(turn: Turn, low: str) -> bool:
    """A competency by name and "wat wordt daarmee bedoeld": its meaning, whatever else the story holds."""
    far = turn.label.startswith(("onderwerp/organisatie.", "onderwerp/schaal.", "onderwerp/interim."))
    if not (far and len(turn.named_competenties) == 1 and not turn.named_functies and _MEANS.search(low)):
        return False
    turn.label = "vraag_gedrag" if turn.niveaus else "vraag_competentie"
    return True


_OTHER_LEVEL = re.compile(r"\b(?:hoger|lager|verschil\w*|anders|zwaarder|lichter|ontbreekt|erbij)\b")


def compared_with(turn: Turn, low: str) -> bool:
    """ "Welke daarvan ligt bij adviseur IV lager?" after the competencies of another function."""
    last = turn.context.vraag == "vraag_competenties" and len(turn.named_functies) == 1 and not turn.named_competenties
    if not (last and turn.talked_of and _OTHER_LEVEL.search(low)) or reading.aspect(low) == "vraag_schaal":
        return False
    if turn.talked_of[0] == turn.named_functies[0]:
        return False
    turn.label, turn.named_functies = "vraag_verschil_functies", [turn.talked_of[0], turn.named_functies[0]]
    return True


_STRENGTHS = re.compile(
    r"\b(?:sterke? (?:kant|punt|in)\w*|sterk in|goed in|good at|kracht|talent\w*|kwaliteiten|uitblink\w*)\b"
)
_SUITS = re.compile(r"\b(?:past?|passen|passende|fits?|suits?)\b")


def what_suits_strengths(turn: Turn, low: str) -> bool:
    """ "Mijn sterke kanten zijn netwerken en visie, wat past daarbij?"."""
    if not (turn.named_competenties and not turn.named_functies and _STRENGTHS.search(low) and _SUITS.search(low)):
        return False
    turn.label = "vraag_sterke_punten"
    return True


_LEVEL_DIFFERS = re.compile(
    r"\bverschil\w*\b.*\b(?:niveau|nivo|competentie)|\b(?:niveau|nivo|competenties?)\b.*\bverschil|\b(?:niveau|nivo)\b.*\bhoger\b"
)
_BETWEEN_FUNCTIONS = frozenset({"vraag_verschil_functies", "vraag_wat_ontbreekt"})


def which_differs(turn: Turn, low: str) -> bool:
    """ "Bij welke competentie verschilt het niveau?" after a comparison of functions."""
    about = names_nothing(turn) and _LEVEL_DIFFERS.search(low)
    pair = [f for id_ in turn.context.genoemd[-2:] if (f := turn.store.functie(id_))]
    if not about or turn.context.vraag not in _BETWEEN_FUNCTIONS or turn.context.competenties or len(pair) != 2:
        return False
    turn.label, turn.named_functies = str(turn.context.vraag), pair
    return True
