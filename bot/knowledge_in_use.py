"""The knowledge base in use: one for the whole of a turn, and another one when its file is replaced.

`loopbaan knowledge build` puts a new file in the old one's place. The bot notices within a second, reads all of it into
memory, checks it, has everybody prepare for it, and only then hands it out: so what a turn uses can't change under it,
whatever happens to the file. A turn holds on to what it began with (`for_a_turn`). A new file that can't be used changes
nothing; the log says why, once.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from bot.settings import Settings
from knowledge.store import KnowledgeUnavailable, Store

logger = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at the file."""

Prepare = Callable[[Store], Any]


class KnowledgeInUse:
    """Hands out the newest usable knowledge base of the settings' file; for threads too.

    settings: where the file is; read at every look, so another file is taken as a new one. clock: seconds.
    """

    def __init__(
        self, settings: Callable[[], Settings] = Settings.from_environment, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._version: tuple[object, ...] | None = None
        self._refused: tuple[object, ...] | None = None
        self._looked = float("-inf")
        self._prepare: list[weakref.WeakMethod[Prepare]] = []
        self.is_watched = False
        """Whether somebody calls `refresh` all the time; then nobody who asks for the knowledge base has to wait for that."""

    def store(self) -> Store:
        """The newest usable knowledge base. Raises KnowledgeUnavailable when there never was one."""
        if self._store is None or not self.is_watched:
            self.refresh()
        if self._store is None:
            raise KnowledgeUnavailable("er is nog geen kennisbank geladen")
        return self._store

    def refresh(self) -> bool:
        """Take the file into use when it is another one than before; looks at most every second. Returns whether it did.

        Raises KnowledgeUnavailable when the file can't be used and there is no other one in use.
        """
        with self._lock:
            settings = self._settings()
            place = (settings.database, settings.organisatie)
            now = self._clock()
            moved = self._version is not None and self._version[:2] != place
            if self._store is not None and not moved and now - self._looked < EVERY:
                return False
            self._looked = now
            version = (*place, _stamp(settings.database))
            if version in (self._version, self._refused) and self._store is not None:
                return False
            try:
                store = Store.load(settings.database, settings.organisatie)
                if _stamp(settings.database) != version[2]:
                    return False  # written to meanwhile: the next look sees what came of it
                self._tell(store)
            except KnowledgeUnavailable as error:
                if self._store is None or moved:
                    self._store, self._version = None, None
                    raise
                self._refused = version
                logger.error("De nieuwe kennisbank is niet te gebruiken (%s). De oude blijft in gebruik.", error)
                return False
            replaced = self._store is not None
            self._store, self._version, self._refused = store, version, None
        if replaced:
            logger.warning("Er is een nieuwe kennisbank in gebruik.")
        return True

    def prepare_with(self, prepare: Prepare) -> None:
        """Call a bound method with each new knowledge base before it is in use; it is dropped with its object."""
        self._prepare.append(weakref.WeakMethod(prepare))

    def forget(self) -> None:
        """Let go of what was read, so that the next who asks reads it anew."""
        with self._lock:
            self._store, self._version, self._refused, self._looked = None, None, None, float("-inf")

    def _tell(self, store: Store) -> None:
        self._prepare = [kept for kept in self._prepare if kept() is not None]
        for kept in self._prepare:
            prepare = kept()
            if prepare is not None:
                prepare(store)


def _stamp(path: Path) -> tuple[int, ...] | None:
    """What tells one version of a file from another, or None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


IN_USE = KnowledgeInUse()
"""That of this process."""

_OF_THIS_TURN: ContextVar[Store | None] = ContextVar("knowledge_of_this_turn", default=None)


def current() -> Store:
    """The knowledge base that the turn began with; outside a turn the newest. Raises KnowledgeUnavailable."""
    return _OF_THIS_TURN.get() or IN_USE.store()


@contextmanager
def for_a_turn() -> Iterator[None]:
    """Within this, `current` gives one and the same knowledge base (also in tasks that are started within it)."""
    try:
        store: Store | None = IN_USE.store()
    except KnowledgeUnavailable:
        store = None  # whoever asks for it gets the reason then
    token = _OF_THIS_TURN.set(store)
    try:
        yield
    finally:
        _OF_THIS_TURN.reset(token)
