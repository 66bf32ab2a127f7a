"""`loopbaan chat` and `loopbaan ask`: talk with the bot in a terminal, or through a pipe."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any, Protocol

import click

Messages = list[dict[str, Any]]


class Line(Protocol):
    """A way to say something to the bot."""

    sender: str
    """Who talks; another sender is another conversation."""

    def say(self, text: str) -> Messages:
        """Send one message and return the reply's messages."""


class ServerLine:
    """Talks to a running server over its REST channel."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") + "/webhooks/rest/webhook"
        self.sender = f"shell-{uuid.uuid4().hex}"

    def say(self, text: str) -> Messages:
        """Send one message. Raises ClickException when the server can't be reached or fails."""
        import urllib.error
        import urllib.request

        body = json.dumps({"sender": self.sender, "message": text}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                found = json.load(response)
        except urllib.error.HTTPError as error:
            raise click.ClickException(
                f"De bot gaf een fout ({error.code}). Kijk in het venster waar hij draait."
            ) from error
        except (urllib.error.URLError, OSError) as error:
            raise click.ClickException(f"Geen bot te bereiken op {self.url}. Start hem met: make run") from error
        return list(found)


class OwnLine:
    """Talks to a bot that is loaded in this process, for when no server runs."""

    def __init__(self) -> None:
        from bot.server import CannotStart, endpoints, latest_model, load_agent, quiet

        quiet()
        import asyncio

        from bot.settings import Settings
        from bot.stores.places import MEMORY

        self.loop = asyncio.new_event_loop()
        self.sender = f"shell-{uuid.uuid4().hex}"
        try:
            model = latest_model(Settings.from_environment().models)
            self.agent = self.loop.run_until_complete(load_agent(model, endpoints(MEMORY)))
        except CannotStart as error:
            raise click.ClickException(str(error)) from error

    def say(self, text: str) -> Messages:
        """Send one message."""
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        from bot.answers import gesprek
        from bot.channels.rest import MAX_LENGTH, harmless, messages

        if len(text) > MAX_LENGTH:
            return messages(gesprek.te_lang(MAX_LENGTH), self.sender)
        if not harmless(text):
            return messages(gesprek.leeg(), self.sender)
        out = CollectingOutputChannel()
        message = UserMessage(harmless(text), out, self.sender, input_channel="shell")
        self.loop.run_until_complete(self.agent.handle_message(message))
        return list(out.messages)


def connect(url: str | None) -> Line:
    """The running server when there is one (or when one is named), otherwise a bot in this process."""
    import socket
    from urllib.parse import urlparse

    if url:
        return ServerLine(url)
    standard = "http://127.0.0.1:5005"
    parsed = urlparse(standard)
    with socket.socket() as probe:
        probe.settimeout(0.3)
        if probe.connect_ex((parsed.hostname or "127.0.0.1", parsed.port or 5005)) == 0:
            return ServerLine(standard)
    click.echo("Er draait geen bot; ik laad hem hier. Dat duurt even ...", err=True)
    return OwnLine()


def show(messages: Messages) -> list[str]:
    """Print a reply for a person; returns the questions behind the numbered buttons."""
    questions: list[str] = []
    for message in messages:
        if message.get("text"):
            click.echo(message["text"])
        for button in message.get("buttons") or []:
            questions.append(button["payload"])
            click.echo(f"  [{len(questions)}] {button['title']}")
        for source in (message.get("custom") or {}).get("answer", {}).get("sources", []):
            click.echo(f"  Bron: {source['title']} ({source['date'] or 'datum onbekend'}), {source['section']}")
    return questions


def keep(messages: Messages) -> None:
    """Keep the document that an answer brings in the working folder, as a page and as plain text."""
    document = contract(messages).get("data", {}).get("document")
    if document:
        for name, content in (("overzicht.html", document["html"]), ("overzicht.txt", document["tekst"])):
            Path(name).write_text(content, encoding="utf-8")
        click.echo("  Bewaard: overzicht.html (om te printen) en overzicht.txt.")


def contract(messages: Messages) -> dict[str, Any]:
    """The reply as one JSON object: the text, the buttons and the answer contract's fields."""
    answer: dict[str, Any] = {}
    for message in messages:
        answer.update((message.get("custom") or {}).get("answer", {}))
    return {
        "text": "\n".join(m["text"] for m in messages if m.get("text")),
        "buttons": [b for m in messages for b in m.get("buttons") or []],
    } | answer


@click.command()
@click.argument("vraag", nargs=-1, required=True)
@click.option("--url", help="Adres van een draaiende bot (anders: zelf zoeken).")
@click.option("--json", "as_json", is_flag=True, help="Toon het antwoord als JSON.")
def ask(vraag: tuple[str, ...], url: str | None, as_json: bool) -> None:
    """Stel één vraag. Eindigt met code 1 als er geen antwoord op was."""
    reply = connect(url).say(" ".join(vraag))
    if as_json:
        click.echo(json.dumps(contract(reply), ensure_ascii=False))
    else:
        show(reply)
    if contract(reply).get("outcome") not in ("answered", "smalltalk", "handoff"):
        sys.exit(1)


@click.command()
@click.option("--url", help="Adres van een draaiende bot (anders: zelf zoeken).")
@click.option("--json", "as_json", is_flag=True, help="Eén JSON-object per antwoord, voor scripts.")
def chat(url: str | None, as_json: bool) -> None:
    """Praat met de bot. Een nummer kiest een knop; Ctrl-D of 'stop' eindigt. Werkt ook met een pijp."""
    line = connect(url)
    by_hand = sys.stdin.isatty() and not as_json
    if by_hand:
        click.echo("Ik ben Loopbaanbot, een computerprogramma. Stel je vraag. Stoppen: Ctrl-D of 'stop'.")
    questions: list[str] = []
    while True:
        try:
            text = input("\n> " if by_hand else "")
        except EOFError:
            break
        except KeyboardInterrupt:
            click.echo()
            break
        if text.strip().lower() in ("stop", "exit", "quit") and by_hand:
            break
        if text.strip().isdigit() and 0 < int(text) <= len(questions):
            text = questions[int(text) - 1]
            if by_hand:
                click.echo(f"  ({text})")
        reply = line.say(text)
        if as_json:
            click.echo(json.dumps(contract(reply), ensure_ascii=False))
            questions = [button["payload"] for button in contract(reply)["buttons"]]
        else:
            questions = show(reply)
            if by_hand:
                keep(reply)
        sys.stdout.flush()
    if by_hand:
        click.echo("Tot ziens!")
