"""Where things are and who to turn to: all of it can be set by environment variables (see docs/beheer.md)."""

from __future__ import annotations

import os
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
