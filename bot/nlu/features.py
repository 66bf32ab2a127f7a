"""What the classifier looks at: the question with the names of the knowledge base masked.

"welke opleiding voor beleidsadviseur" and "... voor zweminstructeur" are one question about two functions; with the
names masked, a function that was added yesterday is asked about in the same words as the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.nlu.text import words

MASKS = {
    "functie": "xfunctie",
    "normfunctie": "xnormfunctie",
    "competentie": "xcompetentie",
    "schaal": "xschaal",
    "niveau": "xniveau",
    "opleiding": "xopleiding",
    "functiereeks": "xreeks",
    "functiegroep": "xreeks",
    "cluster": "xcluster",
    "richting": "xrichting",
    "buiten_boek": "xbuiten",
}
"""Entities that are replaced by a mask, in order of preference when one name is of several kinds."""

BEFORE, BEFORE_TITLE = "onderwerp_ervoor", "titel_ervoor"
"""What a message carries that leans on a subject: that subject's id and title."""

CONTEXT = "na:"
"""What a word begins with that says what was talked of before."""

_KEEP_WORDS = frozenset({"competentie", "cluster", "functiereeks", "functiegroep", "buiten_boek"})
"""Kinds of which the name itself also says something about the question (a leader's competency or the book's)."""


def masked(text: str, entities: Sequence[dict[str, Any]]) -> str:
    """The words of `text`, with names replaced by their kind; words of some kinds are kept beside the mask."""
    tokens = words(text)
    by_span: dict[tuple[int, int], set[str]] = {}
    for entity in entities:
        if entity["entity"] in MASKS:
            by_span.setdefault((entity["start"], entity["end"]), set()).add(entity["entity"])
    out: list[str] = []
    counts: dict[str, int] = {}
    done: set[tuple[int, int]] = set()
    for token in tokens:
        span = next((s for s in by_span if s[0] <= token.start < s[1]), None)
        if span is None:
            out.append(token.text)
            continue
        kind = next(k for k in MASKS if k in by_span[span])
        if span not in done:
            done.add(span)
            mask = MASKS[kind]
            counts[mask] = counts.get(mask, 0) + 1
            out.append(mask)
            if kind == "opleiding" and any(char.isdigit() for char in text[span[0] : span[1]]):
                out.append("xgetal")
        if by_span[span] & _KEEP_WORDS:
            out.append(token.text)
    out += [f"{mask}twee" for mask, count in counts.items() if count > 1]
    return " ".join(out)


def before_words(before: str | None) -> str:
    """The subject before a message in words of their own: those of its id, so that related subjects share some."""
    parts = re.split(r"[._]", before) if before else []
    return "".join(f"{CONTEXT}{part} " for part in parts)


def without_context(text: str) -> str:
    """The features' text without the words about what was talked of before."""
    return " ".join(word for word in text.split() if not word.startswith(CONTEXT))
