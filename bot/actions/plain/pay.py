"""What a scale or function pays, and the dated table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.actions import reading
from bot.actions.plain.common import SHORT, answered_by, names_nothing, short
from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn


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


def amounts(turn: Turn, low: str) -> bool:
    """What the dated table says, or that today's amounts are not known."""
    talked_pay = turn.context.vraag == "vraag_salaris"
    scales = turn.schalen or [f.schaal for f in turn.named_functies] or list(turn.context.schalen[:1])
    pair = [f.schaal for id_ in turn.context.genoemd[-2:] if (f := turn.store.functie(id_))]
    if names_nothing(turn) and len(set(pair)) == 2 and _DIFFERS.search(low):
        scales = pair
    about_pay = talked_pay or turn.label == "vraag_salaris" or bool(_ABOUT_AMOUNTS.search(low))
    outermost = len(words(turn.text)) <= 10 and names_nothing(turn) and _OUTERMOST.search(low)
    goes_on = talked_pay and (outermost or _HOURS.search(low))
    of_table = about_pay and _OLD_TABLE.search(low) and not turn.asks_of_today
    if scales and (goes_on or of_table):
        turn.label, turn.schalen, turn.old_table = "vraag_salaris", scales, True
        return True
    if (
        talked_pay
        and len(words(turn.text)) <= 2 * SHORT
        and names_nothing(turn)
        and _NOW.search(low)
        and not reading.aspect(low)
    ):
        turn.label, turn.schalen = "vraag_salaris", scales
        return True
    return False


_TOTAL = re.compile(r"\b(?:samen|totaal|bij elkaar|opgeteld|alles bij elkaar|allemaal)\b")


def total(turn: Turn, low: str) -> bool:
    """ "Hoeveel fte is dat samen?" after the list of all functions."""
    after_list = turn.context.vraag == "vraag_functielijst" and reading.aspect(low) == "vraag_formatie"
    after_one = turn.context.vraag in ("vraag_formatie", "vraag_grootste_formatie") and "totaal" in low
    if not (names_nothing(turn) and (after_list or after_one) and _TOTAL.search(low)) or turn.together:
        return False
    turn.label = "onderwerp/organisatie.formatie_totaal"
    return True


_MORE_PAY = re.compile(
    r"\b(?:meer|extra) (?:\w+ )?(?:verdienen|loon|salaris|geld)\b|\bopslag\b|\b(?:loons|salaris)verhoging\b"
)


def more_pay(turn: Turn, low: str) -> bool:
    """ "Ik wil 100 euro meer verdienen, hoe pak ik dat aan?" asks for advice and for no amount."""
    of_pay = turn.label in ("vraag_salaris", "buiten_bereik/salaris_nu") and not turn.schalen
    if not (of_pay and names_nothing(turn) and not turn.talked_of and _MORE_PAY.search(low)):
        return False
    return answered_by(turn, "advies.opslag")


def pay_of_functie(turn: Turn, low: str) -> bool:
    """What a function of the book earns now: its scale, and the dated table of what that paid."""
    talked = turn.context.vraag == "vraag_salaris" and bool(turn.context.schalen)
    if turn.label != "buiten_bereik/salaris_nu" or not (turn.named_functies or (talked and short(turn))):
        return False
    turn.label = "vraag_salaris"
    turn.schalen = turn.schalen or ([] if turn.named_functies else list(turn.context.schalen[:1]))
    return True


_COLLEAGUE = re.compile(
    r"\bcollega'?s?\b.{0,60}\b(?:hetzelfde|zelfde|precies|evenveel)\b|\b(?:hetzelfde|zelfde) werk\b.{0,40}\bcollega"
)


def colleague_gets_more(turn: Turn, low: str) -> bool:
    """ "Mijn collega doet hetzelfde werk en zit in 10, ik in 9" asks not who are in those scales."""
    far = turn.label in ("vraag_functies_in_schaal", "vraag_schaal") and not turn.named_functies
    if not (far and turn.schalen and _COLLEAGUE.search(low)):
        return False
    return answered_by(turn, "advies.collega_meer")


_HOW_MUCH = re.compile(r"\b(?:bedraagt|bedroeg|hoeveel (?:is|zijn|was) (?:dat|die|het|dit))\b")


def how_much(turn: Turn, low: str) -> bool:
    """ "Hoeveel bedraagt die?" after a question about fte asks no salary."""
    after_fte = turn.context.vraag in ("vraag_formatie", "vraag_grootste_formatie")
    if (
        _TOTAL.search(low)
        or not (after_fte and names_nothing(turn) and short(turn) and _HOW_MUCH.search(low))
        or reading.aspect(low)
    ):
        return False
    turn.label = "vraag_formatie"
    return True
