"""The figures of an evaluation, computed with nothing but arithmetic."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.cases import CaseResult

NOTHING = "(geen)"
"""What was recognised in a message without a single word."""

OUTSIDE = frozenset({"buiten_bereik", "andere_taal", "wartaal", "schelden", "crisis"})
"""Intents that say: this is not for the bot."""

_ADVICE = frozenset(
    {"loopbaangesprek", "vraag_sterke_punten", "vraag_volgende_stap", "vraag_wat_ontbreekt", "vraag_wat_past"}
)
_ABOUT_TALK = frozenset(
    {"vraag_bron", "vraag_eenvoudiger", "vraag_herkomst", "vraag_keuze_uit", "vraag_korter", "vraag_meer"}
)
"""Intents that ask something of what was said before."""
_TALK = "gesprek"
_BEYOND = "buiten bereik"

THRESHOLDS = (0.0, 0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main_of(label: str) -> str:
    """Rasa's own intent in a full label."""
    return label.partition("/")[0]


def topic_of(label: str) -> str:
    """The topic group of a label: that of its subject, or what its intent is about."""
    main, _, detail = label.partition("/")
    if label == NOTHING:
        return NOTHING
    if main in OUTSIDE:
        return _BEYOND
    if main == "onderwerp" and detail:
        return detail.partition(".")[0]
    if main in _ADVICE:
        return "advies"
    if not main.startswith("vraag_") or main in _ABOUT_TALK:
        return _TALK
    if any(word in main for word in ("competentie", "gedrag", "niveau")):
        return "competentie"
    if any(word in main for word in ("schaal", "salaris")):
        return "schaal"
    return "functie"


@dataclass(frozen=True)
class Prediction:
    """What was recognised in a question of which the label is known."""

    text: str
    expected: str
    got: str
    confidence: float

    @property
    def right(self) -> bool:
        """Whether the full label is right."""
        return self.expected == self.got


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share; 0 of 0 is 0."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95% certainty (Wilson)."""
        if not self.total:
            return 0.0, 1.0
        z, n, p = 1.96, self.total, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


def share(hits: Iterable[bool]) -> Share:
    """Count what is true."""
    counted = list(hits)
    return Share(sum(counted), len(counted))


@dataclass(frozen=True)
class LabelScore:
    """How well one label is recognised. Precision is None when it was never predicted, recall when it never occurs."""

    label: str
    n: int
    predicted: int
    right: int

    @property
    def precision(self) -> float | None:
        """Which part of the predictions of this label was right."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Which part of the questions with this label was recognised."""
        return self.right / self.n if self.n else None

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.n + self.predicted) if self.n + self.predicted else 0.0


def label_scores(predictions: Sequence[Prediction]) -> list[LabelScore]:
    """The scores of all labels that occur or are predicted, the worst first."""
    expected = Counter(p.expected for p in predictions)
    got = Counter(p.got for p in predictions)
    right = Counter(p.expected for p in predictions if p.right)
    scores = [LabelScore(label, expected[label], got[label], right[label]) for label in {*expected, *got} - {NOTHING}]
    return sorted(scores, key=lambda score: (score.f1, score.label))


def macro_f1(predictions: Sequence[Prediction]) -> float:
    """The mean f1 of the labels that occur, each counting once."""
    found = [score.f1 for score in label_scores(predictions) if score.n]
    return sum(found) / len(found) if found else 0.0


@dataclass(frozen=True)
class Confusion:
    """One label that is taken for another."""

    expected: str
    got: str
    count: int
    of: int
    example: str
    """A question that goes wrong this way: the one that was recognised with most confidence."""


def worst_confusions(predictions: Sequence[Prediction], number: int = 30) -> list[Confusion]:
    """The pairs of full labels that are confused most often."""
    wrong = sorted((p for p in predictions if not p.right), key=lambda p: -p.confidence)
    pairs = Counter((p.expected, p.got) for p in wrong)
    sizes = Counter(p.expected for p in predictions)
    examples: dict[tuple[str, str], str] = {}
    for p in wrong:
        examples.setdefault((p.expected, p.got), p.text)
    worst = sorted(pairs.items(), key=lambda item: (-item[1], -item[1] / sizes[item[0][0]], item[0]))[:number]
    return [Confusion(*pair, count, sizes[pair[0]], examples[pair]) for pair, count in worst]


@dataclass(frozen=True)
class Matrix:
    """Topic groups against each other: `counts[i][j]` questions about `names[i]` were taken for `names[j]`."""

    names: list[str]
    counts: list[list[int]]


def topic_matrix(predictions: Sequence[Prediction]) -> Matrix:
    """The confusion of topic groups; what is not for the bot stands last."""
    pairs = Counter((topic_of(p.expected), topic_of(p.got)) for p in predictions)
    last = (_TALK, _BEYOND, NOTHING)
    found = {name for pair in pairs for name in pair}
    names = sorted(found - set(last)) + [name for name in last if name in found]
    return Matrix(names, [[pairs[row, column] for column in names] for row in names])


@dataclass(frozen=True)
class ConfidencePoint:
    """What a threshold does: `answered` of all questions, and how many of those wrongly."""

    threshold: float
    answered: Share
    wrong: Share


def _thresholds(own: float | None) -> list[float]:
    return sorted({*THRESHOLDS, *([] if own is None else [own])})


def confidence_curve(predictions: Sequence[Prediction], own: float | None = None) -> list[ConfidencePoint]:
    """Coverage against wrong answers; `own` is a threshold that must be among the points."""
    points = []
    for threshold in _thresholds(own):
        answered = [p for p in predictions if p.confidence >= threshold]
        wrong = share(not p.right for p in answered)
        points.append(ConfidencePoint(threshold, Share(len(answered), len(predictions)), wrong))
    return points


@dataclass(frozen=True)
class BoundaryPoint:
    """What a threshold does to questions outside the bot's scope and to those inside it.

    A question is refused when an intent of OUTSIDE is recognised, or nothing with enough confidence.
    """

    threshold: float
    recognised: Share
    """Refused of the questions outside."""
    refused: Share
    """Refused of the questions inside."""


def boundary_curve(predictions: Sequence[Prediction], own: float | None = None) -> list[BoundaryPoint]:
    """Recognised out-of-scope questions against refused in-scope ones; talk (greetings and the like) is neither."""
    outside = [p for p in predictions if main_of(p.expected) in OUTSIDE]
    inside = [p for p in predictions if topic_of(p.expected) not in (_TALK, _BEYOND)]

    def refused(questions: list[Prediction], threshold: float) -> Share:
        return share(p.confidence < threshold or main_of(p.got) in OUTSIDE for p in questions)

    return [BoundaryPoint(t, refused(outside, t), refused(inside, t)) for t in _thresholds(own)]


def cases_by(results: Sequence[CaseResult], key: Callable[[CaseResult], str]) -> dict[str, Share]:
    """The share of right conversations for each value of `key`, by name."""
    names = sorted({key(result) for result in results})
    return {name: share(result.right for result in results if key(result) == name) for name in names}


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the values lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0
