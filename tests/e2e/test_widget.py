"""The web widget in a real browser against the running bot: widget/tests/browser, each file a test here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from bot.settings import ROOT

WIDGET = ROOT / "widget"
FILES = sorted((WIDGET / "tests" / "browser").glob("*.test.mjs"))


@pytest.fixture(scope="session")
def node() -> str:
    """The command that runs the tests. Without it, or without a browser, they are skipped; never in CI."""
    found = shutil.which("node")
    missing = [
        name
        for name, there in (
            ("node", found),
            ("widget/node_modules", (WIDGET / "node_modules" / "puppeteer-core").is_dir()),
            ("chromium", shutil.which(os.environ.get("CHROMIUM") or "/usr/bin/chromium")),
        )
        if not there
    ]
    if missing or not found:
        message = f"The widget is NOT tested: {', '.join(missing)} missing. Run scripts/setup_browser.sh"
        if os.environ.get("CI"):
            pytest.fail(message)
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    return found


def test_there_are_browser_tests():
    assert {file.stem for file in FILES} == {"accessibility.test", "conversation.test", "failures.test", "safety.test"}


@pytest.mark.e2e
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem.partition(".")[0])
def test_in_the_browser(node: str, bot_url: str, file: Path, capsys: pytest.CaptureFixture[str]):
    done = subprocess.run(
        [node, "--test", "--test-reporter=spec", str(file)],
        cwd=WIDGET,
        env={**os.environ, "BOT_URL": bot_url, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=900,
    )
    with capsys.disabled():
        # The figures: axe counts, size, times.
        print("", *(line for line in done.stdout.splitlines() if line.startswith("ℹ") and ":" in line), sep="\n")
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
