"""Reads the four smaller documents: leaders' competencies, profession page, survey and interim guide."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.normal import words
from knowledge.verify.text import decimal, digits, items, joined, lines_of

_BULLET = "•"
_PERCENTAGE = re.compile(r"\d+(?:,\d+)?\s*procent", re.IGNORECASE)


@dataclass(frozen=True)
class Leaders:
    """The competencies of public leaders with their behaviours, and the fields that they touch."""

    behaviours: dict[str, list[str]]
    fields: list[str]


def parse_leaders(text: str) -> Leaders:
    """A heading is a line right above a bullet; the fields stand in one sentence."""
    lines = lines_of(text)
    behaviours: dict[str, list[str]] = {}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(_BULLET):
            if behaviours:
                behaviours[list(behaviours)[-1]] += items([line])
        elif following.startswith(_BULLET):
            behaviours[line] = []
    sentence = re.search(r"verschillende gebieden: (.+?)\.", text)
    fields = re.split(r", | en ", sentence.group(1)) if sentence else []
    return Leaders(behaviours, fields)


@dataclass(frozen=True)
class Outlook:
    """A row of the profession's prospects: `jobs` only in the rows that have a number."""

    subject: str
    jobs: int | None
    rating: str

    @property
    def key(self) -> str:
        """The word by which this row is known in a text: its longest one."""
        return max(words(self.subject), key=len)


@dataclass(frozen=True)
class Profession:
    """The profession page."""

    tasks: list[str]
    related: list[str]
    outlook: list[Outlook]


def parse_profession(text: str) -> Profession:
    """In the outlook a year and a number are glued together: 20243100 is 2024 and 3100."""
    lines = lines_of(text)
    lists: dict[str, list[str]] = {"": []}
    outlook = []
    for line in lines:
        if line.startswith(_BULLET):
            lists[list(lists)[-1]] += items([line])
            continue
        lists[line.split()[0]] = []
        row = re.fullmatch(r"(\D+?)\s*(?:20\d\d(\d+)\s+)?\s*((?:erg )?(?:hoog|laag)|gemiddeld)", line)
        if row:
            outlook.append(Outlook(row.group(1), int(row.group(2)) if row.group(2) else None, row.group(3)))
    return Profession(lists.get("Taken", []), lists.get("Gerelateerde", []), outlook)


def unglued(text: str) -> str:
    """The profession page with its glued numbers taken apart."""
    return re.sub(r"\b(20\d\d)(\d{4})\b", r"\1 \2", text)


@dataclass(frozen=True)
class Figure:
    """A number in the survey's running text, with the clause that it stands in."""

    value: float
    percent: bool
    clause: str


@dataclass(frozen=True)
class Survey:
    """The survey: its running text (the charts lost their labels and are left out) and the figures in it."""

    running_text: str
    figures: list[Figure] = field(default_factory=list)


def parse_survey(text: str) -> Survey:
    """The running text ends where the first chart's question begins."""
    lines = lines_of(text)
    end = next((index for index, line in enumerate(lines) if line.startswith("In hoeverre bent u")), len(lines))
    running_text = joined(lines[:end])
    figures = []
    before = ""
    for sentence in re.split(r"(?<=[.:?!])\s+(?=[A-Z0-9‘])", running_text):
        figures += _figures(before, sentence)
        before = sentence
    return Survey(running_text, figures)


def _figures(before: str, sentence: str) -> list[Figure]:
    """The figures of a sentence. A percentage's clause reaches from the percentage before it to the next one.

    The first percentage may take its subject from the sentence before: "Bezuinigingen hebben impact: 55 procent ..."
    """
    figures = [
        Figure(value, False, sentence) for value, match in digits(sentence) if not _is_percentage(sentence, match)
    ]
    percentages = [(value, match) for value, match in digits(sentence) if _is_percentage(sentence, match)]
    edges = [0, *(match.end() for _, match in percentages)]
    for index, (value, _) in enumerate(percentages):
        following = percentages[index + 1][1].start() if index + 1 < len(percentages) else len(sentence)
        clause = sentence[edges[index] : following]
        subject_before = index == 0 and not _PERCENTAGE.search(before)
        figures.append(Figure(value, True, f"{before} {clause}" if subject_before else clause))
    return figures


def _is_percentage(sentence: str, match: re.Match[str]) -> bool:
    return _PERCENTAGE.match(sentence, match.start()) is not None


@dataclass(frozen=True)
class Guide:
    """The interim guide: the text below each heading; `questions` are the headings of the frequently asked ones."""

    sections: dict[str, str]
    questions: list[str]


def parse_guide(text: str) -> Guide:
    """A heading ends with a question mark or without any mark; what stands before the first one is the introduction."""
    texts: dict[str, list[str]] = {"Inleiding": []}
    questions: list[str] = []
    asked = False
    for line in lines_of(text):
        if not line.startswith("- ") and not line.endswith((".", ":", "!")):
            texts[line] = []
            asked = (asked or line == "Veelgestelde vragen") and line != "Gerelateerde artikelen"
            if asked and line.endswith("?"):
                questions.append(line)
        else:
            texts[list(texts)[-1]].append(line)
    return Guide({heading: joined([heading, *lines]) for heading, lines in texts.items() if lines}, questions)


def read_salary_table(path: Path) -> dict[str, list[int]]:
    """The amounts of each scale, by step, from a csv with a column a scale."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scales = [name for name in rows[0] if name != "periodiek"] if rows else []
    ordered = sorted(rows, key=lambda row: int(row["periodiek"]))
    return {scale: [int(decimal(row[scale])) for row in ordered if row[scale]] for scale in scales}
