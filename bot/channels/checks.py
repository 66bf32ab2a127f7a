"""What `loopbaan controleer` finds. Each channel has a `controle.checks(url)` that yields these, the first cause first."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

MOST_SKEW = 120
"""Seconds that the clock may be off; what the services sign holds for 300."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. tekst: in Dutch, what is fine, or what is wrong and what to do; never a secret."""

    goed: bool
    tekst: str


def clock(date: str, firm: str) -> Check:
    """Whether this machine's clock is right, by the `Date` header of an answer of the firm; empty when it had none."""
    try:
        off = abs(parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, TypeError):
        return Check(True, f"Klok: {firm} noemde geen tijd, dus die is niet vergeleken.")
    if off > MOST_SKEW:
        return Check(False, f"Klok: deze server loopt {off:.0f} seconden verkeerd. Zet de klok gelijk (NTP).")
    return Check(True, f"Klok: gelijk met die van {firm}.")
