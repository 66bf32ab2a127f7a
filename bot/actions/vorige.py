"""Requests about the last answer: simpler, shorter, more, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.actions import reading
from bot.actions.registry import handler_for, handles
from bot.actions.turn import Turn
from bot.answers import competenties, functies, gesprek, questions, vorige
from bot.answers.answer import Answer, Button
from knowledge.schema import Onderwerp


def last_answer(turn: Turn) -> Answer | None:
    """The last answer once more, with the turn set back to its question; None when there is none to speak of."""
    if turn.context.laatste is None or turn.context.laatste.label in reading.LEANS_ON_LAST:
        return None
    again = Turn.again(turn.context.laatste, turn.context, turn.store)
    handler = handler_for(again.label)
    answer = handler(again) if handler else None
    if answer is None or answer.outcome != "answered":
        return None
    # What comes after this turn is still about that question.
    turn.label, turn.text = again.label, again.text
    turn.functies, turn.competenties = again.functies, again.competenties
    turn.named_functies, turn.named_competenties = again.named_functies, again.named_competenties
    turn.niveaus, turn.schalen, turn.entities = again.niveaus, again.schalen, again.entities
    turn.focus = list(turn.context.functies)
    return answer


@handles("vraag_korter")
def korter(turn: Turn) -> Answer:
    """The last answer in one or two sentences."""
    answer = last_answer(turn)
    return vorige.korter(answer) if answer else gesprek.geen_vorige()


@handles("vraag_eenvoudiger")
def eenvoudiger(turn: Turn) -> Answer:
    """The heart of the last answer, with its terms explained."""
    answer = last_answer(turn)
    return vorige.eenvoudiger(turn.store, answer) if answer else gesprek.geen_vorige()


@handles("vraag_bron")
def bron(turn: Turn) -> Answer:
    """Where the last answer stands, and how old that is."""
    for word, source in _DOCUMENTS:
        if re.search(rf"\b(?:dat|dit|het|de|die|jullie)\s+{word}", turn.text.lower()) and (
            found := vorige.over_bron(turn.store, source)
        ):
            return found
    answer = last_answer(turn)
    return vorige.bron(turn.store, answer) if answer else gesprek.herkomst(turn.store)


_DOCUMENTS = (
    ("functieboek", "functieboek"), ("functiehuis", "functieboek"), ("gids", "gids"), ("onderzoek", "onderzoek"),
    ("enqu[eê]te", "onderzoek"), ("raadpleging", "onderzoek"), ("competentieset", "competentieset"), ("set\b", "competentieset"),
)  # fmt: skip
"""Words for the documents, and a part of the id of the document that is meant."""


_MORE = {
    "vraag_schaal": "vraag_kenmerken",
    "vraag_taken": "vraag_resultaatgebieden",
    "vraag_resultaatgebieden": "vraag_werksituaties",
    "vraag_kenmerken": "vraag_taken",
    "vraag_opleiding": "vraag_vakkennis",
    "vraag_vakkennis": "vraag_vaardigheden",
    "vraag_vaardigheden": "vraag_competenties",
    "vraag_competenties": "vraag_werksituaties",
    "vraag_werksituaties": "vraag_competenties",
    "vraag_formatie": "vraag_kenmerken",
    "vraag_functiereeks": "vraag_normfunctie",
    "vraag_normfunctie": "vraag_kenmerken",
    "vraag_functie_bij_taak": "vraag_taken",
    "vraag_taak_bij_functie": "vraag_taken",
    "vraag_competentie": "vraag_gedrag",
    "vraag_competentie_niveau": "vraag_gedrag",
    "vraag_gedrag": "vraag_verschil_niveaus",
    "vraag_verschil_niveaus": "vraag_functies_bij_competentie",
    "vraag_verschil_functies": "vraag_wat_ontbreekt",
    "vraag_volgende_stap": "vraag_wat_ontbreekt",
}
"""What tells more about the same thing."""


@handles("vraag_volledig")
def volledig(turn: Turn) -> Answer:
    """The last answer in full, for "welke zijn dat?" and "waarom niet?"."""
    return last_answer(turn) or gesprek.geen_vorige()


@handles("vraag_meer")
def meer(turn: Turn) -> Answer:
    """More about what was answered: the next aspect of a function or competency, or the subject that belongs to it."""
    beurt = turn.context.laatste
    if beurt is None:
        return gesprek.geen_vorige()
    if beurt.label.startswith("onderwerp/"):
        return _more_of_subject(turn)
    label = _MORE.get(beurt.label)
    handler = handler_for(label) if label else None
    if label is None or handler is None:
        if turn.context.opties:
            return gesprek.bedoel_je([Button(*option) for option in turn.context.opties[:3]])
        return gesprek.geen_vorige()
    about = beurt.functies or turn.context.functies[:1]
    again = Turn.again(replace(beurt, label=label, functies=about, niveaus=()), turn.context, turn.store)
    answer = handler(again)
    turn.label, turn.functies, turn.competenties = label, again.functies, again.competenties
    return answer


def _more_of_subject(turn: Turn) -> Answer:
    done = set(turn.context.onderwerpen)
    item = turn.store.onderwerp(turn.context.onderwerpen[-1]) if turn.context.onderwerpen else None
    if item is None:
        return gesprek.geen_vorige()
    near = [o for name in item.verwant if name not in done and (o := turn.store.onderwerp(name))]
    near += [o for o in _same_section(turn, item) if o.id not in done and o not in near]
    if not near:
        return gesprek.geen_vorige()
    turn.label = f"onderwerp/{near[0].id}"
    handler = handler_for(turn.label)
    assert handler is not None
    answer = handler(turn)
    extra = [button for o in near[1:3] if (button := questions.about_onderwerp(turn.store, o.id))]
    return replace(answer, buttons=tuple(dict.fromkeys((*extra, *answer.buttons)))[:3])


def _same_section(turn: Turn, item: Onderwerp) -> Sequence[Onderwerp]:
    family = item.id.split(".")[0]
    return [
        o
        for o in turn.store.onderwerpen()
        if o.bron.sectie == item.bron.sectie and o.id != item.id and o.id.split(".")[0] == family
    ]


# --- choosing among what was listed ------------------------------------------------------------------------------------

_ASKS = (
    ("vraag_formatie", re.compile(r"formatie|fte|plek|plaatsen|mensen|hoeveel")),
    ("vraag_opleiding", re.compile(r"opleiding|diploma|hbo|mbo|\bwo\b|studie|papier|gestudeerd|master")),
    ("vraag_competenties", re.compile(r"competentie|goed in")),
    (
        "vraag_schaal",
        re.compile(r"schaal|scale|hoog|hoger|laag|lager|verdien|inge?schaald|zwaar|zwaarst|gelijk|zelfde"),
    ),
    ("vraag_taken", re.compile(r"doet|taken|werk\b")),
)


@handles("vraag_keuze_uit")
def keuze_uit(turn: Turn) -> Answer:
    """Which of the things that were named or listed: by scale, places, education or percentage."""
    low = turn.text.lower()
    if (turn.context.vraag or "").startswith("onderwerp/") and not turn.named_functies:
        return _count(turn) if reading.COUNTS.search(low) else _of_subjects(turn)
    ids = turn.context.getoond if len(turn.context.getoond) > 1 else turn.context.genoemd
    found = turn.named_functies or [f for id_ in ids if (f := turn.store.functie(id_))]
    if reading.COUNTS.search(low):
        if len(turn.context.getoond) > 1 and found:
            turn.functies = turn.named_functies = found
            return functies.aantal(turn.store, found)
        return _count(turn)
    if turn.context.vraag in ("vraag_gedrag", "vraag_verschil_niveaus") and re.search(r"hog|laag|zwa", low):
        return competenties.hoogste_niveau(turn.store, turn.context.competenties[:1])
    if turn.context.vraag == "vraag_competenties" and (levels := _levels_asked(turn, low)):
        return levels
    label = next((label for label, pattern in _ASKS if pattern.search(low)), "vraag_schaal")
    handler = handler_for(label)
    if not found or handler is None:
        return gesprek.weet_niet()
    turn.named_functies = turn.functies = found
    turn.label = label
    return handler(turn)


def _count(turn: Turn) -> Answer:
    """How many things the last answer listed."""
    answer = last_answer(turn)
    return vorige.aantal(answer) if answer else gesprek.weet_niet()


def _levels_asked(turn: Turn, low: str) -> Answer | None:
    """The competencies of a function that are asked on one level, or on the highest or lowest; None otherwise."""
    functie = next(iter(turn.talked_of), None)
    if functie is None:
        return None
    asked = sorted({c.niveau for c in functie.norm.competenties})
    match = re.search(r"\b(?:op|niveau)\s+(?:niveau\s+)?([a-d])\b", low)
    level = match.group(1).upper() if match else None
    if "laag" in low:
        level = asked[-1] if asked else None
    elif "hoog" in low:
        level = asked[0] if asked else None
    if level is None:
        return None
    turn.functies = [functie]
    turn.label = "vraag_competenties"
    return competenties.op_niveau(turn.store, functie, level)


def _of_subjects(turn: Turn) -> Answer:
    subjects = [o for name in turn.context.onderwerpen if (o := turn.store.onderwerp(name))]
    figures = [o for o in subjects if o.cijfers]
    turn.label = turn.context.vraag or ""
    if len(figures) > 1 and re.search(r"hoog|laag|meest|minst|groot|klein|eerst", turn.text.lower()):
        return vorige.hoogste_cijfer(
            turn.store, figures, laagste=bool(re.search(r"laag|minst|klein", turn.text.lower()))
        )
    if re.search(r"\b(?:ander|overig|rest)", turn.text.lower()) and len(turn.context.onderwerpen) > 1:
        turn.label = f"onderwerp/{turn.context.onderwerpen[-2]}"
    handler = handler_for(turn.label)
    return handler(turn) if handler else gesprek.weet_niet()
