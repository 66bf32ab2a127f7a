"""Where things are and who to turn to: all of it can be set by environment variables (see docs/beheer.md)."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

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
    geheim: str | None = field(default=None, repr=False)
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


@dataclass(frozen=True)
class OperationsSettings:
    """The settings of the process as an administrator sees it.

    proxys: how many reverse proxies of our own stand in front. stoptijd: seconds that turns get to finish when the bot is
    stopped; the longest turn takes 45.
    """

    proxys: int = 0
    stoptijd: int = 50

    @classmethod
    def from_environment(cls) -> OperationsSettings:
        """Read the settings from the environment. Raises SettingError."""
        return cls(
            proxys=_whole("LOOPBAAN_PROXYS", cls.proxys, least=0),
            stoptijd=_whole("LOOPBAAN_STOPTIJD", cls.stoptijd),
        )


@dataclass(frozen=True)
class SlackSettings:
    """The settings of the Slack channel.

    token: the bot's own (xoxb-...). geheim: the signing secret that Slack signs its requests with. url: Slack's Web API;
    another for GovSlack.
    """

    token: str = field(repr=False)
    geheim: str = field(repr=False)
    url: str = "https://slack.com/api/"

    @classmethod
    def from_environment(cls) -> SlackSettings:
        """Read the settings from the environment. Raises SettingError, also when a secret isn't set."""
        token, secret = (os.environ.get(name, "").strip() for name in ("LOOPBAAN_SLACK_TOKEN", "LOOPBAAN_SLACK_GEHEIM"))
        unset = [
            name for name, value in (("LOOPBAAN_SLACK_TOKEN", token), ("LOOPBAAN_SLACK_GEHEIM", secret)) if not value
        ]
        if unset:
            raise SettingError(f"stel {' en '.join(unset)} in (zie docs/beheer/slack.md)")
        if not token.startswith("xoxb-"):
            raise SettingError("LOOPBAAN_SLACK_TOKEN moet met xoxb- beginnen: neem de 'Bot User OAuth Token'")
        if not re.fullmatch(r"[0-9a-f]{32}", secret):
            raise SettingError("LOOPBAAN_SLACK_GEHEIM moet de 'Signing Secret' zijn: 32 cijfers en letters van a tot f")
        return cls(token, secret, _address("LOOPBAAN_SLACK_URL", cls.url).rstrip("/") + "/")


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
        raise SettingError(f"{name} moet een heel getal van {least} of meer zijn.")
    return int(value)


def retention_days() -> int:
    """LOOPBAAN_BEWAARDAGEN: the days that conversations are kept. Raises SettingError."""
    return _whole("LOOPBAAN_BEWAARDAGEN", 30)


_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True)
class TeamsSettings:
    """The settings of the Teams channel; it is on when the first three are there.

    app_id, geheim, tenant: the bot's registration (single-tenant). tenants: organisations whose people may use the bot.
    hosts: where answers may be sent. token_url: where the bot gets its own token. openid_url: names the keys that
    requests are signed with. uitgever: who signs them.
    """

    app_id: str
    geheim: str = field(repr=False)
    tenant: str
    tenants: frozenset[str]
    token_url: str
    hosts: frozenset[str] = frozenset({"smba.trafficmanager.net"})
    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    uitgever: str = "https://api.botframework.com"

    @classmethod
    def from_environment(cls) -> TeamsSettings:
        """Read the settings from the environment. Raises SettingError, also when one of the needed three isn't set."""
        needed = ("LOOPBAAN_TEAMS_APP_ID", "LOOPBAAN_TEAMS_GEHEIM", "LOOPBAAN_TEAMS_TENANT")
        app_id, secret, tenant = (os.environ.get(name, "").strip() for name in needed)
        unset = [name for name, value in zip(needed, (app_id, secret, tenant), strict=True) if not value]
        if unset:
            raise SettingError(f"stel {', '.join(unset)} in (zie docs/beheer/teams.md)")
        app_id, tenant = _guid(needed[0], app_id), _guid(needed[2], tenant)
        if _GUID.fullmatch(secret.lower()):
            raise SettingError(f"{needed[1]} lijkt het nummer van het geheim: neem de 'Value', niet de 'Secret ID'")
        listed = _listed(os.environ.get("LOOPBAAN_TEAMS_TENANTS", "")) or [tenant]
        hosts = frozenset(_listed(os.environ.get("LOOPBAAN_TEAMS_HOSTS", ""))) or cls.hosts
        for host in sorted(hosts):
            if not _HOST.fullmatch(host):
                raise SettingError(
                    f"LOOPBAAN_TEAMS_HOSTS: '{host}' is geen servernaam; schrijf geen https:// en geen pad"
                )
        standard = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
        return cls(
            app_id=app_id,
            geheim=secret,
            tenant=tenant,
            tenants=frozenset(_guid("LOOPBAAN_TEAMS_TENANTS", part) for part in listed),
            token_url=_address("LOOPBAAN_TEAMS_TOKEN_URL", standard),
            hosts=hosts,
            openid_url=_address("LOOPBAAN_TEAMS_OPENID_URL", cls.openid_url),
            uitgever=os.environ.get("LOOPBAAN_TEAMS_UITGEVER") or cls.uitgever,
        )


def is_address(url: str, hosts: Collection[str] | None = None) -> bool:
    """Whether something can be sent to a URL safely: https (or http on this machine), at one of the hosts if given."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
        # The whole of what stands between // and /: a name before an @ or another port makes it another place.
        plain = parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80")
    except ValueError:
        return False
    return bool(secure and _HOST.fullmatch(plain)) and (hosts is None or plain in hosts)


def _address(name: str, standard: str) -> str:
    value = os.environ.get(name, "").strip() or standard
    if not is_address(value):
        # What stands there isn't shown: it may be a secret that landed in the wrong place.
        raise SettingError(f"{name} moet een adres met https:// zijn, zonder naam of wachtwoord erin")
    return value


def _guid(name: str, value: str) -> str:
    if not _GUID.fullmatch(value.lower()):
        raise SettingError(f"{name} moet een nummer zijn als 00000000-0000-0000-0000-000000000000")
    return value.lower()


def _listed(value: str) -> list[str]:
    return [part.strip().lower() for part in value.split(",") if part.strip()]
