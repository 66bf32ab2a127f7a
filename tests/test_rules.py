"""The indexed rule policy must predict what Rasa's own predicts, from the rules that the bot has."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter

from bot.rules import IndexedRulePolicy
from bot.settings import ROOT


class Resource:
    name = "regels"


class Storage:
    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def write_to(self, resource):
        yield self.folder

    read_from = write_to


class Execution:
    node_name, is_finetuning = "regels", False


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    """Rasa's policy and ours, learned from the bot's rules, with the domain."""
    from rasa.shared.core.generator import TrainingDataGenerator

    importer = TrainingDataImporter.load_core_importer_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "bot" / "data" / "rules")]
    )
    domain: Domain = importer.get_domain()
    stories: StoryGraph = importer.get_stories()
    trackers = TrainingDataGenerator(stories, domain, remove_duplicates=False).generate()
    storage = Storage(tmp_path_factory.mktemp("regels"))
    config = RulePolicy.get_default_config() | {"core_fallback_action_name": "action_grens"}
    policy = RulePolicy(config, storage, Resource(), Execution())
    policy.train(trackers, domain)
    loaded = [kind.load(config, storage, Resource(), Execution()) for kind in (RulePolicy, IndexedRulePolicy)]
    return loaded, domain


def predicted(policy, tracker, domain):
    prediction = policy.predict_action_probabilities(tracker, domain)
    return prediction.probabilities, prediction.hide_rule_turn, prediction.is_end_to_end_prediction


def test_the_same_action_for_every_intent_and_after_it(policies):
    (theirs, ours), domain = policies
    assert ours._index and not ours._on_text
    seen = set()
    tracker = DialogueStateTracker.from_events("t", [ActionExecuted("action_listen")], domain=domain)
    for intent in [*domain.intents, "onbekend"]:
        tracker.update(UserUttered("x", {"name": intent, "confidence": 1.0}), domain)
        wanted = predicted(theirs, tracker, domain)
        assert predicted(ours, tracker, domain) == wanted, intent
        action = domain.action_names_or_texts[wanted[0].index(max(wanted[0]))]
        seen.add(action)
        tracker.update(ActionExecuted(action), domain)
        assert predicted(ours, tracker, domain) == predicted(theirs, tracker, domain), intent
        tracker.update(ActionExecuted("action_listen"), domain)
    assert len(seen) > 5
