"""Bring what people type to one form, keeping track of where each word stood."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.normal import plain

_TAG = re.compile(r"<[^<>]{1,200}>")
_URL = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+\.\w+")
_MAIL_HEADER = re.compile(r"^\s*(?:van|aan|cc|onderwerp|verzonden|from|to|subject|sent|datum|date)\s*:.*$", re.I | re.M)
# Soft hyphens and zero-width characters hide inside pasted words.
_WORD = re.compile("(?:[^\\W_]|[\u00ad\u200b-\u200d])+(?:['’][^\\W_]+)?")
_STRETCHED_VOWEL = re.compile(r"([aeiou])\1{2,}")
_STRETCHED_CONSONANT = re.compile(r"([^aeiou0-9])\1{2,}")

_ABBREVIATIONS = {
    "sr": "senior", "snr": "senior", "strat": "strategisch", "adm": "administratief", "admin": "administratief",
    "mdw": "medewerker", "mw": "medewerker", "medew": "medewerker", "adv": "adviseur", "beh": "beheerder",
    "res": "reserveringen", "gem": "gemeente", "nivo": "niveau", "niv": "niveau", "level": "niveau", "nivau": "niveau",
    "scale": "schaal", "hoevelen": "hoeveel", "hoeveelen": "hoeveel",
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word of a message: its plain form and where it stands in the text (characters, end exclusive)."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """The message without mark-up, addresses and mail headers. Same length, so that positions stay true."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    for pattern in (_TAG, _URL, _MAIL, _MAIL_HEADER):
        text = pattern.sub(blank, text)
    return re.sub(r"&(?:[a-z]+|#\d+);", lambda m: html.unescape(m.group()).ljust(len(m.group())), text)


def words(text: str) -> list[Word]:
    """The words of a message, abbreviations written out and stretched letters (`schaaaal`) shortened."""
    return list(_words(text))


@lru_cache(maxsize=512)
def _words(text: str) -> tuple[Word, ...]:
    # A turn looks at the words of its message from many sides.
    found = []
    for match in _WORD.finditer(clean(text)):
        word = plain(match.group())
        if word != "iii":  # a Roman numeral, not a stretched letter
            word = _STRETCHED_CONSONANT.sub(r"\1", _STRETCHED_VOWEL.sub(r"\1\1", word))
        if word:
            found.append(Word(_ABBREVIATIONS.get(word) or _field_word(word), match.start(), match.end()))
    return tuple(found)


_FIELD = (
    "schaal",
    "opleiding",
    "competentie",
    "competenties",
    "functie",
    "formatie",
    "vaardigheden",
    "vakkennis",
    "diploma",
)
"""Words that questions turn on; a slip of the pen in one of them must not hide the question."""
_OTHER_WORDS = frozenset(
    "schaak schaap schaar schaam schaaf schade school schaal schaaltje smaal staal schal schoal functies fonctie formaat "
    "formaties opleidingen begeleiding afleiding inleiding uitleiding opleidinge diplomas diplomaat competent".split()
)
"""Ordinary words that are near to one of them."""


@lru_cache(maxsize=20_000)
def _field_word(word: str) -> str:
    """The word itself, or the word of the field that it misspells ("shcaal", "opliedng")."""
    if len(word) < 5 or word in _OTHER_WORDS or word in _FIELD:
        return word
    for field in _FIELD:
        allowed = 1 if len(field) < 9 else 2
        near = abs(len(word) - len(field)) <= allowed and bool(set(word[:2]) & set(field[:2]))
        if near and DamerauLevenshtein.distance(word, field, score_cutoff=allowed) <= allowed:
            return field
    return word


_SOUNDS = [
    (re.compile(pattern), repl)
    for pattern, repl in (
        ("sch(?=[aeiouy])", "sx"), ("ch", "x"), ("ij|ei|y", "y"), ("ouw|auw|au|ou", "o"), ("ck|c(?=[aouklrt])|q|c$", "k"),
        ("c", "s"), ("z", "s"), ("v", "f"), ("ph", "f"), ("dt\\b|d\\b", "t"), ("th", "t"), ("ie", "i"), ("uw", "u"),
        ("g", "x"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


def sound(word: str) -> str:
    """A rough form of how a Dutch word sounds: `swemleraar`, `zwemleeraar` and `zwemleraar` become the same."""
    for pattern, repl in _SOUNDS:
        word = pattern.sub(repl, word)
    return word
