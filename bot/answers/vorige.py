"""The last answer told in another way: shorter, simpler, or with its source in front."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answers import onderwerpen
from bot.answers.answer import Answer, answered, listing, number
from knowledge.schema import Onderwerp, Vindplaats
from knowledge.store import Store

MIN_LEAD = 6
"""Words that a sentence of its own has at least."""

MOST_WORDS = 20
"""Words of a list that is told in one sentence."""
_SAID_OF_IT = re.compile(r"(?<=\w):\s.*$|(?<=\*\*):\s.*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

WOORDEN = {
    "fte": "Een fte is een volledige werkweek. Twee mensen die allebei een halve week werken, zijn samen één fte.",
    "formatie": "Formatie is het aantal plekken dat er voor een functie is.",
    "schaal": "Een schaal is een loongroep. Hoe hoger het getal, hoe zwaarder de functie en hoe hoger het loon.",
    "competentie": "Een competentie is iets waar je goed in bent en wat je laat zien in je werk.",
    "niveau": "De niveaus lopen van D naar A. A is het hoogst.",
    "normfunctie": "Een normfunctie is een landelijke beschrijving van een functie. Gemeenten plaatsen hun eigen functies erop.",
    "functiereeks": "Een functiereeks is een familie van functies die op elkaar lijken.",
    "functiegroep": "Een functiegroep is een kleinere groep binnen zo'n familie.",
    "resultaatgebied": "Een resultaatgebied is een deel van je werk waar je resultaat moet laten zien.",
    "vakkennis": "Vakkennis is wat je moet weten om het werk te doen.",
    "wo": "Wo is de universiteit.",
    "hbo": "Hbo is de hogeschool.",
    "mbo": "Mbo is de beroepsopleiding na de middelbare school.",
    "interim": "Interim werken is: een tijdje een klus doen bij een organisatie, en daarna weer een andere.",
    "hybride": "Hybride is hier: een deel van de week in dienst, en een deel voor jezelf.",
    "functiewaardering": "Functiewaardering is: bepalen hoe zwaar een functie is, en dus welke schaal erbij hoort.",
    "stakeholder": "Een stakeholder is iemand die er belang bij heeft.",
    "cluster": "Een cluster is een groep mensen met werk dat bij elkaar hoort.",
}
"""Plain explanations of the field's terms, by the word that they explain. General knowledge, no facts of a source."""


def _body(answer: Answer) -> list[str]:
    return answer.text.split("\n\n_Let op")[0].strip().split("\n")


def lead(answer: Answer, sentences: int = 2) -> str:
    """The first sentences of an answer, without what comes below them."""
    all_sentences = _SENTENCE.split(" ".join(_body(answer)[:2]))
    # A first sentence of a name and a scale only says too little.
    size = sentences + 1 if len(all_sentences[0].split()) < MIN_LEAD else sentences
    first = all_sentences[:size]
    text = " ".join(first).strip()
    if re.search(r":(?: - .*)?$", text):
        items = [line[2:] for line in _body(answer)[1:] if line.startswith("- ")]
        # A long list in a few words: the names without what is said of them.
        if sum(len(item.split()) for item in items) > MOST_WORDS:
            items = [_SAID_OF_IT.sub("", item) for item in items]
        items = [item.rstrip(".") for item in items[:9]]
        head = text.split(":")[0]
        if sum(len(item.split()) for item in items) > MOST_WORDS:
            return "\n".join([f"{head}:", *(f"- {item}" for item in items)])
        text = f"{head}: {'; '.join(items)}."
    return text


def korter(answer: Answer) -> Answer:
    """The first sentence only."""
    return replace(answer, text=f"Kort gezegd: {lead(answer, 1)}")


def aantal(answer: Answer) -> Answer:
    """How many things the answer lists, and which; its first sentences when it lists none."""
    items = [line[2:] for line in _body(answer) if line.startswith("- ")]
    counted = re.match(
        r"(?:\*\*)?(?:\d+|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien)\b", lead(answer).lower()
    )
    if len(items) < 2 or counted:
        return replace(answer, text=lead(answer))
    names = [re.sub(r"[*:].*$", "", item.replace("**", "", 1)).strip() for item in items]
    return replace(answer, text=f"Dat zijn er **{len(items)}**:\n" + "\n".join(f"- {name}" for name in names))


def eenvoudiger(store: Store, answer: Answer) -> Answer:
    """The first sentences, and the terms in them in plain words."""
    text = lead(answer)
    low = f" {re.sub(r'[^a-zé ]', ' ', answer.text.lower())} "
    terms = [term for term in WOORDEN if f" {term}" in low and (len(term) > 3 or f" {term} " in low)]
    near = [term for term in terms if term in text.lower()] or terms
    lines = ["In gewone woorden:", text, *(f"- {WOORDEN[term]}" for term in near[:3])]
    return replace(answer, text="\n".join(lines))


def bron(store: Store, answer: Answer) -> Answer:
    """Where the answer stands: document, section and date, with what is to be known about the document."""
    lines = []
    for source in answer.sources[:3]:
        when = f"van {source.date}" if source.date else "zonder datum"
        lines.append(f"Dat staat in **{source.title}** ({when}), onder '{source.section}'.")
    notes = list(dict.fromkeys(note for s in answer.sources if (note := store.bron(s.id).kanttekening)))
    if any(source.date for source in answer.sources):
        lines.append("Wat daarna is veranderd, staat er niet in.")
    else:
        lines.append("In het document staat geen datum. Vraag na of het nog klopt.")
    text = "\n".join(lines) + ("\n\n" + "\n".join(f"_Let op: {note}_" for note in notes) if notes else "")
    return replace(answer, kind="gesprek.bron", text=text, data={})


def over_bron(store: Store, deel: str) -> Answer | None:
    """How old a document is and what is to be known about it; `deel`: a part of its id. None when there is none."""
    found = next((b for b in store.bronnen() if deel in b.id), None)
    if found is None:
        return None
    when = f"Het is van **{found.datum}**." if found.datum else "Er staat geen datum in. Vraag na of het nog klopt."
    lines = [f"Het document heet **{found.titel}**. {when}"]
    return answered(
        store, "gesprek.bron", lines, [Vindplaats.construct(bron=found.id, sectie="het hele document", profiel=None)]
    )


def hoogste_cijfer(store: Store, items: Sequence[Onderwerp], laagste: bool = False) -> Answer:
    """Which of some subjects with a figure has the highest (or lowest) one."""
    choose = min if laagste else max
    best = choose(items, key=lambda o: o.cijfers[0].waarde)
    others = [f"{o.titel.rstrip('?')}: {number(o.cijfers[0].waarde)}" for o in items if o is not best]
    plain = onderwerpen.onderwerp(store, best)
    lines = [f"Het {'laagst' if laagste else 'hoogst'} is: {lead(plain, 1)}", f"De andere: {listing(others)}."]
    return answered(
        store,
        "onderzoek.vergelijking",
        lines,
        [o.bron for o in items],
        data={"cijfers": [c.dict() for o in items for c in o.cijfers]},
    )
