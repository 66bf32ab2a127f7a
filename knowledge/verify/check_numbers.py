"""Every number in the content must stand in its source, or be a figure that the content refers to."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge import schema
from knowledge.content_files import Content
from knowledge.normal import name_key, plain, words
from knowledge.verify.check_topics import shown_texts
from knowledge.verify.copied import parts, texts
from knowledge.verify.difference import Findings
from knowledge.verify.text import digits, number_words, numbers

_UNITS_OF_TIME = frozenset({"jaar", "jaren", "maand", "maanden", "week", "weken", "dag", "dagen"})


@dataclass
class Numbers:
    """The numbers of a source: of the whole, of each section that is known by name, and what follows from counting."""

    whole: set[float]
    sections: dict[str, set[float]] = field(default_factory=dict)
    counted: set[float] = field(default_factory=set)

    def of(self, section: str) -> set[float]:
        """The numbers of a section when it is known, else those of the whole source."""
        return self.sections.get(name_key(section), self.whole) | self.counted


def check(sources: dict[str, Numbers], content: Content, findings: Findings) -> None:
    """Check all content whose source is in `sources`."""
    checker = _Checker(sources, content, findings)
    for place, part in parts(content):
        bron = getattr(part, "bron", None)
        if bron is None or bron.bron not in sources:
            continue
        if isinstance(part, schema.Onderwerp):
            checker.topic(part)
        else:
            checker.part(place, part, bron.bron)


@dataclass
class _Checker:
    sources: dict[str, Numbers]
    content: Content
    findings: Findings
    elsewhere: set[float] = field(default_factory=set)
    """What a remark may refer to: the figures of all topics and the dates of all sources."""

    def __post_init__(self) -> None:
        for topic in self.content.onderwerpen.values():
            self.elsewhere |= _figures(topic)
        for name in self.content.bronnen:
            self.elsewhere |= self.date(name)

    def topic(self, topic: schema.Onderwerp) -> None:
        """The numbers of one topic: figures, answer, bullets, remark."""
        place = f"onderwerp {topic.id}"
        in_source = self.sources[topic.bron.bron].of(topic.bron.sectie)
        for figure in topic.cijfers:
            if figure.waarde not in in_source | _counts(topic) | self.date(topic.bron.bron):
                self.findings.add(
                    "cijfer", f"{place}, cijfers", None, f"{figure.waarde:g} {figure.eenheid} ({figure.over})"
                )
        related = [self.content.onderwerpen[name] for name in topic.verwant if name in self.content.onderwerpen]
        known = in_source | self.date(topic.bron.bron) | _figures(topic)
        for other in related:
            known |= _figures(other) | self.date(other.bron.bron)
        for field_name, text in shown_texts(topic):
            self.text(f"{place}, {field_name}", text, known)
            self.durations(f"{place}, {field_name}", text, known)
        if topic.kanttekening:
            self.text(f"{place}, kanttekening", topic.kanttekening, known | self.elsewhere)

    def part(self, place: str, part: schema.Part, source: str) -> None:
        """The numbers of anything else."""
        known = self.sources[source].of("") | self.date(source)
        for inner, text in texts(place, part):
            self.text(inner, text, known)

    def text(self, place: str, text: str, known: set[float]) -> None:
        """The numbers in digits."""
        for value, match in digits(text):
            if value not in known:
                self.findings.add("getal", place, None, f"{match.group()} (in: {text})")

    def durations(self, place: str, text: str, known: set[float]) -> None:
        """Numbers that are written as words count when a unit of time follows: 'twee tot drie jaar'."""
        parts = words(plain(text))
        for value, index in number_words(text):
            if value not in known and _UNITS_OF_TIME & set(parts[index + 1 : index + 4]):
                self.findings.add("termijn", place, None, f"{parts[index]} (in: {text})")

    def date(self, source: str) -> set[float]:
        """The numbers of a source's own date and remark."""
        bron = self.content.bronnen.get(source)
        return numbers(f"{bron.datum or ''} {bron.kanttekening or ''}".replace("-", " ")) if bron else set()


def _counts(topic: schema.Onderwerp) -> set[float]:
    """What a figure may count: the bullets, or those among them that begin with a label."""
    labelled = [text for text in topic.punten if ": " in text]
    return {float(len(topic.punten)), float(len(labelled))}


def _figures(topic: schema.Onderwerp) -> set[float]:
    return {figure.waarde for figure in topic.cijfers}
