"""Advice worked out by hand from knowledge/content/functieboek (scales, minimum education, competencies with levels).

What the cases rest on, from the files in `normfuncties/` and `ommen/functies/`:

- adviseur: Adviseur IV, schaal 10, hbo; analytisch vermogen B, visie C, inlevingsvermogen B, initiatief B, overtuigingskracht B
- regisseur-adviseur: Adviseur III, schaal 11, hbo; the same five, all B
- beheerder: Medewerker beleidsuitvoering III, schaal 8, mbo; verantwoordelijkheid C, oordeelsvorming C, klantgerichtheid C,
  kwaliteitsgerichtheid C, nauwkeurigheid B
- senior-beheerder: Medewerker beleidsuitvoering II, schaal 9, hbo; verantwoordelijkheid C, analytisch vermogen C,
  oordeelsvorming B, klantgerichtheid B, kwaliteitsgerichtheid B
- ondersteuner: schaal 6, mbo-2; senior-ondersteuner: schaal 7, mbo-4, only zelfstandigheid C is new
- scale 8 and lower ask mbo of some kind; 9, 10 and 11 hbo; 12 hbo-plus or wo; 14 wo; there is no 13
"""

from __future__ import annotations

import pytest

from knowledge import advice
from knowledge.directions import directions


def ids(functies):
    return [f.id for f in functies]


# --- gap -------------------------------------------------------------------------------------------------------------


def test_gap_from_adviseur_to_regisseur(store):
    # Adviseur IV and III ask the same five competencies; only visie rises, C -> B.
    kloof = advice.gap(store.functie("adviseur"), store.functie("regisseur-adviseur"), None, ["visie", "netwerken"])
    assert [(s.competentie, s.van, s.naar, s.sterk) for s in kloof.stappen("hoger")] == [("visie", "C", "B", True)]
    assert [s.competentie for s in kloof.stappen("heb")] == [
        "analytisch-vermogen",
        "inlevingsvermogen",
        "initiatief",
        "overtuigingskracht",
    ]
    assert kloof.stappen("nieuw", "onbekend") == []
    # Both profiles name the same six kinds of knowledge and the same two skills; some are explained at another height.
    assert kloof.vakkennis == kloof.vaardigheden == ()
    assert {"Openbaar bestuur", "Adviseren"} <= set(kloof.anders)
    assert "Veranderkunde" not in kloof.anders
    assert (kloof.opleiding, kloof.eigen_diploma, kloof.opleiding_genoeg) == ("hbo", False, True)
    assert kloof.zwijgt == ()


def test_gap_from_beheerder_to_senior(store):
    kloof = advice.gap(store.functie("beheerder"), store.functie("senior-beheerder"))
    assert [(s.competentie, s.van, s.naar) for s in kloof.stappen("hoger")] == [
        ("oordeelsvorming", "C", "B"),
        ("klantgerichtheid", "C", "B"),
        ("kwaliteitsgerichtheid", "C", "B"),
    ]
    assert [(s.competentie, s.van, s.naar) for s in kloof.stappen("nieuw")] == [("analytisch-vermogen", None, "C")]
    assert [s.competentie for s in kloof.stappen("heb")] == ["verantwoordelijkheid"]
    # II knows Onderzoek and Voortgangsbewaking, III doesn't; III's Administratieve organisatie isn't asked any more.
    assert [u.naam for u in kloof.vakkennis] == ["Onderzoek", "Voortgangsbewaking"]
    assert [u.naam for u in kloof.vaardigheden] == ["Adviseren"]
    assert kloof.opleiding_genoeg is False
    assert kloof.zwijgt == ("ervaring",)


def test_a_competency_at_a_higher_level_counts_as_had(store):
    # senior beheerder asks oordeelsvorming, klant- and kwaliteitsgerichtheid at B, beheerder at C.
    kloof = advice.gap(store.functie("senior-beheerder"), store.functie("beheerder"))
    assert [s.competentie for s in kloof.stappen("nieuw", "hoger")] == ["nauwkeurigheid"]
    assert len(kloof.stappen("heb")) == 4


@pytest.mark.parametrize(
    ("diploma", "naar", "genoeg", "zwijgt"),
    [
        ("hbo", "senior-beheerder", True, ()),
        ("mbo-4", "senior-beheerder", False, ("ervaring",)),
        ("mbo", "senior-ondersteuner", None, ("mbo_niveau",)),
        ("havo", "senior-ondersteuner", True, ("algemeen_diploma",)),
        ("wo", "strategisch-regisseur-adviseur", True, ()),
        ("hbo", "strategisch-regisseur-adviseur", False, ("ervaring",)),
    ],
)
def test_the_own_diploma_goes_before_the_functions_minimum(store, diploma, naar, genoeg, zwijgt):
    kloof = advice.gap(store.functie("beheerder"), store.functie(naar), diploma)
    assert (kloof.opleiding, kloof.eigen_diploma) == (diploma, True)
    assert kloof.opleiding_genoeg is genoeg
    assert kloof.zwijgt == zwijgt


def test_without_a_function_nothing_is_said_to_be_missing(store):
    kloof = advice.gap(None, store.functie("gemeentesecretaris"), None, ["visie"])
    assert {s.stand for s in kloof.competenties} == {"onbekend"}
    assert [s.competentie for s in kloof.competenties if s.sterk] == ["visie"]
    assert kloof.opleiding_genoeg is None
    assert kloof.zwijgt == ("niveau_nu", "opleiding")
    assert len(kloof.vakkennis) == 6 and len(kloof.vaardigheden) == 3
    # What the person is good at is practised last.
    assert kloof.te_oefenen[-1].competentie == "visie"


def test_two_lists_and_missing_fields_are_flagged(store):
    # The book gives the zweminstructeur two lists of competencies, and ondersteuner no field of study.
    assert "twee_lijsten" in advice.gap(store.functie("zweminstructeur"), store.functie("beheerder")).zwijgt
    assert "richting" in advice.gap(store.functie("administratief-medewerker"), store.functie("ondersteuner")).zwijgt


def test_practice_gives_the_wanted_level_of_the_book(store):
    (step,) = advice.gap(store.functie("adviseur"), store.functie("regisseur-adviseur")).stappen("hoger")
    # competenties/visie.yml, niveau B, the first two.
    assert advice.practice(store, step) == (
        "Je neemt afstand van je dagelijkse praktijk en ziet die in een breder verband.",
        "Je hebt oog voor de consequenties (gevolgen) van acties of ontwikkelingen op langere termijn.",
    )
    # resultaatgerichtheid has no levels in the book; a competency that lapses has no wanted level.
    assert advice.practice(store, advice.KloofStap("resultaatgerichtheid", None, "A", "nieuw")) == ()
    assert advice.practice(store, advice.CompetentieStap("visie", "C", None, "vervalt")) == ()


# --- reach -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("diploma", "schaal", "functies", "hierboven"),
    [
        ("hbo", "11", {"beleidsadviseur", "regisseur-adviseur"}, {"strategisch-beleidsadviseur", "strategisch-regisseur-adviseur"}),
        ("mbo-4", "8", {"beheerder", "beheerder-accommodaties"}, {"senior-beheerder", "senior-beheerder-accommodaties"}),
        ("hbo-plus", "12", {"strategisch-regisseur-adviseur"}, {"gemeentesecretaris"}),
        ("wo", "14", {"gemeentesecretaris"}, set()),
        ("mbo-1", None, set(), {"administratief-medewerker"}),
    ],
)  # fmt: skip
def test_how_far_a_diploma_reaches(store, diploma, schaal, functies, hierboven):
    bereik = advice.reachable(store, diploma)
    assert bereik.schaal == schaal
    assert set(ids(bereik.functies)) == functies
    assert set(ids(bereik.hierboven)) == hierboven


def test_reach_tells_what_lies_lower_and_still_asks_more(store):
    # mbo-2 is enough for scale 8 (mbo, mbo-2), but not for senior ondersteuner (7, mbo-4) and reserveringen (6, mbo-3).
    assert ids(advice.reachable(store, "mbo-2").lager_niet) == ["senior-ondersteuner", "medewerker-reserveringen"]


def test_mbo_without_a_level_can_only_be_held_against_mbo_and_hbo(store):
    bereik = advice.reachable(store, "mbo")
    assert ids(bereik.functies) == ["beheerder"]
    assert len(bereik.onzeker) == 7  # all functions that ask mbo with a number


def test_reach_in_a_field(store):
    # hbo rechten: Adviseur III (11), Adviseur IV (10), Medewerker beleidsuitvoering II (9) and III (8) name rechten.
    bereik = advice.reachable(store, "hbo", ["rechten"])
    assert ids(bereik.in_richting) == ["regisseur-adviseur", "adviseur", "senior-beheerder", "beheerder"]


def test_an_unknown_diploma_reaches_nothing_for_sure(store):
    bereik = advice.reachable(store, "toverdiploma")
    assert bereik.schaal is None and len(bereik.onzeker) == len(store.functies())


@pytest.mark.parametrize(
    ("opleiding", "schaal", "functies"),
    [
        ("hbo", "10", []),
        ("hbo", "8", ["beheerder", "beheerder-accommodaties"]),
        ("wo", "12", ["strategisch-regisseur-adviseur"]),
        ("wo", "13", []),
        ("hbo", "18", []),
    ],
)
def test_into_a_scale_without_a_diploma(store, opleiding, schaal, functies):
    assert ids(advice.without(store, opleiding, schaal).functies) == functies


def test_the_highest_without_a_diploma(store):
    assert ids(advice.without(store, "hbo").hoogste) == ["beheerder", "beheerder-accommodaties"]
    assert advice.without(store, "mbo-2").hoogste == ()
    assert advice.without(store, "toverdiploma", "8") is None
    assert advice.without(store, "hbo", "99") is None


# --- side by side ----------------------------------------------------------------------------------------------------


def test_three_functions_side_by_side(store):
    naast = advice.side_by_side(
        [store.functie(name) for name in ("adviseur", "regisseur-adviseur", "strategisch-regisseur-adviseur")]
    )
    levels = dict(naast.competenties)
    assert levels["visie"] == ("C", "B", "B")
    assert levels["initiatief"] == ("B", "B", "A")
    assert set(naast.gedeeld) == set(levels)
    assert naast.eigen_gebieden == ((), (), ())


def test_what_only_one_of_three_asks(store):
    functies = [store.functie(name) for name in ("adviseur", "regisseur-adviseur", "beheerder")]
    naast = advice.side_by_side(functies)
    assert naast.gedeeld == []
    assert naast.eigen(functies[0]) == []
    assert len(naast.eigen(functies[2])) == 5
    assert naast.eigen_gebieden[2] == ("Advisering", "Uitvoering", "Procesbewaking en afstemming")


def test_work_that_differs_in_kind(store):
    beheerder, senior, adviseur = (store.functie(n) for n in ("beheerder", "senior-beheerder", "adviseur"))
    assert advice.compare(beheerder, senior).nieuwe_gebieden == ()
    assert "Beleidsontwikkeling" in advice.compare(beheerder, adviseur).nieuwe_gebieden


# --- directions ------------------------------------------------------------------------------------------------------


def shape(found):
    return [(r.soort, r.functie.id if r.functie else None) for r in found]


def codes(richting):
    return {reden[0]: reden[1:] for reden in richting.redenen}


def test_upward_for_an_adviseur_with_hbo(store):
    found = directions(
        store,
        functie=store.functie("adviseur"),
        opleiding="hbo",
        richtingen=["rechten"],
        sterk=["visie", "netwerken"],
        wens="omhoog",
    )
    assert shape(found) == [("omhoog", "regisseur-adviseur"), ("opleiding", "beleidsadviseur")]
    why = codes(found[0])
    assert why["hogere_schaal"] == ("10", "11")
    assert why["zelfde_groep"] == ("advies",)
    assert why["sterk"] == ("visie",)
    assert why["richting"] == ("rechten",)
    assert found[0].eerst == (("oefenen", "visie", "B"),)
    assert found[0].kloof.opleiding_genoeg is True


def test_sideways_is_the_same_scale_in_another_group(store):
    # Scale 8 holds beheerder (uitvoering) and beheerder accommodaties (locatie).
    found = directions(
        store, functie=store.functie("beheerder"), opleiding="hbo", sterk=["klantgerichtheid"], wens="opzij"
    )
    assert shape(found) == [
        ("opzij", "beheerder-accommodaties"),
        ("sterk", "senior-beheerder"),
        ("opleiding", "beleidsadviseur"),
        ("interim", None),
    ]
    assert codes(found[0])["zelfde_schaal"] == ("8",)
    assert codes(found[0])["andere_groep"] == ("locatie",)


def test_a_wish_that_the_book_cannot_meet_is_told(store):
    # adviseur is the only function in scale 10; above 14 there is nothing.
    aside = directions(store, functie=store.functie("adviseur"), wens="opzij")
    assert shape(aside)[0] == ("opzij", None)
    assert ("geen_zelfde_schaal", "10") in aside[0].redenen
    up = directions(store, functie=store.functie("gemeentesecretaris"), wens="omhoog")
    assert shape(up) == [("omhoog", None), ("orientatie", None)]
    assert ("geen_hogere_schaal", "14") in up[0].redenen


def test_interim_comes_first_when_asked_for_with_what_the_guide_says(store):
    found = directions(store, functie=store.functie("zweminstructeur"), wens="interim")
    assert found[0].soort == "interim"
    assert {"interim.jaren_ervaring", "interim.financieel_klaar", "interim.hybride"} <= set(found[0].onderwerpen)
    assert all(store.onderwerp(name) for r in found for name in r.onderwerpen)


def test_a_goal_comes_first_with_a_step_on_the_way(store):
    found = directions(
        store,
        functie=store.functie("adviseur"),
        doel=store.functie("gemeentesecretaris"),
        opleiding="hbo",
        wens="omhoog",
    )
    assert shape(found)[:2] == [("doel", "gemeentesecretaris"), ("omhoog", "regisseur-adviseur")]
    assert found[0].eerst[0] == ("opleiding", "wo")


def test_little_known_gives_two_general_directions(store):
    assert shape(directions(store)) == [("orientatie", None), ("interim", None)]
    assert shape(directions(store, wens="interim")) == [("interim", None), ("orientatie", None)]
    # coaching is described, but no function asks it.
    assert shape(directions(store, sterk=["coaching"])) == [("orientatie", None), ("interim", None)]


def test_not_knowing_the_own_education_is_not_having_too_little(store):
    found = directions(store, functie=store.functie("ondersteuner"), wens="omhoog")
    assert found[0].functie.id == "senior-ondersteuner"
    assert found[0].eerst[0] == ("opleiding_nagaan", "mbo-4")


@pytest.mark.parametrize("wens", [None, "omhoog", "opzij", "interim", "orientatie", "onzin"])
@pytest.mark.parametrize("diploma", [None, "mbo", "mbo-2", "hbo", "wo", "toverdiploma"])
def test_always_two_to_four_directions_none_twice_and_none_down(store, wens, diploma):
    for functie in [None, *store.functies()]:
        for sterk in ([], ["klantgerichtheid", "visie"]):
            found = directions(store, functie=functie, opleiding=diploma, sterk=sterk, wens=wens)
            assert 2 <= len(found) <= 4
            named = [r.functie.id for r in found if r.functie]
            assert len(named) == len(set(named))
            assert len({r.soort for r in found}) == len(found)
            assert all(r.redenen and r.eerst for r in found)
            if functie:
                assert functie.id not in named
                assert all(r.functie.schaal_rang >= functie.schaal_rang for r in found if r.functie)
