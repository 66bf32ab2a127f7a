"""The project's own test of its training data and domain; Rasa's validator passes over much of this."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers.questions import own_questions
from bot.nlu.importer import examples, follow_ups
from bot.settings import ROOT

NLU = sorted((ROOT / "bot" / "data" / "nlu").glob("*.yml"))
RULES = sorted((ROOT / "bot" / "data" / "rules").glob("*.yml"))


@pytest.fixture(scope="module")
def written() -> list[tuple[str, str, str]]:
    """(file, label, question) of all hand-written examples."""
    found = []
    for path in NLU:
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in item["examples"].splitlines():
                assert line.startswith("- "), f"{path.name}: {line!r}"
                found.append((path.name, item["intent"], line[2:].strip()))
    return found


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8")))


def ruled_intents() -> Counter[str]:
    """How often each intent starts a rule."""
    found: Counter[str] = Counter()
    for path in RULES:
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            for step in rule["steps"]:
                for alternative in step.get("or", [step]):
                    if "intent" in alternative:
                        found[alternative["intent"]] += 1
    return found


def test_every_intent_has_examples(written, domain):
    counts = Counter(label.split("/")[0] for _, label, _ in written)
    assert {name for name in domain["intents"] if counts[name] < 30} == set()


def test_every_example_has_an_intent(written, domain):
    assert {label.split("/")[0] for _, label, _ in written} <= set(domain["intents"])


def test_every_intent_has_one_rule(domain):
    ruled = ruled_intents()
    assert {name for name in [*domain["intents"], "nlu_fallback"] if ruled[name] != 1} == set()
    assert set(ruled) - {"nlu_fallback"} == set(domain["intents"])


def test_every_intent_has_a_handler(domain):
    from bot.actions import advies, competentie, functie, gesprek, onderwerp, vorige  # noqa: F401
    from bot.actions.registry import handler_for

    assert {name for name in domain["intents"] if handler_for(name) is None} == set()


def test_every_action_exists_and_is_used(domain):
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("bot.actions")
    used = {
        step["action"]
        for path in RULES
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        for step in rule["steps"]
        if "action" in step
    }
    assert set(domain["actions"]) == used
    assert set(domain["actions"]) <= set(executor.actions)


def test_there_are_no_unused_responses(domain):
    """All texts come from bot.answers; a response in the domain would be a second place for them."""
    assert "responses" not in domain


def test_every_subject_in_the_data_exists(written, store):
    known = {o.id for o in store.onderwerpen()}
    asked = {label.split("/")[1] for _, label, _ in written if label.startswith("onderwerp/")}
    assert asked - known == set()


def test_follow_ups_are_about_subjects(store):
    known = {onderwerp.id for onderwerp in store.onderwerpen()}
    found = list(follow_ups())
    assert len(found) > 1000
    assert {subject for before, _, answers in found for subject in (before, answers)} <= known
    assert [
        key for key, count in Counter((before, text.lower()) for before, text, _ in found).items() if count > 1
    ] == []


def test_every_subject_has_enough_questions(written, store):
    counts = Counter(label.split("/")[1] for _, label, _ in written if label.startswith("onderwerp/"))
    few = {o.id for o in store.onderwerpen() if counts[o.id] + len(o.vragen) < 8}
    assert few == set()


def test_no_question_has_two_labels(written, store):
    """A question that is the example of two intents can't be learned."""
    labels: dict[str, set[str]] = {}
    for _, label, text in written:
        labels.setdefault(text.lower().strip(" ?!."), set()).add(label)
    for text, label in examples(store).items():
        labels.setdefault(text.lower().strip(" ?!."), set()).add(label)
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}


def test_no_question_is_in_training_and_in_tests(written, store):
    def form(text: str) -> str:
        return "".join(char for char in text.lower() if char.isalnum())

    trained = {form(text) for _, _, text in written} | {form(text) for text in examples(store)}
    trained |= {form(text) for _, text, _ in follow_ups()}
    # Greetings and single words can't be put in another way.
    tested = {
        form(turn["user"])
        for path in sorted((ROOT / "tests" / "e2e").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
        if len(turn["user"].split()) > 3
    }
    # What a button sends is worded once, and some people type just that.
    buttons = {form(question) for _, question in own_questions(store)}
    assert (trained & tested) - buttons == set()


def test_examples_are_plain_text(written):
    bad = [text for _, _, text in written if not text or text.startswith("/") or "](" in text or "\n" in text]
    assert bad == []


def test_the_bots_own_questions_cover_every_name(store):
    asked = " ".join(question for _, question in own_questions(store))
    assert all(f.naam in asked for f in store.functies())
    assert all(c.naam.lower() in asked for c in store.competenties())


def test_no_secret_and_no_path_of_one_machine_in_the_repo():
    for name in ("config.yml", "domain.yml", "credentials.yml", "endpoints.yml", "pyproject.toml"):
        text = Path(ROOT / name).read_text(encoding="utf-8")
        assert "/home/" not in text and "/root/" not in text
        assert "token" not in text.lower() or name == "pyproject.toml"
