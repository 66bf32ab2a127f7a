"""Holds norm functions, functions, competencies, the module and the organisation against the function book."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

from knowledge import schema
from knowledge.content_files import Content
from knowledge.normal import name_key, words
from knowledge.verify.check_topics import of_source, shown_texts
from knowledge.verify.difference import Findings
from knowledge.verify.function_book import Asked, Body, Described, Education, FunctionBook, ModuleText, Profile, Row
from knowledge.verify.text import decimal, numbers

SOURCE = "functieboek-ommen"

S = TypeVar("S")
C = TypeVar("C")

_FTE = re.compile(r"(\d+(?:,\d+)?) fte\b")
_MISPRINT = 0.9
"""Texts of the document that are at least this much alike say the same; the difference is a misprint."""


class FunctionBookCheck:
    """The comparison; every method adds to `findings`."""

    def __init__(self, book: FunctionBook, content: Content, findings: Findings) -> None:
        """Of the content, what is drawn from the function book is compared."""
        self.book = book
        self.content = content
        self.findings = findings
        self.norms = {n.id: n for n in content.normfuncties.values() if n.bron.bron == SOURCE}

    def run(self) -> None:
        """Compare everything."""
        self.functions()
        self.norm_functions()
        self.competencies()
        self.module()
        self.organisation()
        self.sizes()

    # --- the table of available functions ----------------------------------------------------------------------

    def functions(self) -> None:
        """Every row of the table is a function, and the other way round."""
        functions = {name_key(f.naam): f for f in self.content.functies.values() if f.bron.bron == SOURCE}
        for row, function in self.paired("functie", [(row.name, row) for row in self.book.rows], functions):
            self.function(row, function)

    def function(self, row: Row, function: schema.Functie) -> None:
        """One row: norm function, scale, formation, number of traits."""
        place = f"functie {function.naam}"
        norm = self.content.normfuncties.get(function.normfunctie)
        norm_name = norm.naam if norm else function.normfunctie
        if name_key(row.norm) != name_key(norm_name):
            self.findings.add("normfunctie", place, row.norm, norm_name)
        self.findings.same("schaal", place, row.scale, function.schaal)
        self.findings.same("formatie (fte)", place, row.formation, function.formatie)
        self.findings.same("aantal kenmerken", place, len(row.traits), len(function.kenmerken))

    # --- norm functions: description and profile ---------------------------------------------------------------

    def norm_functions(self) -> None:
        """Pair each norm function with its description and its profile by the place that the content names."""
        by_body = {name_key(_without("Normfunctie", n.bron.sectie)): n for n in self.norms.values()}
        by_profile = {_profile_key(n): n for n in self.norms.values()}
        bodies = {
            n.id: body for body, n in self.paired("normfunctie", [(b.name, b) for b in self.book.bodies], by_body)
        }
        profiles = {
            n.id: p for p, n in self.paired("competentieprofiel", [(p.name, p) for p in self.book.profiles], by_profile)
        }
        for norm in self.norms.values():
            if norm.id in bodies:
                self.body(bodies[norm.id], norm)
                self.traits_of_the_table(bodies[norm.id], norm)
            if norm.id in profiles:
                self.profile(profiles[norm.id], norm)
            if norm.id in bodies and norm.id in profiles:
                self.competency_lists(bodies[norm.id], profiles[norm.id], norm)

    def body(self, body: Body, norm: schema.Normfunctie) -> None:
        """The description: series, group, number of traits, result areas with their number of tasks."""
        place = f"normfunctie {norm.naam}"
        reeks = self.content.functiereeksen.get(norm.functiereeks)
        groep = self.content.functiegroepen.get(norm.functiegroep)
        self.findings.same("functiereeks", place, body.series, reeks.naam if reeks else norm.functiereeks)
        self.findings.same("functiegroep", place, body.group, groep.naam if groep else norm.functiegroep)
        self.findings.same("aantal kenmerken", place, len(body.traits), len(norm.kenmerken))
        source = {area.name: len(area.tasks) for area in body.areas}
        content = {area.naam: len(area.taken) for area in norm.resultaatgebieden}
        self.findings.same_names("resultaatgebied", place, list(source), list(content))
        for name in source.keys() & content.keys():
            self.findings.same(f"aantal taken van '{name}'", place, source[name], content[name])

    def traits_of_the_table(self, body: Body, norm: schema.Normfunctie) -> None:
        """The table repeats the traits; where it says something else, the content must mention a word of it."""
        for row in self.book.rows:
            if self._function_norm(row) != norm.id:
                continue
            for in_table, in_body in zip(row.traits, body.traits, strict=False):
                if SequenceMatcher(None, in_table, in_body).ratio() < _MISPRINT:
                    only = set(words(in_table)) ^ set(words(in_body))
                    listed = any(only & set(words(text)) for text in norm.tegenstrijdigheden)
                    self.findings.contradiction("kenmerk", f"normfunctie {norm.naam}", in_body, in_table, listed=listed)

    def _function_norm(self, row: Row) -> str | None:
        return next((n.id for n in self.norms.values() if name_key(n.naam) == name_key(row.norm)), None)

    def profile(self, profile: Profile, norm: schema.Normfunctie) -> None:
        """The annex: the labels of situations, knowledge and skills, and the education."""
        place = f"competentieprofiel {norm.naam}"
        for kind, source, content in (
            ("kritische werksituatie", profile.situations, norm.kritische_werksituaties),
            ("vakkennis", profile.knowledge, norm.vakkennis),
            ("vaardigheid", profile.skills, norm.vaardigheden),
        ):
            self.findings.same_names(
                kind, place, [name_key(name) for name in source], [name_key(u.naam) for u in content]
            )
        if profile.education is None:
            self.findings.add("opleiding", place, None, norm.opleiding.minimaal_tekst)
        else:
            self.education(profile.education, norm.opleiding, place)

    def education(self, source: Education, content: schema.Opleiding, place: str) -> None:
        """Minimum (as text and as code), ideal and fields."""
        findings = self.findings
        findings.same("minimale opleiding", place, name_key(source.minimum), name_key(content.minimaal_tekst))
        findings.same("minimale opleiding (code)", place, _education_code(source.minimum), content.minimaal)
        ideal = name_key(source.ideal) if source.ideal else None
        findings.same(
            "ideale opleiding", place, ideal, name_key(content.ideaal_tekst) if content.ideaal_tekst else None
        )
        findings.same_names("opleidingsrichting", place, source.fields, content.richtingen)

    def competency_lists(self, body: Body, profile: Profile, norm: schema.Normfunctie) -> None:
        """The description and the annex each list the competencies; the content keeps both when they differ."""
        place = f"normfunctie {norm.naam}"
        in_body = [_asked(item) for item in body.competencies]
        in_annex = [_asked(item.asked) for item in profile.competencies]
        self.findings.same_names("competentie", place, in_body, self.shown(norm.competenties))
        recorded = self.shown(norm.competenties_bijlage)
        if in_annex == in_body:
            self.findings.same_names("competentie (bijlage)", place, [], recorded)
            return
        self.findings.same_names("competentie (bijlage)", place, in_annex, recorded)
        if in_annex == recorded:
            self.findings.contradiction("competentie", place, "; ".join(in_body), "; ".join(in_annex), listed=True)

    def shown(self, items: Iterable[schema.GevraagdeCompetentie]) -> list[str]:
        """Competencies with level and level name, in the form of :func:`_asked`."""
        found = []
        for item in items:
            competency = self.content.competenties.get(item.competentie)
            level = competency.niveaus.get(item.niveau) if competency else None
            name = competency.naam if competency else item.competentie
            found.append(_asked(Asked(name, item.niveau, level.naam if level else "?")))
        return found

    # --- competencies ------------------------------------------------------------------------------------------

    def competencies(self) -> None:
        """Levels with their names, whether there is a definition, and whether it counts for the whole organisation."""
        content = {name_key(c.naam): c for c in self.content.competenties.values() if c.bron.bron == SOURCE}
        asked = [item for body in self.book.bodies for item in body.competencies]
        asked += self.book.module.competencies if self.book.module else []
        described = self.described()
        asked += [item.asked for _, item in described]
        wide = {name_key(name): name for name in self.book.organisation_wide}
        found = {name_key(item.name): item.name for item in asked} | wide
        for name, competency in self.paired("competentie", [(name, name) for name in found.values()], content):
            place = f"competentie {competency.naam}"
            key = name_key(name)
            levels = sorted({(i.level, name_key(i.level_name)) for i in asked if name_key(i.name) == key})
            self.findings.same_names(
                "niveau",
                place,
                [" ".join(level) for level in levels],
                [f"{letter} {name_key(level.naam)}" for letter, level in sorted(competency.niveaus.items())],
            )
            definition = any(item.definition for _, item in described if name_key(item.asked.name) == key)
            self.findings.same("definitie aanwezig", place, definition, competency.definitie is not None)
            self.findings.same("organisatiebreed", place, key in wide, competency.organisatiebreed)
        self.behaviours(content)

    def described(self) -> list[tuple[str, Described]]:
        """Each competency that the annex describes, with the name of the profile it stands in."""
        found = [(profile.name, item) for profile in self.book.profiles for item in profile.competencies]
        return found + [("coördinatiemodule", item) for item in self.book.module_profile]

    def behaviours(self, content: dict[str, schema.Competentie]) -> None:
        """The annex repeats a competency in several profiles; the number of behaviours of most of them counts."""
        counts: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for profile, item in self.described():
            counts[name_key(item.asked.name), item.asked.level].append((profile, len(item.behaviours)))
        for (name, letter), seen in counts.items():
            usual = Counter(count for _, count in seen).most_common(1)[0][0]
            competency = content.get(name)
            level = competency.niveaus.get(letter) if competency else None  # type: ignore[call-overload]
            if competency is None or level is None:
                continue  # reported as a missing competency or level
            place = f"competentie {competency.naam}, niveau {letter}"
            self.findings.same("aantal gedragingen", place, usual, len(level.gedrag))
            for profile, count in seen:
                if count != usual:
                    self.deviating(place, competency, profile, f"{count} gedragingen", f"{usual} gedragingen")

    def deviating(self, place: str, competency: schema.Competentie, profile: str, here: str, elsewhere: str) -> None:
        """One profile says something else than the others; norm function or competency can mention that."""
        norms = [n for n in self.norms.values() if _profile_key(n) == name_key(profile)]
        notes = [competency.kanttekening or "", *(note for norm in norms for note in norm.tegenstrijdigheden)]
        listed = any(name_key(competency.naam) in name_key(note) for note in notes)
        shown = norms[0].naam if norms else profile
        self.findings.contradiction("gedrag", f"{place}, in het profiel {shown}", here, elsewhere, listed=listed)

    # --- module and organisation -------------------------------------------------------------------------------

    def module(self) -> None:
        """The coordination module: number of tasks, competencies, number of functions that have it."""
        modules = [m for m in self.content.modules.values() if m.bron.bron == SOURCE]
        source: ModuleText | None = self.book.module
        if source is None or len(modules) != 1:
            self.findings.same("aantal modules", "modules", 0 if source is None else 1, len(modules))
            return
        module = modules[0]
        place = f"module {module.naam}"
        self.findings.same("aantal taken", place, len(source.tasks), len(module.taken))
        self.findings.same_names(
            "competentie", place, [_asked(item) for item in source.competencies], self.shown(module.competenties)
        )
        self.findings.same("aantal functies met de module", place, self.book.coordinators, module.aantal)

    def organisation(self) -> None:
        """The FTE of the organisation and of each cluster."""
        organisations = [o for o in self.content.organisaties.values() if o.bron.bron == SOURCE]
        if not organisations:
            self.findings.add("organisatie", "organisaties", "Ommen", None)
        for organisation in organisations:
            place = f"organisatie {organisation.naam}"
            self.findings.same("fte volgens de tabel", place, self.book.total, organisation.fte_totaal)
            self.findings.same("fte bij benadering", place, self.book.approximate_total, organisation.fte_ongeveer)
            clusters = {name_key(cluster.naam): cluster for cluster in organisation.clusters}
            pairs = [(name, fte) for name, fte in self.book.clusters.items()]
            for fte, cluster in self.paired("cluster", pairs, clusters):
                self.findings.same("fte", f"cluster {cluster.naam}", fte, cluster.fte)
            self.totals(organisation, place)

    def sizes(self) -> None:
        """FTE in a topic on the organisation are those of the whole, a cluster, the coordinators or the head."""
        book = self.book
        known = {*book.clusters.values(), *book.sums().values(), book.coordinators, book.total, book.approximate_total}
        known |= {row.formation for row in book.rows[:1]}
        for topic in of_source(self.content, SOURCE):
            found = [("cijfers", figure.waarde) for figure in topic.cijfers if figure.eenheid == "fte"]
            for field, text in (*shown_texts(topic), ("kanttekening", topic.kanttekening or "")):
                found += [(field, decimal(number)) for number in _FTE.findall(text)]
            for field, value in found:
                if value not in known:
                    self.findings.add("fte", f"onderwerp {topic.id}, {field}", None, value)

    def totals(self, organisation: schema.Organisatie, place: str) -> None:
        """The document's own sums: the rows of the table, and the clusters with coordinators and head."""
        recorded = set().union(*(numbers(text) for text in organisation.tegenstrijdigheden))
        for what, value in self.book.sums().items():
            if self.book.total is not None and value != self.book.total:
                total, summed = (f"{number:g} fte".replace(".", ",") for number in (self.book.total, value))
                listed = value in recorded
                self.findings.contradiction("fte", place, f"totaal {total}", f"{what} samen {summed}", listed=listed)

    # --- pairing -----------------------------------------------------------------------------------------------

    def paired(self, kind: str, source: list[tuple[str, S]], content: Mapping[str, C]) -> list[tuple[S, C]]:
        """Pair what the document and the content (by name key) call the same; what stands alone is noted."""
        found: list[tuple[S, C]] = []
        keys = set()
        for name, item in source:
            keys.add(name_key(name))
            if name_key(name) in content:
                found.append((item, content[name_key(name)]))
            else:
                self.findings.add(kind, f"{kind} {name}", name, None)
        for key in content.keys() - keys:
            self.findings.add(kind, f"{kind} {key}", None, key)
        return found


def _asked(item: Asked) -> str:
    return f"{name_key(item.name)} {item.level} ({name_key(item.level_name)})"


def _without(prefix: str, text: str) -> str:
    return text[len(prefix) :].strip() if text.startswith(prefix) else text


def _profile_key(norm: schema.Normfunctie) -> str:
    return name_key(_without("Competentieprofiel", norm.bron.profiel or ""))


def _education_code(text: str) -> str:
    """The code of a minimum education: "MBO niveau 4" -> mbo-4, "HBO met post-HBO of masteropleiding" -> hbo-plus."""
    parts = words(text)
    if "niveau" in parts:
        return f"{parts[0]}-{parts[-1]}"
    return f"{parts[0]}-plus" if len(parts) > 1 else parts[0]
