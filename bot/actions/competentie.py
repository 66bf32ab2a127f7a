"""Questions about competencies."""

from __future__ import annotations

from bot.actions.base import AnswerAction, first, handles
from bot.actions.functie import ask_functie, with_functie
from bot.actions.turn import Turn
from bot.answers import competenties, functies, gesprek, questions
from bot.answers.answer import Answer
from knowledge.schema import Competentie


class ActionCompetentie(AnswerAction):
    """Answers questions about competencies."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_competentie"


def ask_competentie(turn: Turn) -> Answer:
    """Ask which competency is meant; of the function that is talked about when there is one."""
    names: list[str] = []
    for functie in turn.functies[:1]:
        found = [turn.store.competentie(item.competentie) for item in functie.norm.competenties]
        names = [c.naam.lower() for c in found if c]
    names = names or ["klantgerichtheid", "visie", "zelfstandigheid"]
    options = [questions.about_competentie("vraag_competentie", name, name.capitalize()) for name in names]
    return gesprek.welke("competentie", options, names[:3])


@handles("vraag_competenties")
def van_functie(turn: Turn) -> Answer:
    """The competencies of functions; with a competency named, its level."""
    if turn.values("module") and not turn.named_functies:
        return functies.module(turn.store)
    if turn.functies and turn.named_competenties and turn.named_functies:
        return competenties.niveau_van_functie(turn.store, first(turn.functies), first(turn.named_competenties))
    if turn.functies:
        return competenties.van_functie(turn.store, first(turn.functies))
    if turn.named_competenties:
        return betekenis(turn)
    return with_functie(lambda t, found: competenties.van_functie(t.store, found))(turn)


@handles("vraag_competentie_niveau")
def niveau(turn: Turn) -> Answer:
    """The level of a competency for a function; what is missing is asked for, or answered as far as it goes."""
    if not turn.competenties and turn.functies:
        return competenties.van_functie(turn.store, first(turn.functies))
    if not turn.functies and turn.competenties:
        return competenties.functies_bij(turn.store, first(turn.competenties), None)
    if not turn.functies:
        return ask_functie(turn)
    return competenties.niveau_van_functie(turn.store, first(turn.functies), first(turn.competenties))


@handles("vraag_competentie")
def betekenis(turn: Turn) -> Answer:
    """What a competency means."""
    if not turn.competenties:
        return ask_competentie(turn)
    if turn.niveaus and len(turn.competenties) == 1:
        return gedrag(turn)
    return competenties.betekenis(turn.store, first(turn.competenties))


def _levels(turn: Turn, competentie: Competentie) -> list[str]:
    """The levels asked about; "hoogste" and "laagste" become the edge that the source describes."""
    known = sorted(competentie.niveaus)
    edge = {"hoogste": known[:1], "laagste": known[-1:]}
    return [n for level in turn.niveaus for n in edge.get(level, [level])]


def _level_of_functie(turn: Turn, competentie: Competentie) -> list[str] | None:
    for functie in turn.functies or turn.named_functies:
        found = competenties.asked_level(functie, competentie.id)
        if found:
            return list(dict.fromkeys(level for level, _ in found))
    return None


@handles("vraag_gedrag")
def gedrag(turn: Turn) -> Answer:
    """What one shows at a level of a competency."""
    if not turn.competenties:
        return ask_competentie(turn)
    competentie = turn.competenties[0]
    levels = _levels(turn, competentie)
    if len(levels) > 1:
        return competenties.verschil_niveaus(turn.store, competentie, levels)
    levels = levels or (_level_of_functie(turn, competentie) if turn.named_functies else None) or []
    if not levels:
        return competenties.alle_niveaus(turn.store, competentie)
    return competenties.gedrag(turn.store, competentie, levels)


@handles("vraag_verschil_niveaus")
def verschil(turn: Turn) -> Answer:
    """The difference between levels of a competency."""
    if not turn.competenties:
        return ask_competentie(turn)
    if len(turn.named_functies) > 1:
        return competenties.niveau_van_functie(turn.store, first(turn.named_functies), first(turn.competenties))
    competentie = turn.competenties[0]
    levels = _levels(turn, competentie)
    if len(set(levels)) < 2:
        levels = sorted(set(levels) | set(competentie.niveaus))
    return competenties.verschil_niveaus(turn.store, competentie, levels)


@handles("vraag_functies_bij_competentie")
def functies_bij(turn: Turn) -> Answer:
    """Which functions need a competency."""
    if not turn.competenties:
        return ask_competentie(turn)
    level = _levels(turn, turn.competenties[0])
    return competenties.functies_bij(turn.store, first(turn.competenties), level[0] if len(level) == 1 else None)


@handles("vraag_competentielijst")
def lijst(turn: Turn) -> Answer:
    """All competencies."""
    return competenties.lijst(turn.store)
