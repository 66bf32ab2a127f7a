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
from bot.nlu.name_matcher import NameMatcher, find_levels, find_mbo, find_scales
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
        self._matcher = NameMatcher(self._names, self._is_known)

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
        """The entities of one text.

        An entity's `value` is the id of what is meant; when a name can mean several things of one kind, each of them
        is an entity of its own with the same place and with `ambiguous` true.
        """
        found = self._matcher.find(text)
        entities: list[dict[str, Any]] = []
        for name in found:
            kinds = [soort for soort, _ in name.targets]
            for soort, doel in name.targets:
                entities.append(
                    _entity(soort, doel, name.start, name.end, name.certainty)
                    | ({"ambiguous": True} if kinds.count(soort) > 1 else {})
                )
        kinds_found = {entity["entity"] for entity in entities}
        talks_of_level = "competentie" in kinds_found or "niveau" in text.lower()
        taken = [(entity["start"], entity["end"]) for entity in entities]
        exact = [
            *find_scales(text, loose=bool({"functie", "normfunctie"} & kinds_found) or "schaal" in text.lower()),
            *find_mbo(text),
        ]
        spans = [(e.start, e.end) for e in exact if e.soort == "opleiding"]
        exact += [e for e in find_levels(text, loose=talks_of_level) if not _overlaps((e.start, e.end), spans)]
        mbo = {e.waarde for e in exact if e.soort == "opleiding"}
        for item in exact:
            if item.soort != "opleiding" and _overlaps((item.start, item.end), taken):
                continue
            if item.soort == "schaal" and _overlaps((item.start, item.end), spans):
                continue
            entities.append(_entity(item.soort, item.waarde, item.start, item.end, 1.0))
        if mbo:
            # "mbo 4" as a name and as a number are the same; the number is the more precise one.
            entities = [
                e for e in entities
                if not (e["entity"] == "opleiding" and str(e["value"]).startswith("mbo") and e["value"] not in mbo)
            ]  # fmt: skip
        unique = {(e["entity"], e["value"]): e for e in reversed(entities)}
        return sorted(unique.values(), key=lambda e: (e["start"], e["entity"], e["value"]))


def _entity(kind: str, value: str, start: int, end: int, certainty: float) -> dict[str, Any]:
    return {
        "entity": kind,
        "value": value,
        "start": start,
        "end": end,
        "confidence_entity": round(certainty, 3),
        "extractor": "NameRecogniser",
    }


def _overlaps(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
