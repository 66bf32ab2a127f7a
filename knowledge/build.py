"""Build the knowledge database out of the reviewed content.

The same content gives the same database, byte for byte: everything is written in a fixed order and nothing of the
machine or the moment goes in. The new file takes the old one's place only when it is complete.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from knowledge import schema
from knowledge.content_files import CONTENT_DIR, Content, read_content
from knowledge.normal import name_key, words

SCHEMA_VERSION = 3
"""Raised when the tables change; the store refuses a database of another version."""

Row = dict[str, Any]


def content_fingerprint(root: Path = CONTENT_DIR) -> str:
    """A hash over all content files; tells whether a database or a model is up to date with them."""
    digest = hashlib.sha256(f"schema {SCHEMA_VERSION}".encode())
    for path in sorted(root.rglob("*.yml")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def build_file(target: Path, root: Path = CONTENT_DIR) -> Content:
    """Check the content under `root` and write the database to `target`; returns the content.

    Raises :class:`knowledge.content_files.ContentError` when the content has mistakes; `target` is then untouched.
    """
    content = read_content(root)
    new = target.with_name(target.name + ".new")
    new.unlink(missing_ok=True)
    database = Database(new)
    try:
        write(database, content, content_fingerprint(root))
        database.execute("VACUUM")
    finally:
        database.conn.close()
    new.replace(target)
    return content


def build_memory(content: Content) -> Database:
    """The same database in memory, for tests."""
    database = Database(memory=True)
    write(database, content, "memory")
    return database


def write(database: Database, content: Content, fingerprint: str) -> None:
    """Write all content into an empty database."""
    writer = _Writer(database)
    with database.conn:
        writer.sources(content)
        writer.competencies(content)
        writer.norm_functions(content)
        writer.organisations(content)
        writer.outside(content)
        writer.subjects(content)
        writer.pay(content)
        writer.names(content)
        writer.search(content)
        writer.table(
            "meta",
            [{"sleutel": "inhoud", "waarde": fingerprint}, {"sleutel": "versie", "waarde": str(SCHEMA_VERSION)}],
            pk="sleutel",
        )


class _Writer:
    def __init__(self, database: Database) -> None:
        self.db = database

    def table(
        self,
        name: str,
        rows: Iterable[Row],
        pk: str | tuple[str, ...],
        foreign: Iterable[tuple[str, ...]] = (),
        columns: dict[str, Any] | None = None,
        index: Iterable[tuple[str, ...]] = (),
    ) -> None:
        rows = list(rows)
        columns = columns or {key: (type(value) if value is not None else str) for key, value in rows[0].items()}
        table = self.db[name].create(columns, pk=pk, foreign_keys=list(foreign))  # type: ignore[union-attr, arg-type]
        if rows:
            table.insert_all(rows)
        for fields in index:
            table.create_index(fields)

    def sources(self, content: Content) -> None:
        columns = dict.fromkeys(["id", "titel", "datum", "soort", "kanttekening", "bestand"], str)
        self.table("bron", (bron.dict() for bron in content.bronnen.values()), pk="id", columns=columns)

    def competencies(self, content: Content) -> None:
        self.table(
            "competentie",
            (
                {"id": c.id, "naam": c.naam, "definitie": c.definitie, "organisatiebreed": int(c.organisatiebreed)}
                | {"kanttekening": c.kanttekening} | _place(c.bron)
                for c in content.competenties.values()
            ),
            pk="id",
            foreign=[("bron", "bron", "id")],
            columns={"id": str, "naam": str, "definitie": str, "organisatiebreed": int, "kanttekening": str} | _PLACE,
        )  # fmt: skip
        self.table(
            "competentie_niveau",
            (
                {"competentie": c.id, "niveau": niveau, "naam": uitleg.naam}
                for c in content.competenties.values()
                for niveau, uitleg in sorted(c.niveaus.items())
            ),
            pk=("competentie", "niveau"),
            foreign=[("competentie", "competentie", "id")],
            columns={"competentie": str, "niveau": str, "naam": str},
        )
        self.table(
            "gedrag",
            (
                {"competentie": c.id, "niveau": niveau, "nr": nr, "tekst": tekst}
                for c in content.competenties.values()
                for niveau, uitleg in sorted(c.niveaus.items())
                for nr, tekst in enumerate(uitleg.gedrag, 1)
            ),
            pk=("competentie", "niveau", "nr"),
            foreign=[("competentie", "competentie", "id")],
            columns={"competentie": str, "niveau": str, "nr": int, "tekst": str},
        )

    def norm_functions(self, content: Content) -> None:
        for name, store in (("functiereeks", content.functiereeksen), ("functiegroep", content.functiegroepen)):
            extra = {"functiereeks": str} if name == "functiegroep" else {}
            self.table(
                name,
                (part.dict(exclude={"bron"}) | _place(part.bron) for part in store.values()),
                pk="id",
                foreign=[("bron", "bron", "id")] + ([("functiereeks", "functiereeks", "id")] if extra else []),
                columns={"id": str, "naam": str} | extra | {"uitleg": str} | _PLACE,
            )
        norms = list(content.normfuncties.values())
        self.table(
            "normfunctie",
            (
                {"id": n.id, "naam": n.naam, "functiereeks": n.functiereeks, "functiegroep": n.functiegroep}
                | {"opleiding": n.opleiding.minimaal, "opleiding_tekst": n.opleiding.minimaal_tekst}
                | {"opleiding_ideaal": n.opleiding.ideaal_tekst} | _place(n.bron)
                for n in norms
            ),
            pk="id",
            foreign=[("functiereeks", "functiereeks", "id"), ("functiegroep", "functiegroep", "id"), ("bron", "bron", "id")],
            columns=dict.fromkeys(
                ["id", "naam", "functiereeks", "functiegroep", "opleiding", "opleiding_tekst", "opleiding_ideaal"], str
            ) | _PLACE,
            index=[("functiereeks",), ("functiegroep",), ("opleiding",)],
        )  # fmt: skip
        self.table(
            "normfunctie_tekst",
            (
                {"normfunctie": n.id, "soort": soort, "nr": nr, "naam": naam, "tekst": tekst}
                for n in norms
                for soort, items in _texts(n)
                for nr, (naam, tekst) in enumerate(items, 1)
            ),
            pk=("normfunctie", "soort", "nr"),
            foreign=[("normfunctie", "normfunctie", "id")],
            columns={"normfunctie": str, "soort": str, "nr": int, "naam": str, "tekst": str},
        )
        self.table(
            "taak",
            (
                {"normfunctie": n.id, "gebied": nr, "naam": gebied.naam, "nr": taak_nr, "tekst": taak}
                for n in norms
                for nr, gebied in enumerate(n.resultaatgebieden, 1)
                for taak_nr, taak in enumerate(gebied.taken, 1)
            ),
            pk=("normfunctie", "gebied", "nr"),
            foreign=[("normfunctie", "normfunctie", "id")],
            columns={"normfunctie": str, "gebied": int, "naam": str, "nr": int, "tekst": str},
        )
        self.table(
            "normfunctie_competentie",
            (
                {"normfunctie": n.id, "lijst": lijst, "nr": nr, "competentie": c.competentie, "niveau": c.niveau}
                for n in norms
                for lijst, items in (("beschrijving", n.competenties), ("bijlage", n.competenties_bijlage))
                for nr, c in enumerate(items, 1)
            ),
            pk=("normfunctie", "lijst", "nr"),
            foreign=[("normfunctie", "normfunctie", "id"), ("competentie", "competentie", "id")],
            columns={"normfunctie": str, "lijst": str, "nr": int, "competentie": str, "niveau": str},
            index=[("competentie",)],
        )
        self.table(
            "module",
            (
                {"id": m.id, "naam": m.naam, "uitleg": m.uitleg, "aantal": m.aantal, "taken": _json(m.taken)}
                | {"competenties": _json([c.dict() for c in m.competenties])} | _place(m.bron)
                for m in content.modules.values()
            ),
            pk="id",
            foreign=[("bron", "bron", "id")],
            columns={"id": str, "naam": str, "uitleg": str, "aantal": int, "taken": str, "competenties": str} | _PLACE,
        )  # fmt: skip

    def organisations(self, content: Content) -> None:
        self.table(
            "organisatie",
            (
                {"id": o.id, "naam": o.naam, "fte_totaal": o.fte_totaal, "fte_ongeveer": o.fte_ongeveer}
                | {"tegenstrijdigheden": _json(o.tegenstrijdigheden)} | _place(o.bron)
                for o in content.organisaties.values()
            ),
            pk="id",
            foreign=[("bron", "bron", "id")],
            columns={"id": str, "naam": str, "fte_totaal": float, "fte_ongeveer": float, "tegenstrijdigheden": str} | _PLACE,
        )  # fmt: skip
        self.table(
            "cluster",
            (
                {"organisatie": o.id, "id": c.id, "nr": nr, "naam": c.naam, "fte": c.fte, "doel": c.doel}
                | {"themas": _json(c.themas)} | _place(c.bron)
                for o in content.organisaties.values()
                for nr, c in enumerate(o.clusters, 1)
            ),
            pk=("organisatie", "id"),
            foreign=[("organisatie", "organisatie", "id"), ("bron", "bron", "id")],
            columns={"organisatie": str, "id": str, "nr": int, "naam": str, "fte": float, "doel": str, "themas": str} | _PLACE,
        )  # fmt: skip
        self.table(
            "functie",
            (
                {"organisatie": organisatie, "id": f.id, "naam": f.naam, "normfunctie": f.normfunctie, "schaal": f.schaal}
                | {"schaal_rang": schema.SCHALEN.index(f.schaal), "formatie": f.formatie, "kenmerken": _json(f.kenmerken)}
                | _place(f.bron)
                for (organisatie, _), f in content.functies.items()
            ),
            pk=("organisatie", "id"),
            foreign=[("organisatie", "organisatie", "id"), ("normfunctie", "normfunctie", "id"), ("bron", "bron", "id")],
            columns={"organisatie": str, "id": str, "naam": str, "normfunctie": str, "schaal": str, "schaal_rang": int}
            | {"formatie": float, "kenmerken": str} | _PLACE,
            index=[("organisatie", "schaal_rang"), ("organisatie", "normfunctie")],
        )  # fmt: skip

    def outside(self, content: Content) -> None:
        """Functions that a book does not have, and what is near to them."""
        items = content.buiten_het_boek.items()
        self.table(
            "buiten_boek",
            ({"organisatie": org, "id": b.id, "naam": b.naam, "waarom": b.waarom} for (org, _), b in items),
            pk=("organisatie", "id"),
            foreign=[("organisatie", "organisatie", "id")],
            columns=dict.fromkeys(["organisatie", "id", "naam", "waarom"], str),
        )
        # sqlite-utils makes no foreign keys of two columns.
        self.db.execute(
            "create table buiten_boek_functie (organisatie text, buiten_boek text, nr integer, functie text,"
            " primary key (organisatie, buiten_boek, nr),"
            " foreign key (organisatie, buiten_boek) references buiten_boek (organisatie, id),"
            " foreign key (organisatie, functie) references functie (organisatie, id))"
        )
        rows = [
            {"organisatie": org, "buiten_boek": b.id, "nr": nr, "functie": functie}
            for (org, _), b in items
            for nr, functie in enumerate(b.dichtstbij, 1)
        ]
        if rows:
            self.db["buiten_boek_functie"].insert_all(rows)  # type: ignore[union-attr]

    def subjects(self, content: Content) -> None:
        self.table(
            "onderwerp",
            (
                {"id": o.id, "titel": o.titel, "antwoord": o.antwoord, "punten": _json(o.punten)}
                | {"kanttekening": o.kanttekening, "verwant": _json(o.verwant)}
                | {"zwijgt": int(o.zwijgt),
                    "cijfers": _json([c.dict() for c in o.cijfers])} | _place(o.bron)
                for o in content.onderwerpen.values()
            ),
            pk="id",
            foreign=[("bron", "bron", "id")],
            columns=dict.fromkeys(["id", "titel", "antwoord", "punten", "kanttekening", "verwant", "cijfers"], str)
            | {"zwijgt": int} | _PLACE,
        )  # fmt: skip
        self.table(
            "onderwerp_vraag",
            (
                {"onderwerp": o.id, "nr": nr, "tekst": vraag}
                for o in content.onderwerpen.values()
                for nr, vraag in enumerate(o.vragen, 1)
            ),
            pk=("onderwerp", "nr"),
            foreign=[("onderwerp", "onderwerp", "id")],
            columns={"onderwerp": str, "nr": int, "tekst": str},
        )

    def pay(self, content: Content) -> None:
        tables = list(content.salaristabellen.values())
        self.table(
            "salaristabel",
            (
                {"id": t.id, "naam": t.naam, "geldig_vanaf": t.geldig_vanaf, "uren_per_week": t.uren_per_week}
                | {"bruto": int(t.bruto), "kanttekening": t.kanttekening} | _place(t.bron)
                for t in tables
            ),
            pk="id",
            foreign=[("bron", "bron", "id")],
            columns={"id": str, "naam": str, "geldig_vanaf": str, "uren_per_week": float, "bruto": int, "kanttekening": str}
            | _PLACE,
        )  # fmt: skip
        self.table(
            "salaris",
            (
                {"tabel": t.id, "schaal": schaal, "periodiek": nr, "bedrag": bedrag}
                for t in tables
                for schaal, bedragen in t.schalen.items()
                for nr, bedrag in enumerate(bedragen)
            ),
            pk=("tabel", "schaal", "periodiek"),
            foreign=[("tabel", "salaristabel", "id")],
            columns={"tabel": str, "schaal": str, "periodiek": int, "bedrag": int},
        )
        self.table(
            "opleiding",
            ({"id": o.id, "naam": o.naam, "nlqf": o.nlqf} for o in content.opleidingen.values()),
            pk="id",
            columns={"id": str, "naam": str, "nlqf": float},
        )

    def names(self, content: Content) -> None:
        """Every name by which something can be meant. `organisatie` is empty for what is national."""
        rows: list[Row] = []

        def add(soort: str, doel: str, organisatie: str, names: Iterable[str]) -> None:
            keys = set()
            for name in names:
                key = name_key(name)
                if key and key not in keys:
                    keys.add(key)
                    rows.append(
                        {"soort": soort, "doel": doel, "organisatie": organisatie, "sleutel": key, "naam": name}
                    )

        for (organisatie, _), f in content.functies.items():
            add("functie", f.id, organisatie, [f.naam, *f.aliassen])
        for n in content.normfuncties.values():
            add("normfunctie", n.id, "", [n.naam, *n.aliassen])
        for kind, store in (
            ("competentie", content.competenties),
            ("module", content.modules),
            ("opleiding", content.opleidingen),
            ("organisatie", content.organisaties),
        ):
            for part in store.values():
                add(kind, part.id, "", [part.naam, *part.aliassen])
        for (organisatie, _), b in content.buiten_het_boek.items():
            add("buiten_boek", b.id, organisatie, [b.naam, *b.aliassen])
        for kind, series in (("functiereeks", content.functiereeksen), ("functiegroep", content.functiegroepen)):
            for item in series.values():
                add(kind, item.id, "", [item.naam])
        for o in content.organisaties.values():
            for cluster in o.clusters:
                add("cluster", cluster.id, o.id, [cluster.naam, *cluster.aliassen])
        for onderwerp in content.onderwerpen.values():
            add("onderwerp", onderwerp.id, "", onderwerp.aliassen)
        # A field of study has no id of its own; its name serves.
        for field in sorted({r for n in content.normfuncties.values() for r in n.opleiding.richtingen}):
            add("richting", field, "", [field])
        self.table(
            "naam",
            rows,
            pk=("soort", "organisatie", "doel", "sleutel"),
            columns=dict.fromkeys(["soort", "doel", "organisatie", "sleutel", "naam"], str),
            index=[("sleutel",)],
        )

    def search(self, content: Content) -> None:
        """Full text per thing, for finding a function by a description of the work and for suggestions."""
        rows: list[Row] = []

        def add(soort: str, doel: str, titel: str, *texts: str) -> None:
            rows.append(
                {
                    "soort": soort,
                    "doel": doel,
                    "titel": " ".join(words(titel)),
                    "tekst": " ".join(words(" ".join(texts))),
                }
            )

        for n in content.normfuncties.values():
            tasks = [taak for gebied in n.resultaatgebieden for taak in (gebied.naam, *gebied.taken)]
            keywords = [
                w for (_, f) in content.functies.items() if f.normfunctie == n.id for w in (*f.aliassen, *f.trefwoorden)
            ]
            add("normfunctie", n.id, n.naam, *tasks, *n.trefwoorden, *n.kenmerken, *dict.fromkeys(keywords))
        for o in content.onderwerpen.values():
            add("onderwerp", o.id, o.titel, o.antwoord, *o.punten, *o.vragen, *o.aliassen)
        for c in content.competenties.values():
            add(
                "competentie",
                c.id,
                c.naam,
                c.definitie or "",
                *c.aliassen,
                *(g for u in c.niveaus.values() for g in u.gedrag),
            )
        self.table("zoek", rows, pk=("soort", "doel"), columns=dict.fromkeys(["soort", "doel", "titel", "tekst"], str))
        self.db["zoek"].enable_fts(["titel", "tekst"], fts_version="FTS5")


_PLACE = {"bron": str, "sectie": str, "profiel": str}


def _place(vindplaats: schema.Vindplaats) -> Row:
    return {"bron": vindplaats.bron, "sectie": vindplaats.sectie, "profiel": vindplaats.profiel}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _texts(norm: schema.Normfunctie) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    yield "kenmerk", [("", text) for text in norm.kenmerken]
    yield "werksituatie", [(u.naam, u.uitleg) for u in norm.kritische_werksituaties]
    yield "vakkennis", [(u.naam, u.uitleg) for u in norm.vakkennis]
    yield "vaardigheid", [(u.naam, u.uitleg) for u in norm.vaardigheden]
    yield "richting", [("", text) for text in norm.opleiding.richtingen]
    yield "tegenstrijdigheid", [("", text) for text in norm.tegenstrijdigheden]
    yield "trefwoord", [("", text) for text in norm.trefwoorden]
