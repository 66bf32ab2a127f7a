"""Cross-validation of what recognises questions: the pipeline of config.yml, trained on a part of the training
questions and asked the rest. Nothing is written in the project, the cached vectors are only read.
"""

from __future__ import annotations

import gc
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path

from bot.evaluation.measures import NOTHING, Prediction, share
from bot.nlu import meaning
from bot.nlu.importer import example
from bot.nlu.language import available_language
from bot.nlu.text import words
from bot.settings import ROOT, Settings

SEED = 20
ALWAYS_TRAINED = -1
"""The fold of a question that is never asked, since it is the only one with its label."""

_FALLBACK = "FallbackClassifier"

Question = tuple[str, str]
"""A text and its full label."""


class PipelineError(Exception):
    """config.yml holds something that can't be evaluated; the message says in Dutch what."""


@dataclass(frozen=True)
class Pipeline:
    """What recognises questions: components with their settings, and the threshold behind them."""

    parts: list[tuple[Any, dict[str, Any]]]
    threshold: float | None


@dataclass(frozen=True)
class Understanding:
    """The outcome of a cross-validation."""

    predictions: list[Prediction]
    questions: int
    labels: int
    folds: int
    asked: int
    """How many of the folds were asked."""
    single: int
    """Questions that were not asked, being the only one with their label."""
    threshold: float | None
    language: str
    meaning: bool
    sampled: bool = False


def pipeline_of(config: Path) -> Pipeline:
    """Read the pipeline. Raises PipelineError when there is a component that isn't named by its module's path."""
    parts: list[tuple[Any, dict[str, Any]]] = []
    threshold = None
    for item in yaml.safe_load(config.read_text(encoding="utf-8")).get("pipeline") or []:
        name = item["name"]
        settings = {key: value for key, value in item.items() if key != "name"}
        if name == _FALLBACK:
            threshold = float(settings.get("threshold", 0.3))
        elif "." not in name:
            raise PipelineError(
                f"{config.name}: onderdeel {name} kan evaluate niet gebruiken. Noem het met zijn hele pad (module.Klasse)."
            )
        else:
            parts.append((class_from_module_path(name), settings))
    return Pipeline(parts, threshold)


def load_questions() -> list[Question]:
    """All training questions as `loopbaan train` sees them; those that differ in no word are kept once.

    Raises KnowledgeUnavailable when there is no knowledge base.
    """
    paths = (str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "bot" / "data")])
    data = TrainingDataImporter.load_from_config(*paths).get_nlu_data()
    found: dict[str, Question] = {}
    for message in data.intent_examples:
        text, label = message.get(TEXT), message.get(INTENT_RESPONSE_KEY) or message.get(INTENT)
        if text and label:
            found.setdefault(" ".join(word.text for word in words(text)) or text, (text, label))
    return list(found.values())


def sample(questions: Sequence[Question], number: int, seed: int = SEED) -> list[Question]:
    """About `number` questions: all questions of labels that are drawn, so that each label can still be learned."""
    labels = sorted({label for _, label in questions})
    random.Random(seed).shuffle(labels)
    sizes = Counter(label for _, label in questions)
    drawn: set[str] = set()
    for label in labels:
        if len(drawn) > 1 and sum(sizes[name] for name in drawn) >= number:
            break
        drawn.add(label)
    return [question for question in questions if question[1] in drawn]


def assign_folds(labels: Sequence[str], folds: int, seed: int = SEED) -> list[int]:
    """The fold of each question: every label is spread evenly over the folds, and the same each time."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    assigned = [ALWAYS_TRAINED] * len(labels)
    turn, order = 0, random.Random(seed)
    for label in sorted(members):
        order.shuffle(members[label])
        if len(members[label]) > 1:
            for index in members[label]:
                assigned[index] = turn % folds
                turn += 1
    return assigned


def cross_validate(
    questions: Sequence[Question],
    config: Path = ROOT / "config.yml",
    folds: int = 5,
    quick: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> Understanding:
    """Train on all folds but one and ask that one, for each fold in turn (`quick`: for the first only)."""
    pipeline = pipeline_of(config)
    assigned = assign_folds([label for _, label in questions], folds)
    asked = range(1 if quick else folds)
    predictions: list[Prediction] = []
    start = time.perf_counter()
    with known_meaning([text for text, _ in questions], tell):
        for fold in asked:
            trained = [q for q, at in zip(questions, assigned, strict=True) if at != fold]
            held_out = [q for q, at in zip(questions, assigned, strict=True) if at == fold]
            tell(f"Begrip, deel {fold + 1} van {len(asked)}: trainen op {len(trained)} vragen ...")
            found = _predict(pipeline, trained, held_out)
            predictions += found
            gc.collect()  # The next classifier takes as much memory as this one did.
            passed = time.perf_counter() - start
            right = 100 * share(p.right for p in found).value
            left = passed / (fold + 1) * (len(asked) - fold - 1)
            tell(
                f"  {len(found)} vragen gesteld, {right:.1f}% precies goed; {passed:.0f} s".replace(".", ",")
                + (f", nog ongeveer {left:.0f} s." if left else ".")
            )
    return Understanding(
        predictions=predictions,
        questions=len(questions),
        labels=len({label for _, label in questions}),
        folds=folds,
        asked=len(asked),
        single=assigned.count(ALWAYS_TRAINED),
        threshold=pipeline.threshold,
        language=available_language(),
        meaning=meaning.available(),
    )


def _predict(pipeline: Pipeline, trained: list[Question], held_out: list[Question]) -> list[Prediction]:
    """Train the pipeline in a temporary folder, and let it read what was held out."""
    data = TrainingData([example(label, text) for text, label in trained])
    messages = [Message({TEXT: text}) for text, _ in held_out]
    with tempfile.TemporaryDirectory() as folder:
        storage, context = LocalModelStorage.create(Path(folder)), ExecutionContext(GraphSchema({}))
        for number, (component, settings) in enumerate(pipeline.parts):
            resource = Resource(f"{component.__name__}_{number}")
            made = component.create({**component.get_default_config(), **settings}, storage, resource, context)
            if hasattr(made, "train"):
                made.train(data)
            if hasattr(made, "process_training_data"):
                data = made.process_training_data(data)
            messages = made.process(messages)
    return [Prediction(text, label, *_best(message)) for message, (text, label) in zip(messages, held_out, strict=True)]


def _best(message: Message) -> tuple[str, float]:
    best = message.get(INTENT) or {}
    return best.get("full") or best.get("name") or NOTHING, float(best.get("confidence") or 0.0)


@contextmanager
def known_meaning(texts: list[str], tell: Callable[[str], None] = lambda line: None) -> Iterator[None]:
    """Within, the vectors of these questions are looked up instead of computed, and no cache is written.

    They come from the cache that `loopbaan train` left, as far as they are in it.
    """
    if not meaning.available():
        yield
        return
    kept = Settings.from_environment().models / "betekenis.npz"
    if not kept.exists():
        tell(f"{kept} is er niet: de betekenis van {len(texts)} vragen wordt nu berekend ...")
    computed, computed_all = meaning.vector, meaning.vectors
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "betekenis.npz"
        if kept.exists():
            shutil.copy(kept, cache)
        found = dict(zip(map(meaning.prepared, texts), computed_all(texts, cache), strict=True))

    def vector(text: str) -> meaning.Vectors:
        prepared = meaning.prepared(text)
        return found[prepared] if prepared in found else computed(text)

    def vectors(texts: list[str], cache: Path | None = None) -> meaning.Vectors:
        import numpy as np

        return np.stack([vector(text) for text in texts])

    meaning.vector, meaning.vectors = vector, vectors
    try:
        yield
    finally:
        meaning.vector, meaning.vectors = computed, computed_all
