"""Where things are and who to turn to: all of it can be set by environment variables (see docs/beheer.md)."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder with config.yml, domain.yml and the content."""


@dataclass(frozen=True)
class Contact:
    """The person to turn to, as told to people who ask for one."""

    naam: str
    email: str
    pagina: str


@dataclass(frozen=True)
class Settings:
    """The settings of one running bot."""

    database: Path
    models: Path
    organisatie: str | None
    contact: Contact

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the settings from the environment."""
        env = os.environ
        return cls(
            database=Path(env.get("LOOPBAAN_DATABASE", ROOT / "knowledge.db")),
            models=Path(env.get("LOOPBAAN_MODELLEN", ROOT / "models")),
            organisatie=env.get("LOOPBAAN_ORGANISATIE") or None,
            contact=Contact(
                naam=env.get("LOOPBAAN_CONTACT_NAAM", "de loopbaanadviseur of HR-adviseur van je organisatie"),
                email=env.get("LOOPBAAN_CONTACT_EMAIL", ""),
                pagina=env.get("LOOPBAAN_CONTACT_PAGINA", ""),
            ),
        )


class SettingError(ValueError):
    """A setting that can't be used; the message says in Dutch which one and what to do."""


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
_SHORTEST_SECRET = 32


@dataclass(frozen=True)
class WebSettings:
    """The settings of the web channel.

    titel: the widget's heading. geheim: what tokens and buttons are signed with; None makes one up at every start.
    oorsprongen: other sites that may use the widget. per_sessie, per_adres: messages and requests a minute.
    sessie_minuten: how long a session lives. proxys: how many reverse proxies of our own stand in front.
    oordelen: the file with people's verdicts on answers.
    """

    titel: str = "Loopbaanbot"
    geheim: str | None = None
    oorsprongen: frozenset[str] = frozenset()
    per_sessie: int = 20
    per_adres: int = 300
    sessie_minuten: int = 720
    proxys: int = 0
    oordelen: Path = ROOT / "oordelen.db"

    @classmethod
    def from_environment(cls) -> WebSettings:
        """Read the settings from the environment. Raises SettingError."""
        env = os.environ
        secret = env.get("LOOPBAAN_GEHEIM") or None
        if secret is not None and len(secret) < _SHORTEST_SECRET:
            raise SettingError(
                f"LOOPBAAN_GEHEIM is te kort: neem er minstens {_SHORTEST_SECRET} tekens voor. "
                "Maak er een met: openssl rand -hex 32"
            )
        return cls(
            titel=env.get("LOOPBAAN_TITEL") or cls.titel,
            geheim=secret,
            oorsprongen=_origins(env.get("LOOPBAAN_OORSPRONGEN", "")),
            per_sessie=_whole("LOOPBAAN_PER_SESSIE", cls.per_sessie),
            per_adres=_whole("LOOPBAAN_PER_ADRES", cls.per_adres),
            sessie_minuten=_whole("LOOPBAAN_SESSIE_MINUTEN", cls.sessie_minuten),
            proxys=_whole("LOOPBAAN_PROXYS", cls.proxys, least=0),
            oordelen=Path(env.get("LOOPBAAN_OORDELEN") or cls.oordelen),
        )


def _origins(listed: str) -> frozenset[str]:
    found = frozenset(part.strip().rstrip("/").lower() for part in listed.split(",") if part.strip())
    for origin in sorted(found):
        if not _ORIGIN.fullmatch(origin):
            raise SettingError(
                f"LOOPBAAN_OORSPRONGEN: '{origin}' is geen oorsprong. "
                "Schrijf bijvoorbeeld https://intranet.gemeente.nl, zonder pad, met komma's ertussen."
            )
    return found


def _whole(name: str, standard: int, least: int = 1) -> int:
    value = os.environ.get(name) or str(standard)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise SettingError(f"{name} moet een heel getal van {least} of meer zijn; er staat '{value}'.")
    return int(value)
