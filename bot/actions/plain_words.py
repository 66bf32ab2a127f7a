"""What a message asks when its words say so plainly in this conversation: "waarom niet?", "de stap daarboven".

The model reads a message on its own, and such words mean another thing after each question. Each rule looks at the
words and at what was talked of; the first one that applies decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.nlu.text import words
from knowledge import advice, tasks

if TYPE_CHECKING:
    from bot.actions.turn import Turn

Rule = Callable[["Turn", str], bool]
"""Takes a turn and its text in lower case; sets the turn's question and says True when it applies."""

SHORT = 7
"""Words up to which a message is taken to go on about what was talked of."""


def decide(turn: Turn) -> None:
    """Set the turn's question where the words leave no doubt."""
    low = turn.text.lower()
    any(rule(turn, low) for rule in _RULES)


def _short(turn: Turn) -> bool:
    return len(words(turn.text)) <= SHORT


def _names_nothing(turn: Turn) -> bool:
    return not turn.named_functies and not turn.named_competenties


def _explained(turn: Turn, low: str) -> bool:
    if turn.explains:
        turn.label = "vraag_competentie"
    return turn.explains


_NEW_FOR_ME = re.compile(
    r"\bcompetenties?\b.*\b(?:nieuw|erbij|bij komt|extra|mis|mist|tekort)\b|\b(?:nieuwe|extra) competenties?\b"
)
_ALSO_NEW = re.compile(r"\bwelke?\b.*\b(?:nieuw|erbij|extra)\b")


def _new_for_me(turn: Turn, low: str) -> bool:
    asked = _NEW_FOR_ME.search(low) or (turn.context.vraag == "vraag_competenties" and _ALSO_NEW.search(low))
    if not (asked and turn.own_functie and turn.talked_of and not turn.named_functies):
        return False
    turn.label = "vraag_wat_ontbreekt"
    return True


_OLD_TABLE = re.compile(
    r"\btabel\b|\b2020\b|\b(?:tot|vanaf) (?:en met )?(?:welk|wat voor|hoeveel) (?:bedrag|euro)|\bvan (?:het )?begin tot (?:het )?eind|\b(?:maximum+|minimum|max|min|maximaal|minimaal|aanvang|treden?|trede|periodiek(?:en)?)\b"
    r"|\b(?:hoogste|laagste) (?:bedrag|trede)\b|\b(?:eind|begin|maand|maximum|minimum)bedrag\b"
)
"""Words that ask about the table of amounts rather than about one's pay."""
_ABOUT_AMOUNTS = re.compile(r"\btabel\b|bedrag|\b2020\b|\b(?:salary|salaris|loon|euro'?s?)\b")
_OUTERMOST = re.compile(
    r"\bnet beg\w+|\b(?:eerste|laatste) (?:stap|trede|periodiek)\b|^\W*(?:en|of|maar)?\W*(?:wat is )?(?:dan )?(?:het|de|'t)? ?(?:aller)?(?:hoogste?|laagste?|meeste|minste)(?: dan)?\W*$"
)
_DIFFERS = re.compile(r"\b(?:uitma\w+|sche?elt|schelen|verschil\w*)\b")
_HOURS = re.compile(r"\b(?:uur|uren)\b.*\bweek\b|\bhoeveel uur\b|\b(?:full|vol)tijd\w*\b")
_NOW = re.compile(
    r"\b(?:actue\w+|nog (?:geldig|juist|waar)|nu|vandaag|tegenwoordig|inmiddels|momenteel|dit jaar|huidige?)\b"
)


def _amounts(turn: Turn, low: str) -> bool:
    """What the dated table says, or that today's amounts are not known."""
    talked_pay = turn.context.vraag == "vraag_salaris"
    scales = turn.schalen or [f.schaal for f in turn.named_functies] or list(turn.context.schalen[:1])
    pair = [f.schaal for id_ in turn.context.genoemd[-2:] if (f := turn.store.functie(id_))]
    if _names_nothing(turn) and len(set(pair)) == 2 and _DIFFERS.search(low):
        scales = pair
    about_pay = talked_pay or turn.label == "vraag_salaris" or bool(_ABOUT_AMOUNTS.search(low))
    if talked_pay and scales and len(words(turn.text)) <= 10 and _names_nothing(turn) and _OUTERMOST.search(low):
        turn.label, turn.schalen, turn.old_table = "vraag_salaris", scales, True
        return True
    if scales and about_pay and _OLD_TABLE.search(low) and not turn.asks_of_today:
        turn.label, turn.schalen, turn.old_table = "vraag_salaris", scales, True
        return True
    if talked_pay and scales and _HOURS.search(low):
        turn.label, turn.schalen, turn.old_table = "vraag_salaris", scales, True
        return True
    if (
        talked_pay
        and len(words(turn.text)) <= 2 * SHORT
        and _names_nothing(turn)
        and _NOW.search(low)
        and not reading.aspect(low)
    ):
        turn.label, turn.schalen = "vraag_salaris", scales
        return True
    return False


_FORGET = re.compile(
    r"^\W*(?:\w+\W+){0,2}vergeet\b(?! niet)|\b(?:mag|moogt|mogen|kunt?|kan) (?:je|jij|u|ge)?\W*(?:\w+\W+){0,4}(?:vergeten|wissen|schrappen)\b"
)


def _forget(turn: Turn, low: str) -> bool:
    if not _FORGET.search(low) or "?" in low or not _names_nothing(turn) or len(words(turn.text)) > 2 * SHORT:
        return False
    turn.label = "vergeet"
    return True


_WHO_IS_IT = re.compile(
    r"\bhoe heet (?:hij|zij|ze|ie|die|diegene)\b(?! (?:functie|baan|rol|job))|\bwie (?:is|doet) (?:dat|het|die) (?:nu|momenteel|op dit moment)\b"
)


def _person(turn: Turn, low: str) -> bool:
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


def _again(turn: Turn, low: str) -> bool:
    if not (_AGAIN.match(low) and turn.context.laatste and not turn.named_functies):
        return False
    turn.label = "vraag_volledig"
    return True


_STEP_UP = re.compile(
    r"\bdie (?:volgende )?stap\b|\b(?:stap|functie|trede|rol|baan) (?:daarboven|erboven|hoger|daarna|erna)\b|\bvolgende (?:stap|functie|trede)\b.*\bdaarvoor\b"
)


def _one_step_up(turn: Turn, low: str) -> bool:
    """ "Welke opleiding vraagt de stap daarboven?"."""
    asked = reading.aspect(low)
    if not (asked and _STEP_UP.search(low) and not turn.named_functies):
        return False
    turn.label = asked
    base = turn.own_functie or next(iter(turn.talked_of), None)
    steps = [s for s in advice.next_steps(turn.store, base) if s.richting == "omhoog"] if base else []
    turn.named_functies = [found.functie for found in steps[:1]]
    return True


_SCALE_ABOVE = re.compile(
    r"\bscha+l\b.{0,12}\b(?:(?:daar|er) (?:weer |nog |net )*(?P<there>boven|onder)|(?P<mine>boven|onder) (?:mijn|m'n|mn|de mijne|die van mij))\b"
)


def _scale_above(turn: Turn, low: str) -> bool:
    """ "De schaal die daar weer boven komt, welke functies zijn dat": the scale next to the one that was talked of."""
    match = _SCALE_ABOVE.search(low)
    base = turn.own_functie if match and match["mine"] else next(iter(turn.named_functies or turn.talked_of), None)
    if not match or base is None or not base.schaal.isdigit():
        return False
    up = (match["there"] or match["mine"]) == "boven"
    turn.label, turn.schalen = "vraag_functies_in_schaal", [str(int(base.schaal) + (1 if up else -1))]
    turn.named_functies = []
    return True


_SIDEWAYS = re.compile(
    r"\b(?:(?:het|de)?zelfde|gelijke?|gelijkwaardig\w*|zelfde soort) (?:schaal|niveau|nivo|level|hoogte)\b|\b(?:opzij|zijwaarts|zijstap|sideways)\b"
)
_ELSE = re.compile(
    r"\b(?:anders|andere?|niks|niets|iets|aanraden|wisselen|overstappen|stap|opzij|zijwaarts|sideways)\b"
)
_OTHER_JOBS = re.compile(r"\b(?:iets|welke?|wat) (?:\w+ )?(?:functies?|banen|werk|jobs?)?\b")
_BETWEEN = re.compile(r"\btussen ?stap\w*\b|\bstap er ?tussen\b|\bstapje ertussen\b")


def _aside(turn: Turn, low: str) -> bool:
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
    if turn.named_functies or not (aside or ((_short(turn) or len(words(turn.text)) <= 9) and _BETWEEN.search(low))):
        return False
    turn.label, turn.named_functies, turn.aside = "vraag_volgende_stap", [base], aside
    return True


_MY_STEP = re.compile(r"\b(?:mijn|m'n|mn|voor mij|my|ik|kik)\b")
_AFTER = re.compile(r"\bna (?:die|de|dat|deze|een)\b|\bdaarna\b|\berna\b|\bdaarboven\b")


def _own_step(turn: Turn, low: str) -> bool:
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


_MAY_I = re.compile(r"\b(?:mag|kan|kun|ken) (?:ik|je|'k)\b.*\b(?:worden?|worde|doen|solliciteren|beginnen|terecht)\b")
NLQF = "onderwerp/schaal.nlqf"
"""The levels of all diplomas in one answer: another diploma after it is answered by it too."""
_HIGHEST_SCALE = re.compile(r"\b(?:hoog(?:st|t)e?|highest) (?:\w+ )?(?:scha+l\w*|scale)\b|\bhoe hoog\b")
_ONES_DIPLOMA = re.compile(
    r"\b(?:mijn|m'n|mn|me|dat|die|zo'n) (?:diploma|papiertje)\b.*\b(?:wel|terecht|trecht|kan ik|kunnen)\b|\b(?:waar|wat) (?:kan|kun) (?:ik|je)\b.*\b(?:diploma|papiertje)\b"
)
_ENOUGH = re.compile(r"\b(?:genoeg|genog|voldoende|volstaat|toereikend|volstaan)\b")
_BY_DIPLOMA = frozenset({"vraag_functies_bij_opleiding", "vraag_schaal_bij_opleiding"})
_IF_I_HAD = re.compile(r"\b(?:stel|op zak|haal|haalde|zou hebben|had|erbij)\b|^\W*(?:\w+\W+){0,2}en (?:\w+ )?met\b")


def _by_diploma(turn: Turn, low: str) -> bool:
    """A diploma or a function named after a question about what a diploma is good for."""
    last, diploma = turn.context.vraag, turn.values("opleiding")
    if turn.store.onderwerp(NLQF.partition("/")[2]) is None:
        pass
    elif "nlqf" in low or (last == NLQF and diploma and not turn.named_functies and _short(turn)):
        turn.label = NLQF
        return True
    if turn.context.persoon.opleiding and _names_nothing(turn) and _ONES_DIPLOMA.search(low):
        turn.label = "vraag_functies_bij_opleiding"
        return True
    if last == "vraag_opleiding" and _names_nothing(turn) and turn.label == "vertel_over_mij" and _ENOUGH.search(low):
        turn.label = last
        return True
    talked = last in _BY_DIPLOMA or turn.context.eerder_over("opleiding") in _BY_DIPLOMA
    if last in _BY_DIPLOMA and _names_nothing(turn) and len(words(low)) <= 2 * SHORT and _HIGHEST_SCALE.search(low):
        turn.label = "vraag_schaal_bij_opleiding"
        return True
    if turn.named_functies:
        may = (_MAY_I.search(low) or _ENOUGH.search(low)) and (turn.context.persoon.opleiding or last in _BY_DIPLOMA)
        if reading.aspect(low):
            return False
        if turn.label != "vraag_wat_ontbreekt" and (may or (turn.fragment and last in _BY_DIPLOMA)):
            turn.label = "vraag_opleiding"
            return True
        return False
    if diploma and talked and (last in _BY_DIPLOMA or _IF_I_HAD.search(low)) and turn.label not in _BY_DIPLOMA:
        if reading.aspect(low) or turn.label.startswith("buiten_bereik/"):
            return False
        turn.label = str(last if last in _BY_DIPLOMA else turn.context.eerder_over("opleiding"))
        return True
    return False


def _how_high(turn: Turn, low: str) -> bool:
    known = turn.context.persoon.opleiding or turn.values("opleiding")
    if not (reading.HOW_HIGH.search(low) and turn.talked_of and not known):
        return False
    turn.label = "vraag_schaal"
    return True


_ALIKE = re.compile(
    r"\bcompetenties?\b.*\b(?:gelijk|hetzelfde|zelfde|overeen\w*|verschil\w*)\b|\b(?:gelijk|hetzelfde|zelfde)\b.*\bcompetenties?\b"
)


def _alike(turn: Turn, low: str) -> bool:
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
_ONLY_ONE = re.compile(r"\b(?:de|het|'t) enige\b|\balleen (?:zij|hij|die)\b")


def _who_needs_it(turn: Turn, low: str) -> bool:
    """Which functions need the competency that was talked of: "en wie op C?", "is zij de enige?"."""
    talked = turn.context.competenties and turn.context.vraag in reading.NEEDS_COMPETENTIE
    if turn.named_competenties:
        asked = not turn.named_functies and not turn.fragment and bool(_WHO_NEEDS.search(low))
    else:
        last_who = turn.context.vraag == "vraag_functies_bij_competentie"
        asked = bool(talked) and not turn.named_functies and (_short(turn) and bool(_WHO.search(low)))
        asked = asked or (last_who and _names_nothing(turn) and _short(turn) and bool(_ONLY_ONE.search(low)))
        if last_who and _names_nothing(turn) and _short(turn) and _MOST.search(low) and "schaal" not in low:
            turn.niveaus, asked = ["hoogste"], True
    if turn.topic and reading.about_subject(turn):
        return False  # "bij welke hoort feedback?" of the leaders' seven
    if asked:
        turn.label = "vraag_functies_bij_competentie"
    return asked


_THERE = re.compile(r"\b(?:daar|daarvoor|daarbij|die|dat)\b")
_WHICH = re.compile(r"\b(?:welke?|wie|hoeveel)\b")


_ITS_LEVEL = re.compile(
    r"\b(?:welke?|wat voor|wat is het|hoe hoog) (?:niveau|nivo|level)\b|\b(?:niveau|nivo|level) (?:is|heeft|hoort|moet|vragen)\b"
)
_SAME_JOB = re.compile(
    r"\b(?:die|diezelfde|dezelfde|deze|zo'n) (?:functie|baan|job|rol)\b|\b(?:daar|er)voor\b|\bdaarbij\b"
)


def _its_level(turn: Turn, low: str) -> bool:
    """ "Dat plannen, op welk niveau is dat?", "moet je voor diezelfde job ook visie hebben?": of the one function talked of."""
    if len(turn.named_competenties) != 1 or turn.named_functies or turn.niveaus or len(turn.talked_of) != 1:
        return False
    after_functie = turn.context.vraag in reading.NEEDS_FUNCTIE and _ITS_LEVEL.search(low)
    same_job = turn.context.vraag in reading.NEEDS_COMPETENTIE and _SAME_JOB.search(low)
    if not (after_functie or same_job):
        return False
    turn.label, turn.named_functies = "vraag_competentie_niveau", turn.talked_of[:1]
    return True


def _level_there(turn: Turn, low: str) -> bool:
    """ "Is klantgerichtheid daar op het hoogste niveau gevraagd?" asks its level for the function that was talked of."""
    if len(turn.named_competenties) != 1 or turn.named_functies or not turn.niveaus or not turn.talked_of:
        return False
    after_functie = turn.context.vraag in reading.NEEDS_FUNCTIE
    if not (after_functie and _THERE.search(low)) or _WHICH.search(low):
        return False
    turn.label, turn.named_functies, turn.niveaus = "vraag_competentie_niveau", turn.talked_of[:1], []
    return True


_EXPLAIN = re.compile(r"\bleg\b.*\buit\b|\bwat? (?:is|houdt|betekent) (?:die|dat|het)\b")


def _explain_competency(turn: Turn, low: str) -> bool:
    """ "Leg die eens uit" after a list of who needs a competency asks what the competency is."""
    after = ("vraag_functies_bij_competentie", "vraag_competentie_niveau")
    alone = len(turn.context.competenties) == 1 and turn.context.vraag in after
    if not (alone and _names_nothing(turn) and _short(turn) and _EXPLAIN.search(low)):
        return False
    turn.label = "vraag_competentie"
    return True


_HIGHER_LEVEL = re.compile(r"\b(?:welke?|wat|wie)\b.*\b(?:hoger|hoogst\w*|lager|laagst\w*|zwaarder|zwaarst)\b")
_ALL_ON_ONE = re.compile(r"\b(?:overal|allemaal|alles)\b.{0,12}\b[A-D]\b")
_MORE_OR_LESS = re.compile(r"\b(?:meer|minder|hoger|lager|zwaarder|lichter|moeilijker|makkelijker)\b")
_EVERY_LEVEL = re.compile(r"\b(?:allemaal|alle|overal|steeds)\b.*\bniveau\b")


def _levels(turn: Turn, low: str) -> bool:
    """Which of the levels that were talked of is higher; whether all competencies are asked on one level."""
    alone = reading.aspects(low) <= {"vraag_competenties"} and len(words(turn.text)) <= 2 * SHORT
    if turn.named_functies and not turn.named_competenties and _ALL_ON_ONE.search(turn.text) and alone:
        turn.label = "vraag_competenties"
        return True
    before = [level for level in turn.context.niveaus if level not in turn.niveaus]
    if (
        _names_nothing(turn)
        and len(words(turn.text)) <= 10
        and turn.context.vraag == "vraag_gedrag"
        and turn.values("niveau")
        and before
        and _MORE_OR_LESS.search(low)
    ):
        turn.label, turn.niveaus = "vraag_verschil_niveaus", [*before[:1], *turn.niveaus]
        return True
    if not _names_nothing(turn) or not _short(turn):
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


def _from_the_book(turn: Turn, low: str) -> bool:
    """ "Die uit het functieboek bedoel ik" asks the last question about a competency once more."""
    last = turn.context.vraag or ""
    if not (_names_nothing(turn) and turn.context.competenties and last in reading.NEEDS_COMPETENTIE):
        return False
    if not (_short(turn) and _BOOK.search(low)):
        return False
    turn.label = last
    return True


_WHAT_THEY_ASK = re.compile(r"\bwat (?:vragen|vraagt|eisen|eist|willen|verlangen) (?:ze|zij|men|jullie)\b")


def _same_of_another(turn: Turn, low: str) -> bool:
    """ "En wat vragen ze voor de beheerder?" asks of another function what was asked before."""
    last = turn.context.vraag or ""
    goes_on = turn.named_functies and last in reading.NEEDS_FUNCTIE and low.lstrip().startswith(("en ", "of "))
    if not (goes_on and _WHAT_THEY_ASK.search(low) and not reading.aspect(low)):
        return False
    turn.label = last
    return True


_IN_IT = re.compile(
    r"\b(?:welke?|wie|wat)\b.{0,20}\b(?:zit|zitten|vallen|valt|hoort|horen|staat|staan)\b.{0,8}\b(?:daarin|erin|daar|daarbij|erbij|er in)\b"
)


_THAT_SCALE = re.compile(r"\b(?:deze|die|dezelfde|diezelfde|zo'n) (?:salaris)?scha+l\b")


def _in_that_scale(turn: Turn, low: str) -> bool:
    context = turn.context
    if context.schalen and context.vraag in reading.ABOUT_SCALES and not turn.schalen:
        pointed = _IN_IT.search(low) or (_THAT_SCALE.search(low) and _WHICH.search(low))
        if pointed and reading.aspect(low) in (None, "vraag_schaal"):
            turn.label, turn.schalen = "vraag_functies_in_schaal", list(context.schalen[:1])
            return True
        if context.vraag == "vraag_functies_in_schaal" and _short(turn) and _ONLY_ONE.search(low):
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


def _edge(turn: Turn, low: str) -> bool:
    """ "En de laagste?" after the highest scale or the list of all functions."""
    edge = _EDGE.match(low)
    if not edge or turn.context.vraag not in _LISTS:
        return False
    turn.label = f"vraag_{edge[1].removesuffix('e')}e_schaal"
    return True


_TOTAL = re.compile(r"\b(?:samen|totaal|bij elkaar|opgeteld|alles bij elkaar|allemaal)\b")


def _total(turn: Turn, low: str) -> bool:
    """ "Hoeveel fte is dat samen?" after the list of all functions."""
    after_list = turn.context.vraag == "vraag_functielijst" and reading.aspect(low) == "vraag_formatie"
    after_one = turn.context.vraag in ("vraag_formatie", "vraag_grootste_formatie") and "totaal" in low
    if not (_names_nothing(turn) and (after_list or after_one) and _TOTAL.search(low)) or turn.together:
        return False
    turn.label = "onderwerp/organisatie.formatie_totaal"
    return True


_GOAL_AFTER = re.compile(r"^\W*(?:(?:zou|zal|ga|te|wil|willen|wou|kan|kunnen|wilde)\W+)*(?:worden|word|wil|willen)\b")
_GOAL_BEFORE = re.compile(r"\b(?:word|wordt|worden|wil|naar)\W+(?:ik|je)?\W*(?:(?:een|de|toch|liever|dan)\W+)*$")
_FEASIBLE = re.compile(r"\b(?:haalbaar|bereikbaar|realistisch|te hoog gegrepen)\b")
_OWN_WAY = frozenset({"vraag_volgende_stap", "vraag_wat_past", "vraag_sterke_punten", "vraag_functies_bij_opleiding"})


def _goal(turn: Turn, low: str) -> bool:
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


_A_KIND = re.compile(r"\b(?:de|een|nen|den|n) (?:senior|seniors|strategische?)\b")


def _of_a_kind(turn: Turn, low: str) -> bool:
    """ "Welke opleiding voor de senior?" when nobody knows of which function: a question to ask back about."""
    asked = reading.aspect(low)
    if not asked or turn.functies or turn.named_functies or turn.talked_of or not _short(turn):
        return False
    if not (_A_KIND.search(low) and turn.label.startswith("onderwerp/")):
        return False
    turn.label = asked
    return True


_MEANS = re.compile(
    r"\bwat (?:is|betekent|houdt|behelst)\b|\b(?:bedoeld?|bedoelen|verstaan?|verstaat|verstaat men|betekent|inhoudt|definitie|omschrijving)\b"
)


def _means(turn: Turn, low: str) -> bool:
    """A competency by name and "wat wordt daarmee bedoeld": its meaning, whatever else the story holds."""
    far = turn.label.startswith(("onderwerp/organisatie.", "onderwerp/schaal.", "onderwerp/interim."))
    if not (far and len(turn.named_competenties) == 1 and not turn.named_functies and _MEANS.search(low)):
        return False
    turn.label = "vraag_gedrag" if turn.niveaus else "vraag_competentie"
    return True


_WHICH_IS_MINE = re.compile(
    r"\b(?:welke?|wat voor) (?:functie|baan|rol|functienaam|job|functies|banen)\b.{0,50}\b(?:lijkt|lijken|past|passen|hoort|horen|komt|komen|is dat|zijn dat|ben ik|heet|kijken)\b"
)
_COLLEAGUE = re.compile(
    r"\bcollega'?s?\b.{0,60}\b(?:hetzelfde|zelfde|precies|evenveel)\b|\b(?:hetzelfde|zelfde) werk\b.{0,40}\bcollega"
)
_COLLEAGUE_GETS_MORE = "onderwerp/advies.collega_meer"


_ALL_REEKSEN = re.compile(r"\bfunctie ?re+ksen\b")


def _all_reeksen(turn: Turn, low: str) -> bool:
    """ "Hoeveel functiereeksen staan er in dat boek?"."""
    if not (_ALL_REEKSEN.search(low) and _names_nothing(turn)) or turn.values("functiereeks"):
        return False
    turn.label = "vraag_functies_in_reeks"
    return True


_OTHER_LEVEL = re.compile(r"\b(?:hoger|lager|verschil\w*|anders|zwaarder|lichter|ontbreekt|erbij)\b")


def _compared_with(turn: Turn, low: str) -> bool:
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


def _what_suits_strengths(turn: Turn, low: str) -> bool:
    """ "Mijn sterke kanten zijn netwerken en visie, wat past daarbij?"."""
    if not (turn.named_competenties and not turn.named_functies and _STRENGTHS.search(low) and _SUITS.search(low)):
        return False
    turn.label = "vraag_sterke_punten"
    return True


def _pay_of_functie(turn: Turn, low: str) -> bool:
    """What a function of the book earns now: its scale, and the dated table of what that paid."""
    talked = turn.context.vraag == "vraag_salaris" and bool(turn.context.schalen)
    if turn.label != "buiten_bereik/salaris_nu" or not (turn.named_functies or (talked and _short(turn))):
        return False
    turn.label = "vraag_salaris"
    turn.schalen = turn.schalen or ([] if turn.named_functies else list(turn.context.schalen[:1]))
    return True


_SPEAK = re.compile(
    r"\b(?:medewerker|mens|persoon|adviseur|loopbaanadviseur|coach|collega|iemand)\b.{0,20}\b(?:spreken|praten|bellen)\b"
)


def _speak_to_somebody(turn: Turn, low: str) -> bool:
    """ "Ik wil graag een medewerker spreken over mijn loopbaan" asks for no conversation with the bot."""
    if turn.label != "loopbaangesprek" or not _SPEAK.search(low) or turn.named_functies:
        return False
    turn.label = "mens_spreken"
    return True


def _work_of_another(turn: Turn, low: str) -> bool:
    """ "En iemand die de reserveringen doet?" asks the last question of the function that does such work."""
    last = turn.context.vraag or ""
    if (
        turn.label != "vraag_functie_bij_taak"
        or last not in reading.NEEDS_FUNCTIE
        or not low.lstrip().startswith("en ")
    ):
        return False
    if not (_short(turn) and _names_nothing(turn) and turn.describes_work()):
        return False
    described = tasks.functions_for(turn.store, tasks.without_question_words(turn.text), 1)
    turn.label, turn.named_functies = last, [r.functie for r in described]
    return True


def _colleague_gets_more(turn: Turn, low: str) -> bool:
    """ "Mijn collega doet hetzelfde werk en zit in 10, ik in 9" asks not who are in those scales."""
    far = turn.label in ("vraag_functies_in_schaal", "vraag_schaal") and not turn.named_functies
    if not (far and turn.schalen and _COLLEAGUE.search(low)):
        return False
    if turn.store.onderwerp(_COLLEAGUE_GETS_MORE.partition("/")[2]) is None:
        return False
    turn.label = _COLLEAGUE_GETS_MORE
    return True


_A_JOB_WITH = re.compile(r"\b(?:een|welke?|geen|ergens) (?:functie|baan|job|rol)\b (?:waarin|waarbij|waar|die)\b")
A_STORY = 15
"""Words from which a message is long enough to describe work."""


def _which_is_mine(turn: Turn, low: str) -> bool:
    """A story about one's work, and which function that is like."""
    far = turn.label not in ("vraag_functie_bij_taak", "vraag_functies_bij_opleiding", "vraag_sterke_punten")
    story = _WHICH_IS_MINE.search(low) and len(words(turn.text)) >= A_STORY
    if not (far and _names_nothing(turn) and (story or _A_JOB_WITH.search(low))):
        return False
    if turn.values("opleiding") or not turn.describes_work():
        return False
    turn.label = "vraag_functie_bij_taak"
    return True


_LEVEL_DIFFERS = re.compile(
    r"\bverschil\w*\b.*\b(?:niveau|nivo|competentie)|\b(?:niveau|nivo|competenties?)\b.*\bverschil|\b(?:niveau|nivo)\b.*\bhoger\b"
)
_BETWEEN_FUNCTIONS = frozenset({"vraag_verschil_functies", "vraag_wat_ontbreekt"})


def _which_differs(turn: Turn, low: str) -> bool:
    """ "Bij welke competentie verschilt het niveau?" after a comparison of functions."""
    about = _names_nothing(turn) and _LEVEL_DIFFERS.search(low)
    pair = [f for id_ in turn.context.genoemd[-2:] if (f := turn.store.functie(id_))]
    if not about or turn.context.vraag not in _BETWEEN_FUNCTIONS or turn.context.competenties or len(pair) != 2:
        return False
    turn.label, turn.named_functies = str(turn.context.vraag), pair
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


def _is_it_in_there(turn: Turn, low: str) -> bool:
    """ "Staat er ook iets in over thuiswerken?" asks of the document that was talked of, also where it is silent."""
    family = (turn.context.vraag or "").partition("/")[2].split(".")[0]
    if family not in _SILENT or not _IN_THERE.search(low) or not _names_nothing(turn):
        return False
    own = [r for r in turn.ranking if reading.label_of(r).startswith(f"onderwerp/{family}.")]
    if own and float(own[0]["confidence"]) > KNOWS:
        return False
    turn.label = f"onderwerp/{_SILENT[family]}"
    return True


KNOWS = 0.25
"""How sure the model must be of a subject of the document for the document to tell of what is asked."""
_HOW_MUCH = re.compile(r"\b(?:bedraagt|bedroeg|hoeveel (?:is|zijn|was) (?:dat|die|het|dit))\b")


def _how_much(turn: Turn, low: str) -> bool:
    """ "Hoeveel bedraagt die?" after a question about fte asks no salary."""
    after_fte = turn.context.vraag in ("vraag_formatie", "vraag_grootste_formatie")
    if (
        _TOTAL.search(low)
        or not (after_fte and _names_nothing(turn) and _short(turn) and _HOW_MUCH.search(low))
        or reading.aspect(low)
    ):
        return False
    turn.label = "vraag_formatie"
    return True


_RULES: tuple[Rule, ...] = (
    _how_much,
    _which_differs,
    _is_it_in_there,
    _scale_above,
    _which_is_mine,
    _colleague_gets_more,
    _what_suits_strengths,
    _all_reeksen,
    _compared_with,
    _pay_of_functie,
    _speak_to_somebody,
    _work_of_another,
    _explained,
    _new_for_me,
    _forget,
    _amounts,
    _person,
    _again,
    _one_step_up,
    _aside,
    _own_step,
    _by_diploma,
    _how_high,
    _alike,
    _its_level,
    _level_there,
    _who_needs_it,
    _explain_competency,
    _levels,
    _from_the_book,
    _same_of_another,
    _in_that_scale,
    _edge,
    _total,
    _goal,
    _of_a_kind,
    _means,
)
