"""Finds sentences of the documents that stand literally in the content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge import schema
from knowledge.content_files import Content
from knowledge.verify.difference import Findings
from knowledge.verify.text import copy_words, joined, lines_of, without_page_numbers

RUN = 8
"""So many words in a row that also stand in a document are a copied sentence."""

EXEMPT = frozenset({"id", "naam", "richtingen", "bron", "verwant", "cijfers", "bestand"})
"""Fields that hold names, references and lists of names."""


class Runs:
    """Every run of `RUN` words of the documents."""

    def __init__(self, documents: dict[str, str]) -> None:
        """`documents`: the text of each document by its name."""
        self.where: dict[tuple[str, ...], str] = {}
        for name, text in documents.items():
            words = copy_words(joined(without_page_numbers(lines_of(text))))
            for index in range(len(words) - RUN + 1):
                self.where.setdefault(tuple(words[index : index + RUN]), name)

    def copied(self, text: str) -> Iterator[tuple[str, str]]:
        """The runs of a text that stand in a document, each as long as it gets, with the document's name."""
        words = copy_words(text)
        index = 0
        while index + RUN <= len(words):
            name = self.where.get(tuple(words[index : index + RUN]))
            if name is None:
                index += 1
                continue
            end = index + RUN
            while end < len(words) and tuple(words[end + 1 - RUN : end + 1]) in self.where:
                end += 1
            yield name, " ".join(words[index:end])
            index = end


def check(documents: dict[str, str], content: Content, findings: Findings) -> None:
    """Note every copied sentence in any text of the content."""
    runs = Runs(documents)
    for place, part in parts(content):
        for inner, text in texts(place, part):
            for name, run in runs.copied(text):
                findings.add(f"overgeschreven zin uit {name}", inner, run, text)


def parts(content: Content) -> Iterator[tuple[str, schema.Part]]:
    """Every part of the content with its place, except the list of sources."""
    for kind, store in vars(content).items():
        if kind == "bronnen":
            continue
        for key, part in store.items():
            name = "/".join(key) if isinstance(key, tuple) else key
            yield f"{kind} {name}", part


def texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text within a part, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, schema.Part):
        for name, inner in value:
            if name not in EXEMPT:
                yield from texts(f"{place}, {name}", inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(f"{place} {key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from texts(f"{place} {number}", inner)
