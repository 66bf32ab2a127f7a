"""Career advice: a next step, what is missing, how far a diploma reaches, and what fits somebody's strengths."""

from __future__ import annotations

import re

from bot.actions.base import AnswerAction, first, handles
from bot.actions.functie import ask_functie, functies_bij_opleiding
from bot.actions.turn import Turn
from bot.answers import advies, functies, gesprek, questions
from bot.answers.answer import Answer, Button
from knowledge import advice
from knowledge.education import RANKS
from knowledge.store import Functie


class ActionAdvies(AnswerAction):
    """Answers requests for advice."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_advies"


def _diploma(turn: Turn) -> str | None:
    """The highest education that the message names, else the one that the person told before."""
    named = turn.values("opleiding")
    return max(named, key=lambda name: RANKS.get(name, 0)) if named else turn.context.persoon.opleiding


@handles("vraag_volgende_stap")
def volgende_stap(turn: Turn) -> Answer:
    """Where to go from a function or scale; without either, from the person's own function."""
    own = turn.own_functie
    found = turn.functies or ([own] if own else [])
    if not turn.named_functies and turn.schalen:
        found = [f for s in turn.schalen for f in turn.store.functies_in_schaal(s)][:1]
    return _step_from(turn, found[0]) if found else ask_functie(turn)


def _step_from(turn: Turn, van: Functie) -> Answer:
    """The next step from a function; what is asked after it is about the function that was suggested."""
    answer = advies.volgende_stap(turn.store, van, _diploma(turn), opzij=turn.aside)
    turn.functies = [van]
    way = "opzij" if turn.aside else "omhoog"
    turn.focus = [step["id"] for step in answer.data.get("pad", []) if step["richting"] == way][:1] or [van.id]
    return answer


@handles("vraag_wat_ontbreekt")
def wat_ontbreekt(turn: Turn) -> Answer:
    """What stands between a person, or a function, and another function."""
    van, naar = van_naar(turn)
    diploma, sterk = _diploma(turn), turn.context.persoon.sterk
    if naar:
        turn.focus = [naar.id]
        return advies.kloof(turn.store, advice.gap(van, naar, diploma, sterk))
    return _step_from(turn, van) if van else ask_functie(turn)


_FROM = re.compile(r"\b(?:als|van|vanuit|ben|nu|huidige)\s+(?:(?:een|de|gewone?|functie)\s+)*$")
_TO = re.compile(r"\b(?:voor|naar|tot|word|worden|wil)\s+(?:(?:een|de|functie|ik|je)\s+)*$")
_BECOME = re.compile(r"^\s+(?:(?:te|zou|zal|ga|wil|willen|kan|kunnen|wou)\s+)*(?:worden|word|wil|willen)\b")


def van_naar(turn: Turn) -> tuple[Functie | None, Functie | None]:
    """From which function to which one a question about a gap goes; None where that isn't told.

    The words before a name decide ("als beheerder", "voor adviseur"), then what the person told, then the scales: the
    lower one is where somebody comes from.
    """
    own, doel = turn.own_functie, turn.store.functie(turn.context.persoon.doel or "")
    named = first(turn.named_functies, 2)
    roles = {f.id: _role(turn, f) for f in named}
    if len(named) == 2:
        van, naar = sorted(named, key=lambda f: f.schaal_rang)
        both_ways = (named, named[::-1])
        for f, other in both_ways:
            if own and own.id == other.id and roles[other.id] != "naar":
                return other, f
        for f, other in both_ways:
            if roles[f.id] == "naar" or roles[other.id] == "van":
                return other, f
        return van, naar
    if named:
        if roles[named[0].id] == "van" or (own and own.id == named[0].id):
            # "Ik ben nu beheerder, wat mis ik dan?" after a talk about adviseur.
            wanted = [f for f in (doel, *turn.talked_of[:1]) if f and f.id != named[0].id]
            return named[0], wanted[0] if wanted else None
        return own, named[0]
    talked = turn.talked_of
    if own and doel and own.id != doel.id:
        return own, doel
    if len(talked) >= 2:
        van, naar = sorted(talked[:2], key=lambda f: f.schaal_rang)
        return van, naar
    target = next((f for f in talked if not own or f.id != own.id), None)
    return own, doel or (target if own else None) or (None if own else target)


def _role(turn: Turn, functie: Functie) -> str | None:
    """Whether the words around a function's name make it the one to go from or to."""
    low = turn.text.lower()
    for entity in turn.entities:
        of_norm = entity["entity"] == "normfunctie" and entity["value"] == functie.norm.id
        if of_norm or (entity["entity"] == "functie" and entity["value"] == functie.id):
            before, after = low[: entity["start"]], low[entity["end"] :]
            if _TO.search(before) or _BECOME.search(after):
                return "naar"
            if _FROM.search(before):
                return "van"
    return None


_SINCE = re.compile(r"\b(?:vanaf (?:welke|wat voor|wanneer)|laagste schaal|laagste trede|ondergrens|waar begint)\b")
_WITHOUT = re.compile(r"\b(?:zonder|geen|niet)\W+(?:\w+\W+){0,3}?$")
_CLAUSE = re.compile(r"[,.;:!?]|\bmet\b")
_REQUIRED = re.compile(r"\b(?:nodig|verplicht|vereist|alleen voor|uitsluitend|beletsel|ontbreken)\b")


def _asks_without(turn: Turn) -> bool:
    """Whether the question is about not having the diploma that it names, or whether it is a must."""
    low = turn.text.lower()
    places = [int(e["start"]) for e in turn.entities if e["entity"] == "opleiding"]
    return bool(_REQUIRED.search(low)) or any(_WITHOUT.search(_CLAUSE.split(low[:start])[-1]) for start in places)


@handles("vraag_schaal_bij_opleiding")
def schaal_bij_opleiding(turn: Turn) -> Answer:
    """How high a diploma reaches, whether a scale asks one, and from which scale on."""
    store, low, scales = turn.store, turn.text.lower(), turn.schalen
    named = sorted(turn.values("opleiding"), key=lambda name: RANKS.get(name, 0))
    if named and not scales and _SINCE.search(low) and (answer := advies.vanaf_schaal(store, named[-1])):
        return answer
    if named and _asks_without(turn) and (found := advice.without(store, named[-1], scales[0] if scales else None)):
        return advies.zonder(store, found)
    fields = turn.values("richting") or turn.context.persoon.richtingen
    if named:
        reaches = [advice.reachable(store, name, fields) for name in first(named)]
        return advies.schaal_bij_opleiding(store, *reaches, genoemd=scales)
    if re.search(r"\b(?:zonder|geen)\b", low) and (
        found := advice.without(store, "mbo-2", scales[0] if scales else None)
    ):
        # No diploma at all: held against the lowest level that the book asks by number.
        return advies.zonder(store, found)
    if diploma := turn.context.persoon.opleiding:
        return advies.schaal_bij_opleiding(store, advice.reachable(store, diploma, fields), genoemd=scales)
    if scales:
        return advies.opleiding_bij_schaal(store, first(scales))
    options = [Button(o, questions.TOT_SCHAAL.format(o)) for o in ("mbo niveau 2", "mbo niveau 4", "hbo", "wo")]
    return gesprek.welke("opleiding", options, ["mbo niveau 3", "hbo", "wo"])


@handles("vraag_sterke_punten")
def sterke_punten(turn: Turn) -> Answer:
    """Which functions ask what someone is good at."""
    diploma = turn.values("opleiding")
    strong = [c.id for c in turn.named_competenties] or turn.context.persoon.sterk
    if strong and (answer := advies.bij_sterke_punten(turn.store, strong, _diploma(turn))):
        return answer
    if diploma:
        return functies_bij_opleiding(turn)
    # "Ik werk graag aan de balie": no competency, but work that the book describes.
    return functies.functie_bij_taak(turn.store, turn.text) or wat_past(turn)


@handles("vraag_wat_past")
def wat_past(turn: Turn) -> Answer:
    """What the person told decides: strong points, a diploma, or the function now; otherwise ask for one of them."""
    persoon = turn.context.persoon
    if turn.values("opleiding"):
        return functies_bij_opleiding(turn)
    if persoon.sterk and (answer := advies.bij_sterke_punten(turn.store, persoon.sterk, _diploma(turn))):
        return answer
    if persoon.opleiding:
        return functies_bij_opleiding(turn)
    if turn.own_functie:
        return _step_from(turn, turn.own_functie)
    text = "Dat zoek ik graag met je uit. Vertel me één ding: welke opleiding heb je, waar ben je goed in, of wat is je functie nu?"
    options = (
        Button("Ik heb hbo", questions.BIJ_OPLEIDING.format("hbo")),
        Button("Ik heb mbo niveau 4", questions.BIJ_OPLEIDING.format("mbo niveau 4")),
        questions.plain("loopbaangesprek"),
    )
    return gesprek.welke_van(text, options)
