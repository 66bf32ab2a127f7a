"""The verifier: clean on the real documents, and every kind of altered fact is reported."""

from __future__ import annotations

import copy
import os
import time
import warnings
from pathlib import Path

import pytest

from knowledge import verify
from knowledge.content_files import Content, read_content
from knowledge.verify import function_book, other_sources, text
from knowledge.verify.copied import Runs
from knowledge.verify.difference import Difference, Findings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def documents() -> Path:
    """The directory with the source documents; without it the tests that need it are skipped, with a warning."""
    named = os.environ.get("LOOPBAAN_BRONNEN")
    directory = Path(named) if named else ROOT.parent / "shared" / "bronnen"
    if not directory.is_dir():
        if named:
            pytest.fail(f"LOOPBAAN_BRONNEN={named} is no directory")
        message = f"NOT VERIFIED: no source documents in {directory}; set LOOPBAAN_BRONNEN to check the content"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    return directory


@pytest.fixture(scope="module")
def clean() -> Content:
    """The content as it is."""
    return read_content()


@pytest.fixture
def content(clean: Content) -> Content:
    """The content, to be altered."""
    return copy.deepcopy(clean)


def reported(documents: Path, content: Content, *parts: str) -> bool:
    """Whether some difference holds all `parts`."""
    return any(all(part in str(difference) for part in parts) for difference in verify.verify(documents, content))


# --- the real documents ------------------------------------------------------------------------------------------


def test_content_agrees_with_the_documents(documents: Path, clean: Content) -> None:
    assert [str(difference) for difference in verify.verify(documents, clean)] == []


def test_listed_contradictions_are_shown(documents: Path, clean: Content) -> None:
    shown = [str(difference) for difference in verify.listed_contradictions(documents, clean)]
    assert all("vermelde tegenstrijdigheid" in line for line in shown)
    for place in ("Medewerker educatie III", "Klantgerichtheid, niveau C", "Medewerker locatie II", "45,5 fte"):
        assert any(place in line for line in shown), place


def test_it_is_fast(documents: Path, clean: Content) -> None:
    start = time.perf_counter()
    verify.examine(documents, clean)
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("schaal", "12", "schaal"),
        ("formatie", 10.5, "formatie"),
        ("formatie", None, "formatie"),
        ("normfunctie", "adviseur-iv", "normfunctie"),
        ("kenmerken", ["Je adviseert."], "aantal kenmerken"),
    ],
)
def test_altered_function_is_reported(documents: Path, content: Content, field: str, value: object, kind: str) -> None:
    setattr(content.functies["ommen", "regisseur-adviseur"], field, value)
    assert reported(documents, content, "functie Regisseur/adviseur", kind)


def test_invented_formation_is_reported(documents: Path, content: Content) -> None:
    content.functies["ommen", "zweminstructeur"].formatie = 1.0
    assert reported(documents, content, "functie Zweminstructeur", "formatie", "de bron noemt dit niet")


def test_missing_function_is_reported(documents: Path, content: Content) -> None:
    del content.functies["ommen", "zweminstructeur"]
    assert reported(documents, content, "functie Zweminstructeur", "de inhoud noemt dit niet")


def test_altered_level_is_reported(documents: Path, content: Content) -> None:
    content.normfuncties["adviseur-iii"].competenties[0].niveau = "A"
    assert reported(documents, content, "normfunctie Adviseur III", "analytisch vermogen B (relaties leggen)")


def test_altered_level_name_is_reported(documents: Path, content: Content) -> None:
    content.competenties["visie"].niveaus["A"].naam = "vooruitzien"
    assert reported(documents, content, "competentie Visie", "niveau", "vooruitzien")


def test_dropped_competency_is_reported(documents: Path, content: Content) -> None:
    content.normfuncties["adviseur-iii"].competenties.pop()
    assert reported(documents, content, "normfunctie Adviseur III", "overtuigingskracht B (verkopen)")


def test_silence_on_the_second_list_of_competencies_is_reported(documents: Path, content: Content) -> None:
    content.normfuncties["medewerker-educatie-iii"].competenties_bijlage = []
    assert reported(documents, content, "Medewerker educatie III", "competentie (bijlage)", "zelfreflectie C")


@pytest.mark.parametrize("name", ["medewerker-locatie-ii", "ommen"])
def test_silence_on_a_contradiction_is_reported(documents: Path, content: Content, name: str) -> None:
    part = content.organisaties["ommen"] if name == "ommen" else content.normfuncties[name]
    part.tegenstrijdigheden = []
    assert reported(documents, content, "tegenstrijdigheid in de bron", "de inhoud noemt dit niet")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minimaal", "mbo"),
        ("minimaal_tekst", "wo"),
        ("ideaal_tekst", None),
        ("richtingen", ["bestuurskunde"]),
    ],
)
def test_altered_education_is_reported(documents: Path, content: Content, field: str, value: object) -> None:
    setattr(content.normfuncties["adviseur-iii"].opleiding, field, value)
    assert reported(documents, content, "competentieprofiel Adviseur III", "opleiding")


def test_dropped_task_is_reported(documents: Path, content: Content) -> None:
    content.normfuncties["medewerker-publiek-v"].resultaatgebieden[0].taken.pop()
    assert reported(documents, content, "Medewerker publiek V", "aantal taken van 'Bezoekersontvangst'", "'2'", "'1'")


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("kritische_werksituaties", "kritische werksituatie"),
        ("vakkennis", "vakkennis"),
        ("vaardigheden", "vaardigheid"),
    ],
)
def test_dropped_heading_of_a_profile_is_reported(documents: Path, content: Content, field: str, kind: str) -> None:
    getattr(content.normfuncties["adviseur-ii"], field).pop()
    assert reported(documents, content, "competentieprofiel Adviseur II", kind)


def test_dropped_behaviour_is_reported(documents: Path, content: Content) -> None:
    content.competenties["coaching"].niveaus["B"].gedrag.pop()
    assert reported(documents, content, "competentie Coaching, niveau B", "aantal gedragingen")


def test_altered_module_and_clusters_are_reported(documents: Path, content: Content) -> None:
    content.modules["coordinatie"].taken.pop()
    content.organisaties["ommen"].clusters[1].fte = 15.0
    content.competenties["visie"].organisatiebreed = True
    assert reported(documents, content, "module Coördinatiemodule", "aantal taken")
    assert reported(documents, content, "cluster Regie en Coördinatie", "15,5")
    assert reported(documents, content, "competentie Visie", "organisatiebreed")


def test_dropped_behaviour_of_leaders_is_reported(documents: Path, content: Content) -> None:
    content.onderwerpen["leider.aansturen_organisatie"].punten.pop()
    assert reported(documents, content, "leider.aansturen_organisatie", "aantal gedragingen", "'7'", "'6'")


def test_altered_outlook_is_reported(documents: Path, content: Content) -> None:
    growth, replacement = (
        content.onderwerpen["beroep.uitbreidingsvraag"],
        content.onderwerpen["beroep.vervangingsvraag"],
    )
    growth.antwoord = growth.antwoord.replace("3100", "6100")
    replacement.antwoord = replacement.antwoord.replace("is hoog", "is laag")
    content.onderwerpen["beroep.verwante_beroepen"].punten.pop()
    assert reported(documents, content, "aantal banen bij uitbreidingsvraag", "3100", "6100")
    assert reported(documents, content, "oordeel over vervangingsvraag", "hoog", "laag")
    assert reported(documents, content, "verwant beroep", "Maatschappelijk werker")


@pytest.mark.parametrize("wrong", [97.0, 98.0])
def test_altered_figure_of_the_survey_is_reported(documents: Path, content: Content, wrong: float) -> None:
    """97 procent stands in the text too, but is about something else."""
    figure = next(f for t in content.onderwerpen.values() for f in t.cijfers if f.over == "tegenspraak geven")
    figure.waarde = wrong
    assert reported(documents, content, f"{wrong:g} procent (tegenspraak geven)")


def test_altered_percentage_in_an_answer_is_reported(documents: Path, content: Content) -> None:
    topic = content.onderwerpen["onderzoek.tegenspraak"]
    topic.antwoord = topic.antwoord.replace("96 procent", "91 procent")
    assert reported(documents, content, "onderwerp onderzoek.tegenspraak, antwoord", "91")


def test_swapped_percentage_in_an_answer_is_reported(documents: Path, content: Content) -> None:
    """96 is another figure of this topic's relations, about something else."""
    topic = content.onderwerpen["onderzoek.analytisch_denken"]
    topic.antwoord = topic.antwoord.replace("95 procent", "96 procent")
    assert reported(documents, content, "onderwerp onderzoek.analytisch_denken, antwoord", "percentage")


def test_altered_fte_in_an_answer_is_reported(documents: Path, content: Content) -> None:
    topic = content.onderwerpen["organisatie.concern_fte"]
    topic.antwoord = topic.antwoord.replace("13 fte", "14 fte")
    assert reported(documents, content, "onderwerp organisatie.concern_fte, antwoord", "fte", "14")


def test_percentage_without_topic_is_reported(documents: Path, content: Content) -> None:
    for topic in content.onderwerpen.values():
        topic.cijfers = [figure for figure in topic.cijfers if figure.over != "diplomatie"]
    assert reported(documents, content, "percentage 86")


def test_altered_term_of_the_guide_is_reported(documents: Path, content: Content) -> None:
    topic = content.onderwerpen["interim.moment"]
    topic.antwoord = topic.antwoord.replace("vijf tot zeven jaar", "twee tot drie jaar")
    assert reported(documents, content, "onderwerp interim.moment, antwoord", "termijn", "twee")


def test_question_of_the_guide_without_topic_is_reported(documents: Path, content: Content) -> None:
    section = content.onderwerpen["schaal.onderhandelen"].bron.sectie
    kept = {name: topic for name, topic in content.onderwerpen.items() if topic.bron.sectie != section}
    content.onderwerpen.clear()
    content.onderwerpen.update(kept)
    assert reported(documents, content, "veelgestelde vraag zonder onderwerp", section)


def test_invented_number_in_an_answer_is_reported(documents: Path, content: Content) -> None:
    content.onderwerpen["interim.starten"].antwoord += " Reken op 19 dagen."
    content.onderwerpen["organisatie.omvang"].punten.append("In 1987 was dat anders.")
    assert reported(documents, content, "onderwerp interim.starten, antwoord", "19")
    assert reported(documents, content, "onderwerp organisatie.omvang", "1987")


@pytest.mark.parametrize(
    "sentence",
    [
        "Heeft een eigen visie die hij/zij effectief inzet ten behoeve van het behalen van doelstellingen.",
        "Een publiek leider kan reflecteren, is bestuurssensitief, omgevingsbewust, toont conceptuele flexibiliteit.",
        "Zij houden toezicht op het personeel en beheren de voor de uitvoering gebruikte middelen.",
        "Ambtenaren vormen de ruggengraat van het openbaar bestuur. Zij ontwikkelen beleid, voeren besluiten uit.",
        "Je springt van communicatiemedewerker bij een gemeente naar communicatieadviseur bij een provincie.",
    ],
)
def test_copied_sentence_is_reported(documents: Path, content: Content, sentence: str) -> None:
    content.onderwerpen["interim.starten"].antwoord += f" {sentence}"
    assert reported(documents, content, "onderwerpen interim.starten, antwoord", "overgeschreven zin")


def test_altered_salary_is_reported(documents: Path, content: Content) -> None:
    if not (documents.resolve().parent / "feiten").is_dir():
        pytest.skip("no facts beside the documents")
    next(iter(content.salaristabellen.values())).schalen["11"][0] += 1
    assert reported(documents, content, "salaristabel 2020-07-01", "schaal 11")


# --- without the documents ---------------------------------------------------------------------------------------


def test_missing_documents_are_listed(tmp_path: Path) -> None:
    (tmp_path / "functieboek-ommen-hr21.txt").write_text("", encoding="utf-8")
    with pytest.raises(verify.SourcesMissing) as error:
        verify.verify(tmp_path, Content())
    assert "gids-interim-loopbaan-publieke-sector.txt" in str(error.value)
    assert "functieboek-ommen-hr21.txt" not in str(error.value)


def test_differences_read_as_dutch() -> None:
    assert (
        str(Difference("schaal", "functie Kok", "5", "6"))
        == "functie Kok, schaal: de bron zegt '5', de inhoud zegt '6'."
    )
    assert str(Difference("formatie", "functie Kok", None, "1")) == (
        "functie Kok, formatie: de bron noemt dit niet, de inhoud zegt '1'."
    )


def test_lists_are_compared_in_order() -> None:
    findings = Findings()
    findings.same_names("taak", "x", ["a", "b"], ["b", "a"])
    findings.same_names("taak", "x", ["a", "b"], ["a", "b"])
    findings.same_names("taak", "x", ["a"], ["a", "c"])
    assert [(d.kind, d.source, d.content) for d in findings.differences] == [
        ("taak (volgorde en aantal)", "a; b", "b; a"),
        ("taak", None, "c"),
    ]


def test_broken_words_are_joined_and_page_numbers_dropped() -> None:
    lines = text.lines_of("De orga-\n\n15 \n\nnisatie kent wet- \nen regelgeving.\n")
    assert text.joined(text.without_page_numbers(lines)) == "De organisatie kent wet- en regelgeving."


def test_items_of_a_list() -> None:
    lines = ["− Weet te verko-", "pen. − Geeft antwoord.", "\uf0b7", "– Is op tijd", "en beleefd."]
    assert text.items(lines) == ["Weet te verkopen.", "Geeft antwoord.", "Is op tijd en beleefd."]


def test_numbers_are_read_in_digits_and_words() -> None:
    assert text.numbers("1.601 ambtenaren, 15,5 fte, twee tot drie jaar, PRINCE2, HR21, schaal 10A, 45-54 jaar") == {
        1601.0, 15.5, 2.0, 3.0, 10.0, 45.0, 54.0
    }  # fmt: skip


TABLE = """
BESCHIKBARE FUNCTIES
Beschikbare functie HR21-normfunctie Toelichting Schaal Formatie
Hoofd keu-

ken

Kok I \uf0b7 kookt voor
iedereen
\uf0b7 doet inkopen

9 1,50

7
Beschikbare functie HR21-normfunctie Toelichting Schaal Formatie
Kok  Kok II \uf0b7 kookt

5
Afwasser  Kok III \uf0b7 wast af  4
\uf0b7 droogt af
Totaal:  1,50
NORMFUNCTIES HR21
BIJLAGE
COMPETENTIEPROFIEL KOK I
Welke opleiding voldoet?
Minimaal HBO, idealiter post-HBO of WO bijvoorbeeld op het gebied van smaak-
leer, zorg en welzijn.
COMPETENTIEPROFIEL KOK II
Welke opleiding voldoet?
Minimaal MBO niveau 4.
COMPETENTIEPROFIEL KOK III
Welke opleiding voldoet?
Minimaal MBO niveau 2
"""


def test_table_of_functions() -> None:
    rows = function_book.parse(TABLE).rows
    assert [(row.name, row.norm, row.scale, row.formation) for row in rows] == [
        ("Hoofd keuken", "Kok I", "9", 1.5),
        ("Kok", "Kok II", "5", None),
        ("Afwasser", "Kok III", "4", None),
    ]
    assert [row.traits for row in rows] == [
        ["kookt voor iedereen", "doet inkopen"],
        ["kookt"],
        ["wast af", "droogt af"],
    ]


def test_education_belongs_to_the_profile_above_it() -> None:
    profiles = function_book.parse(TABLE).profiles
    assert [profile.education for profile in profiles] == [
        function_book.Education("HBO", "post-HBO of WO", ["smaakleer", "zorg en welzijn"]),
        function_book.Education("MBO niveau 4", None, []),
        function_book.Education("MBO niveau 2", None, []),
    ]


BODY = """
NORMFUNCTIES HR21
FUNCTIEBESCHRIJVING KOK I
Naam functie : Kok I
Functiereeks Eten:
Koken en serveren.
Functiegroep Warme keuken:
Warm eten.
Overwegende functiekenmerken:
\uf0b7 kookt
Competenties:
\uf0b7 smaak,  niveau B (proe-
ven)
Generieke taken
Resultaatgebied 1: Soep
\uf0b7 trekt bouillon
\uf0b7
30
\uf0b7 roert
Module
Module HR21
BIJLAGE
COMPETENTIEPROFIEL KOK I
Kritische werksituatie normfunctie
1. Drukte: het is druk en
soms: heet.
Competenties normfunctie
Smaak (proeven)
Weet wat lekker is.
Niveau B (proeven)
− Proeft.
− Ruikt.
Vakkennis normfunctie
Kennis op het gebied van:
− Vlees- en visgerechten: de kok weet alles.
Vaardigheden op het gebied van:
− Snijden: de kok snijdt: snel.
Welke opleiding voldoet?
Minimaal MBO.
"""


def test_norm_function_and_profile() -> None:
    book = function_book.parse(BODY)
    body, profile = book.bodies[0], book.profiles[0]
    taste = function_book.Asked("smaak", "B", "proeven")
    assert (body.name, body.series, body.group, body.traits) == ("Kok I", "Eten", "Warme keuken", ["kookt"])
    assert body.competencies == [taste]
    assert body.areas == [function_book.Area("Soep", ["trekt bouillon", "roert"])]
    assert profile.situations == ["Drukte"]
    assert (profile.knowledge, profile.skills) == (["Vlees- en visgerechten"], ["Snijden"])
    described = profile.competencies[0]
    assert (described.asked.level_name, described.definition) == ("proeven", "Weet wat lekker is.")
    assert described.behaviours == ["Proeft.", "Ruikt."]


def test_leaders() -> None:
    leaders = other_sources.parse_leaders(
        "Set voor leiders\nZe raken verschillende gebieden: denken, doen en voelen. Meer.\nMoed\n • Je durft.\n"
        " • Je staat op.\nRust\n • Je wacht.\nEinde."
    )
    assert leaders.behaviours == {"Moed": ["Je durft.", "Je staat op."], "Rust": ["Je wacht."]}
    assert leaders.fields == ["denken", "doen", "voelen"]


def test_profession_takes_glued_numbers_apart() -> None:
    page = other_sources.parse_profession(
        "Taken kok\n • Koken\n • Proeven\nGerelateerde beroepen keuken\n • Bakker\nOnderwerp Aantal banen Perspectief\n"
        "verwachte vraag tot 20243100  erg hoog\nsalarisgroei  laag"
    )
    assert (page.tasks, page.related) == (["Koken", "Proeven"], ["Bakker"])
    assert [(row.key, row.jobs, row.rating) for row in page.outlook] == [
        ("verwachte", 3100, "erg hoog"),
        ("salarisgroei", None, "laag"),
    ]


def test_survey_stops_at_the_charts() -> None:
    survey = other_sources.parse_survey(
        "Er deden 1.601 koks mee. Zout is belangrijk. 40 Pro-\ncent vindt dat, en 30 procent niet.\n"
        "In hoeverre bent u het eens?\n99 procent"
    )
    assert [(figure.value, figure.percent) for figure in survey.figures] == [(1601, False), (40, True), (30, True)]
    assert "Zout" in survey.figures[1].clause
    assert "Zout" not in survey.figures[2].clause


def test_guide() -> None:
    guide = other_sources.parse_guide(
        "Over koken.\nWat is koken?\nHitte.\nWij bieden:\n- Soep\nVeelgestelde vragen\nHoe lang?\nDrie jaar.\n"
        "Gerelateerde artikelen\n- Wat is bakken?"
    )
    assert list(guide.sections) == ["Inleiding", "Wat is koken?", "Hoe lang?", "Gerelateerde artikelen"]
    assert guide.questions == ["Hoe lang?"]
    assert "- Soep" in guide.sections["Wat is koken?"]


def test_copied_runs_see_through_line_breaks_case_and_punctuation() -> None:
    runs = Runs({"bron": "De kok roert in de hete soep-\npan, en hij proeft\n12\ndaarna."})
    assert list(runs.copied("Zeker: de KOK roert in de hete soeppan en hij proeft daarna, toch?")) == [
        ("bron", "de kok roert in de hete soeppan en hij proeft daarna")
    ]
    assert list(runs.copied("De kok roert in de soeppan en hij proeft daarna.")) == []
