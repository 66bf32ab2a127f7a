"""Which reading of a message fits best, given the names in it and what the conversation was about.

The model reads every message on its own. "Hoe lang is normaal dan?" is near to many questions; after a question about
moving up a scale it is near to one. So each of the model's readings is weighed with how well it fits.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.actions import subjects
from bot.nlu import reader
from bot.nlu.questions import SENTENCE
from bot.nlu.text import words

if TYPE_CHECKING:
    from bot.actions.turn import Turn

NEEDS_FUNCTIE = frozenset(
    "vraag_schaal vraag_taken vraag_taak_bij_functie vraag_resultaatgebieden vraag_kenmerken vraag_opleiding vraag_vakkennis "
    "vraag_vaardigheden vraag_werksituaties vraag_formatie vraag_functiereeks vraag_normfunctie vraag_competenties "
    "vraag_competentie_niveau vraag_volgende_stap vraag_wat_ontbreekt".split()
)
NEEDS_COMPETENTIE = frozenset(
    "vraag_competentie vraag_gedrag vraag_verschil_niveaus vraag_functies_bij_competentie vraag_competentie_niveau".split()
)
NEEDS_SCHAAL = frozenset({"vraag_functies_in_schaal"})
ABOUT_SCALES = frozenset(
    "vraag_functies_in_schaal vraag_salaris vraag_schaal vraag_hoogste_schaal vraag_laagste_schaal".split()
)
OPPOSITE = {"vraag_hoogste_schaal": "vraag_laagste_schaal", "vraag_laagste_schaal": "vraag_hoogste_schaal"}
ADVICE = frozenset(
    "vraag_volgende_stap vraag_wat_ontbreekt vraag_sterke_punten vraag_wat_past vraag_schaal_bij_opleiding "
    "vraag_functies_bij_opleiding vraag_verschil_functies".split()
)
ON_LAST_ANSWER = frozenset({"vraag_eenvoudiger", "vraag_korter", "vraag_meer", "vraag_bron"})
LEANS_ON_LAST = ON_LAST_ANSWER | {"vraag_volledig", "vraag_keuze_uit"}
"""Questions that are answered with the last answer, and so are none to come back to themselves."""
ABOUT_CONVERSATION = frozenset(
    "wat_weet_je_van_mij vergeet samenvatting overslaan bevestig ontken bedankt afscheid groet mens_spreken crisis".split()
)
"""Questions that mean the same whatever the conversation was about."""

_SMALL_TALK = frozenset("groet bedankt afscheid praatje ontken bevestig overslaan wartaal vertel_over_mij".split())
"""What a short message is; a long one with a name in it asks something."""

BY_DIPLOMA = frozenset({"vraag_functies_bij_opleiding", "vraag_schaal_bij_opleiding"})
_GOODBYES = frozenset({"bedankt", "afscheid"})
_THANKS = re.compile(r"\b(?:dank\w*|bedankt|merci|thanks?|thx|doei|tot ziens|fijne dag|groetjes)\b")

_ABOUT_THE_BOT = frozenset("wie_ben_je wat_kun_je privacy schelden andere_taal vraag_herkomst loopbaangesprek".split())
_ABOUT_US = frozenset({"wat_weet_je_van_mij", "samenvatting", "vergeet"})

_WITHOUT_FUNCTIE = frozenset(
    "vraag_functie_bij_taak vraag_functielijst vraag_competentielijst vraag_hoogste_schaal vraag_laagste_schaal".split()
)
_SUPERLATIVES = frozenset({"vraag_hoogste_schaal", "vraag_laagste_schaal", "vraag_grootste_formatie"})
_OF_FUNCTIONS = re.compile(r"\bfuncties?\b")
_THIS_FUNCTION = re.compile(r"\b(?:deze|die|mijn|m'n|zo'n) (?:functie|baan|job|rol|positie)\b")
_POINTS_BACK = re.compile(
    r"\b(?:deze|die|dat|mijn|m'n|zo'n|dat soort) (?:functie|baan|job|rol|werk|positie|niveau|cluster)\b"
    r"|\b(?:daar|hier|er) ?(?:voor|bij|van|in|mee|naar|aan|toe|over|tegen|op|door|om|uit|na|onder)\b(?! (?:de|het|een|mijn|onze)\b)|\bis dat\b|\bvan dat\b|\b(?:laatst|eerst)genoemde\b"
    r"|\b(?:was|geldt|klopt|betekent|gaat|hoort|komt|zegt|staat|kan|mag|moet|heeft|kost|werkt) dat\b|\bdat\W*$"
    r"|(?:^|\s)'?t\W*$|\b(?:dan|daar|die|dieje|da|hem|haar|hij|ie|zij|zo iemand|zo een)\b"
)
"""Words by which a short question points back at what was said, or at what should have been said."""
_CLINGS = re.compile(
    r"\b(?:daar|hier|er) ?(?:voor|bij|van|in|mee|naar|aan|toe|over|tegen|op|door|om|uit|na|onder)\b|\b(?:dat|dit|deze|die|zoiets)\b"
)
_MINE = re.compile(r"\b(?:ik|mij|mijn|m'n|mn|me)\b")
HOW_HIGH = re.compile(r"\btot (?:aan |en met )?(?:welke|wat voor|hoeveel) schaal|\bhoe hoog (?:kom|kan|mag)\b")
_I_NEED = re.compile(r"\b(?:heb|moet|krijg|val|zit|kom) ik\b|\bik nodig\b")
_ORGANISATION = re.compile(r"\b(?:organisatie|gemeente|ommen|heel|hele|totaal|managers?|leidinggevenden)\b")
_EVERYONE = re.compile(r"\b(?:iedereen|organisatiebre\w+|(?:alle|elke|iedere) (?:medewerkers?|functies?))\b")
COUNTS = re.compile(r"\bhoevee?l (?:zijn|waren|staan)\b(?!.*\b(?:fte|plek|plaatsen|formatie|er ?van))")
_EDGE_OF_SCALE = re.compile(
    r"\b(?:maximum+|minimum|max|min|maximaal|minimaal|eindbedrag|beginbedrag|trede|periodiek)\b"
)
_IN_MONEY = re.compile(r"\b(?:bedraagt|betaalt|schuift|euro'?s?|bruto|netto|per maand|verdien\w*)\b")
_OF_PAY = re.compile(r"\b(?:bruto|netto|euro'?s?|per maand)\b")
_ABOUT_PAY = re.compile(r"\b(?:bruto|netto|uren|uur|maand|jaar|euro)\b")
_ASPECTS = (
    (
        r"\b(?:salaris|loon)?(?:sc?ha+l|sca+l|schael|sgaal)(?:en)?\b|\bin(?:ge)?scha+l\w*|\bgewaardeerd\b|\bwaardering\b",
        "vraag_schaal",
    ),
    (r"\b(?:voor)?opleiding\w*\b|\bdiploma\b|\bdegree\b|\b(?:studie)?richting(?:en)?\b", "vraag_opleiding"),
    (r"\bfte\b|\bformatie(?:plaatsen)?\b", "vraag_formatie"),
    (r"\bvakkennis\b", "vraag_vakkennis"),
    (r"\bvaardigheden\b|\bskills?\b", "vraag_vaardigheden"),
    (r"\bnormfunctie\b", "vraag_normfunctie"),
    (r"\bresultaatgebied\w*", "vraag_resultaatgebieden"),
    (r"\bcompetenties?\b", "vraag_competenties"),
    (
        r"\btaken\b|\bwerkzaamheden\b|\bwat (?:doet|doen|doed) (?:een|de|'?n|nen|ne|zo'n|zon|zo) (?!(?:ik|je|men)\b)|\bwat houdt (?:die|deze|dat|zo'n) (?:functie|baan|job|rol|werk)\b",
        "vraag_taken",
    ),
    (r"\bkenmerken\b", "vraag_kenmerken"),
    (
        r"\bwat (?:moet|moeten|dient|dien) (?:je|jij|ge|u|ik|men|iemand|ze|zo iemand)\b.*\bkunnen\b",
        "vraag_competenties",
    ),
)
"""Words that say by themselves what is asked of a function that is named."""
_LEADERS = re.compile(
    r"\b(?:publieke?|overheids|publiek) ?leiders?(?:schap)?\b|\bleiders?(?:schaps)?(?:competenties?|set)\b|\bover leiders\b"
)
_SALARY = re.compile(r"\b(?:salaris\w*|loon\w*|verdien\w*)\b")
_SURVEY = re.compile(
    r"onderzoek|raadpleging|enqu[eê]te|peiling|survey|panel|deelnemer|respondent|ondervraag|ambtena|mee ?de(?:d|ed|den|eden)\b"
)
_DENIED = re.compile(r"\b(?:niet|geen) (?:(?:de|het|om de|om het|over de|over het) )?\w+")
_HIGHER = re.compile(r"\b(?:hoger|hoogst\w*|lager|laagst\w*)\b")
_TROUBLE = re.compile(
    r"\b(?:gedoe|agressi\w*|ruzie\w*|boze|boos|(?:uit)?schel\w*|conflict\w*|lastige? (?:mensen|klanten|situaties|momenten)|spanning\w*)\b"
)
_ON = re.compile(r"\b(?:door ?groei\w*|dorgroei\w*|hogerop|verder kom\w*|hoe kom ik verder|volgende (?:stap|trede))\b")
_ABOUT_NAMES = frozenset({"buiten_bereik/onbekende_functie", "buiten_bereik/salaris_nu", "buiten_bereik/persoon"})
_GOES_ON = re.compile(r"^\W*(?:en|of|maar|ok|oke|oké|ah|ow|oh|dus|hm+|nee|trouwens|mooi|klinkt|jammer|stel)\b")

_TOLD_YOU = re.compile(r"\b(?:al|je|jou|u) (?:gezegd|verteld|gemeld|genoemd)\b")
_ASKS_FOR = re.compile(
    r"\b(?:vernemen|verneem|weten (?:of|wat|welke?|hoe|waar)|graag weten|vraag me af|benieuwd|mijn vraag|tips?|raad|advies)\b"
)
"""Words by which a story without a question mark asks something."""

_CUES = {
    "vraag_bron": re.compile(
        r"bron|terugle[sz]|nakijk|waar ?(?:staat|vind|stond|lees|haal)|vandaan|waaruit|pagina|bladzij|document|hoe (?:weet|kom) (?:je|u|ge|jij)|wie zegt"
        r"|zeker|nalezen|naleze|link|verwij|welke? (?:gids|boek|stuk|rapport)|bewijs|source|officieel|terugvind|opzoek|klopt|van wanneer"
        r"|haald|hoe oud is|staat dat|stond dat|baseer|grond"
    ),
    "afscheid": re.compile(
        r"\b(?:do+e+i|da+g|ciao|tsj\w+|bye|goodbye|later\w*|ziens|straks|morgen|volgende|groet\w*|houdoe|salu\w*|adieu|ajuus?|aju|mazzel|fijne?"
        r"|ga|stop\w*|klaar|einde|avond|weekend|laat|was het|genoeg|tot hier|spreek|kom)\b"
    ),
    "wat_weet_je_van_mij": re.compile(
        r"\b(?:weet|weten|know)\b.*\b(?:van|over|about|me|mij|nog)\b|\b(?:onthou\w*|bewaar\w*|gegevens|opgeslagen|verteld|gezegd|genoemd|gemeld|onthield)\b"
    ),
}
"""Words without which a question about the conversation is read too soon."""

_WHERE = re.compile(
    r"\bwaar\b.{0,25}\b(?:nalezen|na ?lezen|terug ?lezen|terug ?vinden|nakijken|opzoeken)\b|\bwaar staat (?:dat|dit)\b|\bwat is (?:de|je|uw) bron\b|\buit welke? (?:bron|document|stuk)\b"
    r"|\bwaar (?:haal|haalt|heb|hebt|halen) (?:je|u|ge|jij|jullie) (?:dat|dit|het|die|deze)\b.{0,20}\bvandaan\b"
)
"""Words that ask for the source of the last answer, and for nothing else."""

_SWITCHES = re.compile(
    r"\b(?:(?:heel|helemaal|totaal|even|effe|ff|iets|wat) (?:iets |wat )?anders\b|(?:een |nog een )?andere vraag|ander onderwerp)"
)
"""Words by which a person says to turn to something else."""

_TURNED = re.compile(r"\b(?:andersom|omgekeerd|omgedraaid|vice versa|de andere kant op)\b")
_OPPOSITE_SUBJECT = {
    "interim.gemeente_rijk": "interim.naar_gemeente",
    "interim.naar_rijk": "interim.naar_gemeente",
    "interim.naar_gemeente": "interim.naar_rijk",
    "interim.voordelen": "interim.uitdagingen",
    "interim.uitdagingen": "interim.voordelen",
}
"""What "en omgekeerd?" asks after a subject."""

_PART_OF_SUBJECT = {
    "onderwerp/organisatie.omvang": ("fte",),
    "vraag_competenties": ("competenties", "set"),
    "vraag_taken": ("taken", "werk"),
    "vraag_taak_bij_functie": ("taken", "werk"),
    "vraag_opleiding": ("opleiding",),
    "vraag_vakkennis": ("kennis",),
    "vraag_formatie": ("fte",),
    "vraag_functiereeks": ("functiereeks",),
    "vraag_competentie_niveau": ("niveau",),
}
"""What a question about a function asks when a subject is talked of: the part of the subject that is named so."""

_IN_ANSWER = {"vraag_competentie_niveau": "niveau", "vraag_formatie": " fte"}
"""The word in a subject's answer by which it answers a question about a function too ("op welk niveau?")."""

SURELY_CRISIS = 0.05
"""Confidence below which the model names no cry for help at all. Low: one too many does little harm."""

SOFTER = 0.6
"""Power of the model's confidences: it is bolder about single messages than the conversation allows."""

TOGETHER = 1.0
"""What the message and the last subject read together count for beside the message by itself."""

SAME = 0.2
SURE_OF_ANOTHER = 0.95
"""The same for a message that is about another document than the subject before it."""
SURELY_ELSEWHERE = 0.7
"""How sure the model must be, after a subject, that a message is about something else, for it to be read so."""
SURE_BY_ITSELF = 0.6
"""Confidence from which a message about a subject needs no help of the subject before it."""

WHOLE = 0.5
"""What is left of the worth of a question that a part of the subject answers ("hoeveel fte is dat?")."""

AGAIN = 1.2
"""What the subject that was just answered counts for in a message that goes on about it: people rarely ask it again."""

AT_START = 0.15
"""What an elliptic reading counts for when nothing was said before."""

SURELY_ASKED = 0.9
"""Confidence of a question from which the thanks beside it are politeness ("dank u, ik wil een mens spreken")."""

PLAIN = 5
"""Words up to which a word of the field alone says what is asked ("in welke richting dan?")."""

UNSURE = 0.36
"""Share of all weighed readings below which the chosen one is little more than a guess."""

SHORT = 12
"""Words up to which a message without names is taken to lean on what was said."""


def label_of(reading: dict[str, Any]) -> str:
    """The full label of one of the model's readings."""
    return str(reading.get("full") or reading["name"])


def merged(turn: Turn) -> list[dict[str, Any]]:
    """The readings with those of elliptic questions (`vervolg/vraag_formatie`: "hoeveel zijn er daarvan?") counted with
    the question that they shorten: in full in the middle of a conversation, for little at its beginning.
    """
    share = 1.0 if turn.context.vraag or turn.context.persoon else AT_START
    found: dict[str, float] = {}
    for reading in turn.ranking:
        label, confidence = label_of(reading), float(reading["confidence"])
        if label.startswith("vervolg/"):
            label, confidence = label.split("/", 1)[1], confidence * share
        if label not in ("fragment", "vervolg"):
            found[label] = found.get(label, 0.0) + confidence
    names = sorted(found, key=lambda label: -found[label])
    return [
        {"name": label.partition("/")[0], "confidence": found[label]} | ({"full": label} if "/" in label else {})
        for label in names
    ]


_JOINED = re.compile(
    r"\s*(?:,|en|én|&|\+|plus|and)\s+(?:(?:ook|de|het|welke|hoeveel|vereiste|minimale|benodigde|gevraagde) )*"
)


_ASKED = re.compile(r"\b(?:welke?|wat voor|hoeveel|what|which)\W+(?:\w+\W+){0,2}?\w+$")
_ASKED_TOO = re.compile(
    r"\b(?:en|and|plus)\W+(?:ook\W+)?(?:in\W+|op\W+|met\W+|van\W+)?(?:welke?|wat|hoeveel|what|which)\W+(?:\w+\W+){0,2}$"
)
"""Of a function's two aspects, each asked with a question word of its own: "welke opleiding ... en in welke schaal"."""


def elliptic(turn: Turn) -> float:
    """How sure the model is that a message is little more than names ("en voor de senior?")."""
    return next((float(r["confidence"]) for r in turn.ranking if label_of(r) == "vervolg/fragment"), 0.0)


def about(label: str) -> str | None:
    """The kind of name that a question is about ("functie", "competentie", "opleiding"); None for other questions."""
    if label in ("vraag_functies_bij_opleiding", "vraag_schaal_bij_opleiding"):
        return "opleiding"
    return "competentie" if label in NEEDS_COMPETENTIE else "functie" if label in NEEDS_FUNCTIE else None


def _lacks_cue(label: str, low: str) -> bool:
    return label in _CUES and not _CUES[label].search(low)


def two_aspects(low: str) -> list[str]:
    """The two questions that two joined words of the field ask ("de schaal en de opleiding"); [] when they don't."""
    found = sorted((m.start(), m.end(), label) for word, label in _ASPECTS for m in re.finditer(word, low))
    for (_, end, first), (start, _, second) in itertools.pairwise(found):
        asked = first == "vraag_taken" or _ASKED.search(low[:end])
        joined = _JOINED.fullmatch(low[end:start]) or (asked and _ASKED_TOO.search(low[end:start]))
        if first != second and joined:
            return [first, second]
    return []


def aspects(low: str) -> set[str]:
    """The questions that words of the field ask by themselves ("opleiding", "schaal")."""
    return {label for word, label in _ASPECTS if re.search(word, low)}


def aspect(low: str) -> str | None:
    """The question that a word of the field asks by itself ("opleiding"), when the text has words of one kind only."""
    found = aspects(low)
    return found.pop() if len(found) == 1 else None


def leans(turn: Turn) -> bool:
    """Whether the message leans on the conversation: it names nothing itself and points back, goes on, or is short."""
    if about_subject(turn) and switches(turn.text):
        return False
    if turn.together:
        return True
    if turn.named_functies or turn.named_competenties or turn.names_subject():
        return False
    low, size = turn.text.lower(), len(words(turn.text))
    if about_subject(turn) and size <= SHORT and turn.ranking:
        family = (turn.context.vraag or "").partition(".")[0]
        top = label_of(turn.ranking[0])
        another = top.startswith("onderwerp/") and not top.startswith(f"{family}.")
        if float(turn.ranking[0]["confidence"]) < (SURE_OF_ANOTHER if another else SURE_BY_ITSELF):
            return True
    return size <= 5 or (size <= 2 * SHORT and bool(_GOES_ON.search(low))) or points_back(turn)


def about_subject(turn: Turn) -> bool:
    """Whether the last question was about a subject."""
    return (turn.context.vraag or "").startswith("onderwerp/")


def switches(text: str) -> bool:
    """Whether the text says that it turns to something else."""
    return bool(_SWITCHES.search(text.lower()))


def turned(turn: Turn) -> str | None:
    """The label of the opposite subject when the message asks for the other way round."""
    last = (turn.context.vraag or "").partition("/")[2]
    other = _OPPOSITE_SUBJECT.get(last)
    return f"onderwerp/{other}" if other and _TURNED.search(turn.text.lower()) else None


def part_of_subject(turn: Turn, label: str) -> str | None:
    """The label of the subject's part that a question about a function asks for ("en hoeveel fte is dat?"), if any."""
    family, _, name = (turn.context.vraag or "").partition("/")[2].partition(".")
    for part in _PART_OF_SUBJECT.get(label, ()):
        # cluster_regie has regie_fte, module_leidinggevend has module_taken.
        named = [*name.split("_"), *_in_first_sentence(turn, family, part)]
        for place in (*(f"{family}.{word}_{part}" for word in named), f"{family}.{part}"):
            if place.split(".")[1] != name and turn.store.onderwerp(place):
                return f"onderwerp/{place}"
    asked, last = _IN_ANSWER.get(label), subjects.last(turn)
    if asked and last and asked in f"{last.antwoord} {' '.join(last.punten)}".lower():
        return f"onderwerp/{last.id}"
    return None


_ANOTHER = re.compile(r"\b(?:eerste|tweede|derde|ander\w*|overige?)\b")


def own_part(turn: Turn, label: str) -> str:
    """The same part ("fte") of the subject that was talked of, when the label is that of another one's and none is named."""
    family, _, name = (turn.context.vraag or "").partition("/")[2].partition(".")
    chosen_family, _, chosen = label.partition("/")[2].partition(".")
    first, _, part = chosen.rpartition("_")
    if first == "cluster" and (found := [w for w in name.split("_") if turn.store.onderwerp(f"{family}.cluster_{w}")]):
        part, name = found[0], "cluster"
    if _ANOTHER.search(turn.text.lower()):
        return label
    if not part or {chosen_family, family} != {"organisatie"} or turn.values("cluster") or not leans(turn):
        return label
    own = [f"{family}.{word}_{part}" for word in name.split("_") if turn.store.onderwerp(f"{family}.{word}_{part}")]
    return f"onderwerp/{own[0]}" if own and turn.store.onderwerp(f"{family}.{chosen}") else label


def _in_first_sentence(turn: Turn, family: str, part: str) -> list[str]:
    """The one subject with such a part that the last subject's first sentence names ("Regie en Coördinatie is ...")."""
    last = turn.store.onderwerp((turn.context.vraag or "").partition("/")[2])
    said = {w.text for w in words(last.antwoord.split(".")[0])} if last else set()
    ids = [o.id.split(".", 1) for o in turn.store.onderwerpen()]
    parts = [word for fam, name in ids if fam == family and name.endswith(f"_{part}") for word in name.split("_")[:1]]
    named = [word for word in parts if word in said]
    return named if len(named) == 1 else []


def points_back(turn: Turn) -> bool:
    """Whether a short message points at something outside itself."""
    return len(words(turn.text)) <= SHORT and bool(_POINTS_BACK.search(turn.text.lower()))


def clings(turn: Turn) -> bool:
    """Whether a short message needs what was said before ("hoe wapen ik me daartegen?"), more than by a "dan" or "hem"."""
    return len(words(turn.text)) <= SHORT and bool(_CLINGS.search(turn.text.lower()))


def points_at_functie(text: str) -> bool:
    """Whether the text speaks of "that function" without a name."""
    return bool(_THIS_FUNCTION.search(text.lower()))


@dataclass(frozen=True)
class Facts:
    """What a message says about how it can be read; found once, asked for every reading."""

    low: str
    size: int
    """Words."""
    functies: int
    competentie: bool
    leans: bool
    points_back: bool
    about_functie: bool
    own_functie: bool
    outside: bool
    aspects: frozenset[str]
    leaders: bool
    """The message speaks of public leaders, and of no function."""
    pays: bool
    """The message speaks of salaries."""
    survey: bool
    """The message, or the conversation, speaks of the survey."""
    how_high: bool
    mine_by_diploma: bool
    """The message is about oneself, and the diploma is known."""
    goes_up: bool
    counts: bool
    edge: bool
    pay: bool
    trouble: bool
    organisation: bool
    where: bool
    """The message asks where the last answer stands."""
    mine: bool
    """A short question about what the speaker needs or gets, which no name completes yet."""
    subjects: frozenset[str]
    """Labels of the subjects that the message names by a name of their own."""
    families: frozenset[str]
    """The families of subjects that the message names, when it isn't the one that is talked of."""
    affairs: bool
    """The message is likely about something that no source has."""

    @classmethod
    def of(cls, turn: Turn) -> Facts:
        """The facts of a turn whose names are known."""
        low = turn.text.lower()
        named = len(turn.named_functies)
        # "Gedrag bedoel ik, niet de taken" asks of no tasks.
        said = _asked_in(_DENIED.sub(" ", low))
        top: dict[str, Any] = turn.ranking[0] if turn.ranking else {"name": "", "confidence": 0.0}
        # "Kan ik onderhandelen over die schaal?" is sure of its subject, though it has a word of the field.
        of_subject = label_of(top).startswith(("onderwerp/schaal.", "onderwerp/advies."))
        if not named and of_subject and float(top["confidence"]) > SURE_OF_ANOTHER and len(words(low)) > PLAIN:
            said = ""
        on_functie = turn.talked_of and leans(turn) and not about_subject(turn) and not _HIGHER.search(low)
        return cls(
            low=low,
            size=len(words(turn.text)),
            functies=named,
            competentie=bool(turn.named_competenties),
            leans=leans(turn),
            points_back=points_back(turn),
            about_functie=points_at_functie(turn.text),
            own_functie=turn.is_about_own_functie(),
            outside=bool(turn.values("buiten_boek")),
            aspects=frozenset(label for word, label in _ASPECTS if (named or on_functie) and re.search(word, said))
            - (frozenset({"vraag_competenties"}) if _EVERYONE.search(low) else frozenset())
            | ({"vraag_functies_bij_opleiding"} if _by_diploma(turn, low) else frozenset())
            | ({"vraag_formatie"} if _counts_functies(turn, low) else frozenset()),
            mine_by_diploma=turn.context.persoon.opleiding is not None and bool(_MINE.search(low)),
            leaders=not named and bool(_LEADERS.search(low)),
            pays=bool(_SALARY.search(low)),
            survey=of_survey(turn, low),
            how_high=bool(HOW_HIGH.search(low)),
            goes_up=turn.context.persoon.functie is not None and bool(_ON.search(low)),
            counts=turn.together
            and max(len(turn.context.getoond), len(turn.context.getoonde_competenties)) > 1
            and bool(COUNTS.search(low)),
            edge=bool(turn.schalen) and not turn.values("opleiding") and bool(_EDGE_OF_SCALE.search(low)),
            pay=turn.context.vraag == "vraag_salaris" and bool(_ABOUT_PAY.search(low)),
            trouble=bool(named or turn.talked_of) and bool(_TROUBLE.search(low)),
            organisation=not named and bool(_ORGANISATION.search(low)),
            where=bool(_WHERE.search(low)),
            mine=len(words(turn.text)) <= 8 and bool(_I_NEED.search(low)),
            subjects=frozenset(f"onderwerp/{name}" for name in _named_subjects(turn)),
            families=other_families(turn),
            affairs=_affairs(turn),
        )


_WHICH_WORK = re.compile(r"\b(?:functies?|banen|baan|jobs?)\b")
_HOW_FAR = re.compile(r"\bscha+l|\bhoe (?:hoog|ver)\b|\bopleiding|\bcursus|\bstudie|\bhogerop\b|\bniveau\b(?! [1-4])")


def _by_diploma(turn: Turn, low: str) -> bool:
    """Whether the message asks what work there is for a diploma that it names."""
    named = turn.values("opleiding") and not turn.named_functies and not turn.named_competenties
    named = named and len(words(low)) <= 2 * SHORT
    return bool(named and not turn.values("buiten_boek") and _WHICH_WORK.search(low) and not _HOW_FAR.search(low))


_HOW_MANY = re.compile(r"\bhoe ?veel\W+(?:\w+\W+){0,2}$")
_ARE_THERE = re.compile(r"\b(?:zijn|lopen|werken|hebben|heeft|zitten|telt|komen)\b")


def _counts_functies(turn: Turn, low: str) -> bool:
    """Whether the message counts the people of a function: "hoeveel ondersteuners lopen er rond"."""
    if of_survey(turn, low):
        return False
    ends = [int(e["start"]) for e in turn.entities if e["entity"] in ("functie", "normfunctie")]
    return any(_HOW_MANY.search(low[:start]) and _ARE_THERE.search(low[start:]) for start in ends)


def of_survey(turn: Turn, low: str) -> bool:
    """Whether the message, or the conversation, is about the survey."""
    return bool(_SURVEY.search(low)) or (turn.context.vraag or "").startswith("onderwerp/onderzoek.")


def _asked_in(low: str) -> str:
    """The sentence of a story that asks something; a word of the field in another one is part of the story."""
    if len(words(low)) <= 2 * SHORT:
        return low
    sentences = [m.group() for m in SENTENCE.finditer(low) if words(m.group())]
    return next((s for s in reversed(sentences) if "?" in s), sentences[-1] if sentences else low)


def _named_subjects(turn: Turn) -> list[str]:
    """Ids of the subjects that the message names: by no everyday word, and not a whole document."""
    return [
        str(e["value"])
        for e in turn.entities
        if e["entity"] == "onderwerp" and e["end"] - e["start"] >= LONG_NAME and not _is_everyday(str(e["value"]))
    ]


def _is_everyday(subject: str) -> bool:
    return subject.endswith((".overzicht", ".doel_document")) or subject.startswith(_EVERYDAY)


def other_families(turn: Turn) -> frozenset[str]:
    """The families of the subjects that the message names, without the one that was talked of."""
    names = {*_named_subjects(turn), *(n for n in turn.values("onderwerp") if n.endswith(".overzicht"))}
    now = (turn.context.vraag or "").partition("/")[2].split(".")[0]
    return frozenset(name.split(".")[0] for name in names) - {now}


def _affairs(turn: Turn) -> bool:
    """Whether the readings that no source answers are together the likeliest by far."""
    return (
        sum(float(r["confidence"]) for r in turn.ranking if label_of(r).startswith("buiten_bereik/")) > LIKELY_OUTSIDE
    )


LONG_NAME = 12
"""Characters from which a subject's name in a message counts as naming that subject."""

_EVERYDAY = (
    "onderzoek.werkgever_",
    "onderzoek.onderhandelen",
    "onderzoek.verbinding_collegas",
    "schaal.hogere_schaal",
    "advies.",
)
"""Beginnings of the ids of subjects whose names are said in many other questions."""

LIKELY_OUTSIDE = 0.75
"""Confidence from which a message after a subject isn't pulled back to it from what no source answers."""

FAR = 0.01
"""Confidence of a reading that the model doesn't name."""
LIKELY = 12
"""How many readings are weighed of a message that stands on its own."""


def best(turn: Turn) -> tuple[str, float]:
    """The reading that fits best, and the share that it has of all weighed readings (0-1)."""
    worths: dict[str, float] = {}
    facts = Facts.of(turn)
    if other := turned(turn) or subjects.plainly(turn):
        return other, 1.0
    said = next(iter(facts.aspects)) if len(facts.aspects) == 1 else None
    after_last = together_with_last(turn)
    asks_part = about_subject(turn) and facts.leans
    for reading in turn.ranking if facts.leans else turn.ranking[:LIKELY]:
        label = label_of(reading)
        if label == "nlu_fallback" or (label == "crisis" and float(reading["confidence"]) < SURELY_CRISIS):
            continue
        # What the words say is possible, also where the model doesn't think of it.
        confidence = max(float(reading["confidence"]), FAR if label == said else 0.0) ** SOFTER
        worths[label] = worths.get(label, 0.0) + confidence * fit(turn, label, facts)
        of_functie = label in NEEDS_FUNCTIE and bool(turn.context.functies)
        if asks_part and not of_functie and (part := part_of_subject(turn, label)):
            worths[part] = worths.get(part, 0.0) + confidence * fit(turn, part, facts)
            worths[label] *= WHOLE
    if said and said not in worths:
        worths[said] = FAR**SOFTER * fit(turn, said, facts)
    for label, confidence in after_last.items():
        worths[label] = worths.get(label, 0.0) + TOGETHER * confidence**SOFTER
    if not worths:
        return turn.label, 0.0
    chosen = max(worths, key=worths.__getitem__)
    total = sum(worths.values())
    return own_part(turn, chosen), worths[chosen] / total if total else 0.0


def together_with_last(turn: Turn) -> dict[str, float]:
    """The model's readings of the last subject's title and the message together: label -> confidence (0-1).

    Only for a message that leans on a subject, and only readings within the same document.
    """
    last = turn.context.vraag or ""
    if not last.startswith("onderwerp/") or not leans(turn) or turn.fragment or not turn.ranking:
        return {}
    low = turn.text.lower()
    first, sure = next(
        ((label_of(r), float(r["confidence"])) for r in turn.ranking if not _lacks_cue(label_of(r), low)), ("", 0.0)
    )
    clear = ABOUT_CONVERSATION | ON_LAST_ANSWER | _SMALL_TALK | _ABOUT_THE_BOT
    if first.startswith("buiten_bereik/") and (
        (sure > 0.5 and not points_back(turn)) or (_affairs(turn) and not clings(turn))
    ):
        return {}
    family = last.split("/", 1)[1].split(".")[0]
    if first in clear and sure > 0.5:
        return {}
    elsewhere = first.startswith("onderwerp/") and not first.startswith(f"onderwerp/{family}.")
    if first.startswith("onderwerp/") and not elsewhere and sure > SURE_BY_ITSELF:
        return {}
    if elsewhere and (other_families(turn) or (sure > SURE_OF_ANOTHER and not _bare(turn))):
        return {}
    subject = turn.store.onderwerp(last.split("/", 1)[1])
    if subject is None:
        return {}
    found = reader.read_after(subject.id, subject.titel, turn.text, turn.entities)
    turn.elsewhere = next((float(r["confidence"]) for r in found if label_of(r) == reader.ELSEWHERE), 0.0)
    if elsewhere and turn.elsewhere > SURE_BY_ITSELF:
        return {first: sure}  # by itself and after the subject alike: the person turns to something else
    return {
        # The subject itself is part of what was read, so its own reading counts for less.
        label: float(reading["confidence"]) * (SAME if label == last else 1.0)
        for reading in found
        if (label := label_of(reading)).startswith("onderwerp/")
    }


def _bare(turn: Turn) -> bool:
    """Whether the message has hardly any word of a subject: it points back, or is very short."""
    return points_back(turn) or len(words(turn.text)) <= PLAIN


def fit(turn: Turn, label: str, facts: Facts | None = None) -> float:
    """How well a reading fits the names in the message and the conversation (1: neutral)."""
    facts = facts or Facts.of(turn)
    return _fits_names(turn, label, facts) * _fits_words(turn, label, facts) * _fits_conversation(turn, label, facts)


def _fits_names(turn: Turn, label: str, facts: Facts) -> float:
    worth = 1.0
    has_functie, has_competentie, size = bool(facts.functies), facts.competentie, facts.size
    short = size <= 8
    if label in NEEDS_FUNCTIE:
        if not has_functie and label != "vraag_competentie_niveau" and not facts.outside:
            known = (bool(turn.context.functies or turn.in_answer()) and facts.leans) or facts.own_functie
            if known or facts.about_functie or (facts.mine and label not in ADVICE):
                worth *= 1.5
            elif label in ADVICE and turn.context.persoon.functie:
                worth *= 1.2
            else:
                worth *= 1.3 if label not in ADVICE and turn.describes_work() else 0.45
    elif label.startswith("onderwerp/") or label in _WITHOUT_FUNCTIE:
        if has_functie and not (label.startswith("onderwerp/onderzoek") and facts.survey):
            worth *= (0.4 if facts.functies == 1 else 0.15) if label.startswith("onderwerp/") else 0.15
        elif facts.about_functie and short:
            worth *= 0.05
        elif short and facts.points_back and not turn.context.vraag:
            worth *= 0.5
    elif label == "buiten_bereik/onbekende_functie" and has_functie:
        worth *= 0.05
    if label in NEEDS_COMPETENTIE and not has_competentie:
        worth *= (1.2 if facts.leans else 0.8) if turn.context.competenties else 0.2
    if (
        label in _GOODBYES
        and not has_functie
        and not has_competentie
        and not facts.outside
        and _THANKS.search(facts.low)
    ):
        asked = bool(turn.ranking) and label_of(turn.ranking[0]) not in _GOODBYES
        sure = asked and float(turn.ranking[0]["confidence"]) > SURELY_ASKED
        worth *= 0.3 if "?" in facts.low or sure else 12.0 if size <= 10 else 4.0
    elif label in _SMALL_TALK and (size > 8 or (size > 3 and (has_functie or has_competentie or facts.outside))):
        worth *= 0.3 if label == "vertel_over_mij" else 0.02
    if label == "vertel_over_mij" and size > SHORT and ("?" in facts.low or _ASKS_FOR.search(facts.low)):
        worth *= 0.1
    if label in ("wartaal", "andere_taal") and (has_functie or has_competentie or turn.schalen):
        worth *= 0.02
    if label in ("ontken", "bevestig") and size > 3 and (turn.context.vraag or size > 5):
        worth *= 0.03 if "bedoel" in facts.low else 0.1
    if label.startswith("buiten_bereik/") and label not in _ABOUT_NAMES:
        named = bool(turn.schalen) or (has_competentie and label != "buiten_bereik/zzp_regels")
        worth *= 0.1 if has_functie else 0.4 if named else 1.0
    if label == "buiten_bereik/salaris_nu" and has_functie:
        worth *= 0.3
    if label == "vraag_wat_past" and has_functie:
        worth *= 0.1
    if label in ("vraag_hoogste_schaal", "vraag_schaal_bij_opleiding") and facts.mine_by_diploma and not has_functie:
        worth *= 3.0 if label == "vraag_schaal_bij_opleiding" else 0.1
    if not has_functie and facts.how_high:
        worth *= 2.0 if label == "vraag_schaal_bij_opleiding" else 0.1 if label == "vraag_schaal" else 1.0
    if label in _ABOUT_US and (size > 12 or has_functie or has_competentie):
        worth *= 0.5 if size <= SHORT and _TOLD_YOU.search(facts.low) else 0.05
    if label == "overslaan" and size > 4:
        worth *= 0.1
    if label in ON_LAST_ANSWER and (has_functie or has_competentie or size > 15):
        worth *= 0.05
    if turn.values("opleiding") and not has_functie and not facts.outside:
        worth *= 2.0 if label in BY_DIPLOMA else 0.3 if label.startswith("onderwerp/organisatie.") else 1.0
    if label in NEEDS_SCHAAL and not turn.schalen:
        worth *= 0.4
    if label in ("vraag_competentie", "vraag_functies_bij_competentie") and has_functie and has_competentie:
        worth *= 0.7
    if label in ("onderwerp/organisatie.competentie", "onderwerp/schaal.niveaus") and has_competentie:
        worth *= 0.1
    if label == "vraag_competenties" and not has_functie and has_competentie:
        worth *= 0.5
    return worth


def _fits_words(turn: Turn, label: str, facts: Facts) -> float:
    """How well a reading fits words that say plainly what is asked."""
    worth = 1.0
    if _lacks_cue(label, facts.low):
        worth *= 0.1
    if facts.aspects and (len(facts.aspects) == 1 or facts.functies):
        plain = 60.0 if facts.size <= PLAIN and not facts.functies else 6.0
        worth *= plain if label in facts.aspects else 0.25 if label.startswith("onderwerp/") else 1.0
    if facts.leaders:
        worth *= 4.0 if label.startswith("onderwerp/leider.") else 1.0
        worth *= {"vraag_competenties": 0.2, "vraag_sterke_punten": 0.05}.get(label, 1.0)
    if facts.competentie and turn.niveaus:
        worth *= 5.0 if label == "vraag_gedrag" else 0.2 if label.startswith(("onderwerp/", "buiten_bereik/")) else 1.0
    if facts.functies > 1 and label == "vraag_schaal" and _HIGHER.search(facts.low):
        worth *= 5.0
    if label.startswith("onderwerp/onderzoek.") and (facts.pays or (turn.values("organisatie") and not facts.survey)):
        worth *= 0.1  # the survey asked civil servants all over the country, and not about pay
    if label == "vraag_werksituaties" and facts.trouble:
        worth *= 4.0
    if label == "vraag_competenties" and _EVERYONE.search(facts.low):
        worth *= 0.05
    if label in ("vraag_formatie", "vraag_taken") and facts.organisation:
        worth *= 0.05
    if facts.counts:
        worth *= 100.0 if label == "vraag_keuze_uit" else 0.005 if label == "vraag_formatie" else 1.0
    if turn.schalen and not facts.functies and _IN_MONEY.search(facts.low):
        worth *= (
            5.0 if label == "vraag_salaris" else 0.2 if label in ("vraag_schaal", "vraag_functies_in_schaal") else 1.0
        )
    if facts.edge:
        worth *= 5.0 if label == "vraag_salaris" else 0.1 if label == "vraag_schaal_bij_opleiding" else 1.0
    if facts.goes_up:
        worth *= 5.0 if label == "vraag_volgende_stap" else 0.2 if label.startswith("buiten_bereik/") else 1.0
    if facts.subjects:
        worth *= 3.0 if label in facts.subjects else 1.0
    if facts.pay:
        worth *= 10.0 if label == "vraag_salaris" else 0.05 if label == "vraag_formatie" else 1.0
    return worth


def _fits_conversation(turn: Turn, label: str, facts: Facts) -> float:
    """How well a reading goes on with the conversation; 1 for messages that stand on their own."""
    last = turn.context.vraag
    if label == "vraag_bron" and turn.context.laatste and facts.where:
        return 20.0
    if label in ON_LAST_ANSWER:
        return 1.0 if turn.context.laatste else 0.3 if facts.size <= 6 else 0.03
    if label == "vraag_keuze_uit":
        if not turn.context.vraag:
            return 0.02
        listed = max(len(turn.context.getoond), len(turn.context.getoonde_competenties))
        if listed < 2 and last not in ("vraag_gedrag", "vraag_verschil_niveaus"):
            return 0.05
        return 2.0 if turn.together else 1.0 if facts.size <= 7 else 0.3
    if not last or label in ABOUT_CONVERSATION or not facts.leans:
        return 1.0
    if last.startswith("onderwerp/"):
        family = last.split("/", 1)[1].split(".")[0]
        if label.startswith(f"onderwerp/{family}."):
            # organisatie.regie_doel, organisatie.regie_fte: parts of one subject.
            part = last.split(".", 1)[1].partition("_")[0]
            if facts.families:
                return 1.0
            if label == last:
                return AGAIN
            return 3.5 if label.split(".", 1)[1].startswith(f"{part}_") else 2.5
        # "Welke daarvan heeft de meeste fte?" after a question about clusters is not about functions.
        if label in _SUPERLATIVES and _OF_FUNCTIONS.search(facts.low):
            return 2.0
        if label in NEEDS_FUNCTIE | _SUPERLATIVES:
            # Without a function anywhere it could only be asked back.
            if facts.own_functie and label in ADVICE:
                return 1.5
            return 2.0 if turn.in_answer() else 0.6 if turn.context.functies else 0.005
        if label == "vraag_salaris" and _OF_PAY.search(facts.low):
            return 1.0
        if label.startswith("onderwerp/"):
            if label.split("/")[1].split(".")[0] in facts.families:
                return 2.5
            return 1.0 if turn.elsewhere > SURELY_ELSEWHERE else 0.15
        away = facts.affairs or turn.elsewhere > SURELY_ELSEWHERE
        if label.startswith("buiten_bereik/") and away and not clings(turn):
            return 1.0
        return 0.3
    if label in NEEDS_FUNCTIE | ADVICE or label in NEEDS_COMPETENTIE | NEEDS_SCHAAL | _SUPERLATIVES:
        return 2.0
    if label.startswith("buiten_bereik/salaris") or label == "buiten_bereik/persoon":
        return 1.0
    if label == "vraag_salaris":
        return 1.5
    return 0.4
