"""Career advice in words: the asked fact first, sources, and nothing that the book doesn't say."""

from __future__ import annotations

import datetime as dt
import json
import re
from html.parser import HTMLParser

import pytest

from bot.answers import advies, vergelijken
from bot.answers.answer import Source
from bot.answers.document import COMPUTER, Deel, document
from bot.answers.overzicht import over_je, overzicht
from knowledge import advice
from knowledge.directions import directions
from knowledge.persoon import Persoon

DAY = dt.date(2026, 3, 9)


def gap(store, van, naar, diploma=None, sterk=()):
    return advies.kloof(store, advice.gap(store.functie(van) if van else None, store.functie(naar), diploma, sterk))


def first_line(answer):
    return answer.text.split("\n")[0]


# --- gap -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("van", "naar", "diploma", "says"),
    [
        ("adviseur", "regisseur-adviseur", None, "moet vooral **visie** omhoog: van niveau C naar B"),
        ("ondersteuner", "senior-ondersteuner", "mbo-4", "komt er vooral bij: **zelfstandigheid**"),
        ("beheerder", "senior-beheerder", None, "de opleiding het grootste verschil: van mbo naar minimaal **hbo**"),
        ("beheerder", "senior-beheerder", "mbo-4", "mis je op papier vooral de opleiding"),
        (None, "senior-beheerder", "hbo", "is je opleiding genoeg. Verder vraagt het boek vijf competenties"),
        (None, "senior-beheerder", None, "minimaal **hbo** en vijf competenties"),
        ("adviseur", "adviseur", None, "geen verschil"),
    ],
)
def test_a_gap_leads_with_the_main_thing(store, van, naar, diploma, says):
    answer = gap(store, van, naar, diploma)
    assert (answer.outcome, answer.kind) == ("answered", "advies.kloof")
    assert says in first_line(answer)


def test_a_gap_lists_what_is_had_higher_and_new(store):
    answer = gap(store, "beheerder", "senior-beheerder", "hbo", ["klantgerichtheid"])
    assert "- Opleiding: minimaal hbo. Met hbo (bachelor) heb je genoeg." in answer.text
    assert "want beheerder vraagt het ook: verantwoordelijkheid (niveau C)" in answer.text
    assert "klantgerichtheid (van C naar B)" in answer.text
    assert "- Nieuw: analytisch vermogen (niveau C)" in answer.text
    assert "goed in klantgerichtheid" in answer.text
    assert "- Kennis erbij: onderzoek en voortgangsbewaking" in answer.text
    assert answer.text.count("- Oefen ") == 3
    assert "Oefen oordeelsvorming op niveau B: je brengt in beeld welke handelwijzen mogelijk zijn." in answer.text
    assert "leidinggevende of een loopbaanadviseur" in answer.text
    data = answer.data["kloof"]
    assert data["opleiding"] == {"minimaal": "hbo", "ideaal": None, "heb": "hbo", "eigen": True, "genoeg": True}
    assert {c["stand"] for c in data["competenties"]} == {"heb", "hoger", "nieuw"}
    assert all(len(c["oefenen"]) <= 2 for c in data["competenties"])
    assert "Bijlage competentieprofielen, Oordeelsvorming" in {s.section for s in answer.sources}


@pytest.mark.parametrize(
    ("van", "naar", "diploma", "says"),
    [
        (None, "beheerder", None, "welke functie je nu hebt"),
        (None, "beheerder", None, "welke opleiding je hebt"),
        (None, "senior-ondersteuner", "mbo", "Kijk welk niveau"),
        (None, "senior-ondersteuner", "havo", "het profiel vraagt mbo"),
        ("beheerder", "adviseur", "mbo-4", "Of ervaring een diploma kan vervangen"),
        ("zweminstructeur", "beheerder", None, "twee lijsten"),
        ("administratief-medewerker", "ondersteuner", None, "noemt geen richting"),
    ],
)
def test_what_the_book_leaves_open_is_told(store, van, naar, diploma, says):
    assert says in gap(store, van, naar, diploma).text


# --- reach -----------------------------------------------------------------------------------------------------------


def test_scale_for_a_diploma(store):
    answer = advies.schaal_bij_opleiding(store, advice.reachable(store, "hbo", ["rechten"]))
    assert answer.kind == "advies.schaal_bij_opleiding"
    assert "tot en met **schaal 11**: beleidsadviseur en regisseur/adviseur" in first_line(answer)
    assert "Je richting wordt genoemd bij: regisseur/adviseur (schaal 11), adviseur (schaal 10)" in answer.text
    assert "strategisch beleidsadviseur (schaal 12) vraagt minimaal wo" in answer.text
    assert answer.data["bereik"][0]["schaal"] == "11"


def test_a_named_scale_is_answered_first(store):
    reach = advice.reachable(store, "mbo-4")
    assert first_line(advies.schaal_bij_opleiding(store, reach, genoemd=["9"])).startswith("**Nee**")
    assert first_line(advies.schaal_bij_opleiding(store, reach, genoemd=["8"])).startswith("**Ja**")
    assert "geen functie" in first_line(advies.schaal_bij_opleiding(store, reach, genoemd=["13"]))
    unsure = advies.schaal_bij_opleiding(store, advice.reachable(store, "mbo"), genoemd=["7"])
    assert "hangt af van je niveau" in first_line(unsure)


def test_two_diplomas_next_to_each_other(store):
    answer = advies.schaal_bij_opleiding(store, *(advice.reachable(store, name) for name in ("mbo-4", "hbo")))
    assert "**schaal 8**" in answer.text and "**schaal 11**" in answer.text
    assert len(answer.data["bereik"]) == 2


@pytest.mark.parametrize(
    ("opleiding", "schaal", "says", "not_said"),
    [
        ("hbo", "10", "Op papier niet: elke functie in schaal 10 of hoger vraagt **hbo (bachelor)** of meer", "- "),
        ("hbo", "8", "Op papier kan dat", "Op papier niet"),
        ("hbo", None, "tot schaal 8: beheerder (schaal 8) vraagt minimaal mbo", "Op papier niet"),
        ("mbo-2", None, "Elke functie in dit boek vraagt **mbo niveau 2** of meer", "Op papier niet"),
        ("hbo", "15", "In **schaal 15** of hoger staat in dit boek geen functie", "ervaring"),
    ],
)
def test_without_a_diploma(store, opleiding, schaal, says, not_said):
    answer = advies.zonder(store, advice.without(store, opleiding, schaal))
    assert answer.kind == "advies.zonder_opleiding"
    assert says in first_line(answer)
    assert not_said not in answer.text


def test_from_which_scale_on_and_what_a_scale_asks(store):
    assert "Vanaf **schaal 9**" in advies.vanaf_schaal(store, "hbo").text
    assert "Niet overal: beheerder (schaal 8) vraagt minimaal mbo;" in advies.vanaf_schaal(store, "mbo-3").text
    assert advies.vanaf_schaal(store, "doctoraat") is None
    answer = advies.opleiding_bij_schaal(store, ["9", "12", "13"])
    assert "In **schaal 9** vraagt het boek minimaal **hbo**" in first_line(answer)
    assert "In **schaal 12** verschilt het" in answer.text and "In **schaal 13** staat" in answer.text


# --- next step, comparison -------------------------------------------------------------------------------------------


def test_next_step_with_something_to_practise(store):
    answer = advies.volgende_stap(store, store.functie("ondersteuner"), "mbo-2")
    assert "**senior ondersteuner** (schaal 7)" in first_line(answer)
    assert "Met mbo niveau 2 heb je op papier nog niet genoeg" in answer.text
    assert "Oefen alvast zelfstandigheid op niveau C: je handelt vanuit je eigen inzichten" in answer.text
    assert [step["richting"] for step in answer.data["pad"]].count("opzij") == 1


def test_strengths(store):
    answer = advies.bij_sterke_punten(store, ["netwerken"])
    assert "**Gemeentesecretaris**" in answer.text
    assert advies.bij_sterke_punten(store, ["coaching"]) is None


def test_three_functions_compared(store):
    functies = [store.functie(name) for name in ("adviseur", "regisseur-adviseur", "beheerder")]
    text = vergelijken.vergelijk(store, functies).text
    assert "Geen competentie komt bij alle drie voor." in text
    assert "Competenties alleen bij beheerder: verantwoordelijkheid" in text
    assert text.count("horen bij de groep Advies") == 1
    family = [store.functie(n) for n in ("adviseur", "regisseur-adviseur", "strategisch-regisseur-adviseur")]
    assert "visie (C, B, B)" in vergelijken.vergelijk(store, family).text


# --- overview --------------------------------------------------------------------------------------------------------


def overview(store, **told):
    persoon = Persoon(**told)
    found = directions(
        store,
        functie=store.functie(persoon.functie or ""),
        schaal=persoon.schaal,
        opleiding=persoon.opleiding,
        richtingen=persoon.richtingen,
        sterk=persoon.sterk,
        wens=persoon.wens,
        doel=store.functie(persoon.doel or ""),
    )
    return overzicht(store, persoon, found, DAY)


def test_overview_of_an_adviseur(store):
    answer = overview(
        store, functie="adviseur", opleiding="hbo", richtingen=("rechten",), sterk=("visie",), wens="omhoog"
    )
    assert (answer.outcome, answer.kind) == ("answered", "advies.overzicht")
    assert "**twee richtingen**" in first_line(answer) and "hogerop als **regisseur/adviseur**" in first_line(answer)
    assert "**1. Hogerop: regisseur/adviseur (schaal 11)**" in answer.text
    assert "Je gaat van schaal 10 naar schaal 11." in answer.text
    assert "Naar een hoger niveau: visie (van C naar B)." in answer.text
    assert "Begin hiermee: Oefen visie op niveau B: je neemt afstand" in answer.text
    assert [r["functie"]["id"] for r in answer.data["richtingen"]] == ["regisseur-adviseur", "beleidsadviseur"]
    assert "Competentieprofiel Adviseur III" in {s.section for s in answer.sources}
    assert 0 < len(answer.buttons) <= 3


def test_overview_names_the_interest_of_the_guide(store):
    answer = overview(store, wens="interim")
    assert "vijf tot zeven jaar" in answer.text
    assert "heeft belang bij interimwerk" in answer.text
    assert "heeft belang bij interimwerk" in answer.data["document"]["html"]


def test_overview_without_anything_told(store):
    answer = overview(store)
    assert "nog niets over jezelf verteld" in answer.text
    assert over_je(store, Persoon()) == []


def test_overview_never_judges_the_person(store):
    for functie in store.functies():
        for wens in ("omhoog", "opzij", "interim", "orientatie", None):
            text = overview(store, functie=functie.id, sterk=("klantgerichtheid",), wens=wens).text.lower()
            assert not re.search(r"\b(?:ongeschikt|score|punten|%|je bent niet goed|beste keus)", text)
            assert "zegt niets over hoe geschikt" in text


def test_data_is_plain_json(store):
    for answer in (
        overview(store, functie="beheerder", opleiding="hbo", wens="opzij"),
        gap(store, "beheerder", "adviseur", "mbo"),
        advies.schaal_bij_opleiding(store, advice.reachable(store, "hbo")),
        advies.zonder(store, advice.without(store, "hbo", "8")),
    ):
        assert json.loads(json.dumps(answer.contract())) == answer.contract()


def test_sentences_are_short(store):
    texts = [
        gap(store, "beheerder", "senior-beheerder").text,
        advies.schaal_bij_opleiding(store, advice.reachable(store, "hbo")).text,
        advies.zonder(store, advice.without(store, "hbo", "10")).text,
        overview(store, functie="beheerder", opleiding="hbo", sterk=("klantgerichtheid",), wens="opzij").text,
    ]
    for text in texts:
        lengths = [len(part.split()) for part in re.split(r"[.!?:]\s|\n", text) if part.strip()]
        assert sum(lengths) / len(lengths) <= 15


# --- the page to keep ------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Collects the tags with their attributes; complains when they don't nest."""

    VOID = ("meta", "br", "hr", "link", "img")

    def __init__(self):
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_on_its_own(store):
    page = overview(store, functie="beheerder", opleiding="hbo", wens="opzij").data["document"]
    tags = Tags()
    tags.feed(page["html"])
    assert tags.open == []
    assert ("html", {"lang": "nl"}) in tags.found
    assert not {"script", "link", "img", "iframe", "form", "a"} & {tag for tag, _ in tags.found}
    assert not any({"src", "href", "style"} & set(attrs) for _, attrs in tags.found)
    assert "@media print" in page["html"] and "@import" not in page["html"] and "url(" not in page["html"]
    assert "default-src 'none'" in page["html"]
    for form in ("html", "tekst"):
        assert "9 maart 2026" in page[form]
        assert "Gemaakt door een computer" in page[form]
        assert page[form].index("Bronnen") > page[form].index("beheerder accommodaties")
        assert "**" not in page[form]


def test_the_page_escapes_everything():
    evil = "<script>alert('x')</script> & \"meer\""
    page = document(evil, [Deel(evil, (evil,), (evil,))], [Source("x", evil, evil, None)], [evil])
    assert "<script" not in page["html"]
    assert page["html"].count("&lt;script&gt;") == 8
    assert "Datum" not in page["tekst"]
    assert page["tekst"].strip().endswith(COMPUTER)
