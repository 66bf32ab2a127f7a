"""The career conversation as a state machine, without Rasa: what counts as a reply, and what it tells."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.actions import intake
from bot.nlu.names import NameFinder
from knowledge.persoon import Persoon


@pytest.fixture(scope="module")
def read(store):
    names = NameFinder(store.namen())
    return lambda step, text: intake.lees(store, step, text, names.entities(text))


SKIPS = [
    "sla over",
    "Sla over",
    "geen",
    "weet ik niet",
    "geen idee",
    "volgende",
    "liever niet",
    "dat zeg ik liever niet",
]


@pytest.mark.parametrize("step", ["functie", "opleiding", "sterk"])
@pytest.mark.parametrize("text", SKIPS)
def test_every_question_can_be_skipped(read, step, text):
    assert read(step, text) == {}
    assert "slaan we over" in read(step, text).zeg


@pytest.mark.parametrize("text", ["sla over", "liever niet", "volgende", "liever niet zeggen"])
def test_the_wish_can_be_skipped(read, text):
    assert read("wens", text) == {}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("adviseur", {"functie": "adviseur", "schaal": "10"}),
        ("Ik ben zwemleraar", {"functie": "zweminstructeur", "schaal": "6"}),
        ("adviseur III", {"functie": "regisseur-adviseur", "schaal": "11"}),
        ("ik zit in schaal 8", {"schaal": "8"}),
        ("10a", {"schaal": "10A"}),
        (
            "ik ben adviseur met hbo bestuurskunde en wil hogerop",
            {
                "functie": "adviseur",
                "schaal": "10",
                "opleiding": "hbo",
                "richtingen": ("bestuurskunde",),
                "wens": "omhoog",
            },
        ),
        (
            "zweminstructeur en ik wil adviseur worden",
            {"functie": "zweminstructeur", "schaal": "6", "doel": "adviseur"},
        ),
        ("ik heb geen baan", {}),
        ("ik ben timmerman", {}),
        ("beheerder of adviseur", {}),
    ],
)
def test_the_function(read, text, changes):
    assert read("functie", text) == changes


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("hbo", {"opleiding": "hbo"}),
        ("hbo bestuurskunde", {"opleiding": "hbo", "richtingen": ("bestuurskunde",)}),
        ("ik heb geen hbo maar mbo niveau 4", {"opleiding": "mbo-4"}),
        ("havo en later hbo bedrijfskunde", {"opleiding": "hbo", "richtingen": ("bedrijfskunde",)}),
        ("mijn opleiding is wo", {"opleiding": "wo"}),
        ("rechten gestudeerd", {"richtingen": ("rechten",)}),
        ("geen diploma", {}),
        ("lts", {}),
    ],
)
def test_the_education(read, text, changes):
    assert read("opleiding", text) == changes


def test_strengths(read):
    assert read("sterk", "plannen en netwerken") == {"sterk": ("plannen-en-organiseren", "netwerken")}
    assert read("sterk", "ik ben niet goed in plannen maar wel in netwerken") == {"sterk": ("netwerken",)}
    unknown = read("sterk", "goed met mensen omgaan")
    assert unknown == {} and "ken ik niet" in unknown.zeg
    assert read("sterk", "koken") is None


@pytest.mark.parametrize(
    ("text", "wens"),
    [
        ("omhoog", "omhoog"),
        ("ik wil doorgroeien", "omhoog"),
        ("meer verdienen", "omhoog"),
        ("leiding geven lijkt me leuk", "omhoog"),
        ("iets anders", "opzij"),
        ("ander werk op hetzelfde niveau", "opzij"),
        ("niet hogerop, wel ander werk", "opzij"),
        ("zzp'er worden", "interim"),
        ("freelance", "interim"),
        ("tijdelijke klussen", "interim"),
        ("weet ik niet", "orientatie"),
        ("me oriënteren", "orientatie"),
        ("eerst rondkijken", "orientatie"),
    ],
)
def test_the_wish_in_everyday_words(read, text, wens):
    assert read("wens", text) == {"wens": wens}


def test_a_wish_with_a_function_in_it_is_a_goal(read):
    assert read("wens", "ik wil beleidsadviseur worden") == {"doel": "beleidsadviseur"}
    assert read("wens", "doorgroeien naar gemeentesecretaris") == {"doel": "gemeentesecretaris", "wens": "omhoog"}
    assert "herken ik niet" in read("wens", "iets met mensen").zeg


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("functie", "wat doet een adviseur?"),
        ("functie", "schaal zweminstructeur"),
        ("functie", "hallo"),
        ("functie", "en de adviseur?"),
        ("functie", "???"),
        ("functie", ""),
        ("opleiding", "welke opleiding vraagt een beheerder"),
        ("opleiding", "opleiding beheerder"),
        ("sterk", "wat betekent visie?"),
        ("wens", "wat is interim werken?"),
        ("wens", "hoe zit dat met zzp"),
        ("onbekend", "adviseur"),
    ],
)
def test_a_question_of_ones_own_is_no_reply(read, step, text):
    assert read(step, text) is None


def test_a_statement_that_begins_like_a_question_is_a_reply(read):
    assert read("sterk", "wat ik goed kan is plannen") == {"sterk": ("plannen-en-organiseren",)}
    assert read("functie", "adviseur?") == {"functie": "adviseur", "schaal": "10"}


@pytest.mark.parametrize("text", ["stop", "Stop!", "ik wil stoppen", "stop maar met de vragen", "nee stop", "ophouden"])
def test_stop(text):
    assert intake.stopt(text)


@pytest.mark.parametrize("text", ["ik ben gestopt als adviseur", "adviseur", "", "stop je ook in schaal 8?"])
def test_no_stop(text):
    assert not intake.stopt(text)


def test_every_button_is_understood_without_entities(store):
    for step in intake.STEPS:
        asked = intake.vraag(step, store=store)
        assert len({button.title for button in asked.buttons}) == len(asked.buttons) >= 5
        for button in asked.buttons:
            found = intake.lees(store, step, button.question, [])
            assert found is not None
            assert bool(found) == (button != intake.SKIP), button


def test_the_first_question_says_what_this_is(store):
    answer = intake.begin(store)
    assert (answer.outcome, answer.kind) == ("clarification", "gesprek.intake_functie")
    for word in ("vier korte vragen", "overslaan", "deze server", "**stop**", "Vraag 1 van 4"):
        assert word in answer.text
    assert intake.is_intake(answer)
    assert intake.begin().buttons == (intake.SKIP,)


def test_the_order_of_the_questions():
    assert [intake.volgende(step) for step in intake.STEPS] == ["opleiding", "sterk", "wens", None]
    assert intake.volgende("functie", Persoon(opleiding="hbo", sterk=("visie",))) == "wens"
    assert intake.volgende("functie", Persoon(opleiding="hbo", sterk=("visie",), wens="omhoog")) is None
    assert intake.volgende("weg") == "functie"
    assert intake.vraag("weg").kind == "gesprek.intake_functie"


def test_a_whole_conversation(store, read):
    persoon, step, said = Persoon(), intake.STEPS[0], []
    for text in ("ik ben beheerder", "mbo 4", "sla over", "hogerop"):
        found = read(step, text)
        persoon = replace(persoon, **found)
        step = intake.volgende(step)
        said.append(intake.vraag(step, found).text if step else intake.overzicht(store, persoon).text)
    assert "Genoteerd: beheerder (schaal 8)." in said[0] and "Vraag 2 van 4" in said[0]
    assert "Genoteerd: mbo niveau 4." in said[1]
    assert "slaan we over" in said[2]
    assert persoon == Persoon(functie="beheerder", schaal="8", opleiding="mbo-4", wens="omhoog")
    assert "hogerop als **senior beheerder**" in said[3]


def test_names_that_are_gone_from_the_knowledge_base_do_no_harm(store):
    old = Persoon(
        functie="weg", schaal="99", opleiding="weg", richtingen=("weg",), sterk=("weg",), doel="weg", wens="weg"
    )
    assert intake.overzicht(store, old).outcome == "answered"


def test_everything_skipped_still_gives_an_overview(store):
    answer = intake.overzicht(store, Persoon(), dt.date(2026, 3, 9))
    assert answer.kind == "advies.overzicht"
    assert "9 maart 2026" in answer.data["document"]["html"]
