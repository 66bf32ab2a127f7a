"""Every setting that the code reads is told to administrators, and every setting that is told exists."""

from __future__ import annotations

import re

from bot.settings import ROOT

NOT_A_SETTING = {
    # The server tells it to its own start-up line.
    "LOOPBAAN_POORT",
}
_NAME = re.compile(r"LOOPBAAN_[A-Z0-9]+(?:_[A-Z0-9]+)*")
_TOLD = re.compile(r"LOOPBAAN_[A-Z0-9]+(?:_[A-Z0-9]+)*|`(_[A-Z0-9]+)`")


def in_code() -> dict[str, str]:
    """Setting -> a file that reads it."""
    files = [ROOT / "Makefile", *(ROOT / "bot").rglob("*.py"), *(ROOT / "knowledge").rglob("*.py")]
    files += [*(ROOT / "scripts").glob("*.sh"), *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
    files += ROOT.glob("*.productie.yml")
    return {
        name: path.relative_to(ROOT).as_posix()
        for path in files
        if path.suffix not in (".png", ".whl")
        for name in _NAME.findall(path.read_text(encoding="utf-8"))
    }


def in_docs() -> dict[str, str]:
    """Setting -> a page that tells it. "`LOOPBAAN_CONTACT_NAAM`, `_EMAIL`" tells two."""
    found: dict[str, str] = {}
    for path in (ROOT / "docs").rglob("*.md"):
        last = ""
        for match in _TOLD.finditer(path.read_text(encoding="utf-8")):
            last = last.rpartition("_")[0] + match[1] if match[1] else match[0]
            found[last] = path.relative_to(ROOT).as_posix()
    return found


def test_every_setting_is_documented():
    told = in_docs()
    missing = {name: path for name, path in in_code().items() if name not in told and name not in NOT_A_SETTING}
    assert not missing, f"tell administrators in docs/ about: {missing}"


def test_every_documented_setting_exists():
    read = in_code()
    # A name with a star or a line that breaks off ("LOOPBAAN_TEAMS_...") means a family.
    gone = {name: path for name, path in in_docs().items() if not any(known.startswith(name) for known in read)}
    assert not gone, f"no code reads: {gone}"
