"""Functions that people name and that the book does not have: what then becomes of their question.

The names come from the knowledge base (`buiten_boek`). A question about such a function is answered with what is near to
it; a question about somebody's own next step is answered for the nearest function, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from bot.actions import person, reading
from bot.answers import gesprek
from bot.answers.answer import Answer
from bot.nlu.questions import question_part
from bot.nlu.text import words
from knowledge import tasks
from knowledge.normal import name_key
from knowledge.store import BuitenBoek, Functie

if TYPE_CHECKING:
    from bot.actions.turn import Turn

UNKNOWN = "buiten_bereik/onbekende_functie"

_OWN = frozenset({"vraag_volgende_stap", "vraag_wat_ontbreekt"})
"""Questions about somebody's own way on: the function that is named is the one they have."""
_COMPARES = "vraag_verschil_functies"
_LISTS = "vraag_functielijst"
_ASKS = (reading.NEEDS_FUNCTIE - _OWN) | {"vraag_salaris", _COMPARES, "vraag_functie_bij_taak", _LISTS}
"""Questions that have no answer for a function outside the book."""

_SHORT = 8
"""Words up to which a message that wasn't understood is taken to be about the function that it names."""
_REFUSES = "buiten_bereik/andere_sector"
"""A refusal that can't say more than what is known of the function: what is near to it."""
_UNSURE = 0.25
"""Share up to which the reading of a short message as a subject is a guess, and the function that it names is not."""
_GUESS = 12
"""Words of such a message at most."""
_BESIDE = 8
"""Words beside two functions that are set side by side ("A of B, wat ...") at most."""
_JOINS = re.compile(r"\W*(?:vs|versus|of|naar|en|tegenover)\W*(?:een\W+|'n\W+)?|\W*[/-]\W*")
_FROM_TO = re.compile(r"\bnaar\b")
_GROWS = re.compile(r"\b(?:door)?groei|\bhogerop\b|\bverder\b")
_SUCH = re.compile(r"\b(?:dergelijke|zulke|soortgelijke|vergelijkbare|zo'?n|zo een) (?:functie|baan|job|rol|positie)\b")
_SOMEBODY = re.compile(r"\b(?:mijn|m'n|me|onze|ons|jullie|zijn|haar|hun|uw|je|jouw)\s+(?:\w+\s+)?$")
_GOAL = re.compile(r"\b(?:naar|richting)\W+(?:een\W+|'n\W+)?$|\b(?:wil|wou|zou|graag)\b\W+(?:\w+\W+){0,4}$")
_BECOME = re.compile(r"^\W*(?:te\W+)?(?:worden|wil|wou)\b")
_PRONOUN = re.compile(r"\b(?:zij|ze|hij|ie|hem|haar|die|deze|diegene)\b")
_SELF = re.compile(r"\b(?:ik|ben|was|werk|werkte)\b\W+(?:\w+\W+){0,4}$")


def apply(turn: Turn) -> None:
    """Read the question anew when it names a function outside the book."""
    found = _named(turn)
    if not found:
        return
    if turn.named_functies:
        _beside(turn, found)
    elif _side_by_side(turn, found):
        _step_or_unknown(turn, found)
    elif turn.label in _OWN or (turn.fragment and turn.context.wacht and turn.context.vraag in _OWN):
        _own_step(turn, found)
    elif _may_ask(turn) and _is_asked(turn, found):
        _unknown(turn, found)


def _side_by_side(turn: Turn, found: Sequence[dict[str, Any]]) -> bool:
    """Whether the message is little more than two functions outside the book ("boekhouder naar controller, kan dat?")."""
    if not turn.label.startswith("onderwerp/") and turn.label not in (UNKNOWN, _COMPARES, "nlu_fallback"):
        return False
    every = _every(turn)
    low = turn.text.lower()
    if len(every) != 2 or not _JOINS.fullmatch(low[every[0]["end"] : every[1]["start"]]):
        return False
    return len(words(_without(turn.text, every))) <= _BESIDE


def _step_or_unknown(turn: Turn, found: Sequence[dict[str, Any]]) -> None:
    """Answer for the nearest functions where somebody goes from one function to another one; else say what is near."""
    every = _every(turn)
    near = [part.dichtstbij[0] for part in _parts(turn, every) if part.dichtstbij]
    if len(near) != len(every) or near[0].id == near[1].id or not _FROM_TO.search(turn.text.lower()):
        _unknown(turn, every)
        return
    turn.label, turn.named_functies = "vraag_wat_ontbreekt", near
    turn.outside_lead = gesprek.in_plaats_van(names(turn, every), near)


def _unknown(turn: Turn, found: Sequence[dict[str, Any]]) -> None:
    turn.label = UNKNOWN
    turn.outside, turn.outside_names = _parts(turn, found), names(turn, found)


def with_lead(turn: Turn, answer: Answer) -> Answer:
    """The answer with what must be said first about a function outside the book."""
    if not turn.outside_lead or answer.outcome not in ("answered", "clarification"):
        return answer
    return answer.with_text(f"{turn.outside_lead}\n{answer.text}")


def names(turn: Turn, found: Sequence[dict[str, Any]]) -> list[str]:
    """The functions as the content writes the names that the person used, also when these were misspelled."""
    said: list[str] = []
    for entity in found:
        part = turn.store.buiten_boek(str(entity["value"]))
        text = name_key(turn.text[entity["start"] : entity["end"]])
        if part is None:
            continue
        best = process.extractOne(text, [name_key(name) for name in part.namen], scorer=fuzz.ratio)
        said.append(part.namen[best[2]] if best else part.naam)
    return list(dict.fromkeys(said))


def _named(turn: Turn) -> list[dict[str, Any]]:
    """The functions outside the book in the text, each once."""
    found = {e["value"]: e for e in reversed(turn.entities) if e["entity"] == "buiten_boek"}
    return sorted(found.values(), key=lambda e: int(e["start"]))


def _every(turn: Turn) -> list[dict[str, Any]]:
    """The places where the text names a function outside the book, also where one function has two names."""
    places = {(int(e["start"]), int(e["end"])): e for e in turn.entities if e["entity"] == "buiten_boek"}
    for entity in list(places.values()):
        # The recogniser names each function once: "van financieel medewerker naar financieel adviseur".
        part = turn.store.buiten_boek(str(entity["value"]))
        for name in part.namen if part else ():
            for match in re.finditer(rf"\b{re.escape(name.lower())}\b", turn.text.lower()):
                start, end = match.span()
                if all(end <= other_start or start >= other_end for other_start, other_end in places):
                    places[start, end] = {**entity, "start": start, "end": end}
    return [places[place] for place in sorted(places)]


def _parts(turn: Turn, found: Sequence[dict[str, Any]]) -> list[BuitenBoek]:
    parts = {part.id: part for e in found if (part := turn.store.buiten_boek(str(e["value"])))}
    return list(parts.values())


# --- about the function itself -----------------------------------------------------------------------------------------


def _may_ask(turn: Turn) -> bool:
    """Whether the question, as it was read, can be one about the function."""
    if turn.label in _ASKS or turn.label in (UNKNOWN, _REFUSES):
        return True
    if turn.label.startswith("onderwerp/") and turn.share < _UNSURE and len(words(turn.text)) <= _GUESS:
        return True
    if turn.label.startswith(("onderwerp/", "buiten_bereik/")):
        return False
    return turn.fragment or (turn.label == "nlu_fallback" and len(words(turn.text)) <= _SHORT)


def _is_asked(turn: Turn, found: Sequence[dict[str, Any]]) -> bool:
    """Whether the question is about the function, and not about something in a story in which it occurs."""
    if turn.label == UNKNOWN:
        return True
    start, _ = question_part(turn.text)
    inside = any(e["start"] >= start for e in found)
    back = bool(turn.context.functies) and reading.points_at_functie(turn.text[start:])
    if not inside and not back and _SUCH.search(turn.text[start:].lower()):
        # "Ik ben controller bij een bedrijf. ... In welke schaal zit een dergelijke functie?"
        return True
    if not inside and (back or any(_SOMEBODY.search(turn.text.lower()[: e["start"]]) for e in found)):
        return False
    rest = _without(turn.text, found)
    if turn.label == "vraag_functie_bij_taak":
        # "Wie houdt toezicht op de schoonmaker?" asks for the work that is described.
        return inside and not tasks.functions_for(turn.store, tasks.without_question_words(rest), 1)
    if turn.label in reading.NEEDS_FUNCTIE and tasks.is_clear(turn.store, rest):
        # "Ik ben gymleraar, welk diploma moet ik hebben om zwemles te geven?"
        return False
    if turn.label == "vraag_taak_bij_functie":
        # "Overlegt zij ook met de griffier?" is about the function of the conversation.
        return not (turn.context.functies and _PRONOUN.search(turn.text.lower()))
    if turn.label == _LISTS:
        return inside and not any(_SELF.search(turn.text.lower()[: e["start"]]) for e in found)
    # An amount is asked of the scale that is named.
    return not (turn.label == "vraag_salaris" and turn.schalen)


def _without(text: str, found: Sequence[dict[str, Any]]) -> str:
    for entity in found:
        text = text[: entity["start"]] + " " * (entity["end"] - entity["start"]) + text[entity["end"] :]
    return text


# --- about one's own way on, and beside a function of the book ----------------------------------------------------------


def _is_goal(turn: Turn, entity: dict[str, Any]) -> bool:
    """Whether somebody wants to become it ("ik wil boa worden", "van bode naar boa")."""
    low = turn.text.lower()
    before = re.split(r"[.!?;,\n]", low[: entity["start"]])[-1]
    return bool(_GOAL.search(before) or _BECOME.search(low[entity["end"] :]))


def _own_step(turn: Turn, found: Sequence[dict[str, Any]]) -> None:
    """Put the nearest function in the place of the one that somebody has; without a nearest one the bot asks."""
    if goals := [e for e in found if _is_goal(turn, e)]:
        _unknown(turn, goals)
        return
    own = [e for e in found if not _SOMEBODY.search(turn.text.lower()[: e["start"]])][:1]
    if not own:
        return
    if turn.fragment and turn.context.wacht and turn.context.vraag in _OWN:
        turn.label = turn.context.vraag
    doel = turn.store.functie(turn.context.persoon.doel or "")
    goal = [doel] if doel else turn.talked_of[:1]
    if turn.label == "vraag_wat_ontbreekt" and goal:
        _stand_in(turn, own[0], goal)
    else:
        turn.label = "vraag_volgende_stap"
        _stand_in(turn, own[0])


def _beside(turn: Turn, found: Sequence[dict[str, Any]]) -> None:
    """A function of the book and one outside it in the same question."""
    start, _ = question_part(turn.text)
    asked = [e for e in found if e["start"] >= start]
    if turn.label == UNKNOWN:
        _unknown(turn, found)
    elif turn.label == "vraag_wat_ontbreekt" and (goals := [e for e in found if _is_goal(turn, e)]):
        _unknown(turn, goals)
    elif turn.label == "vraag_wat_ontbreekt" and len(turn.named_functies) == 1:
        before = turn.text.lower()[: found[0]["start"]]
        if not _SOMEBODY.search(before) and not person.about_others(before):
            _stand_in(turn, found[0], turn.named_functies)
    elif turn.label == _COMPARES and len(turn.named_functies) == 1 and asked:
        turn.label = "vraag_taken"
        turn.outside_lead = gesprek.alleen_bekend(names(turn, asked), turn.named_functies[0])
    elif (
        turn.label.startswith("onderwerp/")
        and turn.share < _UNSURE
        and len(turn.named_functies) == 1
        and len(found) == 1
    ):
        _guessed(turn, found[0])


def _guessed(turn: Turn, entity: dict[str, Any]) -> None:
    """Two functions set side by side in a message that was not understood: tell of the one that the book has."""
    low, functie = turn.text.lower(), turn.named_functies[0]
    known = [e for e in turn.entities if e["entity"] == "functie" and e["value"] == functie.id]
    places = sorted((int(e["start"]), int(e["end"])) for e in (entity, *known[:1]))
    if len(places) == 2 and _JOINS.fullmatch(low[places[0][1] : places[1][0]]):
        turn.label = "vraag_volgende_stap" if _GROWS.search(low) else "vraag_taken"
        turn.outside_lead = gesprek.alleen_bekend(names(turn, [entity]), functie)


def _stand_in(turn: Turn, entity: dict[str, Any], goal: Sequence[Functie] = ()) -> None:
    """Answer for the nearest function instead of the one that is named: from that one to the goal, if there is one."""
    part = _parts(turn, [entity])[0]
    near = part.dichtstbij[:1]
    turn.named_functies = [*near, *(f for f in goal if f not in near)]
    # Named in its place, so that the words around it say that somebody comes from there.
    turn.entities = [*turn.entities, *({**entity, "entity": "functie", "value": f.id} for f in near)]
    turn.outside_lead = gesprek.dichtstbij(names(turn, [entity])[0], part.dichtstbij, part.waarom)
    if len(part.dichtstbij) > 1:
        turn.outside_lead += f" Ik ga uit van {near[0].naam.lower()}."
