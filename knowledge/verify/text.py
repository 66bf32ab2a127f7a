"""Reading the source documents: lines, list items, words broken off at the end of a line, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.normal import plain

_PAGE_NUMBER = re.compile(r"\d{1,3}")
_BULLET = re.compile(r"(?:[•\uf0b7−–]|-(?=\s|[a-z]))\s*")
_BULLET_WITHIN = re.compile(r"\s+(?=[•\uf0b7−]\s)")
_JOINED_LATER = re.compile(r"(?:en|of)\b")
_HYPHEN = re.compile(r"(?<=\w)[-‐–−]|[-‐–−](?=\w)")
_COPY_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d{3})*(?:,\d+)?(?=[a-z]?\b)", re.IGNORECASE)

_UNITS = "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien"
_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_NUMBER_WORDS = {word: float(number) for number, word in enumerate(f"{_UNITS} achttien negentien".split())}
_NUMBER_WORDS |= {word: 20.0 + 10 * number for number, word in enumerate(_TENS.split())}
_NUMBER_WORDS |= {"honderd": 100.0, "duizend": 1000.0}


def lines_of(text: str) -> list[str]:
    """The lines of a text that are not empty, stripped; no-break spaces become spaces."""
    return [line.strip() for line in text.replace("\xa0", " ").splitlines() if line.strip()]


def without_page_numbers(lines: list[str]) -> list[str]:
    """Drop the lines that hold nothing but a page number."""
    return [line for line in lines if not _PAGE_NUMBER.fullmatch(line)]


def joined(lines: list[str]) -> str:
    """Lines as one running text; a word broken off at the end of a line becomes whole again."""
    text = ""
    for line in lines:
        if text.endswith("-") and line[:1].islower() and not _JOINED_LATER.match(line):
            text = text[:-1] + line
        else:
            text = f"{text} {line}" if text else line
    return " ".join(text.split())


def items(lines: list[str]) -> list[str]:
    """The items of a list with bullets, each as one text. Text before the first bullet and empty items are dropped."""
    found: list[list[str]] = []
    for line in lines:
        for part in _BULLET_WITHIN.split(line):
            bullet = _BULLET.match(part)
            if bullet:
                found.append([part[bullet.end() :]])
            elif found:
                found[-1].append(part)
    return [text for text in (joined([part for part in item if part]) for item in found) if text]


def before_items(lines: list[str]) -> str:
    """The text that stands before the first bullet."""
    first = next((index for index, line in enumerate(lines) if _BULLET.match(line)), len(lines))
    return joined(lines[:first])


def sections(lines: list[str], heading: re.Pattern[str]) -> list[tuple[re.Match[str], list[str]]]:
    """Split at every line that matches `heading` as a whole; what stands before the first one is dropped."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in lines:
        match = heading.fullmatch(line)
        if match:
            found.append((match, []))
        elif found:
            found[-1][1].append(line)
    return found


def between(lines: list[str], start: str, end: str | None = None) -> list[str]:
    """The lines after the first line that begins like `start`, up to the next one that begins like `end` (or all)."""
    first = next((index + 1 for index, line in enumerate(lines) if re.match(start, line)), len(lines))
    rest = range(first, len(lines))
    last = next((index for index in rest if end is not None and re.match(end, lines[index])), len(lines))
    return lines[first:last]


def copy_words(text: str) -> list[str]:
    """The words by which copied sentences are found: lower case, no accents, hyphens closed up, rest separates."""
    return _COPY_WORD.findall(_HYPHEN.sub("", plain(text)))


def decimal(text: str) -> float:
    """A number in Dutch notation: `1.601` -> 1601, `15,5` -> 15.5."""
    return float(text.replace(".", "").replace(",", "."))


def digits(text: str) -> Iterator[tuple[float, re.Match[str]]]:
    """Each number that is written in digits, with where it stands. Codes such as HR21 and PRINCE2 are no numbers."""
    for match in _NUMBER.finditer(text):
        yield decimal(match.group()), match


def numbers(text: str) -> set[float]:
    """All numbers of a text, in digits and in words (the word `een` counts as 1)."""
    found = {value for value, _ in digits(text)}
    return found | {_NUMBER_WORDS[word] for word in _COPY_WORD.findall(plain(text)) if word in _NUMBER_WORDS}


def number_words(text: str) -> Iterator[tuple[float, int]]:
    """Each number above one that is written as a word, with its place among the words of the text."""
    for place, word in enumerate(_COPY_WORD.findall(plain(text))):
        if _NUMBER_WORDS.get(word, 0) > 1:
            yield _NUMBER_WORDS[word], place
