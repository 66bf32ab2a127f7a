"""The conversation itself: small talk, limits, asking back."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import intake
from bot.actions.base import AnswerAction, handles
from bot.actions.context import Context
from bot.actions.functie import ask_functie
from bot.actions.reading import ADVICE
from bot.actions.registry import handler_for
from bot.actions.turn import Turn
from bot.answers import gesprek, questions
from bot.answers.answer import Answer, Button
from bot.nlu.languages import language_of
from bot.nlu.text import words
from bot.settings import Settings

MAX_OPTIONS = 3
READABLE = 6
"""How many of the model's readings are likely enough to be offered."""


class ActionGesprek(AnswerAction):
    """Answers small talk and questions about the bot itself."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_gesprek"


class ActionGrens(AnswerAction):
    """Says what lies outside the sources, and asks back when the question isn't clear."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_grens"


handles("groet")(lambda turn: gesprek.groet())
handles("bedankt")(lambda turn: gesprek.bedankt())
handles("afscheid")(lambda turn: gesprek.afscheid())
handles("praatje")(lambda turn: gesprek.praatje())
handles("wie_ben_je")(lambda turn: gesprek.wie_ben_je())
handles("wat_kun_je")(lambda turn: gesprek.wat_kun_je(turn.store))
handles("vraag_herkomst")(lambda turn: gesprek.herkomst(turn.store))
handles("privacy")(lambda turn: gesprek.privacy(Settings.from_environment().contact))
handles("mens_spreken")(
    lambda turn: gesprek.mens(Settings.from_environment().contact, bool(turn.context.gevraagd or turn.context.persoon))
)
handles("schelden")(lambda turn: gesprek.schelden(Settings.from_environment().contact))
handles("wat_weet_je_van_mij")(lambda turn: gesprek.wat_weet_ik(turn.store, turn.context.persoon))
handles("samenvatting")(
    lambda turn: gesprek.samenvatting(
        turn.store, turn.context.gevraagd, turn.context.persoon, Settings.from_environment().contact
    )
)
handles("overslaan")(lambda turn: gesprek.smalltalk("overslaan", "Oké. Stel gerust een andere vraag."))


@handles("vergeet")
def vergeet(turn: Turn) -> Answer:
    """Forget what was said in this conversation."""
    turn.context = Context(begroet=turn.context.begroet)
    return gesprek.vergeten()


@handles("vertel_over_mij")
def verteld(turn: Turn) -> Answer:
    """Something about the person: the answer to what was asked, or a note for later."""
    last = turn.context.vraag
    if turn.context.wacht and last in ADVICE and (handler := handler_for(last)):
        turn.label = last
        return handler(turn)
    return gesprek.onthouden(turn.store, turn.context.persoon)


@handles("loopbaangesprek")
def loopbaangesprek(turn: Turn) -> Answer:
    """Begin the career conversation."""
    turn.context = replace(turn.context, intake=intake.STEPS[0])
    return intake.begin(turn.store)


handles("crisis")(lambda turn: gesprek.crisis(Settings.from_environment().contact))


@handles("wartaal")
def wartaal(turn: Turn) -> Answer:
    """Nothing to make out of it, unless it is the first word of a name ("senior")."""
    first_words = {word for others in turn.store.varianten().values() for word in others if word}
    if {w.text for w in words(turn.text)} & first_words:
        return ask_functie(turn)
    return gesprek.wartaal()


handles("andere_taal")(lambda turn: gesprek.andere_taal(language_of(turn.text)))
handles("bevestig")(lambda turn: confirm(turn))
handles("ontken")(lambda turn: gesprek.smalltalk("ontken", "Oké. Stel gerust een andere vraag."))


@handles("buiten_bereik")
def buiten_bereik(turn: Turn) -> Answer:
    """Outside the sources, with where to go by the kind of question."""
    if turn.label == "buiten_bereik/onbekende_functie" and turn.outside:
        return gesprek.onbekende_functie(turn.outside_names, turn.outside)
    if turn.label == "buiten_bereik/onbekende_functie" and turn.values("functiegroep"):
        return ask_functie(turn)  # "medewerker publiek": a family of functions, not an unknown one
    return gesprek.buiten_bereik(turn.label.partition("/")[2] or "algemeen")


def confirm(turn: Turn) -> Answer:
    """A yes: to the first of the offered choices, or to nothing in particular."""
    if turn.context.opties:
        return gesprek.bedoel_je([Button(*option) for option in turn.context.opties[:MAX_OPTIONS]])
    return gesprek.smalltalk("bevestig", "Mooi. Wat wil je weten?")


# A fragment without a conversation that completes it.
handles("vervolg")(lambda turn: gesprek.weet_niet())


@handles("nlu_fallback", "")
def onzeker(turn: Turn) -> Answer:
    """Not sure enough: offer the likeliest readings; when there are none, say so."""
    if not turn.text.strip():
        return gesprek.leeg()
    options = [button for reading in turn.ranking[:READABLE] if (button := readable(turn, reading))]
    return gesprek.bedoel_je(options[:MAX_OPTIONS]) if options else gesprek.weet_niet()


def readable(turn: Turn, reading: dict[str, object]) -> Button | None:
    """A reading of the question as a button, in words; None for readings that are never guessed aloud."""
    label = str(reading.get("full") or reading.get("name"))
    name, _, detail = label.partition("/")
    if name == "onderwerp":
        return questions.about_onderwerp(turn.store, detail)
    if name in questions.OVER_FUNCTIE:
        found = turn.named_functies or turn.talked_of
        if found:
            button = questions.about_functie(name, found[0].naam)
            return Button(button.question, button.question)
        return None
    if name in questions.OVER_COMPETENTIE and turn.named_competenties:
        button = questions.about_competentie(name, turn.named_competenties[0].naam.lower())
        return Button(button.question, button.question)
    if name in questions.LOS and name not in ("mens_spreken", "privacy"):
        button = questions.plain(name)
        return Button(button.question, button.question)
    return None
