"""`loopbaan evaluate`: how well the bot understands questions and holds conversations."""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import gesprek
from bot.settings import ROOT

if TYPE_CHECKING:
    from bot.evaluation.cases import Case, CaseResult
    from bot.evaluation.understanding import Understanding

_EVERY = 25
"""After how many conversations a line tells how far it is."""


@click.command()
@click.option(
    "--cases",
    "case_files",
    multiple=True,
    metavar="BESTAND",
    type=click.Path(path_type=Path),
    help="Gesprekken (.jsonl); mag vaker. Standaard: alle in tests/e2e.",
)
@click.option("--url", metavar="ADRES", help="Adres van een draaiende bot (anders: zelf zoeken).")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="In hoeveel delen.")
@click.option("--quick", is_flag=True, help="Meet maar één van de delen.")
@click.option("--only", type=click.Choice(["nlu", "cases"]), help="Alleen losse vragen (nlu) of gesprekken (cases).")
@click.option("--sample", type=click.IntRange(10), metavar="AANTAL", help="Proef op ongeveer zo veel losse vragen.")
@click.option(
    "--report",
    metavar="BESTAND",
    type=click.Path(path_type=Path, dir_okay=False),
    default=ROOT / "results" / "evaluatie.html",
    help="Waar het rapport komt.  [standaard: results/evaluatie.html]",
)
@click.option(
    "--min",
    "minimum",
    type=click.FloatRange(0, 1),
    metavar="DEEL",
    help="Eindig met code 1 als minder gesprekken goed zijn, bijvoorbeeld 0.92.",
)
def evaluate(
    case_files: tuple[Path, ...],
    url: str | None,
    folds: int,
    quick: bool,
    only: str | None,
    sample: int | None,
    report: Path,
    minimum: float | None,
) -> None:
    """Meet hoe goed de bot is en schrijf er een rapport over.

    Gesprekken worden echt gevoerd en beoordeeld. Losse vragen komen uit de trainingsvragen: een deel wordt
    achtergehouden en gelezen door een model dat op de rest is getraind. Alles samen duurt een kwartier of langer; met
    --quick een paar minuten.
    """
    from bot.evaluation.report import Evaluation, html, percent, summary

    if only == "nlu" and (minimum is not None or case_files or url):
        raise click.UsageError("--min, --cases en --url gaan over gesprekken; gebruik ze niet samen met --only nlu.")
    _make_room(report)
    results: list[CaseResult] | None = None
    bot = ""
    if only != "nlu":
        results, bot = _converse(_read(case_files), url)
        gc.collect()  # A bot that was loaded here takes memory that the training below needs.
    with _without_warnings():
        found = _understand(folds, quick, sample) if only != "cases" else None
        evaluation = Evaluation(found, results, bot, minimum)
        report.write_text(html(evaluation), encoding="utf-8")
    click.echo("\n".join(summary(evaluation)))
    click.echo(f"Rapport: {report}")
    if minimum is not None and evaluation.right_cases.value < minimum:
        click.echo(f"Te weinig gesprekken goed: de ondergrens is {percent(minimum)}.", err=True)
        sys.exit(1)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Show no warnings of packages, which are for their makers; importing some of them undoes a filter."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda *arguments, **options: None
        yield


def _make_room(report: Path) -> None:
    """See to it, before all the work, that the report can be written."""
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        there = report.exists()
        with report.open("a", encoding="utf-8"):
            pass
        if not there:
            report.unlink()
    except OSError as error:
        raise click.ClickException(f"Het rapport {report} is niet te schrijven ({error.strerror}).") from error


def _read(files: tuple[Path, ...]) -> list[Case]:
    from bot.evaluation.cases import CaseError, read_cases

    folder = ROOT / "tests" / "e2e"
    paths = list(files) or sorted(folder.glob("*.jsonl"))
    if not paths:
        raise click.ClickException(f"Er zijn geen gesprekken in {folder}. Noem een bestand met --cases.")
    try:
        return read_cases(paths)
    except CaseError as error:
        raise click.ClickException(str(error)) from error


def _converse(cases: list[Case], url: str | None) -> tuple[list[CaseResult], str]:
    from bot.evaluation.cases import run_cases

    line = gesprek.connect(url)
    bot = f"de bot op {line.url}" if isinstance(line, gesprek.ServerLine) else "een bot in hetzelfde proces"

    def progress(done: int, total: int) -> None:
        if done % _EVERY == 0 or done == total:
            click.echo(f"Gesprekken: {done} van {total}", err=True)

    return run_cases(line, cases, progress), bot


def _understand(folds: int, quick: bool, sample: int | None) -> Understanding:
    from bot.server import quiet

    quiet()
    click.echo("Begrip: de trainingsvragen worden gelezen ...", err=True)
    from dataclasses import replace

    from rasa.shared.exceptions import RasaException

    from bot.evaluation import understanding
    from knowledge.store import KnowledgeUnavailable

    try:
        questions = understanding.load_questions()
        if sample:
            questions = understanding.sample(questions, sample)
        found = understanding.cross_validate(
            questions, folds=folds, quick=quick, tell=lambda line: click.echo(line, err=True)
        )
    except (KnowledgeUnavailable, understanding.PipelineError) as error:
        raise click.ClickException(str(error)) from error
    except RasaException as error:
        raise click.ClickException(f"De trainingsvragen of config.yml zijn niet te gebruiken: {error}") from error
    return replace(found, sampled=sample is not None)
