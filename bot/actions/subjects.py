"""What a short message after a subject says plainly: all of it, its third point, how many, what comes next.

Such a message has no words of the subject itself ("en die laatste?", "kunt u ze opsommen?", "wat is de reden
daarvan?"). The model reads it by itself as something else; what was answered tells what it means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn
    from knowledge.schema import Onderwerp

SUBJECT = "onderwerp/"

_IT = r"(?:dat|dit|die|deze|het|'?t|ze|daar|er|zoiets)"
_EVEN = r"(?: (?:nou|nu|dan|eens|es|even|eigenlijk|precies|allemaal|alle|alsjeblieft|aub|graag|voor mij|zelf|allemaal|juist|ook alweer|ook weer))*"
_START = r"^\W*(?:(?:en|ok|oke|oké|maar|ja|hm+|ah|dus|nou|wacht|sorry)\W+)*"
_END = r"\W*$"
_ALL_OF_IT = re.compile(
    rf"{_START}(?:"
    rf"(?:kunt?|kan|wilt?|wil|zoudt?|zou) (?:je|u|ge|jij|gij)(?: {_IT})?{_EVEN}(?: (?:willen|kunnen))?(?: (?:voor mij|eens|even|allemaal))* ?(?:opsommen|noemen|opnoemen|opschrijven|op een rij zetten|op een rijtje zetten)(?: aub| alstublieft| alsjeblieft)?"
    rf"|(?:noem|som|zet|geef)(?: {_IT})?{_EVEN}(?: (?:op|op een rij|op een rijtje|allemaal op|een lijstje|het rijtje))?(?: {_IT})?{_EVEN}"
    rf"|welke? (?:\d+|twee|drie|vier|vijf|zes|zeven|acht) (?:zijn|waren|is|was) {_IT}{_EVEN}"
    rf"|wa(?:t)? (?:houdt?|betekent?|behelst) {_IT}{_EVEN}(?: in)?{_EVEN}"
    rf"|wa(?:t)? (?:is|wordt|bedoelen ze|verstaan ze|bedoel je|bedoelt u) {_IT}(?:mee|onder|door)?{_EVEN}(?: (?:mee|onder|bedoeld|verstaan|bedoelt))*{_EVEN}(?: (?:mee|onder))?(?: (?:bedoeld|verstaan))?"
    rf"|(?:wat (?:is|was) (?:{_IT}(?:voor|van)? )?(?:de |het |daar )?(?:reden|idee|argument)(?:en)?(?: (?:daarvoor|daarvan|ervoor|ervan|erachter|daarachter))?"
    rf"|om welke reden(?:en)?|met welke reden|waar (?:komt|ligt) dat (?:door|aan)|hoe komt dat){_EVEN}"
    rf"){_END}"
)
"""Asks for what was just answered, in full."""

_COUNT = re.compile(
    rf"{_START}(?:terug\W+)?hoe?ve+l+ ?(?P<noun>\w+ )?(?:zijn|waren|staan|bestaan|heb je|zijne?)(?: {_IT})+{_EVEN}(?: (?:in|bij) (?:totaal|elkaar))?{_EVEN}{_END}"
)

_PLACES = {"eerste": 0, "tweede": 1, "derde": 2, "vierde": 3, "vijfde": 4, "zesde": 5, "zevende": 6, "laatste": -1}
_AFTER_PLACE = frozenset(
    "dan precies is was wat hoe die dat daarvan ook eens even uitleggen uitleg toelichten toegelicht meer nog houdt "
    "betekent in en aub graag punt ervan nou eigenlijk waarom doe je ik daar toelichting over genoemde van".split()
)
_PLACE = re.compile(r"\b(eerste|tweede|derde|vierde|vijfde|zesde|zevende|laatste)(?:genoemde)?\b\W*(\w+)?")
_LONGEST = 10
"""Words that a message has at most that points at one of several things."""

_ONWARD = re.compile(
    rf"{_START}(?:wat (?:komt|volgt|gebeurt|is|doe je)(?: er)? )?(?:dan|daarna|daarop|hierna|vervolgens|erna|na die tijd|verder|de (?:volgende|tweede|derde) stap|and (?:then|after that))"
    rf"(?: (?:dan|komt|volgt|wat|pas|verder))*{_END}"
)
_PATH = {
    "interim.overzicht": "interim.loopbaanpad",
    "interim.loopbaanpad": "interim.volgende_opdrachten",
    "interim.eerste_opdrachten": "interim.volgende_opdrachten",
    "interim.volgende_opdrachten": "interim.strategische_rollen",
    "interim.strategische_rollen": "interim.doorgroeien",
}
"""What comes after a step of the path that the guide describes."""

_OTHERS = re.compile(
    rf"{_START}(?:hoe zit het )?(?:bij|in|van|met|voor)? ?(?:de|die) (?:andere|overige)(?: (?:twee|2|clusters?))*{_EVEN}{_END}"
)
_REST = re.compile(
    rf"{_START}(?:hoe zit het )?(?:bij|met|van|voor)? ?(?:de rest|alle anderen|de overigen)(?: van \w+)?{_EVEN}{_END}"
)
_HOW_MUCH = re.compile(
    rf"{_START}(?:hoe?ve+l|welk) (?:procent|percentage) (?:is|was|zijn|waren) {_IT}(?: (?:juist|precies|exact|ongeveer))?{_EVEN}{_END}"
)
_IS_THERE_WORK = re.compile(
    r"\b(?:is|zit|zijn|valt) (?:er|daar)\b.{0,20}\b(?:werk in|werk|banen|toekomst)\b|\bkans(?:en)? op werk\b|\bbaankans\w*\b"
)
_NAME_REST = re.compile(
    rf"{_START}(?:noem|geef|som|welke zijn) (?:de rest|de anderen?|de overigen?)(?: (?:ook|op|eens|nog))*{_END}"
)
_THE_SEVEN = "leider.set"
_OF_MODULE = ("organisatie.module_", "organisatie.coordinatie")
_COUNTS_PLACES = re.compile(
    r"\bhoe?ve+l\b.{0,25}\b(?:plek\w*|plaatsen|functies?|mensen|rol|rollen|collega'?s|fte|formatie)\b"
)
_ASKED_SO = (
    ("beroep.", _IS_THERE_WORK, "beroep.vooruitzicht"),
    (_OF_MODULE, _COUNTS_PLACES, "organisatie.coordinatie"),
)
"""After which subjects, which words ask for which subject: "zit daar werk in?", "hoeveel mensen doen dat?"."""
_WEIGHTIEST = re.compile(r"\b(?:zwaarste?|belangrijkste?|even zwaar|evenveel gewicht)\b")
_OF_SCALES = frozenset({"schaal.schaal_13", "schaal.schalen_ommen", "schaal.cao_schalen"})
_OF_DIPLOMAS = "schaal.nlqf"
_OF_GROUP = re.compile(r"\b(?:hoe?ve+l|percentage|procent|aandeel|deel)\b|^\W*en\b")
_OF_THE_BOOK = re.compile(r"\b(?:fte|formatie\w*|plekken|plaatsen|functieboek|ommen|schaal|opleiding)\b")


def last(turn: Turn) -> Onderwerp | None:
    """The subject that was answered last, if that is what was answered last."""
    label = turn.context.vraag or ""
    return turn.store.onderwerp(label.removeprefix(SUBJECT)) if label.startswith(SUBJECT) else None


def plainly(turn: Turn) -> str | None:
    """The label that a message after a subject asks by its form alone; None for all other messages."""
    item = last(turn)
    if item is None:
        return None
    low = turn.text.lower()
    if turn.named_functies:
        return _group_in_survey(turn, item, low)
    if turn.schalen and item.id in _OF_SCALES and len(words(low)) <= 8 and not turn.values("competentie"):
        return "vraag_functies_in_schaal"
    if item.id == _OF_DIPLOMAS and turn.values("opleiding") and len(words(low)) <= _LONGEST:
        return SUBJECT + item.id
    if (following := _PATH.get(item.id)) and _ONWARD.match(low):
        return SUBJECT + following
    family, _, part = item.id.rpartition("_")
    everyone = f"{family.split('.')[0]}.clusters_{part}"
    if _OTHERS.match(low) and turn.store.onderwerp(everyone):
        return SUBJECT + everyone
    if _OTHERS.match(low) and "andere" in item.antwoord.lower():
        return SUBJECT + item.id  # "de twee andere clusters hebben elk ..." stands in it
    whole = family if turn.store.onderwerp(family) else f"{family}s"
    if item.id.startswith("leider.") and _NAME_REST.match(low) and turn.store.onderwerp(_THE_SEVEN):
        return SUBJECT + _THE_SEVEN
    if _REST.match(low) and turn.store.onderwerp(whole):
        return SUBJECT + whole
    for family_of, pattern, answers in _ASKED_SO:
        asked = item.id.startswith(family_of) and len(words(low)) <= _LONGEST and pattern.search(low)
        if asked and turn.store.onderwerp(answers):
            return SUBJECT + answers
    if _HOW_MUCH.match(low):
        return SUBJECT + item.id
    weightiest = f"{item.id.split('.')[0]}.belangrijkste"
    if _WEIGHTIEST.search(low) and len(words(low)) <= _LONGEST and turn.store.onderwerp(weightiest):
        return SUBJECT + weightiest
    if counts(item, low):
        return "vraag_keuze_uit"
    if _ALL_OF_IT.match(low):
        return SUBJECT + item.id
    return _point(turn, item, low)


def counts(item: Onderwerp, low: str) -> bool:
    """Whether the text asks how many things a subject listed ("hoeveel zijn het er?")."""
    match = _COUNT.match(low)
    if not match or len(item.punten) < 2:
        return False
    noun = (match["noun"] or "").strip()
    # "Hoeveel mensen zijn dat?" asks for another number than that of the points.
    return not noun or noun[:5] in item.titel.lower() or noun[:5] in item.antwoord.lower()


def _group_in_survey(turn: Turn, item: Onderwerp, low: str) -> str | None:
    """The figure of a group that has the name of a function ("en hoeveel beleidsadviseurs?")."""
    if not item.id.startswith("onderzoek.") or not _OF_GROUP.search(low) or _OF_THE_BOOK.search(low):
        return None
    found = (turn.store.onderwerp(f"onderzoek.functie_{f.id}") for f in turn.named_functies)
    return next((SUBJECT + o.id for o in found if o), None)


def _point(turn: Turn, item: Onderwerp, low: str) -> str | None:
    """The subject that the named one of the points is about ("en die laatste?"), or else the last subject in full."""
    match = _PLACE.search(low)
    if not match or len(item.punten) < 2 or len(words(low)) > _LONGEST:
        return None
    if match[2] and match[2] not in _AFTER_PLACE:
        return None  # "en de eerste opdrachten?"
    at = _PLACES[match[1]]
    if at >= len(item.punten):
        return None
    return SUBJECT + (about(turn, item, item.punten[at]) or item.id)


def about(turn: Turn, item: Onderwerp, point: str) -> str | None:
    """The id of the subject that one of the points of a subject names at its beginning, if any."""
    family, head = item.id.split(".")[0], point.split(":")[0].lower()
    near = [o for o in turn.store.onderwerpen() if o.id != item.id and o.id.split(".")[0] == family]
    for o in sorted(near, key=lambda o: o.id not in item.verwant):
        names = [name.lower() for name in o.aliassen] + [o.id.split(".")[1].replace("_", " ")]
        if any(head.startswith(name) for name in names if len(name) > 5):
            return o.id
    return None
