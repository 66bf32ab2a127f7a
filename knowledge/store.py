"""The questions one can ask of the knowledge base. No SQL stands outside this module.

A :class:`Store` answers for one organisation's function book (norm functions, competencies and subjects are shared).
It only reads; what it returns are the content's own types of :mod:`knowledge.schema`, frozen by convention.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from knowledge import schema
from knowledge.build import SCHEMA_VERSION
from knowledge.normal import name_key, words


class KnowledgeUnavailable(Exception):
    """The database is missing, broken or of another version."""


@dataclass(frozen=True)
class Functie:
    """A local function together with the norm function that it was placed on."""

    id: str
    naam: str
    schaal: str
    schaal_rang: int
    formatie: float | None
    kenmerken: tuple[str, ...]
    norm: schema.Normfunctie
    bron: schema.Vindplaats


@dataclass(frozen=True)
class BuitenBoek:
    """A function that the organisation's book does not have; `dichtstbij`: what is near to it by the book, `waarom`: why.

    namen: its own name and the others that people use. `waarom` can also be a remark when nothing is near.
    """

    id: str
    naam: str
    namen: tuple[str, ...]
    dichtstbij: tuple[Functie, ...]
    waarom: str | None


@dataclass(frozen=True)
class Gevraagd:
    """A function that asks a competency, and the level that it asks."""

    functie: Functie
    niveau: str


@dataclass(frozen=True)
class Naam:
    """A name by which something is meant: `soort` is functie, normfunctie, competentie, onderwerp, ..."""

    soort: str
    doel: str
    sleutel: str
    naam: str


@dataclass(frozen=True)
class Salaris:
    """What a scale pays by one table: gross euros a month, first and last step."""

    tabel: schema.Salaristabel
    schaal: str
    laagste: int
    hoogste: int


class Store:
    """Read access to one knowledge database.

    `organisatie`: whose function book to answer from; the first one by id when left out.
    """

    def __init__(self, database: Database, organisatie: str | None = None) -> None:
        self.db = database
        self.db.conn.row_factory = sqlite3.Row
        try:
            version = self._one("select waarde from meta where sleutel = 'versie'")
        except sqlite3.Error as error:
            raise KnowledgeUnavailable(f"de kennisbank is niet te lezen ({error})") from error
        if version is None or version["waarde"] != str(SCHEMA_VERSION):
            raise KnowledgeUnavailable("de kennisbank is van een andere versie; bouw hem opnieuw")
        known = [row["id"] for row in self._all("select id from organisatie order by id")]
        if organisatie is not None and organisatie not in known:
            raise KnowledgeUnavailable(f"organisatie '{organisatie}' staat niet in de kennisbank ({', '.join(known)})")
        self.organisatie_id = organisatie or (known[0] if known else "")
        # One cache per store: a reload makes a new store and with it an empty cache.
        for name in _CACHED:
            setattr(self, name, lru_cache(maxsize=4096)(getattr(self, name)))

    @classmethod
    def open(cls, path: Path, organisatie: str | None = None) -> Store:
        """Open a database file for reading. Raises :class:`KnowledgeUnavailable` when that can't be done."""
        if not path.exists():
            raise KnowledgeUnavailable(f"{path} bestaat niet; bouw hem met: loopbaan knowledge build")
        try:
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise KnowledgeUnavailable(f"{path} is niet te openen ({error})") from error
        return cls(Database(connection), organisatie)

    @classmethod
    def load(cls, path: Path, organisatie: str | None = None) -> Store:
        """Read a database file into memory and check it. Raises :class:`KnowledgeUnavailable`, also when it is damaged.

        What happens to the file after that makes no difference to the store.
        """
        with closing(cls.open(path, organisatie).db.conn) as source:
            connection = sqlite3.connect(":memory:", check_same_thread=False)
            try:
                source.backup(connection)
                found = connection.execute("pragma quick_check(1)").fetchone()[0]
                broken = connection.execute("pragma foreign_key_check").fetchone()
            except sqlite3.Error as error:
                raise KnowledgeUnavailable(f"de kennisbank is beschadigd ({error})") from error
        if found != "ok" or broken is not None:
            raise KnowledgeUnavailable("de kennisbank is beschadigd")
        store = cls(Database(connection), organisatie)
        if not store.functies() or not store.namen():
            raise KnowledgeUnavailable("de kennisbank is leeg")
        return store

    def fingerprint(self) -> str:
        """The hash of the content that the database was built from."""
        row = self._one("select waarde from meta where sleutel = 'inhoud'")
        return str(row["waarde"]) if row else ""

    # --- sources -------------------------------------------------------------------------------------------------

    def bron(self, bron_id: str) -> schema.Bron:
        """A source document. Raises KeyError when there is none of that id."""
        row = self._one("select * from bron where id = ?", bron_id)
        if row is None:
            raise KeyError(bron_id)
        return schema.Bron.construct(**dict(row))

    def bronnen(self) -> list[schema.Bron]:
        """All source documents, in the order of the content."""
        return [schema.Bron.construct(**dict(row)) for row in self._all("select * from bron order by rowid")]

    # --- functions -----------------------------------------------------------------------------------------------

    def functies(self) -> list[Functie]:
        """All functions of the organisation, highest scale first, then by name."""
        rows = self._all(
            "select id from functie where organisatie = ? order by schaal_rang desc, naam", self.organisatie_id
        )
        return [f for row in rows if (f := self.functie(row["id"]))]

    def functie(self, functie_id: str) -> Functie | None:
        """One function of the organisation, or None."""
        row = self._one("select * from functie where organisatie = ? and id = ?", self.organisatie_id, functie_id)
        if row is None:
            return None
        norm = self.normfunctie(row["normfunctie"])
        assert norm is not None, "foreign key"
        return Functie(
            id=row["id"],
            naam=row["naam"],
            schaal=row["schaal"],
            schaal_rang=row["schaal_rang"],
            formatie=row["formatie"],
            kenmerken=tuple(json.loads(row["kenmerken"])),
            norm=norm,
            bron=_place(row),
        )

    def buiten_boek(self, buiten_id: str) -> BuitenBoek | None:
        """One function that the organisation's book does not have, or None when it isn't known either."""
        row = self._one("select * from buiten_boek where organisatie = ? and id = ?", self.organisatie_id, buiten_id)
        if row is None:
            return None
        near = self._all(
            "select functie from buiten_boek_functie where organisatie = ? and buiten_boek = ? order by nr",
            self.organisatie_id,
            buiten_id,
        )
        names = self._all(
            "select naam from naam where soort = 'buiten_boek' and organisatie = ? and doel = ? order by rowid",
            self.organisatie_id,
            buiten_id,
        )
        return BuitenBoek(
            id=row["id"],
            naam=row["naam"],
            namen=tuple(name["naam"] for name in names),
            dichtstbij=tuple(f for item in near if (f := self.functie(item["functie"]))),
            waarom=row["waarom"],
        )

    def buiten_het_boek(self) -> list[BuitenBoek]:
        """All functions that are known not to be in the organisation's book, in the order of the content."""
        rows = self._all("select id from buiten_boek where organisatie = ? order by rowid", self.organisatie_id)
        return [b for row in rows if (b := self.buiten_boek(row["id"]))]

    def varianten(self) -> dict[str, dict[str, str]]:
        """Functions that differ by one word in front or behind: id -> {word: other id}, "" for the one without the word.

        "ondersteuner" -> {"senior": "senior-ondersteuner"}; "senior-ondersteuner" -> {"": "ondersteuner"}.
        """
        names = {name_key(f.naam): f.id for f in self.functies()}
        # "regisseur/adviseur" is no kind of adviseur: the slash sets two words side by side.
        pairs = {(names.get(name_key(f.naam.partition("/")[2])), f.id) for f in self.functies() if "/" in f.naam}
        found: dict[str, dict[str, str]] = {}
        for name, functie_id in names.items():
            word, _, rest = name.partition(" ")
            front, _, last = name.rpartition(" ")
            if front in names:
                found.setdefault(names[front], {})[last] = functie_id
                found.setdefault(functie_id, {}).setdefault("", names[front])
            if rest in names and (names[rest], functie_id) not in pairs:
                found.setdefault(names[rest], {})[word] = functie_id
                found.setdefault(functie_id, {})[""] = names[rest]
        return found

    def normfunctie(self, norm_id: str) -> schema.Normfunctie | None:
        """One national norm function with everything in it, or None."""
        row = self._one("select * from normfunctie where id = ?", norm_id)
        if row is None:
            return None
        texts: dict[str, list[sqlite3.Row]] = {}
        for text in self._all("select * from normfunctie_tekst where normfunctie = ? order by soort, nr", norm_id):
            texts.setdefault(text["soort"], []).append(text)
        asked: dict[str, list[schema.GevraagdeCompetentie]] = {"beschrijving": [], "bijlage": []}
        for item in self._all(
            "select * from normfunctie_competentie where normfunctie = ? order by lijst, nr", norm_id
        ):
            asked[item["lijst"]].append(
                schema.GevraagdeCompetentie.construct(competentie=item["competentie"], niveau=item["niveau"])
            )
        gebieden: dict[int, schema.Resultaatgebied] = {}
        for taak in self._all("select * from taak where normfunctie = ? order by gebied, nr", norm_id):
            gebied = gebieden.setdefault(taak["gebied"], schema.Resultaatgebied.construct(naam=taak["naam"], taken=[]))
            gebied.taken.append(taak["tekst"])

        def plain(soort: str) -> list[str]:
            return [text["tekst"] for text in texts.get(soort, [])]

        def named(soort: str) -> list[schema.Uitleg]:
            return [schema.Uitleg.construct(naam=t["naam"], uitleg=t["tekst"]) for t in texts.get(soort, [])]

        return schema.Normfunctie.construct(
            id=row["id"],
            naam=row["naam"],
            functiereeks=row["functiereeks"],
            functiegroep=row["functiegroep"],
            kenmerken=plain("kenmerk"),
            competenties=asked["beschrijving"],
            competenties_bijlage=asked["bijlage"],
            resultaatgebieden=list(gebieden.values()),
            kritische_werksituaties=named("werksituatie"),
            vakkennis=named("vakkennis"),
            vaardigheden=named("vaardigheid"),
            opleiding=schema.Opleiding.construct(
                minimaal=row["opleiding"],
                minimaal_tekst=row["opleiding_tekst"],
                ideaal_tekst=row["opleiding_ideaal"],
                richtingen=plain("richting"),
            ),
            tegenstrijdigheden=plain("tegenstrijdigheid"),
            trefwoorden=plain("trefwoord"),
            bron=_place(row),
        )

    def functies_van_norm(self, norm_id: str) -> list[Functie]:
        """The organisation's functions that were placed on a norm function."""
        rows = self._all(
            "select id from functie where organisatie = ? and normfunctie = ? order by naam",
            self.organisatie_id,
            norm_id,
        )
        return [f for row in rows if (f := self.functie(row["id"]))]

    def functies_in_schaal(self, schaal: str) -> list[Functie]:
        """The organisation's functions in one scale, by name."""
        rows = self._all(
            "select id from functie where organisatie = ? and schaal = ? order by naam", self.organisatie_id, schaal
        )
        return [f for row in rows if (f := self.functie(row["id"]))]

    def functies_met_opleiding(self, niveaus: tuple[str, ...]) -> list[Functie]:
        """The organisation's functions whose minimum education is one of `niveaus`, highest scale first."""
        marks = ",".join("?" * len(niveaus))
        rows = self._all(
            "select functie.id from functie join normfunctie on normfunctie.id = functie.normfunctie"
            f" where organisatie = ? and opleiding in ({marks}) order by schaal_rang desc, functie.naam",
            self.organisatie_id,
            *niveaus,
        )
        return [f for row in rows if (f := self.functie(row["id"]))]

    def functies_met_competentie(self, competentie_id: str) -> list[Gevraagd]:
        """The organisation's functions that ask a competency (body or annex), with the level, highest level first."""
        rows = self._all(
            "select functie.id, min(nc.niveau) as niveau from functie"
            " join normfunctie_competentie nc on nc.normfunctie = functie.normfunctie"
            " where organisatie = ? and competentie = ? group by functie.id order by niveau, schaal_rang desc, naam",
            self.organisatie_id,
            competentie_id,
        )
        return [Gevraagd(f, row["niveau"]) for row in rows if (f := self.functie(row["id"]))]

    def functies_in_reeks(self, kind: str, part_id: str) -> list[Functie]:
        """The organisation's functions in a `functiereeks` or `functiegroep` (`kind`), highest scale first."""
        column = {"functiereeks": "functiereeks", "functiegroep": "functiegroep"}[kind]
        rows = self._all(
            "select functie.id from functie join normfunctie on normfunctie.id = functie.normfunctie"
            f" where organisatie = ? and {column} = ? order by schaal_rang desc, functie.naam",
            self.organisatie_id,
            part_id,
        )
        return [f for row in rows if (f := self.functie(row["id"]))]

    def functiereeks(self, reeks_id: str) -> schema.Functiereeks:
        """A functiereeks. Raises KeyError when there is none of that id."""
        row = self._one("select * from functiereeks where id = ?", reeks_id)
        if row is None:
            raise KeyError(reeks_id)
        return schema.Functiereeks.construct(id=row["id"], naam=row["naam"], uitleg=row["uitleg"], bron=_place(row))

    def functiegroep(self, groep_id: str) -> schema.Functiegroep:
        """A functiegroep. Raises KeyError when there is none of that id."""
        row = self._one("select * from functiegroep where id = ?", groep_id)
        if row is None:
            raise KeyError(groep_id)
        return schema.Functiegroep.construct(
            id=row["id"], naam=row["naam"], functiereeks=row["functiereeks"], uitleg=row["uitleg"], bron=_place(row)
        )

    def functiereeksen(self) -> list[schema.Functiereeks]:
        """All functiereeksen, in the order of the content."""
        return [self.functiereeks(row["id"]) for row in self._all("select id from functiereeks order by rowid")]

    def functiegroepen(self) -> list[schema.Functiegroep]:
        """All functiegroepen, in the order of the content."""
        return [self.functiegroep(row["id"]) for row in self._all("select id from functiegroep order by rowid")]

    def module(self, module_id: str = "coordinatie") -> schema.Module | None:
        """An HR21 module, or None."""
        row = self._one("select * from module where id = ?", module_id)
        if row is None:
            return None
        return schema.Module.construct(
            id=row["id"],
            naam=row["naam"],
            uitleg=row["uitleg"],
            aantal=row["aantal"],
            taken=json.loads(row["taken"]),
            competenties=[schema.GevraagdeCompetentie.construct(**c) for c in json.loads(row["competenties"])],
            bron=_place(row),
        )

    # --- competencies --------------------------------------------------------------------------------------------

    def competentie(self, competentie_id: str) -> schema.Competentie | None:
        """One competency with the levels that the source describes, or None."""
        row = self._one("select * from competentie where id = ?", competentie_id)
        if row is None:
            return None
        niveaus: dict[Any, schema.NiveauUitleg] = {}
        for niveau in self._all(
            "select * from competentie_niveau where competentie = ? order by niveau", competentie_id
        ):
            gedrag = self._all(
                "select tekst from gedrag where competentie = ? and niveau = ? order by nr",
                competentie_id,
                niveau["niveau"],
            )
            niveaus[niveau["niveau"]] = schema.NiveauUitleg.construct(
                naam=niveau["naam"], gedrag=[item["tekst"] for item in gedrag]
            )
        return schema.Competentie.construct(
            id=row["id"],
            naam=row["naam"],
            definitie=row["definitie"],
            organisatiebreed=bool(row["organisatiebreed"]),
            kanttekening=row["kanttekening"],
            niveaus=niveaus,
            bron=_place(row),
        )

    def competenties(self) -> list[schema.Competentie]:
        """All competencies, by name."""
        rows = self._all("select id from competentie order by naam")
        return [c for row in rows if (c := self.competentie(row["id"]))]

    # --- organisation --------------------------------------------------------------------------------------------

    def organisatie(self) -> schema.Organisatie | None:
        """The organisation that this store answers for, with its clusters."""
        row = self._one("select * from organisatie where id = ?", self.organisatie_id)
        if row is None:
            return None
        clusters = [
            schema.Cluster.construct(
                id=c["id"], naam=c["naam"], fte=c["fte"], doel=c["doel"], themas=json.loads(c["themas"]), bron=_place(c)
            )
            for c in self._all("select * from cluster where organisatie = ? order by nr", self.organisatie_id)
        ]
        return schema.Organisatie.construct(
            id=row["id"],
            naam=row["naam"],
            fte_totaal=row["fte_totaal"],
            fte_ongeveer=row["fte_ongeveer"],
            clusters=clusters,
            tegenstrijdigheden=json.loads(row["tegenstrijdigheden"]),
            bron=_place(row),
        )

    # --- subjects ------------------------------------------------------------------------------------------------

    def onderwerp(self, onderwerp_id: str) -> schema.Onderwerp | None:
        """One subject, or None."""
        row = self._one("select * from onderwerp where id = ?", onderwerp_id)
        if row is None:
            return None
        vragen = self._all("select tekst from onderwerp_vraag where onderwerp = ? order by nr", onderwerp_id)
        return schema.Onderwerp.construct(
            id=row["id"],
            titel=row["titel"],
            antwoord=row["antwoord"],
            punten=json.loads(row["punten"]),
            kanttekening=row["kanttekening"],
            vragen=[vraag["tekst"] for vraag in vragen],
            verwant=json.loads(row["verwant"]),
            cijfers=[schema.Cijfer.construct(**c) for c in json.loads(row["cijfers"])],
            zwijgt=bool(row["zwijgt"]),
            bron=_place(row),
        )

    def onderwerpen(self) -> list[schema.Onderwerp]:
        """All subjects, by id."""
        rows = self._all("select id from onderwerp order by id")
        return [o for row in rows if (o := self.onderwerp(row["id"]))]

    # --- pay and education ---------------------------------------------------------------------------------------

    def salaris(self, schaal: str) -> Salaris | None:
        """What a scale pays by the newest table, or None when no table knows the scale."""
        row = self._one(
            "select tabel, min(bedrag) as laagste, max(bedrag) as hoogste from salaris join salaristabel on id = tabel"
            " where schaal = ? group by tabel order by geldig_vanaf desc limit 1",
            schaal,
        )
        if row is None:
            return None
        table = self._one("select * from salaristabel where id = ?", row["tabel"])
        assert table is not None, "foreign key"
        tabel = schema.Salaristabel.construct(
            id=table["id"],
            naam=table["naam"],
            geldig_vanaf=table["geldig_vanaf"],
            uren_per_week=table["uren_per_week"],
            bruto=bool(table["bruto"]),
            kanttekening=table["kanttekening"],
            bron=_place(table),
        )
        return Salaris(tabel, schaal, row["laagste"], row["hoogste"])

    def opleidingen(self) -> list[schema.Opleidingsniveau]:
        """All levels of education that people name, in rising order."""
        rows = self._all("select * from opleiding order by rowid")
        return [schema.Opleidingsniveau.construct(**dict(row)) for row in rows]

    # --- names and search ----------------------------------------------------------------------------------------

    def namen(self) -> list[Naam]:
        """Every name that the recogniser should know, of this organisation and national."""
        rows = self._all(
            "select soort, doel, sleutel, naam from naam where organisatie in ('', ?) order by rowid",
            self.organisatie_id,
        )
        return [Naam(**dict(row)) for row in rows]

    def zoek(self, text: str, soort: str, limit: int = 3) -> list[tuple[str, float]]:
        """Ids of the things of one kind whose text fits best, with a score (higher is better); [] when nothing does.

        Any word may match, longer words also by their beginning; rare words weigh more (BM25).
        """
        terms = [word for word in dict.fromkeys(words(text)) if len(word) > 2 and word not in _STOP]
        if not terms:
            return []
        query = " OR ".join(f'"{term[:-2] if len(term) > 6 else term}"*' for term in terms[:40])
        rows = self._all(
            "select zoek.doel as doel, -bm25(zoek_fts, 2.0, 1.0) as score from zoek_fts join zoek on zoek.rowid = zoek_fts.rowid"
            " where zoek_fts match ? and zoek.soort = ? order by score desc, doel limit ?",
            query,
            soort,
            limit,
        )
        return [(row["doel"], row["score"]) for row in rows]

    # --- plumbing ------------------------------------------------------------------------------------------------

    def _all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        try:
            return list(self.db.execute(sql, values).fetchall())
        except sqlite3.DatabaseError as error:
            raise KnowledgeUnavailable(f"de kennisbank is niet te lezen ({error})") from error

    def _one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        rows = self._all(sql, *values)
        return rows[0] if rows else None


_CACHED = (
    "bron",
    "varianten",
    "functie",
    "normfunctie",
    "functies",
    "buiten_boek",
    "competentie",
    "competenties",
    "onderwerp",
    "organisatie",
    "zoek",
)

_STOP = frozenset(
    "aan als bij dan dat deze die dit doe doen doet door een eens even gaat geen haar hebben heb heeft hem het hij hoe "
    "iemand iets ik in is jij jou jouw jullie kan kun kunt maar meer met mij mijn moet naar niet nog nou nu of om ook op "
    "over per sommige te tegen toch tot uit van veel voor waar wanneer wat welk welke werk werken wie wil word worden "
    "wordt zal ze zich zij zijn zo zou weet echt gewoon eigenlijk allemaal functie functies baan iemand mensen".split()
)


def _place(row: sqlite3.Row) -> schema.Vindplaats:
    return schema.Vindplaats.construct(bron=row["bron"], sectie=row["sectie"], profiel=row["profiel"])
