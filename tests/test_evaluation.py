"""`loopbaan evaluate`: the figures, the judge, the report and the command, on a toy set and a fake bot."""

from __future__ import annotations

import base64
import json
import re
import urllib.error
from html.parser import HTMLParser

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli, gesprek
from bot.evaluation import measures
from bot.evaluation.cases import CaseError, Turn, faults, read_cases, run_case, run_cases
from bot.evaluation.measures import NOTHING, Prediction, Share, topic_of
from bot.evaluation.report import Evaluation, html, summary
from bot.settings import ROOT

INTERIM = "onderwerp/interim.starten"
# Ten questions: schaal 3 of 4 right, taken 2 of 3, interim 1 of 1, buiten_bereik 1 of 2.
PREDICTIONS = [
    Prediction("welke schaal heeft een adviseur", "vraag_schaal", "vraag_schaal", 0.9),
    Prediction("schaal adviseur", "vraag_schaal", "vraag_schaal", 0.8),
    Prediction("in welke schaal zit een regisseur", "vraag_schaal", "vraag_schaal", 0.5),
    Prediction("wat schuift <b>dat</b> & zo", "vraag_schaal", "vraag_taken", 0.6),
    Prediction("wat doet een adviseur", "vraag_taken", "vraag_taken", 0.9),
    Prediction("taken regisseur", "vraag_taken", "vraag_taken", 0.4),
    Prediction("werk van een beheerder", "vraag_taken", "buiten_bereik/algemeen", 0.3),
    Prediction("hoe begin ik als interimmer", INTERIM, INTERIM, 0.7),
    Prediction("wordt het morgen mooi weer", "buiten_bereik/algemeen", "buiten_bereik/algemeen", 0.7),
    Prediction("wie wint de tour", "buiten_bereik/algemeen", "vraag_schaal", 0.2),
]


def case(case_id="c-1", **more):
    turn = {"user": "welke schaal?", "outcome": "answered", "all": [["schaal 11", "elf"]], "none": ["schaal 12"]}
    return {"id": case_id, "topic": "schaal", "style": "kort", "turns": [turn]} | more


def reply(text, outcome="answered"):
    return [{"text": text}, {"custom": {"answer": {"outcome": outcome}}}]


class FakeLine:
    """A bot that says the same to everybody, and knows who spoke to it."""

    def __init__(self, text="Dat is schaal 11."):
        self.sender, self.text, self.heard = "", text, []

    def say(self, text):
        self.heard.append((self.sender, text))
        return reply(self.text)


@pytest.fixture
def write(tmp_path):
    def to_file(*items, name="gevallen.jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(i if isinstance(i, str) else json.dumps(i) for i in items), encoding="utf-8")
        return path

    return to_file


# Conversations


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        (reply("Adviseur zit in SCHAAL 11."), 0),
        (reply("Elf."), 0),
        (reply("Schaal 11", "clarification"), 1),
        (reply("Schaal 9 of schaal 12"), 2),
        ([{"text": "schaal 11"}], 1),
        ([], 3),
        ([{"text": "schaal"}, {"text": "11, dus elf"}, *reply("")], 0),
        ([{"buttons": [{"title": "schaal 11"}]}, *reply("weet ik niet")], 1),
    ],
)
def test_a_reply_is_judged_by_outcome_and_patterns(messages, wrong):
    turn = Turn("welke schaal?", "answered", (("schaal 11", "elf"),), ("schaal 12",))
    assert len(faults(turn, messages)) == wrong


def test_any_outcome_will_do_when_none_is_asked_for():
    assert faults(Turn("hoi"), [{"text": "dag"}]) == ()
    assert faults(Turn("hoi"), [{"text": " "}]) == ("geen tekst in het antwoord",)


def test_a_case_fails_when_one_turn_does_and_has_a_sender_of_its_own(write):
    turns = [{"user": "een", "all": [["schaal"]]}, {"user": "twee", "all": [["niets hiervan"]]}]
    cases = read_cases([write(case("a", turns=turns), "", case("b"))])
    line, seen = FakeLine(), []
    results = run_cases(line, cases, lambda done, total: seen.append((done, total)))
    assert [result.right for result in results] == [False, True]
    assert [bool(turn.faults) for turn in results[0].turns] == [False, True]
    senders = [sender for sender, _ in line.heard]
    assert senders[0] == senders[1] != senders[2]
    assert seen == [(1, 2), (2, 2)]


def test_a_failing_reply_is_a_wrong_turn_but_no_server_at_all_is_an_error(write):
    class Broken(FakeLine):
        def __init__(self, cause):
            super().__init__()
            self.cause = cause

        def say(self, text):
            raise click.ClickException("De bot gaf een fout (500).") from self.cause

    (found,) = read_cases([write(case())])
    server_error = urllib.error.HTTPError("", 500, "", None, None)
    assert "500" in run_case(Broken(server_error), found).turns[0].faults[0]
    assert not run_case(Broken(TimeoutError()), found).right
    with pytest.raises(click.ClickException):
        run_case(Broken(urllib.error.URLError("geweigerd")), found)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "x", ', "geen geldige JSON"),
        ("[]", "JSON-object"),
        ({"turns": [{"user": "x"}]}, '"id"'),
        ({"id": "x"}, '"turns"'),
        ({"id": "x", "turns": [{}]}, '"user"'),
        ({"id": "x", "turns": [{"user": "x", "all": ["los"]}]}, '"all"'),
        ({"id": "x", "turns": [{"user": "x", "none": ["("]}]}, "patroon"),
    ],
)
def test_a_bad_line_is_told_with_its_number(write, line, message):
    with pytest.raises(CaseError) as error:
        read_cases([write(case(), line)])
    assert "regel 2" in str(error.value) and message in str(error.value)


def test_missing_and_empty_files_are_told(tmp_path, write):
    with pytest.raises(CaseError, match="bestaat niet"):
        read_cases([tmp_path / "weg.jsonl"])
    with pytest.raises(CaseError, match="leeg"):
        read_cases([write("", " ")])


def test_our_own_cases_can_all_be_read():
    assert len(read_cases(sorted((ROOT / "tests" / "e2e").glob("*.jsonl")))) >= 300


# Figures


def test_scores_per_label_are_what_one_computes_by_hand():
    scores = {score.label: score for score in measures.label_scores(PREDICTIONS)}
    schaal, taken = scores["vraag_schaal"], scores["vraag_taken"]
    assert (schaal.n, schaal.predicted, schaal.precision, schaal.recall, schaal.f1) == (4, 4, 0.75, 0.75, 0.75)
    assert (taken.n, taken.precision, taken.recall) == (3, 2 / 3, 2 / 3)
    assert scores["buiten_bereik/algemeen"].f1 == 0.5
    assert measures.macro_f1(PREDICTIONS) == pytest.approx((0.75 + 2 / 3 + 1 + 0.5) / 4)


def test_a_label_that_is_never_predicted_has_no_precision_and_one_that_never_occurs_no_recall():
    never, unasked = measures.label_scores([Prediction("x", "a", "b", 0.5)])
    assert (never.precision, never.recall, never.f1) == (None, 0.0, 0.0)
    assert (unasked.precision, unasked.recall) == (0.0, None)
    assert [s.label for s in measures.label_scores([Prediction("?!", "a", NOTHING, 0.0)])] == ["a"]


def test_confusions_are_counted_with_their_surest_example():
    twice = [*PREDICTIONS, Prediction("nog zo een", "vraag_schaal", "vraag_taken", 0.95)]
    worst = measures.worst_confusions(twice, 2)
    assert (worst[0].expected, worst[0].got, worst[0].count, worst[0].of) == ("vraag_schaal", "vraag_taken", 2, 5)
    assert worst[0].example == "nog zo een"
    assert len(worst) == 2


def test_the_matrix_counts_topic_groups():
    matrix = measures.topic_matrix(PREDICTIONS)
    assert matrix.names == ["functie", "interim", "schaal", "buiten bereik"]
    assert matrix.counts == [[2, 0, 0, 1], [0, 1, 0, 0], [1, 0, 3, 0], [0, 0, 1, 1]]


def test_the_confidence_curve_at_some_thresholds():
    points = {point.threshold: point for point in measures.confidence_curve(PREDICTIONS, 0.55)}
    assert (points[0.0].answered, points[0.0].wrong) == (Share(10, 10), Share(3, 10))
    assert (points[0.4].answered, points[0.4].wrong) == (Share(8, 10), Share(1, 8))
    assert (points[0.55].answered, points[0.55].wrong) == (Share(6, 10), Share(1, 6))
    assert (points[0.9].answered, points[0.9].wrong) == (Share(2, 10), Share(0, 2))


def test_the_boundary_curve_at_some_thresholds():
    points = {point.threshold: point for point in measures.boundary_curve(PREDICTIONS)}
    assert (points[0.0].recognised, points[0.0].refused) == (Share(1, 2), Share(1, 8))
    assert (points[0.25].recognised, points[0.25].refused) == (Share(2, 2), Share(1, 8))
    assert (points[0.5].recognised, points[0.5].refused) == (Share(2, 2), Share(2, 8))
    talk = measures.boundary_curve([Prediction("hoi", "groet", "wartaal", 0.5)])
    assert (talk[0].recognised.total, talk[0].refused.total) == (0, 0)


def test_the_margin_of_a_share():
    low, high = Share(90, 100).interval
    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)
    assert Share(0, 0).value == 0.0 and Share(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        (INTERIM, "interim"),
        ("vraag_functies_in_schaal", "schaal"),
        ("vraag_verschil_niveaus", "competentie"),
        ("vraag_taken", "functie"),
        ("vraag_wat_past", "advies"),
        ("vraag_herkomst", "gesprek"),
        ("groet", "gesprek"),
        ("crisis", "buiten bereik"),
        (NOTHING, NOTHING),
    ],
)
def test_every_label_has_a_topic_group(label, topic):
    assert topic_of(label) == topic


# The report


class Tables(HTMLParser):
    """The cells of all tables by caption, and every address in the page."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.addresses, self.alts, self._rows, self._in = {}, [], [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.addresses += [value for key, value in attributes if key in ("src", "href", "action", "data", "srcset")]
        if tag == "img":
            self.alts.append(found.get("alt"))
        if tag == "caption":
            self._caption, self._rows = "", []
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
        if tag in ("caption", "td", "th"):
            self._in = tag

    def handle_endtag(self, tag):
        if tag == "table":
            self.tables[self._caption] = self._rows
        if tag == self._in:
            self._in = ""

    def handle_data(self, data):
        if self._in == "caption":
            self._caption += data
        elif self._in:
            self._rows[-1][-1] += data


def understanding(predictions=PREDICTIONS, **more):
    from bot.evaluation.understanding import Understanding

    given = {"questions": 11, "labels": 4, "folds": 5, "asked": 5, "single": 1, "threshold": 0.1} | more
    return Understanding(predictions=list(predictions), language="blank:nl", meaning=False, **given)


@pytest.fixture
def evaluation(write):
    cases = read_cases([write(case("goed"), case("mis", topic="functie", turns=[
        {"user": "wat doet <u>hij</u>?", "all": [["taken"]]}, {"user": "en de schaal?"}]))])  # fmt: skip
    return Evaluation(understanding(), run_cases(FakeLine("Schaal 11 <script>"), cases), "een nepbot", 0.92)


def test_the_tables_hold_the_figures(evaluation):
    tables = Tables(html(evaluation)).tables
    in_short = {row[0]: row[1:4] for row in tables["In het kort"]}
    assert in_short["losse vragen: precies het goede label"] == ["7", "10", "70,0%"]
    assert in_short["losse vragen: goede onderwerpgroep"] == ["7", "10", "70,0%"]
    assert in_short["gesprekken die helemaal goed gingen"] == ["1", "2", "50,0%"]
    labels = {row[0]: row[1:] for row in tables["Per intent"]}
    assert labels["vraag_schaal"] == ["75,0%", "75,0%", "75,0%", "4", "4"]
    assert labels["buiten_bereik/algemeen"] == ["50,0%", "50,0%", "50,0%", "2", "2"]
    assert labels["gemiddelde van alle labels"][2] == "72,9%"
    curve = {row[0]: row[1:] for row in tables["Drempel, beantwoorde vragen en fouten"]}
    assert curve["0,10 (ingesteld)"] == ["100,0%", "30,0%", "10", "3"]
    assert curve["0,40"] == ["80,0%", "12,5%", "8", "1"]
    boundary = {
        row[0]: row[1:] for row in tables["Drempel, herkende vragen buiten bereik en afgewezen vragen erbinnen"]
    }
    assert boundary["0,25"] == ["100,0%", "12,5%", "2", "1"]
    topics = {row[0]: row[1:4] for row in tables["Goede gesprekken per onderwerp"]}
    assert topics["functie"] == ["0", "1", "0,0%"] and topics["schaal"] == ["1", "1", "100,0%"]


def test_what_went_wrong_is_there_to_read(evaluation):
    page = html(evaluation)
    questions = page.split('id="fouten"')[-1]
    wrong = "<li>wat schuift &lt;b&gt;dat&lt;/b&gt; &amp; zo<br>bedoeld: <code>vraag_schaal</code>, herkend: <code>vraag_taken</code>"
    assert f"{wrong} (zekerheid 60,0%)" in questions
    assert "taken regisseur" not in questions
    talks = page.split('id="mislukt"')[-1].split('id="fouten"')[0]
    assert "mis (functie, kort)" in talks and "goed (schaal, kort)" not in talks
    assert "wat doet &lt;u&gt;hij&lt;/u&gt;?" in talks and "ontbreekt: taken" in talks and "en de schaal?" in talks
    assert "Schaal 11 &lt;script&gt;" in talks and "<script>" not in page


def test_the_report_asks_nothing_of_other_places(evaluation):
    page = html(evaluation)
    found = Tables(page)
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<script|<link|<iframe", text)
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in found.addresses)
    assert "default-src 'none'" in page
    for address in (a for a in found.addresses if a.startswith("data:")):
        picture = base64.b64decode(address.split(",", 1)[1]).decode()
        assert picture.startswith("<svg")
        assert not re.search(r'(?:href|src)="(?!#)|url\((?!#)|<image|<script', picture)


def test_the_report_can_be_read_without_seeing_the_pictures(evaluation):
    page = html(evaluation)
    assert '<html lang="nl">' in page
    alts = Tables(page).alts
    assert len(alts) == 3 and all(len(alt) > 40 for alt in alts)
    assert page.count("<caption>") == page.count("<table>") and page.count("<caption></caption>") == 0
    assert not re.search(r"<th>|<th (?!scope)", page)


def test_a_report_of_one_part_leaves_the_other_out(evaluation):
    only_talk = html(Evaluation(conversations=evaluation.conversations))
    assert 'id="begrip"' not in only_talk and 'id="mislukt"' in only_talk
    only_questions = html(Evaluation(understanding()))
    assert 'id="mislukt"' not in only_questions and 'id="fouten"' in only_questions
    assert "Geen." in html(Evaluation(understanding([p for p in PREDICTIONS if p.right])))
    assert "geen curve te maken" in html(Evaluation(understanding([Prediction("hoi", "groet", "groet", 0.05)])))


def test_the_summary_is_short(evaluation):
    lines = summary(evaluation)
    assert "Gesprekken: 1 van de 2 goed (50,0%)." in lines
    assert any("10 achtergehouden vragen, 70,0% precies goed" in line for line in lines)
    assert len(lines) < 15


# Cross-validation


def toy():
    schaal = [f"welke schaal heeft een {name}" for name in ("bakker", "smid", "visser", "slager", "boer", "kok")]
    start = [f"hoe begin ik als interimmer {where}" for where in ("nu", "straks", "hier", "daar", "snel", "later")]
    weer = [f"gaat het {when} regenen" for when in ("morgen", "vandaag", "zondag", "maandag", "vanavond", "overal")]
    found = [(t, "vraag_schaal") for t in schaal] + [(t, INTERIM) for t in start]
    return found + [(t, "buiten_bereik/algemeen") for t in weer] + [("dank je", "bedankt")]


def test_folds_are_even_for_each_label_and_always_the_same():
    from bot.evaluation.understanding import ALWAYS_TRAINED, assign_folds

    labels = ["a"] * 10 + ["b"] * 5 + ["c"]
    folds = assign_folds(labels, 5)
    assert folds == assign_folds(labels, 5)
    assert sorted(folds[:10]) == sorted([*range(5), *range(5)]) and sorted(folds[10:15]) == [0, 1, 2, 3, 4]
    assert folds[15] == ALWAYS_TRAINED


def test_a_sample_takes_whole_labels():
    from bot.evaluation.understanding import sample

    drawn = sample(toy(), 10)
    counts = {label: sum(other == label for _, other in drawn) for _, label in drawn}
    assert len(counts) > 1 and set(counts.values()) <= {6, 1} and drawn == sample(toy(), 10)


@pytest.fixture
def toy_bot(tmp_path, monkeypatch):
    """The pipeline of config.yml on the toy set, without sentence vectors."""
    from bot.evaluation import understanding
    from knowledge.build import build_file

    monkeypatch.setenv("LOOPBAAN_DATABASE", str(tmp_path / "knowledge.db"))
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path / "models"))
    monkeypatch.setenv("LOOPBAAN_BETEKENIS", "geen")
    build_file(tmp_path / "knowledge.db")
    wrong = ("gaat het hard regenen", "vraag_schaal")  # Nobody can know this one.
    monkeypatch.setattr(understanding, "load_questions", lambda: [*toy(), wrong])


def test_cross_validation_asks_every_question_once_with_full_names(toy_bot):
    from bot.evaluation.understanding import cross_validate, load_questions

    told = []
    found = cross_validate(load_questions(), folds=3, tell=told.append)
    assert sorted(p.text for p in found.predictions) == sorted(t for t, label in load_questions() if label != "bedankt")
    assert {p.expected for p in found.predictions} >= {INTERIM, "buiten_bereik/algemeen"}
    assert [p.text for p in found.predictions if not p.right] == ["gaat het hard regenen"]
    assert (found.asked, found.single, found.meaning) == (3, 1, False)
    assert found.threshold is not None and len(told) == 6


def test_quick_asks_one_fold(toy_bot):
    from bot.evaluation.understanding import cross_validate

    assert 3 <= len(cross_validate(toy(), folds=5, quick=True).predictions) <= 4


def test_known_vectors_are_looked_up_and_no_cache_is_written(tmp_path, monkeypatch):
    import numpy as np

    from bot.evaluation.understanding import known_meaning
    from bot.nlu import meaning

    asked = []

    class Model:
        def query(self, texts):
            asked.append(texts)
            return np.ones((len(texts), 3)) if isinstance(texts, list) else np.zeros(3)

    monkeypatch.setattr(meaning, "available", lambda: True)
    monkeypatch.setattr(meaning, "_model", lambda: Model())
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path))
    meaning._vector.cache_clear()
    before = (meaning.vector, meaning.vectors)
    with known_meaning(["een", "twee"]):
        assert meaning.vector(" een ").tolist() == [1, 1, 1]
        assert meaning.vectors(["twee", "drie"], tmp_path / "betekenis.npz").tolist() == [[1, 1, 1], [0, 0, 0]]
    meaning._vector.cache_clear()
    assert asked == [["een", "twee"], "drie"]
    assert (meaning.vector, meaning.vectors) == before
    assert list(tmp_path.iterdir()) == []


def test_a_pipeline_with_a_part_of_rasa_is_refused_in_words(tmp_path):
    from bot.evaluation.understanding import PipelineError, pipeline_of

    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: DIETClassifier\n")
    with pytest.raises(PipelineError, match="DIETClassifier"):
        pipeline_of(config)
    assert pipeline_of(ROOT / "config.yml").threshold is not None


# The command


def run(*arguments):
    return CliRunner().invoke(cli, ["evaluate", *map(str, arguments)])


@pytest.fixture
def fake_bot(monkeypatch):
    line = FakeLine()
    monkeypatch.setattr(gesprek, "connect", lambda url: line)
    return line


def test_the_command_writes_a_report_and_keeps_to_the_minimum(tmp_path, write, fake_bot):
    wrong = case("mis", turns=[{"user": "x", "none": ["schaal"]}])
    path, report = write(case(), case("b"), case("c"), wrong), tmp_path / "diep" / "rapport.html"
    done = run("--only", "cases", "--cases", path, "--report", report, "--min", "0.75")
    assert done.exit_code == 0, done.output
    assert "Gesprekken: 3 van de 4 goed (75,0%)." in done.output and str(report) in done.output
    assert "mis (schaal, kort)" in report.read_text(encoding="utf-8")
    low = run("--only", "cases", "--cases", path, "--report", report, "--min", "0.76")
    assert low.exit_code == 1
    assert "Te weinig gesprekken goed: de ondergrens is 76,0%." in low.output


def test_the_whole_command_on_a_toy_set(tmp_path, write, fake_bot, toy_bot):
    report = tmp_path / "rapport.html"
    done = run("--cases", write(case()), "--report", report, "--folds", "3")
    assert done.exit_code == 0, done.output
    page = report.read_text(encoding="utf-8")
    assert "gaat het hard regenen" in page.split('id="fouten"')[-1]
    assert "Begrip: 19 achtergehouden vragen, 94,7% precies goed" in done.output


def test_mistakes_are_told_in_dutch_before_anything_is_done(tmp_path, write, fake_bot):
    missing = run("--cases", tmp_path / "weg.jsonl", "--report", tmp_path / "r.html")
    assert missing.exit_code == 1 and "bestaat niet" in missing.output
    bad = run("--cases", write(case(), "{"), "--report", tmp_path / "r.html")
    assert bad.exit_code == 1 and "regel 2" in bad.output
    both = run("--only", "nlu", "--min", "0.9", "--report", tmp_path / "r.html")
    assert both.exit_code == 2 and "--min" in both.output
    (tmp_path / "bestand").write_text("")
    nowhere = run("--cases", write(case()), "--report", tmp_path / "bestand" / "r.html")
    assert nowhere.exit_code == 1 and "niet te schrijven" in nowhere.output
    assert fake_bot.heard == [] and not (tmp_path / "r.html").exists()


def test_no_bot_and_no_model_are_told(tmp_path, write, monkeypatch):
    path, report = write(case()), tmp_path / "r.html"
    away = run("--only", "cases", "--cases", path, "--report", report, "--url", "http://127.0.0.1:9")
    assert away.exit_code == 1 and "Geen bot te bereiken" in away.output
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path / "leeg"))
    monkeypatch.setattr(gesprek, "connect", lambda url: gesprek.OwnLine())
    untrained = run("--only", "cases", "--cases", path, "--report", report)
    assert untrained.exit_code == 1 and "loopbaan train" in untrained.output
    monkeypatch.setenv("LOOPBAAN_DATABASE", str(tmp_path / "weg.db"))
    unbuilt = run("--only", "nlu", "--report", report)
    assert unbuilt.exit_code == 1 and "knowledge build" in unbuilt.output


def test_help_of_evaluate_is_dutch():
    shown = run("--help").output
    assert "Meet hoe goed de bot is" in shown and "--quick" in shown
