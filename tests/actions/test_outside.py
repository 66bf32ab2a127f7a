"""Questions about functions that the book does not have."""

from __future__ import annotations

import pytest

from tests.actions.talk import Conversation

UNKNOWN = "gesprek.buiten_onbekende_functie"


@pytest.fixture
def talk(store, monkeypatch):
    return Conversation(store, monkeypatch)


@pytest.mark.parametrize(
    ("text", "understood", "says"),
    [
        ("wat verdient een boa", "vraag_salaris", "Boa staat niet in dit functieboek"),
        ("wat doet een griffier", "vraag_taken", "Griffier staat niet"),
        ("welke opleiding vraagt wmo consulent", "vraag_opleiding", "**beheerder** en **senior beheerder**"),
        ("bestuursjurist schaal", "buiten_bereik/onbekende_functie", "Bestuursjurist staat niet"),
        ("competenties van een projektleider", "vraag_competenties", "Projectleider staat niet"),
        ("CISO en HR-adviseur schaal", "vraag_schaal", "CISO en HR-adviseur staan niet"),
        ("jurist of controller, wat is het verschil", "vraag_verschil_functies", "- Jurist: het dichtst"),
        ("teamleider burgerzaken schaal", "vraag_schaal", "alleen de gemeentesecretaris leidinggevende"),
        ("ik wil boa worden, wat mis ik nog", "vraag_wat_ontbreekt", "Boa staat niet"),
        ("welke functie is een boa hier", "vraag_functie_bij_taak", "Boa staat niet"),
        ("boa?", "nlu_fallback", "Boa staat niet"),
        ("boswachter in het bos", "buiten_bereik/andere_sector", "Boswachter staat niet"),
        ("woordvoerder vs communicatieadviseur, verschil?", "onderwerp/organisatie.communicatie", "en communicatieadviseur staan niet"),
        ("financieel medewerker naar financieel adviseur", "onderwerp/interim.financieel_klaar", "Financieel medewerker en financieel adviseur staan niet"),
        (
            "Ik ben controller bij een middelgroot bedrijf in de bouw en wil naar de publieke sector, al weet ik niet goed of dat kan. "
            "In welke schaal zit een dergelijke functie doorgaans bij een gemeente?",
            "vraag_schaal",
            "Controller staat niet",
        ),
    ],
)  # fmt: skip
def test_it_says_that_the_book_does_not_have_it(talk, text, understood, says):
    answer = talk.turn(text, understood)
    assert (answer["outcome"], answer["kind"]) == ("out_of_scope", UNKNOWN)
    assert says in answer["text"]


def test_what_is_nearest_can_be_asked_for(talk):
    answer = talk.turn("wat doet een inkoper", "vraag_taken")
    assert "komt **regisseur/adviseur**" in answer["text"] and "Dezelfde functie is het niet" in answer["text"]
    assert [b["title"] for b in answer["buttons"]] == ["Wat doet een regisseur/adviseur?", "Alle functies"]


def test_without_a_nearest_none_is_named(talk):
    answer = talk.turn("schaal vuilnisman", "vraag_schaal")
    assert "dichtst" not in answer["text"] and "HR of de organisatie zelf" in answer["text"]


def test_a_function_of_the_book_is_answered(talk):
    assert talk.turn("mijn broer is boa, schaal beheerder?", "vraag_schaal")["kind"] == "functie.schaal"


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("wie houdt toezicht op het onderhoud dat de schoonmaker doet", "vraag_functie_bij_taak"),
        ("staat er iets over woordvoerders bij leiders", "onderwerp/leider.overzicht"),
        ("welke functies passen bij hbo als ik jurist ben", "vraag_functies_bij_opleiding"),
        ("ik ben boa, welke functies zijn er", "vraag_functielijst"),
    ],
)
def test_other_questions_stay_as_they_are(talk, text, understood):
    assert talk.turn(text, understood)["kind"] != UNKNOWN


def test_a_fragment_goes_on(talk):
    talk.turn("schaal van de beheerder", "vraag_schaal")
    assert talk.turn("en van een boa?", "vervolg")["kind"] == UNKNOWN


def test_a_pronoun_keeps_the_function_of_the_conversation(talk):
    talk.turn("wat doet een adviseur", "vraag_taken")
    answer = talk.turn("overlegt die ook met de griffier", "vraag_taak_bij_functie")
    assert answer["kind"] != UNKNOWN


def test_a_next_step_is_that_of_the_nearest(talk):
    answer = talk.turn("ik ben jurist, wat is mijn volgende stap", "vraag_volgende_stap")
    assert answer["outcome"] == "answered" and answer["kind"].startswith("advies.")
    assert answer["text"].startswith("Jurist staat niet in dit functieboek. Het dichtst daarbij komt **adviseur**.")


def test_a_next_step_without_a_nearest_is_asked_about(talk):
    answer = talk.turn("ik ben brugwachter, wat is mijn volgende stap", "vraag_volgende_stap")
    assert answer["outcome"] == "clarification"
    assert answer["text"].startswith("Brugwachter staat niet in dit functieboek.")


def test_somebody_else_is_not_the_person_who_asks(talk):
    answer = talk.turn("mijn teamleider zegt niets, wat is mijn volgende stap", "vraag_volgende_stap")
    assert "eamleider" not in answer["text"]


def test_what_is_missing_goes_from_the_nearest_to_the_goal(talk):
    answer = talk.turn("ik ben boa, wat mis ik nog voor senior beheerder", "vraag_wat_ontbreekt")
    assert answer["text"].startswith("Boa staat niet in dit functieboek.")
    kloof = answer["data"]["kloof"]
    assert (kloof["van"]["id"], kloof["naar"]["id"]) == ("beheerder", "senior-beheerder")


def test_a_comparison_says_which_is_known(talk):
    answer = talk.turn("verschil tussen adviseur en communicatieadviseur", "vraag_verschil_functies")
    assert answer["kind"] == "functie.taken"
    assert "vergelijken kan ik niet. Over adviseur weet ik wel iets." in answer["text"]


def test_from_one_to_another_is_answered_for_the_nearest(talk):
    answer = talk.turn("klantmanager naar auditor, kan dat", "buiten_bereik/onbekende_functie")
    assert answer["text"].startswith("Klantmanager en auditor staan niet in dit functieboek. Ik ga uit van")
    assert answer["kind"] != UNKNOWN and answer["outcome"] == "answered"
    same = talk.turn("woordvoerder naar communicatieadviseur", "buiten_bereik/onbekende_functie")
    assert same["kind"] == UNKNOWN


def test_two_functions_in_a_longer_story_are_not_set_side_by_side(talk):
    text = "bij ons werken een jurist en controller samen aan de afspraken met het bestuur, hoe werk je zelf aan een netwerk"
    assert talk.turn(text, "onderwerp/interim.netwerken")["kind"] == "interim.netwerken"
