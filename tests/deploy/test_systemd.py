"""The systemd units, by systemd's own checks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.tools import DEPLOY, needed

UNITS = ("loopbaanbot.service", "loopbaanbot-opruimen.service", "loopbaanbot-opruimen.timer")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a command that is here in the place of the one that an installed bot has."""
    command = tmp_path / "loopbaan"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("/opt/loopbaanbot/.venv/bin/loopbaan", str(command)), encoding="utf-8"
        )
    return tmp_path


def test_systemd_finds_no_fault(units):
    found = subprocess.run(
        [needed("systemd-analyze", "systemd"), "verify", "--man=no", *(units / name for name in UNITS)],
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS[:2])
def test_little_is_exposed(units, name):
    found = subprocess.run(
        [needed("systemd-analyze", "systemd"), "security", "--offline=yes", "--no-pager", units / name],
        capture_output=True,
        text=True,
    )
    (level,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", found.stdout)
    assert float(level) <= 1.5, found.stdout


def test_the_command_of_the_clean_up_is_the_timers():
    timer = (DEPLOY / "systemd" / "loopbaanbot-opruimen.timer").read_text(encoding="utf-8")
    moment = re.findall(r"OnCalendar=(.+)", timer)[0]
    found = subprocess.run(
        [needed("systemd-analyze", "systemd"), "calendar", moment], capture_output=True, text=True, check=True
    )
    assert "Next elapse" in found.stdout
