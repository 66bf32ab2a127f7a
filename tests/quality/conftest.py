"""The replies, collected once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge.store import Store
from tests.quality.replies import Reply, all_replies


@pytest.fixture(scope="session")
def replies(store: Store) -> Iterator[list[Reply]]:
    """Every kind of reply that the bot gives."""
    # Here, so that the checks can be imported without the actions.
    from tests.actions.talk import Conversation

    with pytest.MonkeyPatch.context() as patch:
        first = Conversation(store, patch)

        def conversation() -> Conversation:
            first.slots = {}
            return first

        yield all_replies(store, conversation)
