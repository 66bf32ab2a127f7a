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

from bot.actions import choices, limits, outside, person, reading, relatives, subjects
from bot.actions.context import CONTEXT_SLOT, MAX_TOPICS, Beurt, Context
from bot.answers.answer import Answer
from bot.nlu.name_matcher import find_scales
from bot.nlu.text import words
from knowledge import advice, tasks
from knowledge.schema import Competentie
from knowledge.store import BuitenBoek, Functie, Store

_FILLER = frozenset(
    "en de het een die dat deze dan van voor bij ik je jij u ge bedoel bedoelde bedoelt nee ja ok oke oh ow ah sorry wacht "
    "hoor toch gewoon gewone alleen niet maar wel is dit nog ook eens even als nou nu hoe zit wat met in op over of om te "
    "der daarvan daarvoor dus eigenlijk graag aub alstublieft dankje ommen gemeente functie competentie niveau schaal bij "
    "zonder ervoor was zei zeg maar hem haar zo n t s and the what about for omgekeerd naar welke rol baan doe meer na "
    "tegenhanger variant versie ander andere daarboven daaronder zelfde vraag though degree heb had zijn zijne haar diens hun "
    "collega dit ok sorry eh euh terug deze versus vs tegenover vergeleken variant den ne nen dieje dien diene da".split()
)
_TOGETHER = re.compile(
    r"\b(?:(?:van |welke? van |wie van )?(?:die|deze|de|hun|dat) (?:eerste |laatste )?(?:twee|drie|vier|beide)|beide|allebei|alle ?twee|alle ?drie|"
    r"hoevee?l (?:zijn|waren) (?:dat|het|ze|er)|(?:welke?|wie|hoeveel) (?:daarvan|daarvan?|hiervan|van (?:die|deze|hen|ze|hun))|van beide|ze samen)\b"
)
_NUMBERS = {"twee": 2, "beide": 2, "allebei": 2, "alletwee": 2, "drie": 3, "alledrie": 3, "vier": 4}
_STEP = re.compile(
    r"\b(?:(?:een|1|één)\s+)?(?:niveau|level|nivo|schaal|trede)(?:tje)?\s+(hoger|lager|omhoog|omlaag|erboven|eronder|daarboven|daaronder)\b"
    r"|\b(hoger|lager|hogere|lagere)\s+(?:niveau|level|nivo|schaal)\b|\b(daarboven|daaronder|erboven|eronder)\b"
)
_BARE_SCALE = re.compile(
    r"\b(\d{1,2} ?a?|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien)(?: dan| ook| maar)?\W*$"
)
_CODE = re.compile(r"""\{\s*["']|["']\s*:\s*[\[{"']|\$\{|\{\{|<%""")
_ROMAN = re.compile(
    r"^\W*(?:(?:en|of|nee|voor|bij|van|de|dan|ik bedoel|bedoel ik)\W+)*(iii|ii|iv|v|i)(?:\W+(?:dan|bedoel ik))?\W*$"
)
_LETTER = re.compile(r"\b([a-d])\W*(?:dan|bedoel ik)?\W*$")
_AGAIN = re.compile(
    r"^\W*(?:(?:en|oke?|ja|hm+|maar) )*(?:welke?(?: (?:\d|twee|drie|vier|vijf|zes|zeven))?(?: (?:zijn|is|waren) (?:dat|het|die)| dan| precies)?(?: ook alweer| ook weer)?|wie (?:is|zijn) dat(?: dan)?|"
    r"(?:waarom|hoezo)(?: (?:niet|wel|dan|is dat(?: zo)?))*|noem ze(?: eens| allemaal)?)\W*$"
)
"""A question that the last answer, told in full, answers."""
_WHAT_IS = re.compile(
    r"^\W*(?:en )?(?:leg |wat (?:betekent|is|houdt) |vertel (?:eens )?(?:iets |wat )?(?:over )?|uitleg (?:van )?)(?:dan )?((?:de |die )?\w+)"
    r"(?: (?:eens|is|even))*(?: uit| in| dan| precies)*\W*$"
)
_STEP_UP = re.compile(
    r"\b(?:stap|functie|trede|rol|baan) (?:daarboven|erboven|hoger|daarna|erna)\b|\bvolgende (?:stap|functie|trede)\b.*\bdaarvoor\b"
)
_WHO_IS_IT = re.compile(
    r"\bhoe heet (?:hij|zij|ze|ie|die|diegene)\b|\bwie (?:is|doet) (?:dat|het|die) (?:nu|momenteel|op dit moment)\b"
)
_I_NOW = re.compile(r"\b(?:zit|sta|ben|heb|doe) ik (?:\w+ )?(?:nu|momenteel|zelf)\b|\bmijn (?:huidige|eigen)\b")
_I = re.compile(r"\b(?:ik|mijn|m'n|me|mij)\b")
_IN_IT = re.compile(
    r"\b(?:welke?|wie|wat)\b.{0,20}\b(?:zit|zitten|vallen|valt|hoort|horen|staat|staan)\b.{0,8}\b(?:daarin|erin|daar|daarbij|erbij|er in)\b"
)
_NEW_FOR_ME = re.compile(
    r"\bcompetenties?\b.*\b(?:nieuw|erbij|bij komt|extra|mis|mist|tekort)\b|\b(?:nieuwe|extra) competenties?\b"
)
_ALSO_NEW = re.compile(r"\bwelke?\b.*\b(?:nieuw|erbij|extra)\b")
_AFTER = re.compile(r"\bna (?:die|de|dat|deze|een)\b|\bdaarna\b")
_OLD_TABLE = re.compile(
    r"\btabel\b|\b2020\b|\b(?:maximum+|minimum|max|min|maximaal|minimaal|aanvang|treden?|trede|periodiek(?:en)?)\b"
    r"|\b(?:hoogste|laagste) (?:bedrag|trede)\b|\b(?:eind|begin|maand|maximum|minimum)bedrag\b"
)
"""Words that ask about the table of amounts rather than about one's pay."""
_TODAY = re.compile(r"\b(?:nu|vandaag|huidige?|actue\w+|tegenwoordig|dit jaar|verdient?|krijgt?|netto)\b")
_WHO_NEEDS = re.compile(r"\bbij (?:wie|welke)\b|\bwie (?:heeft|hebben|moet|moeten)\b")
_WHO = re.compile(
    r"\bwie (?:dan|wel|op|heeft|hebben|moet|moeten|nog|allemaal)\b|\bbij wie\b|\bbij welke (?:functies?|banen)\b"
)
_UP = ("hoger", "hogere", "omhoog", "erboven", "daarboven")
_LEVELS = ("A", "B", "C", "D")
_FROM_TO = re.compile(r"\bvan (?:welke|wat|hoeveel)\b.*\bnaar (?:welke|wat|hoeveel)\b")


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
    _relative_words: set[str] = field(default_factory=set)
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
        if not self.entities and limits.is_foreign(self.text) and not self._understood():
            self.label = "andere_taal"
            return
        named = self._functies_in_text()
        self.named_functies, self._relative_words = relatives.relatives(
            self.store, self.text, self.entities, named, self.talked_of
        )
        self.named_competenties = [c for name in self.values("competentie") if (c := self.store.competentie(name))]
        self.niveaus = self.values("niveau")
        self.schalen = self.values("schaal")
        self._bare_scale()
        self._bare_level()
        self._roman_numeral()
        self._point_at_several()
        self._point_at_place()
        self.fragment = self._is_fragment()
        if self.fragment:
            self._take_over_question()
        else:
            self._reconsider()
        self._step_up_or_down()
        self._complete_question()
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
        return sure and bool(self.context.vraag) and reading.label_of(self.ranking[0]).startswith(("vraag_", "bedankt"))

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

    def _bare_scale(self) -> None:
        """Fill in "en 10a?" after a question about a scale."""
        of_scales = self.context.vraag in reading.ABOUT_SCALES or self.label.endswith("vraag_functies_in_schaal")
        if self.schalen or not of_scales or len(words(self.text)) > 7:
            return
        if any(e["entity"] not in ("organisatie", "niveau") for e in self.entities):
            return
        match = _BARE_SCALE.search(self.text.lower())
        found = find_scales(f"schaal {match.group(1)}") if match else []
        if match and found:
            start, end = match.span(1)
            self.schalen = [found[0].waarde]
            self.entities.append({"entity": "schaal", "value": self.schalen[0], "start": start, "end": end})

    def _bare_level(self) -> None:
        """Fill in "sorry, c" and "en wie op A?" after a question about a competency."""
        match = _LETTER.search(self.text.lower())
        about = self.context.competenties and self.context.vraag in reading.NEEDS_COMPETENTIE
        if match and about and not self.niveaus and len(words(self.text)) <= 6:
            self.niveaus = [match.group(1).upper()]
            start, end = match.span(1)
            self.entities.append({"entity": "niveau", "value": self.niveaus[0], "start": start, "end": end})

    def _roman_numeral(self) -> None:
        """Fill in "en V?" after a question about medewerker publiek IV."""
        match = _ROMAN.match(self.text.lower())
        if not match or not self.talked_of or self.context.wacht:
            return
        name = re.sub(r"\b[IV]+$", match.group(1).upper(), self.talked_of[-1].norm.naam)
        found = [f for f in self.store.functies() if f.norm.naam == name]
        if found:
            self.named_functies = found[:1]
            self._relative_words = {w.text for w in words(self.text)}

    def _complete_question(self) -> None:
        """Fill in what words such as "waarom niet?", "de stap daarboven" and "tot welke schaal kom ik dan" point at."""
        low = self.text.lower()
        if self.explains:
            self.label = "vraag_competentie"
            return
        asked_new = _NEW_FOR_ME.search(low) or (self.context.vraag == "vraag_competenties" and _ALSO_NEW.search(low))
        if self.own_functie and self.talked_of and not self.named_functies and asked_new:
            self.label = "vraag_wat_ontbreekt"
            return
        scales = self.schalen or [f.schaal for f in self.named_functies] or list(self.context.schalen[:1])
        pay = "vraag_salaris" in (self.context.vraag, self.label)
        about_pay = pay or "tabel" in low or "bedrag" in low or "2020" in low
        if scales and about_pay and _OLD_TABLE.search(low) and not self.asks_of_today:
            self.label, self.schalen, self.old_table = "vraag_salaris", scales, True
        elif _WHO_IS_IT.search(low) and self.talked_of:
            self.label = "buiten_bereik/persoon"
        elif _AGAIN.match(low) and self.context.laatste and not self.named_functies:
            self.label = "vraag_volledig"
        elif _STEP_UP.search(low) and not self.named_functies and (asked := reading.aspect(low)):
            self.label = asked
            base = self.own_functie or next(iter(self.talked_of), None)
            steps = [s for s in advice.next_steps(self.store, base) if s.richting == "omhoog"] if base else []
            self.named_functies = [step.functie for step in steps[:1]]
        elif (
            reading.HOW_HIGH.search(low)
            and self.talked_of
            and not self.context.persoon.opleiding
            and not self.values("opleiding")
        ):
            self.label = "vraag_schaal"
        elif self.together and len(self.named_functies) > 1 and _ALIKE.search(low):
            self.label = "vraag_verschil_functies"
        elif (self.named_competenties and not self.named_functies and not self.fragment and _WHO_NEEDS.search(low)) or (
            self.context.competenties and not self.named_competenties and self._asks_who(low)
        ):
            if not (self.topic and reading.about_subject(self)):  # "bij welke hoort feedback?" of the leaders' seven
                self.label = "vraag_functies_bij_competentie"
        elif (
            _IN_IT.search(low)
            and self.context.schalen
            and self.context.vraag in reading.ABOUT_SCALES
            and not self.schalen
            and not reading.aspect(low)
        ):
            self.label, self.schalen = "vraag_functies_in_schaal", list(self.context.schalen[:1])
        elif self.label == "vraag_functies_in_schaal":
            if self.together and len(self.named_functies) > 1:
                self.label = "vraag_schaal"
            elif not self.schalen and reading.leans(self):
                self.schalen = list(self.context.schalen[:1])
        opposite, edge = reading.OPPOSITE.get(self.context.vraag or ""), _EDGE.match(low)
        if opposite and edge:
            self.label = f"vraag_{edge[1]}_schaal"

    def _point_at_several(self) -> None:
        """Fill in "die twee", "welke daarvan", "van welke schaal naar welke" with what was named or listed."""
        low = self.text.lower()
        if self.named_functies or self.named_competenties or reading.switches(low):
            return
        if _FROM_TO.search(low) and self.own_functie and self.talked_of:
            self.named_functies = [self.own_functie, *(f for f in self.talked_of if f != self.own_functie)][:2]
            return
        match = _TOGETHER.search(low)
        if not match:
            return
        ids = self.context.getoond if len(self.context.getoond) > 1 else self.context.genoemd
        size = next((n for word, n in _NUMBERS.items() if word in match.group()), len(ids))
        chosen = ids[:size] if ids == self.context.getoond else ids[-size:]
        found = [f for id_ in chosen if (f := self.store.functie(id_))]
        self.together = True
        if len(found) > 1 and not (self.context.vraag or "").startswith("onderwerp/"):
            self.named_functies = found

    def _point_at_place(self) -> None:
        """Fill in "en de tweede?" with the second function of the last list."""
        place = choices.ordinal(self.text)
        spoken = _WHAT_IS.match(self.text.lower())
        asked = subjects.plainly(self)
        if asked and asked != self.context.vraag:
            return  # one of the points of a subject, with an answer of its own
        if spoken and self.context.getoonde_competenties and not self.named_functies:
            at = choices.ordinal(spoken.group(1))
            if at is not None and at < len(self.context.getoonde_competenties):
                found = self.store.competentie(self.context.getoonde_competenties[at])
                self.named_competenties = [found] if found else []
                self.explains = found is not None
                self._relative_words = {w.text for w in words(self.text)}
                return
        if place is None or self.context.wacht or self.named_functies or len(self.context.getoond) < 2:
            return
        if place < len(self.context.getoond) and (f := self.store.functie(self.context.getoond[place])):
            self.named_functies = [f]
            self._relative_words = {w.text for w in words(self.text)}

    def _asks_who(self, low: str) -> bool:
        """Whether a short message asks which functions need the competency that was talked of ("en wie op C?")."""
        short = len(words(self.text)) <= 7 and self.context.vraag in reading.NEEDS_COMPETENTIE
        return short and bool(_WHO.search(low)) and not self.named_functies

    def _step_up_or_down(self) -> None:
        """Fill in "één niveau hoger" and "de schaal daarboven" from the level or scale that was talked of."""
        match = _STEP.search(self.text.lower())
        if not match or self.named_functies or self.niveaus or self.schalen:
            return
        if self.topic and self.share > _CLEAR and len(words(self.text)) > reading.SHORT:
            return
        up = next(group for group in match.groups() if group) in _UP
        about_scale = "schaal" in match.group() or not self.context.niveaus
        if not about_scale and self.context.niveaus[0] in _LEVELS:
            place = _LEVELS.index(self.context.niveaus[0]) + (-1 if up else 1)
            if 0 <= place < len(_LEVELS):
                self.niveaus, self.label = [_LEVELS[place]], "vraag_gedrag"
        elif self._scale_to_step_from():
            scale = self._scale_to_step_from()
            if scale.isdigit():
                self.schalen, self.label = [str(int(scale) + (1 if up else -1))], "vraag_functies_in_schaal"

    def _scale_to_step_from(self) -> str:
        """The scale that "een schaal hoger" starts from: the one that was talked of, or else one's own."""
        if self.context.schalen and self.context.vraag in ("vraag_functies_in_schaal", "vraag_schaal"):
            return self.context.schalen[0]
        return self.own_functie.schaal if self.own_functie and "schaal" in self.text.lower() else ""

    def _reconsider(self) -> None:
        """Choose the likeliest reading that fits the names: a question about a level needs a competency, and so on."""
        if not self.label:
            return
        label, share = reading.best(self)
        if self.label == "nlu_fallback" and not (self.context.vraag and reading.leans(self) and share > _SURE_ENOUGH):
            return
        self.label, self.share = label, share
        named = self.named_functies or self.named_competenties
        if label in ("ontken", "bevestig") and named and self.context.vraag:
            self._take_over_question()  # "nee, gewoon de beheerder"
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

    def describes_work(self) -> bool:
        """Whether the message describes a function's work clearly ("om zwemles te geven") without naming it."""
        if self._clear is None:
            self._clear = tasks.is_clear(self.store, self.text)
        return self._clear

    def _is_fragment(self) -> bool:
        """Whether the message is little more than names: "en de senior?", "nee, adviseur IV bedoel ik"."""
        about_subject = (self.context.vraag or "").startswith("onderwerp/")
        spans = [(e["start"], e["end"]) for e in self.entities if about_subject or e["entity"] != "onderwerp"]
        skip = _FILLER | self._relative_words
        rest = [
            w.text
            for w in words(self.text)
            if w.text not in skip and not any(start <= w.start < end for start, end in spans)
        ]
        return bool(spans or self._relative_words) and not rest and len(words(self.text)) <= 12

    def _take_over_question(self) -> None:
        last = self.context.vraag
        if not last:
            # A name and nothing more: what it is.
            if self.named_functies and self.named_competenties:
                self.label = "vraag_competentie_niveau"
            elif self.named_functies:
                self.label = "vraag_schaal" if "schaal" in self.text.lower() else "vraag_taken"
            elif self.named_competenties:
                self.label = "vraag_gedrag" if self.niveaus else "vraag_competentie"
            elif self.schalen:
                self.label = "vraag_functies_in_schaal"
            return
        if last.startswith("onderwerp/"):
            family = last.split("/")[1].split(".")[0]
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
                self.text = f"{self.context.laatste.text} {self.text}"
        elif has["competentie"] and has["functie"]:
            self.label = "vraag_competentie_niveau"
        elif has["competentie"] and last in reading.NEEDS_FUNCTIE:
            self.label = "vraag_competentie_niveau" if last == "vraag_competentie_niveau" else "vraag_competentie"
        elif has["functie"]:
            said = f"{' '.join(self.context.gevraagd[-1:])} {self.text}".lower()
            self.label = "vraag_schaal" if "schaal" in said else "vraag_taken"
        elif self.fragment:
            self._reconsider()

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
        topics = (*(old.onderwerpen if same_family else ()), self.topic) if self.topic else ()
        return replace(
            old,
            vraag=self.label or old.vraag,
            functies=focus or old.functies,
            competenties=tuple(c.id for c in (self.named_competenties or self.competenties)) or old.competenties,
            niveaus=tuple(self.niveaus) or old.niveaus,
            schalen=tuple(self.schalen) or _scales(self.store, focus) or old.schalen,
            onderwerpen=tuple(topics)[-MAX_TOPICS:],
            genoemd=tuple(dict.fromkeys((*(i for i in old.genoemd if i not in (*named, *focus)), *named, *focus)))[-4:],
            getoond=shown if not asks else old.getoond,
            getoonde_competenties=_competencies(self.store, answer.text) if not asks else old.getoonde_competenties,
            opties=options,
            wacht=asks,
            laatste=old.laatste if silent else self.beurt(),
        )


_ALIKE = re.compile(
    r"\bcompetenties?\b.*\b(?:gelijk|hetzelfde|zelfde|overeen\w*|verschil\w*)\b|\b(?:gelijk|hetzelfde|zelfde)\b.*\bcompetenties?\b"
)
_EDGE = re.compile(r"^\W*(?:en )?(?:de |het )?(hoogste|laagste)(?: dan)?\W*$")
_SURE_ENOUGH = 0.2
_CLEAR = 0.5
"""Share from which a subject isn't taken for a step up or down ("solliciteren op een hogere schaal")."""
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
