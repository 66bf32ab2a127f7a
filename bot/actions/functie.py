"""Questions about functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.actions.base import AnswerAction, first, handles
from bot.actions.turn import Turn
from bot.answers import functies, gesprek, opleidingen, questions, vergelijken
from bot.answers.answer import Answer, Button
from bot.nlu.text import words
from knowledge import tasks
from knowledge.normal import words as words_of
from knowledge.store import Functie


class ActionFunctie(AnswerAction):
    """Answers questions about functions."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_functie"


def described(turn: Turn) -> list[Functie]:
    """Functions that the message describes without naming them, the best first; [] when it describes none."""
    ranked = tasks.functions_for(turn.store, tasks.without_question_words(turn.text), 3)
    return [r.functie for r in ranked]


def ask_functie(turn: Turn) -> Answer:
    """Ask which function is meant, with buttons that ask the same question about likely ones."""
    label = turn.label if turn.label in questions.OVER_FUNCTIE else "vraag_taken"
    modifiers = _modifiers(turn)
    said = {w.text for w in words(turn.text)}
    everyone = turn.store.functies()
    groups = set(turn.values("functiegroep"))
    spread = [f for f in everyone if f.norm.functiegroep in groups]
    spread = spread or [f for f in everyone if said & modifiers & set(words_of(f.naam))] or described(turn)
    spread = spread or everyone[:: max(1, len(everyone) // 5)][:5]
    options = [questions.about_functie(label, f.naam, f.naam) for f in spread]
    return gesprek.welke("functie", options, [functies.low(f.naam) for f in spread[:3]])


def _names_a_kind(turn: Turn) -> bool:
    """Whether the message says "de senior" while nobody knows of which function."""
    return bool({w.text for w in words(turn.text)} & _modifiers(turn))


def _modifiers(turn: Turn) -> set[str]:
    return {word for others in turn.store.varianten().values() for word in others if word}


def with_functie(answer: Callable[[Turn, list[Functie]], Answer]) -> Callable[[Turn], Answer]:
    """Give a handler the functions of the turn, or ask for one."""

    def handler(turn: Turn) -> Answer:
        found = first(turn.functies)
        if (
            not found
            and not _names_a_kind(turn)
            and (guess := described(turn))
            and tasks.is_clear(turn.store, turn.text)
        ):
            # The work is described so that only one function fits: say which one it was taken for.
            turn.functies = turn.named_functies = guess[:1]
            said = answer(turn, guess[:1])
            return said.with_text(f"Ik denk dat je **{functies.low(guess[0].naam)}** bedoelt.\n{said.text}")
        return answer(turn, found) if found else ask_functie(turn)

    return handler


_LOWEST = re.compile(r"\b(?:laagste?|lager|minste?)\b")


@handles("vraag_schaal")
def schaal(turn: Turn) -> Answer:
    """The scale of functions; without a function but with a scale: what is in that scale."""
    if not turn.named_functies and turn.schalen:
        return functies.functies_in_schaal(turn.store, turn.schalen)
    return with_functie(
        lambda t, found: functies.schaal(t.store, found, t.schalen, bool(_LOWEST.search(t.text.lower())))
    )(turn)


@handles("vraag_functies_in_schaal")
def in_schaal(turn: Turn) -> Answer:
    """Which functions are in a scale."""
    if turn.schalen:
        side = _SIDE.search(turn.text.lower())
        if side and len(turn.schalen) == 1:
            return functies.rond_schaal(turn.store, turn.schalen[0], boven=side.group(1) in ("boven", "hoger dan"))
        return functies.functies_in_schaal(turn.store, turn.schalen)
    if turn.named_functies:
        return functies.schaal(turn.store, turn.named_functies)
    scales = list(dict.fromkeys(f.schaal for f in turn.store.functies()))
    options = [Button(f"Schaal {s}", questions.SCHAAL.format(s)) for s in scales]
    return gesprek.welke("schaal", options[:6], scales[:3])


_SIDE = re.compile(r"\b(onder|beneden|lager dan|boven|hoger dan)\s+(?:de\s+)?(?:salaris)?schaal\b")


@handles("vraag_hoogste_schaal")
def hoogste(turn: Turn) -> Answer:
    """The highest scale."""
    return functies.uiterste_schaal(turn.store, hoogste=True)


@handles("vraag_laagste_schaal")
def laagste(turn: Turn) -> Answer:
    """The lowest scale."""
    return functies.uiterste_schaal(turn.store, hoogste=False)


@handles("vraag_functielijst")
def lijst(turn: Turn) -> Answer:
    """All functions."""
    return functies.functielijst(turn.store)


@handles("vraag_taken")
def taken(turn: Turn) -> Answer:
    """What someone in a function does; the coordination module has tasks too."""
    if turn.values("module") and not turn.named_functies:
        return functies.module(turn.store)
    if len(turn.named_functies) > 1:
        return vergelijken.vergelijk(turn.store, first(turn.named_functies))
    return with_functie(lambda t, found: functies.taken(t.store, found[0]))(turn)


handles("vraag_resultaatgebieden")(with_functie(lambda turn, found: functies.resultaatgebieden(turn.store, found[0])))
handles("vraag_kenmerken")(with_functie(lambda turn, found: functies.kenmerken(turn.store, found[0])))
handles("vraag_vakkennis")(with_functie(lambda turn, found: functies.vakkennis(turn.store, found)))
handles("vraag_vaardigheden")(with_functie(lambda turn, found: functies.vaardigheden(turn.store, found)))
handles("vraag_werksituaties")(with_functie(lambda turn, found: functies.werksituaties(turn.store, found)))
handles("vraag_functiereeks")(with_functie(lambda turn, found: functies.functiereeks(turn.store, found)))
handles("vraag_normfunctie")(with_functie(lambda turn, found: functies.normfunctie(turn.store, found, turn.by_norm)))


@handles("vraag_taak_bij_functie")
def taak_bij_functie(turn: Turn) -> Answer:
    """Whether a task belongs to a function."""
    if not turn.functies:
        return functie_bij_taak(turn)
    return functies.taak_bij_functie(turn.store, turn.functies, turn.text)


@handles("vraag_functie_bij_taak")
def functie_bij_taak(turn: Turn) -> Answer:
    """Which function does a described kind of work."""
    if len(turn.named_functies) == 1 and not tasks.content_words(turn.text):
        return functies.taken(turn.store, turn.named_functies[0])
    return functies.functie_bij_taak(turn.store, turn.text) or gesprek.weet_niet()


@handles("vraag_verschil_functies")
def verschil(turn: Turn) -> Answer:
    """Compare functions; with one named, the other comes from the conversation or from the same family."""
    found = list(turn.named_functies)
    found += [f for f in turn.talked_of if f not in found][: max(0, 2 - len(found))]
    if len(found) == 1:
        found += _family(turn, found[0])[:1]
    if len(found) < 2:
        return ask_functie(turn)
    return vergelijken.vergelijk(turn.store, first(found))


def _family(turn: Turn, functie: Functie) -> list[Functie]:
    """Other functions of the same functiegroep, the nearest scale first."""
    same = [
        f for f in turn.store.functies() if f.id != functie.id and f.norm.functiegroep == functie.norm.functiegroep
    ]  # fmt: skip
    return sorted(same, key=lambda f: abs(f.schaal_rang - functie.schaal_rang))


@handles("vraag_formatie")
def formatie(turn: Turn) -> Answer:
    """How many fte functions have."""
    asked = words(turn.text)
    if not turn.named_functies and any(w.text in ("geen", "zonder", "ontbreekt", "ontbreken", "missen") for w in asked):
        return functies.zonder_formatie(turn.store)
    return with_functie(lambda t, found: functies.formatie(t.store, found))(turn)


@handles("vraag_grootste_formatie")
def grootste_formatie(turn: Turn) -> Answer:
    """Which function has the most or fewest fte."""
    small = any(w.text in ("minste", "kleinste", "laagste", "weinig", "minst") for w in words(turn.text))
    return functies.grootste_formatie(turn.store, kleinste=small)


@handles("vraag_functies_in_reeks")
def in_reeks(turn: Turn) -> Answer:
    """What a functiereeks or functiegroep is and what falls under it."""
    parts = [("functiereeks", r) for r in turn.values("functiereeks")]
    groups = [("functiegroep", g) for g in turn.values("functiegroep")]
    if groups and ("groep" in turn.text.lower() or not parts):
        parts = groups
    said = {w.text for w in words(turn.text)}
    if len(parts) > 1 and not said & {"verschil", "tussen", "beide", "allebei", "onderscheid", "vergeleken", "scheelt"}:
        # Several are told about, one is asked: the last one.
        parts = parts[-1:]
    if not parts and turn.named_functies:
        return functies.functiereeks(turn.store, turn.named_functies)
    return functies.functies_in_reeks(turn.store, parts[:3]) if parts else functies.reeksen(turn.store)


# --- education -------------------------------------------------------------------------------------------------------

_DOUBT = frozenset("zonder ervaring ervaringsjaren werkervaring kan mag lukt zelfde gelijkwaardig vervangen".split())
_ENOUGH = frozenset("genoeg genog voldoende volstaat toereikend mag kan".split())
_HAS = frozenset("ik heb mijn m'n alleen maar genoeg voldoende toereikend diploma volstaat met gehaald haalde".split())


def diplomas(turn: Turn) -> list[str]:
    """The educations that are named in the message."""
    return turn.values("opleiding")


@handles("vraag_opleiding")
def opleiding(turn: Turn) -> Answer:
    """The education that functions ask; without a function but with a diploma: what that diploma is good for."""
    if not turn.named_functies and diplomas(turn) and not turn.context.wacht and not turn.context.functies:
        return functies_bij_opleiding(turn)
    said = {w.text for w in words(turn.text)}
    without = bool(said & {"zonder", "geen", "niet"})
    own = diplomas(turn) if said & _HAS and not without else []
    if not diplomas(turn) and turn.context.persoon.opleiding and said & _ENOUGH:
        own = [turn.context.persoon.opleiding]
    doubt = bool(said & {"zonder", "ervaring", "werkervaring", "ervaringsjaren"})
    fields = turn.values("richting")
    return with_functie(lambda t, found: opleidingen.eis(t.store, found, own, doubt, fields))(turn)


@handles("vraag_functies_bij_opleiding")
def functies_bij_opleiding(turn: Turn) -> Answer:
    """Which functions an education fits."""
    own = turn.context.persoon
    named = diplomas(turn) or ([own.opleiding] if own.opleiding and not turn.values("richting") else [])
    fields = turn.values("richting") or ([] if diplomas(turn) else list(own.richtingen))
    if not named and turn.named_functies:
        return opleidingen.eis(turn.store, first(turn.named_functies))
    if not named and fields:
        return opleidingen.functies_bij_richting(turn.store, fields)
    if not named:
        options = [Button(o, questions.BIJ_OPLEIDING.format(o)) for o in ("mbo niveau 2", "mbo niveau 4", "hbo", "wo")]
        return gesprek.welke("opleiding", options, ["mbo niveau 3", "hbo", "wo"])
    return opleidingen.functies_bij(turn.store, _highest(named), fields)


def _highest(named: Sequence[str]) -> str:
    from knowledge.education import RANKS

    return max(named, key=lambda name: RANKS.get(name, 0))
