"""Names are found however they are typed, and never confused with each other."""

from __future__ import annotations

import pytest

from bot.nlu.name_matcher import NameMatcher, find_levels, find_mbo, find_scales, variants
from bot.nlu.text import clean, sound, words


@pytest.fixture(scope="module")
def matcher(store):
    from bot.nlu.language import is_dutch_word

    return NameMatcher(store.namen(), is_dutch_word)


def targets(matcher, text, *kinds):
    return [
        doel
        for found in matcher.find(text)
        for soort, doel in found.targets
        if soort in (kinds or ("functie", "normfunctie"))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("beheerder", ["beheerder"]),
        ("de beheerder accommodaties", ["beheerder-accommodaties"]),
        ("senior beheerder", ["senior-beheerder"]),
        ("senior beheerder accommodaties", ["senior-beheerder-accommodaties"]),
        ("beheerder acommodaties", ["beheerder-accommodaties"]),
        ("beleidsadviseur", ["beleidsadviseur"]),
        ("beleids adviseur", ["beleidsadviseur"]),
        ("strategisch beleidsadviseur", ["strategisch-beleidsadviseur"]),
        ("startegisch beleidsadvisuer", ["strategisch-beleidsadviseur"]),
        ("strateegisch regiseur", ["strategisch-regisseur-adviseur"]),
        ("regisseur/adviseur", ["regisseur-adviseur"]),
        ("adviseur", ["adviseur"]),
        ("adviseurs", ["adviseur"]),
        ("adviseur II", ["adviseur-ii"]),
        ("Adviseur III", ["adviseur-iii"]),
        ("adviseur 4", ["adviseur-iv"]),
        ("adviseur vier", ["adviseur-iv"]),
        ("zwem instructeur", ["zweminstructeur"]),
        ("zweminstructuer", ["zweminstructeur"]),
        ("ZWEMINSTRUCTEURRRR", ["zweminstructeur"]),
        ("medewerker reserveringen", ["medewerker-reserveringen"]),
        ("sr. ondersteuner", ["senior-ondersteuner"]),
        ("administratief mede werker", ["administratief-medewerker"]),
        ("medewerker publiek V", ["medewerker-publiek-v"]),
        ("publiek 5", ["medewerker-publiek-v"]),
        ("ge­meentesecretaris", ["gemeentesecretaris"]),
        ("adviseur II of adviseur III?", ["adviseur-ii", "adviseur-iii"]),
        ("van ondersteuner naar senior ondersteuner", ["ondersteuner", "senior-ondersteuner"]),
    ],
)
def test_functions_are_told_apart(matcher, text, expected):
    assert targets(matcher, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "wat is de missie van de gemeente",
        "kan dat beter",
        "daar moet je goed tegen kunnen",
        "ik zoek een vacature",
        "welk advies geef je mij",
        "systeembeheer van de computer",
        "de brandweerman",
    ],
)
def test_ordinary_words_are_no_names(matcher, text):
    assert targets(matcher, text, "functie", "normfunctie", "competentie", "functiereeks") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conflicthantring", "conflicthantering"),
        ("ondernemingzin", "ondernemingszin"),
        ("nauwkeurigeheid", "nauwkeurigheid"),
        ("oordeels vorming", "oordeelsvorming"),
        ("klant gerichtheid", "klantgerichtheid"),
        ("plannen en organiseren", "plannen-en-organiseren"),
        ("coordinatie module", "coordinatie"),
    ],
)
def test_other_names_survive_typing(matcher, text, expected):
    assert expected in targets(matcher, text, "competentie", "module")


def test_every_name_is_found_under_each_alias(store, matcher):
    """Each alias of a function or competency leads to it, and to nothing else of its kind."""
    wrong = []
    for name in store.namen():
        if name.soort not in ("functie", "normfunctie", "competentie"):
            continue
        found = targets(matcher, name.naam, name.soort)
        if found != [name.doel]:
            wrong.append((name.naam, name.doel, found))
    assert wrong == []


def test_the_place_in_the_text_is_true(matcher):
    text = "Wat doet een   zwem-instructeur  eigenlijk?"
    found = matcher.find(text)[0]
    assert text[found.start : found.end] == "zwem-instructeur"


@pytest.mark.parametrize(
    ("text", "loose", "expected"),
    [
        ("schaal 6", False, ["6"]),
        ("salarisschaal twaalf", False, ["12"]),
        ("schaal 10A", False, ["10A"]),
        ("de schalen 8 en 9", False, ["8", "9"]),
        ("schaal 8 of 9?", False, ["8", "9"]),
        ("zit die in 13?", True, ["13"]),
        ("zit die in 13?", False, []),
        ("ik werk er 9 jaar", True, []),
        ("schaal 19", False, []),
    ],
)
def test_scales(text, loose, expected):
    assert [e.waarde for e in find_scales(text, loose)] == expected


@pytest.mark.parametrize(
    ("text", "loose", "expected"),
    [
        ("niveau B", False, ["B"]),
        ("nivo c", False, ["C"]),
        ("op b-niveau", False, ["B"]),
        ("C of D", True, ["C", "D"]),
        ("van C naar B", True, ["C", "B"]),
        ("het allerhoogste niveau", False, ["hoogste"]),
        ("is dat nou B?", True, ["B"]),
        ("P&O en D66", True, []),
        ("wat is dat", True, []),
    ],
)
def test_levels(text, loose, expected):
    assert sorted(e.waarde for e in find_levels(text, loose)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mbo 4", ["mbo-4"]),
        ("MBO-niveau 2", ["mbo-2"]),
        ("mbo", ["mbo"]),
        ("hbo", []),
        ("waar kan ik heen met niveau 3", ["mbo-3"]),
        ("nlqf niveau 3", []),
        ("niveau B", []),
    ],
)
def test_mbo(text, expected):
    assert [e.waarde for e in find_mbo(text)] == expected


def test_variants_of_a_norm_function():
    found = set(variants("medewerker publiek v", "normfunctie"))
    assert {
        "medewerker publiek v",
        "medewerker publiek 5",
        "medewerker publiek vijf",
        "publiek v",
        "publiek 5",
    } <= found


def test_sound_forgives_spelling():
    assert sound("swemleraar") == sound("zwemleeraar")
    assert sound("visie") != sound("missie")


def test_cleaning_keeps_positions():
    text = "<p>kijk op https://voorbeeld.nl/x &amp; mail a@b.nl</p>"
    assert len(clean(text)) == len(text)
    assert [w.text for w in words(text)] == ["kijk", "op", "mail"]


@pytest.mark.parametrize(
    "text", ["de schaal van een adviseur", "schaal van een beheerder in ommen", "in schaal een beetje"]
)
def test_an_article_is_no_scale(text):
    assert find_scales(text) == []
