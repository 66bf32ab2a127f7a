"""Functions that the book does not have: their content, its check, and what the store says of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.build import build_file
from knowledge.content_files import CONTENT_DIR, ContentError, read_content
from knowledge.normal import name_key
from knowledge.store import Store

FILE = "functieboek/ommen/buiten_het_boek.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content to make mistakes in."""
    return Path(shutil.copytree(CONTENT_DIR, tmp_path / "content"))


def mistake(folder: Path, yaml: str, file: str = FILE) -> str:
    """What the check says of a file with these lines in it."""
    (folder / file).write_text(yaml, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_content(folder)
    assert len(caught.value.mistakes) == 1, caught.value
    return str(caught.value.mistakes[0])


@pytest.mark.parametrize(
    ("item", "line", "says"),
    [
        ("naam: Beheerder", 3, "de naam 'Beheerder' is al van de functie 'ommen/beheerder'. Haal hem hier weg"),
        ("naam: Adviseur III", 3, "de naam 'Adviseur III' is al van de functie 'adviseur-iii'"),
        ("naam: X\n    aliassen: [a b, huismeester]", 4, "'huismeester' is al van de functie 'ommen/beheerder-acc"),
        ("naam: X\n    dichtstbij: [adviser]\n    waarom: Om het werk.", 4, "functie 'adviser' bestaat niet. Bedoel je 'adviseur'?"),
        ("naam: X\n    dichtstbij: [adviseur]", 2, "hoort 'waarom'"),
        ("naam: X\n    alias: [y]", 4, "onbekende sleutel"),
        ("naam: X\n    dichtstbij: [adviseur, beheerder, ondersteuner]\n    waarom: Om het werk.", 4, "dichtstbij"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(folder, item, line, says):
    said = mistake(folder, f"buiten_het_boek:\n  - id: x\n    {item}\n")
    assert says in said
    assert said.startswith(f"{FILE}, regel {line}:")


def test_two_with_one_name_are_told(folder):
    said = mistake(folder, "buiten_het_boek:\n  - {id: x, naam: Boa}\n  - {id: y, naam: Ypsilon, aliassen: [boa]}\n")
    assert "regel 3: de naam 'boa' is al van 'x'" in said


def test_it_belongs_to_an_organisation(folder):
    assert "één organisatie" in mistake(folder, "buiten_het_boek: []\n", "functieboek/buiten.yml")


def test_a_book_may_have_none(folder, tmp_path):
    (folder / FILE).unlink()
    build_file(tmp_path / "knowledge.db", folder)
    assert Store.open(tmp_path / "knowledge.db").buiten_het_boek() == []


def test_the_store_tells_what_is_near(store):
    jurist = store.buiten_boek("jurist")
    assert [f.id for f in jurist.dichtstbij] == ["adviseur"]
    assert "rechten" in jurist.waarom
    assert jurist.namen[0] == "Jurist" and "bestuursjurist" in jurist.namen
    assert store.buiten_boek("vuilnisman").dichtstbij == ()
    assert store.buiten_boek("adviseur") is None


def test_a_field_of_study_that_is_named_stands_in_the_profile(store):
    """ "Het profiel noemt X als richting" is true for every function that is named as nearest."""
    fields = {r for f in store.functies() for r in f.norm.opleiding.richtingen}
    told = 0
    for part in store.buiten_het_boek():
        if part.waarom and "als richting" in part.waarom:
            sentence = next(s for s in part.waarom.split(".") if "als richting" in s)
            named = {field for field in fields if field in sentence}
            assert named, part
            told += 1
            for f in part.dichtstbij:
                assert named <= set(f.norm.opleiding.richtingen), (part.naam, f.naam)
    assert told > 20


def test_no_name_outside_the_book_is_one_inside_it(store):
    inside = {n.sleutel for n in store.namen() if n.soort in ("functie", "normfunctie", "competentie", "module")}
    outside = [name_key(name) for part in store.buiten_het_boek() for name in part.namen]
    assert not inside & set(outside)
    assert len(outside) == len(set(outside))
    assert 120 <= len(store.buiten_het_boek()) <= 200
