"""Does a reply say a number or a name that the knowledge base doesn't hold? A mechanical check, without a model.

A sentence that literally stands in the content is right by definition. In all other sentences:

- a scale must exist, and be the scale of the function that it is said of;
- an amount in euros must be the first or last step of a scale, and of the scale that the line names;
- a percentage or a length of time must stand in the content with the same words around it;
- other numbers must stand in the content, or be small enough for a count;
- a name (capitals inside a sentence, a bold text, a word with a Roman numeral) must stand in the content, or be one of
  the bot's own.

What it can't see: a wrong name in small letters that isn't bold, a wrong count up to 30, a true fact told of the wrong
competency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.answers import gesprek
from bot.settings import Settings, retention_days
from knowledge.schema import NIVEAUS, SCHALEN
from knowledge.store import Store
from tests.quality.replies import dutch, plain

HIGHEST_COUNT = 30
"""Whole numbers up to here may be counts that the code makes."""

OWN = (
    "Loopbaanbot", "Let", "HR", "HR21", "HR21-normfunctie", "HR-adviseur", "Cao Gemeenten", "Rijk", "Nederlands", "Ik",
    "113", "112", "0800-0113", "113.nl",
)  # fmt: skip
"""Names and numbers of the bot itself; those of `gesprek._ELSEWHERE` and the contact are added."""

OWN_BOLD = frozenset({"geen formatie", "stop"})

_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
        "achttien negentien twintig".split()
    )
    if word != "een"
} | {"één": 1, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80, "negentig": 90,
     "honderd": 100, "duizend": 1000}  # fmt: skip
_UNITS = (
    r"procent|%|jaar|jaren|maand|maanden|week|weken|dag|dagen|uur|respondenten|ambtenaren|deelnemers|werkzame|gemeenten"
)

_ENTIRE = r"\d{1,3}(?:\.\d{3})+|\d+"
_NUMBER = re.compile(rf"(?<![\w.,/-])(?:{_ENTIRE})(?:,\d+)?(?![\w-])")
_EURO = re.compile(rf"(?:€\s*({_ENTIRE})|({_ENTIRE})\s+euro)")
_SCALES = re.compile(r"\bscha(?:al|len)\s+((?:\d+A?|[a-zé]+)(?:(?:,| en| of| tot| en met| tot en met) \d+A?)*)", re.I)
_ROMAN = re.compile(r"((?:[^\W\d_]+[ /]){1,3})([IVX]+)(?![\w-])")
_CODE = re.compile(r"(?<![\w-])(?=\w*\d)(?=\w*[^\W\d])\w+")
_WORD = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*")
_LEVEL = re.compile(r"\bniveau ([A-Z])\b")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BEFORE_NAME = frozenset(
    "en of na dan is bij van de een het in voor onder nu tussen zijn naar worden bedoelt dus zit wordt boven functie boek "
    "komt komen".split()
)
"""Words that may stand before a function's name; another one would make another function of it."""


def inventions(reply_text: str, store: Store) -> list[str]:
    """What a reply says that the knowledge base doesn't: a line in words for each, empty when there is nothing."""
    known = knowledge_of(store)
    found: list[str] = []
    text = dutch(reply_text)
    for match in _BOLD.finditer(text):
        found += known.check_bold(match.group(1), heading=f"\n{match.group()}\n" in f"\n{text}\n")
    lead_scale: str | None = None
    for line in text.splitlines():
        bullet = bool(re.match(r"\s*[-*] ", line))
        line = plain(line)
        for sentence in _sentences(line):
            found += known.faults(sentence)
        # "In schaal 8 zitten twee functies:" holds for the bullets below it.
        if not bullet:
            lead = re.fullmatch(r"In schaal (\w+) zitten .*:", line)
            lead_scale = lead.group(1) if lead else None
        elif lead_scale:
            found += known.check_pairs(f"{re.sub(r' [(].*', '', line)}: schaal {lead_scale}")
    return list(dict.fromkeys(found))


def _sentences(line: str) -> list[str]:
    """The sentences of a line; a label with a colon in front is a part of its own ("Advies: Je geeft advies.")."""
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+", line):
        label, colon, rest = sentence.partition(": ")
        found += [label, rest] if colon and rest[:1].isupper() and len(label.split()) <= 8 else [sentence]
    return [sentence for sentence in found if sentence.strip()]


@lru_cache(maxsize=4)
def knowledge_of(store: Store) -> Known:
    """What a store holds, read once."""
    return Known(store)


class Known:
    """The numbers and names of one knowledge base."""

    def __init__(self, store: Store) -> None:
        self._read: dict[str, list[str]] = {}
        parts = _parts(store)
        self.texts = list(dict.fromkeys(text for part in parts for text in _strings(part)))
        # What the privacy text says of this installation.
        self.texts.append(f"Na {retention_days()} dagen is het weg.")
        self.corpus = " | ".join(_flat(text) for text in self.texts)
        self.lower = self.corpus.lower()
        self.own = {*OWN, *_capitals(" ".join([*gesprek._ELSEWHERE.values(), *_contact()]))}
        self.vocabulary = {word.lower() for word in _WORD.findall(self.corpus)} | _own_wording()
        outside = " ".join(name for part in store.buiten_het_boek() for name in part.namen)
        self.vocabulary |= {word.lower() for word in _WORD.findall(outside)}
        self.numbers = {value for text in self.texts for value in _numbers(text)}
        self.numbers |= {float(value) for part in parts for value in _figures(part)}
        self.functions = store.functies()
        self.competencies = len(store.competenties())
        salaries = {schaal: found for schaal in SCHALEN if (found := store.salaris(schaal))}
        self.pay = {schaal: {found.laagste, found.hoogste} for schaal, found in salaries.items()}
        self.numbers |= {found.tabel.uren_per_week for found in salaries.values()}
        self.hours = {found.tabel.uren_per_week for found in salaries.values()}
        self.dates = {date for bron in store.bronnen() if (date := bron.datum)}
        self.dates |= {found.tabel.geldig_vanaf for found in salaries.values()}
        self.numbers |= {float(part) for date in self.dates for part in date.split("-")}
        self.scales = {f.schaal for f in self.functions} | set(self.pay)
        self.fte = {f.formatie for f in self.functions if f.formatie} | {
            float(value.replace(",", ".")) for value in re.findall(r"(\d+(?:,\d+)?)(?= fte)", self.corpus)
        }
        single = [f.formatie for f in self.functions if f.formatie]
        two = {a + b for a in single for b in single}
        self.sums = two | {a + b for a in two for b in single}
        """What two or three functions have together."""
        self.scales_of: dict[str, set[str]] = {}
        for f in self.functions:
            self.scales_of.setdefault(f.norm.naam.lower(), set()).add(f.schaal)
        for f in self.functions:
            # A local name that is also the name of a norm function means the local one.
            self.scales_of[f.naam.lower()] = {f.schaal}
        longest = sorted(self.scales_of, key=len, reverse=True)
        self.name = re.compile(r"(?<![\w/-])(" + "|".join(map(re.escape, longest)) + r")(?![\w/-])(?! [IVX]+\b)", re.I)

    # --- what stands in the content --------------------------------------------------------------------------

    def stands(self, sentence: str) -> bool:
        """Whether a sentence of some length literally stands in the content."""
        flat = _flat(sentence)
        return len(flat.split()) > 3 and _occurs(flat, self.corpus)

    def phrase(self, words: str) -> bool:
        """Whether words stand next to each other in the content, in small or capital letters."""
        return _occurs(_flat(words).lower(), self.lower)

    def named(self, words: str) -> bool:
        """Whether words stand in the content with these capitals, or are the bot's own."""
        flat = _flat(words)
        return flat in self.own or _occurs(flat, self.corpus)

    # --- checks ----------------------------------------------------------------------------------------------

    def faults(self, sentence: str) -> list[str]:
        """What is wrong with a sentence; the same sentence is read once."""
        if sentence not in self._read:
            self._read[sentence] = [] if self.stands(sentence) else list(self.check(sentence))
        return self._read[sentence]

    def check(self, sentence: str) -> Iterator[str]:
        """Everything about one sentence."""
        yield from self.check_scales(sentence)
        yield from self.check_pairs(sentence)
        yield from self.check_pay(sentence)
        yield from self.check_units(sentence)
        yield from self.check_numbers(sentence)
        yield from self.check_levels(sentence)
        yield from self.check_names(sentence)

    def check_scales(self, sentence: str) -> Iterator[str]:
        """Scales that neither the book nor the salary table has."""
        for match in _SCALES.finditer(sentence):
            for word in re.findall(r"\d+A?|[a-zé]+", match.group(1)):
                scale = str(_NUMBER_WORDS.get(word, word))
                if scale[0].isdigit() and scale not in self.scales:
                    yield f"unknown scale: {match.group()}"

    def check_pairs(self, sentence: str) -> Iterator[str]:
        """Functions with the scale of another one, and scales in brackets behind something that is no function."""
        names = [(m.start(), m.end(), m.group(1)) for m in self.name.finditer(sentence)]
        for match in re.finditer(r"\(schaal (\w+)", sentence):
            before = [name for name in names if name[1] == match.start() - 1]
            if not before:
                yield f"scale of something that is no function: {sentence[max(0, match.start() - 40) : match.end()]})"
                continue
            start, _, name = before[0]
            word = re.search(r"([^\W\d_]+) $", sentence[:start])
            if word and word.group(1).lower() not in _BEFORE_NAME:
                yield f"unknown function: {word.group(1)} {name}"
            yield from self._pair(name, match.group(1))
        for match in re.finditer(r": schaal (\d+A?)", sentence):
            if before := [name for name in names if name[1] == match.start()]:
                yield from self._pair(before[-1][2], match.group(1))
            elif match.start():
                yield f"scale of something that is no function: {sentence[: match.end()]}"
        said = {m.group(1) for m in re.finditer(r"\bschaal (\d+A?)\b", sentence)}
        if len(said) == 1 and not re.search(r"[(:] ?schaal|\b(?:hoger|lager|onder|boven|beneden)\b", sentence, re.I):
            for _, _, name in names:
                yield from self._pair(name, *said)

    def _pair(self, name: str, scale: str) -> Iterator[str]:
        if scale not in self.scales_of[name.lower()]:
            yield f"wrong scale: {name} in schaal {scale}"

    def check_pay(self, sentence: str) -> Iterator[str]:
        """Amounts in euros that no scale has, or not the scale that is named."""
        scales = re.findall(r"\bschaal (\d+A?)\b", sentence, re.I)
        for match in _EURO.finditer(sentence):
            amount = int((match.group(1) or match.group(2)).replace(".", ""))
            pay = (
                self.pay.get(scales[0], set()) if len(scales) == 1 else {a for both in self.pay.values() for a in both}
            )
            if amount not in pay:
                yield f"unknown amount: {match.group()} ({sentence[:60]})"

    def check_units(self, sentence: str) -> Iterator[str]:
        """Percentages, lengths of time and numbers of people that the content doesn't have in these words; fte."""
        words = _flat(sentence)
        spelled = "|".join(_NUMBER_WORDS)
        for match in re.finditer(rf"(?<![\w,])((?:\d[\d.,]*\d|\d|{spelled}))(?: (?:{_UNITS})\b|%)", words, re.I):
            if match.group().endswith(" uur") and _value(match.group(1)) in self.hours:
                continue
            # Three words on either side, also without what lies behind a colon: what it is a figure of.
            before, after = words[: match.start()], words[match.end() :]
            near = re.split("[:;]", before)[-1], re.split("[:;]", after)[0]
            around = [_window(before, match.group(), after), _window(near[0], match.group(), near[1])]
            if not any(part != match.group() and self.phrase(part) for part in around):
                yield f"figure that is not in the content: {match.group()} ({sentence[:70]})"
        found = [float(value.replace(",", ".")) for value in re.findall(r"(\d+(?:,\d+)?) fte", sentence)]
        for value in found:
            if value not in self.fte | self.sums:
                yield f"unknown formation: {value:g} fte"

    def check_numbers(self, sentence: str) -> Iterator[str]:
        """Other numbers, in digits and in letters."""
        for own in ("0800-0113", "113.nl", "113", "112"):
            sentence = sentence.replace(own, "")
        sentence = re.sub(r"\d+ tekens", "tekens", sentence)
        for match in _NUMBER.finditer(_EURO.sub("", sentence)):
            value = _value(match.group())
            if value not in self.numbers and not (value == int(value) and value <= HIGHEST_COUNT):
                yield f"unknown number: {match.group()} ({sentence[:60]})"
        for digits in re.findall(r"\d+-[\d-]+", sentence):
            if not self.phrase(digits):
                yield f"unknown number: {digits}"
        for code in _CODE.findall(sentence):
            if not self.named(code) and code not in SCHALEN:
                yield f"unknown code: {code}"
        for word in re.findall(r"[a-zéë]+", sentence.lower()):
            value = _NUMBER_WORDS.get(word, 0)
            if value > len(self.functions) and value not in self.numbers:
                yield f"unknown number: {word}"
        for number, what in re.findall(r"(?<![\w.,])(\d+|[a-zé]+) (functies|competenties)\b", sentence):
            count = int(_NUMBER_WORDS.get(number, number if number.isdigit() else 0))
            highest = len(self.functions) if what == "functies" else self.competencies
            if count > highest:
                yield f"too many: {number} {what}"
        for match in re.finditer(rf"(\d+) ({'|'.join(_MONTHS)}) (\d{{4}})", sentence):
            date = f"{match.group(3)}-{_MONTHS.index(match.group(2)) + 1:02}-{int(match.group(1)):02}"
            if date not in self.dates and not self.phrase(match.group()):
                yield f"unknown date: {match.group()}"

    def check_levels(self, sentence: str) -> Iterator[str]:
        """Levels that don't exist."""
        for level in _LEVEL.findall(sentence):
            if level not in NIVEAUS:
                yield f"unknown level: niveau {level}"

    def check_names(self, sentence: str) -> Iterator[str]:
        """Capitals inside a sentence, a first word that is nobody's, and words with a Roman numeral."""
        for before, numeral in _ROMAN.findall(sentence):
            last = re.split(r"[ /]", before.strip(" /"))[-1]
            if not self.phrase(f"{last} {numeral}"):
                yield f"unknown name: {before.strip()} {numeral}"
        for names in _names(sentence):
            first, *rest = names
            if not first[1]:
                # The first word of a sentence has a capital anyway.
                whole = " ".join(word for word, _ in names)
                if self.named(whole) or (rest and self.phrase(whole)):
                    continue
                if first[0].lower() not in self.vocabulary and not self.named(first[0]):
                    yield f"unknown name: {first[0]}"
            words = [word for word, inside in names if inside and not re.fullmatch(r"[IVX]+|[A-D]", word)]
            if words and not self.named(" ".join(words)) and not all(word in self.own for word in words):
                yield f"unknown name: {' '.join(words)}"

    def check_bold(self, bold: str, heading: bool = False) -> Iterator[str]:
        """A bold text that is no name and no phrase of the content; numbers in it are checked with their sentence.

        heading: it is a line of its own. That may be the bot's wording: its words must be known, and a function in it.
        """
        words = re.sub(r"^\d+[.] | \(schaal \w+\)$| op niveau [A-Z]$", "", bold.strip()).rstrip(":. ")
        if heading:
            label, _, words = words.rpartition(": ")
            if not label and all(word.lower() in self.vocabulary for word in re.findall(r"[^\W\d_]+", words)):
                return
        count = re.fullmatch(r"([\d.,]+|[a-zé]+) (functies?|competenties?|richtingen|richting|fte)", words)
        if count and (count.group(1)[0].isdigit() or count.group(1) in _NUMBER_WORDS):
            return
        if (
            re.fullmatch(r"(?:schaal |niveau |€ )?(?:[\d.,]+A?|[A-D])|Vraag \d van \d", words)
            or words.lower() in OWN_BOLD
        ):
            return
        words = re.sub(r"^niveau ", "", words)
        if words and not self.phrase(words):
            yield f"unknown name: {bold}"


# --- reading ---------------------------------------------------------------------------------------------------------


def _parts(store: Store) -> list[Any]:
    organisation = [store.organisatie(), store.module()]
    return [
        *store.bronnen(), *store.functies(), *store.buiten_het_boek(), *store.functiereeksen(), *store.functiegroepen(), *store.competenties(),
        *store.onderwerpen(), *store.opleidingen(), *organisation,
    ]  # fmt: skip


_HIDDEN = frozenset({"id", "vragen", "verwant", "trefwoorden", "bestand", "aliassen", "namen", "cijfers"})


def _strings(part: Any) -> Iterator[str]:
    """Every text in something of the content, those that nobody gets to read left out."""
    if isinstance(part, str):
        yield plain(part)
    elif isinstance(part, BaseModel) or (is_dataclass(part) and not isinstance(part, type)):
        yield from _strings(vars(part))
    elif isinstance(part, dict):
        for key, inner in part.items():
            if key not in _HIDDEN:
                yield from _strings(inner)
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from _strings(inner)


def _figures(part: Any) -> Iterator[float]:
    """Every number in a field of something of the content."""
    if isinstance(part, bool) or part is None:
        return
    if isinstance(part, (int, float)):
        yield float(part)
    elif isinstance(part, BaseModel) or (is_dataclass(part) and not isinstance(part, type)):
        yield from _figures(vars(part))
    elif isinstance(part, dict):
        for inner in part.values():
            yield from _figures(inner)
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from _figures(inner)


def _numbers(text: str) -> Iterator[float]:
    for match in re.findall(rf"(?<!\d)(?:{_ENTIRE})(?:,\d+)?", text):
        yield _value(match)
    for word in re.findall(r"[a-zé]+", text.lower()):
        if word in _NUMBER_WORDS:
            yield float(_NUMBER_WORDS[word])


def _value(written: str) -> float:
    """The value of a number in digits (1.601 or 15,5) or letters."""
    if written.lower() in _NUMBER_WORDS:
        return float(_NUMBER_WORDS[written.lower()])
    return float(written.rstrip(".,").replace(".", "").replace(",", "."))


def _flat(text: str) -> str:
    """A text on one line, without the mark at its end."""
    return " ".join(plain(text).split()).rstrip(".:!?,; ")


def _window(before: str, middle: str, after: str) -> str:
    """Some words with three more on either side."""
    return " ".join([*before.split()[-3:], middle + after[:1].strip(" "), *after[1:].split()[:3]]).rstrip(" :;,")


def _occurs(words: str, text: str) -> bool:
    """Whether words stand in a text as whole words."""
    at = text.find(words)
    while at >= 0:
        end = at + len(words)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(words, at + 1)
    return False


def _names(sentence: str) -> Iterator[list[tuple[str, bool]]]:
    """Runs of words with a capital: (word, whether it stands inside the sentence)."""
    run: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(sentence):
        between = sentence[end : match.start()]
        # A new part begins after a colon, a quote, a slash or a bracket.
        starts = end == 0 or bool(re.search(r"[:'\"‘(/…]\s*$", between))
        if run and (between != " " or not match.group()[0].isupper()):
            yield run
            run = []
        if match.group()[0].isupper():
            run.append((match.group(), not starts))
        end = match.end()
    if run:
        yield run


def _capitals(text: str) -> set[str]:
    """The names in the bot's own sentences."""
    return {
        word for sentence in re.split(r"(?<=[.!?])\s+", text) for run in _names(sentence) for word, inside in run if inside
    }  # fmt: skip


def _contact() -> list[str]:
    return [f"bij {value}" for value in asdict(Settings.from_environment().contact).values() if value]


@lru_cache(maxsize=1)
def _own_wording() -> frozenset[str]:
    """Every word in the code of the answers and actions: what may begin a sentence. Names are not looked up here."""
    root = Path(gesprek.__file__).parents[1]
    files: Iterable[Path] = [*root.glob("answers/*.py"), *root.glob("actions/*.py")]
    return frozenset(word.lower() for path in files for word in _WORD.findall(path.read_text(encoding="utf-8")))
