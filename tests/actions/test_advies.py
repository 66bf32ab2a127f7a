"""Which advice a question gets: from where to where, and what is asked about a diploma and scales."""

from __future__ import annotations

import pytest

from bot.actions import advies
from bot.actions.context import Context
from bot.actions.turn import Turn
from bot.nlu.names import NameFinder
from knowledge.persoon import Persoon


@pytest.fixture(scope="module")
def ask(store):
    names = NameFinder(store.namen())

    def turn(text, label, **told):
        found = Turn(
            text,
            label,
            [{"name": label, "confidence": 1.0}],
            names.entities(text),
            Context(persoon=Persoon(**told)),
            store,
        )
        found.complete()
        return found

    return turn


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("wat mis ik nog voor adviseur als ik beheerder ben", {}, ("beheerder", "adviseur")),
        ("ik ga van beleidsadviseur naar regisseur, wat ontbreekt er", {}, ("beleidsadviseur", "regisseur-adviseur")),
        ("van regisseur naar beleidsadviseur, wat moet ik leren", {}, ("regisseur-adviseur", "beleidsadviseur")),
        ("kloof tussen adviseur en beheerder", {}, ("beheerder", "adviseur")),
        ("wat mis ik nog voor adviseur", {"functie": "beheerder"}, ("beheerder", "adviseur")),
        ("wat mis ik nog voor adviseur", {}, (None, "adviseur")),
        ("wat moet ik nog leren als beheerder", {}, ("beheerder", None)),
        ("wat mis ik nog", {"functie": "beheerder", "doel": "adviseur"}, ("beheerder", "adviseur")),
        ("wat mis ik nog", {"functie": "beheerder"}, ("beheerder", None)),
        ("wat mis ik nog", {}, (None, None)),
    ],
)
def test_from_where_to_where(ask, text, told, expected):
    found = advies.van_naar(ask(text, "vraag_wat_ontbreekt", **told))
    assert tuple(f.id if f else None for f in found) == expected


def test_what_is_missing_uses_the_own_diploma(ask):
    answer = advies.wat_ontbreekt(
        ask("wat mis ik nog voor adviseur", "vraag_wat_ontbreekt", functie="beheerder", opleiding="hbo")
    )
    assert answer.kind == "advies.kloof"
    assert answer.data["kloof"]["opleiding"]["genoeg"] is True
    step = advies.wat_ontbreekt(ask("wat mis ik nog", "vraag_wat_ontbreekt", functie="beheerder"))
    assert step.kind == "advies.volgende_stap"


@pytest.mark.parametrize(
    ("text", "told", "kind", "says"),
    [
        ("tot welke schaal kom je met mbo 4", {}, "advies.schaal_bij_opleiding", "**schaal 8**"),
        ("schaal 9 met mbo 4, kan dat", {}, "advies.schaal_bij_opleiding", "**Nee**"),
        ("dat snap ik niet, mensen met mbo in schaal 9, bestaat dat", {}, "advies.schaal_bij_opleiding", "**Nee**"),
        ("kom je ooit in schaal 10 zonder hbo", {}, "advies.zonder_opleiding", "Op papier niet"),
        ("heb je voor schaal 12 een wo nodig", {}, "advies.zonder_opleiding", "Op papier kan dat"),
        ("is schaal 10 alleen voor mensen met hbo", {}, "advies.zonder_opleiding", "Op papier niet"),
        ("hoe hoog kom je zonder hbo", {}, "advies.zonder_opleiding", "tot schaal 8"),
        ("hoogste schaal zonder diploma", {}, "advies.zonder_opleiding", "Elke functie in dit boek"),
        ("vanaf welke schaal moet je hbo hebben", {}, "advies.vanaf_schaal", "Vanaf **schaal 9**"),
        ("hoe hoog kom ik met mijn papiertje", {"opleiding": "hbo"}, "advies.schaal_bij_opleiding", "**schaal 11**"),
        ("wat moet je gestudeerd hebben voor schaal 9", {}, "advies.opleiding_bij_schaal", "minimaal **hbo**"),
        ("wat is het maximum met mijn papiertje", {}, "gesprek.welke_opleiding", "Over welke opleiding"),
    ],
)
def test_diploma_and_scale(ask, text, told, kind, says):
    answer = advies.schaal_bij_opleiding(ask(text, "vraag_schaal_bij_opleiding", **told))
    assert answer.kind == kind
    assert says in answer.text.split("\n")[0]


def test_strengths_that_were_told_before(ask):
    answer = advies.sterke_punten(ask("welke functie past bij wat ik kan", "vraag_sterke_punten", sterk=("netwerken",)))
    assert answer.kind == "advies.sterke_punten"
