"""A tiny language for testing actions without Rasa's model: say what was understood, read what was answered."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import bot.actions.vorige  # noqa: F401  - registers its handlers
from bot.actions import base
from bot.actions.advies import ActionAdvies
from bot.actions.competentie import ActionCompetentie
from bot.actions.functie import ActionFunctie
from bot.actions.gesprek import ActionGesprek, ActionGrens
from bot.actions.onderwerp import ActionOnderwerp
from bot.nlu.language import is_dutch_word
from bot.nlu.name_recogniser import NameRecogniser
from knowledge.store import Store

ACTIONS = {
    a.name(): a
    for a in (ActionFunctie(), ActionCompetentie(), ActionOnderwerp(), ActionAdvies(), ActionGesprek(), ActionGrens())
}


class Conversation:
    """Turns of one conversation. `understood` is the intent (or full retrieval intent) that the model would give."""

    def __init__(self, store: Store, monkeypatch: Any) -> None:
        monkeypatch.setattr(base, "current_store", lambda: store)
        self.recogniser = NameRecogniser(None, None, store.namen())  # type: ignore[arg-type]
        self.slots: dict[str, Any] = {}
        assert is_dutch_word("fiets")

    def turn(
        self,
        text: str,
        understood: str,
        action: str | None = None,
        ranking: list[str] | None = None,
        parts: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """One turn; returns the answer's fields with `text` and `buttons`."""
        labels = ranking or [understood]
        readings = [_reading(label, 0.9 / (i + 1)) for i, label in enumerate(labels)]
        message = {
            "text": text,
            "intent": _reading(understood, 0.9),
            "intent_ranking": readings,
            "entities": self.recogniser.entities(text),
            "vragen": parts or [],
        }
        tracker = Tracker("test", dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        name = action or "action_functie"
        for event in ACTIONS[name].run(dispatcher, tracker, {}):
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        texts = [m for m in dispatcher.messages if m.get("text")]
        custom = [m["custom"]["answer"] for m in dispatcher.messages if m.get("custom")]
        # The first answer of a conversation has the notice below it that this is a computer.
        assert 1 <= len(texts) <= 2 and len(custom) == 1
        notice = texts[1]["text"] if len(texts) > 1 else None
        return {**custom[0], "text": texts[0]["text"], "buttons": texts[0]["buttons"], "notice": notice}


def _reading(label: str, confidence: float) -> dict[str, Any]:
    name, _, detail = label.partition("/")
    return {"name": name, "confidence": confidence} | ({"full": label} if detail else {})
