"""What the store answers, against facts looked up by hand in the function book."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from knowledge import advice, education, tasks
from knowledge.build import build_memory
from knowledge.store import KnowledgeUnavailable, Store


def test_scales_and_formation(store):
    by_id = {f.id: f for f in store.functies()}
    assert {f.schaal for f in by_id.values()} == {"4", "5", "6", "7", "8", "9", "10", "11", "12", "14"}
    assert by_id["regisseur-adviseur"].formatie == 11
    assert by_id["regisseur-adviseur"].norm.naam == "Adviseur III"
    assert by_id["zweminstructeur"].formatie is None
    assert sum(f.formatie or 0 for f in by_id.values()) == 45
    assert next(f.id for f in store.functies()) == "gemeentesecretaris"


def test_functions_in_a_scale(store):
    assert [f.naam for f in store.functies_in_schaal("6")] == [
        "Medewerker reserveringen",
        "Ondersteuner",
        "Zweminstructeur",
    ]
    assert store.functies_in_schaal("13") == []


def test_functions_by_competency_highest_level_first(store):
    found = store.functies_met_competentie("regisseren")
    assert {g.functie.id for g in found} == {"strategisch-beleidsadviseur", "beleidsadviseur"}
    assert {g.niveau for g in found} == {"A"}
    levels = [g.niveau for g in store.functies_met_competentie("klantgerichtheid")]
    assert levels == sorted(levels)


def test_competency_levels(store):
    visie = store.competentie("visie")
    assert visie.niveaus["C"].naam == "visie op het eigen vakgebied"
    assert len(visie.niveaus["A"].gedrag) == 5
    assert store.competentie("resultaatgerichtheid").definitie is None


def test_two_competency_lists_are_both_kept(store):
    norm = store.normfunctie("medewerker-educatie-iii")
    assert {c.niveau for c in norm.competenties} == {"D"}
    assert {c.niveau for c in norm.competenties_bijlage} == {"C"}
    assert norm.tegenstrijdigheden


def test_unknown_things_are_none(store):
    assert store.functie("brandweerman") is None
    assert store.normfunctie("x") is None
    assert store.competentie("x") is None
    assert store.onderwerp("x.y") is None
    with pytest.raises(KeyError):
        store.bron("x")


def test_salary_is_dated(store):
    found = store.salaris("8")
    assert (found.laagste, found.hoogste) == (2459, 3556)
    assert found.tabel.geldig_vanaf == "2020-07-01"
    assert store.salaris("19") is None


@pytest.mark.parametrize("text", ["'", '"', "a'b -c (d) *", "NEAR/2 ^ :", "schaal?", "🙂", ""])
def test_search_survives_any_text(store, text):
    assert isinstance(store.zoek(text, "normfunctie"), list)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("wie verzorgt het beheer en onderhoud van de sporthal", "beheerder-accommodaties"),
        ("degene die zwemlessen geeft aan kinderen", "zweminstructeur"),
        ("wie notuleert de vergaderingen en beheert de agenda's", "ondersteuner"),
    ],
)
def test_functions_are_found_by_a_description(store, description, expected):
    assert expected in [r.functie.id for r in tasks.functions_for(store, description)]


def test_variants_are_told_apart(store):
    family = store.varianten()
    assert family["ondersteuner"]["senior"] == "senior-ondersteuner"
    assert family["senior-ondersteuner"][""] == "ondersteuner"
    assert family["beleidsadviseur"]["strategisch"] == "strategisch-beleidsadviseur"


def test_missing_and_broken_databases_are_said_to_be_so(tmp_path: Path, content):
    with pytest.raises(KnowledgeUnavailable, match="bestaat niet"):
        Store.open(tmp_path / "none.db")
    (tmp_path / "broken.db").write_text("dit is geen database " * 100)
    with pytest.raises(KnowledgeUnavailable):
        Store.open(tmp_path / "broken.db")
    with pytest.raises(KnowledgeUnavailable, match="organisatie"):
        Store(build_memory(content), "nergenshuizen")
    old = build_memory(content)
    old.execute("update meta set waarde = '0' where sleutel = 'versie'")
    with pytest.raises(KnowledgeUnavailable, match="versie"):
        Store(old)


def test_foreign_keys_hold(content):
    database: Database = build_memory(content)
    assert list(database.execute("pragma foreign_key_check").fetchall()) == []
    database.execute("pragma foreign_keys = on")
    with pytest.raises(sqlite3.IntegrityError):
        database["functie"].insert(
            {"organisatie": "ommen", "id": "x", "naam": "X", "normfunctie": "bestaat-niet", "bron": "y"}
        )


# --- education and advice: cases worked out by hand from the function book -------------------------------------------


@pytest.mark.parametrize(
    ("diploma", "functie", "expected"),
    [
        ("mbo-4", "senior-ondersteuner", True),
        ("mbo-2", "senior-ondersteuner", False),
        ("hbo", "strategisch-beleidsadviseur", False),
        ("wo", "gemeentesecretaris", True),
        ("hbo", "strategisch-regisseur-adviseur", False),
        ("mbo", "senior-ondersteuner", None),
        ("mbo", "beleidsadviseur", False),
        ("toverdiploma", "adviseur", None),
    ],
)
def test_education_is_held_against_the_minimum(store, diploma, functie, expected):
    assert education.enough(diploma, store.functie(functie)) is expected


def test_functions_for_an_education(store):
    exact = [fit.functie.id for fit in education.functions_for(store, "mbo-3") if fit.exact]
    assert exact == ["medewerker-reserveringen"]
    assert {f.functie.id for f in education.functions_for(store, "wo") if f.exact} == {
        "gemeentesecretaris",
        "strategisch-beleidsadviseur",
    }


def test_compare_adviseur_with_regisseur(store):
    verschil = advice.compare(store.functie("adviseur"), store.functie("regisseur-adviseur"))
    assert [(s.competentie, s.van, s.naar) for s in verschil.stappen("hoger")] == [("visie", "C", "B")]
    assert verschil.stappen("nieuw", "vervalt", "lager") == []
    assert verschil.opleiding_genoeg is True


def test_compare_ondersteuner_with_senior(store):
    verschil = advice.compare(store.functie("ondersteuner"), store.functie("senior-ondersteuner"))
    assert [s.competentie for s in verschil.stappen("nieuw")] == ["zelfstandigheid"]
    assert [s.competentie for s in verschil.stappen("vervalt")] == ["nauwkeurigheid"]
    assert verschil.opleiding_genoeg is False


def test_next_step_stays_in_the_family(store):
    steps = advice.next_steps(store, store.functie("ondersteuner"))
    assert steps[0].functie.id == "senior-ondersteuner"
    assert {s.richting for s in steps} == {"omhoog", "opzij"}
    assert advice.next_steps(store, store.functie("gemeentesecretaris")) == []


def test_strengths(store):
    matches = advice.functions_for_strengths(store, ["netwerken", "visie"])
    assert matches[0].functie.id == "gemeentesecretaris"
    assert matches[0].competenties == (("netwerken", "A"), ("visie", "A"))
    assert advice.functions_for_strengths(store, ["coaching"]) == []
