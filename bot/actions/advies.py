"""Career advice: a next step, what is missing, and what fits somebody's strengths."""

from __future__ import annotations

from bot.actions.base import AnswerAction, first, handles
from bot.actions.functie import ask_functie, functies_bij_opleiding
from bot.actions.turn import Turn
from bot.answers import gesprek, vergelijken
from bot.answers.answer import Answer, Button


class ActionAdvies(AnswerAction):
    """Answers requests for advice."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_advies"


@handles("vraag_volgende_stap")
def volgende_stap(turn: Turn) -> Answer:
    """Where to go from a function or scale."""
    found = turn.functies
    if not turn.named_functies and turn.schalen:
        found = [f for s in turn.schalen for f in turn.store.functies_in_schaal(s)][:1]
    return vergelijken.volgende_stap(turn.store, found[0]) if found else ask_functie(turn)


@handles("vraag_wat_ontbreekt")
def wat_ontbreekt(turn: Turn) -> Answer:
    """What stands between two functions."""
    found = list(turn.named_functies)
    for name in turn.context.functies:
        functie = turn.store.functie(name)
        if len(found) < 2 and functie and functie not in found:
            found.append(functie)
    if len(found) >= 2:
        return vergelijken.vergelijk(turn.store, first(found, 2))
    return vergelijken.volgende_stap(turn.store, found[0]) if found else ask_functie(turn)


@handles("vraag_sterke_punten")
def sterke_punten(turn: Turn) -> Answer:
    """Which functions ask what someone is good at."""
    diploma = turn.values("opleiding")
    if turn.named_competenties:
        answer = vergelijken.bij_sterke_punten(
            turn.store, [c.id for c in turn.named_competenties], diploma[0] if diploma else None
        )
        if answer:
            return answer
    return functies_bij_opleiding(turn) if diploma else wat_past(turn)


@handles("vraag_wat_past")
def wat_past(turn: Turn) -> Answer:
    """Ask for something to go on."""
    if turn.values("opleiding"):
        return functies_bij_opleiding(turn)
    text = "Dat zoek ik graag met je uit. Vertel me één ding: welke opleiding heb je, waar ben je goed in, of wat is je functie nu?"
    options = (
        Button("Ik heb hbo", "Welke functies passen bij hbo?"),
        Button("Ik heb mbo niveau 4", "Welke functies passen bij mbo niveau 4?"),
        Button("Ik ben goed in plannen", "Ik ben goed in plannen en organiseren, welke functie past daarbij?"),
    )
    return gesprek.welke_van(text, options)
