"""Holds the content against the source documents.

The documents are read by a route of their own (:mod:`.function_book`, :mod:`.other_sources`); the content serves only
to pair what has the same name. What differs is a :class:`Difference`. Where a document contradicts itself and the
content says so, the difference is a listed contradiction: shown, but no failure.
"""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.content_files import Content
from knowledge.normal import name_key
from knowledge.verify import check_numbers, check_topics, copied, function_book, other_sources
from knowledge.verify.check_function_book import SOURCE as FUNCTION_BOOK
from knowledge.verify.check_function_book import FunctionBookCheck
from knowledge.verify.check_numbers import Numbers
from knowledge.verify.check_topics import GUIDE, LEADERS, PROFESSION, SURVEY
from knowledge.verify.difference import LISTED, Difference, Findings
from knowledge.verify.text import joined, lines_of, numbers

__all__ = [
    "DOCUMENTS",
    "LISTED",
    "Difference",
    "Findings",
    "SourcesMissing",
    "examine",
    "listed_contradictions",
    "verify",
]

DOCUMENTS = {
    FUNCTION_BOOK: "functieboek-ommen-hr21.txt",
    LEADERS: "competentieset-publieke-leiders.txt",
    PROFESSION: "beroep-manager-directeur-openbaar-bestuur.txt",
    SURVEY: "onderzoek-ambtelijk-vakmanschap.txt",
    GUIDE: "gids-interim-loopbaan-publieke-sector.txt",
}
"""The file of each source document."""

_SALARY_FILE = re.compile(r"salaristabel-.*(\d{4}-\d\d-\d\d)\.csv")


class SourcesMissing(Exception):
    """One or more documents are not in the directory; the message (Dutch) lists them."""


def verify(directory: Path, content: Content) -> list[Difference]:
    """The differences between the content and the documents in `directory`; empty when all is well.

    Facts from outside the documents (salary table) are compared when `directory/../feiten` exists. Raises
    :class:`SourcesMissing` when a document is not there.
    """
    return examine(directory, content).differences


def listed_contradictions(directory: Path, content: Content) -> list[Difference]:
    """Where a document contradicts itself and the content mentions it. Raises :class:`SourcesMissing`."""
    return examine(directory, content).contradictions


def examine(directory: Path, content: Content) -> Findings:
    """Differences and listed contradictions in one go. Raises :class:`SourcesMissing`."""
    texts = _read(directory)
    facts = directory.resolve().parent / "feiten"
    findings = Findings()
    book = function_book.parse(texts[FUNCTION_BOOK])
    guide = other_sources.parse_guide(texts[GUIDE])
    survey = other_sources.parse_survey(texts[SURVEY])
    FunctionBookCheck(book, content, findings).run()
    check_topics.check_leaders(other_sources.parse_leaders(texts[LEADERS]), content, findings)
    check_topics.check_profession(other_sources.parse_profession(texts[PROFESSION]), content, findings)
    check_topics.check_survey(survey, content, findings)
    check_topics.check_guide(guide, content, findings)
    check_topics.check_same_figures(content, findings)

    sources = {name: Numbers(numbers(joined(lines_of(text)))) for name, text in texts.items()}
    sources[PROFESSION] = Numbers(numbers(other_sources.unglued(texts[PROFESSION])))
    sources[SURVEY] = Numbers(numbers(survey.running_text))
    sources[GUIDE].sections = {name_key(heading): numbers(text) for heading, text in guide.sections.items()}
    sources[FUNCTION_BOOK].counted = book.counted()
    if facts.is_dir():
        sources |= _facts(facts, content, findings)
    check_numbers.check(sources, content, findings)
    copied.check(texts, content, findings)
    return findings


def _read(directory: Path) -> dict[str, str]:
    missing = [file for file in DOCUMENTS.values() if not (directory / file).is_file()]
    if missing:
        raise SourcesMissing(f"In {directory} ontbreekt: {', '.join(missing)}. Zet de brondocumenten in deze map.")
    return {name: (directory / file).read_text(encoding="utf-8") for name, file in DOCUMENTS.items()}


def _facts(directory: Path, content: Content, findings: Findings) -> dict[str, Numbers]:
    """Compare the salary tables, and give the numbers of the sources that are not one of the five documents."""
    found = {}
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.md")))
    for path in sorted(directory.glob("*.csv")):
        named = _SALARY_FILE.fullmatch(path.name)
        if named:
            table = other_sources.read_salary_table(path)
            check_topics.check_salary(named.group(1), table, content, findings)
            amounts = {float(amount) for column in table.values() for amount in column}
            steps = {float(len(column)) for column in table.values()}
            found[path.name] = amounts | steps | {float(len(table))}
    loose = numbers(text.replace("-", " "))
    return {
        name: Numbers(loose | found.get(bron.bestand or "", set()))
        for name, bron in content.bronnen.items()
        if name not in DOCUMENTS
    }
