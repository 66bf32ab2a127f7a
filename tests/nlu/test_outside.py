"""Functions outside the book are recognised, and change nothing about how other names are."""

from __future__ import annotations

import pytest

from bot.nlu.features import masked
from bot.nlu.language import is_dutch_word
from bot.nlu.names import NameFinder


@pytest.fixture(scope="module")
def finder(store):
    return NameFinder(store.namen(), is_dutch_word)


def found(finder, text, kind="buiten_boek"):
    return [e["value"] for e in finder.entities(text) if e["entity"] == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wat verdient een boa", ["boa"]),
        ("hoeveel boa's zijn er", ["boa"]),
        ("griffiers", ["griffier"]),
        ("wmo consulent schaal", ["wmo-consulent"]),
        ("WMO-consulenten", ["wmo-consulent"]),
        ("teamleiders burgerzaken", ["teamleider"]),
        ("comunicatieadviseur", ["communicatieadviseur"]),
        ("communicatie adviseur", ["communicatieadviseur"]),
        ("leerplichtambtnaar welke schaal", ["leerplichtambtenaar"]),
        ("p&o-adviseur", ["hr-adviseur"]),
        ("brandweermannen en verpleegkundigen", ["brandweerman", "verpleegkundige"]),
        ("de ciso", ["ciso"]),
        ("medewerkers burgerzaken", ["medewerker-burgerzaken"]),
    ],
)
def test_they_are_found(finder, text, expected):
    assert found(finder, text) == expected
    assert found(finder, text, "functie") == []


@pytest.mark.parametrize(
    ("text", "functie"),
    [
        ("beleidsadviseur jeugd", "beleidsadviseur"),
        ("senior beleidsadviseur", "strategisch-beleidsadviseur"),
        ("conciërge", "beheerder-accommodaties"),
        ("adviseur of beheerder", "adviseur"),
        ("contractmanager", "regisseur-adviseur"),
        ("secretaresse van de burgemeester", "senior-ondersteuner"),
    ],
)
def test_functions_of_the_book_remain(finder, text, functie):
    assert found(finder, text, "functie")[0] == functie
    assert found(finder, text) == []


def test_the_longest_name_wins(finder):
    assert found(finder, "financieel adviseur") == ["financieel-adviseur"]
    assert found(finder, "verschil tussen adviseur en financieel adviseur", "functie") == ["adviseur"]


@pytest.mark.parametrize(
    "text",
    [
        "over het werk", "the others", "de directeur van de dienst", "mijn leidinggevende", "als zzp'er of interimmer",
        "een communicatieprofessional", "de wethouder en de burgemeester", "ik heb psychologie gedaan", "echter niet",
        "welke diploma's tellen mee", "met veerkracht", "publieke leiders", "een ambtenaar", "mijn offerte", "cookies",
    ],
)  # fmt: skip
def test_other_words_are_left_alone(finder, text):
    assert found(finder, text) == []


def test_every_name_is_found_by_itself(store, finder):
    wrong = [
        (name, part.id, got)
        for part in store.buiten_het_boek()
        for name in part.namen
        if (got := found(finder, name)) != [part.id]
    ]
    assert wrong == []


def test_names_of_the_book_are_found_as_without_them(store, finder):
    """Each name of the knowledge base gives the same entities as when nothing outside the book were known."""
    names = store.namen()
    without = NameFinder([name for name in names if name.soort != "buiten_boek"], is_dutch_word)
    for name in names:
        if name.soort in ("functie", "normfunctie", "competentie", "module", "opleiding", "richting", "cluster"):
            assert finder.entities(name.naam) == without.entities(name.naam), name


def test_they_are_masked_and_kept(finder):
    text = "welke schaal heeft een griffier"
    assert masked(text, finder.entities(text)) == "welke schaal heeft een xbuiten griffier"
