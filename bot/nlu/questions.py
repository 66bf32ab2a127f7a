"""Where in a message the question stands: without courtesies, at the end of a story, or in two parts."""

from __future__ import annotations

import re

from bot.nlu.text import words

LONG = 22
"""Words from which a message counts as a story with a question in it."""

ENOUGH = 10
"""Words that a question of its own has at least; a shorter one leans on the sentence before it."""

MIN_PART = 3
"""Words that each of two questions in one message has at least."""

SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
"""A sentence with its end."""


_GREETING = re.compile(
    r"^\W*(?:hallo|hoi|hey|hee|hi|goede ?n?(?:morge|middag|avond|dag)n?|goeie?(?:morge|middag|avond|dag|morgen)n?|beste|dag|geachte)\b"
    r"(?:\s+(?:\w+\s+){0,4}\w+)?[,.!:;\n]+\s*|^\W*(?:hallo|hoi|hey|hee|hi|goedemorgen|goedemiddag|goedenavond|goedendag)\s+",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"^\W*(?:merci|bedankt|dank(?:je| je| u| jullie)?(?: ?wel)?|thanks|thx|super|top|fijn|mooi|prima)\b[^.!?]{0,12}[.!,]\s+(?:toch nog iets\W+|nog iets\W+|nog een vraag\W+)?",
    re.IGNORECASE,
)
"""Thanks before a question."""
_THANKS = re.compile(
    r"[\s,.;!?]*\b(?:alvast )?(?:heel erg |hartelijk |vriendelijk )?(?:bedankt|dank ?(?:je|u)(?: ?wel)?|thanks?|thx|merci|groet(?:jes|en)?|mvg)\b.{0,60}$",
    re.IGNORECASE | re.DOTALL,
)


def without_courtesies(text: str) -> tuple[int, int]:
    """Where a message stands without the greeting before it and the thanks after it; all of it when nothing is left."""
    opening = _GREETING.match(text) or (_POLITE.match(text) if "?" in text else None)
    start = opening.end() if opening else 0
    closing = _THANKS.search(text, start)
    end = closing.start() if closing else len(text)
    return (start, end) if len(words(text[start:end])) >= MIN_PART else (0, len(text))


def question_part(text: str) -> tuple[int, int]:
    """Where the question of a long message stands: from its last sentence with a question mark (or else its last
    sentence), with as many sentences before it as it takes to say something; the whole text of a short message.
    """
    if len(words(text)) < LONG:
        return 0, len(text)
    sentences = [m for m in SENTENCE.finditer(text) if words(m.group())]
    asked = [index for index, m in enumerate(sentences) if "?" in m.group()]
    last = asked[-1] if asked else len(sentences) - 1
    first = last
    while first > 0 and len(words(text[sentences[first].start() : sentences[last].end()])) < ENOUGH:
        first -= 1
    return sentences[first].start(), sentences[last].end()


_ALSO_ASKS = re.compile(
    r"\?+\s*|[,;.]?\s+(?:en|of|plus|and)\s+(?=(?:wat|welke?|hoe|hoeveel|waar|wie|waarom|wanneer|heb|moet|kan|kun|mag|what|which)\b)",
    re.IGNORECASE,
)

_REPHRASES = re.compile(
    r"\bbedoel(?:de)? (?:ik|je|k|we)\b|\b(?:ik|k) bedoel(?:de)?\b|\boftewel\b|\bm\.?a\.?w\b", re.IGNORECASE
)
"""Words by which the second half of a message puts the first in another way."""

_ASKS = re.compile(
    r"\?\s*$|\b(?:wat|welke?|hoe|hoeveel|waar|wie|waarom|wanneer|kan|kun|mag|what|which)\b", re.IGNORECASE
)


def several_questions(text: str) -> list[tuple[int, int]]:
    """Where the questions of a message that asks two stand ("welke schaal heeft X en wat doet een X?"); [] otherwise."""
    places: list[tuple[int, int]] = []
    start, end = question_part(text)
    for match in _ALSO_ASKS.finditer(text, start, end):
        places.append((start, match.start() + (match.group()[0] == "?")))
        start = match.end()
    places.append((start, end))
    places = [place for place in places if len(words(text[place[0] : place[1]])) >= MIN_PART]
    asking = all(_ASKS.search(text[start:end]) for start, end in places) and not _REPHRASES.search(text)
    return places if len(places) == 2 and asking else []
