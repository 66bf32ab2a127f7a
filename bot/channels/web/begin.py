"""What the widget shows before anything is asked, from the settings and the knowledge base."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.answers import widget
from bot.channels.web.assets import Asset
from bot.knowledge_in_use import current
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
    """The above, made anew when the settings change or another knowledge base comes into use."""

    def __init__(
        self,
        titel: str,
        settings: Callable[[], Settings] = Settings.from_environment,
        store: Callable[[], Store] = current,
    ) -> None:
        self._titel = titel
        self._settings = settings
        self._store = store
        self._made: tuple[Settings, Store, dict[str, Any], Asset] | None = None

    def asset(self) -> Asset:
        """To send. Raises KnowledgeUnavailable."""
        return self._current()[3]

    def fields(self) -> dict[str, Any]:
        """To show in a page. Raises KnowledgeUnavailable."""
        return self._current()[2]

    def _current(self) -> tuple[Settings, Store, dict[str, Any], Asset]:
        settings, store = self._settings(), self._store()
        if self._made is None or self._made[0] != settings or self._made[1] is not store:
            fields = begin(store, settings, self._titel)
            asset = Asset.of(json.dumps(fields, ensure_ascii=False).encode(), ".json")
            self._made = (settings, store, fields, asset)
        return self._made
