"""The answer contract, and the small parts of wording."""

from __future__ import annotations

import pytest

from bot.answers.answer import Answer, Source, answered, euro, listing, number
from bot.answers.salaris import datum
from bot.channels.rest import harmless, messages


def test_answered_needs_a_source():
    with pytest.raises(ValueError, match="sources"):
        Answer("answered", "functie.schaal", "tekst")
    with pytest.raises(ValueError, match="sources"):
        Answer("smalltalk", "gesprek.groet", "hoi", sources=(Source("a", "A", "s", None),))


@pytest.mark.parametrize("kind", ["schaal", "Functie.Schaal", "functie.schaal!", ""])
def test_kind_has_a_form(kind):
    with pytest.raises(ValueError, match="kind"):
        Answer("smalltalk", kind, "tekst")


def test_an_answer_says_something():
    with pytest.raises(ValueError, match="text"):
        Answer("smalltalk", "gesprek.groet", "  ")


def test_caveats_come_once(store):
    place = store.functie("adviseur").bron
    answer = answered(store, "functie.schaal", ["Feit."], [place, place], notes=["Zelf.", "Zelf.", None])
    assert answer.text.count("Let op") == 2
    assert len(answer.sources) == 1
    assert answer.text.startswith("Feit.")


def test_words():
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"], "of") == "a, b of c"
    assert number(15.5) == "15,5" and number(7.0) == "7"
    assert euro(2459) == "€ 2.459"
    assert datum("2020-07-01") == "1 juli 2020"


@pytest.mark.parametrize(
    ("typed", "read"), [("/restart", "restart"), (" / /x", "x"), ("\\/a", "a"), ("a/b", "a/b"), ("", "")]
)
def test_typed_text_is_never_an_intent(typed, read):
    assert harmless(typed) == read


def test_messages_carry_the_contract():
    found = messages(Answer("smalltalk", "gesprek.groet", "Hoi"), "iemand")
    assert [m.get("text") for m in found if m.get("text")] == ["Hoi"]
    assert found[-1]["custom"]["answer"]["outcome"] == "smalltalk"
