"""People's verdicts on answers, kept for the editors in a small SQLite file.

A verdict holds what the answer was about, never who gave it. The question and the reply come along only when the person
agreed; everything goes after a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from bot.privacy.scrubber import scrub
from bot.settings import Settings

KEPT_DAYS = 365
MOST_KEPT = 100_000
TABLE = "oordelen"
_TYPED = ("woord", "vraag", "antwoord")
_WITHOUT_TEXT = ", ".join(f"{part} = null" for part in (*_TYPED, "gesprek"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Verdict:
    """What somebody found of an answer. soort, uitkomst, bronnen: of that answer (its kind, outcome and source ids).

    gesprek: the conversation's id in the tracker store. It is kept only beside what was typed, to be able to erase that.
    """

    soort: str | None
    uitkomst: str | None
    bronnen: str
    goed: bool
    woord: str | None = None
    vraag: str | None = None
    antwoord: str | None = None
    gesprek: str | None = None


class Feedback:
    """The file with verdicts; made at the first one. Every call opens and closes it, so it can be used from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, verdict: Verdict, row: int | None = None) -> int:
        """Keep a verdict; with `row` it replaces an earlier one. Returns its row."""
        values = {**_clean(asdict(verdict)), "moment": _now()}
        if not any(values[part] for part in _TYPED):
            values["gesprek"] = None
        with self._opened() as db, db.conn:
            table = Table(db, TABLE)
            if row is not None and table.count_where("id = ?", [row]):
                table.update(row, values)
            else:
                table.insert(values)
                row = int(db.execute("select last_insert_rowid()").fetchone()[0])
            _tidy(table, row)
        return row

    def tidy(self) -> int:
        """Remove what is older than a year; returns how many verdicts are gone."""
        if not self.path.exists():
            return 0
        with self._opened() as db, db.conn:
            return _tidy(Table(db, TABLE))

    def wipe(self, rows: Iterable[int]) -> None:
        """Remove what somebody typed from some verdicts; the verdicts themselves stay."""
        rows = list(rows)
        if not rows or not self.path.exists():
            return
        with self._opened() as db, db.conn:
            for row in rows:
                db.execute(f"update {TABLE} set {_WITHOUT_TEXT} where id = ?", [row])

    def wipe_conversation(self, gesprek: str) -> int:
        """Remove what somebody typed from the verdicts in a conversation; returns of how many."""
        if not self.path.exists():
            return 0
        with self._opened() as db, db.conn:
            return int(db.execute(f"update {TABLE} set {_WITHOUT_TEXT} where gesprek = ?", [gesprek]).rowcount)

    def of_conversation(self, gesprek: str) -> list[dict[str, Any]]:
        """The verdicts in a conversation that hold something that was typed, the oldest first."""
        if not self.path.exists():
            return []
        with self._opened() as db:
            return list(Table(db, TABLE).rows_where("gesprek = ?", [gesprek], order_by="id"))

    def all(self, only_bad: bool = False) -> list[dict[str, Any]]:
        """All verdicts, the newest first."""
        if not self.path.exists():
            return []
        with self._opened() as db:
            return list(Table(db, TABLE).rows_where("not goed" if only_bad else None, order_by="moment desc, id desc"))

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        db = Database(self.path)
        try:
            # What is removed is overwritten in the file too.
            db.execute("pragma secure_delete = on")
            columns = {"id": int, "moment": str, "soort": str, "uitkomst": str, "bronnen": str, "goed": int}
            texts = dict.fromkeys((*_TYPED, "gesprek"), str)
            table = Table(db, TABLE).create({**columns, **texts}, pk="id", if_not_exists=True)
            if "gesprek" not in table.columns_dict:  # a file of before
                table.add_column("gesprek", str)
            yield db
        finally:
            db.close()


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    """Text without control signs, which could change what an editor's terminal shows, and without what identifies people."""
    keep = (Settings.from_environment().contact.email,)
    return {
        name: scrub(_CONTROL.sub("", value), keep) if isinstance(value, str) and name != "gesprek" else value
        for name, value in values.items()
    }


def _tidy(table: Table, newest: int = 0) -> int:
    before = _now(-timedelta(days=KEPT_DAYS))
    return int(
        table.db.execute(f"delete from {TABLE} where moment < ? or id <= ?", [before, newest - MOST_KEPT]).rowcount
    )


def _now(shift: timedelta = timedelta()) -> str:
    return (datetime.now(timezone.utc) + shift).strftime("%Y-%m-%dT%H:%MZ")
