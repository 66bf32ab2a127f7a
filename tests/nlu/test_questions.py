"""Where in a message the question stands."""

from __future__ import annotations

import pytest

from bot.nlu.questions import several_questions, without_courtesies


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hallo goedemorgen meneer, welke schaal heeft de adviseur?", "welke schaal heeft de adviseur?"),
        ("welke schaal heeft de adviseur, dank u wel alvast, groetjes tineke", "welke schaal heeft de adviseur"),
        ("hoi", "hoi"),
        ("bedankt he", "bedankt he"),
        ("hoe zeg ik dank je wel", "hoe zeg ik"),
        ("welke opleiding vraagt een beheerder", "welke opleiding vraagt een beheerder"),
    ],
)
def test_courtesies_around_a_question_are_left_out(text, left):
    start, end = without_courtesies(text)
    assert text[start:end] == left


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "welke schaal heeft een beheerder en wat doet een beheerder?",
            ["welke schaal heeft een beheerder", "wat doet een beheerder?"],
        ),
        (
            "Wat doet een adviseur? Welke schaal hoort daarbij?",
            ["Wat doet een adviseur?", "Welke schaal hoort daarbij?"],
        ),
        ("waar let men op? gedrag en zo bedoel ik", []),
        ("waar staat die nou in het systeem? onder welke normfunctie bedoel ik", []),
        ("plannen en organiseren, wat is dat?", []),
    ],
)
def test_two_questions_in_a_message_are_told_apart(text, parts):
    assert [text[start:end] for start, end in several_questions(text)] == parts


def test_thanks_before_a_question_are_left_out():
    text = "Merci. Toch nog iets: hoe kom ik een schaal hoger?"
    start, end = without_courtesies(text)
    assert text[start:end] == "hoe kom ik een schaal hoger?"
    assert without_courtesies("Merci, daar kan ik mee vooruit") == (0, 30)
