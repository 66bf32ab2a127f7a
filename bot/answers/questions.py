"""The bot's own questions: what a button sends, and what the importer teaches the classifier.

Because both come from here, a button's question is always one that the bot was trained on, for whatever name the
knowledge base holds. `{}` is where the name goes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.answers.answer import Button
from knowledge.store import Store

OVER_FUNCTIE: dict[str, tuple[str, str]] = {
    "vraag_schaal": ("Schaal", "In welke schaal zit de functie {}?"),
    "vraag_taken": ("Taken", "Wat doet een {}?"),
    "vraag_resultaatgebieden": ("Resultaatgebieden", "Wat zijn de resultaatgebieden van {}?"),
    "vraag_kenmerken": ("Kenmerken", "Wat zijn de functiekenmerken van {}?"),
    "vraag_opleiding": ("Opleiding", "Welke opleiding vraagt de functie {}?"),
    "vraag_vakkennis": ("Vakkennis", "Welke vakkennis heeft een {} nodig?"),
    "vraag_vaardigheden": ("Vaardigheden", "Welke vaardigheden heeft een {} nodig?"),
    "vraag_werksituaties": ("Lastige situaties", "Wat zijn de kritische werksituaties van {}?"),
    "vraag_formatie": ("Formatie", "Hoeveel fte is er voor de functie {}?"),
    "vraag_functiereeks": ("Functiereeks", "In welke functiereeks en functiegroep zit {}?"),
    "vraag_normfunctie": ("HR21-normfunctie", "Welke HR21-normfunctie hoort bij {}?"),
    "vraag_competenties": ("Competenties", "Welke competenties heeft een {} nodig?"),
}
"""Questions about one function: intent -> (button's title, question)."""

OVER_COMPETENTIE: dict[str, tuple[str, str]] = {
    "vraag_competentie": ("Uitleg", "Wat betekent de competentie {}?"),
    "vraag_functies_bij_competentie": ("Bij welke functies?", "Bij welke functies hoort de competentie {}?"),
}
"""Questions about one competency."""

LOS: dict[str, tuple[str, str]] = {
    "vraag_functielijst": ("Alle functies", "Welke functies staan er in het functieboek?"),
    "vraag_competentielijst": ("Alle competenties", "Welke competenties staan er in het functieboek?"),
    "vraag_hoogste_schaal": ("Hoogste schaal", "Wat is de hoogste schaal?"),
    "vraag_laagste_schaal": ("Laagste schaal", "Wat is de laagste schaal?"),
    "vraag_grootste_formatie": ("Grootste formatie", "Welke functie heeft de grootste formatie?"),
    "wat_kun_je": ("Wat kun je?", "Wat kun je allemaal voor me doen?"),
    "mens_spreken": ("Een mens spreken", "Kan ik een mens spreken?"),
    "vraag_herkomst": ("Waar haal je dit vandaan?", "Waar haal je dit vandaan?"),
    "privacy": ("Privacy", "Wat doe je met mijn gegevens?"),
    "wat_weet_je_van_mij": ("Wat weet je van mij?", "Wat weet je van mij?"),
    "vergeet": ("Vergeet dat", "Vergeet wat ik over mezelf heb verteld."),
    "samenvatting": ("Vat ons gesprek samen", "Maak een samenvatting van ons gesprek."),
    "loopbaangesprek": ("Loopbaangesprek", "Ik wil een loopbaangesprek."),
}
"""Questions without a name."""

ZELF: dict[str, tuple[str, str]] = {
    "vraag_volgende_stap": ("Mijn volgende stap", "Wat is voor mij een volgende stap?"),
}
"""Questions about the person who asks."""

SCHAAL = "Welke functies zitten in schaal {}?"
GEDRAG = "Wat doe je bij {} op niveau {}?"
VERSCHIL_NIVEAUS = "Wat is het verschil tussen niveau {} en niveau {} van {}?"
VERSCHIL_FUNCTIES = "Wat is het verschil tussen {} en {}?"
NIVEAU_VAN = "Welk niveau van {} heeft een {} nodig?"
SALARIS = "Wat betaalde schaal {} volgens de salaristabel van 2020?"
BIJ_OPLEIDING = "Welke functies passen bij {}?"
TOT_SCHAAL = "Tot welke schaal kom je met {}?"
REEKS = "Welke functies vallen onder de functiereeks {}?"


def about_functie(intent: str, naam: str, title: str | None = None) -> Button:
    """A button that asks `intent` about a function."""
    label, question = OVER_FUNCTIE[intent]
    return Button(title or label, question.format(naam))


def about_competentie(intent: str, naam: str, title: str | None = None) -> Button:
    """A button that asks `intent` about a competency."""
    label, question = OVER_COMPETENTIE[intent]
    return Button(title or label, question.format(naam))


def plain(intent: str) -> Button:
    """A button without a name; with `_zelf` behind the intent: about the person who asks."""
    return Button(*(ZELF[intent[:-5]] if intent.endswith("_zelf") else LOS[intent]))


def about_onderwerp(store: Store, onderwerp_id: str) -> Button | None:
    """A button that asks a subject by its title; None when the subject doesn't exist."""
    onderwerp = store.onderwerp(onderwerp_id)
    return Button(onderwerp.titel, onderwerp.titel) if onderwerp else None


def own_questions(store: Store) -> Iterator[tuple[str, str]]:
    """Every (label, question) that a button can send, for training and for the test of the buttons."""
    for functie in store.functies():
        for intent, (_, question) in OVER_FUNCTIE.items():
            yield intent, question.format(functie.naam)
            if intent in ("vraag_schaal", "vraag_competenties", "vraag_normfunctie"):
                yield intent, question.format(functie.norm.naam)
    for competentie in store.competenties():
        for intent, (_, question) in OVER_COMPETENTIE.items():
            yield intent, question.format(competentie.naam.lower())
        niveaus = sorted(competentie.niveaus)
        for niveau in niveaus:
            yield "vraag_gedrag", GEDRAG.format(competentie.naam.lower(), niveau)
        for low, high in zip(niveaus[1:], niveaus, strict=False):
            yield "vraag_verschil_niveaus", VERSCHIL_NIVEAUS.format(low, high, competentie.naam.lower())
    for intent, (_, question) in (*LOS.items(), *ZELF.items()):
        yield intent, question
    functies = store.functies()
    for functie, other in itertools.pairwise(functies):
        yield "vraag_verschil_functies", VERSCHIL_FUNCTIES.format(functie.naam, other.naam)
        for asked in functie.norm.competenties[:2]:
            competentie_naam = getattr(store.competentie(asked.competentie), "naam", asked.competentie).lower()
            yield "vraag_competentie_niveau", NIVEAU_VAN.format(competentie_naam, functie.naam)
    for schaal in sorted({f.schaal for f in functies}):
        yield "vraag_functies_in_schaal", SCHAAL.format(schaal)
        yield "vraag_salaris", SALARIS.format(schaal)
    for functie in functies:
        for gebied in functie.norm.resultaatgebieden:
            for taak in gebied.taken:
                if taak.startswith("Je "):
                    yield "vraag_functie_bij_taak", f"Wie {taak[3:].split('. ')[0].rstrip('.')}?"
    for opleiding in ("mbo niveau 2", "mbo niveau 3", "mbo niveau 4", "hbo", "wo"):
        yield "vraag_functies_bij_opleiding", BIJ_OPLEIDING.format(opleiding)
        yield "vraag_schaal_bij_opleiding", TOT_SCHAAL.format(opleiding)
    for reeks in store.functiereeksen():
        yield "vraag_functies_in_reeks", REEKS.format(reeks.naam)
    for onderwerp in store.onderwerpen():
        yield f"onderwerp/{onderwerp.id}", onderwerp.titel
