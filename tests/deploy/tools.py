"""Programs that the checks of deploy/ need: skipped loudly where one is missing, failed for in CI."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

DEPLOY = ROOT / "deploy"


def needed(program: str, package: str) -> str:
    """The path of a program; also looked for beside Python and in /usr/sbin."""
    found = shutil.which(
        program, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"])
    )
    if found is None:
        reason = f"{program} is not installed ({package}): what needs it is NOT checked here"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found
