"""The names of the knowledge base as Rasa entities.

The recogniser learns the names at training time and keeps them in the model. When it is loaded it goes by the names of the
knowledge base that the turn uses, so that understanding and answering have the same content; that the model wasn't
trained with some of them is told in the log.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import asdict
from typing import Any
from weakref import WeakKeyDictionary

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from bot import knowledge_in_use
from bot.nlu.language import is_dutch_word
from bot.nlu.names import NameFinder
from bot.nlu.text import words
from bot.settings import Settings
from knowledge.store import KnowledgeUnavailable, Naam, Store

logger = logging.getLogger(__name__)

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
        self._finders: WeakKeyDictionary[Store, NameFinder] | None = None
        """Of a loaded model: that of each knowledge base that is in use."""

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
        loaded = cls(model_storage, resource, [Naam(**name) for name in saved["names"]], saved["common"])
        loaded._finders = WeakKeyDictionary()
        knowledge_in_use.IN_USE.prepare_with(loaded.prepare)
        return loaded

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
        if self._finders is None:
            return self._finder.entities(text)
        try:
            store = knowledge_in_use.current()
        except KnowledgeUnavailable:
            return self._finder.entities(text)
        return (self._finders.get(store) or self.prepare(store)).entities(text)

    def prepare(self, store: Store) -> NameFinder:
        """Learn the names of another knowledge base than the model was trained with, and say which ones are new."""
        finder, names = self._finder, store.namen()
        if names != self._names:
            finder = NameFinder(names, self._is_known)
            trained = {(name.soort, name.doel) for name in self._names}
            new = {(name.soort, name.doel): name.naam for name in names if (name.soort, name.doel) not in trained}
            if new:
                logger.warning(
                    "De kennisbank heeft %d namen die het model niet kent, zoals: %s. "
                    "De bot herkent ze wel. Train opnieuw voor vragen erover: loopbaan train",
                    len(new),
                    ", ".join(list(new.values())[:5]),
                )
        if self._finders is not None:
            self._finders[store] = finder
        return finder
