"""The bot as `loopbaan run` starts it, with one address more, for tests: what it remembers of everybody.

python -m tests.e2e.watched_bot --port 5005
"""

from __future__ import annotations

import sys
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import server
from bot.channels.feedback import Feedback
from bot.settings import WebSettings


async def memory(request: Request) -> HTTPResponse:
    """What people said, by conversation, as the tracker store has it; and the verdicts."""
    store = request.app.ctx.agent.tracker_store
    said = {
        sender: [event["text"] for event in await store.export(sender) if event["event"] == "user"]
        for sender in await store.keys()
    }
    verdicts = Feedback(WebSettings.from_environment().oordelen).all()
    return response.json({"gesprekken": said, "oordelen": verdicts})


def main(port: int) -> None:
    """Serve until stopped."""
    make_app = server.make_app

    def watched(*args: Any) -> Sanic:
        app = make_app(*args)
        app.add_route(memory, "/proef/geheugen")
        return app

    server.make_app = watched
    server.serve(port)


if __name__ == "__main__":
    server.quiet()
    main(int(sys.argv[-1]))
