"""Find the names of the knowledge base in what people type, also misspelled, split, joined or in the plural.

The matcher knows nothing of Rasa. It is built from the store's names; building is cheap, matching takes well under a
millisecond for a question of one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.text import Word, sound, words
from knowledge.store import Naam

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_NUMBER_WORDS = {
    "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
    "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17,
    "achttien": 18,
}  # fmt: skip
_SMALL = frozenset(
    "de het een en of van in op is als die dat dan met voor bij je ik te er wat om aan nu nou zo ook nog maar wel niet "
    "t n m e ze hij zij we wij u ge the a to for and or naar tot uit hoe wie".split()
)
_NOT = frozenset({"niet", "geen"})
"""Words that no name goes on behind: "beheerder, niet van gebouwen"."""
_MAX_WORDS = 7
_EXACT_KINDS = frozenset({"functiereeks", "functiegroep", "cluster", "richting", "onderwerp", "opleiding", "module"})


@dataclass(frozen=True)
class Found:
    """A name found in a text.

    `targets` are (soort, doel) pairs: more than one kind may bear the same name, and a name may be ambiguous.
    `certainty` is 1.0 for the name itself and lower for a misspelling (0-1).
    """

    start: int
    end: int
    text: str
    targets: tuple[tuple[str, str], ...]
    certainty: float


@dataclass
class NameMatcher:
    """Finds names. `known_word` says whether a word is ordinary Dutch, so that it's not taken for a misspelling.

    strict: for many names that resemble each other and ordinary words; only slight misspellings are then forgiven.
    """

    names: list[Naam]
    known_word: Callable[[str], bool] = field(default=lambda word: False)
    strict: bool = False

    def __post_init__(self) -> None:
        self._targets: dict[str, dict[tuple[str, str], None]] = {}
        self._exact: set[str] = set()
        alias_words: set[str] = set()
        edges: set[str] = set()
        for name in self.names:
            for variant in variants(name.sleutel, name.soort):
                parts = variant.split()
                joined = _join(parts)
                self._exact.add(joined)
                key = sound(joined)
                self._targets.setdefault(key, {})[(name.soort, name.doel)] = None
                alias_words.update(parts)
                edges.update((parts[0], parts[-1]))
        self._edges = frozenset(edges)
        self._alias_words = frozenset(alias_words)
        self._alias_sounds = frozenset(sound(word) for word in alias_words)
        self._keys = sorted(self._targets)
        self._by_length: dict[int, list[str]] = {}
        for key in self._keys:
            self._by_length.setdefault(len(key), []).append(key)
        self._haystack = " ".join(self._keys)

    def find(self, text: str) -> list[Found]:
        """All names in `text`, from left to right, without overlap: the longest and surest reading of each place."""
        tokens = words(text)
        candidates: list[tuple[float, int, int, tuple[tuple[str, str], ...], float]] = []
        interesting = [self._is_interesting(token.text) for token in tokens]
        for first in range(len(tokens)):
            if not interesting[first]:
                continue
            for last in range(first, min(first + _MAX_WORDS, len(tokens))):
                if (last > first and tokens[last].text in _NOT) or (
                    not interesting[last] and tokens[last].text not in _SMALL
                ):
                    break
                if not interesting[last]:
                    continue
                joined = _join([token.text for token in tokens[first : last + 1]])
                hit = self._look_up(joined, tokens[first : last + 1])
                if hit:
                    targets, certainty = hit
                    # Longer names are more precise; a sure short one beats an unsure one that is hardly longer.
                    worth = len(joined) * (certainty if certainty == 1.0 else certainty**3)
                    candidates.append((worth, first, last, targets, certainty))
        candidates.sort(key=lambda c: (-c[0], c[1], c[2]))
        taken: set[int] = set()
        found = []
        for _, first, last, targets, certainty in candidates:
            span = range(first, last + 1)
            if taken.isdisjoint(span):
                taken.update(span)
                start, end = tokens[first].start, tokens[last].end
                found.append(Found(start, end, text[start:end], targets, certainty))
        return sorted(found, key=lambda f: f.start)

    def _is_interesting(self, word: str) -> bool:
        """Whether a word can be (part of) a name: it is one, a piece of one, or no ordinary word at all."""
        if word in _SMALL:
            return word in self._edges
        if word in _ROMAN or word.isdigit():
            return word in self._alias_words or _ROMAN.get(word) in self._alias_words
        key = sound(word)
        if key in self._alias_sounds:
            return True
        if len(key) >= 4 and key in self._haystack:
            return True
        return len(key) >= 4 and not word.isdigit() and not self.known_word(word)

    def _look_up(self, joined: str, tokens: list[Word]) -> tuple[tuple[tuple[str, str], ...], float] | None:
        key = sound(joined)
        if key in self._targets and (joined in self._exact or len(key) > (6 if self.strict else 3)):
            return tuple(self._targets[key]), 1.0 if joined in self._exact else 0.97
        allowed = _allowed_errors(len(key))
        if self.strict:
            allowed = 0 if len(key) < 7 else 1 if len(key) < 16 else 2
        if not allowed:
            return None
        # An ordinary word is not a misspelling of a name that resembles it ("missie" is not "visie").
        if (len(tokens) > 1 or len(key) < 14) and all(self.known_word(t.text) or t.text in _SMALL for t in tokens):
            return None
        if tokens[0].text in _SMALL or tokens[-1].text in _SMALL:
            return None
        near = [
            k for length in range(len(key) - allowed, len(key) + allowed + 1) for k in self._by_length.get(length, ())
        ]
        # A number in a name is never a misspelling of another number.
        digits = _digits(key)
        near = [k for k in near if _digits(k) == digits]
        best = process.extract(key, near, scorer=OSA.distance, score_cutoff=allowed, limit=4)
        if not best:
            return None
        if self.strict:
            # What differs in its beginning or end is another word ("psychologie" is no "psychologe").
            best = [hit for hit in best if hit[0][0] == key[0] and hit[0][-2:] == key[-2:]]
            if not best:
                return None
        distance = min(score for _, score, _ in best)
        targets: dict[tuple[str, str], None] = {}
        for name, score, _ in best:
            if score == distance:
                targets.update(self._targets[name])
        # The first letter of a word is seldom wrong; when it is, the rest must be right.
        if all(name[0] != key[0] for name, score, _ in best if score == distance) and distance > 1:
            return None
        if len(key) < 12:
            # Short names of these kinds are everyday words ("beheer", "rechten"): they count when spelled right only.
            targets = {target: None for target in targets if target[0] not in _EXACT_KINDS}
        return (tuple(targets), 1.0 - distance / len(key)) if targets else None


def _join(parts: list[str]) -> str:
    """Words as one, with Roman numerals as digits ("adviseur iii" -> "adviseur3"), since sound() folds double letters."""
    last = (
        _ROMAN_END.sub(lambda m: _ROMAN[m.group()], parts[-1]) if len(parts) == 1 else _ROMAN.get(parts[-1], parts[-1])
    )
    return "".join([*(_ROMAN.get(part, part) if len(part) > 1 else part for part in parts[:-1]), last])


_ROMAN_END = re.compile(r"(?<=[a-z]{3})(?:iii|ii|iv)$")


@lru_cache(maxsize=50_000)
def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _allowed_errors(length: int) -> int:
    if length < 5:
        return 0
    return 1 if length < 9 else 2 if length < 15 else 3


def variants(key: str, soort: str) -> Iterable[str]:
    """The ways in which a name is written: numerals, plural, and without an obvious first word."""
    forms = [key]
    parts = key.split()
    if soort == "normfunctie" and parts[-1] in _ROMAN:
        number = _ROMAN[parts[-1]]
        word = next(w for w, n in _NUMBER_WORDS.items() if str(n) == number)
        stems = [parts[:-1]]
        if parts[0] == "medewerker":
            stems.append(parts[1:-1])
        if "en" in parts:
            stems += [[p for p in stem if p != "en"] for stem in list(stems)]
        # "Ontwikkeling een" sounds like "ontwikkelingen".
        ends = (parts[-1], number) if number == "1" else (parts[-1], number, word)
        forms = [" ".join([*stem, end]) for stem in stems for end in ends]
    elif soort == "functie":
        last = parts[-1]
        if re.search(r"(er|eur|aar|or|ent|ris)$", last):
            forms += [" ".join([*parts[:-1], last + end]) for end in ("s", "en")]
        if last.endswith("aris"):
            forms.append(" ".join([*parts[:-1], last + "sen"]))
        if parts[0].endswith("er") and len(parts) > 1:
            forms.append(" ".join([parts[0] + "s", *parts[1:]]))
    elif soort == "buiten_boek":
        forms += [" ".join([*parts[:-1], form]) for form in _plurals(parts[-1])]
        if len(parts) > 1:
            forms += [" ".join([form, *parts[1:]]) for form in _plurals(parts[0])]
    elif soort == "competentie":
        forms += [key + "s"] if len(key) > 9 and not key.endswith("en") else []
        if key.endswith("heid"):
            forms.append(key[:-4])
    return dict.fromkeys(forms)


def _plurals(word: str) -> list[str]:
    """How the name of a job may end when there are several; double letters need no care, since sound() folds them."""
    if len(word) < 4:
        return [word + "s"] if word.endswith("a") else []
    if re.search(r"(?:er|eur|or|ier|[aiou]|ie)$", word):
        return [word + "s"]
    if word.endswith("e"):
        return [word + "s", word + "n"] if re.search(r"(?:ige|gene|ende|ste)$", word) else [word + "s"]
    if word.endswith(("ch", "aar")):
        return [word + "es", word + "s", word + "en"]
    return [word + "en"] if re.search(r"(?:man|ist|ent|oog|aris|air|arts|ant|jurist|meester|kracht|ect)$", word) else []


# --- what is no name but is as exact: scales, levels, education ------------------------------------------------------

_SCALE_WORD = r"(?:salaris|loon|functie)?\s?(?:schaal|schalen|sgaal|schal|schael|schaa|trap|trede)"
_NUMBER = r"(?:1[0-8]|[1-9])(?:\s?a\b)?|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_SCALE = re.compile(
    rf"\b{_SCALE_WORD}(?:nummer)?\s*(?:nr\.?|van|is|=|:|in|een)?\s*({_NUMBER})\b((?:\s*(?:,|/|en|of|t/m|tot|naar|tm|-)\s*(?:schaal\s*)?(?:{_NUMBER})\b)*)"
)
_LOOSE_SCALE = re.compile(
    rf"\b(?:in|naar|van|of|tussen|op|voor|een|is|nou|en|dus|echt|'?n)\s+(?:de\s+|een\s+|nou\s+)?({_NUMBER})\b(?!\s*(?:jaar|jaren|uur|uren|fte|keer|maand|maanden|weken|procent|%|euro|mensen|personen|kinderen|functies|competenties|clusters|niveau|dagen|plekken))"
)
_LEVEL = re.compile(
    r"\b(?:niveau|nivo|nivea|niveaus|nivos|level|levels|niv)\s*[:\-'\"(]*\s*([a-d])\b((?:\s*(?:,|/|en|of|naar|tot|vs|versus|and|or|dan)\s*(?:(?:niveau|nivo|level|van|op)\s*)*[a-d]\b)*)"
)
_LEVEL_BEFORE = re.compile(r"\b([a-d])[ -]?(?:niveau|nivo|level)\b")
_LEVEL_PAIR = re.compile(r"\b([a-d])\s*(?:of|en|naar|vs\.?|versus|tot|/|->|or|and|,)\s*(?:op |van |niveau )*([a-d])\b")
_LEVEL_LOOSE = re.compile(r"\b(?:op|naar|van|een|'n|n|letter|met|is)\s+(?:een |de |'n )?([b-d])\b(?!\s?['&.]\w)")
_LEVEL_ALONE = re.compile(r"(?<![\w'’&.])([A-D])(?![\w'’&])(?!\.\w)")
_HIGHEST = re.compile(r"\b(?:aller)?(?:hoogste\s?(?:niveau|nivo|level)?|top\s?(?:niveau|nivo|level))\b")
_LOWEST = re.compile(r"\b(?:aller)?(?:laagste|minste)\s?(?:niveau|nivo|level)?\b")
_MBO = re.compile(
    r"\bmbo\b[\s\-]*(?:opleiding |diploma )?(?:op )?(?:niveau|nivo|niv|level)?[\s\-.]*([1-4]|een|twee|drie|vier)?\b"
)
_MBO_LEVEL = re.compile(r"\b(?:niveau|nivo|niv)[\s\-]*([1-4])\b")
_OTHER_LEVELS = re.compile(r"\b(?:nlqf|eqf|taal\w*|nt2|eng\w*|functieniveau|speciali\w*)\b")
"""What a level with a number may be of, other than mbo; competencies have letters."""
_FTE_NUMBER = re.compile(rf"\b({_NUMBER})\b")


@dataclass(frozen=True)
class Exact:
    """A scale, level or education found in a text: `soort` is schaal, niveau or opleiding."""

    soort: str
    waarde: str
    start: int
    end: int


def find_scales(text: str, loose: bool = False) -> list[Exact]:
    """Scales that are named ("schaal 6", "schaal 8 en 9"); with `loose` also bare numbers ("zit die in 13?")."""
    low = text.lower()
    found: dict[str, Exact] = {}

    def add(value: str, start: int, end: int) -> None:
        # "De schaal van een adviseur" names no scale.
        name = None if value == "een" else _number(value)
        if name:
            found.setdefault(name, Exact("schaal", name, start, end))

    for match in _SCALE.finditer(low):
        add(match.group(1), match.start(), match.end())
        for more in re.finditer(rf"({_NUMBER})\b", match.group(2) or ""):
            add(more.group(1), match.start(), match.end())
    if loose:
        for match in _LOOSE_SCALE.finditer(low):
            if int(re.sub(r"\D", "", _number(match.group(1)) or "0") or 0) > 3:
                add(match.group(1), match.start(1), match.end(1))
    return list(found.values())


def find_levels(text: str, loose: bool = False) -> list[Exact]:
    """Competency levels ("niveau B", "B of C"); with `loose` also bare letters; highest/lowest become "hoogste"/"laagste"."""
    low = text.lower()
    found: dict[str, Exact] = {}

    def add(value: str, match: re.Match[str]) -> None:
        found.setdefault(value, Exact("niveau", value, match.start(), match.end()))

    for match in _LEVEL.finditer(low):
        add(match.group(1).upper(), match)
        for more in re.finditer(r"\b([a-d])\b", match.group(2) or ""):
            add(more.group(1).upper(), match)
    for match in _LEVEL_BEFORE.finditer(low):
        add(match.group(1).upper(), match)
    if loose:
        for match in _LEVEL_PAIR.finditer(low):
            add(match.group(1).upper(), match)
            add(match.group(2).upper(), match)
        for match in _LEVEL_LOOSE.finditer(low):
            add(match.group(1).upper(), match)
        for match in _LEVEL_ALONE.finditer(text):
            if not text.isupper():
                add(match.group(1), match)
    if not found:
        for pattern, value in ((_HIGHEST, "hoogste"), (_LOWEST, "laagste")):
            if hit := pattern.search(low):
                add(value, hit)
    return sorted(found.values(), key=lambda e: e.start)


def find_mbo(text: str) -> list[Exact]:
    """Mbo with its level when that is named: `mbo`, `mbo-2`; a level with a number ("niveau 2") is one of mbo too."""
    found, low = [], text.lower()
    for match in _MBO.finditer(low):
        number = _number(match.group(1)) if match.group(1) else None
        found.append(Exact("opleiding", f"mbo-{number}" if number else "mbo", match.start(), match.end()))
    if not found and not _OTHER_LEVELS.search(low):
        found = [Exact("opleiding", f"mbo-{m.group(1)}", m.start(), m.end()) for m in _MBO_LEVEL.finditer(low)]
    return found


def _number(value: str) -> str | None:
    value = value.strip().upper().replace(" ", "")
    if value.lower() in _NUMBER_WORDS:
        return str(_NUMBER_WORDS[value.lower()])
    return value if re.fullmatch(r"\d+A?", value) else None
