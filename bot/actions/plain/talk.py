"""The conversation itself: forgetting, asking again, a person to speak to, what a source is silent on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import SHORT, answered_by, names_nothing
from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn


_FORGET = re.compile(
    r"^\W*(?:\w+\W+){0,2}vergeet\b(?! niet)|\b(?:mag|moogt|mogen|kunt?|kan) (?:je|jij|u|ge)?\W*(?:\w+\W+){0,4}(?:vergeten|wissen|schrappen)\b"
)


def forget(turn: Turn, low: str) -> bool:
    """ "Mag je dat vergeten?"."""
    if not _FORGET.search(low) or "?" in low or not names_nothing(turn) or len(words(turn.text)) > 2 * SHORT:
        return False
    turn.label = "vergeet"
    return True


_WHO_IS_IT = re.compile(
    r"\bhoe heet (?:hij|zij|ze|ie|die|diegene)\b(?! (?:functie|baan|rol|job))|\bwie (?:is|doet) (?:dat|het|die) (?:nu|momenteel|op dit moment)\b"
)


def person(turn: Turn, low: str) -> bool:
    """Who does a job now, which the bot does not tell."""
    if not (_WHO_IS_IT.search(low) and turn.talked_of):
        return False
    turn.label = "buiten_bereik/persoon"
    return True


_AGAIN = re.compile(
    r"^\W*(?:en|oke?|ja|hm+|maar)?\W*(?:welke?(?: (?:\d|twee|drie|vier|vijf|zes|zeven))?(?: (?:zijn|is|waren) (?:dat|het|die)| dan| precies)?(?: ook alweer| ook weer)?|wie (?:is|zijn) dat(?: dan)?|"
    r"why(?: not)?|waarom (?:doe|doet|doen|heeft|hebben|is|zijn|kan|mag|mogen|moet|moeten|krijg|krijgt|wil|willen)(?: (?:ze|zij|men|ge|je|ik|ommen|de gemeente|dat|die|het|er|daar|zo))*(?: dan| eigenlijk| precies)*(?: (?:niet|wel|geen))?(?: (?:zo|doen|kunnen|mogen))*|(?:waarom|hoezo)(?: (?:niet|wel|dan|is dat(?: zo)?))*|noem ze(?: eens| allemaal)?|som (?:ze|die) (?:eens )?op|"
    r"(?:kunt|kun|kan|zou|wilt|wil) (?:je|jij|u|ge) (?:ze|deze|die|dat)(?: eens| even| allemaal| ook| allen)*(?: willen| kunnen)? (?:op ?sommen|op ?noemen|noemen))\W*$"
)
"""A question that the last answer, told in full, answers."""


def again(turn: Turn, low: str) -> bool:
    """A question that the last answer, told in full, answers."""
    if not (_AGAIN.match(low) and turn.context.laatste and not turn.named_functies):
        return False
    turn.label = "vraag_volledig"
    return True


_SPEAK = re.compile(
    r"\b(?:medewerker|mens|persoon|adviseur|loopbaanadviseur|coach|collega|iemand)\b.{0,20}\b(?:spreken|praten|bellen)\b"
)


def speak_to_somebody(turn: Turn, low: str) -> bool:
    """ "Ik wil graag een medewerker spreken over mijn loopbaan" asks for no conversation with the bot."""
    if turn.label != "loopbaangesprek" or not _SPEAK.search(low) or turn.named_functies:
        return False
    turn.label = "mens_spreken"
    return True


_IN_THERE = re.compile(
    r"\bstaat er (?:ook |misschien |toevallig |nog )*(?:iets |wat |niets )?(?:in )?over\b|\bstaat (?:daar|er) (?:ook )?in\b|\bzegt (?:dat|het|die|de) \w+ (?:ook |nog )*(?:iets |wat )?over\b"
    r"|\b(?:gaat|ging) (?:het|dat|die) ook over\b|\bis (?:dat|er) ook (?:gevraagd|gemeten|onderzocht)\b"
)
_SILENT = {
    "onderzoek": "onderzoek.ontbreekt",
    "leider": "leider.niet_in_bron",
    "interim": "interim.gids_zwijgt",
}
"""What a document doesn't tell, by the family of its subjects."""
KNOWS = 0.25
"""How sure the model must be of a subject of the document for the document to tell of what is asked."""


def is_it_in_there(turn: Turn, low: str) -> bool:
    """ "Staat er ook iets in over thuiswerken?" asks of the document that was talked of, also where it is silent."""
    family = (turn.context.vraag or "").partition("/")[2].split(".")[0]
    if family not in _SILENT or not _IN_THERE.search(low) or not names_nothing(turn):
        return False
    own = [r for r in turn.ranking if reading.label_of(r).startswith(f"onderwerp/{family}.")]
    if own and float(own[0]["confidence"]) > KNOWS:
        return False
    return answered_by(turn, _SILENT[family])
