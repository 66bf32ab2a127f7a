"""The Dutch language model underneath the pipeline.

spaCy's nl_core_news_sm gives words, lemmas and parts of speech. It is on no package registry; where it could not be
installed, a blank Dutch pipeline with a lemma table stands in. A model that was trained with one of the two refuses to
load with the other, since it would silently understand less.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "nl_core_news_sm"
BLANK = "blank:nl"


@lru_cache(maxsize=2)
def load_language(name: str) -> Language:
    """Load a spaCy pipeline by the name that :func:`available_language` gave."""
    import spacy

    if name == BLANK:
        blank = spacy.blank("nl")
        blank.add_pipe("lemmatizer", config={"mode": "lookup"})
        blank.initialize()
        return blank
    # Nobody here needs the parser, and it is most of the time that a question costs.
    return spacy.load(MODEL, exclude=["parser", "senter", "ner"])


@lru_cache(maxsize=1)
def available_language() -> str:
    """Which of the two is to be had here: the model's name with its version, or `blank:nl`."""
    import importlib.metadata

    if os.environ.get("LOOPBAAN_TAALMODEL") == "geen":
        return BLANK
    try:
        return f"{MODEL}-{importlib.metadata.version('nl-core-news-sm')}"
    except importlib.metadata.PackageNotFoundError:
        return BLANK


@lru_cache(maxsize=1)
def dutch_vocabulary() -> frozenset[str]:
    """Ordinary Dutch words (inflected forms as hashes are not listed; use :func:`is_dutch_word`)."""
    return frozenset(
        word for forms in _lemma_table().values() for word in (forms if isinstance(forms, list) else [forms])
    )


def is_dutch_word(word: str) -> bool:
    """Whether a plain word is in spaCy's Dutch lemma table, as a lemma or as an inflected form."""
    return word in dutch_vocabulary() or word in _lemma_table()


@lru_cache(maxsize=1)
def _lemma_table() -> Any:
    return load_language(BLANK).get_pipe("lemmatizer").lookups.get_table("lemma_lookup")  # type: ignore[attr-defined]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class DutchLanguage(GraphComponent):
    """Gives each message its words with lemmas."""

    def __init__(self, name: str, storage: ModelStorage, resource: Resource) -> None:
        self.name = name
        self._storage = storage
        self._resource = resource
        self._nlp = load_language(name)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchLanguage:
        """Make a new component (see the parent class)."""
        return cls(available_language(), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DutchLanguage:
        """Load the component; raises RasaException when the model was trained with another language model."""
        with model_storage.read_from(resource) as folder:
            trained_with = read_json_file(folder / "language.json")["name"]
        here = available_language()
        if trained_with != here:
            raise RasaException(
                f"Dit model is getraind met taalmodel {trained_with}, maar hier staat {here}. "
                "Train opnieuw met: loopbaan train"
            )
        return cls(here, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Note which language model the bot was trained with."""
        with self._storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / "language.json", {"name": self.name})
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give all training examples their words."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its words with lemmas."""
        with_text = [message for message in messages if message.get(TEXT)]
        docs = self._nlp.pipe((message.get(TEXT) for message in with_text), batch_size=256)
        for message, doc in zip(with_text, docs, strict=False):
            message.set(
                TOKENS_NAMES[TEXT],
                [Token(t.text, t.idx, lemma=(t.lemma_ or t.text).lower()) for t in doc if not t.is_space],
            )
        return messages
