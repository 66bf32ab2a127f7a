"""What the bot says about itself, what it can't do, and how it asks back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import questions
from bot.answers.answer import Answer, Button, listing
from bot.settings import Contact
from knowledge.store import Store

CAN_DO = "vragen over functies, schalen, opleiding, competenties, interim werken en loopbaan bij de overheid"

_START = (
    Button("Welke functies zijn er?", questions.LOS["vraag_functielijst"][1]),
    Button("Wat kun je allemaal?", questions.LOS["wat_kun_je"][1]),
)


def smalltalk(aspect: str, text: str, buttons: Sequence[Button] = _START) -> Answer:
    """Small talk with a way on."""
    return Answer("smalltalk", f"gesprek.{aspect}", text, buttons=tuple(buttons))


def groet() -> Answer:
    """The greeting: says that this is a computer."""
    return smalltalk("groet", f"Hallo! Ik ben Loopbaanbot, een computerprogramma. Stel me gerust {CAN_DO}.")


def bedankt() -> Answer:
    """Thanks."""
    return smalltalk("bedankt", "Graag gedaan! Heb je nog een vraag, stel hem gerust.")


def afscheid() -> Answer:
    """Goodbye."""
    return smalltalk("afscheid", "Tot ziens, en succes met je loopbaan!")


def praatje() -> Answer:
    """Chat without a question."""
    return smalltalk(
        "praatje", f"Ik ben een computerprogramma, dus met mij gaat het altijd goed. Ik help je graag met {CAN_DO}."
    )


def wie_ben_je() -> Answer:
    """Who the bot is."""
    return smalltalk(
        "wie_ben_je",
        "Ik ben Loopbaanbot, een computerprogramma en geen mens. Ik zoek antwoorden op in vaste documenten over werken "
        "bij de overheid. Ik verzin niets: wat niet in mijn bronnen staat, weet ik niet.",
        (questions.plain("vraag_herkomst"), questions.plain("wat_kun_je"), questions.plain("mens_spreken")),
    )


def wat_kun_je(store: Store) -> Answer:
    """What can be asked, with examples that work."""
    examples = store.functies()
    middle = examples[len(examples) // 2] if examples else None
    text = (
        f"Ik beantwoord {CAN_DO}. Je kunt me bijvoorbeeld vragen naar:\n"
        "- de schaal, taken, opleiding of competenties van een functie\n"
        "- wat een competentie betekent en wat je op niveau A, B, C of D laat zien\n"
        "- interim werken, vastlopen, onderhandelen of een stap naar het Rijk\n"
        "- competenties van publieke leiders en het beroep directeur openbaar bestuur\n"
        "- cijfers uit het onderzoek naar ambtelijk vakmanschap\n"
        "- hoe de organisatie in elkaar zit"
    )
    buttons = [questions.plain("vraag_functielijst"), questions.plain("vraag_competentielijst")]
    if middle:
        buttons.append(questions.about_functie("vraag_taken", middle.naam, f"Wat doet een {middle.naam.lower()}?"))
    return smalltalk("wat_kun_je", text, buttons)


def herkomst(store: Store) -> Answer:
    """Which documents the bot answers from, with their dates."""
    rows = []
    for bron in store.bronnen():
        if bron.soort and bron.soort.startswith("feit"):
            continue
        rows.append(
            f"- {bron.titel} ({bron.datum or 'datum onbekend'})"
            + (f": {bron.kanttekening}" if bron.kanttekening else "")
        )
    text = "Ik haal mijn antwoorden uit deze bronnen. Onder elk antwoord staat welke het was.\n" + "\n".join(rows)
    return smalltalk("herkomst", text, (questions.plain("wat_kun_je"), questions.plain("privacy")))


def privacy(contact: Contact) -> Answer:
    """What happens with what people say."""
    return smalltalk(
        "privacy",
        "Ons gesprek blijft op de server van je eigen organisatie. Er gaat niets naar andere bedrijven. "
        "Ik onthoud wat je zegt alleen om in dit gesprek goed te kunnen antwoorden. "
        "Noem liever geen namen, nummers of gezondheid. "
        f"Vragen over je gegevens? Die kun je stellen aan {contact_line(contact)}.",
        (questions.plain("mens_spreken"), questions.plain("vraag_herkomst")),
    )


def contact_line(contact: Contact) -> str:
    """The person to turn to, in a sentence."""
    extra = [part for part in (contact.email, contact.pagina) if part]
    return contact.naam + (f" ({', '.join(extra)})" if extra else "")


def mens(contact: Contact) -> Answer:
    """Hand over to a person."""
    text = f"Natuurlijk. Neem contact op met {contact_line(contact)}. Die kan met je meedenken over jouw situatie."
    return Answer("handoff", "gesprek.mens", text, buttons=(questions.plain("wat_kun_je"),))


def schelden(contact: Contact) -> Answer:
    """Calm and short."""
    return smalltalk(
        "schelden",
        f"Ik merk dat je boos bent. Ik help je graag met {CAN_DO}. Liever een mens? Ga naar {contact_line(contact)}.",
        (questions.plain("mens_spreken"), questions.plain("wat_kun_je")),
    )


def crisis(contact: Contact) -> Answer:
    """No career talk: where help is, now."""
    return Answer(
        "handoff",
        "gesprek.crisis",
        "Wat naar dat het zo met je gaat. Ik ben een computer en kan je hier niet goed bij helpen, een mens wel. "
        "Denk je aan zelfdoding? Bel 113 of gratis 0800-0113, dag en nacht, of chat via 113.nl. "
        f"Is er nu gevaar? Bel 112. Op je werk kun je terecht bij {contact_line(contact)} of bij een vertrouwenspersoon.",
    )


def wartaal() -> Answer:
    """Nothing to make out of it."""
    return Answer(
        "clarification",
        "gesprek.onbegrepen",
        f"Dat kan ik niet lezen. Typ je vraag in gewone woorden. Ik beantwoord {CAN_DO}.",
        buttons=_START,
    )


def leeg() -> Answer:
    """An empty message."""
    return Answer(
        "clarification", "gesprek.leeg", f"Ik zie geen tekst. Typ je vraag. Ik beantwoord {CAN_DO}.", buttons=_START
    )


def te_lang(grens: int) -> Answer:
    """A message that is too long to read."""
    text = f"Je bericht is te lang voor mij. Stel je vraag in hooguit {grens} tekens, dan help ik je graag."
    return Answer("clarification", "gesprek.te_lang", text, buttons=_START)


def andere_taal() -> Answer:
    """Dutch only, said in two languages."""
    return Answer(
        "clarification",
        "gesprek.andere_taal",
        "Ik spreek alleen Nederlands. Stel je vraag in het Nederlands, dan help ik je graag.\n\n"
        "_I only speak Dutch. Please ask your question in Dutch._",
        buttons=_START,
    )


_ELSEWHERE = {
    "burgerzaken": "Voor paspoort, afval, vergunningen en andere zaken voor inwoners kun je terecht bij je eigen gemeente.",
    "salaris_nu": "De bedragen van nu staan in de nieuwste cao. Vraag ernaar bij HR of je salarisadministratie.",
    "verlof": "Regels over verlof en werktijden staan in de cao. HR of je leidinggevende kan je helpen.",
    "pensioen": "Voor pensioen kun je terecht bij je pensioenfonds. Voor ambtenaren is dat meestal het ABP.",
    "ziekte": "Bij ziekte helpen je leidinggevende, HR of de bedrijfsarts je verder.",
    "vacatures": "Vacatures staan op de website van de organisatie waar je wilt werken.",
    "sollicitatiehulp": "Voor hulp bij een brief, cv of gesprek kun je terecht bij een loopbaanadviseur.",
    "ontslag_uitkering": "Voor ontslag of een uitkering kun je terecht bij HR, je vakbond, het UWV of een jurist.",
    "andere_sector": "Voor andere werkgevers kijk je in hun eigen cao of functiegebouw.",
    "onbekende_functie": "Voor die functie kun je terecht bij HR of de organisatie zelf.",
    "persoon": "Over personen heb en geef ik geen gegevens. Vraag het aan de organisatie zelf.",
    "zzp_regels": "Voor regels voor zelfstandigen kun je terecht bij de KvK, de Belastingdienst of een adviseur.",
    "rechten": "Voor vragen over rechten en regels kun je terecht bij HR, je vakbond of een jurist.",
    "algemeen": "",
}
"""Where people generally turn to, by kind of question that lies outside the sources."""


def buiten_bereik(soort: str, onbekende_functie: bool = False) -> Answer:
    """Outside the sources: said kindly, with where to go and what can be asked here."""
    elsewhere = _ELSEWHERE.get(soort, "")
    if soort == "onbekende_functie" or onbekende_functie:
        lead = "Die functie staat niet in mijn functieboek, dus daar weet ik niets over."
    elif elsewhere:
        lead = "Dat staat niet in mijn bronnen."
    else:
        lead = "Daar kan ik je niet mee helpen."
    text = " ".join(part for part in (lead, elsewhere, f"Ik beantwoord wel {CAN_DO}.") if part)
    return Answer("out_of_scope", f"gesprek.buiten_{soort}", text, buttons=_START)


def weet_niet() -> Answer:
    """An honest don't-know."""
    text = f"Dat weet ik niet. Misschien helpt het om je vraag anders te stellen. Ik beantwoord {CAN_DO}."
    buttons = (*_START, questions.plain("mens_spreken"))
    return Answer("out_of_scope", "gesprek.weet_niet", text, buttons=buttons)


def bedoel_je(options: Sequence[Button]) -> Answer:
    """Ask which of a few readings is meant."""
    return Answer(
        "clarification",
        "gesprek.bedoel_je",
        "Ik twijfel wat je bedoelt. Bedoel je een van deze vragen?",
        buttons=tuple(options),
    )


def welke(wat: str, options: Sequence[Button], namen: Sequence[str] = ()) -> Answer:
    """Ask for a missing name, with buttons for likely ones; `namen` are said in the text when they are few."""
    tail = f" Bijvoorbeeld {listing(list(namen), 'of')}." if namen else ""
    return Answer(
        "clarification", f"gesprek.welke_{wat.split()[-1]}", f"Over welke {wat} gaat het?{tail}", buttons=tuple(options)
    )


def welke_van(text: str, options: Sequence[Button]) -> Answer:
    """Ask which of several things with the same name is meant."""
    return Answer("clarification", "gesprek.welke_van", text, buttons=tuple(options))


def storing() -> Answer:
    """Something broke on our side."""
    return Answer(
        "error",
        "gesprek.storing",
        "Sorry, er ging bij mij iets mis. Je vraag is niet verloren: probeer het zo nog eens, of stel hem anders.",
    )
