"""Questions about subjects, and about what a scale pays."""

from __future__ import annotations

import re

from bot.actions.base import AnswerAction, first, handles
from bot.actions.turn import Turn
from bot.answers import functies, gesprek, onderwerpen, salaris
from bot.answers.answer import Answer
from bot.nlu.text import words
from knowledge.schema import Onderwerp

SURE = 0.75
"""Confidence above which one subject is answered and no other."""
ALSO = 0.3
"""The part of the best reading's confidence that a second reading must have to be answered too."""


class ActionOnderwerp(AnswerAction):
    """Answers questions about interim work, leaders, the profession, the survey, the organisation and pay."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_onderwerp"


@handles("onderwerp")
def onderwerp(turn: Turn) -> Answer:
    """The answer to a subject; figures that are named beside it are answered too."""
    item = turn.store.onderwerp(turn.topic or "")
    if item is None:
        return gesprek.weet_niet()
    extra = []
    if item.cijfers:
        named = [turn.store.onderwerp(name) for name in turn.values("onderwerp")]
        extra = [o for o in named if o and o.id != item.id and o.cijfers and o.bron.sectie == item.bron.sectie][:2]
    if not extra:
        extra = _runner_up(turn, item)
    return onderwerpen.onderwerp(turn.store, item, extra)


def _runner_up(turn: Turn, item: Onderwerp) -> list[Onderwerp]:
    """A second subject that the question may as well be about; [] when the first is sure enough."""
    subjects = [r for r in turn.ranking if str(r.get("full", "")).startswith("onderwerp/")]
    mine = next((r for r in subjects if r["full"] == f"onderwerp/{item.id}"), None)
    others = [r for r in subjects if r is not mine]
    if mine is None or not others or mine["confidence"] > SURE:
        return []
    if others[0]["confidence"] < ALSO * mine["confidence"]:
        return []
    other = turn.store.onderwerp(others[0]["full"].split("/", 1)[1])
    return [other] if other else []


_MONEY = frozenset(
    "euro euros bruto netto bedrag bedragen geld maand maandelijks maandsalaris uurloon jaarsalaris periodiek trede "
    "maandloon handje centen salarisstrook tabel".split()
)
"""Words that ask for an amount; without them "wat verdient een ...?" is answered with the scale."""


def _goes_on(turn: Turn) -> bool:
    """Whether the last answer was the table, and the message only names another scale or asks what kind of amounts."""
    last = turn.context.laatste
    goes_on = last is not None and last.label == "vraag_salaris" and len(words(turn.text)) <= 8
    return goes_on and not turn.asks_of_today


@handles("vraag_salaris")
def loon(turn: Turn) -> Answer:
    """What a scale pays: the dated table when that is asked for, otherwise that today's amounts aren't known."""
    said = {w.text for w in words(turn.text)}
    if turn.named_functies and not said & _MONEY and not turn.old_table:
        named = first(turn.named_functies)
        return salaris.met_tabel(turn.store, functies.schaal(turn.store, named), [f.schaal for f in named])
    scales = turn.schalen or [f.schaal for f in (turn.named_functies or turn.functies)[:2]]
    if not scales:
        scales = [f.schaal for f in turn.talked_of[:1]] or list(turn.context.schalen[:1])
    years = re.findall(r"\b20\d\d\b", turn.text)
    found = turn.store.salaris(scales[0]) if scales else None
    if found and (found.tabel.geldig_vanaf[:4] in years or turn.old_table or _goes_on(turn)):
        return salaris.tabel(turn.store, scales) or salaris.nu_onbekend(turn.store, scales)
    return salaris.nu_onbekend(turn.store, scales)
