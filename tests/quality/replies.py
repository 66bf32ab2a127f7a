"""Every kind of reply that the bot gives, collected over the real knowledge base without a model.

Two routes: the renderers of `bot.answers` called with everything the knowledge base holds, and the actions called with
questions of the training data as if they had been understood.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

import bot.answers
from bot.answers import (
    advies,
    competenties,
    functies,
    gesprek,
    onderwerpen,
    opleidingen,
    overzicht,
    questions,
    salaris,
    vergelijken,
    vorige,
)
from bot.answers.answer import Answer
from bot.settings import ROOT, Settings
from knowledge import advice, directions
from knowledge.persoon import Persoon
from knowledge.schema import NIVEAUS, SCHALEN
from knowledge.store import Store

if TYPE_CHECKING:
    from tests.actions.talk import Conversation

PER_LABEL = 3
"""How many training questions of a label are asked."""


@dataclass(frozen=True)
class Reply:
    """What a person got to read, and where it came from (a renderer or a question)."""

    kind: str
    text: str
    buttons: tuple[str, ...]
    origin: str


def all_replies(store: Store, conversation: Callable[[], Conversation]) -> list[Reply]:
    """The replies of both routes, each text once."""
    found: dict[tuple[str, str], Reply] = {}
    for reply in itertools.chain(rendered(store), spoken(conversation)):
        found.setdefault((reply.kind, reply.text), reply)
    return list(found.values())


# --- by the renderers ------------------------------------------------------------------------------------------------


def rendered(store: Store) -> Iterator[Reply]:
    """What the renderers say about everything in the knowledge base.

    Renderers that are not called below by name get whatever fits the types of their parameters.
    """
    called: set[str] = set()
    samples: dict[str, Answer] = {}
    for render, *arguments in _calls(store):
        called.add(_name(render))
        answer = render(*arguments)
        if answer is not None:
            samples.setdefault(answer.kind, answer)
            yield _reply(answer, _name(render))
    for name, render in renderers().items():
        for values in () if name in called else _by_type(render, _by_types(store, list(samples.values()))):
            try:
                answer = render(*values)
            except (AssertionError, AttributeError, LookupError, TypeError, ValueError):
                continue  # the type fits, the value doesn't; a renderer that never answers is reported by its test
            if answer is not None:
                yield _reply(answer, name)


def renderers() -> dict[str, Callable[..., Answer | None]]:
    """All public functions of `bot.answers` that give an Answer, by name; not the two that put any Answer together."""
    found = {}
    for module_info in pkgutil.iter_modules(bot.answers.__path__):
        module = importlib.import_module(f"bot.answers.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            gives = str(inspect.signature(function).return_annotation)
            if function.__module__ == module.__name__ and not name.startswith("_") and gives.startswith("Answer"):
                found[_name(function)] = function
    return {name: function for name, function in found.items() if name not in ("answer.answered", "gesprek.smalltalk")}


def _by_types(store: Store, answers: list[Answer]) -> dict[str, list[Any]]:
    """Values for parameters of a type, as the annotation says it."""
    functies, competenties = store.functies(), store.competenties()
    return {
        "Store": [store],
        "Contact": [Settings.from_environment().contact],
        "Answer": [answer for answer in answers if answer.outcome == "answered"],
        "Functie": list(functies),
        "Sequence[Functie]": [[f] for f in functies],
        "Competentie": list(competenties),
        "Sequence[Competentie]": [[c] for c in competenties],
        "Onderwerp": list(store.onderwerpen()),
        "Sequence[Onderwerp]": list(itertools.pairwise(o for o in store.onderwerpen() if o.cijfers)),
        "Sequence[str]": [["Wat doet een beheerder?", "Welke opleiding vraagt de functie adviseur?"]],
        "Persoon": list(_people(store)),
        "bool": [False, True],
    }


def _by_type(render: Callable[..., Any], values: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    """Arguments for the parameters without a default; nothing when there is a type that isn't known here."""
    needed = [p for p in inspect.signature(render).parameters.values() if p.default is p.empty]
    return itertools.product(*(values.get(str(p.annotation), []) for p in needed))


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def _reply(answer: Answer, origin: str) -> Reply:
    return Reply(answer.kind, answer.text, tuple(button.title for button in answer.buttons), origin)


def _calls(store: Store) -> Iterator[tuple[Any, ...]]:
    yield from _about_functions(store)
    yield from _about_lists(store)
    yield from _about_education(store)
    yield from _about_competencies(store)
    yield from _about_pay_and_subjects(store)
    yield from _about_steps(store)
    yield from _conversation(store)


def _about_functions(store: Store) -> Iterator[tuple[Any, ...]]:
    everyone = store.functies()
    for f in everyone:
        for one in (functies.taken, functies.resultaatgebieden, functies.kenmerken):
            yield one, store, f
        for several in (
            functies.schaal, functies.vakkennis, functies.vaardigheden, functies.werksituaties, functies.formatie,
            functies.functiereeks, opleidingen.eis, competenties.van_functie,
        ):  # fmt: skip
            yield several, store, [f]
        for by_norm in (False, True):
            yield functies.normfunctie, store, [f], by_norm
        yield functies.schaal, store, [f], ["12"]
        for gebied in f.norm.resultaatgebieden:
            yield functies.taak_bij_functie, store, [f], gebied.taken[0]
            yield functies.functie_bij_taak, store, gebied.taken[0]
        yield functies.taak_bij_functie, store, [f], "lesgeven in het zwembad"
        yield functies.taak_bij_functie, store, [f], "vliegtuigen repareren"
    for pair in itertools.pairwise(everyone):
        for several in (functies.schaal, functies.formatie, functies.functiereeks, competenties.van_functie):
            yield several, store, pair
    yield functies.schaal, store, everyone[:3]
    for pair in itertools.permutations(everyone, 2):
        yield vergelijken.vergelijk, store, pair
    yield functies.verschil, store, everyone[:3]


def _about_lists(store: Store) -> Iterator[tuple[Any, ...]]:
    for schaal in SCHALEN:
        yield functies.functies_in_schaal, store, [schaal]
        for boven in (True, False):
            yield functies.rond_schaal, store, schaal, boven
    yield functies.functies_in_schaal, store, ["8", "9", "12"]
    for hoogste in (True, False):
        yield functies.uiterste_schaal, store, hoogste
        yield functies.grootste_formatie, store, hoogste
    for plain in (functies.module, functies.functielijst, functies.zonder_formatie, functies.reeksen):
        yield plain, store
    for reeks in store.functiereeksen():
        yield functies.functies_in_reeks, store, [("functiereeks", reeks.id)]
    for groep in store.functiegroepen():
        yield functies.functies_in_reeks, store, [("functiegroep", groep.id)]


def _about_education(store: Store) -> Iterator[tuple[Any, ...]]:
    fields = sorted({field for f in store.functies() for field in f.norm.opleiding.richtingen})
    for diploma in store.opleidingen():
        for f in store.functies():
            yield opleidingen.eis, store, [f], [diploma.id], True, f.norm.opleiding.richtingen[:1]
        yield opleidingen.functies_bij, store, diploma.id
        yield opleidingen.functies_bij, store, diploma.id, fields[:1]
        yield opleidingen.functies_bij, store, diploma.id, ["archeologie"]
    for field in fields:
        yield opleidingen.functies_bij_richting, store, [field]
        yield opleidingen.functies_bij, store, "hbo", [field]


def _about_competencies(store: Store) -> Iterator[tuple[Any, ...]]:
    yield competenties.lijst, store
    for c in store.competenties():
        yield competenties.betekenis, store, [c]
        yield competenties.alle_niveaus, store, c
        yield competenties.functies_bij, store, [c]
        for niveau in NIVEAUS:
            yield competenties.gedrag, store, c, [niveau]
            yield competenties.functies_bij, store, [c], niveau
        for niveaus in itertools.combinations(NIVEAUS, 2):
            yield competenties.verschil_niveaus, store, c, niveaus
        for f in store.functies():
            yield competenties.niveau_van_functie, store, [f], [c]
        yield competenties.niveau_van_functie, store, store.functies()[:3], [c]
        yield competenties.hoogste_niveau, store, [c.id]
    for f in store.functies():
        for niveau in NIVEAUS:
            yield competenties.op_niveau, store, f, niveau


def _about_pay_and_subjects(store: Store) -> Iterator[tuple[Any, ...]]:
    for deel in ("functieboek", "gids", "onderzoek", "competentieset"):
        yield vorige.over_bron, store, deel
    for schaal in SCHALEN:
        yield salaris.tabel, store, [schaal]
        yield salaris.nu_onbekend, store, [schaal]
    adviseur = store.functie("adviseur")
    assert adviseur is not None
    yield salaris.met_tabel, store, functies.schaal(store, [adviseur]), [adviseur.schaal]
    yield salaris.tabel, store, ["10", "11"]
    yield salaris.nu_onbekend, store, []
    for item in store.onderwerpen():
        yield onderwerpen.onderwerp, store, item


def _about_steps(store: Store) -> Iterator[tuple[Any, ...]]:
    everyone, diplomas = store.functies(), [o.id for o in store.opleidingen()]
    for f in everyone:
        yield advies.volgende_stap, store, f
        yield advies.volgende_stap, store, f, "hbo"
        yield advies.kloof, store, advice.gap(None, f)
        yield advies.kloof, store, advice.gap(None, f, "mbo-4", ["visie", "initiatief"])
    for van, naar in itertools.permutations(everyone, 2):
        yield advies.kloof, store, advice.gap(van, naar, "hbo", ["visie"])
    names = [c.id for c in store.competenties()]
    for name, other in itertools.pairwise([*names, names[0]]):
        yield advies.bij_sterke_punten, store, [name]
        yield advies.bij_sterke_punten, store, [name, other], "hbo"
    for diploma in diplomas:
        yield advies.vanaf_schaal, store, diploma
        yield advies.schaal_bij_opleiding, store, advice.reachable(store, diploma)
        for schaal in (None, *SCHALEN):
            if without := advice.without(store, diploma, schaal):
                yield advies.zonder, store, without
    yield advies.schaal_bij_opleiding, store, advice.reachable(store, "mbo-4"), advice.reachable(store, "hbo")
    for schaal in SCHALEN:
        yield advies.opleiding_bij_schaal, store, [schaal]
    for persoon in _people(store):
        told = {
            **vars(persoon),
            "functie": store.functie(persoon.functie or ""),
            "doel": store.functie(persoon.doel or ""),
        }
        yield overzicht.overzicht, store, persoon, directions.directions(store, **told)


def _people(store: Store) -> Iterator[Persoon]:
    """What people may have told about themselves: nothing, a little, much."""
    yield Persoon()
    yield Persoon(schaal="8", wens="omhoog")
    for wens in ("omhoog", "opzij", "interim", "orientatie"):
        for f, doel in itertools.pairwise(store.functies()):
            yield Persoon(functie=f.id, opleiding="hbo", sterk=("visie", "initiatief"), doel=doel.id, wens=wens)
        yield Persoon(opleiding="mbo-4", richtingen=("bouwkunde",), sterk=("klantgerichtheid",), wens=wens)


def _conversation(store: Store) -> Iterator[tuple[Any, ...]]:
    contact = Settings.from_environment().contact
    for alone in (
        gesprek.groet, gesprek.bedankt, gesprek.afscheid, gesprek.praatje, gesprek.wie_ben_je, gesprek.wartaal,
        gesprek.leeg, gesprek.andere_taal, gesprek.weet_niet, gesprek.storing,
    ):  # fmt: skip
        yield (alone,)
    for of_store in (gesprek.wat_kun_je, gesprek.herkomst):
        yield of_store, store
    for of_contact in (gesprek.privacy, gesprek.mens, gesprek.schelden, gesprek.crisis):
        yield of_contact, contact
    for soort in gesprek._ELSEWHERE:
        yield gesprek.buiten_bereik, soort
    outside = store.buiten_het_boek()
    for part in outside:
        yield gesprek.onbekende_functie, [part.naam], [part]
    for pair in itertools.pairwise(outside):
        yield gesprek.onbekende_functie, [part.naam for part in pair], pair
    yield gesprek.te_lang, 1000
    buttons = [questions.about_functie("vraag_schaal", f.naam, f.naam) for f in store.functies()[:3]]
    yield gesprek.bedoel_je, buttons
    yield gesprek.welke, "functie", buttons, [functies.low(button.title) for button in buttons]
    yield gesprek.welke_van, "Welke bedoel je?", buttons


# --- by the actions --------------------------------------------------------------------------------------------------


def spoken(conversation: Callable[[], Conversation]) -> Iterator[Reply]:
    """What the actions say to training questions, each in a conversation of its own, with its label taken as understood."""
    for label, question in training_questions():
        try:
            found = conversation().turn(question, label)
        except Exception as error:
            raise AssertionError(f"no reply to {question!r} ({label})") from error
        titles = tuple(button["title"] for button in found["buttons"] or [])
        yield Reply(found["kind"], found["text"], titles, f"{label}: {question}")


def training_questions() -> Iterator[tuple[str, str]]:
    """(label, question): the first few of each label in the training data, annotations taken out."""
    left: dict[str, int] = {}
    for path in sorted((ROOT / "bot" / "data" / "nlu").glob("*.yml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            label = item.get("intent")
            for line in item["examples"].splitlines() if label else ():
                left.setdefault(label, PER_LABEL)
                if left[label] > 0:
                    left[label] -= 1
                    yield label, re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line.removeprefix("- "))


# --- the text itself -------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """A reply without Markdown: one line a paragraph or bullet."""
    lines = []
    for line in text.splitlines():
        line = re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", line).strip()
        line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
        line = line.replace("**", "").replace("`", "")
        line = re.sub(r"(?<!\w)_(.+?)_(?!\w)", r"\1", line)
        if line:
            lines.append(line)
    return "\n".join(lines)


def dutch(text: str) -> str:
    """A reply without the line in another language, which is in italics and isn't a remark ("Let op: ...")."""
    lines = text.splitlines()
    return "\n".join(line for line in lines if not (re.fullmatch(r"_.*_", line) and not _DUTCH.search(line)))


_DUTCH = re.compile(r"\b(?:de|het|een|niet|op)\b", re.I)
