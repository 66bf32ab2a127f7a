"""`loopbaan knowledge ...`: check, build, show and verify the content."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def knowledge() -> None:
    """De kennisbank: controleren, bouwen, tonen en vergelijken met de bronnen."""


@knowledge.command()
@click.option("--als-nodig", is_flag=True, help="Doe niets als de kennisbank al bij is.")
def build(als_nodig: bool) -> None:
    """Bouw de kennisbank (knowledge.db) uit de inhoud."""
    from bot.settings import Settings
    from knowledge.build import build_file, content_fingerprint
    from knowledge.content_files import ContentError
    from knowledge.store import KnowledgeUnavailable, Store

    target = Settings.from_environment().database
    if als_nodig:
        try:
            if Store.open(target).fingerprint() == content_fingerprint():
                return
        except KnowledgeUnavailable:
            pass
    try:
        content = build_file(target)
    except ContentError as error:
        click.echo(str(error), err=True)
        kept = "De oude kennisbank blijft in gebruik." if target.exists() else "Er is nog geen kennisbank gemaakt."
        raise click.ClickException(f"De inhoud heeft {_faults(len(error.mistakes))}. {kept}") from error
    counts = ", ".join(f"{number} {name}" for name, number in content.counts().items() if name != "bronnen")
    click.echo(f"Kennisbank gebouwd: {counts}.")


def _faults(number: int) -> str:
    return "1 fout" if number == 1 else f"{number} fouten"


@knowledge.command()
def check() -> None:
    """Controleer de inhoud, zonder iets te bouwen."""
    from knowledge.content_files import ContentError, read_content

    try:
        read_content()
    except ContentError as error:
        click.echo(str(error), err=True)
        raise click.ClickException(f"De inhoud heeft {_faults(len(error.mistakes))}.") from error
    click.echo("De inhoud is in orde.")


@knowledge.command()
@click.argument("soort", type=click.Choice(["functie", "normfunctie", "competentie", "onderwerp"]))
@click.argument("naam")
def show(soort: str, naam: str) -> None:
    """Toon alles wat de bot over iets weet, bijvoorbeeld: show functie adviseur-iii."""
    import yaml

    from bot.settings import Settings
    from knowledge.store import KnowledgeUnavailable, Store

    settings = Settings.from_environment()
    try:
        store = Store.open(settings.database, settings.organisatie)
    except KnowledgeUnavailable as error:
        raise click.ClickException(str(error)) from error
    parts: list[object] = []
    if soort in ("functie", "normfunctie"):
        functies = [f for f in store.functies() if naam in (f.id, f.norm.id)]
        for f in functies:
            parts.append({k: v for k, v in vars(f).items() if k not in ("norm", "bron", "schaal_rang", "kenmerken")})
            parts.append(f.norm.dict())
        if not parts and (norm := store.normfunctie(naam)):
            parts.append(norm.dict())
    elif soort == "competentie" and (competentie := store.competentie(naam)):
        parts.append(competentie.dict())
    elif soort == "onderwerp" and (onderwerp := store.onderwerp(naam)):
        parts.append(onderwerp.dict())
    if not parts:
        known = {
            "functie": [f.id for f in store.functies()],
            "normfunctie": [f.norm.id for f in store.functies()],
            "competentie": [c.id for c in store.competenties()],
            "onderwerp": [o.id for o in store.onderwerpen()],
        }[soort]
        raise click.ClickException(f"{soort} '{naam}' staat niet in de kennisbank. Wel: {', '.join(known)}")
    for part in parts:
        click.echo(yaml.safe_dump(part, allow_unicode=True, sort_keys=False, width=110).strip())
        click.echo()


@knowledge.command()
@click.argument("map_met_bronnen", type=click.Path(path_type=Path))
def verify(map_met_bronnen: Path) -> None:
    """Vergelijk de inhoud met de brondocumenten in een map."""
    from knowledge.content_files import ContentError, read_content
    from knowledge.verify import SourcesMissing, examine

    try:
        found = examine(map_met_bronnen, read_content())
    except ContentError as error:
        raise click.ClickException(f"De inhoud heeft fouten:\n{error}") from error
    except SourcesMissing as error:
        raise click.ClickException(str(error)) from error
    for item in found.contradictions:
        click.echo(f"vermelde tegenstrijdigheid: {item}")
    for item in found.differences:
        click.echo(str(item))
    if found.differences:
        raise click.ClickException(f"{len(found.differences)} verschillen met de bronnen.")
    click.echo("Geen verschillen met de bronnen en geen overgenomen zinnen.")
