"""What the widget shows before anything is asked, from the settings and the knowledge base."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.answers import widget
from bot.channels.web.assets import Asset
from bot.settings import Settings
from knowledge.store import Store


def begin(store: Store, settings: Settings, titel: str) -> dict[str, Any]:
    """Title, welcome, example questions, contact, privacy text, sources with their dates, and suggestions."""
    contact = {"naam": settings.contact.naam, "e_mail": settings.contact.email, "pagina": settings.contact.pagina}
    return {
        "titel": titel,
        "welkom": widget.welkom(),
        "voorbeelden": widget.voorbeelden(store),
        "contact": {part: value for part, value in contact.items() if value},
        "privacy": widget.privacy(settings.contact),
        "bronnen": [{"titel": bron.titel, "datum": bron.datum} for bron in widget.bronnen(store)],
        "suggesties": widget.suggesties(store),
    }


class Begin:
    """The above, made anew when the knowledge base's file changes."""

    def __init__(self, titel: str, settings: Callable[[], Settings] = Settings.from_environment) -> None:
        self._titel = titel
        self._settings = settings
        self._made: tuple[Any, dict[str, Any], Asset] | None = None

    def asset(self) -> Asset:
        """To send. Raises KnowledgeUnavailable."""
        return self._current()[2]

    def fields(self) -> dict[str, Any]:
        """To show in a page. Raises KnowledgeUnavailable."""
        return self._current()[1]

    def _current(self) -> tuple[Any, dict[str, Any], Asset]:
        settings = self._settings()
        version = (settings, settings.database.stat().st_mtime_ns if settings.database.exists() else None)
        if self._made is None or self._made[0] != version:
            store = Store.open(settings.database, settings.organisatie)
            try:
                fields = begin(store, settings, self._titel)
            finally:
                store.db.close()
            self._made = (version, fields, Asset.of(json.dumps(fields, ensure_ascii=False).encode(), ".json"))
        return self._made
