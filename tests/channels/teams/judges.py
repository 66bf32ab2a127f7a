"""Independent judges of what the channel sends: Microsoft's model of activities, its card renderer, its manifest schema.

They don't fit in the bot's environment (pydantic 2, Node), so each is made once in a cache folder, pinned by its hash.
Where that can't be done the tests are skipped, and say so; in CI they fail.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loopbaanbot"
CARDS = ("adaptivecards", "3.0.6", "44d0560c8c6a3a660af8dda32de5d1c428ffb414ff050ee61e9377d19785bbfb")
SCHEMAS = ("@microsoft/app-manifest", "1.1.2", "4fcc09ca1c01733849c2639cd7d96530093417a347d026eaaa1c8f046e51882c")


def activity_problems(activities: list[dict[str, Any]]) -> list[list[str]]:
    """What is wrong with each activity, by `microsoft-agents-activity`."""
    folder = _made("activiteiten-" + _hash(HERE / "judge.txt")[:12], _install_activities)
    # -I and -S: nothing of the bot's own environment.
    return _judged([sys.executable, "-I", "-S", str(HERE / "judge_activity.py"), str(folder)], activities)


def card_problems(cards: list[dict[str, Any]]) -> list[list[str]]:
    """What is wrong with each card, by `adaptivecards`."""
    if shutil.which("node") is None:
        _missing("the judge of cards needs Node")
    return _judged(["node", str(HERE / "judge_card.js"), str(_package(*CARDS))], cards)


def manifest_schema(version: str) -> dict[str, Any]:
    """The JSON schema of a version of the Teams manifest."""
    path = _package(*SCHEMAS) / "build/json-schemas/teams" / f"v{version}" / "MicrosoftTeams.schema.json"
    return dict(json.loads(path.read_text(encoding="utf-8-sig")))


def _judged(command: list[str], sent: list[dict[str, Any]]) -> list[list[str]]:
    done = subprocess.run(command, input=json.dumps(sent), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def _install_activities(folder: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--require-hashes", "--target", str(folder)]
    _run([*command, "--python", sys.executable, "-r", str(HERE / "judge.txt")])


def _package(name: str, version: str, digest: str) -> Path:
    def fetch(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as there:
            _run(["npm", "pack", "--silent", "--pack-destination", there, f"{name}@{version}"], cwd=there)
            (packed,) = Path(there).glob("*.tgz")
            assert _hash(packed) == digest, f"{name} {version} is not what it was"
            with tarfile.open(packed) as archive:
                archive.extractall(folder)

    return _made(f"{name.replace('/', '-')}-{version}", fetch) / "package"


def _made(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the cache; made in another place and then moved, so that it is there as a whole or not at all."""
    folder = CACHE / name
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as there:
        fresh = Path(there) / "nieuw"
        fresh.mkdir()
        try:
            make(fresh)
        except (subprocess.SubprocessError, OSError) as error:
            _missing(f"the judge {name} can't be installed: {getattr(error, 'stderr', '') or error}")
        try:
            fresh.rename(folder)
        except OSError:
            assert folder.exists()  # another test process was first
    return folder


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _run(command: list[str], **more: Any) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, **more)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
