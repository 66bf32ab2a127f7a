"""One process: understanding, dialogue and actions, behind the channels of credentials.yml."""

from __future__ import annotations

import logging
import os
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import without_tensorflow
from bot.privacy import logs
from bot.settings import ROOT, SettingError, Settings, retention_days

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic

    from bot.operations.application import Operations

logger = logging.getLogger(__name__)


class CannotStart(Exception):
    """The bot can't start; the message says in Dutch what to do."""


def quiet() -> None:
    """Silence what nobody reads: TensorFlow's start-up lines, telemetry, debug logging. Call before importing Rasa."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    # Threads of the sentence model spin a little while they wait for each other. Not at all makes a vector twice as
    # slow on a quiet machine, and without end four times as slow on a busy one.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    import sanic.app  # noqa: F401  - it asks to see deprecation warnings; what we ask must come after it

    # Nobody who runs the bot can do anything about what packages say of each other.
    warnings.filterwarnings("ignore")
    without_tensorflow.install()
    level = os.environ["LOG_LEVEL"].upper()
    from bot.operations.logs import configure

    configure(level)
    logs.install()
    import structlog

    # Rasa logs every turn at DEBUG through structlog; rendering that costs more than the turn itself.
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, logs.structlog_processor, logs.structlog_line],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level, logging.WARNING)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def latest_model(folder: Path) -> Path:
    """The newest model in a folder. Raises CannotStart when there is none."""
    found = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise CannotStart(f"Er is nog geen model in {folder}. Train er een met: loopbaan train")
    return found[-1]


def endpoints(gesprekken: str | None = None, file: Path | None = None) -> AvailableEndpoints:
    """Actions in this process (or at LOOPBAAN_ACTIES_URL), and conversations where LOOPBAAN_GESPREKKEN says.

    gesprekken: another place to keep them, see `bot.stores.places`. file: names the stores instead. Raises CannotStart.
    """
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    from bot.actions.in_process import InProcessActions, compile_response_check
    from bot.stores import places

    compile_response_check()
    remote = os.environ.get("LOOPBAAN_ACTIES_URL")
    action = EndpointConfig(url=remote, enable_selective_domain=True) if remote else InProcessActions()
    try:
        tracker_store, lock_store = (
            places.from_file(file) if file else (places.tracker_store(gesprekken), places.lock_store())
        )
        return AvailableEndpoints(action=action, tracker_store=tracker_store, lock_store=lock_store)
    except SettingError as error:
        raise CannotStart(str(error)) from error


async def load_agent(model: Path, available: AvailableEndpoints) -> Agent:
    """Load a model. Raises CannotStart with the reason when it can't be loaded."""
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore

    from bot.stores import KeepingAgent

    loaded = KeepingAgent(
        tracker_store=TrackerStore.create(available.tracker_store),
        lock_store=LockStore.create(available.lock_store),
        action_endpoint=available.action,
    )
    try:
        loaded.load_model(model)
    except Exception as error:  # Rasa wraps what a component says in exceptions of several kinds
        reason = error.__cause__ or error
        raise CannotStart(
            f"Het model {model.name} is niet te laden ({reason}). Train opnieuw met: loopbaan train"
        ) from error
    return loaded


def make_app(model: Path, credentials: Path, stores: Path | None = None) -> Sanic:
    """The web application with all channels; the model is loaded when the server starts. Raises CannotStart.

    stores: a file that names where conversations are kept, instead of the environment alone.
    """
    from rasa.core.run import create_http_input_channels
    from sanic import Sanic

    from bot.channels.guard import Guard
    from bot.channels.web import WebInput
    from bot.operations.application import Operations
    from bot.privacy import daily
    from bot.settings import OperationsSettings
    from bot.stores import Unavailable, unavailable

    try:
        retention_days()
        settings = OperationsSettings.from_environment()
        input_channels = create_http_input_channels(None, str(credentials))
    except SettingError as error:
        raise CannotStart(str(error)) from error
    app = Sanic("loopbaanbot", configure_logging=False)
    Guard().watch(app)
    daily.attach(app)
    for channel in input_channels:
        if isinstance(channel, WebInput):
            app.add_route(channel.start_page, "/", methods=["GET"])
            # Without this anybody could name any address as theirs.
            app.config.PROXIES_COUNT = channel.web.proxys or None
    operations = Operations(app, settings, unavailable, (Unavailable,), _warn_when_outdated)
    operations.register(input_channels)
    app.register_listener(partial(_load, model, stores, operations), "before_server_start")
    app.register_listener(_close, "after_server_stop")
    return app


async def _load(model: Path, stores: Path | None, operations: Operations, app: Sanic, loop: Any) -> None:
    app.ctx.agent = await load_agent(model, endpoints(file=stores))
    app.ctx.agent.processor.model_metadata  # noqa: B018  - fails here rather than at the first question
    operations.loaded()
    _warn_when_outdated()
    port = os.environ.get("LOOPBAAN_POORT", "5005")
    print(f"De bot is klaar: open http://127.0.0.1:{port} of typ: loopbaan chat", flush=True)


async def _close(app: Sanic, loop: Any) -> None:
    if hasattr(app.ctx, "agent"):
        await app.ctx.agent.close()


def _warn_when_outdated() -> None:
    from bot import knowledge_in_use
    from bot.training import stamp_of_model
    from knowledge.store import KnowledgeUnavailable

    try:
        fingerprint = knowledge_in_use.current().fingerprint()
    except KnowledgeUnavailable:
        return  # told when it was looked for
    trained = stamp_of_model(Settings.from_environment().models)
    if trained and trained.get("inhoud") != fingerprint:
        logger.warning("De kennisbank is nieuwer dan het model. Train opnieuw met: loopbaan train")


def serve(port: int, host: str = "127.0.0.1", credentials: Path | None = None, in_production: bool = False) -> None:
    """Serve until stopped. Raises CannotStart when there is no model, the port is taken, or production isn't safe."""
    import socket

    from bot import productie

    in_production = in_production or productie.is_on()
    credentials = credentials or (productie.CREDENTIALS if in_production else ROOT / "credentials.yml")
    if in_production and (wrong := productie.wrong_settings(credentials)):
        raise CannotStart("Zo start de bot niet in productie:\n- " + "\n- ".join(wrong))
    if host not in ("127.0.0.1", "localhost", "::1") and (channels := productie.open_channels(credentials)):
        raise CannotStart(
            f"{', '.join(channels)} staat open voor iedereen, en op {host} kunnen anderen erbij. "
            "Start de bot met: loopbaan run --productie"
        )
    settings = Settings.from_environment()
    model = latest_model(settings.models)
    os.environ["LOOPBAAN_POORT"] = str(port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Poort {port} is bezet. Kies een andere, bijvoorbeeld: make run PORT={port + 1}"
            ) from error
    app = make_app(model, credentials, productie.ENDPOINTS if in_production else None)
    from bot.nlu.language import available_language

    print(f"Taalmodel: {available_language()}. Model: {model.name}. De bot start ...", flush=True)
    app.run(host=host, port=port, workers=1, access_log=False)
