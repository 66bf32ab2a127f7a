"""Read the reviewed YAML, check it as a whole, and report mistakes to the editor in Dutch.

The result, :class:`Content`, is what the database is built from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from knowledge import schema
from knowledge.normal import name_key
from knowledge.yaml_lines import Lines, YamlMistake, read_yaml

CONTENT_DIR = Path(__file__).parent / "content"

P = TypeVar("P", bound=schema.Part)


@dataclass(frozen=True)
class Mistake:
    """One mistake in the content, as told to the editor."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}, regel {self.line}: {self.message}. {self.remedy}"


class ContentError(Exception):
    """The content has mistakes; `mistakes` lists all that were found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass
class Content:
    """All reviewed content, valid and with its references checked."""

    bronnen: dict[str, schema.Bron] = field(default_factory=dict)
    functiereeksen: dict[str, schema.Functiereeks] = field(default_factory=dict)
    functiegroepen: dict[str, schema.Functiegroep] = field(default_factory=dict)
    normfuncties: dict[str, schema.Normfunctie] = field(default_factory=dict)
    organisaties: dict[str, schema.Organisatie] = field(default_factory=dict)
    functies: dict[tuple[str, str], schema.Functie] = field(default_factory=dict)  # (organisatie, id)
    modules: dict[str, schema.Module] = field(default_factory=dict)
    buiten_het_boek: dict[tuple[str, str], schema.BuitenBoek] = field(default_factory=dict)  # (organisatie, id)
    competenties: dict[str, schema.Competentie] = field(default_factory=dict)
    onderwerpen: dict[str, schema.Onderwerp] = field(default_factory=dict)
    opleidingen: dict[str, schema.Opleidingsniveau] = field(default_factory=dict)
    salaristabellen: dict[str, schema.Salaristabel] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How many of each kind there are, for a summary."""
        return {name: len(value) for name, value in vars(self).items()}


@dataclass
class _Reader:
    root: Path
    content: Content = field(default_factory=Content)
    mistakes: list[Mistake] = field(default_factory=list)
    places: dict[int, tuple[str, Lines, tuple[Any, ...]]] = field(default_factory=dict)
    """Where an object (by id()) was read: file, line map, path in the file."""

    def wrong(self, file: str, line: int, message: str, remedy: str) -> None:
        self.mistakes.append(Mistake(file, line, message, remedy))

    def wrong_at(self, part: schema.Part, path: tuple[Any, ...], message: str, remedy: str) -> None:
        file, lines, base = self.places[id(part)]
        self.wrong(file, _line(lines, (*base, *path)), message, remedy)

    # --- reading ---------------------------------------------------------------------------------------------

    def read(self) -> Content:
        for path in sorted(self.root.rglob("*.yml")):
            file = path.relative_to(self.root).as_posix()
            try:
                data, lines = read_yaml(path)
            except YamlMistake as mistake:
                self.wrong(file, mistake.line, mistake.message, "Herstel de opmaak van dit bestand.")
                continue
            if not isinstance(data, dict):
                self.wrong(file, 1, "hier hoort een lijst van sleutels en waarden te staan", _SEE_GUIDE)
                continue
            self.place(file, data, lines)
        if not any(True for _ in self.root.rglob("*.yml")):
            self.wrong(".", 1, f"er staat geen inhoud in {self.root}", "Controleer de map.")
        self.check()
        if self.mistakes:
            raise ContentError(sorted(self.mistakes, key=lambda m: (m.file, m.line)))
        return self.content

    def place(self, file: str, data: dict[str, Any], lines: Lines) -> None:
        """Put one file's data where it belongs, by its folder or by its top key."""
        c = self.content
        lists: dict[str, tuple[dict[str, Any], type[schema.Part]]] = {
            "bronnen": (c.bronnen, schema.Bron),
            "onderwerpen": (c.onderwerpen, schema.Onderwerp),
            "functiereeksen": (c.functiereeksen, schema.Functiereeks),
            "functiegroepen": (c.functiegroepen, schema.Functiegroep),
            "opleidingen": (c.opleidingen, schema.Opleidingsniveau),
        }
        if set(data) & set(lists):
            for key, value in data.items():
                if key not in lists:
                    self.wrong(file, _line(lines, (key,)), f"onbekende sleutel '{key}'", _SEE_GUIDE)
                    continue
                store, kind = lists[key]
                for index, item in enumerate(value or []):
                    self.add(store, kind, item, file, lines, (key, index))
            return
        if "salaristabel" in data:
            self.add(c.salaristabellen, schema.Salaristabel, data["salaristabel"], file, lines, ("salaristabel",))
            return
        parts = file.split("/")
        if "buiten_het_boek" in data:
            self.outside(file, data, lines)
            return
        if parts[0] == "competenties":
            self.add(c.competenties, schema.Competentie, data, file, lines, ())
        elif parts[:2] == ["functieboek", "normfuncties"]:
            self.add(c.normfuncties, schema.Normfunctie, data, file, lines, ())
        elif parts[:2] == ["functieboek", "modules"]:
            self.add(c.modules, schema.Module, data, file, lines, ())
        elif parts[0] == "functieboek" and parts[2:] == ["organisatie.yml"]:
            self.add(c.organisaties, schema.Organisatie, data, file, lines, ())
        elif parts[0] == "functieboek" and len(parts) == 4 and parts[2] == "functies":
            self.add(c.functies, schema.Functie, data, file, lines, (), key=lambda f: (parts[1], f.id))
        else:
            self.wrong(
                file, 1, "de bot weet niet wat voor inhoud dit is", "Zet het bestand in de goede map. " + _SEE_GUIDE
            )

    def outside(self, file: str, data: dict[str, Any], lines: Lines) -> None:
        """Read the functions that one organisation's book does not have."""
        parts = file.split("/")
        if parts[0] != "functieboek" or len(parts) != 3:
            remedy = "Zet het in functieboek/<organisatie>/buiten_het_boek.yml."
            self.wrong(file, 1, "'buiten_het_boek' hoort bij het functieboek van één organisatie", remedy)
            return
        for key in set(data) - {"buiten_het_boek"}:
            self.wrong(file, _line(lines, (key,)), f"onbekende sleutel '{key}'", _SEE_GUIDE)
        items = data["buiten_het_boek"] or []
        if not isinstance(items, list):
            self.wrong(file, 1, "onder 'buiten_het_boek' hoort een lijst te staan", _SEE_GUIDE)
            return
        store = self.content.buiten_het_boek
        for index, item in enumerate(items):
            path = ("buiten_het_boek", index)
            self.add(store, schema.BuitenBoek, item, file, lines, path, key=lambda part: (parts[1], part.id))

    def add(
        self,
        store: dict[Any, Any],
        kind: type[P],
        data: Any,
        file: str,
        lines: Lines,
        path: tuple[Any, ...],
        key: Any = lambda part: part.id,
    ) -> None:
        try:
            part = kind.parse_obj(data)
        except ValidationError as error:
            for item in error.errors():
                if item["loc"][-1] == "__key__":
                    # A wrong key: pydantic names the place, the context names the key.
                    item["loc"] = (*item["loc"][:-1], str(item.get("ctx", {}).get("given", "")))
                self.wrong(file, _line(lines, (*path, *item["loc"])), *_in_dutch(dict(item), data))
            return
        self.places[id(part)] = (file, lines, path)
        name = key(part)
        if name in store:
            self.wrong_at(part, ("id",), f"de id '{part.id}' bestaat al", "Geef elk onderdeel een eigen id.")  # type: ignore[attr-defined]
            return
        store[name] = part

    # --- checking as a whole ---------------------------------------------------------------------------------

    def check(self) -> None:
        c = self.content
        for _, part in self.parts():
            vindplaats = getattr(part, "bron", None)
            if vindplaats is not None:
                self.refer(part, ("bron", "bron"), vindplaats.bron, c.bronnen, "bron", "bronnen.yml")
        for groep in c.functiegroepen.values():
            self.refer(groep, ("functiereeks",), groep.functiereeks, c.functiereeksen, "functiereeks", "reeksen.yml")
        for norm in c.normfuncties.values():
            self.refer(norm, ("functiereeks",), norm.functiereeks, c.functiereeksen, "functiereeks", "reeksen.yml")
            self.refer(norm, ("functiegroep",), norm.functiegroep, c.functiegroepen, "functiegroep", "reeksen.yml")
            for where in ("competenties", "competenties_bijlage"):
                self.asked(norm, where, getattr(norm, where))
        for module in c.modules.values():
            self.asked(module, "competenties", module.competenties)
        for (organisatie, _), functie in c.functies.items():
            if organisatie not in c.organisaties:
                self.wrong_at(
                    functie,
                    (),
                    f"de organisatie '{organisatie}' bestaat niet",
                    f"Maak functieboek/{organisatie}/organisatie.yml.",
                )
            self.refer(
                functie,
                ("normfunctie",),
                functie.normfunctie,
                c.normfuncties,
                "normfunctie",
                "functieboek/normfuncties",
            )
        for (organisatie, _), outside in c.buiten_het_boek.items():
            book = {name: f for (owner, name), f in c.functies.items() if owner == organisatie}
            for index, near in enumerate(outside.dichtstbij):
                self.refer(outside, ("dichtstbij", index), near, book, "functie", f"functieboek/{organisatie}/functies")
        for onderwerp in c.onderwerpen.values():
            for index, other in enumerate(onderwerp.verwant):
                self.refer(onderwerp, ("verwant", index), other, c.onderwerpen, "onderwerp", "de inhoud")
        self.check_aliases()

    def asked(self, part: schema.Part, where: str, items: list[schema.GevraagdeCompetentie]) -> None:
        """Check that each asked competency exists and that the asked level is one that it has."""
        for index, item in enumerate(items):
            competentie = self.content.competenties.get(item.competentie)
            path = (where, index)
            self.refer(part, path, item.competentie, self.content.competenties, "competentie", "competenties/")
            if competentie is not None and item.niveau not in competentie.niveaus:
                self.wrong_at(
                    part,
                    path,
                    f"competentie '{competentie.naam}' heeft geen niveau {item.niveau}",
                    f"Kies uit {', '.join(competentie.niveaus) or 'geen'}, of beschrijf niveau {item.niveau} in competenties/{competentie.id}.yml.",
                )

    def refer(
        self, part: schema.Part, path: tuple[Any, ...], name: str, store: dict[str, Any], what: str, where: str
    ) -> None:
        if name not in store:
            near = _nearest(name, store)
            remedy = f"Bedoel je '{near}'?" if near else f"Voeg hem toe in {where} of verbeter de naam."
            self.wrong_at(part, path, f"{what} '{name}' bestaat niet", remedy)

    def check_aliases(self) -> None:
        """An alias means one thing: the same alias twice within a kind would make the bot guess."""
        seen: dict[tuple[str, str], str] = {}
        for kind, part in self.parts():
            group = {
                "onderwerpen": "onderwerp",
                "functies": "functie",
                "normfuncties": "functie",
                "competenties": "competentie",
            }.get(kind)
            if group is None:
                continue
            owner = self.owner(kind, part)
            names: list[tuple[tuple[Any, ...], str | None]] = [(("naam",), getattr(part, "naam", None))]
            names += [(("aliassen", i), alias) for i, alias in enumerate(getattr(part, "aliassen", []))]
            for path, alias in names:
                if alias is None:
                    continue
                key = (group, name_key(alias))
                scope = owner.split("/")[0]
                first = seen.setdefault((*key, scope) if kind == "functies" else key, owner)  # type: ignore[arg-type]
                if first != owner:
                    self.wrong_at(
                        part,
                        path,
                        f"de naam '{alias}' is al van '{first}'",
                        "Geef een naam aan één onderdeel, of maak hem preciezer.",
                    )

        self.check_outside(seen)

    def check_outside(self, functions: Mapping[Any, str]) -> None:
        """A function outside the book bears no name of one inside it, nor of another one outside it."""
        others: dict[tuple[str, str], str] = {}
        for (organisatie, _), part in self.content.buiten_het_boek.items():
            for path, alias in ((("naam",), part.naam), *((("aliassen", i), a) for i, a in enumerate(part.aliassen))):
                key = name_key(alias)
                inside = functions.get(("functie", key, organisatie)) or functions.get(("functie", key))
                first = others.setdefault((organisatie, key), part.id)
                if inside:
                    remedy = "Haal hem hier weg: wat in het boek staat, staat er niet buiten."
                    self.wrong_at(part, path, f"de naam '{alias}' is al van de functie '{inside}'", remedy)
                elif first != part.id:
                    remedy = "Geef een naam aan één onderdeel, of maak hem preciezer."
                    self.wrong_at(part, path, f"de naam '{alias}' is al van '{first}'", remedy)

    def owner(self, kind: str, part: Any) -> str:
        if kind == "functies":
            for (organisatie, name), functie in self.content.functies.items():
                if functie is part:
                    return f"{organisatie}/{name}"
        return str(part.id)

    def parts(self) -> Iterator[tuple[str, Any]]:
        for kind, store in vars(self.content).items():
            for part in store.values():
                yield kind, part


_SEE_GUIDE = "Kijk in docs/redactie.md hoe het bestand eruit hoort te zien."


def read_content(root: Path = CONTENT_DIR) -> Content:
    """Read and check all content under `root`. Raises :class:`ContentError` with every mistake found."""
    return _Reader(root).read()


def _line(lines: Lines, path: tuple[Any, ...]) -> int:
    """The line of the value at `path`, or of the nearest thing around it."""
    path = tuple(str(p) if not isinstance(p, int) else p for p in path)
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


def _nearest(name: str, store: dict[str, Any]) -> str | None:
    import difflib

    found = difflib.get_close_matches(name, list(store), n=1, cutoff=0.7)
    return found[0] if found else None


def _in_dutch(item: dict[str, Any], data: Any) -> tuple[str, str]:
    """A validator's error as (message, remedy) in Dutch."""
    where = " > ".join(str(p + 1) if isinstance(p, int) else str(p) for p in item["loc"])
    kind, context = item["type"], item.get("ctx", {})
    if kind == "value_error.missing":
        return f"'{where}' ontbreekt", "Vul het in."
    if kind == "value_error.extra":
        return f"onbekende sleutel '{where}'", "Verbeter de spelling of haal hem weg. " + _SEE_GUIDE
    if kind == "value_error.const":
        allowed = ", ".join(str(v) for v in context.get("permitted", []))
        return f"'{where}' heeft een waarde die niet bestaat: {context.get('given')!r}", f"Kies uit {allowed}."
    if kind == "type_error.none.not_allowed":
        return f"'{where}' is leeg", "Vul het in."
    if kind in ("value_error.list.min_items", "value_error.any_str.min_length"):
        return f"'{where}' is leeg of te kort", "Vul het aan."
    if kind == "value_error.any_str.max_length":
        return f"'{where}' is te lang (hooguit {context.get('limit_value')} tekens)", "Maak de tekst korter."
    if kind.startswith("type_error"):
        return f"'{where}' heeft het verkeerde soort waarde", _SEE_GUIDE
    return f"'{where}' klopt niet: {item['msg']}", "Verbeter de waarde."
