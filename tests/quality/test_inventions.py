"""No reply says a number or name that the knowledge base doesn't hold, and the check that says so finds altered ones."""

from __future__ import annotations

import re

import pytest

from tests.quality.inventions import inventions
from tests.quality.replies import plain

SCALED = {
    "functie.lijst", "functie.vergelijking", "advies.volgende_stap", "advies.sterke_punten", "functie.bij_taak",
    "functie.reeks", "functie.taken", "functie.kenmerken", "schaal.hoogste", "schaal.laagste",
}  # fmt: skip
"""Kinds whose every scale is said of a function."""


def test_no_reply_invents_anything(replies, store):
    wrong = [(reply.origin, found) for reply in replies if (found := inventions(reply.text, store))]
    wrong += [(reply.origin, found) for reply in replies for b in reply.buttons if (found := inventions(b, store))]
    assert not wrong, "\n".join(f"{origin}: {found}" for origin, found in wrong[:40])


def test_no_training_question_breaks_an_action(replies):
    broken = [reply.origin for reply in replies if reply.kind == "gesprek.storing" and ":" in reply.origin]
    assert not broken


def altered(replies, pattern, change, kinds=None):
    """Every reply with one place that fits `pattern` changed: (original line, altered text)."""
    for reply in replies:
        if kinds and reply.kind not in kinds:
            continue
        for match in re.finditer(pattern, reply.text):
            new = change(match)
            yield reply, reply.text[: match.start()] + new + reply.text[match.end() :]


def test_a_wrong_scale_is_found(replies, store):
    def other(match):
        # Most functions are in other scales than 13; the functions in 14 and 12 stand next to it.
        return match.group().replace(match.group(1), "13")

    cases = list(altered(replies, r"schaal (\d+)(?=\)|,|\n|\*\*[.:])", other, SCALED))
    assert len(cases) > 500
    missed = [(reply.origin, plain(text)[:160]) for reply, text in cases if not inventions(text, store)]
    assert not missed, missed[:10]


def test_the_scale_of_another_function_is_found(store):
    for f in store.functies():
        other = next(g.schaal for g in store.functies() if g.schaal != f.schaal)
        for text in (
            f"**{f.naam}** zit in **schaal {other}**.",
            f"Kijk ook eens bij {f.naam.lower()} (schaal {other}).",
            f"In **schaal {other}** zit één functie: **{f.naam.lower()}**.",
            f"In **schaal {other}** zitten twee functies:\n- **{f.naam}** ({f.norm.naam})",
        ):
            assert inventions(text, store), text
            assert not inventions(text.replace(f"schaal {other}", f"schaal {f.schaal}"), store)


def test_another_percentage_is_found(replies, store):
    cases = list(altered(replies, r"(\d+) procent", lambda m: f"{int(m.group(1)) + 1} procent"))
    assert len(cases) > 40
    missed = [(reply.origin, plain(text)[:160]) for reply, text in cases if not inventions(text, store)]
    assert not missed, missed[:10]


def test_another_amount_is_found(replies, store):
    cases = list(altered(replies, r"€ (\d+\.\d+)", lambda m: f"€ {float(m.group(1)) + 0.1:.3f}"))
    assert len(cases) > 30
    missed = [(reply.origin, plain(text)[:160]) for reply, text in cases if not inventions(text, store)]
    assert not missed, missed[:10]


def test_another_formation_is_found(replies, store):
    cases = list(altered(replies, r"(\d+(?:,\d+)?) fte", lambda m: "37,25 fte"))
    assert len(cases) > 10
    missed = [(reply.origin, plain(text)[:160]) for reply, text in cases if not inventions(text, store)]
    assert not missed, missed[:10]


@pytest.mark.parametrize(
    "sentence",
    [
        "Vraag het aan Piet Jansen.",
        "Jansen kan je verder helpen.",
        "**Kees de wit** beslist daarover.",
        "Dat staat in de Cao Waterschappen.",
        "De gemeente Zwolle heeft ook zo'n functie.",
        "Kijk ook eens bij junior beleidsadviseur (schaal 11).",
        "Voor een **junior beheerder** is dat anders.",
        "Je kunt daarna **jurist bestuursrecht** worden.",
        "De HR21-normfunctie is Adviseur VII.",
        "De HR21-normfunctie is Medewerker educatie IV.",
        "Dat is een vak in schaal 19.",
        "Dat is schaal twintig.",
        "Een **projectleider**: schaal 10",
        "**1. Hogerop: junior beleidsadviseur (schaal 11)**",
        "**Vraag het Jansen**",
        "Dat duurt meestal 7 weken.",
        "Dat gold vanaf 3 maart 2020.",
        "Dit stond er in 2031 ook al.",
        "Er deden 1.717 mensen aan mee.",
        "Het functieboek noemt 29 functies.",
        "Schaal 8 betaalt **€ 5.118**.",
        "Dat vraagt niveau E van visie.",
        "Bel 0900-1234 voor meer uitleg.",
        "Zie ook HR25 voor de regels.",
        "Ongeveer een derde (33%) denkt er zo over.",
    ],
)
def test_an_invention_is_found_behind_a_true_reply(sentence, replies, store):
    reply = next(reply for reply in replies if reply.kind == "functie.schaal")
    assert inventions(f"{reply.text}\n{sentence}", store), sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Bel 113 of 112, of vraag het bij HR of het UWV.",
        "Dat zijn drie functies en 12 taken.",
        "Een **beleidsadviseur** heeft visie nodig op niveau B.",
        "Wat zou je doen als adviseur III in Ommen?",
        "Het Functieboek Ommen is van 2018.",
    ],
)
def test_a_true_sentence_is_left_alone(sentence, store):
    assert inventions(sentence, store) == []
