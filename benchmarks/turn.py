"""Measure a turn, memory, start and training of the bot beside Rasa's default configuration, in one run.

    .venv/bin/python benchmarks/turn.py                                 everything; takes hours, by the alternative's training
    .venv/bin/python benchmarks/turn.py --epochs 20 --work meting  train it 20 of its 100 epochs, keep the models
    .venv/bin/python benchmarks/turn.py --stories                       also with stories, so that all its policies learn
    .venv/bin/python benchmarks/turn.py --epochs 1 --sample 1500        a quick look

Both learn from the same questions and are asked the same questions, over the REST channel, by one client, in turns of
one conversation each: what else the machine does hits both. benchmarks/alternative.py says what the alternative is.
Prints a Markdown table, in Dutch; how to read it stands in docs/prestaties.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

from alternative import DEFAULT_EPOCHS, Project, make_project
from report import comma, machine, say
from servers import BenchmarkError, Command, Server

from bot.settings import ROOT

CONVERSATION = 10
"""Turns in a conversation; also the block in which the bots take turns."""

OURS, RULES, STORIES = "loopbaanbot", "standaard", "standaard-verhalen"
"""The bots that are measured, as their folders and logs are called."""


@dataclass(frozen=True)
class Training:
    """How long training took, in seconds: the whole command. `epochs`, `epoch`: of the DIETClassifier, when there is one."""

    seconds: float
    epochs: int = 0
    epoch: float = 0.0

    def at_full_length(self) -> float:
        """What it would take with the default number of epochs, if all of them went at the same pace."""
        return self.seconds + (DEFAULT_EPOCHS - self.epochs) * self.epoch


@dataclass
class Measured:
    """What was measured of one bot: seconds and bytes."""

    starts: list[float] = field(default_factory=list)
    conversations: list[list[float]] = field(default_factory=list)
    memory: int = 0
    unanswered: int = 0

    @property
    def turns(self) -> list[float]:
        """The seconds of all turns."""
        return [seconds for conversation in self.conversations for seconds in conversation]

    @property
    def start(self) -> float:
        """The usual seconds from start to first answer."""
        return statistics.median(self.starts)

    def percentile(self, percent: int) -> float:
        """The seconds within which `percent` of the turns were answered."""
        return statistics.quantiles(self.turns, n=100, method="inclusive")[percent - 1]


# --- the bots --------------------------------------------------------------------------------------------------------


def environment(work: Path) -> dict[str, str]:
    """The settings of all bots: knowledge base, model and cache in the work folder, not those of who measures."""
    return {
        "LOOPBAAN_DATABASE": str(work / "knowledge.db"),
        "LOOPBAAN_MODELLEN": str(models(work, OURS)),
        "LOOPBAAN_GESPREKKEN": str(work / "gesprekken.db"),
        "RASA_CACHE_DIRECTORY": str(work / "rasa-cache"),
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
    }


def models(work: Path, name: str) -> Path:
    """The folder with a bot's model."""
    return work / f"{name}-model"


def our_server(work: Path, port: int) -> Server:
    """Our bot, as `loopbaan run` starts it."""
    start = Command([sys.executable, "-m", "bot.cli", "run", "--port", str(port)], ROOT, environment(work))
    return Server(OURS, port, [start], (port,), work / f"{OURS}.log")


def their_server(work: Path, name: str, project: Project, port: int) -> Server:
    """The alternative, as `rasa run` and `rasa run actions` start it; its actions listen one port further on."""
    rasa = [sys.executable, "-m", "rasa", "run"]
    actions = Command([*rasa, "actions", "--port", str(port + 1)], project.folder, environment(work))
    address = ["--port", str(port), "--interface", "127.0.0.1", "--model", str(models(work, name))]
    bot = Command([*rasa, *address], project.folder, environment(work))
    return Server(name, port, [actions, bot], (port, port + 1), work / f"{name}.log")


# --- training --------------------------------------------------------------------------------------------------------


def run_timed(arguments: list[str], folder: Path, work: Path, log: Path) -> float:
    """Run a command to its end; returns its seconds. Raises BenchmarkError when it fails."""
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments,
            cwd=folder,
            env=os.environ | environment(work),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            status = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if status:
        raise BenchmarkError(f"mislukt: {' '.join(arguments[1:])}; zie {log}")
    return time.perf_counter() - started


def train_ours(work: Path) -> Training:
    """Train our model as in a fresh clone: no vectors of an earlier training to take over."""
    shutil.rmtree(models(work, OURS), ignore_errors=True)
    command = [sys.executable, "-m", "bot.cli", "train"]
    return Training(run_timed(command, ROOT, work, work / f"train-{OURS}.log"))


def train_theirs(work: Path, name: str, project: Project, epochs: int) -> tuple[Training, str]:
    """Train an alternative with `rasa train`; returns the log too."""
    log = work / f"train-{name}.log"
    shutil.rmtree(models(work, name), ignore_errors=True)
    command = [sys.executable, "-m", "rasa", "train", "--out", str(models(work, name))]
    seconds = run_timed(command, project.folder, work, log)
    text = log.read_text(encoding="utf-8", errors="replace")
    return Training(seconds, epochs, _epoch_seconds(text, epochs)), text


def _epoch_seconds(log: str, epochs: int) -> float:
    """What an epoch of the DIETClassifier took, by the last line of its progress bar; 0 when it isn't there."""
    after = log.partition("Starting to train component 'DIETClassifier'")[2]
    bar = after.partition("Finished training component 'DIETClassifier'")[0]
    found = re.findall(rf"{epochs}/{epochs} \[(?:(\d+):)?(\d+):(\d+)<", bar)
    if not found:
        return 0.0
    hours, minutes, seconds = (int(value or 0) for value in found[-1])
    return (hours * 3600 + minutes * 60 + seconds) / epochs


def _component_seconds(log: str, component: str) -> float:
    """How long a component trained, by the times in Rasa's log."""
    times = []
    for moment in ("Starting to train", "Finished training"):
        found = re.search(rf"(\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d) INFO .*{moment} component '{component}'", log)
        times.append(time.mktime(time.strptime(found.group(1), "%Y-%m-%d %H:%M:%S")) if found else 0.0)
    return times[1] - times[0]


def train(work: Path, projects: dict[str, Project], epochs: int) -> dict[str, Training]:
    """Train all bots, one after the other. What an earlier run left in the work folder for the same data is used again.

    The alternative with stories takes its understanding from the one without, out of Rasa's cache; its time is that
    one's and that of the two policies which learn from stories.
    """
    seen = work / "training.json"
    stamp = fingerprint(
        [ROOT / "bot" / "nlu", ROOT / "bot" / "data", *(project.folder / "data" for project in projects.values())],
        [ROOT / "config.yml", ROOT / "domain.yml", *(project.folder / "config.yml" for project in projects.values())],
    )
    if seen.exists():
        saved = json.loads(seen.read_text(encoding="utf-8"))
        if saved.pop("stamp") == stamp:
            say(f"De modellen in {work} zijn bij; hun trainingstijd is van die eerdere keer.")
            return {name: Training(**times) for name, times in saved.items()}
    shutil.rmtree(work / "rasa-cache", ignore_errors=True)
    say(f"Training van {OURS} ...")
    done = {OURS: train_ours(work)}
    say(f"  {done[OURS].seconds:.0f} s")
    for name, project in projects.items():
        say(f"Training van {name}, {epochs} epochs ...")
        done[name], log = train_theirs(work, name, project, epochs)
        if name == STORIES:
            extra = sum(_component_seconds(log, policy) for policy in ("TEDPolicy", "UnexpecTEDIntentPolicy"))
            done[name] = Training(done[RULES].seconds + extra, epochs, done[RULES].epoch)
        say(f"  {done[name].seconds:.0f} s, {done[name].epoch:.1f} s per epoch van de DIETClassifier.")
    saved = {name: asdict(training) for name, training in done.items()}
    seen.write_text(json.dumps({"stamp": stamp, **saved}, indent=1), encoding="utf-8")
    return done


def fingerprint(folders: Iterable[Path], files: Iterable[Path]) -> str:
    """A hash over all that the models are trained on."""
    digest = hashlib.sha256()
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".yml", ".py")]
    for path in sorted([*found, *files]):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


# --- measuring -------------------------------------------------------------------------------------------------------


def questions(number: int) -> list[str]:
    """Different questions of all kinds and styles: those of the conversation tests, shuffled, always in the same order."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "tests" / "e2e").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found.update(dict.fromkeys(turn["user"] for turn in json.loads(line)["turns"]))
    texts = list(found)
    random.Random(20).shuffle(texts)
    if len(texts) < number + CONVERSATION:
        raise BenchmarkError(
            f"tests/e2e heeft {len(texts)} vragen: vraag er hooguit {len(texts) - CONVERSATION} met --turns"
        )
    return texts[: number + CONVERSATION]


def conversation(server: Server, sender: str, texts: list[str], measured: Measured) -> None:
    """Hold one conversation and note how long each turn took."""
    server.connect()
    times = []
    for text in texts:
        seconds, messages = server.ask(sender, text)
        times.append(seconds)
        measured.unanswered += not messages
    measured.conversations.append(times)


def measure(servers: list[Server], turns: int, starts: int) -> list[Measured]:
    """Start, ask and weigh the servers; they take turns in everything."""
    texts = questions(turns)
    results = [Measured() for _ in servers]
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
        for number in range(starts):
            for server, result in zip(servers, results, strict=True):
                result.starts.append(server.start())
                say(f"  {server.name}: eerste antwoord na {result.starts[-1]:.1f} s")
                if number < starts - 1:
                    server.stop()
        for first in range(0, len(texts), CONVERSATION):
            order = list(zip(servers, results, strict=True))
            for server, result in order if first // CONVERSATION % 2 else reversed(order):
                conversation(server, f"gesprek-{first}", texts[first : first + CONVERSATION], result)
        for server, result in zip(servers, results, strict=True):
            # The first conversation was to warm up: first calls load and compile.
            result.conversations.pop(0)
            result.memory = server.memory()
    return results


# --- the report ------------------------------------------------------------------------------------------------------


def table(title: str, ours: Measured, theirs: Measured, trainings: tuple[Training, Training]) -> str:
    """The Markdown table that puts us beside one alternative."""
    mine, other = trainings
    rows = [
        _speed("één beurt, mediaan (p50)", ours.percentile(50), theirs.percentile(50), 5),
        _speed("één beurt, traagste 5% (p95)", ours.percentile(95), theirs.percentile(95), None),
        _share("geheugen na alle beurten", ours.memory, theirs.memory, 0.60, _megabytes),
        _share("start tot eerste antwoord", ours.start, theirs.start, 0.50, lambda v: f"{comma(v, 1)} s"),
        _share(f"training, gemeten ({other.epochs} epochs)", mine.seconds, other.seconds, 1.0, _duration),
    ]
    if other.epochs < DEFAULT_EPOCHS:
        what = f"training, doorgerekend naar {DEFAULT_EPOCHS} epochs"
        rows.append(_share(what, mine.seconds, other.at_full_length(), 1.0, _duration))
    head = [f"| | loopbaanbot | {title} | verhouding | doel | gehaald |", "| --- | --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _speed(what: str, ours: float, theirs: float, least: float | None) -> str:
    ratio = theirs / ours
    goal = f"minstens {least:g} keer sneller | {'ja' if ratio >= least else 'nee'}" if least else " | "
    return f"| {what} | {comma(ours * 1000, 1)} ms | {comma(theirs * 1000, 1)} ms | {comma(ratio, 1)} keer sneller | {goal} |"


def _share(what: str, ours: float, theirs: float, most: float, shown: Callable[[float], str]) -> str:
    met = "ja" if ours <= most * theirs else "nee"
    return f"| {what} | {shown(ours)} | {shown(theirs)} | {ours / theirs:.0%} | hooguit {most:.0%} | {met} |"


def _megabytes(value: float) -> str:
    return f"{value / 2**20:.0f} MB"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def notes(results: dict[str, Measured], trainings: dict[str, Training], project: Project, sample: int | None) -> str:
    """What was measured on and how, and what to mind in reading it."""
    ours = results[OURS]
    training = trainings[RULES]
    lines = [
        f"{date.today().isoformat()}; {machine()}; Rasa {version('rasa')}, Python {platform.python_version()}.",
        f"{len(ours.turns)} beurten per bot in gesprekken van {CONVERSATION}, één klant, om en om; "
        f"{len(ours.starts)} keer gestart (mediaan).",
        f"De standaard leerde van {project.examples} vragen, {project.labels} intents, {training.epochs} epochs "
        f"({comma(training.epoch, 1)} s per epoch van de DIETClassifier).",
    ]
    for name, theirs in results.items():
        if name != OURS:
            pairs = zip(ours.conversations, theirs.conversations, strict=True)
            faster = [statistics.median(other) / statistics.median(own) for own, other in pairs]
            lines.append(f"Sneller dan {name}, per gesprek: {comma(min(faster), 1)} tot {comma(max(faster), 1)} keer.")
    if sample:
        lines.append(
            "De standaard kreeg maar een deel van de vragen (--sample): training en geheugen zijn een ondergrens."
        )
    if training.epochs < DEFAULT_EPOCHS:
        lines.append(
            f"Rasa's standaard is {DEFAULT_EPOCHS} epochs: de gemeten trainingstijd is een ondergrens. Voor een beurt, het "
            "geheugen en de start maakt het aantal epochs niet uit."
        )
    lines += [f"{name} gaf {m.unanswered} keer geen antwoord." for name, m in results.items() if m.unanswered]
    return "\n".join(f"- {line}" for line in lines)


def benchmark(work: Path, options: argparse.Namespace) -> str:
    """The whole measurement; returns the report."""
    from bot.server import quiet
    from knowledge.build import build_file

    quiet()
    os.environ |= environment(work)
    build_file(work / "knowledge.db")
    ports = {RULES: options.port + 1, STORIES: options.port + 3}
    projects = {
        name: make_project(work / name, ports[name] + 1, options.epochs, options.sample, stories=name == STORIES)
        for name in ([RULES, STORIES] if options.stories else [RULES])
    }
    trainings = train(work, projects, options.epochs)
    servers = [our_server(work, options.port)]
    servers += [their_server(work, name, project, ports[name]) for name, project in projects.items()]
    results = dict(zip([OURS, *projects], measure(servers, options.turns, options.starts), strict=True))
    titles = {RULES: "standaard van Rasa", STORIES: "standaard van Rasa, met verhalen"}
    tables = [table(titles[n], results[OURS], results[n], (trainings[OURS], trainings[n])) for n in projects]
    return "\n\n".join([*tables, notes(results, trainings, projects[RULES], options.sample)])


def main() -> int:
    """Measure and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--epochs", type=int, default=DEFAULT_EPOCHS, help="of the alternative (default: %(default)s, Rasa's)"
    )
    parser.add_argument("--sample", type=int, help="train the alternative on this many questions only")
    parser.add_argument(
        "--stories", action="store_true", help="also measure the alternative with stories beside its rules"
    )
    parser.add_argument("--turns", type=int, default=300, help="turns to measure for each bot (default: %(default)s)")
    parser.add_argument("--starts", type=int, default=3, help="times to start each bot (default: %(default)s)")
    parser.add_argument("--port", type=int, default=5105, help="first of five ports (default: %(default)s)")
    parser.add_argument(
        "--work", type=Path, help="folder for models and logs, kept for a next run (default: a temporary one)"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="loopbaan-meting-") as temporary:
        work = (options.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        try:
            print(benchmark(work, options))
        except BenchmarkError as error:
            say(f"FOUT: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
