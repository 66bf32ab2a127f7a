"""What goes wrong where conversations are kept. Each of these means: nothing of the turn was kept, so nothing is answered."""

from __future__ import annotations


class Unavailable(Exception):
    """Something that a turn can't do without is out of reach for now. The message holds no user text and no secret."""


class StoreUnavailable(Unavailable):
    """The database can't be reached, or didn't do what was asked in time."""


class LocksUnavailable(Unavailable):
    """A conversation's turn to be answered couldn't be had: Redis is out of reach, or too many messages wait before it."""


class SharedUnavailable(Unavailable):
    """What the channels of several processes remember together can't be reached."""


class StaleTurn(Exception):
    """Somebody else kept a turn of this conversation meanwhile; this one was not kept and can be answered anew."""
