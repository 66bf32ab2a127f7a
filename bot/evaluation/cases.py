"""Conversation cases: what is said to a bot, and what its replies must and must not hold.

A file has one case a line, as JSON:

    {"id", "topic", "style", "turns": [{"user", "outcome", "all": [[regex, ...], ...], "none": [regex, ...]}]}

A turn is right when there is text in the reply, its outcome agrees ("any" is not judged), every group in `all` has at
least one regex that matches the text, and no regex in `none` does. A case is right when all its turns are. Needs only
the standard library, so that tests can use it for any bot.
"""

from __future__ import annotations

import json
import re
import time
import urllib.error
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

Messages = list[dict[str, Any]]

_FLAGS = re.IGNORECASE | re.DOTALL
UNKNOWN = "onbekend"
"""The topic and style of a case that names none."""


class CaseError(Exception):
    """A file with cases can't be read; the message says in Dutch where and why."""


class Line(Protocol):
    """A way to talk with a bot."""

    sender: str
    """Who talks; another sender is another conversation."""

    def say(self, text: str) -> Messages:
        """Send one message and return the reply's messages."""


@dataclass(frozen=True)
class Turn:
    """Something that is said, and what the reply must be."""

    user: str
    outcome: str = "any"
    wanted: tuple[tuple[str, ...], ...] = ()
    """Groups of regexes; one of each group must match."""
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A conversation with its expectations."""

    id: str
    topic: str
    style: str
    turns: tuple[Turn, ...]
    file: str = ""


@dataclass(frozen=True)
class Judged:
    """One turn with the reply it got; it was right when `faults` is empty."""

    turn: Turn
    text: str
    outcome: str | None
    faults: tuple[str, ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class CaseResult:
    """A conversation that took place."""

    case: Case
    turns: tuple[Judged, ...] = field(default=())

    @property
    def right(self) -> bool:
        """Whether all turns were right."""
        return not any(turn.faults for turn in self.turns)


def read_cases(paths: Iterable[Path]) -> list[Case]:
    """The cases of all files, in their order. Raises CaseError for what is missing, empty or malformed."""
    return [case for path in paths for case in _read_file(path)]


def _read_file(path: Path) -> Iterator[Case]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        raise CaseError(f"{path} bestaat niet. Geef met --cases een .jsonl-bestand met gesprekken.") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path} is geen UTF-8-tekst (bij byte {error.start}).") from error
    except OSError as error:
        raise CaseError(f"{path} is niet te lezen ({error.strerror}).") from error
    if not any(line.strip() for line in lines):
        raise CaseError(f"{path} is leeg. Verwacht wordt één gesprek per regel, als JSON.")
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _case(json.loads(line), path.name)
            except json.JSONDecodeError as error:
                place = f"{path}, regel {number}, teken {error.colno}"
                raise CaseError(f"{place}: geen geldige JSON ({error.msg}).") from error
            except CaseError as error:
                raise CaseError(f"{path}, regel {number}: {error}") from error


def _case(data: Any, file: str) -> Case:
    if not isinstance(data, dict):
        raise CaseError("een gesprek is een JSON-object met id en turns.")
    if not isinstance(data.get("id"), str) or not data["id"]:
        raise CaseError('"id" ontbreekt of is geen tekst.')
    if not isinstance(data.get("turns"), list) or not data["turns"]:
        raise CaseError('"turns" ontbreekt of is leeg.')
    turns = tuple(_turn(turn) for turn in data["turns"])
    return Case(data["id"], str(data.get("topic") or UNKNOWN), str(data.get("style") or UNKNOWN), turns, file)


def _turn(data: Any) -> Turn:
    if not isinstance(data, dict) or not isinstance(data.get("user"), str):
        raise CaseError('elke beurt in "turns" is een object met "user" (tekst).')
    groups, unwanted = data.get("all") or [], data.get("none") or []
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise CaseError('"all" is een lijst van lijsten met patronen.')
    if not isinstance(unwanted, list):
        raise CaseError('"none" is een lijst van patronen.')
    for pattern in [p for group in groups for p in group] + unwanted:
        try:
            re.compile(pattern, _FLAGS)
        except (re.error, TypeError) as error:
            raise CaseError(f"het patroon {pattern!r} is niet te lezen ({error}).") from error
    outcome = data.get("outcome", "any")
    if not isinstance(outcome, str):
        raise CaseError('"outcome" is geen tekst.')
    return Turn(data["user"], outcome, tuple(tuple(group) for group in groups), tuple(unwanted))


def text_of(messages: Messages) -> str:
    """All text of a reply; titles of buttons are no text."""
    return "\n".join(message["text"] for message in messages if message.get("text"))


def outcome_of(messages: Messages) -> str | None:
    """The outcome that the answer contract gives, or None when there is none."""
    answers = ((message.get("custom") or {}).get("answer") or {} for message in messages)
    return next((answer["outcome"] for answer in answers if answer.get("outcome")), None)


def faults(turn: Turn, messages: Messages) -> tuple[str, ...]:
    """Why a reply is wrong, in Dutch; empty when it is right."""
    text, outcome = text_of(messages), outcome_of(messages)
    found = [] if text.strip() else ["geen tekst in het antwoord"]
    if turn.outcome not in ("any", outcome):
        found.append(f"uitkomst {outcome or 'geen'}, verwacht {turn.outcome}")
    for group in turn.wanted:
        if not any(re.search(pattern, text, _FLAGS) for pattern in group):
            found.append("ontbreekt: " + " of ".join(group))
    found += [f"mag er niet in staan: {pattern}" for pattern in turn.unwanted if re.search(pattern, text, _FLAGS)]
    return tuple(found)


def run_case(line: Line, case: Case) -> CaseResult:
    """Hold one conversation, as a sender of its own.

    A reply that fails (a server error, a time-out, an exception in the bot) makes its turn wrong. Only when the server
    can't be reached at all the exception of `line` is passed on.
    """
    line.sender = f"case-{case.id}-{uuid.uuid4().hex[:8]}"
    judged = []
    for turn in case.turns:
        start = time.perf_counter()
        try:
            messages = line.say(turn.user)
            seconds = time.perf_counter() - start
            judged.append(Judged(turn, text_of(messages), outcome_of(messages), faults(turn, messages), seconds))
        except Exception as error:
            if _unreachable(error):
                raise
            reason = f"het antwoord mislukte ({type(error).__name__}: {error})"
            judged.append(Judged(turn, "", None, (reason,), time.perf_counter() - start))
    return CaseResult(case, tuple(judged))


def _unreachable(error: Exception) -> bool:
    cause = error.__cause__ or error
    return isinstance(cause, urllib.error.URLError) and not isinstance(cause, urllib.error.HTTPError)


def run_cases(line: Line, cases: list[Case], progress: Callable[[int, int], None] | None = None) -> list[CaseResult]:
    """Hold all conversations; `progress` is told how many of how many are done."""
    results = []
    for case in cases:
        results.append(run_case(line, case))
        if progress:
            progress(len(results), len(cases))
    return results
