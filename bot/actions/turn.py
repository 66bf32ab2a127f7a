"""One turn as the actions see it: what was asked, about which names, and what the conversation was about.

This is where a question is completed from the conversation: a fragment ("en voor adviseur III?") takes over the last
question, a question without a name takes over the last name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from bot.nlu.text import words
from knowledge import tasks
from knowledge.schema import Competentie
from knowledge.store import Functie, Store

CONTEXT_SLOT = "gesprek"

NEEDS_FUNCTIE = frozenset(
    "vraag_schaal vraag_taken vraag_taak_bij_functie vraag_resultaatgebieden vraag_kenmerken vraag_opleiding vraag_vakkennis "
    "vraag_vaardigheden vraag_werksituaties vraag_formatie vraag_functiereeks vraag_normfunctie vraag_competenties "
    "vraag_competentie_niveau vraag_volgende_stap".split()
)
NEEDS_COMPETENTIE = frozenset(
    "vraag_competentie vraag_gedrag vraag_verschil_niveaus vraag_functies_bij_competentie vraag_competentie_niveau".split()
)
NEEDS_SCHAAL = frozenset({"vraag_functies_in_schaal"})

_WITHOUT_FUNCTIE = frozenset(
    "vraag_functie_bij_taak vraag_functielijst vraag_competentielijst vraag_hoogste_schaal vraag_laagste_schaal".split()
)
_THIS_FUNCTION = re.compile(r"\b(?:deze|die|mijn|m'n|zo'n) (?:functie|baan|job|rol|positie)\b")
_POINTS_BACK = re.compile(
    r"\b(?:deze|die|mijn|m'n|zo'n|dat soort) (?:functie|baan|job|rol|werk|positie)\b|\b(?:daar|hier|er) ?(?:voor|bij|van|in|mee)\b"
    r"|\bis dat\b|\bvan dat\b"
)
"""Words by which a short question points back at what was said, or at what should have been said."""

_FILLER = frozenset(
    "en de het een die dat deze dan van voor bij ik je jij u ge bedoel bedoelde bedoelt nee ja ok oke oh ow ah sorry wacht "
    "hoor toch gewoon gewone alleen niet maar wel is dit nog ook eens even als nou nu hoe zit wat met in op over of om te "
    "der daarvan daarvoor dus eigenlijk graag aub alstublieft dankje ommen gemeente functie competentie niveau schaal bij "
    "zonder ervoor was zei zeg maar hem haar zo n t s and the what about for omgekeerd naar welke rol baan doe meer".split()
)


@dataclass(frozen=True)
class Context:
    """What the conversation was about, kept in one slot."""

    vraag: str | None = None
    """The label of the last question that was answered or is waiting for a name."""
    functies: tuple[str, ...] = ()
    competenties: tuple[str, ...] = ()
    niveaus: tuple[str, ...] = ()
    schalen: tuple[str, ...] = ()
    onderwerp: str | None = None
    opties: tuple[str, ...] = ()
    """The questions behind the buttons that were last offered as a choice."""
    wacht: bool = False
    """The last question is still waiting for a name."""

    @classmethod
    def from_slot(cls, value: Any) -> Context:
        """Read the slot; anything odd in it counts as no context."""
        if not isinstance(value, dict):
            return cls()
        known: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in value.items() if k in cls.__dataclass_fields__
        }
        return cls(**known)

    def to_slot(self) -> dict[str, Any]:
        """The context as plain JSON data, empty parts left out."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(self).items() if v}


@dataclass
class Turn:
    """What one message asks, completed from the conversation."""

    text: str
    label: str
    """Intent, or full name of a retrieval intent; after completion from the context."""
    confidence: float
    ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    context: Context
    store: Store
    fragment: bool = False
    functies: list[Functie] = field(default_factory=list)
    """The functions that are named, or else carried over from the conversation."""
    named_functies: list[Functie] = field(default_factory=list)
    competenties: list[Competentie] = field(default_factory=list)
    named_competenties: list[Competentie] = field(default_factory=list)
    niveaus: list[str] = field(default_factory=list)
    schalen: list[str] = field(default_factory=list)
    _relative_words: set[str] = field(default_factory=set)
    """Words that named a function by its difference with another."""
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
            confidence=float(intent.get("confidence") or 0.0),
            ranking=list(ranking),
            entities=list(message.get("entities") or []),
            context=Context.from_slot(tracker.get_slot(CONTEXT_SLOT)),
            store=store,
        )
        turn.complete()
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

    # --- completing ------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Fill in from the conversation what the message leaves out."""
        self.named_functies = self._functies_in_text()
        self.named_competenties = [c for name in self.values("competentie") if (c := self.store.competentie(name))]
        self.niveaus = self.values("niveau")
        self.schalen = self.values("schaal")
        self._relatives()
        self.fragment = self._is_fragment()
        if self.fragment:
            self._take_over_question()
        else:
            self._reconsider()
        self.functies = list(self.named_functies)
        self.competenties = list(self.named_competenties)
        if not self.functies and self.label in NEEDS_FUNCTIE | {"vraag_verschil_functies"}:
            self.functies = [f for name in self.context.functies if (f := self.store.functie(name))]
        if not self.competenties and self.label in NEEDS_COMPETENTIE:
            self.competenties = [c for name in self.context.competenties if (c := self.store.competentie(name))]

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

    def _relatives(self) -> None:
        """Resolve a function that is named by its difference with another: "als ik senior word", "de gewone"."""
        family = self.store.varianten()
        said = {w.text for w in words(self.text)}
        named = {id_ for f in self.named_functies for id_ in [f.id]}
        base = self.named_functies or [f for name in self.context.functies if (f := self.store.functie(name))]
        extra: list[Functie] = []
        for f in base[:2]:
            for modifier, other in family.get(f.id, {}).items():
                # "strategische", "strategischer": the modifier with an ending.
                heard = any(w == modifier or (len(modifier) > 6 and w.startswith(modifier)) for w in said)
                loose = self._loose(modifier)
                functie = self.store.functie(other)
                if (heard and loose and functie and other not in named) or (
                    modifier == "" and functie and other not in named and said & {"gewone", "gewoon"}
                ):
                    extra.append(functie)
        if not extra:
            return
        modifiers = [m for f in base for m in family.get(f.id, {}) if m]
        self._relative_words = {w for w in said if any(w.startswith(m) for m in modifiers)} | {"gewone", "gewoon"}
        together = said & {
            "samen",
            "elkaar",
            "allebei",
            "beide",
            "twee",
            "verschil",
            "en",
            "dan",
            "tussen",
            "word",
            "naar",
        }
        if self.named_functies and (together or len(said) > 5):
            self.named_functies = [*self.named_functies, *extra]
        else:
            self.named_functies = extra

    def _loose(self, modifier: str) -> bool:
        """Whether the modifier stands outside every name that was found."""
        spans = [(e["start"], e["end"]) for e in self.entities if e["entity"] in ("functie", "normfunctie")]
        return any(
            w.text.startswith(modifier) and not any(start <= w.start < end for start, end in spans)
            for w in words(self.text)
        )

    def _reconsider(self) -> None:
        """Choose the likeliest reading that fits the names: a question about a level needs a competency, and so on."""
        if self.label in ("nlu_fallback", "vervolg", ""):
            return
        short = len(words(self.text)) <= 8
        best, best_worth = self.label, 0.0
        for reading in self.ranking:
            label = str(reading.get("full") or reading["name"])
            if label == "nlu_fallback":
                continue
            worth = float(reading["confidence"]) * self._fit(label, short)
            if worth > best_worth:
                best, best_worth = label, worth
        self.label = best

    def _fit(self, label: str, short: bool) -> float:
        """How well a reading fits the names in the message and the conversation (1: neutral)."""
        fit = 1.0
        has_functie, has_competentie = bool(self.named_functies), bool(self.named_competenties)
        low = self.text.lower()
        points_back = short and bool(_POINTS_BACK.search(low))
        points_at_functie = bool(_THIS_FUNCTION.search(low))
        if label in NEEDS_FUNCTIE:
            if not has_functie and label != "vraag_competentie_niveau":
                known = bool(self.context.functies) and short
                fit *= 1.5 if known or points_back or points_at_functie else 1.3 if self._describes_work() else 0.45
        elif label.startswith("onderwerp/") or label in _WITHOUT_FUNCTIE:
            if has_functie and not label.startswith("onderwerp/onderzoek"):
                fit *= 0.5
            elif points_at_functie and short:
                fit *= 0.05
            elif points_back:
                fit *= 0.3
        elif label == "buiten_bereik/onbekende_functie" and has_functie:
            fit *= 0.2
        elif label == "vraag_herkomst" and points_back:
            fit *= 0.5
        if label in NEEDS_COMPETENTIE and not has_competentie:
            fit *= (1.2 if short else 0.8) if self.context.competenties else 0.2
        if label in NEEDS_SCHAAL and not self.schalen:
            fit *= 0.4
        if label in ("vraag_competentie", "vraag_functies_bij_competentie") and has_functie and has_competentie:
            fit *= 0.7
        if label == "vraag_competenties" and not has_functie and has_competentie:
            fit *= 0.5
        return fit

    def _describes_work(self) -> bool:
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
            if near:
                self.label = f"onderwerp/{near[0]}"
                return
        has = {
            "functie": bool(self.named_functies),
            "competentie": bool(self.named_competenties),
            "niveau": bool(self.niveaus),
            "schaal": bool(self.schalen),
        }
        fits = {
            "functie": last in NEEDS_FUNCTIE,
            "competentie": last in NEEDS_COMPETENTIE,
            "niveau": last
            in ("vraag_gedrag", "vraag_competentie", "vraag_competentie_niveau", "vraag_verschil_niveaus"),
            "schaal": last in NEEDS_SCHAAL,
        }
        if any(has[kind] and fits[kind] for kind in has):
            self.label = last
            if last == "vraag_competentie" and has["niveau"]:
                self.label = "vraag_gedrag"
        elif has["competentie"] and has["functie"]:
            self.label = "vraag_competentie_niveau"
        elif has["competentie"] and last in NEEDS_FUNCTIE:
            self.label = "vraag_competentie"

    # --- what to remember ------------------------------------------------------------------------------------

    def next_context(self, wacht: bool = False, opties: Sequence[str] = ()) -> Context:
        """The context after this turn."""
        old = self.context
        return Context(
            vraag=self.label or old.vraag,
            functies=tuple(f.id for f in (self.named_functies or self.functies)) or old.functies,
            competenties=tuple(c.id for c in (self.named_competenties or self.competenties)) or old.competenties,
            niveaus=tuple(self.niveaus) or old.niveaus,
            schalen=tuple(self.schalen) or old.schalen,
            onderwerp=self.topic or (old.onderwerp if self.label.startswith("onderwerp") else None),
            opties=tuple(opties),
            wacht=wacht,
        )


_ORDINALS = {
    "eerste": 0,
    "1e": 0,
    "1": 0,
    "een": 0,
    "tweede": 1,
    "2e": 1,
    "2": 1,
    "twee": 1,
    "derde": 2,
    "3e": 2,
    "3": 2,
    "drie": 2,
}
_CHOICE = re.compile(
    r"^(?:ik bedoel |graag |doe maar |de |nummer |optie |nr )*(" + "|".join(_ORDINALS) + r")(?: graag| aub)?[.!]*$"
)


def chosen(text: str, options: Sequence[str]) -> str | None:
    """Which of the offered questions a short reply picks: "de tweede", "2"; None when it picks none."""
    match = _CHOICE.match(text.strip().lower())
    if not match:
        return None
    index = _ORDINALS[match.group(1)]
    return options[index] if index < len(options) else None
