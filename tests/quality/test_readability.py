"""Replies are plain Dutch: Flesch-Douma of at least 60 and short sentences."""

from __future__ import annotations

from statistics import median

import pytest
import textstat

from tests.quality.readability import by_kind, measure, sentences, table
from tests.quality.replies import renderers

FLESCH = 60
WORDS = 15


def test_replies_are_plain_dutch(replies):
    kinds = by_kind(replies)
    flesch = median(r.flesch for r in kinds.values())
    words = median(r.words for r in kinds.values())
    print(f"{len(kinds)} kinds of reply: Flesch-Douma {flesch:.1f}, {words:.1f} words a sentence")
    assert flesch >= FLESCH, f"Flesch-Douma {flesch:.1f} < {FLESCH}\n{table(kinds)}"
    assert words <= WORDS, f"{words:.1f} words a sentence > {WORDS}\n{table(kinds)}"


def test_no_kind_of_reply_has_long_sentences(replies):
    kinds = by_kind(replies)
    long = {kind: round(r.words, 1) for kind, r in kinds.items() if r.words > WORDS}
    assert not long, f"{long}\n{table(kinds)}"


def test_every_renderer_is_measured(replies):
    missing = set(renderers()) - {reply.origin for reply in replies}
    assert not missing, f"call these in tests/quality/replies.py: {', '.join(sorted(missing))}"


def test_a_bullet_and_a_lead_in_are_sentences():
    text = "**Beheerder** doet:\n- dit werk (voor € 1.601)\n- dat. En meer!\n\n_Let op: bel 113.nl._"
    assert sentences(text) == ["Beheerder doet", "dit werk (voor € 1601)", "dat", "En meer", "Let op: bel 113nl"]


@pytest.mark.parametrize(
    "text",
    [
        "De bron noemt geen bedrag van dit jaar. Vraag het aan je leidinggevende.",
        "Je adviseert over meerdere vakgebieden die samenhangen en ontwikkelt daar beleid voor.",
    ],
)
def test_the_score_is_textstats(text):
    assert measure(text).flesch == pytest.approx(textstat.flesch_reading_ease(text), abs=1.5)
