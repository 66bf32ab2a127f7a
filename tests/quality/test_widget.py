"""What the widget and the start page say is plain Dutch, spelled right, and works when asked."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import mean

from bot.answers import widget
from bot.answers.questions import own_questions
from bot.channels import web
from bot.settings import Contact
from tests.quality.readability import measure
from tests.quality.spelling import misspelled, words
from tests.quality.test_spelling import hunspell  # noqa: F401  - a fixture

CONTACT = Contact("de loopbaanadviseur", "", "")


def texts() -> list[str]:
    """All texts."""
    page = (Path(web.__file__).parent / "start.html").read_text(encoding="utf-8")
    shown = re.findall(r"<(h2|p)\b[^>]*>(.*?)</\1>", page, re.DOTALL)
    from_page = [" ".join(text.split()) for _, text in shown if "$" not in text]
    assert len(from_page) >= 8
    return [*widget.MISTAKES.values(), widget.welkom(), widget.privacy(CONTACT), *from_page]


def test_the_texts_are_plain_dutch():
    measured = [measure(text) for text in texts()]
    assert mean(found.flesch for found in measured) >= 60
    assert max(found.words for found in measured) <= 15


def test_the_texts_are_spelled_right(hunspell):  # noqa: F811
    assert misspelled({word for text in texts() for word in words(text)}) == []


def test_examples_and_suggestions_are_questions_that_the_bot_was_taught(store):
    taught = {question for _, question in own_questions(store)}
    assert len(widget.voorbeelden(store)) == len(widget.EXAMPLES) == 6
    assert set(widget.voorbeelden(store)) <= taught
    assert set(widget.suggesties(store)) <= taught
