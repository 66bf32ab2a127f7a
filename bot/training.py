"""Train the model, and tell whether that is needed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from bot.settings import ROOT, Settings

STAMP = "model.json"


def training_stamp(settings: Settings) -> dict[str, Any]:
    """What a model depends on: content, training data, configuration, our NLU code and the language model."""
    from bot.nlu import meaning
    from bot.nlu.language import available_language
    from knowledge.store import Store

    digest = hashlib.sha256()
    files = [ROOT / "config.yml", ROOT / "domain.yml", *sorted((ROOT / "bot" / "data").rglob("*.yml"))]
    files += [*sorted((ROOT / "bot" / "nlu").glob("*.py")), ROOT / "bot" / "answers" / "questions.py"]
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    store = Store.open(settings.database, settings.organisatie)
    return {
        "inhoud": store.fingerprint(),
        "bestanden": digest.hexdigest(),
        "taalmodel": available_language(),
        "betekenis": meaning.available(),
        "organisatie": store.organisatie_id,
    }


def stamp_of_model(folder: Path) -> dict[str, Any] | None:
    """The stamp of the newest model, or None when there is none."""
    path = folder / STAMP
    if not path.exists() or not list(folder.glob("*.tar.gz")):
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def is_current(settings: Settings) -> bool:
    """Whether the newest model was trained on what is here now."""
    return stamp_of_model(settings.models) == training_stamp(settings)


def train(settings: Settings) -> Path:
    """Train a model and return its path; older models are removed once it's there."""
    from rasa.model_training import train as rasa_train

    stamp = training_stamp(settings)
    settings.models.mkdir(parents=True, exist_ok=True)
    result = rasa_train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "bot" / "data")],
        output=str(settings.models),
        fixed_model_name="loopbaanbot",
        force_training=True,
    )
    if result.model is None:
        raise RuntimeError(f"Trainen is niet gelukt (code {result.code}).")
    model = Path(result.model)
    for old in settings.models.glob("*.tar.gz"):
        if old != model:
            old.unlink()
    (settings.models / STAMP).write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    return model
