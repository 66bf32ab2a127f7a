"""The alternative that the bot is measured against: the same content under `rasa init`'s default configuration.

Same domain, same rules, same training questions, same actions; what differs is everything that Rasa chooses when nobody
chooses. The configuration is read from the installed Rasa, so that it is Rasa's own and not our idea of it. Wherever
the two could not be made equal, the choice favours the alternative:

- `onderwerp/<id>` and `buiten_bereik/<id>` become the plain intents `onderwerp` and `buiten_bereik`. Rasa's own way
  with such intents is a ResponseSelector for each, trained for another 100 epochs. Ours tells all labels apart; the
  alternative need only tell the plain intents apart.
- Entities are not annotated in our data (the knowledge base knows the names), so its DIETClassifier learns no entities.
- The dialogue consists of rules. TEDPolicy and UnexpecTEDIntentPolicy learn from stories only, so they are configured
  but learn nothing and cost next to nothing. Rasa's own first project has stories too: with `stories` each rule is
  told as a story as well, and all default policies take part.
- Its action server loads our action modules only, not Rasa or TensorFlow.
"""

from __future__ import annotations

import json
import pkgutil
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

DEFAULT_EPOCHS = 100
"""What Rasa's default configuration says for every component that has epochs."""


@dataclass(frozen=True)
class Project:
    """A Rasa project in a folder of its own. `examples` and `labels` count what it learns from and tells apart."""

    folder: Path
    examples: int
    labels: int


def default_config(epochs: int = DEFAULT_EPOCHS) -> dict[str, Any]:
    """The pipeline and policies that `rasa init`'s project gets, in Dutch and with another number of epochs."""
    import rasa.engine.recipes

    file = Path(rasa.engine.recipes.__file__).parent / "config_files" / "default_config.yml"
    config: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    config |= {"language": "nl", "assistant_id": "standaard"}
    for part in (*config["pipeline"], *config["policies"]):
        if "epochs" in part:
            part["epochs"] = epochs
    return config


def training_questions() -> dict[str, list[str]]:
    """Intent -> questions: our files and what the knowledge base gives, retrieval intents as plain ones."""
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "bot" / "data")]
    )
    found: dict[str, list[str]] = {}
    for example in importer.get_nlu_data().intent_examples:
        found.setdefault(example.get("intent"), []).append(" ".join(example.get("text").split()))
    return found


def sampled(questions: dict[str, list[str]], number: int) -> dict[str, list[str]]:
    """About `number` of the questions, from every intent its share and at least two; always the same ones."""
    total = sum(map(len, questions.values()))
    chance = random.Random(20)
    return {
        intent: chance.sample(texts, min(len(texts), max(2, round(len(texts) * number / total))))
        for intent, texts in questions.items()
    }


def make_project(
    folder: Path, action_port: int, epochs: int, sample: int | None = None, stories: bool = False
) -> Project:
    """Write the alternative's project into `folder`; its actions are expected at `action_port`."""
    questions = training_questions()
    if sample:
        questions = sampled(questions, sample)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    for rules in sorted((ROOT / "bot" / "data" / "rules").rglob("*.yml")):
        shutil.copy(rules, folder / "data" / f"rules_{rules.name}")
    if stories:
        _write(folder / "data" / "stories.yml", {"version": "3.1", "stories": _stories()})
    shutil.copy(ROOT / "domain.yml", folder / "domain.yml")
    _write(folder / "config.yml", default_config(epochs))
    _write(folder / "endpoints.yml", {"action_endpoint": {"url": f"http://localhost:{action_port}/webhook"}})
    _write(folder / "credentials.yml", {"rest": None})
    (folder / "data" / "nlu.yml").write_text(_nlu_yaml(questions), encoding="utf-8")
    (folder / "actions.py").write_text(_actions_module(), encoding="utf-8")
    return Project(folder, sum(map(len, questions.values())), len(questions))


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _stories() -> list[dict[str, Any]]:
    """Our rules as stories, one for each intent."""
    stories = []
    for path in sorted((ROOT / "bot" / "data" / "rules").rglob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            first, *rest = rule["steps"]
            for asked in first.get("or", [first]):
                stories.append({"story": f"Question: {asked['intent']}", "steps": [asked, *rest]})
    return stories


def _nlu_yaml(questions: dict[str, list[str]]) -> str:
    """Rasa's training format. Brackets and braces would annotate entities: they are made parentheses."""
    plain = str.maketrans("[]{}", "()()")
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in questions.items():
        lines += [f"- intent: {json.dumps(intent)}", "  examples: |"]
        lines += [f"    - {text.translate(plain)}" for text in texts]
    return "\n".join(lines) + "\n"


def _actions_module() -> str:
    """A module that imports our actions, without the one that runs them inside the bot's process (it imports Rasa)."""
    import bot.actions

    names = [module.name for module in pkgutil.iter_modules(bot.actions.__path__) if module.name != "in_process"]
    return "".join(f"import bot.actions.{name}  # noqa: F401\n" for name in sorted(names))
