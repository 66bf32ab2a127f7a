"""From one turn to its answer: choices, the career conversation, two questions at once, and the question's own handler."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bot.actions import choices, intake, outside, own, reading, subjects
from bot.actions.context import Context
from bot.actions.registry import handler_for
from bot.actions.turn import Turn
from bot.answers import gesprek
from bot.answers.answer import MAX_FOLLOW_UPS, Answer
from bot.nlu.names import inside
from bot.settings import Settings

SURE = 0.6
"""Confidence that each of two questions in one message must have to be answered both."""

_ALSO = re.compile(r"\b(?:ook|gelijk|meteen|erbij|er bij|direct|bij)\b")

_URGENT = ("crisis",)
"""Readings that nothing else in the conversation may come before."""


def respond(turn: Turn) -> tuple[Answer, Context]:
    """The answer to a turn, and the context after it."""
    answer, turn = _respond(turn)
    context = turn.next_context(answer)
    if answer.outcome == "answered" and turn.text:
        context = context.with_question(turn.text)
    return answer, context


def _respond(turn: Turn) -> tuple[Answer, Turn]:
    if turn.label in _URGENT:
        return answer_of(turn), turn
    if turn.context.intake:
        return intake_turn(turn)
    question = choices.picked(turn.text, turn.context.opties) if not turn.named_functies or turn.context.wacht else None
    if choices.ordinal(turn.text) is not None and not turn.context.wacht and subjects.plainly(turn):
        question = None  # "de eerste" of the points that a subject listed, not of the buttons below it
    if question is None and choices.says_yes(turn.text) and turn.context.opties:
        question = agreed(turn)
    if question is not None and question != turn.text:
        turn = own.as_turn(question, turn.context, turn.store) or turn
        return answer_of(turn), turn
    # A question that the bot itself put on a button means what it meant there, whatever the model makes of it.
    if not turn.fragment and (known := own.as_turn(turn.text, turn.context, turn.store)):
        return answer_of(known), known
    return both(turn) or (answer_of(turn), turn)


def answer_of(turn: Turn) -> Answer:
    """The answer of the question's own handler."""
    handler = handler_for(turn.label)
    return outside.with_lead(turn, handler(turn)) if handler else gesprek.weet_niet()


def agreed(turn: Turn) -> str | None:
    """What a plain yes agrees to: the only choice, or the first follow-up of an answer; None when that isn't clear."""
    options = turn.context.opties
    return options[0][1] if len(options) == 1 or not turn.context.wacht else None


def both(turn: Turn) -> tuple[Answer, Turn] | None:
    """The answers to two questions in one message; None when it doesn't clearly hold two that have one."""
    if aspects := _aspects(turn):
        return _merged(turn, aspects)
    if len(turn.named_subjects) == 2 and turn.topic in turn.named_subjects:
        return _merged(turn, [f"onderwerp/{name}" for name in turn.named_subjects])
    if len(turn.parts) < 2 or turn.fragment or turn.label.startswith("buiten_bereik/"):
        return None
    answers: list[Answer] = []
    labels: list[str] = []
    context, last = turn.context, turn
    for part in turn.parts[:2]:
        sub = _part(turn, part, context)
        if len(turn.named_functies) > 1 and not sub.named_functies:
            return None  # "X verdient meer dan Y. Klopt dat? Wie zit hoger?": one question about both
        if sub.share < SURE or sub.label == "nlu_fallback":
            return None
        answer = answer_of(sub)
        if answer.outcome != "answered" or any(answer.kind == other.kind for other in answers):
            return None
        answers.append(answer)
        labels.append(sub.label)
        context, last = sub.next_context(answer), sub
    last.context, last.aspects = context, tuple(labels)
    return _together(*answers), last


def _aspects(turn: Turn) -> list[str]:
    """The two things that one question asks of a function ("de schaal en opleiding van X"); [] when it doesn't."""
    if not turn.label.startswith("vraag_") or not (turn.named_functies or turn.functies):
        return []
    if turn.fragment and turn.label in turn.context.aspecten:
        return list(turn.context.aspecten)
    low, waiting = turn.text.lower(), turn.context.vraag or ""
    if turn.context.wacht and turn.named_functies and waiting in reading.NEEDS_FUNCTIE and _ALSO.search(low):
        # "Voor senior ondersteuner. En zeg er gelijk de schaal bij": what was waiting, and more.
        more = [label for label in (*reading.aspects(low), turn.label) if label in reading.NEEDS_FUNCTIE - {waiting}]
        return [waiting, *more[:1]] if more else []
    return reading.two_aspects(low)


def _merged(turn: Turn, labels: list[str]) -> tuple[Answer, Turn] | None:
    turn.functies = turn.functies or turn.named_functies
    answers = []
    for label in labels:
        turn.label = label
        answers.append(answer_of(turn))
    turn.label, turn.aspects = labels[0], tuple(labels)
    return (_together(*answers), turn) if all(a.outcome == "answered" for a in answers) else None


def _together(first: Answer, second: Answer) -> Answer:
    return Answer(
        "answered",
        first.kind,
        _without_repeated_notes(first.text, second.text),
        tuple(dict.fromkeys((*first.sources, *second.sources))),
        tuple(dict.fromkeys((*second.buttons, *first.buttons)))[:MAX_FOLLOW_UPS],
        {**second.data, **first.data},
    )


def _part(turn: Turn, part: dict[str, Any], context: Context) -> Turn:
    start, end = int(part["start"]), int(part["end"])
    ranking = list(part["ranking"])
    named = inside(turn.entities, start, end)
    sub = Turn(turn.text[start:end], "nlu_fallback", ranking, named, context, turn.store)
    sub.ranking = reading.merged(sub)
    sub.label = reading.label_of(sub.ranking[0]) if sub.ranking else "nlu_fallback"
    sub.complete()
    return sub


def _without_repeated_notes(first: str, second: str) -> str:
    """Two texts under each other, a remark that both end with given once."""
    body, _, notes = first.partition("\n\n_Let op:")
    return body + "\n\n" + second + (f"\n_Let op:{notes}" if notes and notes not in second else "")


# --- the career conversation -------------------------------------------------------------------------------------------


def intake_turn(turn: Turn) -> tuple[Answer, Turn]:
    """A message during the career conversation: a reply to its question, a question of one's own, or an end to it."""
    step = turn.context.intake or ""
    question = choices.picked(turn.text, turn.context.opties) or turn.text
    if intake.stopt(question) or turn.label == "vergeet":
        turn.context = replace(turn.context, intake=None)
        return (answer_of(turn) if turn.label == "vergeet" else gesprek.intake_gestopt()), turn
    entities = turn.entities if question == turn.text else []
    if intake.stops_and_asks(question):
        # "Stop maar even met vragen. In welke schaal zit ...?"
        turn.context = replace(turn.context, intake=None)
        return answer_of(turn), turn
    asks = question == turn.text and _asks_for_itself(turn)
    found = None if asks else intake.lees(turn.store, step, question, entities)
    if found is None:
        answer = answer_of(turn)
        if answer.outcome in ("answered", "smalltalk", "out_of_scope", "handoff") and not intake.is_intake(answer):
            reminder = intake.vraag(step, store=turn.store)
            text = f"{answer.text}\n\nTerug naar ons gesprek. {reminder.text}"
            answer = replace(answer, text=text, buttons=reminder.buttons)
        else:
            answer = intake.vraag(step, store=turn.store)
        return answer, turn
    persoon = replace(turn.context.persoon, **found)
    following = intake.volgende(step, persoon)
    turn.context = replace(turn.context, persoon=persoon, intake=following)
    turn.label = "loopbaangesprek"
    if following is None:
        return intake.overzicht(turn.store, persoon), turn
    return intake.vraag(following, found, turn.store), turn


_OF_ITSELF = frozenset({"mens_spreken", "privacy", "wie_ben_je", "wat_kun_je", "samenvatting"})
SURELY_ASKED = 0.8
"""Confidence from which a message in the career conversation is a question of one's own, whatever names it has."""


def _asks_for_itself(turn: Turn) -> bool:
    if not turn.ranking or float(turn.ranking[0]["confidence"]) < SURELY_ASKED:
        return False
    label = reading.label_of(turn.ranking[0])
    return label in _OF_ITSELF or (label in reading.NEEDS_FUNCTIE and turn.text.lower().lstrip().startswith("en "))


# --- first contact ---------------------------------------------------------------------------------------------------------


def notice(context: Context, answer: Answer) -> str | None:
    """What is said below the first answer of a conversation: that this is a computer, and how to reach a person."""
    if context.begroet or answer.kind == "gesprek.crisis":
        return None
    contact = Settings.from_environment().contact
    introduces_itself = answer.kind in ("gesprek.groet", "gesprek.wie_ben_je")
    return gesprek.liever_een_mens(contact) if introduces_itself else gesprek.computer(contact)
