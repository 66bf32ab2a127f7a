"""The bot starts without TensorFlow, and takes the real one when a component needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot import without_tensorflow
from bot.settings import ROOT


def python(code: str, **env: str) -> str:
    import os

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_rasa_comes_up_without_loading_tensorflow():
    out = python(
        "from bot.server import quiet; quiet()\n"
        "import rasa.core.agent, rasa.engine.recipes.default_components, sys\n"
        "print(type(sys.modules['tensorflow']).__name__)\n"
        "from rasa.nlu.classifiers.diet_classifier import DIETClassifier\n"
        "print(DIETClassifier.__name__)"
    )
    assert out.split() == ["_Module", "DIETClassifier"]


def test_what_needs_tensorflow_says_so():
    out = python(
        "from bot import without_tensorflow as w; print(w.install())\n"
        "import tensorflow as tf\n"
        "class Layer(tf.keras.layers.Layer): pass\n"
        "@tf.function\ndef same(x): return x\n"
        "print(same(3))\n"
        "try: Layer()\nexcept RuntimeError as error: print('LOOPBAAN_TENSORFLOW=1' in str(error))"
    )
    assert out.split() == ["True", "3", "True"]


@pytest.mark.parametrize(("config", "needed"), [("  - name: DIETClassifier\n", True), ("  # DIETClassifier\n", False)])
def test_a_pipeline_with_diet_gets_the_real_one(monkeypatch, tmp_path, config, needed):
    (tmp_path / "config.yml").write_text(f"pipeline:\n{config}", encoding="utf-8")
    monkeypatch.setattr(without_tensorflow, "ROOT", tmp_path)
    monkeypatch.delenv("LOOPBAAN_TENSORFLOW", raising=False)
    assert without_tensorflow.is_needed() is needed


def test_the_environment_can_ask_for_it(monkeypatch):
    monkeypatch.setenv("LOOPBAAN_TENSORFLOW", "1")
    assert without_tensorflow.is_needed() and not without_tensorflow.install()
