"""Conversations turn by turn: what a message leaves out is taken from what was said before.

`understood` is what the model would make of the message on its own; often that is wrong, and the conversation mends it.
"""

from __future__ import annotations

import pytest

from bot.actions.context import MAX_QUESTION_LENGTH, Context
from bot.nlu import reader
from tests.actions.talk import Conversation

CONVERSATIONS = [
    (
        "a relative, and a pronoun after it",
        [
            ("welke schaal hangt er aan beheerder accommodaties?", ["vraag_schaal"], "schaal 8"),
            ("en de senior daarvan?", ["vervolg/fragment"], "schaal 9"),
            ("oké en wat voor papiertje moet die hebben?", ["vraag_opleiding"], "hbo"),
        ],
    ),
    (
        "the strategic one, then the latter",
        [
            ("hoeveel formatieplaatsen zijn er voor de regisseur/adviseur", ["vraag_formatie"], "11 fte"),
            ("en voor de strategische tegenhanger van die functie?", ["buiten_bereik/algemeen"], "1 fte"),
            ("welke schaal geniet laatstgenoemde?", ["praatje", "vraag_schaal"], "schaal 12"),
        ],
    ),
    (
        "asked back, answered with a name, then with a relative",
        [
            ("welke schaal krijg ik?", ["vraag_schaal"], "Over welke functie"),
            ("ondersteuner", ["vraag_taken"], "schaal 6"),
            ("en senior?", ["wartaal"], "schaal 7"),
        ],
    ),
    (
        "one level up",
        [
            ("wat houdt klantgerichtheid op niveau C in?", ["vraag_gedrag"], "niveau C"),
            ("en één niveau hoger?", ["vraag_schaal", "vraag_gedrag"], "niveau B"),
        ],
    ),
    (
        "not the senior one, misspelled",
        [
            ("wat doet n senior ondersteuner preceis", ["vraag_taken"], "Senior ondersteuner"),
            ("nee niet de senoir, de gewone", ["ontken"], "**Ondersteuner**"),
            ("en welk diploma moet die hebben", ["onderwerp/onderzoek.opleiding", "vraag_opleiding"], "mbo niveau 2"),
        ],
    ),
    (
        "without the first word",
        [
            ("hoeveel plekken zijn er voor strategisch beleidsadviseur", ["vraag_formatie"], "4 fte"),
            ("en zonder dat strategisch ervoor?", ["buiten_bereik/algemeen"], "7 fte"),
        ],
    ),
    (
        "those two, half in English",
        [
            ("normfunctie zweminstructeur", ["vraag_normfunctie"], "Medewerker educatie III"),
            ("en medewerker reserveringen?", ["vervolg/fragment"], "Medewerker publiek III"),
            ("same scale, die twee?", ["andere_taal", "vraag_keuze_uit", "vraag_schaal"], "Ja, dezelfde schaal"),
        ],
    ),
    (
        "the second of a list",
        [
            ("welke functies zitten in schaal 9", ["vraag_functies_in_schaal"], "Senior beheerder"),
            ("en de tweede?", ["vervolg/fragment"], "**Senior beheerder accommodaties**"),
        ],
    ),
    (
        "small talk in between is no new subject",
        [
            ("welke opleiding vraagt de functie adviseur?", ["vraag_opleiding"], "hbo"),
            ("haha leuk weetje", ["praatje"], "computerprogramma"),
            ("en de schaal?", ["vraag_schaal"], "schaal 10"),
        ],
    ),
    (
        "a button's title retyped with a slip of the pen",
        [
            ("welke schaal heeft de adviseur", ["vraag_schaal"], "schaal 10"),
            ("Copetenties", ["vraag_competentielijst"], "competenties"),
        ],
    ),
    (
        "shorter, simpler, source, more",
        [
            ("welke schaal heeft de adviseur", ["vraag_schaal"], "schaal 10"),
            ("korter graag", ["vraag_korter"], "Kort gezegd"),
            ("ik snap het niet", ["vraag_eenvoudiger"], "Een schaal is een loongroep"),
            ("waar staat dat", ["vraag_bron"], "Functieboek Ommen"),
            ("vertel meer", ["vraag_meer"], "adviseur"),
        ],
    ),
    (
        "what the person told is known, shown and forgotten",
        [
            ("ik ben nu ondersteuner en ik heb mbo 4", ["vertel_over_mij"], "ondersteuner (schaal 6)"),
            ("wat weet je van mij?", ["wat_weet_je_van_mij"], "mbo niveau 4"),
            ("vergeet dat", ["vergeet"], "vergeten"),
            ("wat weet je van mij?", ["wat_weet_je_van_mij"], "nog niets van je"),
        ],
    ),
    (
        "the latter and the former of a pair, in a question of its own",
        [
            ("verschil tussen de beleidsadviseur en de strategisch beleidsadviseur", ["vraag_verschil_functies"], "12"),
            ("hoeveel formatieplaatsen voor de eerstgenoemde?", ["vraag_formatie"], "7 fte"),
            ("En voor de laatstgenoemde?", ["vervolg/fragment", "vraag_competenties"], "4 fte"),
            ("welk diploma vraagt die tweede", ["vraag_opleiding"], "minimaal **wo**"),
        ],
    ),
    (
        "the same of another function, in words that ask nothing themselves",
        [
            ("opleiding strategisch regisseur/adviseur", ["vraag_opleiding"], "hbo"),
            ("Geldt voor de strategisch beleidsadviseur hetzelfde?", ["onderwerp/onderzoek.vaste_set"], "**wo**"),
            ("en wat vragen ze voor de beheerder", ["vraag_competenties"], "minimaal **mbo**"),
        ],
    ),
    (
        "not the one of the buildings",
        [
            ("welke normfunctie hoort bij beheerder accommodaties", ["vraag_normfunctie"], "locatie II"),
            ("die zonder accommodaties bedoel ik", ["vervolg/fragment"], "beleidsuitvoering III"),
        ],
    ),
    (
        "two aspects once more of a relative",
        [
            ("schaal en formatie van de regisseur/adviseur", ["vraag_schaal"], "11 fte"),
            ("en de strategische variant?", ["vervolg/fragment"], "schaal 12"),
        ],
    ),
    (
        "what was waiting, and one thing more",
        [
            ("welk diploma heb ik nodig?", ["vraag_opleiding"], "Over welke functie"),
            ("voor senior ondersteuner. en zeg er gelijk de schaal bij", ["vraag_schaal"], "schaal 7"),
            ("en de gewone?", ["vervolg/fragment"], "mbo niveau 2"),
        ],
    ),
    (
        "amounts: another scale, the hours, and today",
        [
            ("wat leverde schaal 8 op in de tabel van 2020", ["vraag_salaris"], "€"),
            ("Pardon, ik bedoelde 11A", ["vervolg/fragment"], "3.881"),
            ("voor hoeveel uur per week was dat", ["buiten_bereik/verlof"], "36 uur"),
            ("en nu?", ["wartaal"], "2020"),
        ],
    ),
    (
        "who needs it, who most, what it is",
        [
            ("wat is besluitvaardigheid", ["vraag_competentie"], "Besluitvaardigheid"),
            ("voor wie geldt dat", ["onderwerp/leider.doelgroep"], "Gemeentesecretaris"),
            ("Is zij de enige?", ["vraag_verschil_functies"], "Dit is de enige"),
            ("leg die eens uit", ["vraag_eenvoudiger"], "**Besluitvaardigheid**:"),
        ],
    ),
    (
        "another competency after the scale of those who need it",
        [
            ("welke functies vragen klantgerichtheid", ["vraag_functies_bij_competentie"], "Klantgerichtheid"),
            ("welke schaal heeft de zweminstructeur", ["vraag_schaal"], "schaal 6"),
            ("en nauwkeurigheid?", ["vervolg/fragment"], "Nauwkeurigheid** hoort bij"),
        ],
    ),
    (
        "a diploma more, and a function that it should reach",
        [
            ("welke functies passen bij mbo niveau 4", ["vraag_functies_bij_opleiding"], "enior ondersteuner"),
            ("en stel ik haal mijn hbo nog?", ["vraag_opleiding"], "adviseur"),
            ("mag ik dan strategisch beleidsadviseur worden", ["vraag_taak_bij_functie"], "minimaal **wo**"),
        ],
    ),
    (
        "sideways from one's own function, whatever was talked of",
        [
            ("ik ben nu zweminstructeur", ["vertel_over_mij"], "zweminstructeur"),
            ("welke schaal heeft de gemeentesecretaris", ["vraag_schaal"], "schaal 14"),
            (
                "kan ik iets anders doen op hetzelfde niveau?",
                ["onderwerp/advies.andere_gemeente"],
                "In dezelfde schaal",
            ),
            ("wat is mijn volgende stap omhoog?", ["vraag_volgende_stap"], "stap na **zweminstructeur**"),
        ],
    ),
    (
        "the lowest after the list, the highest of two levels",
        [
            ("hoeveel functies zijn er", ["vraag_functielijst"], "16"),
            ("welke is het laagste", ["buiten_bereik/algemeen"], "schaal 4"),
            ("wat houdt visie op niveau B in", ["vraag_gedrag"], "niveau B"),
            ("welk van de twee is hoger?", ["vraag_verschil_functies", "vraag_keuze_uit"], "A"),
        ],
    ),
    (
        "a list is asked for once more, and the source of it",
        [
            ("hoeveel competenties heeft de set", ["onderwerp/leider.set"], "zeven"),
            ("Zou u deze willen opsommen?", ["wie_ben_je"], "stressbestendigheid"),
            ("Waar kan ik dat nalezen?", ["vraag_sterke_punten", "vraag_bron"], "Dat staat in"),
        ],
    ),
    (
        "a scale after the one that is empty",
        [
            ("is er een functie in schaal 13", ["onderwerp/schaal.schaal_13"], "geen functie"),
            ("en in 12 dan?", ["vervolg/fragment"], "schaal 12"),
        ],
    ),
    (
        "a word that only one function's name has",
        [
            ("opleiding zweminstructeur?", ["vraag_opleiding"], "zweminstructeur"),
            ("en van reserveringen?", ["vervolg/fragment"], "**medewerker reserveringen**"),
        ],
    ),
    (
        "forget it, in other words",
        [
            ("ik ben nu ondersteuner en ik heb mbo 4", ["vertel_over_mij"], "ondersteuner (schaal 6)"),
            ("Ge moogt da diploma vergeten, da is privé.", ["vraag_opleiding"], "vergeten"),
        ],
    ),
    (
        "thanks, and a function that the book doesn't have",
        [
            ("schaal adviseur", ["vraag_schaal"], "schaal 10"),
            ("thanks! en een brandweerman?", ["bedankt", "buiten_bereik/onbekende_functie"], "andweer"),
        ],
    ),
    (
        "a scale lower, and once more, misspelled",
        [
            ("welke functies zitten in schaal 6", ["vraag_functies_in_schaal"], "Zweminstructeur"),
            ("en een schaaltje lagr", ["vraag_functies_in_schaal"], "schaal 5"),
            ("en daar weer onder dan?", ["vraag_volgende_stap"], "schaal 4"),
        ],
    ),
    (
        "a number alone after the name without it",
        [
            ("medewerker ontwikkeling", ["vraag_functiereeks"], "Over welke functie"),
            ("II", ["afscheid"], "eleidsadviseur"),
            ("en bij I?", ["vervolg/fragment"], "trategisch beleidsadviseur"),
        ],
    ),
    (
        "half in English: why not, and the highest level",
        [
            ("gebruikt ommen tussenschalen", ["onderwerp/schaal.tussenschalen"], "geen tussenschalen"),
            ("why not?", ["ontken"], "geen tussenschalen"),
            ("wat betekent ondernemingszin", ["vraag_competentie"], "Ondernemingszin"),
            ("and on the highest level?", ["onderwerp/schaal.niveaus"], "op niveau A"),
        ],
    ),
    (
        "one's own function set beside another, and an abbreviation",
        [
            (
                "Ik werk zes jaar als senior beheerder. Wat is het verschil tussen mijn functie en die van Adviseur IV, wat moet ik er bij leren?",
                ["vraag_wat_ontbreekt"],
                "Voor **adviseur** (schaal 10)",
            ),
            ("is de gemeentesecretaris bestuurder in de zin van de WOR", ["vraag_taak_bij_functie"], "volgens de WOR"),
        ],
    ),
    (
        "the part of the cluster that was talked of, and of the others",
        [
            ("hoeveel fte heeft cluster Concern en Ondersteuning", ["onderwerp/organisatie.concern_fte"], "13 fte"),
            (
                "waar houdt dat cluster zich mee bezig",
                ["onderwerp/organisatie.cluster_beleid"],
                "Concern en Ondersteuning",
            ),
            ("hoeveel fte heeft dat", ["onderwerp/organisatie.regie_fte"], "13 fte"),
            ("En bij de overige twee?", ["vraag_keuze_uit"], "15,5"),
        ],
    ),
    (
        "whether a diploma that was told is enough",
        [
            ("ik heb mbo 4, welke functies passen daarbij", ["vraag_functies_bij_opleiding"], "enior ondersteuner"),
            ("en is dat genog voor adviseur IV?", ["vraag_normfunctie"], "voldoe je daar"),
        ],
    ),
    (
        "the level of a competency for the function that was talked of",
        [
            ("welke competenties heeft een ondersteuner nodig", ["vraag_competenties"], "lantgerichtheid"),
            (
                "is klantgerichtheid daar op het hoogste niveau gevraagd?",
                ["vraag_functies_bij_competentie"],
                "niveau C",
            ),
        ],
    ),
    (
        "the other one of a pair",
        [
            ("verschil tussen de beleidsadviseur en de strategisch beleidsadviseur", ["vraag_verschil_functies"], "12"),
            ("welke opleiding vraagt de laatstgenoemde", ["vraag_opleiding"], "**wo**"),
            ("En voor de andere functie?", ["vraag_grootste_formatie"], "minimaal **hbo**"),
        ],
    ),
    (
        "the total of the list, and two aspects with an accent",
        [
            ("welke functies zijn er", ["vraag_functielijst"], "16"),
            ("en hoeveel fte is dat samen?", ["vraag_formatie"], "45"),
            ("schaal én opleiding van senior beheerder, niet die van accommodaties", ["vraag_opleiding"], "schaal 9"),
        ],
    ),
    (
        "thanks with a story are thanks",
        [
            ("schaal adviseur", ["vraag_schaal"], "schaal 10"),
            ("Dank je, ik slaap er nog een nachtje over", ["bedankt", "buiten_bereik/algemeen"], "Graag gedaan"),
        ],
    ),
]


@pytest.fixture
def talk(store, monkeypatch):
    return Conversation(store, monkeypatch)


@pytest.mark.parametrize(("about", "turns"), CONVERSATIONS, ids=[about for about, _ in CONVERSATIONS])
def test_conversations(talk, about, turns):
    for text, understood, says in turns:
        reply = talk.turn(text, understood[0], ranking=understood)
        assert says in reply["text"], (text, reply["kind"], reply["text"])


def test_two_questions_in_one_message_are_both_answered(talk):
    text = "welke schaal heeft de beheerder en welke opleiding is daarvoor nodig?"
    parts = [
        {"start": 0, "end": 33, "ranking": [{"name": "vraag_schaal", "confidence": 0.9}]},
        {"start": 37, "end": len(text), "ranking": [{"name": "vraag_opleiding", "confidence": 0.9}]},
    ]
    reply = talk.turn(text, "vraag_schaal", parts=parts)
    assert "schaal 8" in reply["text"] and "minimaal **mbo**" in reply["text"]
    assert reply["text"].count("_Let op") == 1, "the same remark once"


def test_the_first_reply_says_that_this_is_a_computer_and_no_other(talk):
    first = talk.turn("schaal adviseur", "vraag_schaal")
    second = talk.turn("schaal beheerder", "vraag_schaal")
    assert "computerprogramma" in first["notice"] and "mens" in first["notice"]
    assert second["notice"] is None


@pytest.mark.parametrize(
    ("text", "functie"),
    [
        ("hbo bestuurskunde, al acht jaar adviseur, en ik ben uitgekeken", "adviseur"),
        ("kan een zweminstructeur ergens heen groeien, ik doe dit nu 9 jaar", "zweminstructeur"),
    ],
)
def test_ones_own_function_is_also_told_without_saying_i_am(talk, text, functie):
    talk.turn(text, "vertel_over_mij")
    assert Context.from_slot(talk.slots["gesprek"]).persoon.functie == functie


def test_a_long_list_is_short_in_one_sentence(talk):
    talk.turn("welke competenties heeft een adviseur nodig", "vraag_competenties")
    short = talk.turn("korter", "vraag_korter")["text"]
    assert "isie" in short and "vertuigingskracht" in short and "\n" not in short.split("\n\n")[0]


def test_a_story_about_somebody_else_tells_nothing_about_the_person(talk):
    talk.turn("mijn man is beheerder en wil hogerop, wat is een logische stap?", "vraag_volgende_stap")
    reply = talk.turn("wat weet je van mij?", "wat_weet_je_van_mij")
    assert "nog niets" in reply["text"]


def test_a_gap_goes_from_the_own_function_to_the_other(talk):
    reply = talk.turn("ik ben nu adviseur, wat mis ik nog voor regisseur/adviseur?", "vraag_wat_ontbreekt")
    assert reply["kind"] == "advies.kloof"
    assert "Voor **regisseur/adviseur** (schaal 11)" in reply["text"] and "visie" in reply["text"]


def test_a_yes_to_the_offered_summary_gives_it(talk):
    talk.turn("welke schaal heeft de adviseur?", "vraag_schaal")
    talk.turn("kan ik een mens spreken", "mens_spreken")
    reply = talk.turn("ja graag", "bevestig")
    assert reply["kind"] == "gesprek.samenvatting" and "welke schaal heeft de adviseur?" in reply["text"]


@pytest.mark.parametrize("value", [None, 3, "x", [], {"laatste": {"label": 1}}])
def test_a_damaged_slot_counts_as_no_conversation(value):
    assert Context.from_slot(value) == Context()


def test_parts_of_a_slot_that_are_not_known_are_passed_over():
    assert Context.from_slot({"vraag": "vraag_schaal", "onbekend": 1}) == Context(vraag="vraag_schaal")


class Reads:
    """A model that reads everything as one subject, and remembers what it was asked."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.asked: list[str] = []

    def rank_after(self, before, title, text, entities):
        self.asked.append((before, title, text))
        return [{"name": "onderwerp", "full": self.label, "confidence": 0.9}]


def test_a_message_that_leans_on_a_subject_is_read_together_with_its_title(talk, store, monkeypatch):
    model = Reads("onderwerp/interim.oplossingen")
    monkeypatch.setattr(reader, "_loaded", [model])
    talk.turn("interim nadelen?", "onderwerp/interim.uitdagingen")
    reply = talk.turn("en wat doe je daaraan?", "vraag_taken", ranking=["vraag_taken", "onderwerp/leider.set"])
    assert reply["kind"] == "interim.oplossingen"
    title = store.onderwerp("interim.uitdagingen").titel
    assert model.asked == [("interim.uitdagingen", title, "en wat doe je daaraan?")]


@pytest.mark.parametrize("text", ["dankjewel", "wat eten we vanavond"])
def test_what_is_clear_by_itself_is_not_read_together(talk, monkeypatch, text):
    model = Reads("onderwerp/interim.oplossingen")
    monkeypatch.setattr(reader, "_loaded", [model])
    talk.turn("interim nadelen?", "onderwerp/interim.uitdagingen")
    understood = "bedankt" if text == "dankjewel" else "buiten_bereik/algemeen"
    reply = talk.turn(text, understood)
    assert model.asked == [] and reply["outcome"] in ("smalltalk", "out_of_scope")


def test_two_aspects_in_one_question_are_both_answered(talk):
    reply = talk.turn("wat is de schaal en de vereiste opleiding van een beheerder", "vraag_schaal")
    assert "schaal 8" in reply["text"] and "minimaal **mbo**" in reply["text"]


@pytest.mark.parametrize("label", ["vraag_korter", "vraag_keuze_uit", "vraag_volledig"])
def test_what_leans_on_the_last_answer_never_leans_on_itself(talk, label):
    """A conversation kept from before could hold such a question as its last one."""
    talk.turn("schaal adviseur", "vraag_schaal")
    talk.slots["gesprek"]["laatste"] = {"label": label, "text": "hoeveel zijn dat er"}
    for text, understood in (("korter", "vraag_korter"), ("hoeveel zijn dat er?", "vraag_keuze_uit")):
        assert talk.turn(text, understood)["outcome"] != "error"


def test_shorter_without_an_answer_before_it_can_be_asked_again(talk):
    for _ in range(3):
        assert talk.turn("korter", "vraag_korter", action="action_gesprek")["outcome"] != "error"
    talk.turn("welke schaal heeft de adviseur", "vraag_schaal")
    talk.turn("hoeveel zijn dat er?", "vraag_keuze_uit")
    assert talk.turn("korter", "vraag_korter")["outcome"] != "error"


def test_the_context_survives_the_slot():
    context = Context(vraag="x", functies=("a", "b"), opties=(("t", "v"),), begroet=True).with_question("q" * 999)
    assert Context.from_slot(context.to_slot()) == context
    assert len(context.gevraagd[0]) == MAX_QUESTION_LENGTH


@pytest.mark.parametrize(
    ("text", "now", "goal"),
    [
        ("wat mis ik als adviseur voor regisseur/adviseur?", "adviseur", "regisseur-adviseur"),
        ("wat kom ik als beheerder tekort om senior beheerder te worden", "beheerder", "senior-beheerder"),
        ("wat mis ik nog voor adviseur als ik nu beheerder ben", "beheerder", "adviseur"),
        ("ik ben nu ondersteuner en wil senior ondersteuner worden, wat mis ik", "ondersteuner", "senior-ondersteuner"),
    ],
)
def test_a_gap_goes_from_what_one_is_to_what_one_wants(talk, store, text, now, goal):
    reply = talk.turn(text, "vraag_wat_ontbreekt")
    assert reply["kind"] == "advies.kloof"
    assert reply["text"].startswith(f"Voor **{store.functie(goal).naam.lower()}**")
    assert Context.from_slot(talk.slots["gesprek"]).persoon.functie == now


def test_a_gap_goes_to_the_function_that_was_talked_of(talk):
    talk.turn("welke schaal heeft een adviseur?", "vraag_schaal")
    reply = talk.turn("en als ik nu beheerder ben, wat mis ik dan?", "vraag_wat_ontbreekt")
    assert reply["kind"] == "advies.kloof" and reply["text"].startswith("Voor **adviseur**")


SUBJECT = "onderwerp/"


@pytest.mark.parametrize(
    ("before", "text", "read", "kind"),
    [
        # A question about a function asks for a part of the subject.
        ("organisatie.module_leidinggevend", "en wat moet je daarvoor kunnen?", "vervolg/vraag_competenties", "organisatie.module_competenties"),
        ("organisatie.cluster_regie", "hoeveel fte is dat?", "vervolg/vraag_formatie", "organisatie.regie_fte"),
        ("organisatie.cluster_grootste", "en hoeveel fte zit daar?", "vervolg/vraag_formatie", "organisatie.regie_fte"),
        ("organisatie.cluster_grootste", "om hoeveel mensen gaat het daar?", "onderwerp/organisatie.omvang", "organisatie.regie_fte"),
        # The other way round.
        ("interim.naar_rijk", "en omgekeerd?", "vraag_taken", "interim.naar_gemeente"),
        ("interim.voordelen", "en andersom bekeken?", "wartaal", "interim.uitdagingen"),
    ],
)  # fmt: skip
def test_what_is_asked_on_after_a_subject_is_about_that_subject(talk, before, text, read, kind):
    talk.turn("vertel", SUBJECT + before)
    assert talk.turn(text, read)["kind"] == kind


def test_a_turn_to_something_else_leaves_the_subject(talk, monkeypatch):
    model = Reads("onderwerp/interim.jaren_ervaring")
    monkeypatch.setattr(reader, "_loaded", [model])
    talk.turn("vanaf hoeveel jaar interim", "onderwerp/interim.jaren_ervaring")
    reply = talk.turn("Top. Heel iets anders: hoeveel deden er mee?", "onderwerp/onderzoek.aantal_respondenten")
    assert reply["kind"] == "onderzoek.aantal_respondenten" and model.asked == []


def test_the_function_that_a_subject_names_is_the_one_that_is_asked_on_about(talk):
    talk.turn("wie is de baas?", "onderwerp/organisatie.baas")
    reply = talk.turn("welke schaal heeft die dan", "vervolg/vraag_schaal")
    assert reply["kind"] == "functie.schaal" and "schaal 14" in reply["text"]


def test_competencies_of_public_leaders_are_no_functions(talk):
    ranking = ["vraag_competenties", "onderwerp/leider.set"]
    reply = talk.turn("welke competenties vraagt publiek leiderschap?", "vraag_competenties", ranking=ranking)
    assert reply["kind"] == "leider.set"


def test_a_question_about_the_source_needs_a_word_for_it(talk):
    talk.turn("vertel", "onderwerp/interim.wet_dba")
    ranking = ["vraag_bron", "onderwerp/interim.gids_zwijgt"]
    assert talk.turn("sinds wanneer is dat?", "vraag_bron", ranking=ranking)["kind"] == "interim.gids_zwijgt"
    assert talk.turn("waar staat dat?", "vraag_bron", ranking=ranking)["kind"] == "gesprek.bron"


def test_what_pays_in_2020_is_told_of_a_function(talk):
    reply = talk.turn("wat verdiende een senior ondersteuner in 2020?", "vraag_salaris")
    assert reply["kind"] == "schaal.salaris" and "€" in reply["text"]


def test_a_greeting_names_the_person_to_turn_to_once(talk):
    first = talk.turn("hallo", "groet", action="action_gesprek")
    assert "computerprogramma" in first["text"] and first["notice"].startswith("_Liever een mens?")
    assert talk.turn("hallo", "groet", action="action_gesprek")["notice"] is None
