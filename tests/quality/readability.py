"""How readable a reply is: Flesch-Douma (the Dutch Flesch score) and the length of its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import textstat

from tests.quality.replies import Reply, plain

textstat.set_lang("nl")


@dataclass(frozen=True)
class Readability:
    """Flesch-Douma (0-100, higher is easier; 60 is plain) and the mean number of words a sentence."""

    flesch: float
    words: float


def sentences(text: str) -> list[str]:
    """The sentences of a reply; a bullet, a heading and a lead-in with a colon at its end count as one each."""
    found: list[str] = []
    for line in plain(text).splitlines():
        # A dot inside a number or an address ends no sentence.
        whole = re.sub(r"(?<=\w)[.](?=\w)", "", line)
        found += [part for part in re.split(r"(?<=[.!?])\s+", whole) if re.search(r"\w", part)]
    return [part.rstrip(" .:!?") for part in found]


def measure(text: str) -> Readability:
    """The readability of one reply."""
    parts = sentences(text)
    counts = [textstat.lexicon_count(part) for part in parts]
    # textstat passes over sentences of one or two words when it counts them: so the score is put together here, out
    # of its syllables and the same formula.
    words = max(1, sum(counts))
    syllables = sum(textstat.syllable_count(part) for part in parts)
    length = words / max(1, len(parts))
    return Readability(206.835 - 0.93 * length - 77 * syllables / words, length)


def by_kind(replies: Iterable[Reply]) -> dict[str, Readability]:
    """The median readability of each kind's replies."""
    found: dict[str, list[Readability]] = {}
    for reply in replies:
        found.setdefault(reply.kind, []).append(measure(reply.text))
    return {
        kind: Readability(median(r.flesch for r in measured), median(r.words for r in measured))
        for kind, measured in found.items()
    }


def table(kinds: dict[str, Readability], limit: int = 25) -> str:
    """The hardest kinds, worst first."""
    worst = sorted(kinds.items(), key=lambda item: item[1].flesch)[:limit]
    longest = sorted(kinds.items(), key=lambda item: -item[1].words)[:limit]
    rows = [f"{'kind':45} Flesch-Douma  words/sentence"]
    rows += [f"{kind:45} {r.flesch:12.1f}  {r.words:14.1f}" for kind, r in dict([*worst, *longest]).items()]
    return "\n".join(rows)
