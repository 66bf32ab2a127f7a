"""Asking on after a subject: what a message means by its form, by a name in it, or by how little it says."""

from __future__ import annotations

import pytest

from bot.actions import reading, subjects
from bot.nlu import reader
from tests.actions.talk import Conversation


@pytest.fixture
def talk(store, monkeypatch):
    return Conversation(store, monkeypatch)


class Reads:
    """A model that reads every message after a subject as `labels`, the first with confidence `sure`."""

    def __init__(self, *labels: str, sure: float = 0.9) -> None:
        self.labels, self.sure, self.asked = labels, sure, 0

    def rank_after(self, before, title, text, entities):
        self.asked += 1
        found = []
        for place, label in enumerate(self.labels):
            name, _, detail = label.partition("/")
            found.append({"name": name, "confidence": self.sure / (place + 1)} | ({"full": label} if detail else {}))
        return found


@pytest.mark.parametrize(
    "text",
    [
        "som ze eens op",
        "wilt u ze noemen?",
        "Kan je ze even allemaal opnoemen",
        "welke zeven zijn dat",
        "en wat houdt dat dan in?",
        "wat is dat precies?",
        "Wat wordt daarmee bedoeld?",
        "om welke reden?",
    ],
)
def test_all_of_the_subject_is_told_again(talk, text):
    talk.turn("wat moet een publieke leider kunnen", "onderwerp/leider.set")
    assert talk.turn(text, "wie_ben_je", ranking=["wie_ben_je", "vraag_taken"])["kind"] == "leider.set"


def test_what_was_asked_may_be_counted(talk):
    talk.turn("wat moet een publieke leider kunnen", "onderwerp/leider.set")
    reply = talk.turn("hoeveel zijn het er eigenlijk?", "buiten_bereik/algemeen")
    assert reply["kind"] == "leider.set" and "**7**" in reply["text"]


def test_another_number_is_no_count_of_the_points(talk, store):
    clusters = store.onderwerp("organisatie.clusters")
    assert subjects.counts(clusters, "hoeveel zijn dat er?") and subjects.counts(clusters, "hoeveel clusters zijn het")
    assert not subjects.counts(clusters, "hoeveel mensen zijn dat?")
    assert not subjects.counts(store.onderwerp("organisatie.dvo"), "hoeveel zijn dat er?")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("en die laatste, wat is dat?", "leider.stressbestendigheid"),
        ("leg de tweede eens uit", "leider.bestuurssensitiviteit"),
        ("vijfde?", "leider.gedeeld_leiderschap"),
    ],
)
def test_one_of_the_points_is_a_subject_of_its_own(talk, text, kind):
    talk.turn("wat moet een publieke leider kunnen", "onderwerp/leider.set")
    assert talk.turn(text, "vraag_eenvoudiger", ranking=["buiten_bereik/algemeen"])["kind"] == kind


def test_a_point_without_a_subject_is_told_with_the_others(talk):
    talk.turn("zijn er uitloopschalen", "onderwerp/schaal.uitloopschalen")
    assert talk.turn("die tweede, waarom dat?", "vraag_keuze_uit")["kind"] == "schaal.uitloopschalen"


def test_the_first_of_something_else_is_no_point(talk, store):
    talk.turn("hoe ziet zo'n loopbaan eruit", "onderwerp/interim.loopbaanpad")
    reply = talk.turn("wat zijn de eerste opdrachten?", "onderwerp/interim.eerste_opdrachten")
    assert reply["kind"] == "interim.eerste_opdrachten"


@pytest.mark.parametrize("text", ["en daarna?", "wat komt er dan?", "and after that?", "en vervolgens"])
def test_the_next_step_of_the_path_of_the_guide(talk, text):
    talk.turn("waar begin je als interimmer", "onderwerp/interim.eerste_opdrachten")
    assert talk.turn(text, "vraag_volgende_stap")["kind"] == "interim.volgende_opdrachten"


def test_a_group_that_is_called_like_a_function_is_one_of_the_survey(talk):
    talk.turn("hoeveel mensen deden mee aan het onderzoek", "onderwerp/onderzoek.aantal_respondenten")
    reply = talk.turn("en hoeveel beleidsadviseurs?", "vraag_formatie")
    assert reply["kind"] == "onderzoek.functie_beleidsadviseur"
    assert talk.turn("hoeveel fte heeft de beleidsadviseur?", "vraag_formatie")["kind"] == "functie.formatie"


def test_another_scale_after_the_one_without_functions(talk):
    talk.turn("zit er iets in schaal 13", "onderwerp/schaal.schaal_13")
    reply = talk.turn("en schaal 9?", "onderwerp/schaal.schaal_13")
    assert reply["kind"] == "schaal.functies" and "schaal 9" in reply["text"]


def test_another_diploma_after_the_level_of_one(talk):
    talk.turn("nlqf van havo?", "onderwerp/schaal.nlqf")
    reply = talk.turn("en een doctoraat?", "vraag_opleiding")
    assert reply["kind"] == "schaal.nlqf" and "doctoraat is niveau 8" in reply["text"]


def test_the_level_that_the_answer_itself_tells(talk):
    talk.turn("welke competenties vraagt die module", "onderwerp/organisatie.module_competenties")
    reply = talk.turn("op welk niveau?", "vraag_competentie_niveau")
    assert reply["kind"] == "organisatie.module_competenties" and "niveau B" in reply["text"]


@pytest.mark.parametrize("text", ["van wie komt dat?", "welk jaar?"])
def test_a_message_of_few_words_stays_with_its_subject_however_sure_the_model_is(talk, monkeypatch, text):
    monkeypatch.setattr(reader, "_loaded", [Reads("onderwerp/beroep.bron_cijfers")])
    talk.turn("hoe is de kans op werk", "onderwerp/beroep.vooruitzicht")
    ranking = ["onderwerp/onderzoek.wanneer"]
    assert talk.turn(text, ranking[0], ranking=ranking)["kind"] == "beroep.bron_cijfers"


def test_read_alike_by_itself_and_after_the_subject_it_turns_to_another(talk, monkeypatch):
    monkeypatch.setattr(reader, "_loaded", [Reads(reader.ELSEWHERE, "onderwerp/beroep.wat")])
    talk.turn("hoe is de kans op werk", "onderwerp/beroep.vooruitzicht")
    ranking = ["onderwerp/schaal.hr21"]
    assert talk.turn("hr21, wat is dat voor iets?", ranking[0], ranking=ranking)["kind"] == "schaal.hr21"


def test_a_document_that_is_named_is_asked_about(talk, monkeypatch):
    monkeypatch.setattr(reader, "_loaded", [Reads("onderwerp/schaal.minimumtermijn")])
    talk.turn("hoe lang moet ik blijven", "onderwerp/schaal.hogere_schaal")
    ranking = ["onderwerp/interim.jaren_ervaring", "onderwerp/schaal.minimumtermijn"]
    assert talk.turn("en voor interim?", ranking[0], ranking=ranking)["kind"] == "interim.jaren_ervaring"


def test_a_subject_that_is_named_in_full_outweighs_the_words_around_it(talk):
    ranking = ["onderwerp/interim.gids_zwijgt", "onderwerp/interim.uitdagingen"]
    reply = talk.turn("wat schrijft de gids over de nadelen van interim", ranking[0], ranking=ranking)
    assert reply["kind"] == "interim.uitdagingen"


def test_what_no_source_answers_isnt_pulled_back_to_the_subject(talk, monkeypatch):
    monkeypatch.setattr(reader, "_loaded", [Reads("onderwerp/organisatie.baas", sure=0.5)])
    talk.turn("welke clusters zijn er", "onderwerp/organisatie.clusters")
    reply = talk.turn("wie zit er in het college?", "buiten_bereik/persoon")
    assert reply["outcome"] == "out_of_scope"


def test_the_survey_is_no_reading_of_a_function(talk):
    ranking = ["onderwerp/onderzoek.competenties", "vraag_competenties"]
    reply = talk.turn("wat moet een zweminstructeur in huis hebben", ranking[0], ranking=ranking)
    assert reply["kind"] != "onderzoek.competenties"


def test_strong_points_of_a_leader_are_the_leaders_own(talk):
    ranking = ["vraag_sterke_punten", "onderwerp/leider.gedeeld_leiderschap"]
    reply = talk.turn("ik kan goed netwerken, welke leiderscompetentie is dat", ranking[0], ranking=ranking)
    assert reply["kind"] == "leider.gedeeld_leiderschap"


def test_who_is_meant_doesnt_change_the_subject(talk):
    talk.turn("hoe lang blijf je specialist", "onderwerp/interim.specialist_of_breed")
    assert talk.turn("als interimmer bedoel ik", "bevestig")["kind"] == "interim.specialist_of_breed"


def test_everyday_precisely_is_no_competency(talk):
    assert not any(e["entity"] == "competentie" for e in talk.recogniser.entities("wat houdt dat precies in?"))
    assert any(e["entity"] == "competentie" for e in talk.recogniser.entities("ik ben heel precies"))


def test_the_path_names_subjects_that_exist(store):
    names = {*subjects._PATH, *subjects._PATH.values(), *subjects._OF_SCALES, subjects._OF_DIPLOMAS}
    assert [name for name in names if store.onderwerp(name) is None] == []
    assert all(label in reading._PART_OF_SUBJECT for label in reading._IN_ANSWER)


@pytest.mark.parametrize(
    "text", ["hoeveel mensen hebben die rol?", "en om hoeveel plekken gaat dat", "hoeveel fte is dat"]
)
def test_how_many_have_the_module(talk, text):
    talk.turn("wat is de coördinatiemodule", "onderwerp/organisatie.coordinatiemodule")
    assert "3 fte" in talk.turn(text, "vraag_formatie")["text"]
