"""Run the custom actions inside the server's own process.

Rasa calls an action server over HTTP. On one machine that is half of the time that a turn takes; this endpoint hands
the same JSON to the same rasa_sdk executor without leaving the process. For scaling out, name an action server's
address instead (see docs/beheer.md).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator
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
def _validator() -> Draft7Validator:
    return Draft7Validator(RemoteAction.action_response_format_spec())


def _validate(self: RemoteAction, result: dict[str, Any]) -> bool:
    _validator().validate(result)
    return True


def compile_response_check() -> None:
    """Keep Rasa's check of an action's result, but build it once.

    Rasa checks the schema itself against its meta-schema at every call, which takes about 30 ms.
    """
    RemoteAction._validate_action_result = _validate
