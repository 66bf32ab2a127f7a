"""Everything that people read is spelled right: by hunspell's Dutch dictionary and the words of the field."""

from __future__ import annotations

import itertools
import os

import pytest

from tests.quality.spelling import (
    WORDS,
    available,
    misspelled,
    own_words,
    texts_of_content,
    texts_of_replies,
    words,
)


@pytest.fixture
def hunspell() -> None:
    """Skip where hunspell isn't installed, but never in CI."""
    if available():
        return
    reason = "hunspell with nl_NL is missing: run scripts/system_packages.sh (Debian: hunspell, hunspell-nl)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(f"SPELLING NOT CHECKED: {reason}")


def test_all_texts_are_spelled_right(hunspell, replies):
    found: dict[str, tuple[str, str]] = {}
    for place, text in itertools.chain(texts_of_content(), texts_of_replies(replies)):
        for word in words(text):
            found.setdefault(word, (place, text))
    wrong = [f"{word} ({found[word][0]}: {found[word][1][:90]!r})" for word in misspelled(found)]
    assert not wrong, "mend these, or add them to tests/quality/woorden.txt:\n" + "\n".join(wrong)


def test_a_spelling_error_is_found(hunspell):
    assert misspelled(words("Je **adviseerd** over beleit, functiegroepen en één opleiding.")) == [
        "adviseerd",
        "beleit",
    ]
    assert misspelled(words("ommen ligt in Ommen")) == ["ommen"]


def test_the_word_list_is_in_order():
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines), key=lambda word: (word.lower(), word))
    assert len(own_words()) == len(lines), "one word a line"
