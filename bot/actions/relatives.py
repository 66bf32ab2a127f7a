"""Functions that are named by their difference with another: "als ik senior word", "de gewone", "zonder strategisch"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from bot.nlu.text import words
from knowledge.store import Functie, Store

PLAIN = frozenset("gewone normale standaard".split())
_WITHOUT = PLAIN | frozenset("zonder niet geen".split())
_TOGETHER = frozenset("samen elkaar allebei beide twee verschil en dan tussen word naar".split())


def relatives(
    store: Store, text: str, entities: Sequence[dict[str, Any]], named: Sequence[Functie], talked_of: Sequence[Functie]
) -> tuple[list[Functie], set[str]]:
    """The functions that the message means and the words by which it named relatives.

    named: functions named in full. talked_of: functions of the conversation. Returns `named` and no words when the
    message names no relative.
    """
    family = store.varianten()
    said = words(text)
    spoken = {w.text for w in said}
    have = {f.id for f in named}
    spans = [(e["start"], e["end"]) for e in entities if e["entity"] in ("functie", "normfunctie")]
    loose = [w.text for w in said if not any(start <= w.start < end for start, end in spans)]
    extra: list[Functie] = []
    used: set[str] = set()
    for base in (list(named) or list(talked_of))[:3]:
        for modifier, other in family.get(base.id, {}).items():
            functie = store.functie(other)
            if functie is None or other in have:
                continue
            if modifier:
                heard = {word for word in loose if _is_form_of(word, modifier)}
                if heard and _denied(loose, heard):
                    # "Die zonder accommodaties": the one that was talked of, and not the other.
                    heard, functie = heard | (spoken & _WITHOUT), base
            else:
                own = [m for m, id_ in family.get(other, {}).items() if id_ == base.id]
                denied = {word for word in loose for m in own if _is_form_of(word, m)}
                # "de gewone adviseur" names the adviseur itself; "de gewone" is the one without the word.
                heard = (spoken & PLAIN if not named else set()) or (spoken & _WITHOUT if denied else set())
                heard = (heard or set()) | (denied if heard else set())
            if heard:
                extra.append(functie)
                used |= heard
    if not extra:
        return list(named), set()
    if named and (spoken & _TOGETHER or len(spoken) > 5):
        return [*named, *extra], used
    return extra, used


_IN_ENGLISH = {"strategic": "strategisch"}


def _denied(said: Sequence[str], heard: set[str]) -> bool:
    """Whether one of the words stands right behind "zonder", "niet" or "geen"."""
    return any(word in heard and before in ("zonder", "niet", "geen") for before, word in itertools.pairwise(said))


def _is_form_of(word: str, modifier: str) -> bool:
    """Whether a word is a modifier, with an ending ("strategische") or a slip of the pen ("senoir")."""
    word = _IN_ENGLISH.get(word, word)
    if word == modifier or (len(modifier) > 6 and word.startswith(modifier)):
        return True
    return len(modifier) >= 6 and any(
        abs(len(form) - len(modifier)) <= 1 and DamerauLevenshtein.distance(form, modifier) <= 1
        for form in (word, word.removesuffix("e"))
    )
