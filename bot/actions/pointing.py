"""Names that a message points at without saying them: "die twee", "de laatstgenoemde", "en 10a?", "één niveau hoger".

Each function fills in a turn's names from the conversation, or leaves the turn as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.actions import choices, reading, subjects
from bot.nlu.name_matcher import find_scales
from bot.nlu.text import words
from knowledge.normal import name_key
from knowledge.normal import words as name_words

if TYPE_CHECKING:
    from bot.actions.turn import Turn

_TOGETHER = re.compile(
    r"\b(?:(?:van |welke? van |wie van )?(?:die|deze|de|hun|dat) (?:eerste |laatste )?(?:twee|drie|vier|beide)|beide|allebei|alle ?twee|alle ?drie|"
    r"hoevee?l (?:zijn|waren) (?:dat|het|ze|er)|(?:welke?|wie|hoeveel) (?:daarvan|daarvan?|hiervan|van (?:die|deze|hen|ze|hun))|van beide|ze samen)\b"
)
_NUMBERS = {"twee": 2, "beide": 2, "allebei": 2, "alletwee": 2, "drie": 3, "alledrie": 3, "vier": 4}
_STEP = re.compile(
    r"\b(?:(?:een|1|één)\s+)?(?:niveau|level|nivo|scha+l|trede|stap)(?:tje|je)?\s+(hoger|lager|hogr|lagr|omhoog|omlaag|erboven|eronder|daarboven|daaronder)\b"
    r"|\b(hoger|lager|hogere|lagere)\s+(?:niveau|level|nivo|schaal)\b|\b(daarboven|daaronder|erboven|eronder)\b|\bdaar (?:weer|nog) (boven|onder)\b"
    r"|\bone (?:step|scale|level) (higher|lower|up|down)\b"
    r"|\b(?:een|eentje|1|één)\s+(hoger|lager|omhoog|omlaag)\b"
)
_STEP_IS_SHORT = 9
"""Words up to which "een hogere schaal" points at the scale that was talked of; in a longer message it is a phrase."""
_BARE_SCALE = re.compile(
    r"\b(\d{1,2} ?a?|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien)(?: dan| ook| maar)?\W*$"
)
_ROMAN = re.compile(
    r"^\W*(?:(?:en|of|nee|voor|bij|van|de|dan|ik bedoel|bedoel ik)\W+)*(iii|ii|iv|v|i)(?:\W+(?:dan|bedoel ik))?\W*$"
)
_LETTER = re.compile(r"\b([a-d])\W*(?:dan|bedoel ik)?\W*$")
_CAPITAL = re.compile(r"\b(?:dat|die|zo'n|een|op|van|niveau) ([A-D])\b")
_FIRST = re.compile(r"^\W*(?:[Ee]n |[Oo]f |[Mm]aar )?([A-D])\b(?!')")
_IN_ENGLISH = re.compile(r"\b(highest|lowest) level\b")
_THE_OTHER = re.compile(r"^\W*(?:en )?(?:\w+ ){0,4}(?:de|die|dat) andere?(?: functie| baan| rol)?(?: dan)?\W*$")
_WHAT_IS = re.compile(
    r"^\W*(?:en )?(?:leg |wat (?:betekent|is|houdt) |vertel (?:eens )?(?:iets |wat )?(?:over )?|uitleg (?:van )?)(?:dan )?((?:de |die |dat )?\w+)"
    r"(?: (?:eens|is|even))*(?: uit| in| dan| precies)*\W*$"
)
_UP = ("higher", "up", "hoger", "hogr", "hogere", "boven", "omhoog", "erboven", "daarboven")
_LEVELS = ("A", "B", "C", "D")
_FROM_MINE = re.compile(r"\b(?:ik nu|nu zit|ik zit|dan ik|voor mij|mijn|m'n)\b")
_FROM_TO = re.compile(r"\bvan (?:welke|wat|hoeveel)\b.*\bnaar (?:welke|wat|hoeveel)\b")
_SCALE_DIFFERS = re.compile(
    r"\bscha+l\w*\b.*\bschee?lt?\b|\bschee?lt\b.*\bscha+l\w*\b|\bverander\w* (?:de|mijn|m'n) (?:salaris)?schaal\b"
)


_BACK = re.compile(
    r"\bterug (?:naar|op|bij|over)\b|\bnog (?:eens |even |iets )?over (?:dat|die|het)\b|\bvan (?:net|daarnet|straks|daarstraks|zonet|zojuist)\b"
)
_OF_FAMILY = {
    "organisatie": re.compile(r"\b(?:dat|die|deze|dit) (?:eerste |laatste |andere )?clusters?\b"),
    "onderzoek": re.compile(r"\b(?:dat|die|dit) (?:onderzoek|enqu[eê]te|peiling|raadpleging|ambtenaren|deelnemers)\b"),
    "interim": re.compile(r"\b(?:dat|die|dit) (?:interim\w*|gids|opdrachten)\b"),
    "leider": re.compile(r"\b(?:dat|die|deze) (?:zeven|leiders?|set|kerncompetenties)\b"),
    "beroep": re.compile(r"\b(?:dat|die) beroep\w*\b"),
}
"""What of a subject's family a message points at, once the conversation has turned to something else."""


def back(turn: Turn, names_functie: bool) -> None:
    """Take up the subject again that was talked of before a question about something else ("terug naar dat cluster")."""
    earlier = turn.context.onderwerp_eerder
    if not earlier or names_functie or reading.about_subject(turn) or turn.values("competentie"):
        return
    family, low = _OF_FAMILY.get(earlier.split(".")[0]), turn.text.lower()
    plainly = _BACK.search(low) and not reading.points_at_functie(low) and len(words(low)) > 2
    if plainly or (family and family.search(low)):
        turn.context = replace(turn.context, vraag=subjects.SUBJECT + earlier, wacht=False)


def one(turn: Turn) -> None:
    """Fill in a single name: a bare scale, level or Roman numeral, or a part of a function's or competency's name."""
    _scale(turn)
    _level(turn)
    _numeral(turn)
    _part_of_name(turn)
    _part_of_competency(turn)


def _scale(turn: Turn) -> None:
    """Fill in "en 10a?" after a question about a scale."""
    last = turn.context.vraag or ""
    of_scales = last in reading.ABOUT_SCALES or last.startswith("onderwerp/schaal.schaal_")
    of_scales = of_scales or turn.label.endswith("vraag_functies_in_schaal")
    if turn.schalen or not of_scales or len(words(turn.text)) > 7:
        return
    if any(e["entity"] not in ("organisatie", "niveau") for e in turn.entities):
        return
    match = _BARE_SCALE.search(turn.text.lower())
    found = find_scales(f"schaal {match.group(1)}") if match else []
    if match and found:
        start, end = match.span(1)
        turn.schalen = [found[0].waarde]
        turn.entities.append({"entity": "schaal", "value": turn.schalen[0], "start": start, "end": end})


def _level(turn: Turn) -> None:
    """Fill in "sorry, c", "en wie op A?" and "wat houdt dat B in" after a question about a competency."""
    size = len(words(turn.text))
    match = (_LETTER.search(turn.text.lower()) if size <= 6 else None) or _CAPITAL.search(turn.text)
    match = match or (_FIRST.match(turn.text) if size <= STEM_WORDS else None)
    about = turn.context.competenties and turn.context.vraag in reading.NEEDS_COMPETENTIE
    if about and not turn.niveaus and (edge := _IN_ENGLISH.search(turn.text.lower())):
        turn.niveaus, turn.label = ["hoogste" if edge.group(1) == "highest" else "laagste"], "vraag_gedrag"
        turn.entities.append({"entity": "niveau", "value": turn.niveaus[0], "start": edge.start(), "end": edge.end()})
        return
    if match and about and not turn.niveaus and not turn.named_functies:
        turn.niveaus = [match.group(1).upper()]
        start, end = match.span(1)
        turn.entities.append({"entity": "niveau", "value": turn.niveaus[0], "start": start, "end": end})


def _numeral(turn: Turn) -> None:
    """Fill in "en V?" after a question about medewerker publiek IV."""
    match = _ROMAN.match(turn.text.lower())
    if not match or not (turn.talked_of or turn.context.laatste):
        return
    said = turn.context.laatste.text if turn.context.laatste else ""
    # "medewerker ontwikkeling", then "II".
    names = [name_key(f"{said} {match.group(1)}")]
    others = () if turn.context.wacht else turn.talked_of[-1:]
    names += [name_key(re.sub(r"\b[IV]+$", match.group(1).upper(), f.norm.naam)) for f in others]
    found = [f for name in names for f in turn.store.functies() if name_key(f.norm.naam) == name]
    if found:
        turn.named_functies = found[:1]
        turn.relative_words = {w.text for w in words(turn.text)}


def _part_of_name(turn: Turn) -> None:
    """Fill in "en van reserveringen?": after a question about a function, a word that only one function's name has."""
    after_functie = turn.context.vraag in reading.NEEDS_FUNCTIE
    if not after_functie or turn.named_functies or turn.entities or turn.elliptic < SURELY_SHORT:
        return
    said = {w.text for w in words(turn.text)}
    functies = turn.store.functies()
    for functie in sorted(functies, key=lambda f: len(f.naam)):
        own = [w for w in name_words(functie.naam) if sum(w in name_words(f.naam) for f in functies) <= MOST_SHARED]
        if heard := said & set(own):
            turn.named_functies, turn.relative_words = [functie], heard
            return


def _part_of_competency(turn: Turn) -> None:
    """Fill in "die conflictdinges": after an answer that listed competencies, a word that begins as one of them does."""
    listed = [c for id_ in turn.context.getoonde_competenties if (c := turn.store.competentie(id_))]
    if not listed or turn.named_competenties or turn.named_functies or len(words(turn.text)) > STEM_WORDS:
        return
    stems = {_stem(w): w for word in words(turn.text) if len(w := word.text) >= STEM}
    found = [c for c in listed if any(_stem(name) in stems for name in name_words(c.naam) if len(name) >= STEM)]
    if len(found) == 1:
        turn.named_competenties = found
        turn.relative_words = {stems[_stem(name)] for name in name_words(found[0].naam) if _stem(name) in stems}


def _stem(word: str) -> str:
    return word[:STEM].replace("k", "c")


STEM = 6
"""Letters that a word and a competency's name begin with alike, for the word to point at it."""
STEM_WORDS = 9
SURELY_SHORT = 0.6
"""How sure the model must be that a message is little more than a name."""
MOST_SHARED = 2
"""Names that may have a word in common for it to point at one of them (the shortest: not the senior)."""


def several(turn: Turn) -> None:
    """Fill in "die twee", "welke daarvan", "van welke schaal naar welke" with what was named or listed."""
    low = turn.text.lower()
    if turn.named_functies or turn.named_competenties or reading.switches(low):
        return
    own, talked = turn.own_functie, turn.talked_of
    pair = [f for id_ in turn.context.genoemd[-2:] if (f := turn.store.functie(id_))]
    if own is None and len(pair) == 2 and _SCALE_DIFFERS.search(low):
        turn.named_functies = pair
        return
    if own and (_FROM_TO.search(low) or _SCALE_DIFFERS.search(low)) and any(f != own for f in talked):
        turn.named_functies = [own, *(f for f in talked if f != own)][:2]
        return
    match = _TOGETHER.search(low)
    if not match:
        return
    ids = turn.context.getoond if len(turn.context.getoond) > 1 else turn.context.genoemd
    size = next((n for word, n in _NUMBERS.items() if word in match.group()), len(ids))
    chosen = ids[:size] if ids == turn.context.getoond else ids[-size:]
    found = [f for id_ in chosen if (f := turn.store.functie(id_))]
    turn.together = True
    if len(found) > 1 and not (turn.context.vraag or "").startswith("onderwerp/"):
        turn.named_functies = found


def place(turn: Turn) -> None:
    """Fill in "en de tweede?" and "voor de laatstgenoemde" with that one of what was listed or named."""
    context = turn.context
    asked = subjects.plainly(turn)
    if asked and asked != context.vraag:
        return  # one of the points of a subject, with an answer of its own
    spoken = _WHAT_IS.match(turn.text.lower())
    if spoken and context.getoonde_competenties and not turn.named_functies:
        at = choices.ordinal(spoken.group(1))
        if at is not None and at < len(context.getoonde_competenties):
            found = turn.store.competentie(context.getoonde_competenties[at])
            turn.named_competenties = [found] if found else []
            turn.explains = found is not None
            turn.relative_words = {w.text for w in words(turn.text)}
            return
    if turn.named_functies or turn.named_competenties or reading.about_subject(turn):
        return
    pair = context.genoemd[-2:]
    if _THE_OTHER.search(turn.text.lower()) and len(pair) == 2 and len(set(pair) & set(context.functies)) == 1:
        other = next(name for name in pair if name not in context.functies)
        if f := turn.store.functie(other):
            turn.named_functies, turn.picked = [f], True
            turn.relative_words = {w.text for w in words(turn.text)} & {"andere", "functie", "ander", "tweede", "van"}
            return
    alone = choices.ordinal(turn.text)
    if alone is not None and (context.wacht or len(context.getoond) < 2) and len(context.genoemd) < 2:
        return
    said = choices.spoken_ordinal(turn.text) if alone is None else (alone, {w.text for w in words(turn.text)})
    listed = context.getoond
    if len(listed) < 2 or set(listed) == set(context.genoemd[-len(listed) :]):
        # Of what the person named, the first one is the one that they named first.
        listed = context.genoemd[-max(2, len(listed)) :]
    if said is None or (alone is not None and context.wacht) or len(listed) < 2 or said[0] >= len(listed):
        return
    if f := turn.store.functie(listed[said[0]]):
        turn.named_functies, turn.relative_words, turn.picked = [f], said[1], True


def step(turn: Turn) -> None:
    """Fill in "één niveau hoger" and "de schaal daarboven" from the level or scale that was talked of."""
    match = _STEP.search(turn.text.lower())
    named = turn.named_functies or turn.niveaus or turn.schalen
    too_long = len(words(turn.text)) > _STEP_IS_SHORT and turn.label != "vraag_functies_in_schaal"
    of_level = turn.context.vraag in reading.NEEDS_COMPETENTIE
    if not match or named or too_long or ("stap" in match.group() and not of_level):
        return
    up = next(group for group in match.groups() if group) in _UP
    about_scale = "schaal" in match.group() or not turn.context.niveaus
    if not about_scale and turn.context.niveaus[0] in _LEVELS:
        at = _LEVELS.index(turn.context.niveaus[0]) + (-1 if up else 1)
        if 0 <= at < len(_LEVELS):
            turn.niveaus, turn.label = [_LEVELS[at]], "vraag_gedrag"
    elif (scale := _scale_to_step_from(turn)).isdigit():
        turn.schalen, turn.label = [str(int(scale) + (1 if up else -1))], "vraag_functies_in_schaal"


def _scale_to_step_from(turn: Turn) -> str:
    """The scale that "een schaal hoger" starts from: the one that was talked of, or else one's own."""
    if turn.own_functie and _FROM_MINE.search(turn.text.lower()):
        return turn.own_functie.schaal
    if turn.context.schalen and turn.context.vraag in ("vraag_functies_in_schaal", "vraag_schaal"):
        return turn.context.schalen[0]
    return turn.own_functie.schaal if turn.own_functie and "schaal" in turn.text.lower() else ""
