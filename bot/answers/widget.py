"""What the web widget and its start page say beside the bot's own answers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import gesprek, questions
from bot.settings import Contact
from knowledge.schema import Bron
from knowledge.store import Store

EXAMPLES = (
    "vraag_opleiding",
    "vraag_functies_in_schaal",
    "vraag_gedrag",
    "vraag_verschil_functies",
    "onderwerp/interim",
    "loopbaangesprek",
)
"""What the six example questions are about: labels of `own_questions`, or how one starts."""

LONGEST_SUGGESTION = 60
MOST_SUGGESTIONS = 300

MISTAKES = {
    "sessie": "Je gesprek is verlopen. Begin een nieuw gesprek.",
    "oorsprong": "Deze website mag de assistent niet gebruiken. De beheerder kan dat instellen.",
    "ongeldig": "Dat bericht kan ik niet lezen. Probeer het nog eens.",
    "knop": "Deze knop werkt niet meer. Typ je vraag.",
    "te_lang": "Je bericht is te lang. Stel je vraag in hooguit 500 tekens.",
    "te_groot": "Je bericht is te groot. Stel je vraag in hooguit 500 tekens.",
    "te_vaak": "Je stuurt veel berichten achter elkaar. Wacht even en probeer het dan nog eens.",
    "storing": "Sorry, er ging bij mij iets mis. Probeer het zo nog eens.",
    "niet_te_bewaren": gesprek.niet_te_bewaren().text,
    "niet_klaar": "Ik ben nog aan het starten. Probeer het over een minuut nog eens.",
    "onbekend": "Dat ken ik niet of niet meer.",
}
"""What a person reads when something goes wrong, by the code that the widget gets."""


def welkom() -> str:
    """The first words: that this is a computer and what it can do. The widget itself says who the person to turn to is."""
    return gesprek.groet().text


def privacy(contact: Contact) -> str:
    """What happens with what people say and press, as Markdown."""
    return (
        f"{gesprek.privacy(contact).text}\n\n"
        "- Er zijn geen cookies. Je gesprek staat ook in dit tabblad. Sluit je het tabblad, dan is het daar weg.\n"
        "- Met **verwijder mijn gesprek** is je gesprek ook op de server weg.\n"
        "- Een duim omhoog of omlaag bewaren we een jaar, zonder je naam. Zo kunnen we de antwoorden beter maken. "
        "Je vraag en het antwoord gaan alleen mee als jij dat goed vindt."
    )


def bronnen(store: Store) -> list[Bron]:
    """The documents that answers come from; not the single facts from elsewhere."""
    return [bron for bron in store.bronnen() if not (bron.soort or "").startswith("feit")]


def voorbeelden(store: Store) -> list[str]:
    """Six questions of different kinds that the bot can answer."""
    asked = list(questions.own_questions(store))
    found = []
    for label in EXAMPLES:
        of_kind = [question for kind, question in asked if kind.startswith(label) and question[-1] in "?."]
        found += of_kind[len(of_kind) // 2 :][:1]
    return found


def suggesties(store: Store) -> list[str]:
    """Short questions to suggest while somebody types: some of every kind, the same ones each time."""
    by_kind: dict[str, list[str]] = {}
    for label, question in questions.own_questions(store):
        if len(question) <= LONGEST_SUGGESTION and label != "vraag_functie_bij_taak":
            by_kind.setdefault(label.partition("/")[0], []).append(question)
    return _in_turn(list(by_kind.values()))[:MOST_SUGGESTIONS]


def _in_turn(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first of every row, then the second of every row, and so on; each once."""
    longest = max((len(row) for row in rows), default=0)
    return list(dict.fromkeys(row[place] for place in range(longest) for row in rows if place < len(row)))
