"""One turn as the actions see it: what was asked, about which names, and what the conversation was about.

This is where a question is completed from the conversation: a fragment ("en voor adviseur III?") takes over the last
question, a question without a name takes over the last name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker

from bot.actions import limits, outside, person, plain, pointing, reading, relatives
from bot.actions.context import CONTEXT_SLOT, MAX_TOPICS, Beurt, Context
from bot.answers.answer import Answer
from bot.nlu.text import words
from knowledge import tasks
from knowledge.schema import Competentie
from knowledge.store import BuitenBoek, Functie, Store

_FILLER = frozenset(
    "en de het een die dat deze dan van voor bij ik je jij u ge bedoel bedoelde bedoelt nee ja ok oke oh ow ah sorry wacht "
    "hoor toch gewoon gewone alleen niet maar wel is dit nog ook eens even als nou nu hoe zit wat met in op over of om te word wordt worden geldt hetzelfde o één on highest lowest level "
    "der daarvan daarvoor dus eigenlijk graag aub alstublieft dankje ommen gemeente functie competentie niveau schaal bij "
    "zonder ervoor was zei zeg maar hem haar zo n t s and the what about for omgekeerd naar welke rol baan doe meer na "
    "tegenhanger variant versie ander andere daarboven daaronder zelfde vraag though degree heb had zijn zijne haar diens hun "
    "collega dit ok sorry eh euh terug deze versus vs tegenover vergeleken variant den ne nen dieje dien diene da".split()
)
_CODE = re.compile(r"""\{\s*["']|["']\s*:\s*[\[{"']|\$\{|\{\{|<%""")
_I_NOW = re.compile(r"\b(?:zit|sta|ben|heb|doe) ik (?:\w+ )?(?:nu|momenteel|zelf)\b|\bmijn (?:huidige|eigen)\b")
_I = re.compile(r"\b(?:ik|mijn|m'n|me|mij)\b")
_AFTER = re.compile(r"\bna (?:die|de|dat|deze|een)\b|\bdaarna\b")
_TODAY = re.compile(r"\b(?:nu|vandaag|huidige?|actue\w+|tegenwoordig|dit jaar|verdient?|krijgt?|netto)\b")


@dataclass
class Turn:
    """What one message asks, completed from the conversation."""

    text: str
    """What the person typed; when it completes an earlier question, that question's text."""
    label: str
    """Intent, or full name of a retrieval intent; after completion from the context."""
    ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    context: Context
    store: Store
    parts: list[dict[str, Any]] = field(default_factory=list)
    """The questions in a message that asks more than one: {"start", "end", "ranking"}."""
    share: float = 1.0
    """How much of all weighed readings the chosen one has (0-1)."""
    fragment: bool = False
    functies: list[Functie] = field(default_factory=list)
    """The functions that are named, or else carried over from the conversation."""
    named_functies: list[Functie] = field(default_factory=list)
    competenties: list[Competentie] = field(default_factory=list)
    named_competenties: list[Competentie] = field(default_factory=list)
    niveaus: list[str] = field(default_factory=list)
    schalen: list[str] = field(default_factory=list)
    focus: list[str] | None = None
    """Ids of functions that the conversation is about after this turn, when the answer moved on to others."""
    explains: bool = False
    """The message asks what the first (second, ...) of the listed competencies means."""
    old_table: bool = False
    """The message asks for the amounts of the dated table."""
    together: bool = False
    """The message points at several things that were named or listed ("die twee")."""
    outside: list[BuitenBoek] = field(default_factory=list)
    """Functions that the question is about and that the book doesn't have, with what was said for them below."""
    outside_names: list[str] = field(default_factory=list)
    outside_lead: str = ""
    """What must be said before the answer about a function that the book doesn't have."""
    relative_words: set[str] = field(default_factory=set)
    """Words that point at the named functions ("de senior", "die tweede") and ask nothing themselves."""
    picked: bool = False
    """The function was picked out of what was listed or named ("de laatstgenoemde")."""
    aside: bool = False
    """The message asks for a step sideways."""
    elliptic: float = 0.0
    """How sure the model is that the message is little more than names (0-1)."""
    elsewhere: float = 0.0
    """How sure the model is, after a subject, that the message is about something else (0-1)."""
    aspects: tuple[str, ...] = ()
    """The questions that were answered together ("de schaal en de opleiding")."""
    _clear: bool | None = None

    @classmethod
    def from_tracker(cls, tracker: Tracker, store: Store) -> Turn:
        """Read the turn out of Rasa's tracker."""
        message = tracker.latest_message or {}
        ranking = message.get("intent_ranking") or []
        intent = message.get("intent") or {}
        turn = cls(
            text=message.get("text") or "",
            label=str(intent.get("full") or intent.get("name") or ""),
            ranking=list(ranking),
            entities=list(message.get("entities") or []),
            context=Context.from_slot(tracker.get_slot(CONTEXT_SLOT)),
            store=store,
            parts=list(message.get("vragen") or []),
        )
        turn.elliptic = reading.elliptic(turn)
        turn.tell()
        turn.ranking = reading.merged(turn)
        if turn.label.startswith("vervolg") and turn.ranking:
            turn.label = reading.label_of(turn.ranking[0])
        turn.complete()
        return turn

    @classmethod
    def again(cls, beurt: Beurt, context: Context, store: Store) -> Turn:
        """The turn of a question that was answered before."""
        turn = cls(beurt.text, beurt.label, [], [dict(e) for e in beurt.entities], context, store)
        turn.named_functies = turn.functies = [f for id_ in beurt.functies if (f := store.functie(id_))]
        turn.named_competenties = turn.competenties = [c for i in beurt.competenties if (c := store.competentie(i))]
        turn.niveaus, turn.schalen = list(beurt.niveaus), list(beurt.schalen)
        return turn

    # --- reading ---------------------------------------------------------------------------------------------

    def values(self, kind: str) -> list[str]:
        """The distinct values of one kind of entity, in the order of the text."""
        return list(dict.fromkeys(str(e["value"]) for e in self.entities if e["entity"] == kind))

    @property
    def topic(self) -> str | None:
        """The subject's id when the question is about a subject."""
        return self.label.split("/", 1)[1] if self.label.startswith("onderwerp/") else None

    @property
    def by_norm(self) -> bool:
        """Whether the functions were named by their HR21 name."""
        return bool(self.values("normfunctie")) and not self.values("functie")

    @property
    def talked_of(self) -> list[Functie]:
        """The functions that the conversation is about."""
        return [f for name in self.context.functies if (f := self.store.functie(name))]

    @property
    def own_functie(self) -> Functie | None:
        """The function that the person said to have."""
        return self.store.functie(self.context.persoon.functie or "")

    @property
    def asks_of_today(self) -> bool:
        """Whether the message asks what is earned now, which no source tells."""
        return bool(_TODAY.search(self.text.lower()))

    # --- completing ------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """Remember what the message tells about the person."""
        persoon = person.told(self.store, self.context.persoon, self.text, self.entities)
        functie = self.values("functie")
        bare = self.label == "vertel_over_mij" and "?" not in self.text and not _MEANT.search(self.text.lower())
        if bare and len(functie) == 1 and not persoon.functie:
            # "52, beleidsadviseur, vastgelopen"
            found = self.store.functie(functie[0])
            persoon = replace(persoon, functie=functie[0], schaal=found.schaal if found else persoon.schaal)
        if persoon != self.context.persoon:
            self.context = replace(self.context, persoon=persoon)

    def complete(self) -> None:
        """Fill in from the conversation what the message leaves out."""
        if _CODE.search(self.text):
            # A payload that somebody typed is no question, whatever names stand in it.
            self.entities, self.label = [], "wartaal"
            return
        if limits.in_crisis(self.text):
            self.label = "crisis"
            return
        named = self._functies_in_text()
        pointing.back(self, bool(named))
        bases = self.talked_of or ([self.own_functie] if self.own_functie else [])
        self.named_functies, self.relative_words = relatives.relatives(
            self.store, self.text, self.entities, named, bases
        )
        if not self.named_functies and len(words(self.text)) <= 2 * reading.SHORT:
            # "Terug naar die senior": of what was talked of before.
            before = [f for id_ in reversed(self.context.genoemd) if (f := self.store.functie(id_)) and f not in bases]
            self.named_functies, self.relative_words = relatives.relatives(
                self.store, self.text, self.entities, named, before
            )
        if not self.named_functies and self.talked_of and _PLAIN_ONE.match(self.text.lower()):
            # "De gewone", of a function that is the plain one itself.
            self.named_functies, self.relative_words = self.talked_of[:1], {w.text for w in words(self.text)}
        foreign = not self.entities and not self.relative_words and limits.is_foreign(self.text)
        if foreign and not self._understood():
            self.label = "andere_taal"
            return
        self.named_competenties = [c for name in self.values("competentie") if (c := self.store.competentie(name))]
        self.niveaus = self.values("niveau")
        self.schalen = self.values("schaal")
        pointing.one(self)
        pointing.several(self)
        pointing.place(self)
        self.fragment = self._is_fragment()
        if self.fragment:
            self._take_over_question()
        else:
            self._reconsider()
        pointing.step(self)
        plain.decide(self)
        outside.apply(self)
        self.functies = list(self.named_functies)
        self.competenties = list(self.named_competenties)
        if (
            not self.functies
            and not self.outside_lead
            and self.label in reading.NEEDS_FUNCTIE | {"vraag_verschil_functies"}
        ):
            own = [self.own_functie] if self.own_functie and self.is_about_own_functie() else []
            self.functies = own or self.in_answer() or self.talked_of
        if not self.competenties and self.label in reading.NEEDS_COMPETENTIE:
            self.competenties = [c for name in self.context.competenties if (c := self.store.competentie(name))]

    def _understood(self) -> bool:
        """Whether the model is sure of a message in the middle of a conversation ("and the competencies please?")."""
        sure = bool(self.ranking) and float(self.ranking[0]["confidence"]) > _SURE_IN_ENGLISH
        talking = bool(self.context.vraag or self.context.persoon or self.context.intake)
        own = ("vraag_", "bedankt", "wat_weet_je_van_mij", "vergeet", "mens_spreken", "samenvatting")
        return sure and talking and reading.label_of(self.ranking[0]).startswith(own)

    def in_answer(self) -> list[Functie]:
        """The one function that the answer about a subject named: who "die" is in "welke schaal heeft die?"."""
        named = self.context.getoond if reading.about_subject(self) else ()
        return [f for f in (self.store.functie(id_) for id_ in named) if f] if len(named) == 1 else []

    def _functies_in_text(self) -> list[Functie]:
        by_place: dict[tuple[int, int], Functie] = {}
        for entity in self.entities:
            place = (entity["start"], entity["end"])
            if entity["entity"] == "functie":
                functie = self.store.functie(entity["value"])
                if functie:
                    by_place[place] = functie
            elif entity["entity"] == "normfunctie" and place not in by_place:
                for functie in self.store.functies_van_norm(entity["value"])[:1]:
                    by_place[place] = functie
        return list({f.id: f for _, f in sorted(by_place.items())}.values())

    def _reconsider(self) -> None:
        """Choose the likeliest reading that fits the names: a question about a level needs a competency, and so on."""
        if not self.label:
            return
        label, share = reading.best(self)
        if self.label == "nlu_fallback" and not (self.context.vraag and reading.leans(self) and share > _SURE_ENOUGH):
            return
        self.label, self.share = label, share
        named = self.named_functies or self.named_competenties
        # "Nee, gewoon de beheerder"; "geldt dat ook voor de senior?", which is near to nothing that the model knows.
        denied = label in ("ontken", "bevestig") and named
        far = share < reading.UNSURE and not reading.aspect(self.text.lower())
        size = reading.SHORT * (2 if self.relative_words else 1)
        # "And my colleague, medewerker reserveringen?" is about that function, not about colleagues.
        namely = NAMELY * (2 if self.relative_words else 1)
        about_other = label.startswith("onderwerp/") or (
            label == "vertel_over_mij" and _MEANT.search(self.text.lower())
        )
        far = far or (bool(about_other and self.named_functies) and len(words(self.text)) <= namely)
        lost = far and bool(named or self.schalen) and len(words(self.text)) <= size
        if self.context.vraag and (denied or (lost and self._takes_last())):
            self._take_over_question()
        if (
            len(self.named_functies) == 2
            and not self.named_competenties
            and label in _ABOUT_COMPETENCIES
            and _COMPARES.search(self.text.lower())
        ):
            self.label = "vraag_wat_ontbreekt"

    def is_about_own_functie(self) -> bool:
        """Whether the message is about the function that the person said to have: "in welke schaal zit ik dan?"."""
        low = self.text.lower()
        if self.own_functie is None or self.named_functies or not _I.search(low):
            return False
        return not self.context.functies or reading.about_subject(self) or bool(_I_NOW.search(low))

    def names_subject(self) -> bool:
        """Whether the message names a subject of its own, other than what was just talked about."""
        family = (self.context.onderwerpen or ("",))[-1].split(".")[0]
        # One everyday word ("oplossing") may be the alias of a subject without being meant as one.
        named = [e for e in self.entities if e["entity"] == "onderwerp" and e["end"] - e["start"] >= reading.LONG_NAME]
        return any(str(e["value"]).split(".")[0] != family for e in named) or bool(self.values("module"))

    @property
    def named_subjects(self) -> list[str]:
        """Ids of the subjects of one family that the message asks about together ("X en Y", "van allebei")."""
        found = [e for e in self.entities if e["entity"] == "onderwerp" and not str(e["value"]).endswith(".overzicht")]
        names = list(dict.fromkeys(str(e["value"]) for e in found))
        if len(names) != 2 or len({name.split(".")[0] for name in names}) != 1:
            return []
        first, second = sorted(int(e["start"]) for e in found)[:2]
        return names if re.search(r"\b(?:en|and|of|vs)\b", self.text[first:second].lower()) else []

    def describes_work(self) -> bool:
        """Whether the message describes a function's work clearly ("om zwemles te geven") without naming it."""
        if self._clear is None:
            self._clear = tasks.is_clear(self.store, self.text)
        return self._clear

    def _is_fragment(self) -> bool:
        """Whether the message is little more than names: "en de senior?", "nee, adviseur IV bedoel ik"."""
        about_subject = (self.context.vraag or "").startswith("onderwerp/")
        spans = [(e["start"], e["end"]) for e in self.entities if about_subject or e["entity"] != "onderwerp"]
        skip = _FILLER | self.relative_words
        rest = [
            w.text
            for w in words(self.text)
            if w.text not in skip and not any(start <= w.start < end for start, end in spans)
        ]
        if not (spans or self.relative_words) or len(words(self.text)) > 12:
            return False
        if self.context.wacht and self.named_functies and len(rest) <= 1 and not reading.aspect(self.text.lower()):
            return True  # "ben ondersteuner", after "over welke functie gaat het?"
        return not rest or (self.elliptic > _ELLIPTIC and bool(self.context.vraag) and not about_subject)

    def _take_over_question(self) -> None:
        last = self.context.vraag
        before = self.context.eerder_over("competentie")
        if not last:
            # A name and nothing more: what it is.
            if self.named_functies and self.named_competenties:
                self.label = "vraag_competentie_niveau"
            elif len(self.named_functies) == 2:
                self.label = "vraag_wat_ontbreekt" if _FROM_TO.search(self.text.lower()) else "vraag_verschil_functies"
            elif self.named_functies:
                self.label = "vraag_schaal" if "schaal" in self.text.lower() else "vraag_taken"
            elif self.named_competenties:
                self.label = "vraag_gedrag" if self.niveaus else "vraag_competentie"
            elif self.schalen:
                self.label = "vraag_functies_in_schaal"
            return
        if last.startswith("onderwerp/"):
            family = last.split("/")[1].split(".")[0]
            if self.schalen and last.startswith("onderwerp/schaal.schaal_"):
                self.label = "vraag_functies_in_schaal"
                return
            near = [name for name in self.values("onderwerp") if name.split(".")[0] == family]
            if near and near[0].endswith(".overzicht") and "bedoel" in self.text.lower():
                self.label = last  # "als interimmer bedoel ik": what was said holds
                return
            if near:
                self.label = f"onderwerp/{near[0]}"
                return
        has = {
            "functie": bool(self.named_functies),
            "competentie": bool(self.named_competenties),
            "niveau": bool(self.niveaus),
            "schaal": bool(self.schalen),
            "opleiding": bool(self.values("opleiding")),
        }
        fits = {
            "functie": last in reading.NEEDS_FUNCTIE | {"vraag_verschil_functies", "vraag_salaris"},
            "competentie": last in reading.NEEDS_COMPETENTIE,
            "niveau": last
            in ("vraag_gedrag", "vraag_competentie", "vraag_competentie_niveau", "vraag_verschil_niveaus"),
            "schaal": last in reading.NEEDS_SCHAAL | {"vraag_salaris"},
            "opleiding": last in reading.ADVICE | {"vraag_opleiding"},
        }
        if has["functie"] and _AFTER.search(self.text.lower()):
            self.label = "vraag_volgende_stap"
        elif any(has[kind] and fits[kind] for kind in has):
            self.label = last
            if last == "vraag_competentie" and has["niveau"]:
                self.label = "vraag_gedrag"
            if self.context.wacht and self.context.laatste:
                # The answer to "welke functie?": the question itself was in the message before.
                asked = f"{self.context.laatste.text} "
                self.text = asked + self.text
                self.entities = [
                    {**e, "start": e["start"] + len(asked), "end": e["end"] + len(asked)} for e in self.entities
                ]
        elif has["competentie"] and has["functie"]:
            self.label = "vraag_competentie_niveau"
        elif has["competentie"] and last in reading.NEEDS_FUNCTIE - {"vraag_competenties"} and before:
            self.label = before
        elif has["competentie"] and last in reading.NEEDS_FUNCTIE:
            self.label = "vraag_competentie_niveau" if last == "vraag_competentie_niveau" else "vraag_competentie"
        elif has["functie"] and last in reading.NEEDS_COMPETENTIE and self.context.competenties:
            self.label = "vraag_competentie_niveau"
        elif has["functie"]:
            said = f"{' '.join(self.context.gevraagd[-1:])} {self.text}".lower()
            self.label = "vraag_schaal" if "schaal" in said else "vraag_taken"
        elif self.fragment:
            self._reconsider()

    def _takes_last(self) -> bool:
        """Whether the last question can be asked again of what this message names."""
        last = self.context.vraag or ""
        competency = last in reading.NEEDS_COMPETENTIE and bool(self.context.competenties)
        by_functie = bool(self.named_functies) and (last in reading.NEEDS_FUNCTIE or competency)
        by_competentie = bool(self.named_competenties) and last in reading.NEEDS_COMPETENTIE
        by_scale = bool(self.schalen) and last in reading.NEEDS_SCHAAL | {"vraag_salaris"}
        return by_functie or by_competentie or by_scale

    # --- what to remember ------------------------------------------------------------------------------------

    def beurt(self) -> Beurt:
        """The question as it was read, to be answered again in another form."""
        return Beurt(
            label=self.label,
            text=self.text[:500],
            functies=tuple(f.id for f in self.functies),
            competenties=tuple(c.id for c in self.competenties),
            niveaus=tuple(self.niveaus),
            schalen=tuple(self.schalen),
            entities=tuple({k: e[k] for k in ("entity", "value", "start", "end")} for e in self.entities),
        )

    def next_context(self, answer: Answer) -> Context:
        """The context after this turn was answered or asked back about."""
        old = self.context
        asks = answer.outcome == "clarification"
        options = tuple((b.title, b.question) for b in answer.buttons)
        silent = answer.outcome == "out_of_scope" and self.label.startswith(("vraag_", "onderwerp/"))
        if answer.outcome not in ("answered", "clarification") and not silent:
            return replace(old, opties=options or old.opties, wacht=False)
        shown = _shown(self.store, answer.text) or (_mentioned(self.store, answer.text) if self.topic else ())
        shown = () if asks else shown
        named = tuple(f.id for f in (self.named_functies or self.functies))
        focus = tuple(self.focus) if self.focus is not None else named or (shown[:3] if not self.topic else ())
        same_family = self.topic and old.onderwerpen and old.onderwerpen[-1].split(".")[0] == self.topic.split(".")[0]
        genoemd = (*(i for i in old.genoemd if i not in (*named, *focus)), *named, *focus)
        topics = (*(old.onderwerpen if same_family else ()), self.topic) if self.topic else ()
        return replace(
            old,
            vraag=self.label or old.vraag,
            eerder=old.with_earlier(reading.about(self.label), self.label),
            aspecten=self.aspects,
            functies=focus or old.functies,
            competenties=tuple(c.id for c in (self.named_competenties or self.competenties)) or old.competenties,
            niveaus=tuple(self.niveaus) or old.niveaus,
            schalen=tuple(self.schalen) or _scales(self.store, focus) or old.schalen,
            onderwerpen=tuple(topics)[-MAX_TOPICS:],
            onderwerp_eerder=self.topic or old.onderwerp_eerder,
            genoemd=old.genoemd if self.picked else tuple(dict.fromkeys(genoemd))[-4:],
            getoond=shown if not asks else old.getoond,
            getoonde_competenties=_competencies(self.store, answer.text) if not asks else old.getoonde_competenties,
            opties=options,
            wacht=asks,
            laatste=old.laatste if silent or self.label in reading.LEANS_ON_LAST else self.beurt(),
        )


_FROM_TO = re.compile(r"\bvan\b.*\bnaar\b")
_PLAIN_ONE = re.compile(r"^\W*(?:nee\W+|ja\W+|gewoon\W+)?(?:de|die) (?:gewone|normale)\W*$")
_MEANT = re.compile(r"\b(?:bedoel\w*|i mean|meant|gewone)\b")
NAMELY = 6
"""Words up to which a message that names a function is about that function."""
_SURE_ENOUGH = 0.2
_ELLIPTIC = 0.6
_SURE_IN_ENGLISH = 0.75
_ABOUT_COMPETENCIES = frozenset(
    {"vraag_competenties", "vraag_competentie_niveau", "onderwerp/organisatie.competentieprofiel"}
)
_COMPARES = re.compile(r"\b(?:hoger|extra|erbij|bij komt|nieuw|verschil\w*|tekort|mist|missen|mis)\b")


def _competencies(store: Store, text: str) -> tuple[str, ...]:
    """Ids of the competencies that an answer names, in its order."""
    low = text.lower()
    found = sorted((low.find(c.naam.lower()), c.id) for c in store.competenties() if c.naam.lower() in low)
    return tuple(name for _, name in found)[:8]


def _scales(store: Store, functies: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.schaal for id_ in functies if (f := store.functie(id_))))


def _mentioned(store: Store, text: str) -> tuple[str, ...]:
    """Ids of the functions that an answer names outside its remarks; longer names first hide the shorter in them."""
    left, found = text.lower().split("_let op:")[0], []
    for f in sorted(store.functies(), key=lambda f: -len(f.naam)):
        pattern = rf"\b{re.escape(f.naam.lower())}\b"
        if re.search(pattern, left):
            found.append(f.id)
            left = re.sub(pattern, " ", left)
    return tuple(found)


def _shown(store: Store, text: str) -> tuple[str, ...]:
    """Ids of the functions that an answer sets in bold, in its order."""
    bold = [name.lower().strip() for name in re.findall(r"\*\*([^*]+)\*\*", text)]
    by_name = {f.naam.lower(): f.id for f in store.functies()}
    return tuple(dict.fromkeys(by_name[name] for name in bold if name in by_name))
