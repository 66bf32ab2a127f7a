"""What the bot says about itself, what it can't do, and how it asks back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import overzicht, questions
from bot.answers.answer import Answer, Button, listing
from bot.settings import Contact, retention_days
from knowledge.persoon import Persoon
from knowledge.store import BuitenBoek, Functie, Store

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
        f"Na {retention_days()} dagen is het weg. "
        "Noem liever geen namen, nummers of gezondheid. "
        f"Vragen over je gegevens? Die kun je stellen aan {contact_line(contact)}.",
        (questions.plain("mens_spreken"), questions.plain("vraag_herkomst")),
    )


def contact_line(contact: Contact) -> str:
    """The person to turn to, in a sentence."""
    extra = [part for part in (contact.email, contact.pagina) if part]
    return contact.naam + (f" ({', '.join(extra)})" if extra else "")


def mens(contact: Contact, besproken: bool = False) -> Answer:
    """Hand over to a person; when something was talked about (`besproken`), offer a summary to take along."""
    text = f"Natuurlijk. Neem contact op met {contact_line(contact)}. Die kan met je meedenken over jouw situatie."
    if not besproken:
        return Answer("handoff", "gesprek.mens", text, buttons=(questions.plain("wat_kun_je"),))
    text += " Zal ik ons gesprek samenvatten? Dan kun je dat meenemen."
    return Answer("handoff", "gesprek.mens", text, buttons=(questions.plain("samenvatting"),))


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


_TALEN = {
    "en": "I only speak Dutch. Please ask your question in Dutch.",
    "de": "Ich spreche nur Niederländisch. Bitte stelle deine Frage auf Niederländisch.",
    "fr": "Je parle uniquement néerlandais. Posez votre question en néerlandais, s'il vous plaît.",
    "tr": "Sadece Hollandaca konuşuyorum. Lütfen sorunuzu Hollandaca sorun.",
    "pl": "Mówię tylko po niderlandzku. Proszę zadać pytanie po niderlandzku.",
    "ar": "أنا أتحدث الهولندية فقط. من فضلك اطرح سؤالك بالهولندية.",
}
"""One line per language for people who don't write Dutch."""


def andere_taal(taal: str | None = None) -> Answer:
    """Dutch only, said in Dutch and in the language that the person wrote (English when it isn't one of ours)."""
    line = _TALEN.get(taal or "en", _TALEN["en"])
    return Answer(
        "out_of_scope",
        "gesprek.andere_taal",
        f"Ik spreek alleen Nederlands. Stel je vraag in het Nederlands, dan help ik je graag.\n\n_{line}_",
        buttons=_START,
    )


def computer(contact: Contact) -> str:
    """What is said once in every conversation: that this is a computer, what it can do and who the person to turn to is."""
    return f"_Je praat met een computerprogramma. Ik beantwoord {CAN_DO}. Liever een mens? Ga naar {contact_line(contact)}._"


def liever_een_mens(contact: Contact) -> str:
    """The person to turn to, after an answer that says itself that this is a computer and what it can do."""
    return f"_Liever een mens? Ga naar {contact_line(contact)}._"


def geen_vorige() -> Answer:
    """Asked for more, shorter or simpler when nothing was answered yet."""
    return Answer(
        "clarification",
        "gesprek.geen_vorige",
        f"Waar gaat het over? Stel eerst je vraag. Ik beantwoord {CAN_DO}.",
        buttons=_START,
    )


def intake_gestopt() -> Answer:
    """The career conversation was stopped."""
    return smalltalk("intake_gestopt", "Oké, we stoppen met de vragen. Stel gerust een andere vraag.")


def wat_weet_ik(store: Store, persoon: Persoon) -> Answer:
    """What the person told about themselves in this conversation."""
    lines = overzicht.over_je(store, persoon)
    if not lines:
        text = "Ik weet nog niets van je. Ik onthoud alleen wat je in dit gesprek vertelt, zoals je functie of je opleiding."
        return smalltalk("wat_weet_ik", text)
    text = "Dit heb je me in dit gesprek verteld:\n" + "\n".join(f"- {line}" for line in lines)
    text += "\nZeg 'vergeet dat' en ik ben het kwijt."
    return smalltalk("wat_weet_ik", text, (questions.plain("vergeet"), questions.plain("vraag_volgende_stap_zelf")))


def onthouden(store: Store, persoon: Persoon) -> Answer:
    """What the person told is noted."""
    lines = overzicht.over_je(store, persoon)
    if not lines:
        return smalltalk("verteld", f"Dank je, goed om te weten. Wat wil je vragen? Ik beantwoord {CAN_DO}.")
    text = (
        "Dank je. Ik onthoud dit voor ons gesprek:\n" + "\n".join(f"- {line}" for line in lines) + "\nWat wil je weten?"
    )
    return smalltalk("verteld", text, (questions.plain("vraag_volgende_stap_zelf"), questions.plain("loopbaangesprek")))


def vergeten() -> Answer:
    """What the person told is forgotten."""
    return smalltalk(
        "vergeten", "Alles wat je over jezelf vertelde, ben ik vergeten. We beginnen opnieuw. Wat wil je weten?"
    )


def samenvatting(store: Store, gevraagd: Sequence[str], persoon: Persoon, contact: Contact) -> Answer:
    """What was asked and told, to take along to a person."""
    if not gevraagd and not persoon:
        return smalltalk("samenvatting", "We hebben nog niets besproken. Stel eerst je vraag.")
    lines = ["Dit kun je meenemen naar een gesprek.", f"Je kunt ermee naar {contact_line(contact)}."]
    if about := overzicht.over_je(store, persoon):
        lines += ["**Over jou**", *(f"- {line}" for line in about)]
    if gevraagd:
        lines += ["**Dit heb je gevraagd**", *(f"- {question}" for question in gevraagd)]
    return smalltalk("samenvatting", "\n".join(lines), (questions.plain("mens_spreken"), questions.plain("vergeet")))


_ELSEWHERE = {
    "burgerzaken": "Voor paspoort, afval, vergunningen en andere zaken voor inwoners kun je terecht bij je eigen gemeente.",
    "salaris_nu": "De bedragen van nu staan in de nieuwste cao. Vraag ernaar bij HR of je salarisadministratie.",
    "verlof": "Regels over verlof en werktijden staan in de cao. HR of je leidinggevende kan je helpen.",
    "pensioen": "Voor pensioen kun je terecht bij je pensioenfonds. Voor ambtenaren is dat meestal het ABP.",
    "ziekte": "Bij ziekte helpen je leidinggevende en HR je verder.",
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


def onbekende_functie(namen: Sequence[str], buiten: Sequence[BuitenBoek]) -> Answer:
    """Functions that are not in the book, by the names that the person used, and what is near to them by the book."""
    names = listing([_inside(name) for name in namen])
    one = len(namen) == 1
    lines = [
        f"{_start(names)} {'staat' if one else 'staan'} niet in dit functieboek, "
        "dus over schaal, opleiding of taken weet ik niets."
    ]
    near: dict[str, Functie] = {}
    for part in buiten:
        near |= {f.id: f for f in part.dichtstbij}
        if part.dichtstbij:
            label = "" if one else f"- {_start(part.naam)}: "
            near_by = dichtstbij(None, part.dichtstbij, part.waarom)
            lines.append(label + (_inside(near_by) if label else near_by))
        elif part.waarom and part.waarom not in lines:
            lines.append(part.waarom)
    if near:
        same = "Dezelfde functie is het niet." if len(near) == 1 else "Dezelfde functies zijn het niet."
        lines.append(f"{same} Voor de rest kun je terecht bij HR of de organisatie zelf.")
    else:
        lines.append(f"{_ELSEWHERE['onbekende_functie']} Ik beantwoord wel {CAN_DO}.")
    buttons = [questions.about_functie("vraag_taken", f.naam, f"Wat doet een {f.naam.lower()}?") for f in near.values()]
    buttons = [*buttons[:2], questions.plain("vraag_functielijst")]
    return Answer("out_of_scope", "gesprek.buiten_onbekende_functie", "\n".join(lines), buttons=tuple(buttons))


def dichtstbij(naam: str | None, functies: Sequence[Functie], waarom: str | None) -> str:
    """Which functions are nearest to one that is not in the book, and why. naam: begin with saying that it isn't."""
    lead = f"{_start(naam)} staat niet in dit functieboek." if naam else ""
    # Without its scale: beside "in welke schaal zit een boa?" that would be read as the boa's.
    near = listing([f"**{f.naam.lower()}**" for f in functies])
    nearest = f"Het dichtst daarbij {'komt' if len(functies) == 1 else 'komen'} {near}." if functies else ""
    return " ".join(part for part in (lead, nearest, waarom or "") if part)


def in_plaats_van(namen: Sequence[str], functies: Sequence[Functie]) -> str:
    """Before an answer for the nearest functions, when the ones that were named are all outside the book."""
    names = _start(listing([_inside(name) for name in namen]))
    near = listing([f"{f.naam.lower()} (schaal {f.schaal})" for f in functies])
    return f"{names} staan niet in dit functieboek. Ik ga uit van wat er het dichtst bij komt: {near}."


def alleen_bekend(namen: Sequence[str], functie: Functie) -> str:
    """Before what is known of one function, when it was to be compared with others that are not in the book."""
    verb = "staat" if len(namen) == 1 else "staan"
    names = _start(listing([_inside(name) for name in namen]))
    known = f"Over {functie.naam.lower()} weet ik wel iets."
    return f"{names} {verb} niet in dit functieboek, dus vergelijken kan ik niet. {known}"


def _inside(naam: str) -> str:
    """The name of a job inside a sentence; abbreviations keep their capitals."""
    return naam if re.match(r"[A-Z][A-Z&-]|Wmo|OvJ", naam) else naam[:1].lower() + naam[1:]


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


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


def niet_te_bewaren() -> Answer:
    """The turn could not be kept, so it was not answered either."""
    return Answer(
        "error",
        "gesprek.niet_te_bewaren",
        "Sorry, ik kan ons gesprek nu even niet bewaren. Daarom geef ik nu geen antwoord. "
        "Stel je vraag over een minuut nog eens.",
    )


def storing() -> Answer:
    """Something broke on our side."""
    return Answer(
        "error",
        "gesprek.storing",
        "Sorry, er ging bij mij iets mis. Je vraag is niet verloren: probeer het zo nog eens, of stel hem anders.",
    )
