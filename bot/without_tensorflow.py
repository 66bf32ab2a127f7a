"""Start Rasa without TensorFlow, which this bot's pipeline doesn't use.

Rasa imports TensorFlow wherever it is installed: six seconds and 350 MB for every process, for classes (DIET, TED) that
config.yml doesn't name. An empty stand-in for it is enough to define those classes. `rasa train` and `rasa shell` go
past this and use the real one; so does the bot when config.yml names a component that needs it, or when
LOOPBAAN_TENSORFLOW=1 is set.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from typing import Any

from bot.settings import ROOT

NEED_IT = ("DIETClassifier", "ResponseSelector", "TEDPolicy", "UnexpecTEDIntentPolicy", "ConveRT", "LanguageModel")
"""Rasa's components that compute with TensorFlow."""

_PACKAGES = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})


class _AbsentType(type):
    """Any attribute, subscript or call of the stand-in gives the stand-in again; as a decorator it changes nothing."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not Absent:
            raise RuntimeError(f"{cls.__name__} needs TensorFlow: start the bot with LOOPBAAN_TENSORFLOW=1")
        decorates = len(args) == 1 and not kwargs and callable(args[0])
        return args[0] if decorates else Absent

    def __getitem__(cls, item: Any) -> Any:
        return Absent

    def __or__(cls, other: Any) -> Any:
        return Absent

    def __ror__(cls, other: Any) -> Any:
        return Absent


class Absent(metaclass=_AbsentType):
    """What everything in the stand-in is."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Subclasses can be defined, not made."""


class _Module(types.ModuleType):
    __path__: list[str] = []  # noqa: RUF012  - what makes it a package

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "0.0.0"
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in _PACKAGES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def is_needed() -> bool:
    """Whether config.yml names a component that computes with TensorFlow, or the environment asks for it."""
    if os.environ.get("LOOPBAAN_TENSORFLOW") == "1":
        return True
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    lines = [line.partition("#")[0] for line in config.splitlines()]
    return any(name in line for line in lines for name in NEED_IT)


def install() -> bool:
    """Put the stand-in in TensorFlow's place; call before anything of Rasa is imported. Returns whether it's in use."""
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return True
    if "tensorflow" in sys.modules or "rasa" in sys.modules or is_needed():
        return False
    sys.meta_path.insert(0, _Finder())
    return True
