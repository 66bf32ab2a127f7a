"""Maakt het app-pakket voor Teams: een zip met het manifest en de twee iconen.

    .venv/bin/python deploy/teams/maak.py --app-id NUMMER --organisatie NAAM --website URL --privacy URL --voorwaarden URL

Zonder `--app-id` neemt het de app van LOOPBAAN_TEAMS_APP_ID. Met `--iconen` tekent het alleen de iconen opnieuw.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

HERE = Path(__file__).parent
SIZES = {"color.png": 192, "outline.png": 32}
_FINER = 8
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Mistake(ValueError):
    """What is wrong with what was given, in Dutch."""


def manifest(
    app_id: str, organisatie: str, website: str, privacy: str, voorwaarden: str, versie: str
) -> dict[str, Any]:
    """The manifest with an organisation's own values. Raises Mistake."""
    app_id = app_id.strip().lower()
    if not _GUID.fullmatch(app_id):
        raise Mistake("--app-id moet een nummer zijn als 00000000-0000-0000-0000-000000000000.")
    if not 0 < len(organisatie) <= 32:
        raise Mistake("--organisatie mag hooguit 32 tekens hebben.")
    for name, url in (("website", website), ("privacy", privacy), ("voorwaarden", voorwaarden)):
        if not re.fullmatch(r"https://[^\s/]+\S*", url):
            raise Mistake(f"--{name} moet met https:// beginnen; er staat '{url}'.")
    if not re.fullmatch(r"\d+\.\d+\.\d+", versie):
        raise Mistake("--versie moet uit drie getallen bestaan, zoals 1.0.1.")
    found: dict[str, Any] = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    found["id"] = found["bots"][0]["botId"] = app_id
    found["version"] = versie
    found["developer"] = {
        "name": organisatie,
        "websiteUrl": website,
        "privacyUrl": privacy,
        "termsOfUseUrl": voorwaarden,
    }
    return found


def package(found: dict[str, Any], path: Path) -> None:
    """Write the zip that Teams takes: three files, without a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(found, ensure_ascii=False, indent=2))
        for name in SIZES:
            archive.write(HERE / name, name)


def icon(name: str) -> Image.Image:
    """A speech bubble with three steps going up: white on blue, or for the outline white on nothing."""
    outline = name == "outline.png"
    size = SIZES[name]
    full = size * _FINER
    ground = (0, 0, 0, 0) if outline else (0x1B, 0x5E, 0x7D, 255)
    shape = Image.new("L", (full, full), 0)
    draw = ImageDraw.Draw(shape)

    def at(*fractions: float) -> list[float]:
        return [part * full for part in fractions]

    edge = 0.04 if outline else 0.2
    left, top, right, bottom = edge, edge + 0.02, 1 - edge, 1 - edge - 0.14
    line = 0.075 if outline else 0.05
    draw.polygon(at(left + 0.14, bottom - 0.02, left + 0.38, bottom - 0.02, left + 0.14, 1 - edge), fill=255)
    draw.rounded_rectangle(at(left, top, right, bottom), radius=0.12 * full, fill=255)
    draw.rounded_rectangle(at(left + line, top + line, right - line, bottom - line), radius=0.07 * full, fill=0)
    inner, floor = left + line + 0.08, bottom - line - 0.07
    width, height = (right - line - 0.08 - inner) / 3, (floor - top - line - 0.07) / 3
    for step in range(3):
        gap = 0.02
        x = inner + step * width
        draw.rectangle(at(x + gap / 2, floor - (step + 1) * height, x + width - gap / 2, floor), fill=255)
    found = Image.new("RGBA", (size, size), ground)
    white = Image.new("RGBA", (size, size), (255, 255, 255, 255))
    mask = shape.resize((size, size), Image.Resampling.LANCZOS)
    if outline:
        white.putalpha(mask)
        return white
    found.paste(white, mask=mask)
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Maak het app-pakket voor Teams.")
    parser.add_argument("--app-id", default=os.environ.get("LOOPBAAN_TEAMS_APP_ID", ""))
    parser.add_argument("--organisatie", default="")
    parser.add_argument("--website", default="")
    parser.add_argument("--privacy", default="")
    parser.add_argument("--voorwaarden", default="")
    parser.add_argument("--versie", default="1.0.0", help="hoger bij elke nieuwe upload")
    parser.add_argument("--uit", type=Path, default=Path("loopbaanbot-teams.zip"))
    parser.add_argument("--iconen", action="store_true", help="teken de iconen opnieuw, en stop dan")
    given = parser.parse_args()
    if given.iconen:
        for name in SIZES:
            icon(name).save(HERE / name, optimize=True)
        return
    try:
        found = manifest(given.app_id, given.organisatie, given.website, given.privacy, given.voorwaarden, given.versie)
    except Mistake as error:
        sys.exit(f"Fout: {error}")
    package(found, given.uit)
    print(f"Klaar: {given.uit}. Upload dit bestand in het beheercentrum van Teams.")


if __name__ == "__main__":
    main()
