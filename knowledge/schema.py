"""What a fact looks like.

Each class is one kind of content file (or one part of it). Unknown keys are refused, so that a typing error in a
key is found and not silently ignored. References between files are checked in :mod:`knowledge.content_files`.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, root_validator, validator

NIVEAUS = ("A", "B", "C", "D")
"""Levels of a competency, highest first. The function book nowhere says so; it follows from the profiles."""

SCHALEN = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "10",
    "10A",
    "11",
    "11A",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
)
"""The 20 salary scales of the Cao Gemeenten in rising order (source: VNG, CAR-UWO 2020)."""

OPLEIDINGSNIVEAUS = ("mbo", "mbo-2", "mbo-3", "mbo-4", "hbo", "hbo-plus", "wo")
"""Minimum educations that a norm function can ask. `hbo-plus`: hbo with post-hbo or a master."""

TOPICS = ("schaal", "functie", "competentie", "interim", "leider", "beroep", "onderzoek", "organisatie", "advies")
"""Topics that a subject (`onderwerp`) can belong to; see the answer contract's `kind`."""

Niveau = Literal["A", "B", "C", "D"]
_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_TOPIC_ID = re.compile(r"^[a-z]+(\.[a-z0-9_]+)+$")


class Part(BaseModel):
    """Base of all content: unknown keys are an error, texts are stripped."""

    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True
        min_anystr_length = 1


class Named(Part):
    """Content with an id of its own."""

    id: str
    naam: str

    @validator("id")
    def _id_form(cls, value: str) -> str:
        if not _ID.match(value):
            raise ValueError("een id bestaat uit kleine letters, cijfers en streepjes, bijvoorbeeld adviseur-iii")
        return value


class Vindplaats(Part):
    """Where a fact is found: a source's id, a section, and for norm functions the section of the profile."""

    bron: str
    sectie: str
    profiel: str | None


class Bron(Part):
    """A source document. `datum` is a year, year-month or date as text; null when the source bears none."""

    id: str
    titel: str
    datum: str | None
    soort: str | None
    kanttekening: str | None
    bestand: str | None


class Functiereeks(Named):
    """HR21: a kind of process, such as Beleid."""

    uitleg: str
    bron: Vindplaats


class Functiegroep(Named):
    """HR21: a kind of contribution within a functiereeks, such as Advies."""

    functiereeks: str
    uitleg: str
    bron: Vindplaats


class GevraagdeCompetentie(Part):
    """A competency with the level that a function asks."""

    competentie: str
    niveau: Niveau


class Resultaatgebied(Part):
    """A result area with its tasks."""

    naam: str
    taken: list[str] = Field(..., min_items=1)


class Uitleg(Part):
    """A heading with its explanation: critical work situation, knowledge or skill."""

    naam: str
    uitleg: str


class Opleiding(Part):
    """The education that a norm function asks, and the fields that the profile names as examples."""

    minimaal: Literal["mbo", "mbo-2", "mbo-3", "mbo-4", "hbo", "hbo-plus", "wo"]
    minimaal_tekst: str
    ideaal_tekst: str | None
    richtingen: list[str] = []


class Normfunctie(Named):
    """A national HR21 norm function."""

    aliassen: list[str] = []
    functiereeks: str
    functiegroep: str
    kenmerken: list[str] = Field(..., min_items=1)
    competenties: list[GevraagdeCompetentie] = Field(..., min_items=1)
    competenties_bijlage: list[GevraagdeCompetentie] = []
    resultaatgebieden: list[Resultaatgebied] = Field(..., min_items=1)
    kritische_werksituaties: list[Uitleg] = []
    vakkennis: list[Uitleg] = []
    vaardigheden: list[Uitleg] = []
    opleiding: Opleiding
    tegenstrijdigheden: list[str] = []
    trefwoorden: list[str] = []
    bron: Vindplaats


class Functie(Named):
    """A function that one organisation has: its local name, scale and formation."""

    normfunctie: str
    schaal: str
    formatie: float | None
    kenmerken: list[str] = []
    aliassen: list[str] = []
    trefwoorden: list[str] = []
    bron: Vindplaats

    @validator("schaal", pre=True)
    def _known_scale(cls, value: object) -> str:
        text = str(value)
        if text not in SCHALEN:
            raise ValueError(f"schaal {text} bestaat niet; kies uit {', '.join(SCHALEN)}")
        return text

    @validator("formatie")
    def _positive(cls, value: float | None) -> float | None:
        if value is not None and value <= 0:
            raise ValueError("een formatie is groter dan 0 fte; staat er geen in de bron, schrijf dan null")
        return value


class BuitenBoek(Named):
    """A function that people ask about and that the book does not have, with what is near to it by the book itself."""

    aliassen: list[str] = []
    dichtstbij: list[str] = Field([], max_items=2)
    waarom: str | None = Field(None, max_length=160)

    @root_validator(skip_on_failure=True)
    def _reason(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["dichtstbij"] and not values["waarom"]:
            raise ValueError("bij 'dichtstbij' hoort 'waarom': wat het boek zelf noemt, in één of twee zinnen")
        return values


class Cluster(Named):
    """A part of the organisation; `fte` is the source's (approximate) figure."""

    fte: float | None
    aliassen: list[str] = []
    doel: str
    themas: list[str] = []
    bron: Vindplaats


class Organisatie(Named):
    """An organisation with a function book."""

    aliassen: list[str] = []
    fte_totaal: float | None
    fte_ongeveer: float | None
    clusters: list[Cluster] = []
    tegenstrijdigheden: list[str] = []
    bron: Vindplaats


class Module(Named):
    """An HR21 module that comes on top of a norm function (coordination)."""

    aliassen: list[str] = []
    uitleg: str
    aantal: int | None
    taken: list[str]
    competenties: list[GevraagdeCompetentie]
    bron: Vindplaats


class NiveauUitleg(Part):
    """One level of a competency: its name and the behaviours that show it."""

    naam: str
    gedrag: list[str] = []


class Competentie(Named):
    """A competency with its definition and the levels that the source describes."""

    aliassen: list[str] = []
    definitie: str | None
    niveaus: dict[Niveau, NiveauUitleg] = {}
    organisatiebreed: bool = False
    kanttekening: str | None
    bron: Vindplaats


class Cijfer(Part):
    """A figure with its unit and what it is about."""

    waarde: float
    eenheid: str
    over: str


class Onderwerp(Part):
    """A question that a person can have, with its own answer: everything that is not a function or competency."""

    id: str
    titel: str = Field(..., max_length=70)
    aliassen: list[str] = []
    antwoord: str
    punten: list[str] = []
    kanttekening: str | None
    vragen: list[str] = Field(..., min_items=3)
    verwant: list[str] = []
    cijfers: list[Cijfer] = []
    zwijgt: bool = False
    """The source says nothing about what is asked; the answer tells that, and what it does say."""
    bron: Vindplaats

    @validator("id")
    def _id_form(cls, value: str) -> str:
        if not _TOPIC_ID.match(value) or value.split(".")[0] not in TOPICS:
            raise ValueError(f"een id van een onderwerp begint met een van {', '.join(TOPICS)} en een punt")
        return value


class Opleidingsniveau(Named):
    """A level of education that people name, with its NLQF level (1-8; source: nuffic.nl)."""

    nlqf: float | None
    aliassen: list[str] = []

    @validator("nlqf", pre=True)
    def _plus(cls, value: object) -> object:
        # NLQF has one half step, vwo = "4+".
        return 4.5 if value == "4+" else value


class Salaristabel(Named):
    """Gross amounts a month of one date: a list of amounts by step (periodiek 0, 1, ...) for each scale."""

    geldig_vanaf: str
    uren_per_week: float
    bruto: bool
    kanttekening: str | None
    bron: Vindplaats
    schalen: dict[str, list[int]]

    @validator("schalen")
    def _known_scales(cls, value: dict[str, list[int]]) -> dict[str, list[int]]:
        for schaal, bedragen in value.items():
            if schaal not in SCHALEN:
                raise ValueError(f"schaal {schaal} bestaat niet")
            if bedragen != sorted(bedragen):
                raise ValueError(f"de bedragen van schaal {schaal} lopen niet op")
        return value
