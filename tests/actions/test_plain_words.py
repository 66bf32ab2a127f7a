"""Messages whose words say plainly what is asked in this conversation, and names that they point at."""

from __future__ import annotations

import pytest

from tests.actions.talk import Conversation


@pytest.fixture
def talk(store, monkeypatch):
    return Conversation(store, monkeypatch)


def test_a_subject_is_taken_up_again_after_a_question_about_something_else(talk):
    talk.turn("wat doet het cluster beleid en ontwikkeling", "onderwerp/organisatie.cluster_beleid")
    talk.turn("schaal van de adviseur?", "vraag_schaal")
    ranking = ["onderwerp/organisatie.clusters_fte", "vraag_formatie"]
    reply = talk.turn("ok en dat cluster dan, met hoeveel fte doen ze dat?", ranking[0], ranking=ranking)
    assert reply["kind"].startswith("organisatie.") and "13" in reply["text"]


def test_how_much_after_fte_asks_no_pay(talk):
    talk.turn("welke functie heeft de meeste fte", "vraag_grootste_formatie")
    reply = talk.turn("en hoeveel bedraagt die dan?", "vraag_salaris")
    assert reply["kind"] == "functie.formatie" and "11 fte" in reply["text"]


def test_two_aspects_with_a_question_word_each_are_both_answered(talk):
    reply = talk.turn("welk diploma, dus welke opleiding, vraagt een adviseur en welke schaal is dat?", "vraag_schaal")
    assert "schaal 10" in reply["text"] and "hbo" in reply["text"]


def test_a_word_that_begins_as_a_listed_competency_points_at_it(talk):
    talk.turn("welke competenties heeft de beheerder accommodaties", "vraag_competenties")
    reply = talk.turn("welk niveau heeft dat konflictgebeuren", "vraag_competentie_niveau")
    assert "conflicthantering" in reply["text"].lower() and "**B**" in reply["text"]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [("en het laagste?", ["2.943"]), ("tot welk bedrag loopt dat?", ["4.450"]), ("zit er een maximum aan het loon?", ["4.450"])],
)  # fmt: skip
def test_the_ends_of_a_scale_are_those_of_the_dated_table(talk, text, amounts):
    talk.turn("wat betaalt schaal 10", "vraag_salaris")
    reply = talk.turn(text, "vraag_salaris")
    assert "2020" in reply["text"] and all(amount in reply["text"] for amount in amounts)


@pytest.mark.parametrize(
    ("first", "text"),
    [
        (
            "in welke schaal zit de senior ondersteuner",
            "en de schaal die daar net boven zit, wie zijn dat allemaal zo?",
        ),
        ("ik ben senior ondersteuner, welke schaal is dat", "welke functies staan een schaal boven mijn functie?"),
    ],
)
def test_the_scale_next_to_the_one_that_was_talked_of(talk, first, text):
    talk.turn(first, "vraag_schaal")
    reply = talk.turn(text, "vraag_schaal")
    assert reply["kind"] == "schaal.functies" and "schaal 8" in reply["text"]


def test_which_functions_are_in_that_scale(talk):
    talk.turn("schaal zweminstructeur", "vraag_schaal")
    reply = talk.turn("welke functies vallen in diezelfde schaal?", "vraag_schaal")
    assert "reserveringen" in reply["text"] and "ndersteuner" in reply["text"]


@pytest.mark.parametrize(
    "text", ["plannen en organiseren, welk niveau is dat dan?", "wat voor niveau van plannen en organiseren vragen ze?"]
)
def test_the_level_of_a_competency_for_the_function_that_was_talked_of(talk, text):
    talk.turn("welke competenties heeft een ondersteuner", "vraag_competenties")
    reply = talk.turn(text, "onderwerp/organisatie.module_competenties")
    assert "ondersteuner" in reply["text"].lower() and "**C**" in reply["text"]


def test_whether_the_same_job_asks_another_competency(talk):
    talk.turn("wie heeft nauwkeurigheid op niveau B nodig", "vraag_functies_bij_competentie")
    reply = talk.turn("vragen ze bij die functie ook visie?", "vraag_taak_bij_functie")
    assert "beheerder" in reply["text"].lower() and "niet" in reply["text"]


def test_which_level_differs_after_a_comparison(talk):
    talk.turn("vergelijk adviseur III en adviseur IV", "vraag_verschil_functies")
    reply = talk.turn("van welke competentie verschilt het niveau dan?", "vraag_verschil_niveaus")
    assert reply["outcome"] == "answered" and reply["kind"] == "functie.vergelijking"


def test_what_a_document_is_silent_on_is_said_so(talk):
    talk.turn("waar is het onderzoek op gebaseerd", "onderwerp/onderzoek.overzicht")
    reply = talk.turn("staat er ook iets in over thuiswerken", "onderwerp/schaal.secundaire_voorwaarden")
    assert reply["kind"] == "onderzoek.ontbreekt"


def test_a_reply_to_which_function_is_one_also_in_a_sentence(talk):
    talk.turn("hogerop", "vraag_volgende_stap")
    reply = talk.turn("ben nu ondersteuner", "wie_ben_je", ranking=["wie_ben_je", "vertel_over_mij"])
    assert reply["kind"] == "advies.volgende_stap" and "senior ondersteuner" in reply["text"]


def test_two_subjects_that_are_named_are_both_answered(talk):
    ranking = ["onderwerp/leider.stressbestendigheid"]
    text = "ik wil weten wat stressbestendigheid en gedeeld leiderschap inhouden voor een leider"
    reply = talk.turn(text, ranking[0], ranking=ranking)
    assert "Stressbestendigheid betekent" in reply["text"] and "edeeld leiderschap" in reply["text"]


def test_the_senior_of_what_was_talked_of_earlier(talk):
    talk.turn("wat doet een beheerder", "vraag_taken")
    talk.turn("wat doet een gemeentesecretaris", "vraag_taken")
    reply = talk.turn("en die senior, welke opleiding vraagt die?", "vraag_opleiding")
    assert "senior beheerder" in reply["text"]


def test_a_level_with_a_number_is_one_of_mbo(talk):
    reply = talk.turn("waar kan ik terecht met niveau 2", "vraag_functies_bij_opleiding")
    assert "zweminstructeur" in reply["text"].lower()


def test_what_one_is_in_three_words(talk):
    talk.turn("44, beleidsadviseur, uitgekeken", "vertel_over_mij")
    reply = talk.turn("iets op gelijk niveau?", "vraag_volgende_stap")
    assert "regisseur" in reply["text"].lower()


def test_ones_own_work_set_beside_another_is_not_that_other(talk):
    talk.turn("ik ben zweminstructeur", "vertel_over_mij")
    talk.turn("vergelijk mijn werk en medewerker reserveringen", "vraag_verschil_functies")
    assert "zweminstructeur" in talk.turn("wat weet je van mij?", "wat_weet_je_van_mij")["text"].lower()


def test_a_story_about_ones_work_finds_the_function(talk):
    text = (
        "Ik hou al jaren de sporthal draaiende: lampen vervangen, de ketel nakijken, de zaal openen voor verenigingen "
        "en de inspecties doen. Welke functie uit het boek past daar het meeste bij?"
    )
    reply = talk.turn(text, "vraag_grootste_formatie")
    assert reply["kind"] == "functie.bij_taak" and "beheerder accommodaties" in reply["text"]


def test_the_career_conversation_gives_way_to_a_question(talk):
    talk.turn("loopbaangesprek", "loopbaangesprek")
    talk.turn("ik ben beheerder", "vertel_over_mij")
    reply = talk.turn("stop maar met vragen. in welke schaal zit een senior beheerder?", "vraag_schaal")
    assert "schaal 9" in reply["text"] and "Vraag" not in reply["text"]


@pytest.mark.parametrize(
    ("text", "understood", "outcome"),
    [("en de opleiding van adviseur", "vraag_opleiding", "answered"), ("kan ik een echt mens krijgen", "mens_spreken", "handoff")],
)  # fmt: skip
def test_the_career_conversation_goes_on_after_a_question(talk, text, understood, outcome):
    talk.turn("loopbaangesprek", "loopbaangesprek")
    talk.turn("ik ben beheerder", "vertel_over_mij")
    reply = talk.turn(text, understood)
    assert reply["outcome"] == outcome and "Terug naar ons gesprek" in reply["text"]


def test_how_many_of_a_function_asks_its_fte(talk):
    ranking = ["vraag_salaris", "vraag_formatie"]
    reply = talk.turn("hoeveel adviseurs werken er straks", ranking[0], ranking=ranking)
    assert reply["kind"] == "functie.formatie"


def test_thanks_before_a_question_are_politeness(talk):
    reply = talk.turn("Dank u. Kunt u mij doorverbinden met een medewerker?", "mens_spreken", ranking=["mens_spreken", "bedankt"])  # fmt: skip
    assert reply["outcome"] == "handoff"


def test_what_somebody_does_is_asked_whatever_the_story(talk):
    text = "na acht jaar thuis met de kinderen wil ik weer werken, wat doet een ondersteuner zoal"
    ranking = ["onderwerp/advies.herintreden", "vraag_taken"]
    assert talk.turn(text, ranking[0], ranking=ranking)["kind"] == "functie.taken"


def test_a_diploma_that_is_named_is_what_the_question_is_about(talk):
    ranking = ["onderwerp/organisatie.functie", "vraag_functies_bij_opleiding"]
    reply = talk.turn("bestaat er iets waar ze mbo 3 willen", ranking[0], ranking=ranking)
    assert "reserveringen" in reply["text"]


@pytest.mark.parametrize(
    ("before", "text", "kind"),
    [
        ("onderzoek.werkgever_provincie", "en alle anderen?", "onderzoek.werkgevers"),
        ("onderzoek.trots", "hoeveel procent is dat precies?", "onderzoek.trots"),
        ("organisatie.cluster_grootste", "en de andere twee?", "organisatie.cluster_grootste"),
    ],
)
def test_the_rest_the_others_and_how_much_of_a_subject(talk, before, text, kind):
    talk.turn("vertel", f"onderwerp/{before}")
    assert talk.turn(text, "vraag_keuze_uit")["kind"] == kind


def test_the_highest_scale_after_a_diploma_is_that_of_the_diploma(talk):
    talk.turn("ik heb mbo niveau 4, welke functies passen daarbij", "vraag_functies_bij_opleiding")
    reply = talk.turn("en wat is dan de hoogste schaal?", "vraag_hoogste_schaal")
    assert "schaal 8" in reply["text"] and "gemeentesecretaris" not in reply["text"]


def test_the_total_after_the_fte_of_some(talk):
    talk.turn("hoeveel fte is er voor de adviseur", "vraag_formatie")
    assert "45" in talk.turn("en wat is het totaal?", "vraag_formatie")["text"]


def test_a_colleague_in_a_higher_scale_is_no_question_about_scales(talk):
    text = "een collega doet hetzelfde werk als ik maar zit in schaal 9, ik in 8"
    assert talk.turn(text, "vraag_functies_in_schaal")["kind"] == "advies.collega_meer"


def test_what_a_competency_means_after_its_level(talk):
    talk.turn("op welk niveau heeft een beheerder nauwkeurigheid nodig", "vraag_competentie_niveau")
    assert talk.turn("wa betekent dat", "vraag_salaris")["kind"].startswith("competentie.")


def test_the_strategic_one_in_english(talk):
    talk.turn("wat is de salary scale van een beleidsadviseur?", "vraag_schaal")
    ranking = ["onderwerp/advies.strategischer", "vraag_keuze_uit"]
    assert "schaal 12" in talk.turn("and the strategic one?", ranking[0], ranking=ranking)["text"]


def test_a_few_words_with_a_function_are_about_that_function(talk):
    talk.turn("welke normfunctie heeft de zweminstructeur", "vraag_normfunctie")
    ranking = ["onderwerp/advies.collega_meer"]
    reply = talk.turn("And my colleague, medewerker reserveringen?", ranking[0], ranking=ranking)
    assert reply["kind"] == "functie.normfunctie"


def test_which_functions_are_in_a_scale_after_a_subject_about_scales(talk):
    talk.turn("waarom is er niemand in schaal 13", "onderwerp/schaal.schaal_13")
    assert "trategisch" in talk.turn("welke functies zitten er in 12?", "vraag_functies_in_schaal")["text"]


def test_what_a_function_earns_now_is_its_scale_and_the_offer_of_the_dated_table(talk):
    reply = talk.turn("wat verdien je als beheerder accommodaties?", "buiten_bereik/salaris_nu")
    assert (
        "weet ik niet" in reply["text"]
        and "2020" in reply["text"]
        and reply["text"].startswith("**Beheerder accommodaties** zit in **schaal 8**")
    )
    assert "€" not in reply["text"] and reply["buttons"][0]["title"] == "Toon de tabel van 2020"
    reply = talk.turn("is dat bedrag nog actueel voor mijn gesprek?", "buiten_bereik/rechten")
    assert reply["kind"].endswith("salaris") and "€" not in reply["text"]


def test_just_the_amount_is_not_the_plain_function(talk):
    talk.turn("welke schaal heeft een beleidsadviseur", "vraag_schaal")
    talk.turn("en de strategische?", "vraag_schaal")
    assert "5.814" in talk.turn("wat was daarvan het maximum, gewoon in euro", "vraag_salaris")["text"]


def test_one_step_lower_in_english(talk):
    talk.turn("welke functies zitten in schaal 12", "vraag_functies_in_schaal")
    assert "schaal 11" in talk.turn("and one step lower?", "onderwerp/advies.stap_terug")["text"]


def test_another_level_is_set_beside_the_one_before(talk):
    talk.turn("wat houdt conflicthantering niveau C in", "vraag_gedrag")
    for text in ("en niveau D, is dat minder?", "En D, is dat dan meer of minder?"):
        assert talk.turn(text, "onderwerp/schaal.niveaus")["kind"] == "competentie.verschil_niveaus"
        talk.turn("wat houdt conflicthantering niveau C in", "vraag_gedrag")


def test_who_alone_asks_who_needs_the_competency(talk):
    talk.turn("wat houdt klantgerichtheid niveau D in", "vraag_gedrag")
    assert "dministratief medewerker" in talk.turn("wie", "vraag_functie_bij_taak")["text"]


def test_strong_points_with_what_suits_ask_for_functions(talk):
    text = "Mijn sterke kanten zijn klantgerichtheid en nauwkeurigheid. Wat past daarbij?"
    assert talk.turn(text, "vraag_competentie")["kind"].startswith("advies.")


def test_who_wants_to_speak_to_somebody_gets_the_contact(talk):
    assert talk.turn("ik wil graag een medewerker spreken over werk", "loopbaangesprek")["outcome"] == "handoff"


def test_a_job_in_which_one_does_something(talk):
    reply = talk.turn("bestaat er een functie waarin je zwemles geeft?", "onderwerp/organisatie.coordinatiemodule")
    assert "zweminstructeur" in reply["text"]


def test_what_everybody_must_have_is_not_asked_of_ones_own_function(talk):
    ranking = ["onderwerp/organisatie.organisatiebrede_competenties", "vraag_competenties"]
    text = "ik ben gemeentesecretaris elders. welke competenties vragen ze in Ommen van iedereen?"
    assert talk.turn(text, ranking[0], ranking=ranking)["kind"] == "organisatie.organisatiebrede_competenties"


def test_a_word_of_the_field_in_a_story_asks_nothing(talk):
    ranking = ["onderwerp/schaal.vastlopen"]
    text = (
        "Ik ben ondersteuner, al negen jaar, en ik zit aan het einde van mijn schaal. Ieder jaar hoor ik hetzelfde van mijn "
        "chef en ieder jaar verandert er niets. Wat raad je me aan?"
    )
    assert talk.turn(text, ranking[0], ranking=ranking)["kind"] == "schaal.vastlopen"


def test_the_lowest_of_what_was_listed_comes_first(talk):
    talk.turn("vergelijk beheerder, adviseur en beleidsadviseur", "vraag_verschil_functies")
    reply = talk.turn("welke daarvan zit het laagst in schaal?", "vraag_laagste_schaal")
    assert reply["text"].startswith("**Beheerder** staat het laagst")


def test_ones_own_scale_during_the_career_conversation(talk):
    talk.turn("loopbaangesprek", "loopbaangesprek")
    talk.turn("ik ben senior administratief medewerker", "vertel_over_mij")
    assert "schaal 5" in talk.turn("in welke schaal zit ik dan", "vraag_schaal")["text"]


def test_a_reeks_names_its_groups(talk):
    reply = talk.turn("welke functiegroepen heeft de functiereeks Beleid?", "vraag_functies_in_reeks")
    assert reply["text"].startswith("Functiereeks **Beleid** heeft de functiegroepen ")


def test_until_when_is_no_goodbye(talk, monkeypatch):
    talk.turn("hoe zijn de vooruitzichten", "onderwerp/beroep.vooruitzicht")
    ranking = ["afscheid", "onderwerp/beroep.actueel"]
    assert talk.turn("tot wanneer", ranking[0], ranking=ranking)["kind"] == "beroep.actueel"


def test_who_does_such_work_is_asked_the_same(talk):
    talk.turn("welk niveau conflicthantering heeft een senior administratief medewerker", "vraag_competentie_niveau")
    reply = talk.turn("en iemand die zwemles geeft?", "vraag_functie_bij_taak")
    assert reply["kind"] == "competentie.niveau" and "zweminstructeur" in reply["text"].lower()


def test_enough_after_an_education_is_about_the_diploma(talk):
    talk.turn("welke opleiding heeft een zweminstructeur nodig", "vraag_opleiding")
    reply = talk.turn("ik heb hbo gedaan, is dat genoeg", "vertel_over_mij")
    assert reply["kind"] == "functie.opleiding"


def test_a_scale_higher_than_ones_own(talk):
    talk.turn("ik ben senior administratief medewerker", "vertel_over_mij")
    talk.turn("welke schaal heeft een administratief medewerker", "vraag_schaal")
    text = "en stel dat ik een schaal hoger wil dan ik nu zit, welke functies komen dan in beeld?"
    assert "schaal 6" in talk.turn(text, "vraag_functies_in_schaal")["text"]


def test_words_of_distress_in_passing_are_no_cry_for_help(talk):
    talk.turn("ik zit vast in mijn schaal", "onderwerp/schaal.vastlopen")
    ranking = ["wat_weet_je_van_mij", "vertel_over_mij", "bedankt", "crisis"]
    reply = talk.turn("Ik ben senior ondersteuner, had ik dat al gezegd?", ranking[0], ranking=ranking)
    assert "enior ondersteuner" in reply["text"] and reply["outcome"] == "smalltalk"


def test_leave_that_be_ends_the_career_conversation(talk):
    talk.turn("loopbaangesprek", "loopbaangesprek")
    talk.turn("ik ben ondersteuner", "vertel_over_mij")
    reply = talk.turn("laat dat gesprek maar. in welke schaal zit ik nu?", "vraag_schaal")
    assert "schaal 6" in reply["text"] and "Vraag 2" not in reply["text"]


def test_the_first_step_of_a_scale_that_was_talked_of(talk):
    talk.turn("wat was in 2020 het maximum van schaal 6", "vraag_salaris")
    assert "1.915" in talk.turn("en als je net begint?", "onderwerp/advies.zonder_ervaring")["text"]


@pytest.mark.parametrize("text", ["welke functie", "en bij welke functies?"])
def test_which_function_after_a_level(talk, text):
    talk.turn("wat houdt nauwkeurigheid niveau B in", "vraag_gedrag")
    assert "Beheerder" in talk.turn(text, "vraag_functie_bij_taak")["text"]


def test_competencies_set_beside_those_of_another_function(talk):
    talk.turn("welke competenties heeft adviseur III", "vraag_competenties")
    reply = talk.turn("welke daarvan ligt bij adviseur IV lager?", "vraag_keuze_uit")
    assert reply["kind"] == "functie.vergelijking" and "visie" in reply["text"]


def test_the_first_of_a_subjects_points_and_not_of_its_buttons(talk):
    talk.turn("wat is de set", "onderwerp/leider.set")
    assert talk.turn("de eerste?", "vraag_keuze_uit")["kind"] == "leider.reflecteren"
    talk.turn("wat is reflecteren", "onderwerp/leider.reflecteren")
    assert talk.turn("noem de rest ook", "vraag_keuze_uit")["kind"] == "leider.set"


def test_how_many_reeksen(talk):
    reply = talk.turn("hoeveel functiereeksen zijn er en welke?", "onderwerp/organisatie.twee_delen")
    assert "Dienstverlening" in reply["text"] and "Beleid" in reply["text"]


def test_the_plain_one_of_what_is_plain_already(talk):
    talk.turn("schaal adviseur", "vraag_schaal")
    assert "schaal 10" in talk.turn("de gewone", "vraag_eenvoudiger")["text"]


def test_what_is_known_of_me_in_english(talk):
    talk.turn("ik ben beleidsadviseur", "vertel_over_mij")
    reply = talk.turn("what do you know about me so far?", "wat_weet_je_van_mij")
    assert "eleidsadviseur" in reply["text"]


def test_a_button_without_one_of_its_words_is_not_pressed(talk):
    talk.turn("loopbaangesprek", "loopbaangesprek")
    talk.turn("ik ben ondersteuner", "vertel_over_mij")
    known = talk.turn("wat weet je van mij?", "wat_weet_je_van_mij")["text"].lower()
    assert "ondersteuner" in known and "senior" not in known


def test_a_scale_behind_the_name_of_a_subject(talk):
    reply = talk.turn("wat was in 2020 het maximum van schaal 6", "vraag_salaris")
    assert "schaal 6" in reply["text"].lower() and "2.875" in reply["text"]


def test_who_wants_more_pay_asks_for_advice(talk):
    text = "ik wil 100 euro meer verdienen per maand, hoe pak ik dat aan"
    assert talk.turn(text, "vraag_salaris")["kind"] == "advies.opslag"
