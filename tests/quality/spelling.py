"""Spelling by hunspell's Dutch dictionary, and the field's own words beside it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from knowledge.content_files import CONTENT_DIR
from tests.quality.replies import Reply, dutch, plain

DICTIONARY = "nl_NL"
WORDS = Path(__file__).parent / "woorden.txt"
ENGLISH = "I only speak Dutch. Please ask your question in Dutch."
"""The one sentence that the bot says in English."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_TEXT = frozenset(
    "id bron bestand normfunctie functiereeks functiegroep competentie niveau schaal minimaal verwant geldig_vanaf dichtstbij".split()
)
"""References and codes."""
_TYPED = frozenset({"aliassen", "vragen", "trefwoorden"})
"""What people type: with typing errors, dialect and English, on purpose. Nobody gets to read it."""


def available() -> bool:
    """Whether hunspell and its Dutch dictionary are installed."""
    try:
        done = subprocess.run(["hunspell", "-d", DICTIONARY, "-l"], input="fiets", capture_output=True, text=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def misspelled(words: Iterable[str]) -> list[str]:
    """The words that neither the dictionary nor the field's list knows."""
    known = own_words()
    unknown = [word for word in sorted(set(words)) if word not in known and _uncapital(word) not in known]
    done = subprocess.run(
        ["hunspell", "-d", DICTIONARY, "-i", "utf-8", "-l"],
        input="\n".join(unknown),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    # hunspell cuts some words up and gives the part that it doesn't know.
    wrong = set(done.stdout.split())
    return [word for word in unknown if word in wrong or wrong & set(_parts(word)) - known]


def own_words() -> frozenset[str]:
    """The words of woorden.txt."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def words(text: str) -> list[str]:
    """The words of a text, without Markdown and the English sentence."""
    return _WORD.findall(plain(text).replace(ENGLISH, "").replace("’", "'"))


def texts_of_replies(replies: Iterable[Reply]) -> Iterator[tuple[str, str]]:
    """(place, text) of what people read in replies and on buttons, without the lines in other languages."""
    for reply in replies:
        for text in (dutch(reply.text), *reply.buttons):
            yield reply.kind, text


def texts_of_content(root: Path = CONTENT_DIR) -> Iterator[tuple[str, str]]:
    """(place, text) of all Dutch texts in the content."""
    for path in sorted(root.rglob("*.yml")):
        for text in _texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield path.relative_to(root).as_posix(), text


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        for key, item in node.items():
            if key == "bron" and isinstance(item, dict):
                yield from (str(item[part]) for part in ("sectie", "profiel") if item.get(part))
            elif key not in _NO_TEXT | _TYPED:
                yield from _texts(item)


def _uncapital(word: str) -> str:
    """A word as it stands inside a sentence."""
    return word[:1].lower() + word[1:]


def _parts(word: str) -> list[str]:
    return re.split(r"['-]", word)
