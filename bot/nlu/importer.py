"""Training data that comes from the knowledge base.

Named in config.yml beside Rasa's own file importer, so that `rasa train`, `rasa shell nlu` and `rasa test nlu` see the
same data as `loopbaan train`. Nothing of it is written to disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.answers.questions import own_questions
from bot.nlu.features import BEFORE, BEFORE_TITLE
from bot.nlu.text import words
from bot.settings import ROOT, Settings
from knowledge.store import Store

FOLLOW_UPS = ROOT / "bot" / "data" / "vervolg"
"""What people ask on after a subject: files of answering subject -> subject before -> messages."""
SOURCE_WORDS = ROOT / "bot" / "data" / "bronwoorden.yml"
"""How people name the source in a question: family of subjects -> phrases."""
EVERY = 3
"""One in so many of a subject's questions is learned with its source named as well."""
_ABOUT_THE_SOURCE = (
    "overzicht",
    "definitie",
    "doel_document",
    "gids_schrijver",
    "uitvoerder",
    "wanneer",
    "bron_cijfers",
)
"""Subjects about a source itself, in whose questions its name is the question."""


class KnowledgeImporter(TrainingDataImporter):
    """Questions about subjects (the content's own `vragen`), what is asked on after them, and the bot's own button questions."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        """Take what Rasa hands every importer; none of it is needed here."""

    def get_domain(self) -> Domain:
        """No domain of its own."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """No stories of its own."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """No configuration of its own."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """No configuration file of its own."""
        return None

    def get_nlu_data(self, language: str | None = "nl") -> TrainingData:
        """One example for each question, without doubles."""
        settings = Settings.from_environment()
        store = Store.open(settings.database, settings.organisatie)
        found = [example(label, text) for text, label in examples(store).items()]
        for before, message, subject in follow_ups():
            if known := store.onderwerp(before):
                after = example(f"onderwerp/{subject}", message)
                after.data |= {BEFORE: before, BEFORE_TITLE: known.titel}
                found.append(after)
        return TrainingData(found)


def follow_ups(folder: Path = FOLLOW_UPS) -> Iterator[tuple[str, str, str]]:
    """(subject before, message, subject that answers it) of all messages that lean on a subject."""
    for path in sorted(folder.glob("*.yml")):
        for subject, by_subject_before in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for before, messages in by_subject_before.items():
                for message in messages:
                    yield before, message, subject


def examples(store: Store) -> dict[str, str]:
    """Question -> label, for all questions that the knowledge base gives."""
    found: dict[str, str] = {}
    for onderwerp in store.onderwerpen():
        for vraag in (*onderwerp.vragen, *(a for a in onderwerp.aliassen if " " in a)):
            found.setdefault(vraag, f"onderwerp/{onderwerp.id}")
    for vraag, label in with_source_named(store):
        found.setdefault(vraag, label)
    for label, vraag in own_questions(store):
        found.setdefault(vraag, label)
    return found


def with_source_named(store: Store) -> Iterator[tuple[str, str]]:
    """(question, label) of some questions about subjects, with the source named at their end."""
    by_family = yaml.safe_load(SOURCE_WORDS.read_text(encoding="utf-8"))
    number = 0
    for onderwerp in store.onderwerpen():
        family, _, name = onderwerp.id.partition(".")
        phrases = by_family.get(family)
        if not phrases or name in _ABOUT_THE_SOURCE:
            continue
        for vraag in onderwerp.vragen[::EVERY]:
            if len(words(vraag)) > 2:
                yield f"{vraag.rstrip(' ?.!')} {phrases[number % len(phrases)]}", f"onderwerp/{onderwerp.id}"
                number += 1


def example(label: str, text: str) -> Message:
    """A training example of an intent or of a full retrieval intent."""
    data = {TEXT: text, INTENT: label.partition("/")[0]}
    if "/" in label:
        data[INTENT_RESPONSE_KEY] = label
    return Message(data=data)
