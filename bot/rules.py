"""Rasa's RulePolicy, which finds the rules that may apply in an index instead of trying all of them."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT

_Known = tuple[str | None, str | None]
"""The intent and the previous action that a rule's last state asks for; None where it doesn't matter."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """Predicts what RulePolicy predicts, from the same rules.

    RulePolicy compares every rule with the whole conversation, four times a turn. With a rule for every intent that is
    a third of what a turn costs; a rule whose last state names another intent or action can't apply, and is passed over.
    """

    _index: dict[_Known, list[str]] | None = None
    """Keys of the rules by what their last state asks for; None while the rules are still being learned."""
    _on_text = True
    """Whether a rule asks for literal text instead of an intent."""

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> IndexedRulePolicy:
        """Load what was learned, and index it."""
        policy: IndexedRulePolicy = super().load(*args, **kwargs)
        index: dict[_Known, list[str]] = {}
        states = {key: policy._rule_key_to_state(key) for key in policy.lookup[RULES]}
        for key, rule in states.items():
            index.setdefault(_known(rule[-1]), []).append(key)
        policy._index = index
        policy._on_text = any(TEXT in state.get(USER, {}) for rule in states.values() for state in rule)
        return policy

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        if self._index is not None and lookup is self.lookup[RULES] and states:
            intent, action = _known(states[-1])
            near = [(i, a) for i in {intent, None} for a in {action, None}]
            lookup = {key: lookup[key] for known in near for key in self._index.get(known, [])}
        possible: set[str] = super()._get_possible_keys(lookup, states)
        return possible

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not self._on_text:
            return None, None, False
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        return found


def _known(state: dict[str, Any]) -> _Known:
    intent = state.get(USER, {}).get(INTENT)
    action = state.get(PREVIOUS_ACTION, {}).get("action_name")
    return intent, action
