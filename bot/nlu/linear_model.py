"""A linear model over a question's words and pieces of words, and a second one over its meaning for where those leave doubt.

Plain arrays that are saved and loaded as such: nothing in them is run.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.nlu import meaning
from bot.nlu.features import without_context

NEGLIGIBLE = 0.005
"""Weights below this don't change a reading; without them the model is thirty times smaller."""


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


@dataclass
class LinearModel:
    """Tells labels apart by a question's words, and by its meaning."""

    features: QuestionFeatures = field(default_factory=QuestionFeatures)
    labels: list[str] = field(default_factory=list)
    weights: scipy.sparse.csr_matrix = field(default_factory=lambda: scipy.sparse.csr_matrix((0, 0), dtype=np.float32))
    """Sparse features by labels; weights too small to matter are left out."""
    bias: meaning.Vectors = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    meaning_weights: meaning.Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    """Vector's dimensions by labels; empty when learned without meaning."""
    meaning_bias: meaning.Vectors = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    centre: meaning.Vectors = field(default_factory=lambda: np.zeros(meaning.DIMENSIONS, dtype=np.float32))

    @classmethod
    def learn(
        cls, texts: Sequence[str], labels: Sequence[str], vectors: meaning.Vectors | None, config: dict[str, Any]
    ) -> LinearModel:
        """Learn from questions (their names masked), their labels, and the vectors of their meaning (None: without).

        config: `C`, `meaning_C` and `random_state` of the classifier.
        """
        model = cls()
        rows = model.features.fit(list(texts))
        # Side by side: liblinear lets go of Python while it computes.
        with ThreadPoolExecutor(1) as pool:
            by_words = pool.submit(_svm(config, "C").fit, rows, labels)
            if vectors is not None:
                model.centre = vectors.mean(axis=0)
                by_meaning = _svm(config, "meaning_C").fit(model._centred(vectors), labels)
                model.meaning_weights = np.ascontiguousarray(by_meaning.coef_.T.astype(np.float32))
                model.meaning_bias = by_meaning.intercept_.astype(np.float32)
            words_model = by_words.result()
        model.labels = [str(label) for label in words_model.classes_]
        coefficients = words_model.coef_.T.astype(np.float32)
        coefficients[np.abs(coefficients) < NEGLIGIBLE] = 0
        model.weights = scipy.sparse.csr_matrix(coefficients)
        model.bias = words_model.intercept_.astype(np.float32)
        return model

    def by_words(self, text: str) -> meaning.Vectors:
        """The margin of each label, by the words of a question with its names masked."""
        columns, values = self.features.row(text)
        starts, labels, weights = self.weights.indptr, self.weights.indices, self.weights.data
        filled = [slice(starts[column], starts[column + 1]) for column in columns]
        if not filled:
            return self.bias
        found = np.concatenate([labels[part] for part in filled])
        added = np.concatenate([value * weights[part] for value, part in zip(values, filled, strict=True)])
        return np.asarray(np.bincount(found, added, len(self.bias)) + self.bias, dtype=np.float32)

    def by_meaning(self, text: str) -> meaning.Vectors:
        """The margin of each label, by the meaning of a question as it was typed."""
        return np.asarray(self._centred(meaning.vector(text)[None, :])[0] @ self.meaning_weights + self.meaning_bias)

    def in_doubt(self, scores: meaning.Vectors, doubt: float) -> bool:
        """Whether the best two margins differ by less than `doubt`, and the meaning can be asked."""
        if not len(self.meaning_weights):
            return False
        second, first = np.partition(scores, -2)[-2:]
        return bool(first - second < doubt)

    def _centred(self, vectors: meaning.Vectors) -> meaning.Vectors:
        # E5's vectors all point roughly the same way; what tells questions apart is the difference with the mean.
        moved = vectors - self.centre
        length = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
        return np.asarray(2.0 * moved / length, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the model to files in a folder, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        dump_obj_as_json_to_file(folder / "features.json", self.features.state())
        dump_obj_as_json_to_file(folder / "labels.json", self.labels)
        scipy.sparse.save_npz(folder / "words.npz", self.weights)
        np.savez(folder / "meaning.npz", **{name: getattr(self, name) for name in _ARRAYS})

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """The model that was written to a folder."""
        model = cls(QuestionFeatures.from_state(read_json_file(folder / "features.json")))
        model.labels = read_json_file(folder / "labels.json")
        model.weights = scipy.sparse.load_npz(folder / "words.npz")
        with np.load(folder / "meaning.npz") as saved:
            for name in _ARRAYS:
                setattr(model, name, saved[name])
        return model


_ARRAYS = ("bias", "meaning_weights", "meaning_bias", "centre")


def _svm(config: dict[str, Any], strength: str) -> LinearSVC:
    return LinearSVC(C=config[strength], tol=1e-2, max_iter=200, random_state=config["random_state"])
