"""One way of comparing names: what people type and what the content says are brought to the same form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼ"), None)
_WORD = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case without accents and apostrophes: `Coördinatie` -> `coordinatie`, `auto's` -> `autos`."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_APOSTROPHES))
    return "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Cf"))


def words(text: str) -> list[str]:
    """The words of a text in plain form; everything that is not a letter or digit separates."""
    return _WORD.findall(plain(text).replace("&", " en "))


def name_key(text: str) -> str:
    """The form by which names are compared: plain words with single spaces in between."""
    return " ".join(words(text))
