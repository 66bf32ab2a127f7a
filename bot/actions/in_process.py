"""Run the custom actions inside the server's own process.

Rasa calls an action server over HTTP. On one machine that is half of the time that a turn takes; this endpoint hands
the same JSON to the same rasa_sdk executor without leaving the process. For scaling out, name an action server's
address instead (see docs/beheer.md).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class InProcessActions(EndpointConfig):
    """An action endpoint without a network in between."""

    def __init__(self) -> None:
        # The domain is not sent along: no action of ours asks for it.
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("bot.actions")

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any | None:
        """Run the action that `json` names and return its events and responses."""
        return await self._executor.run(kwargs["json"])


@lru_cache(maxsize=1)
def _checks() -> tuple[Draft7Validator, dict[str, Draft7Validator]]:
    """The check of a result as a whole, and that of each kind of event by its name."""
    schema = RemoteAction.action_response_format_spec()
    event = schema["properties"]["events"]["items"]
    kinds = {kind["properties"]["event"]["const"]: Draft7Validator(kind) for kind in event["oneOf"]}
    # An event is of one kind, which its name tells: no need to try all kinds on it.
    plain = {key: value for key, value in event.items() if key != "oneOf"}
    parts = {**schema["properties"], "events": {"type": "array", "items": plain}}
    return Draft7Validator({**schema, "properties": parts}), kinds


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    whole, kinds = _checks()
    whole.validate(result)
    for event in result.get("events", []):
        if event["event"] not in kinds:
            raise ValidationError(f"unknown event {event['event']!r}")
        kinds[event["event"]].validate(event)
    return True


def compile_response_check() -> None:
    """Keep Rasa's check of an action's result, but build it once and try an event on its own kind only.

    Rasa checks the schema itself against its meta-schema at every call, which takes about 30 ms.
    """
    RemoteAction._validate_action_result = _validate
