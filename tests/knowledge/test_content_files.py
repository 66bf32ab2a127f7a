"""An editor's mistake is reported in Dutch, with file, line and remedy, and nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.build import build_file, content_fingerprint
from knowledge.content_files import CONTENT_DIR, ContentError, Mistake, read_content
from knowledge.store import Store

ADVISEUR = "functieboek/ommen/functies/adviseur.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content to make mistakes in."""
    return Path(shutil.copytree(CONTENT_DIR, tmp_path / "content"))


def mistakes(folder: Path) -> list[Mistake]:
    with pytest.raises(ContentError) as caught:
        read_content(folder)
    return caught.value.mistakes


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace a text once; returns the line (from 1) where it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_content_is_right(content):
    assert content.counts()["functies"] == 16
    assert content.counts()["normfuncties"] == 16


@pytest.mark.parametrize(
    ("file", "old", "new", "expected", "remedy"),
    [
        (ADVISEUR, 'schaal: "10"', 'schaal: "23"', "schaal 23 bestaat niet", "waarde"),
        (ADVISEUR, "normfunctie: adviseur-iv", "normfunctie: adviseur-vi", "normfunctie 'adviseur-vi' bestaat niet", "adviseur-iv"),
        (ADVISEUR, "formatie: 7.0", "formatie: -1", "formatie is groter dan 0", "waarde"),
        (ADVISEUR, "formatie:", "fromatie:", "onbekende sleutel 'fromatie'", "spelling"),
        (ADVISEUR, "bron: {bron: functieboek-ommen", "bron: {bron: functieboek", "bron 'functieboek' bestaat niet", "functieboek-ommen"),
        ("competenties/visie.yml", "  B:", "  E:", "niveaus", "Kies uit A, B, C, D"),
        ("competenties/visie.yml", "naam: Visie", "nam: Visie", "'naam' ontbreekt", "Vul het in"),
        (
            "functieboek/normfuncties/adviseur-iv.yml",
            "competentie: visie, niveau: C",
            "competentie: visioen, niveau: C",
            "competentie 'visioen' bestaat niet",
            "",
        ),
        (
            "functieboek/normfuncties/adviseur-iv.yml",
            "competentie: visie, niveau: C",
            "competentie: visie, niveau: D",
            "heeft geen niveau D",
            "A, B, C",
        ),
    ],
)  # fmt: skip
def test_mistake_is_reported_where_it_stands(folder, file, old, new, expected, remedy):
    line = change(folder, file, old, new)
    found = mistakes(folder)
    hit = [m for m in found if expected in str(m)]
    assert hit, f"{expected!r} not in {[str(m) for m in found]}"
    assert remedy in hit[0].remedy or remedy in hit[0].message
    assert hit[0].file == file
    if "ontbreekt" not in expected:
        assert abs(hit[0].line - line) <= 1, f"line {hit[0].line}, expected {line}"


def test_missing_source_is_reported(folder):
    text = (folder / ADVISEUR).read_text(encoding="utf-8")
    (folder / ADVISEUR).write_text(text[: text.index("bron:")], encoding="utf-8")
    assert any("'bron' ontbreekt" in m.message for m in mistakes(folder))


def test_double_alias_is_reported(folder):
    change(folder, ADVISEUR, "aliassen:\n", "aliassen:\n  - zwemleraar\n")
    assert any("'zwemleraar' is al van" in m.message for m in mistakes(folder))


def test_bad_yaml_is_reported_with_its_line(folder):
    (folder / ADVISEUR).write_text('id: adviseur\nnaam: "Adviseur\nschaal: 10\n', encoding="utf-8")
    assert any(m.file == ADVISEUR and "geen geldige YAML" in m.message for m in mistakes(folder))


def test_double_key_is_reported(folder):
    change(folder, ADVISEUR, "formatie: 7.0", "formatie: 7.0\nformatie: 8.0")
    assert any("'formatie' staat er twee keer" in m.message for m in mistakes(folder))


def test_all_mistakes_are_reported_at_once(folder):
    change(folder, ADVISEUR, "formatie:", "fromatie:")
    change(folder, "competenties/visie.yml", "naam: Visie", "nam: Visie")
    assert {m.file for m in mistakes(folder)} >= {ADVISEUR, "competenties/visie.yml"}


def test_mistake_leaves_the_old_database_in_use(folder, tmp_path):
    target = tmp_path / "knowledge.db"
    build_file(target, folder)
    before = target.read_bytes()
    change(folder, ADVISEUR, 'schaal: "10"', 'schaal: "23"')
    with pytest.raises(ContentError):
        build_file(target, folder)
    assert target.read_bytes() == before
    assert Store.open(target).functie("adviseur").schaal == "10"


def test_same_content_gives_the_same_database(tmp_path):
    build_file(tmp_path / "first.db")
    build_file(tmp_path / "second.db")
    assert (tmp_path / "first.db").read_bytes() == (tmp_path / "second.db").read_bytes()


def test_fingerprint_follows_the_content(folder):
    before = content_fingerprint(folder)
    change(folder, ADVISEUR, "formatie: 7.0", "formatie: 7.5")
    assert content_fingerprint(folder) != before


def test_a_new_function_needs_no_code(folder, tmp_path):
    """Added to the content, a function is listed, found by its alias and answered."""
    text = (folder / ADVISEUR).read_text(encoding="utf-8")
    head = (
        text[: text.index("aliassen:")]
        .replace("id: adviseur", "id: dorpsomroeper")
        .replace("naam: Adviseur", "naam: Dorpsomroeper")
    )
    new = head + "aliassen:\n  - beheerder dorpsklok\n" + text[text.index("bron:") :]
    (folder / "functieboek/ommen/functies/dorpsomroeper.yml").write_text(new, encoding="utf-8")
    build_file(tmp_path / "knowledge.db", folder)
    store = Store.open(tmp_path / "knowledge.db")
    from bot.nlu.name_matcher import NameMatcher

    assert "dorpsomroeper" in [f.id for f in store.functies()]
    found = NameMatcher(store.namen()).find("wat doet de beheerder dorpsklok of een dorpsomroepers?")
    assert ("functie", "dorpsomroeper") in [t for f in found for t in f.targets]
