"""Reads the function book of Ommen (HR21) as it is, with its traps: see each parser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from knowledge.normal import name_key
from knowledge.verify.text import (
    before_items,
    between,
    decimal,
    items,
    joined,
    lines_of,
    sections,
    without_page_numbers,
)


@dataclass(frozen=True)
class Asked:
    """A competency with the level that is asked and the name of that level."""

    name: str
    level: str
    level_name: str

    def __str__(self) -> str:
        """Name, level and level name, as written."""
        return f"{self.name} {self.level} ({self.level_name})"


@dataclass(frozen=True)
class Row:
    """A row of the table of available functions."""

    name: str
    norm: str
    scale: str
    formation: float | None
    traits: list[str]


@dataclass(frozen=True)
class Area:
    """A result area with its tasks."""

    name: str
    tasks: list[str]


@dataclass(frozen=True)
class Body:
    """The description of a norm function."""

    name: str
    series: str
    group: str
    traits: list[str]
    competencies: list[Asked]
    areas: list[Area]


@dataclass(frozen=True)
class Described:
    """A competency at one level as a profile of the annex describes it."""

    asked: Asked
    definition: str
    behaviours: list[str]


@dataclass(frozen=True)
class Education:
    """The line below "Welke opleiding voldoet ...": `minimum` and `ideal` as written, the fields apart."""

    minimum: str
    ideal: str | None
    fields: list[str]


@dataclass(frozen=True)
class Profile:
    """A competency profile of the annex."""

    name: str
    situations: list[str]
    competencies: list[Described]
    knowledge: list[str]
    skills: list[str]
    education: Education | None


@dataclass(frozen=True)
class ModuleText:
    """The coordination module."""

    tasks: list[str]
    competencies: list[Asked]


@dataclass
class FunctionBook:
    """What the document says."""

    rows: list[Row] = field(default_factory=list)
    total: float | None = None
    approximate_total: float | None = None
    clusters: dict[str, float] = field(default_factory=dict)
    coordinators: float | None = None
    organisation_wide: list[str] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    module: ModuleText | None = None
    module_profile: list[Described] = field(default_factory=list)

    def sums(self) -> dict[str, float]:
        """What the FTE add up to: the rows of the table, and the clusters with coordinators and secretary."""
        rows = [row.formation or 0.0 for row in self.rows]
        clusters = sum(self.clusters.values()) + (self.coordinators or 0.0) + (rows[0] if rows else 0.0)
        return {"de rijen van de tabel": sum(rows), "clusters, coördinatie en gemeentesecretaris": clusters}

    def counted(self) -> set[float]:
        """Numbers that the document does not name but that follow from counting and adding up."""
        sized = [row for row in self.rows if row.formation is not None]
        counts = {
            len(self.rows),
            len(sized),
            len(self.rows) - len(sized),
            len(self.clusters),
            len(self.organisation_wide),
        }
        return {float(count) for count in counts} | set(self.sums().values())


_PROFILE = re.compile(r"COMPETENTIEPROFIEL (.+)")
_BODY = re.compile(r"FUNCTIEBESCHRIJVING (.+)")
_ASKED = re.compile(r"(.+?),\s*niveau\s+([A-D])\s*\((.+)\)")
_LEVEL = re.compile(r"Niveau ([A-D])\s*\((.+)\)")
_SCALE = re.compile(r"(\d{1,2}A?)(?:\s+(\d+,\d+))?")
_SCALE_AT_END = re.compile(rf"(.*?)\s{{2,}}{_SCALE.pattern}")
_BULLET = "\uf0b7"


def parse(text: str) -> FunctionBook:
    """Read the whole document."""
    raw = lines_of(text)
    lines = without_page_numbers(raw)
    book = FunctionBook()
    book.organisation_wide = _organisation_wide(lines)
    book.clusters, book.coordinators, book.approximate_total = _clusters(lines)
    book.bodies = [_body(part) for _, part in sections(between(lines, "NORMFUNCTIES HR21", "Module HR21"), _BODY)]
    book.module = _module(between(lines, "Module HR21", "BIJLAGE"))
    names = _competency_names(book)
    for heading, part in sections(between(lines, "BIJLAGE"), _PROFILE):
        if "MODULE" in heading.group(1).upper():
            book.module_profile = _described(between(part, "Competenties module"), names)
        else:
            book.profiles.append(_profile(heading.group(1), part, names))
    norms = {name_key(profile.name) for profile in book.profiles}
    book.rows = _rows(between(raw, "BESCHIKBARE FUNCTIES", "Totaal:"), norms)
    total = re.search(r"Totaal:\s*(\d+,\d+)", text)
    book.total = decimal(total.group(1)) if total else None
    return book


def _organisation_wide(lines: list[str]) -> list[str]:
    found = []
    for line in between(lines, "Dit zijn:", "Veranderen is"):
        if line.startswith("-"):
            found.append(line.lstrip("- "))
    return found


def _clusters(lines: list[str]) -> tuple[dict[str, float], float | None, float | None]:
    """The FTE of each cluster, of the coordinating functions, and of the organisation as a whole ("ca 45 FTE")."""
    clusters: dict[str, float] = {}
    coordinators = total = None
    for line in lines:
        if match := re.fullmatch(r"\d+\.\d+\. Cluster (.+?) \(ca ([\d,]+) FTE\)", line):
            clusters[match.group(1)] = decimal(match.group(2))
        elif match := re.match(r"\d+\.\d+\. Coördinatie \(([\d,]+) FTE", line):
            coordinators = decimal(match.group(1))
        elif total is None and (match := re.search(r"Ommen heeft straks ca ([\d,]+) FTE", line)):
            total = decimal(match.group(1))
    return clusters, coordinators, total


def _rows(lines: list[str], norms: set[str]) -> list[Row]:
    """The table: name and norm function run together, a row ends with its scale and perhaps its formation.

    In the last row the scale stands behind the first trait. A number alone with no row open is a page number.
    """
    rows: list[Row] = []
    label: list[str] = []
    traits: list[str] = []
    scale: re.Match[str] | None = None

    def close() -> None:
        if label and scale:
            formation = scale.groups()[-1]
            name, norm = _split_label(joined(label), norms)
            size = decimal(formation) if formation else None
            rows.append(Row(name, norm, scale.groups()[-2], size, items(traits)))

    for line in lines:
        if line.startswith("Beschikbare functie"):
            continue
        alone = _SCALE.fullmatch(line)
        if alone:
            if traits:
                scale = alone
                close()
                label, traits, scale = [], [], None
            continue
        before, bullet, after = line.partition(_BULLET)
        if bullet:
            if before.strip():
                label.append(before.strip())
            behind = _SCALE_AT_END.fullmatch(after)
            if behind:
                scale, after = behind, behind.group(1)
            traits.append(bullet + after)
        else:
            (traits if traits else label).append(line)
    close()
    return rows


def _split_label(label: str, norms: set[str]) -> tuple[str, str]:
    """Tell "Adviseur Adviseur IV" apart into local name and norm function, by the norm functions of the annex."""
    parts = label.split(" ")
    for index in range(1, len(parts)):
        if name_key(" ".join(parts[index:])) in norms:
            return " ".join(parts[:index]), " ".join(parts[index:])
    return label, "?"


_BODY_PART = re.compile(
    r"Naam functie\s*:\s*(?P<name>.+)|Functiereeks (?P<series>.+?)\s*:|Functiegroep (?P<group>.+?)\s*:"
    r"|(?P<traits>Overwegende functiekenmerken)\s*:|(?P<asked>Competenties)\s*:|(?P<tasks>Generieke taken)"
    r"|Resultaatgebied \d+\s*:\s*(?P<area>.+)|(?P<end>Module)"
)


def _body(lines: list[str]) -> Body:
    names: dict[str, str] = {}
    traits: list[str] = []
    asked: list[Asked] = []
    areas: list[Area] = []
    for heading, part in sections(lines, _BODY_PART):
        kind = str(heading.lastgroup)
        if kind in ("name", "series", "group"):
            names[kind] = heading.group(kind)
        elif kind == "traits":
            traits = items(part)
        elif kind == "asked":
            asked = _asked(items(part))
        elif kind == "area":
            areas.append(Area(f"{heading.group(kind)} {before_items(part)}".strip(), items(part)))
    return Body(names.get("name", "?"), names.get("series", "?"), names.get("group", "?"), traits, asked, areas)


def _asked(texts: list[str]) -> list[Asked]:
    found = []
    for text in texts:
        match = _ASKED.fullmatch(text)
        found.append(Asked(*(part.strip() for part in match.groups())) if match else Asked(text, "?", "?"))
    return found


def _module(lines: list[str]) -> ModuleText | None:
    if not lines:
        return None
    return ModuleText(
        items(between(lines, r"\d+\. ", "Competenties:")),
        _asked(items(between(lines, "Competenties:"))),
    )


def _competency_names(book: FunctionBook) -> set[str]:
    """The names of all competencies: the annex puts them on a line of their own, without any mark."""
    asked = [item for body in book.bodies for item in body.competencies]
    asked += book.module.competencies if book.module else []
    return {name_key(item.name) for item in asked} | {name_key(name) for name in book.organisation_wide}


def _profile(name: str, lines: list[str], names: set[str]) -> Profile:
    """A profile reaches up to the next profile's heading, so the education line above that heading is its own."""
    knowledge_part = between(lines, "Vakkennis normfunctie", "Welke opleiding")
    return Profile(
        name=name,
        situations=_situations(between(lines, "Kritische werksituatie", "Competenties normfunctie")),
        competencies=_described(between(lines, "Competenties normfunctie", "Vakkennis normfunctie"), names),
        knowledge=_labels(between(knowledge_part, "Kennis op het gebied van", "Vaardigheden op het gebied van")),
        skills=_labels(between(knowledge_part, "Vaardigheden op het gebied van")),
        education=_education(joined(between(lines, "Welke opleiding"))),
    )


def _situations(lines: list[str]) -> list[str]:
    return [match.group(1).strip() for line in lines if (match := re.match(r"\d+\.\s+(.+?):", line))]


def _labels(lines: list[str]) -> list[str]:
    return [item.split(":")[0].strip() for item in items(lines)]


def _described(lines: list[str], names: set[str]) -> list[Described]:
    """Per competency: a line with its name (and perhaps another name in brackets), definition, level, behaviours."""
    found: list[Described] = []
    blocks: list[tuple[str, list[str]]] = []
    for line in lines:
        name = re.sub(r"\s*\(.*\)$", "", line)
        if name_key(name) in names:
            blocks.append((name, []))
        elif blocks:
            blocks[-1][1].append(line)
    for name, block in blocks:
        levels = sections(block, _LEVEL)
        definition = joined(list(takewhile(lambda line: not _LEVEL.fullmatch(line), block)))
        for level, part in levels:
            asked = Asked(name, level.group(1), level.group(2).strip())
            found.append(Described(asked, definition, items(part)))
    return found


def _education(text: str) -> Education | None:
    match = re.fullmatch(
        r"Minimaal (.+?)(?:,? idealiter (.+?))?(?:,? bijvoorbeeld op het gebied van (.+?))?\.?\s*", text
    )
    if not match:
        return None
    minimum, ideal, fields = match.groups()
    return Education(minimum.strip(" ,"), ideal.strip(" ,") if ideal else None, fields.split(", ") if fields else [])
