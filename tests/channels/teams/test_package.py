"""The app package: what Teams gets to read, held against Microsoft's own schema."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile

import pytest
from jsonschema import Draft4Validator, Draft7Validator, FormatChecker
from PIL import Image

from bot.settings import ROOT
from tests.channels.teams.judges import manifest_schema

FOLDER = ROOT / "deploy" / "teams"
APP_ID = "11111111-2222-3333-4444-555555555555"
GIVEN = {
    "--app-id": APP_ID,
    "--organisatie": "Gemeente Ommen",
    "--website": "https://www.ommen.nl",
    "--privacy": "https://www.ommen.nl/privacy",
    "--voorwaarden": "https://www.ommen.nl/voorwaarden",
}


@pytest.fixture(scope="module")
def maak():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("maak", FOLDER / "maak.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def problems(manifest):
    """What Microsoft's schema has against a manifest."""
    schema = manifest_schema("1.22")
    # Draft 4 by its own word, but it uses `const`, which came with draft 6: both read it.
    validators = [kind(schema, format_checker=FormatChecker()) for kind in (Draft4Validator, Draft7Validator)]
    return [error.message for validator in validators for error in validator.iter_errors(manifest)]


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, str(FOLDER / "maak.py"), *arguments], cwd=cwd, capture_output=True, text=True
    )


def flat(given):
    return [part for pair in given.items() for part in pair]


def test_the_package(tmp_path):
    done = run(*flat(GIVEN), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "loopbaanbot-teams.zip") as archive:
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
        manifest = json.loads(archive.read("manifest.json"))
    assert problems(manifest) == []
    assert manifest["id"] == manifest["bots"][0]["botId"] == APP_ID
    assert manifest["developer"]["name"] == "Gemeente Ommen"
    assert {"color", "outline"} == set(manifest["icons"])


def test_the_schema_does_find_mistakes():
    good = json.loads((FOLDER / "manifest.json").read_text())
    assert problems(good) == []
    assert problems({**good, "manifestVersion": "1.21"})
    assert problems({**good, "id": "geen nummer"})
    assert problems({**good, "name": {"short": "x" * 31}})
    assert problems({**good, "verzonnen": 1})
    assert problems({**good, "bots": [{"botId": good["id"], "scopes": ["iedereen"]}]})


def test_it_asks_for_no_more_than_talking():
    manifest = json.loads((FOLDER / "manifest.json").read_text())
    for more in ("permissions", "devicePermissions", "authorization", "webApplicationInfo", "validDomains"):
        assert more not in manifest
    assert set(manifest["bots"][0]["scopes"]) == {"personal", "groupChat", "team"}
    assert "computerprogramma" in manifest["description"]["full"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("--app-id", "abc"),
        ("--organisatie", "x" * 33),
        ("--organisatie", ""),
        ("--website", "http://www.ommen.nl"),
        ("--privacy", ""),
        ("--versie", "1"),
    ],
)
def test_a_mistake_is_told_and_makes_nothing(tmp_path, name, value):
    done = run(*flat({**GIVEN, name: value}), cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.startswith(f"Fout: {name}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "size"), [("color.png", 192), ("outline.png", 32)])
def test_the_icons_are_as_the_script_draws_them(maak, name, size):
    with Image.open(FOLDER / name) as kept:
        assert kept.size == (size, size)
        assert kept.convert("RGBA").tobytes() == maak.icon(name).tobytes()


def test_the_outline_is_white_on_nothing():
    with Image.open(FOLDER / "outline.png") as found:
        raw = found.convert("RGBA").tobytes()
    pixels = [tuple(raw[at : at + 4]) for at in range(0, len(raw), 4)]
    assert {pixel[:3] for pixel in pixels if pixel[3]} == {(255, 255, 255)}
    assert any(pixel[3] == 0 for pixel in pixels)
