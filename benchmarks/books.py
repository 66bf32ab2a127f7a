"""Measure what it costs to hold a thousand function books instead of one.

    .venv/bin/python benchmarks/books.py               1,000 generated books against one
    .venv/bin/python benchmarks/books.py --books 100   fewer

The books are made up, always the same ones: organisations with a function of their own on each of the norm functions,
written as content files and built into a database by the project's own build. The national content (norm functions,
competencies, subjects) is the real one. A round asks all questions once of one organisation, with a freshly opened
store: nothing is remembered from an earlier round. Rounds on the two databases alternate. Prints Markdown, in Dutch.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from report import comma, machine, say

from knowledge.build import build_file
from knowledge.content_files import CONTENT_DIR, read_content
from knowledge.schema import SCHALEN
from knowledge.store import Store

SEED = 20
GOAL = 2.0
"""How many times as long a question may take with all the books."""

_ROLES = (
    "Adviseur Beheerder Beleidsmedewerker Buitenmedewerker Consulent Controleur Coördinator Handhaver Inspecteur "
    "Klantmanager Medewerker Ondersteuner Planner Procesregisseur Programmaleider Projectleider Regisseur Secretaris "
    "Specialist Teamleider Toezichthouder Uitvoerder Vakspecialist Verkeerskundige Voorlichter Werkvoorbereider"
).split()
_FIELDS = (
    "afval archief armoedebeleid asiel bedrijfsvoering begraafplaatsen belastingen bibliotheek bouw burgerzaken "
    "communicatie cultuur digitalisering duurzaamheid economie energie erfgoed evenementen financiën gebouwen geluid "
    "grondzaken groen havens horeca huisvesting informatie inkoop integratie jeugdhulp kunst landschap "
    "leerplicht marktzaken milieu mobiliteit monumenten natuur onderwijs parkeren personeel recreatie "
    "riolering ruimte schuldhulp sport statistiek subsidies toerisme toezicht veiligheid verkeer "
    "vergunningen verkiezingen vastgoed water welzijn werk wijken wonen zorg"
).split()


# --- making the books ------------------------------------------------------------------------------------------------


def write_books(root: Path, number: int) -> list[str]:
    """Copy the national content to `root` and add `number` made-up organisations; returns their ids."""
    shutil.copytree(CONTENT_DIR, root)
    national = read_content(CONTENT_DIR)
    for organisatie in national.organisaties:
        shutil.rmtree(root / "functieboek" / organisatie)
    source = next(iter(national.organisaties.values())).bron.bron
    chance = random.Random(SEED)
    ids = [f"gemeente-{nr:04d}" for nr in range(1, number + 1)]
    for organisatie in ids:
        _write_book(root / "functieboek" / organisatie, organisatie, sorted(national.normfuncties), source, chance)
    return ids


def _write_book(folder: Path, organisatie: str, norms: list[str], source: str, chance: random.Random) -> None:
    (folder / "functies").mkdir(parents=True)
    place = {"bron": source, "sectie": f"Functieboek {organisatie}"}
    name = organisatie.replace("-", " ").capitalize()
    clusters = [
        {"id": f"cluster-{nr}", "naam": f"Cluster {part}", "fte": 10.5, "doel": f"Werken aan {part}.", "bron": place}
        for nr, part in enumerate(chance.sample(_FIELDS, 3), 1)
    ]
    book = {"id": organisatie, "naam": name, "fte_totaal": 31.5, "clusters": clusters, "bron": place}
    _write(folder / "organisatie.yml", book)
    # A name and three aliases for each function, all different within the organisation.
    names = chance.sample([f"{role} {part}" for role in _ROLES for part in _FIELDS], 4 * len(norms))
    scales = sorted(chance.choices(range(3, 16), k=len(norms)))
    for index, norm in enumerate(norms):
        naam, *aliases = names[4 * index : 4 * index + 4]
        functie = {
            "id": f"functie-{index + 1:02d}",
            "naam": naam,
            "normfunctie": norm,
            "schaal": SCHALEN[scales[index]],
            "formatie": chance.randint(1, 20) / 2,
            "kenmerken": [
                f"Je werkt zelfstandig aan {naam.split(maxsplit=1)[1]}.",
                "Je stemt je werk af met collega's.",
            ],
            "aliassen": aliases,
            "bron": place,
        }
        _write(folder / "functies" / f"{functie['id']}.yml", functie)


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


# --- the questions ---------------------------------------------------------------------------------------------------

Question = Callable[[Store], Any]


def store_questions() -> dict[str, Question]:
    """What the actions ask of the store, one of each kind."""
    return {
        "functie": lambda store: store.functie("functie-08"),
        "functies": lambda store: store.functies(),
        "functies_in_schaal": lambda store: [store.functies_in_schaal(schaal) for schaal in ("6", "8", "10")],
        "functies_van_norm": lambda store: store.functies_van_norm("adviseur-iii"),
        "functies_met_opleiding": lambda store: store.functies_met_opleiding(("hbo", "wo")),
        "functies_met_competentie": lambda store: store.functies_met_competentie("klantgerichtheid"),
        "functies_in_reeks": lambda store: store.functies_in_reeks(
            "functiereeks", next(iter(store.functiereeksen())).id
        ),
        "competentie": lambda store: store.competentie("integriteit"),
        "organisatie": lambda store: store.organisatie(),
        "salaris": lambda store: store.salaris("10"),
        "zoek normfunctie": lambda store: store.zoek(
            "wie regelt de vergunningen en controleert de bouw", "normfunctie"
        ),
        "zoek onderwerp": lambda store: store.zoek("hoe begin je als interimmer bij de overheid", "onderwerp"),
    }


_ANSWERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("vraag_schaal", "In welke schaal zit deze functie?", {"functie": "functie-08"}),
    ("vraag_taken", "Wat doe je in deze functie?", {"functie": "functie-03"}),
    ("vraag_opleiding", "Welke opleiding vraagt deze functie?", {"functie": "functie-12"}),
    ("vraag_competenties", "Welke competenties heb je daarvoor nodig?", {"functie": "functie-05"}),
    ("vraag_formatie", "Hoeveel fte is er voor deze functie?", {"functie": "functie-05"}),
    ("vraag_functiereeks", "In welke functiereeks zit deze functie?", {"functie": "functie-14"}),
    ("vraag_functielijst", "Welke functies staan er in het functieboek?", {}),
    ("vraag_functies_in_schaal", "Welke functies zitten in schaal 9?", {"schaal": "9"}),
    ("vraag_hoogste_schaal", "Wat is de hoogste schaal?", {}),
    ("vraag_grootste_formatie", "Welke functie heeft de grootste formatie?", {}),
    ("vraag_functie_bij_taak", "Wie regelt de vergunningen en controleert de bouw?", {}),
    ("vraag_functies_bij_opleiding", "Welke functies passen bij hbo?", {"opleiding": "hbo"}),
    (
        "vraag_functies_bij_competentie",
        "Bij welke functies hoort klantgerichtheid?",
        {"competentie": "klantgerichtheid"},
    ),
    ("vraag_volgende_stap", "Wat kan ik hierna worden?", {"functie": "functie-06"}),
    ("vraag_sterke_punten", "Ik ben integer, wat past daarbij?", {"competentie": "integriteit"}),
    ("vraag_salaris", "Wat betaalt schaal 10?", {"schaal": "10"}),
)
"""What a turn brings: label, text and the entities that the recogniser would have found."""


def answer_questions() -> dict[str, Question]:
    """Full answers, by the actions' own handlers: from the tracker to the text with its sources."""
    from rasa_sdk import Tracker

    import bot.actions.advies
    import bot.actions.competentie
    import bot.actions.functie
    import bot.actions.onderwerp  # noqa: F401
    from bot.actions.registry import handler_for
    from bot.actions.turn import Turn

    def question(label: str, text: str, entities: dict[str, str]) -> Question:
        found = [{"entity": kind, "value": value, "start": 0, "end": 1} for kind, value in entities.items()]
        message = {"text": text, "intent": {"name": label, "confidence": 0.9}, "intent_ranking": [], "entities": found}

        def ask(store: Store) -> Any:
            turn = Turn.from_tracker(Tracker("meting", {}, message, [], False, None, {}, None), store)
            handler = handler_for(turn.label)
            assert handler is not None, label
            answer = handler(turn)
            assert answer.outcome in ("answered", "out_of_scope"), f"{label}: {answer.outcome}"
            return answer

        return ask

    return {label: question(label, text, entities) for label, text, entities in _ANSWERS}


AT_TRAINING: dict[str, Question] = {"alle namen lezen": lambda store: store.namen()}
"""What is asked of the store once, when a model is trained."""


def recognition(store: Store) -> Question:
    """Finding the names in a question; the recogniser is built once, when the bot starts."""
    from bot.nlu.language import is_dutch_word
    from bot.nlu.name_matcher import NameMatcher

    matcher = NameMatcher(store.namen(), is_dutch_word)
    texts = [text for _, text, _ in _ANSWERS] + [
        "welke sgaal heeft n beleidsmedwerker duurzaamheit",
        "klantgerigtheid nivo b",
    ]
    return lambda _: [matcher.find(text) for text in texts]


# --- measuring -------------------------------------------------------------------------------------------------------


@dataclass
class Base:
    """One database with its organisations, and the seconds of each question in each round."""

    path: Path
    organisations: list[str]
    build: float = 0.0
    opened: list[float] = field(default_factory=list)
    rounds: dict[str, list[float]] = field(default_factory=dict)

    def typical(self, name: str) -> float:
        """The median seconds of one question."""
        return statistics.median(self.rounds[name])

    def mix(self, names: list[str]) -> float:
        """The median seconds of a round of these questions."""
        return statistics.median(map(sum, zip(*(self.rounds[name] for name in names), strict=True)))


def make_base(folder: Path, number: int) -> Base:
    """Write the books, build the database and note how long the build took."""
    ids = write_books(folder / f"content-{number}", number)
    path = folder / f"knowledge-{number}.db"
    started = time.perf_counter()
    build_file(path, folder / f"content-{number}")
    return Base(path, ids, time.perf_counter() - started)


def one_round(base: Base, number: int, questions: dict[str, Question]) -> None:
    """Ask everything once of one organisation, with a store that remembers nothing yet."""
    organisation = base.organisations[number * 37 % len(base.organisations)]
    started = time.perf_counter()
    store = Store.open(base.path, organisation)
    base.opened.append(time.perf_counter() - started)
    for name, question in questions.items():
        started = time.perf_counter()
        question(store)
        base.rounds.setdefault(name, []).append(time.perf_counter() - started)
    store.db.conn.close()


def measure(one: Base, many: Base, questions: dict[str, Question], rounds: int) -> None:
    """Rounds on both, in an order that alternates; the first two are to warm up."""
    finders = {id(base): recognition(Store.open(base.path, base.organisations[0])) for base in (one, many)}
    for number in range(rounds + 2):
        for base in (one, many) if number % 2 else (many, one):
            one_round(base, number, questions | {"namen herkennen": finders[id(base)]})
        if number == 1:
            for base in (one, many):
                base.opened.clear()
                base.rounds.clear()


# --- the report ------------------------------------------------------------------------------------------------------


def report(one: Base, many: Base, groups: dict[str, list[str]], rounds: int) -> str:
    """The Markdown tables."""
    number = len(many.organisations)
    lines = [
        f"| | 1 functieboek | {number} functieboeken | verhouding | doel | gehaald |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for group, names in groups.items():
        lines.append(_row(f"{group}, {len(names)} samen" if len(names) > 1 else group, one.mix(names), many.mix(names)))
        if len(names) > 1:
            lines.append(
                _row(f"{group}, de middelste", *(statistics.median(map(b.typical, names)) for b in (one, many)))
            )
    for name in AT_TRAINING:
        lines.append(_plain(f"{name} (alleen bij trainen)", _ms(one.typical(name)), _ms(many.typical(name))))
    lines.append(_plain("kennisbank openen", _ms(statistics.median(one.opened)), _ms(statistics.median(many.opened))))
    lines.append(_plain("kennisbank bouwen", f"{comma(one.build, 1)} s", f"{comma(many.build, 1)} s"))
    sizes = [f"{base.path.stat().st_size / 2**20:.1f} MB".replace(".", ",") for base in (one, many)]
    lines.append(_plain("bestand op schijf", *sizes))
    every = [name for names in groups.values() for name in names]
    worst = sorted(every, key=lambda name: -many.typical(name) / one.typical(name))[:3]
    told = [
        f"{name} {comma(many.typical(name) / one.typical(name), 2)} keer ({_ms(many.typical(name))})" for name in worst
    ]
    lines += [
        "",
        f"- {date.today().isoformat()}; {machine()}.",
        f"- Mediaan van {rounds} rondes per kennisbank, om en om; elke ronde opent de kennisbank opnieuw, steeds voor een andere organisatie.",
        f"- Het meest trager: {'; '.join(told)}.",
    ]
    return "\n".join(lines)


def _row(what: str, first: float, second: float) -> str:
    ratio = second / first
    met = "ja" if ratio <= GOAL else "nee"
    return f"| {what} | {_ms(first)} | {_ms(second)} | {comma(ratio, 2)} | hooguit {GOAL:.0f} keer | {met} |"


def _ms(seconds: float) -> str:
    return f"{comma(seconds * 1000, 2)} ms"


def _plain(what: str, first: str, second: str) -> str:
    return f"| {what} | {first} | {second} | | | |"


def main() -> int:
    """Measure and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--books", type=int, default=1000, help="number of function books (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=40, help="rounds to measure (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="also write the median seconds of each question to this file")
    options = parser.parse_args()
    from bot.server import quiet

    quiet()
    stores, answers = store_questions(), answer_questions()
    with tempfile.TemporaryDirectory(prefix="loopbaan-boeken-") as temporary:
        folder = Path(temporary)
        one = make_base(folder, 1)
        say(f"{options.books} functieboeken schrijven en bouwen ...")
        many = make_base(folder, options.books)
        say(f"  gebouwd in {many.build:.0f} s; meten ...")
        measure(one, many, stores | answers | AT_TRAINING, options.rounds)
        groups = {
            "vragen aan de kennisbank": list(stores),
            "hele antwoorden": list(answers),
            "namen herkennen in 18 vragen": ["namen herkennen"],
        }
        print(report(one, many, groups, options.rounds))
        if options.json:
            figures = {name: [one.typical(name), many.typical(name)] for name in one.rounds}
            options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
