"""What the measurements share in telling their results, in Dutch."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path


def comma(value: float, digits: int) -> str:
    """A number as Dutch people write it."""
    return f"{value:.{digits}f}".replace(".", ",")


def machine() -> str:
    """What the measurement ran on, and how busy that was at the end."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    load = " / ".join(comma(value, 1) for value in os.getloadavg())
    return f"{os.cpu_count()} kernen ({processor}), belasting aan het eind {load} (1, 5 en 15 minuten)"


def say(text: str) -> None:
    """Tell how far it is, apart from the report."""
    print(text, file=sys.stderr, flush=True)
