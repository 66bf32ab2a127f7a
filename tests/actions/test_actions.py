"""What the actions answer: found, not found, ambiguous, completed from the conversation, and with the database gone."""

from __future__ import annotations

import pytest

from bot.actions import base, registry
from knowledge.store import KnowledgeUnavailable
from tests.actions.talk import Conversation


@pytest.fixture
def talk(store, monkeypatch):
    return Conversation(store, monkeypatch)


@pytest.mark.parametrize(
    ("text", "understood", "kind", "says"),
    [
        ("schaal van de zweminstructeur", "vraag_schaal", "functie.schaal", "**schaal 6**"),
        (
            "zitten beheerder en senior beheerder gelijk?",
            "vraag_schaal",
            "functie.schaal",
            "**Senior beheerder** staat het hoogst",
        ),
        ("regisseur en beleidsadviseur dezelfde schaal?", "vraag_schaal", "functie.schaal", "dezelfde schaal"),
        ("klopt het dat een adviseur in schaal 12 zit", "vraag_schaal", "functie.schaal", "lager dan schaal 12"),
        ("wie zit er in schaal 13", "vraag_functies_in_schaal", "schaal.functies", "geen enkele functie"),
        (
            "welke functies zitten onder schaal 6",
            "vraag_functies_in_schaal",
            "schaal.functies",
            "Administratief medewerker",
        ),
        ("hoogste schaal", "vraag_hoogste_schaal", "schaal.hoogste", "gemeentesecretaris"),
        ("laagste schaal", "vraag_laagste_schaal", "schaal.laagste", "administratief medewerker"),
        (
            "opleiding adviseur III",
            "vraag_opleiding",
            "functie.opleiding",
            "minimaal **hbo**, het liefst post-hbo of wo",
        ),
        (
            "ik heb mbo 4, kan ik senior ondersteuner worden",
            "vraag_opleiding",
            "functie.opleiding",
            "Ja, met mbo niveau 4",
        ),
        ("ik heb mbo 2, kan ik senior ondersteuner worden", "vraag_opleiding", "functie.opleiding", "nog niet aan"),
        ("kan ik zonder diploma beleidsadviseur worden", "vraag_opleiding", "functie.opleiding", "zegt de bron niet"),
        (
            "welke functie past bij mbo 3",
            "vraag_functies_bij_opleiding",
            "functie.bij_opleiding",
            "Medewerker reserveringen",
        ),
        ("hbo bouwkunde", "vraag_functies_bij_opleiding", "functie.bij_opleiding", "Senior beheerder accommodaties"),
        ("wat doet een beheerder", "vraag_taken", "functie.taken", "interpretatie"),
        ("fte zweminstructeur", "vraag_formatie", "functie.formatie", "geen formatie"),
        ("fte regisseur", "vraag_formatie", "functie.formatie", "11 fte"),
        ("welke functies hebben geen formatie", "vraag_formatie", "functie.formatie", "zes functies"),
        ("grootste formatie", "vraag_grootste_formatie", "functie.grootste_formatie", "11 fte"),
        ("reeks van de beheerder", "vraag_functiereeks", "functie.functiereeks", "functiereeks **Beleid**"),
        ("functies in de reeks dienstverlening", "vraag_functies_in_reeks", "functie.reeks", "zweminstructeur"),
        ("normfunctie zweminstructeur", "vraag_normfunctie", "functie.normfunctie", "Medewerker educatie III"),
        ("hoe heet adviseur II in Ommen", "vraag_normfunctie", "functie.normfunctie", "strategisch regisseur"),
        ("verschil adviseur en regisseur", "vraag_verschil_functies", "functie.vergelijking", "visie (van C naar B)"),
        (
            "maakt een ondersteuner managementrapportages",
            "vraag_taak_bij_functie",
            "functie.taak",
            "senior ondersteuner",
        ),
        ("kritische werksituaties gemeentesecretaris", "vraag_werksituaties", "functie.werksituaties", "Boegbeeld"),
        ("vakkennis ondersteuner", "vraag_vakkennis", "functie.vakkennis", "Administratieve organisatie"),
        ("wat verdient een beheerder", "vraag_salaris", "functie.schaal", "schaal 8"),
    ],
)
def test_functions(talk, text, understood, kind, says):
    answer = talk.turn(text, understood)
    assert answer["kind"] == kind
    assert says in answer["text"]
    assert answer["outcome"] == "answered"
    assert answer["sources"][0]["id"] == "functieboek-ommen"
    assert answer["sources"][0]["date"] == "2018-04"


@pytest.mark.parametrize(
    ("text", "understood", "kind", "says"),
    [
        (
            "competenties adviseur",
            "vraag_competenties",
            "functie.competenties",
            "**Visie**: niveau C (visie op het eigen vakgebied)",
        ),
        ("competenties zweminstructeur", "vraag_competenties", "functie.competenties", "twee verschillende lijsten"),
        ("niveau visie beleidsadviseur", "vraag_competentie_niveau", "competentie.niveau", "niveau **B**"),
        ("regisseren bij de regisseur", "vraag_competentie_niveau", "competentie.niveau", "staat niet in het profiel"),
        ("wat is besluitvaardigheid", "vraag_competentie", "competentie.betekenis", "A (daadkrachtig optreden)"),
        ("wat is resultaatgerichtheid", "vraag_competentie", "competentie.betekenis", "niet uitgelegd"),
        ("visie niveau B", "vraag_gedrag", "competentie.gedrag", "vertalen en implementeren ontwikkelingen"),
        ("creativiteit op het hoogste niveau", "vraag_gedrag", "competentie.gedrag", "niveau A"),
        ("initiatief niveau D", "vraag_gedrag", "competentie.gedrag", "beschrijft geen niveau D"),
        ("nauwkeurigheid C of D", "vraag_verschil_niveaus", "competentie.verschil_niveaus", "zwaarder dan"),
        (
            "wie heeft besluitvaardigheid nodig",
            "vraag_functies_bij_competentie",
            "competentie.functies",
            "Gemeentesecretaris",
        ),
        ("coaching, voor wie", "vraag_functies_bij_competentie", "competentie.functies", "coördinatiemodule"),
        ("welke competenties zijn er", "vraag_competentielijst", "competentie.lijst", "26 competenties"),
        ("welke competenties vraagt de coördinatiemodule", "vraag_competenties", "functie.module", "coaching"),
    ],
)
def test_competencies(talk, text, understood, kind, says):
    answer = talk.turn(text, understood, "action_competentie")
    assert answer["kind"] == kind
    assert says in answer["text"]
    assert answer["outcome"] == "answered"


@pytest.mark.parametrize(
    ("text", "understood", "kind"),
    [
        ("welke opleiding moet ik hebben", "vraag_opleiding", "gesprek.welke_functie"),
        ("welke schaal krijg ik", "vraag_schaal", "gesprek.welke_functie"),
        ("welke competentie", "vraag_competentie", "gesprek.welke_competentie"),
        ("welke functie past bij mij", "vraag_wat_past", "gesprek.welke_van"),
        ("welke functies passen bij mijn diploma", "vraag_functies_bij_opleiding", "gesprek.welke_opleiding"),
    ],
)
def test_a_missing_name_is_asked_for_with_buttons(talk, text, understood, kind):
    answer = talk.turn(text, understood)
    assert (answer["outcome"], answer["kind"]) == ("clarification", kind)
    assert answer["buttons"]
    assert answer["sources"] == []


def test_the_asked_name_completes_the_question(talk):
    talk.turn("welke opleiding moet ik hebben", "vraag_opleiding")
    assert "beleidsadviseur" in talk.turn("beleids adviseur bij ommen bedoel ik", "vervolg", "action_grens")["text"]
    assert "wo" in talk.turn("nee, de strategisch beleidsadviseur", "vervolg", "action_grens")["text"]


def test_a_fragment_takes_over_the_question(talk):
    talk.turn("schaal ondersteuner", "vraag_schaal")
    assert "schaal 7" in talk.turn("en de senior?", "vervolg", "action_grens")["text"]
    assert "schaal 12" in talk.turn("en adviseur II?", "vervolg", "action_grens")["text"]


def test_a_question_takes_over_the_name(talk):
    talk.turn("schaal gemeentesecretaris", "vraag_schaal")
    assert "gemeentesecretaris" in talk.turn("en de opleiding?", "vraag_opleiding")["text"]


def test_a_new_name_replaces_the_old_one(talk):
    talk.turn("schaal gemeentesecretaris", "vraag_schaal")
    answer = talk.turn("wat doet een zweminstructeur", "vraag_taken")
    assert "gemeentesecretaris" not in answer["text"].lower()


def test_a_reading_that_fits_the_names_is_preferred(talk):
    answer = talk.turn("is dat zwaar, zweminstructeur", "vraag_gedrag", ranking=["vraag_gedrag", "vraag_werksituaties"])
    assert answer["kind"] == "functie.werksituaties"


def test_salary_is_dated_and_never_todays(talk):
    now = talk.turn("hoeveel euro is schaal 8", "vraag_salaris", "action_onderwerp")
    assert now["outcome"] == "out_of_scope"
    assert "€" not in now["text"]
    pressed = talk.turn(now["buttons"][0]["payload"], "vraag_salaris", "action_onderwerp")
    assert pressed["outcome"] == "answered"
    assert "€ 2.459" in pressed["text"] and "1 juli 2020" in pressed["text"] and "36 uur" in pressed["text"]
    assert pressed["sources"][0]["date"] == "2020-07-01"


def test_subjects_answer_with_their_source_and_figures(talk):
    answer = talk.turn("tegenspraak", "onderwerp/onderzoek.tegenspraak", "action_onderwerp")
    assert "96 procent" in answer["text"]
    assert answer["data"]["cijfers"][0]["waarde"] == 96
    assert answer["sources"][0]["id"] == "onderzoek-vakmanschap"


def test_the_guides_interest_is_said(talk):
    answer = talk.turn("hoe snel beginnen", "onderwerp/interim.starten", "action_onderwerp")
    assert "bemiddelaar" in answer["text"]


def test_advice_ends_with_a_person(talk):
    answer = talk.turn("ik ben ondersteuner en wil verder", "vraag_volgende_stap", "action_advies")
    assert answer["kind"] == "advies.volgende_stap"
    assert "senior ondersteuner" in answer["text"] and "loopbaanadviseur" in answer["text"]
    assert "zelfstandigheid" in answer["text"]


@pytest.mark.parametrize(
    ("understood", "outcome"),
    [
        ("groet", "smalltalk"), ("bedankt", "smalltalk"), ("wie_ben_je", "smalltalk"), ("vraag_herkomst", "smalltalk"),
        ("privacy", "smalltalk"), ("mens_spreken", "handoff"), ("crisis", "handoff"), ("schelden", "smalltalk"),
        ("wartaal", "clarification"), ("andere_taal", "out_of_scope"), ("buiten_bereik/pensioen", "out_of_scope"),
        ("buiten_bereik/algemeen", "out_of_scope"), ("buiten_bereik/onbekende_functie", "out_of_scope"),
    ],
)  # fmt: skip
def test_the_conversation_itself(talk, understood, outcome):
    assert talk.turn("xx", understood, "action_gesprek")["outcome"] == outcome


def test_crisis_names_help(talk):
    text = talk.turn("xx", "crisis", "action_grens")["text"]
    assert "113" in text and "0800-0113" in text and "112" in text


def test_unsure_offers_at_most_three_readings(talk):
    answer = talk.turn(
        "iets met interim",
        "nlu_fallback",
        "action_grens",
        ranking=["onderwerp/interim.starten", "onderwerp/interim.moment", "wat_kun_je", "onderwerp/interim.hybride"],
    )
    assert answer["outcome"] == "clarification"
    assert len(answer["buttons"]) == 3
    second = talk.turn("de tweede", "nlu_fallback", "action_grens", ranking=["groet"])
    assert second["kind"] == "interim.moment"


def test_nothing_to_offer_is_an_honest_dont_know(talk):
    answer = talk.turn("qwerty", "nlu_fallback", "action_grens", ranking=["crisis"])
    assert (answer["outcome"], answer["kind"]) == ("out_of_scope", "gesprek.weet_niet")


def test_database_gone_is_told_kindly_and_nothing_is_forgotten(talk, monkeypatch, caplog):
    talk.turn("schaal gemeentesecretaris", "vraag_schaal")
    kept = dict(talk.slots)

    def gone():
        raise KnowledgeUnavailable("weg")

    with monkeypatch.context() as patch:
        patch.setattr(base, "current_store", gone)
        answer = talk.turn("en mijn geheime vraag", "vraag_opleiding")
    assert answer["outcome"] == "error"
    assert "probeer het zo nog eens" in answer["text"]
    assert "geheime" not in caplog.text
    assert talk.slots == kept


def test_a_bug_never_reaches_the_person(talk, monkeypatch, caplog):
    def broken(turn):
        raise RuntimeError(turn.text)

    monkeypatch.setitem(registry._HANDLERS, "vraag_taken", broken)
    answer = talk.turn("wat doet een adviseur, zei ik in vertrouwen", "vraag_taken")
    assert answer["outcome"] == "error"
    assert "RuntimeError" in caplog.text and "vertrouwen" not in caplog.text
