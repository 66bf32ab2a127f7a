"""Rasa's check of what an action returns, as it is done in this process."""

from __future__ import annotations

import pytest
from jsonschema import ValidationError, validate
from rasa.core.actions.action import RemoteAction

from bot.actions.in_process import _validate

RESULTS = [
    {"events": [], "responses": []},
    {
        "events": [{"event": "slot", "name": "gesprek", "value": {"a": 1}, "timestamp": None}],
        "responses": [{"text": "x"}],
    },
    {"events": [{"event": "slot", "timestamp": None}], "responses": []},
    {"events": [{"event": "bestaat_niet"}], "responses": []},
    {"events": [{"name": "gesprek"}], "responses": []},
    {"events": "geen lijst", "responses": []},
    {"events": [], "responses": ["tekst"]},
    {"events": [{"event": "bot", "text": 3}], "responses": []},
]


@pytest.mark.parametrize("result", RESULTS)
def test_it_judges_as_rasas_own_check_does(result):
    def accepted(check):
        try:
            check()
        except ValidationError:
            return False
        return True

    theirs = accepted(lambda: validate(result, RemoteAction.action_response_format_spec()))
    assert accepted(lambda: _validate(None, result)) == theirs


def test_both_kinds_of_result_are_among_the_cases():
    assert _validate(None, RESULTS[1])
    with pytest.raises(ValidationError):
        _validate(None, RESULTS[3])
