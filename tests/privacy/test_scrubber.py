"""What identifies a person is taken out of a text, and nothing else is."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.channels.feedback import Feedback, Verdict
from bot.channels.rest import harmless
from bot.privacy.events import scrub_event
from bot.privacy.scrubber import LEFT_OUT, scrub, scrub_all
from bot.settings import ROOT


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("mijn mail is jan.de.vries+werk@gemeente.nl, en nu?", f"mijn mail is {LEFT_OUT}, en nu?"),
        ("(JAN@OMMEN.NL)", f"({LEFT_OUT})"),
        ("jan(at)ommen.nl of piet [at] ommen.nl", f"{LEFT_OUT} of {LEFT_OUT}"),
        ("zoë@gemeente-ommen.nl", LEFT_OUT),
        ("bel 06-12345678 na 10 uur", f"bel {LEFT_OUT} na 10 uur"),
        ("bel 06-12345678 10 uur", f"bel {LEFT_OUT} 10 uur"),
        ("06 12 34 56 78", LEFT_OUT),
        ("0612345678", LEFT_OUT),
        ("06 - 1234 5678", LEFT_OUT),
        ("+31 6 1234 5678", LEFT_OUT),
        ("+31(0)6-12345678", LEFT_OUT),
        ("0031 6 12345678", LEFT_OUT),
        ("+31612345678.", f"{LEFT_OUT}."),
        ("(0529) 45 14 51", LEFT_OUT),
        ("tel:0529-451451", f"tel:{LEFT_OUT}"),
        ("020 123 4567", LEFT_OUT),
        ("088 - 123 45 67", LEFT_OUT),
        ("06\u00a01234\u20115678", LEFT_OUT),
        ("+32 475 12 34 56", LEFT_OUT),
        ("0049 30 1234567", LEFT_OUT),
        ("mijn bsn is 123456782", f"mijn bsn is {LEFT_OUT}"),
        ("BSN123456782", f"BSN{LEFT_OUT}"),
        ("123.456.782", LEFT_OUT),
        ("123 456 782", LEFT_OUT),
        ("1234.56.782", LEFT_OUT),
        ("1 2 3 4 5 6 7 8 2", LEFT_OUT),
        ("NL91ABNA0417164300", LEFT_OUT),
        ("NL91 ABNA 0417 1643 00 is mijn rekening", f"{LEFT_OUT} is mijn rekening"),
        ("nl91abna0417164300, dus", f"{LEFT_OUT}, dus"),
        ("BE68 5390 0754 7034", LEFT_OUT),
        ("DE89370400440532013000", LEFT_OUT),
        ("0612345678,jan@ommen.nl", f"{LEFT_OUT},{LEFT_OUT}"),
    ],
)
def test_what_identifies_a_person_goes(text, scrubbed):
    assert scrub(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "schaal 10a",
        "1.601 ambtenaren",
        "20243100",
        "06 fte?",
        "0,6 fte",
        "schalen 8 9 10 11 12 13",
        "schaal 10 11 12 13 9",
        "123456789",  # fails the 11-check
        "000000000",
        "01-02-2018 10 uur",
        "06-02-2018 10:30",
        "van 2018-04 tot 2024-12",
        "NL91ABNA0417164301",  # fails mod 97
        "met welke HR21-functie is de senior administratief medewerker beschreven",
        "adviseur@",
        "@adviseur",
        "3100 en 6100 en 9200",
        "113 of 112",
        "wat is 45.50 of 45,00 formatie?",
        "artikel 7:669 lid 3 onder d BW",
        "14 0529",
        "0800-0113",
    ],
)
def test_what_only_looks_like_it_stays(text):
    assert scrub(text) == text


def test_no_question_of_ours_is_touched():
    folders = (("bot/data", "*.yml"), ("tests/e2e", "*.jsonl"), ("knowledge/content", "*.yml"))
    lines = [
        line
        for folder, kind in folders
        for path in (ROOT / folder).rglob(kind)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) > 40_000
    assert [line for line in lines if scrub(line) != line] == []


# --- properties -----------------------------------------------------------------------------------------------------

_AROUND = st.text(st.characters(exclude_characters="@", exclude_categories=("Nd", "Cs")), max_size=40)
"""What may stand before and after; digits could make another number of it."""


@st.composite
def bsns(draw):
    """A BSN as people write it."""
    eight = draw(st.lists(st.integers(0, 9), min_size=8, max_size=8))
    last = sum(weight * digit for weight, digit in zip(range(9, 1, -1), eight, strict=True)) % 11
    assume(last < 10 and any(eight))
    digits = "".join(map(str, [*eight, last]))
    separator = draw(st.sampled_from(["", " ", ".", "-", "\u00a0"]))
    return separator.join(draw(st.sampled_from([(digits[:3], digits[3:6], digits[6:]), (digits[:4], digits[4:6], digits[6:])])))  # fmt: skip


@st.composite
def phones(draw):
    """A Dutch telephone number as people write it."""
    mobile = draw(st.booleans())
    prefix = draw(st.sampled_from(["0", "+31", "+31 ", "0031 ", "+31 (0)", "+31-"]))
    area = "6" if mobile else draw(st.sampled_from(["20", "10", "529", "38", "88"]))
    rest = draw(st.text("0123456789", min_size=9 - len(area), max_size=9 - len(area)))
    gap = draw(st.sampled_from(["", "-", " ", " - ", "."]))
    inner = draw(st.sampled_from(["", " "]))
    return prefix + area + gap + inner.join(rest[at : at + 2] for at in range(0, len(rest), 2))


@st.composite
def ibans(draw):
    """A Dutch IBAN, in one or in groups of four."""
    account = draw(st.sampled_from(["ABNA", "INGB", "RABO", "BNGH"])) + draw(
        st.text("0123456789", min_size=10, max_size=10)
    )
    check = 98 - int("".join(str(int(sign, 36)) for sign in account + "NL00")) % 97
    whole = f"NL{check:02d}{account}"
    grouped = " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
    return draw(st.sampled_from([whole, whole.lower(), grouped]))


_WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
emails = st.builds(
    "{}{}@{}.{}".format,
    _WORD,
    st.sampled_from(["", ".x", "+y", "_z", "-w"]),
    _WORD,
    st.sampled_from(["nl", "com", "overheid.nl"]),
)


@given(_AROUND, st.one_of(bsns(), phones(), ibans(), emails), _AROUND)
def test_wherever_it_stands(before, secret, after):
    text = f"{before} {secret} {after}"
    found = scrub(text)
    assert secret not in found
    assert not re.search(r"\d", found), found
    assert scrub(found) == found


@given(st.text(max_size=200))
def test_any_text_comes_through(text):
    found = scrub(text)
    assert scrub(found) == found
    if not re.search(r"[@\uff20\d]|[(\[]at[)\]]", text, re.IGNORECASE):
        assert found == text


@given(st.from_regex(r"[0-9 .+()@a-z/-]{0,300}", fullmatch=True))
def test_any_row_of_digits_and_signs_comes_through(text):
    found = scrub(text)
    assert scrub(found) == found


@given(st.integers(0, 99_999_999))
def test_a_number_of_eight_digits_or_fewer_stays(number):
    for text in (str(number), f"{number:,}".replace(",", "."), f"schaal {number} of {number}"):
        if not text.startswith("0"):
            assert scrub(text) == text


@pytest.mark.parametrize(
    "part", ["a", "a@", "0", "0 ", "1 ", "nl91a", "06-", "(", "+", "a.b", "@a.a.", "00 31 ", "aa11 ", "(at)", "\u0661"]
)
def test_no_text_takes_long(part):
    text = (part * 2000)[:2000]
    begun = time.perf_counter()
    scrub(text)
    assert time.perf_counter() - begun < 0.1


# --- where it is done -----------------------------------------------------------------------------------------------

SECRETS = ("jan@ommen.nl", "0612345678", "123456782", "NL91ABNA0417164300")
SAID = f"Ik ben te bereiken op {SECRETS[0]} of {SECRETS[1]}, bsn {SECRETS[2]}, rekening {SECRETS[3]}"


def _clean(value) -> bool:
    return not any(secret in json.dumps(value) for secret in SECRETS)


def test_at_the_door_of_every_channel():
    assert _clean(harmless(f" /{SAID}"))


def test_the_contact_of_the_organisation_stays():
    assert scrub("Mail hr@ommen.nl of jan@ommen.nl", keep=("HR@ommen.nl",)) == f"Mail hr@ommen.nl of {LEFT_OUT}"


def test_an_event_is_scrubbed_before_it_is_stored(monkeypatch):
    monkeypatch.setenv("LOOPBAAN_CONTACT_EMAIL", "hr@ommen.nl")
    ids = {"message_id": "a111222333b", "sender_id": "web-111222333", "timestamp": 1.5}
    parse = {"text": SAID, "entities": [{"entity": "functie", "value": SAID, "start": 0}], **ids}
    user = {"event": "user", "text": SAID, "parse_data": parse, "metadata": {"x": [SAID]}, **ids}
    slot = {"event": "slot", "name": "gesprek", "value": json.dumps({"gevraagd": [SAID]})}
    bot = {"event": "bot", "text": f"Mail hr@ommen.nl. Je zei: {SAID}", "data": {"buttons": None}}
    for event in (user, slot, bot):
        stored = scrub_event(event)
        assert _clean(stored), stored
        assert set(stored) == set(event)
    assert scrub_event(user)["message_id"] == "a111222333b"
    assert scrub_event(user)["parse_data"]["sender_id"] == "web-111222333"
    assert scrub_event(bot)["text"].startswith("Mail hr@ommen.nl.")
    assert scrub_event(user)["parse_data"]["entities"][0]["start"] == 0


def test_other_values_stay_as_they_are():
    assert scrub_all({"a": [1, 2.5, None, True, "x"]}) == {"a": [1, 2.5, None, True, "x"]}


def test_a_verdict_holds_none_of_it(tmp_path):
    feedback = Feedback(tmp_path / "oordelen.db")
    feedback.add(Verdict("functie.schaal", "answered", "bron", False, woord=SAID, vraag=SAID, antwoord=SAID))
    raw = (tmp_path / "oordelen.db").read_bytes().decode("latin-1")
    assert not any(secret in raw for secret in SECRETS)
