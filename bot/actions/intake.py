"""The career conversation: four short questions, each of which may be skipped, and then the overview.

A state machine over text and names; it knows nothing of Rasa. The step that is being asked stands in
`Context.intake`, what was told in `Context.persoon`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.actions import person
from bot.answers import competenties, opleidingen
from bot.answers import overzicht as overview
from bot.answers.answer import Answer, Button, listing
from bot.answers.functies import low
from knowledge.directions import directions
from knowledge.education import RANKS
from knowledge.normal import name_key, plain
from knowledge.persoon import Persoon
from knowledge.schema import SCHALEN
from knowledge.store import Functie, Store

STEPS = ("functie", "opleiding", "sterk", "wens")

SKIP = Button("Sla over", "Sla over")

INLEIDING = (
    "Ik stel je vier korte vragen. Daarna noem ik richtingen die je op kunt. Je mag elke vraag overslaan. "
    "Wat je vertelt, blijft op deze server. Zeg **stop** als je wilt stoppen."
)


@dataclass(frozen=True)
class Vraag:
    """A question of the conversation, and the buttons that always go with it."""

    tekst: str
    knoppen: tuple[Button, ...]


VRAGEN: dict[str, Vraag] = {
    "functie": Vraag("Welke functie heb je nu? Je schaal noemen mag ook.", ()),
    "opleiding": Vraag(
        "Wat is je hoogste diploma? Noem je studierichting er gerust bij.",
        (
            Button("Mbo niveau 2", "Ik heb mbo niveau 2"),
            Button("Mbo niveau 3", "Ik heb mbo niveau 3"),
            Button("Mbo niveau 4", "Ik heb mbo niveau 4"),
            Button("Hbo", "Ik heb hbo"),
            Button("Universiteit", "Ik heb wo"),
        ),
    ),
    "sterk": Vraag("Waar ben je goed in? Noem één of meer dingen.", ()),
    "wens": Vraag(
        "Wat wil je het liefst?",
        (
            Button("Hogerop", "Ik wil hogerop"),
            Button("Opzij", "Ik wil iets anders op hetzelfde niveau"),
            Button("Interim", "Ik wil interim werken"),
            Button("Ik weet het nog niet", "Ik weet het nog niet"),
        ),
    ),
}
"""The questions, in the order of :data:`STEPS`."""


class Gelezen(dict[str, Any]):
    """What a reply tells, as changes for `dataclasses.replace(persoon, **changes)`; empty when it tells nothing.

    zeg: what to say about it before the next question.
    """

    def __init__(self, changes: dict[str, Any] | None = None, zeg: str = "") -> None:
        super().__init__(changes or {})
        self.zeg = zeg


# --- asking ----------------------------------------------------------------------------------------------------------


def begin(store: Store | None = None) -> Answer:
    """The first question, with what the conversation is and what happens with the answers."""
    asked = vraag(STEPS[0], store=store)
    return asked.with_text(f"{INLEIDING}\n\n{asked.text}")


def vraag(step: str, gelezen: dict[str, Any] | None = None, store: Store | None = None) -> Answer:
    """The question of a step, kind `gesprek.intake_<step>`.

    gelezen: the reply to the question before it, so that the person sees what was understood. store: for buttons with
    functions and competencies out of the knowledge base.
    """
    step = step if step in VRAGEN else STEPS[0]  # an old or damaged conversation starts again
    text = f"**Vraag {STEPS.index(step) + 1} van {len(STEPS)}.** {VRAGEN[step].tekst}"
    said = getattr(gelezen, "zeg", "")
    buttons = (*VRAGEN[step].knoppen, *(_examples(store, step) if store else ()), SKIP)
    return Answer("clarification", f"gesprek.intake_{step}", f"{said} {text}".strip(), buttons=buttons)


def _examples(store: Store, step: str) -> tuple[Button, ...]:
    if step == "functie":
        functies = store.functies()
        return tuple(Button(f.naam, _ik_ben(f)) for f in functies[2 :: max(1, len(functies) // 4)][:4])
    if step == "sterk":
        wanted = sorted(store.competenties(), key=lambda c: -len(store.functies_met_competentie(c.id)))[:4]
        return tuple(Button(c.naam, f"Ik ben goed in {c.naam.lower()}") for c in wanted)
    return ()


def _ik_ben(f: Functie) -> str:
    return f"Ik ben {low(f.naam)}"


def is_intake(answer: Answer) -> bool:
    """Whether an answer is a question of this conversation."""
    return answer.kind in {f"gesprek.intake_{step}" for step in STEPS}


def volgende(step: str, persoon: Persoon | None = None) -> str | None:
    """The step after this one, or None after the last; with a person the ones that were told already are passed over."""
    rest = STEPS[STEPS.index(step) + 1 :] if step in STEPS else STEPS
    return next((name for name in rest if not (persoon and getattr(persoon, name))), None)


def overzicht(store: Store, persoon: Persoon, vandaag: dt.date | None = None) -> Answer:
    """What comes out of the conversation. vandaag: the date on the page to keep, today when left out."""
    found = directions(
        store,
        functie=store.functie(persoon.functie or ""),
        schaal=persoon.schaal,
        opleiding=persoon.opleiding,
        richtingen=persoon.richtingen,
        sterk=persoon.sterk,
        wens=persoon.wens,
        doel=store.functie(persoon.doel or ""),
    )
    return overview.overzicht(store, persoon, found, vandaag or dt.date.today())


# --- reading ---------------------------------------------------------------------------------------------------------

_STOP = re.compile(
    r"^(?:(?:ik wil|wil|graag|nu|laten we|we|ok|oke|nee|please)\s+)*(?:stop|stoppen|stopt|kappen|ophouden|genoeg|einde|afbreken|annuleer|annuleren)"
    r"(?:\s+(?:maar|ermee|er|mee|hiermee|nu|met|de|deze|vragen|het|dit|gesprek|graag|aub|met vragen))*$"
)
_SKIP_WORDS = frozenset(
    [*"geen nee niks niets nvt volgende skip pas over overslaan none no next idk".split(), "n v t", "sla over"]
)
_SKIPS = re.compile(
    r"\b(?:sla\b.{0,20}\bover|overslaan|skip|liever niet|geen idee|weet (?:ik )?(?:het )?(?:nog )?(?:even )?niet|zou (?:ik )?(?:het )?niet weten|"
    r"niet zeggen|geen antwoord|volgende vraag|geen commentaar|geen zin|gaat je niet|niet van toepassing)\b"
)
_NONE = re.compile(
    r"^(?:ik )?(?:heb |ben |volg |had )?(?:op dit moment |nu |momenteel |nog |eigenlijk |helemaal )*(?:geen|nergens|werkloos|werkzoekend)\b"
)
_ASKS = re.compile(
    r"^(?:(?:en|maar|oke?|ja|nee|hoi|hallo|eh|uh)\s+)?(?:(?:wat|waar)(?! ik\b)|(?:(?:in|op|voor|met|van|tot|bij|naar)\s+)?welke?|hoe|hoeveel|waarom|waarvoor|wanneer|wie|"
    r"(?:kan|kun|kunt|mag|moet|zou|zal|is|zijn|heeft|ben|heb) (?:ik|je|jij|jullie|u|een|iemand|dat|er|het|de|die|dit|men)\b|"
    r"bestaat|geldt|vertel|leg|geef|toon|noem|what|how|which|who|why|can)\b"
)
_FIELD_WORDS = frozenset(
    "schaal opleiding diploma taken taak competenties competentie salaris loon verdient verdien fte formatie kennis vakkennis "
    "vaardigheden verschil gedrag niveau betekent betekenis resultaatgebieden kenmerken normfunctie".split()
)
_OWN_FIELD_WORDS = {
    "functie": frozenset(),
    "opleiding": frozenset("opleiding diploma niveau".split()),
    "sterk": frozenset("competenties competentie kennis vaardigheden taken".split()),
    "wens": _FIELD_WORDS,
}
"""Words of the field that belong to a reply to the question, and don't make it a question of one's own."""
_SMALL_TALK = frozenset(
    "hallo hoi hey hee dag goedemorgen goedemiddag dank dankje dankjewel bedankt thanks help doei ja ok oke prima mooi leuk top "
    "hoezo waarom vergeet menu start".split()
)
_NEGATES = re.compile(r"\b(?:geen|niet|zonder|nooit)\W+(?:\w+\W+){0,2}?$")
_TURN = re.compile(r"[,.;:!?\n]|\b(?:maar|wel|alleen|liever)\b")
"""Where what is denied ends: "geen hbo maar mbo", "niet hogerop, wel ander werk"."""

_WISHES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "orientatie",
        re.compile(
            r"\b(?:weet (?:ik )?(?:het )?(?:nog )?(?:even )?(?:niet|nie)|geen idee|orienter\w*|orientatie|rond ?kijken|rond te kijken|kijk(?:en)? wat|"
            r"verkennen|twijfel\w*|maakt (?:me |mij )?niet uit|nog niet zeker|niet zeker|alle kanten)\b"
        ),
    ),
    (
        "omhoog",
        re.compile(
            r"\b(?:omhoog|hogerop|hoger op|hoger(?:e)?|door ?groei\w*|groei\w*|promotie|(?:meer|beter) (?:verdienen|salaris|loon|geld)|"
            r"leiding ?geven\w*|leiding te geven|leidinggevende|manager|teamleider|carriere|klimmen|opklimmen|verder komen|stap(?:je)? verder)\b"
        ),
    ),
    (
        "opzij",
        re.compile(
            r"\b(?:iets anders|wat anders|iets nieuws|opzij|zijstap|zijwaarts|horizontaal|ander(?:e|soort)? (?:soort )?(?:werk|baan|functie|afdeling|team|vak)|"
            r"(?:zelfde|hetzelfde) (?:niveau|schaal)|switch\w*|overstap\w*|omscholen|van baan (?:wisselen|veranderen))\b"
        ),
    ),
    (
        "interim",
        re.compile(
            r"\b(?:interi\w*|zzp\w*|freelanc\w*|tijdelijk\w*|zelfstandige?|voor mezelf|eigen baas|zelfstandig ondernemer)\b"
        ),
    ),
)


def stopt(text: str) -> bool:
    """Whether the person wants to end the conversation: "stop", "ik wil stoppen met de vragen"."""
    return bool(_STOP.match(name_key(text)))


_STOPS_FIRST = re.compile(
    r"^\W*(?:ik wil |wil |nee |ok(?:e|é)? )*(?:stop\w*|genoeg|kappen|laat (?:dat|dit|het|maar))\b[^.!?]{0,30}[.!,]\s*(?=\w)",
    re.IGNORECASE,
)


def stops_and_asks(text: str) -> bool:
    """Whether the person ends the conversation and asks something else in one message."""
    match = _STOPS_FIRST.match(text)
    rest = text[match.end() :] if match else ""
    return "?" in rest or bool(rest and _ASKS.search(plain(rest).strip()))


def lees(store: Store, step: str, text: str, entities: Sequence[dict[str, Any]]) -> Gelezen | None:
    """What a message tells as a reply to the question of a step; None when it isn't a reply to it.

    entities: those of the message, see :meth:`bot.nlu.names.NameFinder.entities`; the texts of the buttons are
    understood without them. A reply that skips, or that isn't recognised, gives no changes and says so in `zeg`.
    """
    key = name_key(text)
    if step not in STEPS or not key:
        return None
    if key == name_key(SKIP.question):
        return _skipped()
    if step == "wens":
        wish = _wish(text)
        if wish and not _is_question(step, text, entities):
            return _noted(store, {**_read(store, step, text, entities), "wens": wish})
    changes = _button(store, step, key)
    if changes is None and _is_question(step, text, entities):
        return None
    changes = changes or _read(store, step, text, entities)
    if changes:
        return _noted(store, changes)
    if key in _SKIP_WORDS or _SKIPS.search(key) or (step != "wens" and _NONE.search(key)):
        return _skipped()
    return _unknown(store, step, text, entities)


def _read(store: Store, step: str, text: str, entities: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Everything that a reply tells: what it says in so many words, and bare names as the answer to the question."""
    own = [e for e in entities if not _denied(text.lower(), int(e["start"]))]
    changes = _told(store, text, entities)
    if step == "functie" and "functie" not in changes:
        found = [f for f in _functies(store, own) if f.id != changes.get("doel")]
        scales = [s for s in (*_values(own, "schaal"), *_bare_scale(text)) if s in SCHALEN]
        if len(found) == 1:
            changes |= {"functie": found[0].id, "schaal": found[0].schaal}
        elif scales:
            changes["schaal"] = scales[0]
    # At the later questions too: people tell more than is asked, and it saves them a question.
    if step in ("functie", "opleiding"):
        if diplomas := _values(own, "opleiding"):
            changes["opleiding"] = max(diplomas, key=lambda name: RANKS.get(name, 0))
        if fields := _values(own, "richting"):
            changes["richtingen"] = tuple(fields[:3])
    if step == "sterk" and (strong := [name for name in _values(own, "competentie") if store.competentie(name)]):
        changes["sterk"] = tuple(strong[:6])
    if step == "wens" and "doel" not in changes and len(found := _functies(store, own)) == 1:
        changes["doel"] = found[0].id
    return changes


def _told(store: Store, text: str, entities: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the message says in the first person, about whatever it is ("ik ben beheerder en wil adviseur worden")."""
    return {name: value for name, value in vars(person.told(store, Persoon(), text, entities)).items() if value}


def _button(store: Store, step: str, key: str) -> dict[str, Any] | None:
    """What one of the buttons tells; None when the text isn't that of a button."""
    if step == "functie":
        found = next((f for f in store.functies() if name_key(_ik_ben(f)) == key), None)
        return {"functie": found.id, "schaal": found.schaal} if found else None
    if step == "opleiding":
        for button in VRAGEN[step].knoppen:
            if key in (name_key(button.title), name_key(button.question)):
                level = name_key(button.question).removeprefix("ik heb ")
                return {"opleiding": level.replace("mbo niveau ", "mbo-")}
    if step == "sterk":
        found_c = next(
            (c for c in store.competenties() if key.removeprefix("ik ben goed in ") == name_key(c.naam)), None
        )
        return {"sterk": (found_c.id,)} if found_c else None
    return None


def _values(entities: Sequence[dict[str, Any]], kind: str) -> list[str]:
    return list(dict.fromkeys(str(e["value"]) for e in entities if e["entity"] == kind and not e.get("ambiguous")))


def _functies(store: Store, entities: Sequence[dict[str, Any]]) -> list[Functie]:
    """The functions that are named, a local name before the norm function that stands at the same place."""
    by_place: dict[tuple[int, int], Functie] = {}
    for entity in sorted(entities, key=lambda e: str(e["entity"])):
        place, value = (int(entity["start"]), int(entity["end"])), str(entity["value"])
        if entity.get("ambiguous") or place in by_place:
            continue
        if entity["entity"] == "functie" and (functie := store.functie(value)):
            by_place[place] = functie
        elif entity["entity"] == "normfunctie" and len(own := store.functies_van_norm(value)) == 1:
            by_place[place] = own[0]
    return list({f.id: f for _, f in sorted(by_place.items())}.values())


def _bare_scale(text: str) -> list[str]:
    match = re.match(r"^\W*(?:in |schaal )*(\d{1,2}a?)\W*$", text.lower())
    return [match.group(1).upper()] if match else []


def _denied(text: str, at: int) -> bool:
    """Whether what stands at a place has "geen" or "niet" before it."""
    return bool(_NEGATES.search(_TURN.split(text[:at])[-1]))


def _wish(text: str) -> str | None:
    """The wish that a text names first; one with "niet" before it doesn't count."""
    low_text = plain(text)
    found = [
        (match.start(), name)
        for name, pattern in _WISHES
        for match in pattern.finditer(low_text)
        if name == "orientatie" or not _denied(low_text, match.start())
    ]
    return min(found)[1] if found else None


def _is_question(step: str, text: str, entities: Sequence[dict[str, Any]]) -> bool:
    """Whether a message asks something instead of telling it."""
    low_text = plain(text).strip()
    said = low_text.split()
    if _ASKS.search(low_text) and len(said) > 1:
        return True
    if low_text.endswith("?") and (len(said) > 3 or said[0] == "en"):
        return True
    if re.match(r"(?:ik|mijn|me|heb|ben|werk|nu|als)\b", low_text):
        return False
    # "schaal zweminstructeur": words of the field beside a name are a question in short.
    spans = [(int(e["start"]), int(e["end"])) for e in entities]
    loose = {
        name_key(m.group())
        for m in re.finditer(r"\w+", text)
        if not any(start <= m.start() < end for start, end in spans)
    }
    return bool(loose & (_FIELD_WORDS - _OWN_FIELD_WORDS[step]) and spans)


def _skipped() -> Gelezen:
    return Gelezen(zeg="Prima, die slaan we over.")


def _noted(store: Store, changes: dict[str, Any]) -> Gelezen:
    """The changes, with what was understood said back in a few words."""
    parts: list[str] = []
    functie, doel = store.functie(changes.get("functie") or ""), store.functie(changes.get("doel") or "")
    if functie:
        parts.append(f"{low(functie.naam)} (schaal {functie.schaal})")
    elif changes.get("schaal"):
        parts.append(f"schaal {changes['schaal']}")
    if changes.get("opleiding"):
        parts.append(opleidingen.naam(store, changes["opleiding"]))
    parts += changes.get("richtingen", ())
    parts += [competenties.naam(store, name) for name in changes.get("sterk", ())]
    if doel:
        parts.append(f"je wilt {low(doel.naam)} worden")
    if changes.get("wens"):
        parts.append(f"je wilt {overview.WENSEN[changes['wens']]}")
    said = f"Genoteerd: {listing(parts)}."
    if changes.get("richtingen") and not changes.get("opleiding"):
        said += " Het niveau van je diploma weet ik dan niet."
    if changes.get("opleiding") == "mbo":
        said += " Noem later je niveau erbij, dan kan ik preciezer zijn."
    return Gelezen(changes, said)


def _unknown(store: Store, step: str, text: str, entities: Sequence[dict[str, Any]]) -> Gelezen | None:
    """A reply that tells nothing the knowledge base knows: kept out, and said so; None when it seems no reply."""
    said = name_key(text).split()
    if "?" in text or set(said) <= _SMALL_TALK or said[0] in _SMALL_TALK:
        return None
    if step == "sterk":
        return (
            Gelezen(zeg="Dat ken ik niet als competentie uit het boek. Ik gebruik het dus niet.")
            if len(said) > 1
            else None
        )
    if step == "wens":
        return Gelezen(zeg="Die wens herken ik niet. Ik noem daarom verschillende kanten.") if len(said) > 1 else None
    if step == "functie":
        if any(
            e["entity"] in ("functie", "normfunctie") and not _denied(text.lower(), int(e["start"])) for e in entities
        ):
            return Gelezen(zeg="Dat past bij meer functies. Ik laat je functie nu open.")
        if len(said) <= 8:
            return Gelezen(zeg="Die functie ken ik niet uit het functieboek. Ik ga zonder verder.")
    if step == "opleiding" and len(said) <= 8 and (said[0] in ("ik", "mijn") or not _functies(store, entities)):
        return Gelezen(zeg="Dat diploma ken ik niet. Ik ga zonder verder.")
    return None
