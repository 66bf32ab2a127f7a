"""The names of the knowledge base as Rasa entities.

The recogniser learns the names at training time and keeps them in the model, so that understanding and answering use
the same content; start-up warns when the database has been rebuilt since.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from bot.nlu.language import is_dutch_word
from bot.nlu.names import NameFinder
from bot.nlu.text import words
from bot.settings import Settings
from knowledge.store import Naam, Store

COMMON = 15
"""In how many training questions a word must occur to count as an ordinary word."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameRecogniser(GraphComponent, EntityExtractorMixin):
    """Finds functions, competencies, scales, levels, education and other names of the knowledge base."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        names: list[Naam] | None = None,
        common: list[str] | None = None,
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._names = names or []
        self._common = set(common or ())
        """Words that many training questions use: no misspellings of a name."""
        self._finder = NameFinder(self._names, self._is_known)

    def _is_known(self, word: str) -> bool:
        return word in self._common or is_dutch_word(word)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameRecogniser:
        """Make a component that knows the names of the current knowledge base."""
        settings = Settings.from_environment()
        return cls(model_storage, resource, Store.open(settings.database, settings.organisatie).namen())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NameRecogniser:
        """Load the names that the bot was trained with."""
        with model_storage.read_from(resource) as folder:
            saved = read_json_file(folder / "names.json")
        return cls(model_storage, resource, [Naam(**name) for name in saved["names"]], saved["common"])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words are common in questions, and keep them in the model with the names."""
        counts = Counter(w.text for e in training_data.training_examples for w in set(words(e.get(TEXT) or "")))
        self._common |= {word for word, count in counts.items() if count >= COMMON}
        with self._storage.write_to(self._resource) as folder:
            saved = {"names": [asdict(name) for name in self._names], "common": sorted(self._common)}
            dump_obj_as_json_to_file(folder / "names.json", saved)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Find the names in all training examples; the classifier learns from questions with names masked."""
        self.process([message for message in training_data.training_examples if message.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities that are found to each message."""
        for message in messages:
            entities = self.entities(message.get(TEXT) or "")
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def entities(self, text: str) -> list[dict[str, Any]]:
        """The entities of one text, see :meth:`bot.nlu.names.NameFinder.entities`."""
        return self._finder.entities(text)
