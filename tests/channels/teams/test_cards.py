"""How answers look in Teams: the facts of real answers, in a form that Microsoft's own renderer takes."""

from __future__ import annotations

import json
import re

import pytest

from bot.actions import intake
from bot.answers import advies, competenties, functies, gesprek, vergelijken
from bot.answers.answer import Answer, Button
from bot.channels.replies import Part, Reply
from bot.channels.teams.cards import LARGEST_CARD, messages
from knowledge.persoon import Persoon
from tests.channels.teams.conftest import card, texts
from tests.channels.teams.judges import card_problems


def shown(answer: Answer):
    """The card of an answer."""
    (message,) = messages(Reply.of(answer))
    return card(message.activity)


def of_type(found, kind):
    return [part for part in found["body"] if part["type"] == kind]


def words(text):
    return set(re.findall(r"[\w,%€-]+", text))


@pytest.fixture(scope="session")
def answers(store) -> list[Answer]:
    """Real answers of every form that there is."""
    book = store.functies()
    found = [
        vergelijken.vergelijk(store, book[at : at + size]) for size in (2, 3) for at in range(0, len(book) - size, 3)
    ]
    found += [advies.volgende_stap(store, f) for f in book]
    found += [functies.taken(store, f) for f in book] + [functies.schaal(store, [f]) for f in book]
    found += [intake.overzicht(store, Persoon()), intake.overzicht(store, Persoon(functie=book[5].id, wens="omhoog"))]
    found += [functies.functielijst(store), gesprek.groet(), gesprek.wat_kun_je(store), gesprek.storing()]
    return found


def test_every_answer_says_all_that_it_says(answers):
    for answer in answers:
        for message in messages(Reply.of(answer)):
            activity = message.activity
            said = " ".join(texts(card(activity))) if activity.get("attachments") else activity["text"]
            assert words(answer.text.replace("_", " ")) <= words(said.replace("_", " ")), answer.kind
            for source in answer.sources:
                assert source.title in said and (source.date or "datum onbekend") in said and source.section in said


def test_microsofts_renderer_takes_every_card(answers):
    cards = [
        card(message.activity)
        for a in answers
        for message in messages(Reply.of(a))
        if message.activity.get("attachments")
    ]
    assert len(cards) > 50
    assert [problems for problems in card_problems(cards) if problems] == []
    assert max(len(json.dumps(found)) for found in cards) < LARGEST_CARD


def test_every_card_has_the_same_as_text(answers):
    for answer in answers:
        for message in messages(Reply.of(answer)):
            if message.instead is None:
                continue
            for button in answer.buttons:
                assert button.question in message.instead["text"]
            assert words(answer.text.replace("_", " ")) <= words(message.instead["text"].replace("_", " "))
            assert card(message.activity)["fallbackText"].strip()
            assert "**" not in message.activity["summary"]


def test_a_comparison_is_a_table_with_facts_as_fallback(store):
    book = [store.functies()[3], store.functies()[9]]
    found = shown(vergelijken.vergelijk(store, book))
    (table,) = of_type(found, "Table")
    rows = [texts(row) for row in table["rows"]]
    assert rows[0] == ["Onderdeel", book[0].naam, book[1].naam]
    assert rows[1] == ["Schaal", str(book[0].schaal), str(book[1].schaal)]
    for place, f in enumerate(book, 1):
        for c in f.norm.competenties:
            (row,) = [row for row in rows if row[0].lower() == competenties.naam(store, c.competentie).lower()]
            assert row[place] == (c.niveau or "ja")
    assert {len(row) for row in rows} == {3} and len(table["columns"]) == 3
    below = texts(table["fallback"])
    assert [f.naam for f in book if f.naam not in below] == []
    for row in rows[1:]:
        assert set(row) <= set(below)


def test_a_career_path_is_a_list_from_now_on(store):
    f = next(f for f in store.functies() if len(advies.volgende_stap(store, f).data["pad"]) > 1)
    answer = advies.volgende_stap(store, f)
    (facts,) = of_type(shown(answer), "FactSet")
    assert facts["facts"][0] == {"title": "Nu", "value": f"{f.naam} (schaal {f.schaal})"}
    assert len(facts["facts"]) == 1 + len(answer.data["pad"])
    assert {fact["title"] for fact in facts["facts"][1:]} <= {"Hogerop", "Opzij"}


def test_the_overview_has_headings_that_a_screen_reader_knows(store):
    answer = intake.overzicht(store, Persoon(functie=store.functies()[5].id, wens="omhoog"))
    headings = [b["text"] for b in of_type(shown(answer), "TextBlock") if b.get("style") == "heading"]
    assert len(headings) == len(answer.data["richtingen"])
    assert answer.data["document"]["html"] not in json.dumps(shown(answer))


def test_lists_stay_lists_and_lines_stay_lines():
    reply = Reply([Part("Eerst.\nDan.\n\n**Kop**\n- een\n- twee\nEinde.", (Button("Knop", "Vraag?"),))])
    (message,) = messages(reply)
    assert texts(card(message.activity)) == ["Eerst.", "Dan.", "Kop", "- een\r- twee", "Einde."]
    assert message.instead is not None
    assert message.instead["text"] == "Eerst.\n\nDan.\n\n**Kop**\n\n- een\n- twee\n\nEinde.\n\n- Vraag?"


def test_twelve_buttons_are_all_there():
    buttons = tuple(Button(f"Knop {n}", f"Vraag {n}?") for n in range(12))
    (message,) = messages(Reply([Part("Welke?", buttons)]))
    rows = of_type(card(message.activity), "ActionSet")
    assert [len(row["actions"]) for row in rows] == [5, 5, 2]
    assert [action["data"]["vraag"] for row in rows for action in row["actions"]] == [b.question for b in buttons]


def test_what_is_too_large_for_a_card_goes_as_text():
    (message,) = messages(Reply([Part("woord " * 5000, (Button("Knop", "Vraag?"),))]))
    assert "attachments" not in message.activity and "Vraag?" in message.activity["text"]


def test_a_text_without_more_is_a_text():
    (message,) = messages(Reply([Part("_Je praat met een computerprogramma._")]))
    assert message.activity == {
        "type": "message",
        "text": "_Je praat met een computerprogramma._",
        "textFormat": "markdown",
    }
