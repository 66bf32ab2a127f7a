"""Find work by a description in everyday words: which task of a function, and which function, is meant."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from knowledge.normal import words
from knowledge.store import Functie, Store

_STOP = frozenset(
    "aan alle alleen als altijd ander andere bedoel ben bij daar dan dat deze die dingen dit doe doen doet door een eens "
    "eigenlijk enige erbij even gaan gaat geen gewone gewoon goed haar heb hebben heeft hem het hier hoe hoeveel hoort hun "
    "iemand iets ik ja jaar jij jou jullie kan keer klopt komt krijg kunnen kunt laat maar maken maakt meer mensen met mij "
    "mijn moet moeten mogen naar nemen niet nog nou nu ofzo ommen ook over precies regelen regelt snel soms staat straks "
    "taak taken tijd toch toe twee uit van veel voor vaak waar wanneer want wat weet wel welke werk werken wie wil worden "
    "wordt zeg zelf zich zijn zit zitten zoals zou zorgen zorgt functie functies baan hele dag bij jullie gemeente "
    "medewerker collega iemand senior heet degene moest mag hoef hoeft geef geeft geven gaf jaren maanden daarmee hiermee "
    "bestaat bestaan waarin waarbij gaten houden houd houdt lijkt lijken meest meeste verhaal boek functieboek bezig momenteel inmiddels verder".split()
)


@dataclass(frozen=True)
class Match:
    """A text of a function that fits a description; `score` counts the fitting words (longer words count more)."""

    text: str
    score: float


@dataclass(frozen=True)
class Ranked:
    """A function that fits a description, with the texts that fit."""

    functie: Functie
    score: float
    texts: list[str]


def content_words(text: str) -> list[str]:
    """The words of a question that can say something about work."""
    return [word for word in dict.fromkeys(words(text)) if len(word) > 3 and word not in _STOP]


def alike(first: str, second: str) -> bool:
    """Whether two words have the same stem, or one is a part of the other (managementrapportages, rapportages)."""
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) >= 6 and short in long:
        return True
    common = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        common += 1
    return common >= 5 and common >= 0.65 * len(short) and common >= 0.5 * len(long)


_ABBREVIATION = re.compile(r"\b[A-Z]{3}\b")


def matching(functie: Functie, description: str) -> list[Match]:
    """The function's tasks (and skills and characteristics) that fit, best first."""
    own = set(words(functie.naam)) | set(words(functie.norm.naam))
    asked = [word for word in content_words(description) if word not in own]
    texts = [f"{gebied.naam}: {taak}" for gebied in functie.norm.resultaatgebieden for taak in gebied.taken]
    texts += functie.kenmerken
    # An abbreviation that a text spells in capitals (WOR) says more than its length.
    short = {word.lower() for text in texts for word in _ABBREVIATION.findall(text)}
    asked += [word for word in words(description) if word in short and word not in asked]
    found = []
    for text in texts:
        there = words(text)
        score = sum(len(word) / 8 for word in asked if any(alike(word, other) for other in there))
        if score:
            found.append(Match(text.split(": ", 1)[-1], score))
    return sorted(found, key=lambda match: -match.score)


_TENSION = (
    "boos",
    "boze",
    "agressie",
    "agressief",
    "conflict",
    "ruzie",
    "gedoe",
    "klacht",
    "kwaad",
    "spanning",
    "druk",
    "stress",
)
"""Everyday words for what the book calls critical situations."""


def tensions(functie: Functie, description: str) -> list[str]:
    """The critical work situations of a function that a description touches, in everyday words too; best first."""
    asked = content_words(description) + [w for w in words(description) if w.startswith(_TENSION)]
    tense = any(word.startswith(_TENSION) for word in asked)
    found = []
    for item in functie.norm.kritische_werksituaties:
        there = words(f"{item.naam} {item.uitleg}")
        score = sum(any(alike(word, other) for other in there) for word in asked)
        score += tense and any(
            other.startswith(("agress", "conflict", "kritiek", "druk", "tegengesteld")) for other in there
        )
        if score:
            found.append((score, f"{item.naam}: {item.uitleg}"))
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def functions_for(store: Store, description: str, limit: int = 3) -> list[Ranked]:
    """The functions whose work fits a description best; [] when no word fits anything.

    A word counts the more, the fewer norm functions it occurs with.
    """
    best = sorted(_scores(store, description), key=lambda pair: (-pair[1], pair[0].schaal_rang))[: 2 * limit]
    ranked = [Ranked(f, score, [match.text for match in matching(f, description)]) for f, score in best]
    ranked.sort(key=lambda r: (-r.score, -sum(len(t) > 0 for t in r.texts), r.functie.schaal_rang))
    return ranked[:limit]


def _scores(store: Store, description: str) -> list[tuple[Functie, float]]:
    """The functions that any word of a description fits, and how well it does."""
    found: dict[str, float] = {}
    known = _vocabulary(store)
    for word in content_words(description):
        having = _having(store, word)
        for functie_id in having:
            found[functie_id] = found.get(functie_id, 0.0) + math.log((len(known) + 1) / len(having))
    return [(f, found[f.id]) for f in store.functies() if f.id in found]


def _vocabulary(store: Store) -> dict[str, frozenset[str]]:
    """The words that describe each function of the store: names, tasks, characteristics, keywords."""
    found = _VOCABULARIES.get(store)
    if found is None:
        names: dict[tuple[str, str], list[str]] = {}
        for name in store.namen():
            names.setdefault((name.soort, name.doel), []).append(name.naam)
        found = {}
        for f in store.functies():
            texts = [t for gebied in f.norm.resultaatgebieden for t in (gebied.naam, *gebied.taken)]
            texts += [*f.kenmerken, *f.norm.trefwoorden, *names.get(("functie", f.id), [])]
            found[f.id] = frozenset(w for w in words(" ".join(texts)) if len(w) > 3 and w not in _STOP)
        _VOCABULARIES[store] = found
    return found


_VOCABULARIES: WeakKeyDictionary[Store, dict[str, frozenset[str]]] = WeakKeyDictionary()


_HAVING: WeakKeyDictionary[Store, dict[str, frozenset[str]]] = WeakKeyDictionary()
_KEPT = 20_000


def _having(store: Store, word: str) -> frozenset[str]:
    """Ids of the functions that have a word like this one; remembered, as people use the same words."""
    seen = _HAVING.setdefault(store, {})
    if word not in seen:
        if len(seen) > _KEPT:
            seen.clear()
        start = word[:5]
        seen[word] = frozenset(
            functie_id
            for functie_id, vocabulary in _vocabulary(store).items()
            # Words that are alike begin alike, or one is a part of the other.
            if any((v[:5] == start or v in word or word in v) and alike(word, v) for v in vocabulary)
        )
    return seen[word]


_QUESTION_WORDS = frozenset(
    "schaal schalen inschaling ingeschaald salaris loon verdien verdient verdienen betaalt opleiding opleidingseis diploma "
    "papiertje papier studie studeren gestudeerd school cursus minimaal minimum minst competentie competenties niveau niveaus "
    "vaardigheden vakkennis kennis formatie normfunctie functiereeks functiegroep resultaatgebieden kenmerken situaties "
    "moeilijk lastig pittig terecht komen kom zoek zoeken nodig hebben gehad afmaken zoon dochter vrouw vriend vriendin".split()
)


def without_question_words(description: str) -> str:
    """A description without the words that only say what is asked (scale, education, ...)."""
    return " ".join(word for word in content_words(description) if word not in _QUESTION_WORDS)


def is_clear(store: Store, description: str) -> bool:
    """Whether a description fits one function clearly better than all others."""
    scores = sorted((score for _, score in _scores(store, without_question_words(description))), reverse=True)
    if not scores or scores[0] < 1.0:
        return False
    return len(scores) == 1 or scores[0] > 1.4 * scores[1]
