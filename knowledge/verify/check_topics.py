"""Holds the topics (onderwerpen) and the salary table against the smaller documents."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from knowledge import schema
from knowledge.content_files import Content
from knowledge.normal import name_key, plain, words
from knowledge.verify.difference import Findings
from knowledge.verify.other_sources import Figure, Guide, Leaders, Outlook, Profession, Survey
from knowledge.verify.text import decimal, digits

LEADERS = "leiders-competentieset"
PROFESSION = "beroep-manager-openbaar-bestuur"
SURVEY = "onderzoek-vakmanschap"
GUIDE = "gids-interim"

_RATING = re.compile(r"\b(?:erg )?(?:hoog|laag)\b|\bgemiddeld\b")
_PERCENTAGE = re.compile(r"(\d+(?:,\d+)?)\s*(?:procent\b|%)", re.IGNORECASE)
_STEM = 5
"""Words whose first so many letters are the same count as the same word."""


def of_source(content: Content, source: str) -> list[schema.Onderwerp]:
    """The topics that are drawn from a source."""
    return [topic for topic in content.onderwerpen.values() if topic.bron.bron == source]


def shown_texts(topic: schema.Onderwerp) -> Iterator[tuple[str, str]]:
    """The texts of a topic that people get to see as an answer, with the name of the field."""
    yield "antwoord", topic.antwoord
    for number, text in enumerate(topic.punten, 1):
        yield f"punt {number}", text


def check_leaders(source: Leaders, content: Content, findings: Findings) -> None:
    """Every competency is a topic of its own with a bullet for each behaviour; every field is named somewhere."""
    topics = of_source(content, LEADERS)
    by_id = {topic.id: topic for topic in topics}
    for name, behaviours in source.behaviours.items():
        topic = by_id.get(f"leider.{'_'.join(words(name))}")
        if topic is None:
            findings.add("competentie van publieke leiders", "onderwerpen leider", name, None)
            continue
        findings.same("aantal gedragingen", f"onderwerp {topic.id}", len(behaviours), len(topic.punten))
        if name_key(name) not in name_key(topic.titel):
            findings.add("titel", f"onderwerp {topic.id}", name, topic.titel)
    text = _key_of(topics)
    for name in source.fields:
        if name_key(name) not in text:
            findings.add("gebied van de competenties", "onderwerpen leider", name, None)


def check_profession(source: Profession, content: Content, findings: Findings) -> None:
    """Tasks are counted, related professions are named, numbers and ratings of the outlook are the page's."""
    topics = of_source(content, PROFESSION)
    tasks = content.onderwerpen.get("beroep.taken")
    findings.same("aantal taken", "onderwerp beroep.taken", len(source.tasks), len(tasks.punten) if tasks else 0)
    text = _key_of(topics)
    for name in source.related:
        if name_key(name) not in text:
            findings.add("verwant beroep", "onderwerpen beroep", name, None)
    for row in source.outlook:
        _check_outlook(row, source.outlook, topics, findings)


def _check_outlook(row: Outlook, rows: list[Outlook], topics: list[schema.Onderwerp], findings: Findings) -> None:
    """Any text that names a row, and no other row, and gives a rating or a number of jobs, gives this row's."""
    rated = numbered = False
    others = {other.key for other in rows} - {row.key}
    jobs = {str(other.jobs) for other in rows if other.jobs}
    for topic in topics:
        for field, text in shown_texts(topic):
            found = set(words(text))
            if row.key not in found or found & others:
                continue
            for rating in _RATING.findall(plain(text)):
                findings.same(f"oordeel over {row.key}", f"onderwerp {topic.id}, {field}", row.rating, rating)
                rated = True
            for number in found & jobs:
                findings.same(f"aantal banen bij {row.key}", f"onderwerp {topic.id}, {field}", str(row.jobs), number)
                numbered = True
        for figure in topic.cijfers:
            if row.key in words(figure.over) and row.jobs is not None:
                findings.same(
                    f"aantal banen bij {row.key}", f"onderwerp {topic.id}, cijfers", float(row.jobs), figure.waarde
                )
    if not rated:
        findings.add(f"oordeel over {row.key}", "onderwerpen beroep", row.rating, None)
    if row.jobs is not None and not numbered:
        findings.add(f"aantal banen bij {row.key}", "onderwerpen beroep", row.jobs, None)


def check_survey(source: Survey, content: Content, findings: Findings) -> None:
    """Every percentage of the running text is a figure of some topic, and every figure is one of the text."""
    topics = of_source(content, SURVEY)
    for topic in topics:
        _check_figures(topic, source, findings)
        _check_percentages(topic, source, content, findings)
    subjects: dict[float, set[str]] = defaultdict(set)
    for figure in (figure for topic in topics for figure in topic.cijfers if figure.eenheid == "procent"):
        subjects[figure.waarde].add(name_key(figure.over))
    for value, count in Counter(f.value for f in source.figures if f.percent).items():
        if len(subjects[value]) < count:
            said = "; ".join(f.clause for f in source.figures if f.percent and f.value == value)
            recorded = "; ".join(sorted(subjects[value])) or None
            findings.add(f"percentage {value:g} ({count} keer in de tekst)", "onderwerpen onderzoek", said, recorded)
    told = {figure.waarde for topic in topics for figure in topic.cijfers}
    told |= {value for topic in topics for _, text in shown_texts(topic) for value, _ in digits(text)}
    for other in source.figures:
        if not other.percent and other.value not in told:
            findings.add("getal", "onderwerpen onderzoek", other.clause, None)


def _check_figures(topic: schema.Onderwerp, source: Survey, findings: Findings) -> None:
    """A topic's figures stand in the text; a percentage is about what the text says it is."""
    place = f"onderwerp {topic.id}, cijfers"
    for figure in topic.cijfers:
        percent = figure.eenheid == "procent"
        candidates = [f for f in source.figures if f.value == figure.waarde and f.percent == percent]
        counted = not percent and figure.waarde == len(topic.punten)
        if not candidates and not counted:
            findings.add("cijfer", place, None, f"{figure.waarde:g} {figure.eenheid} ({figure.over})")
        elif percent and not any(_about(figure.over, candidate) for candidate in candidates):
            said = "; ".join(candidate.clause for candidate in candidates)
            findings.add("cijfer over iets anders", place, said, f"{figure.waarde:g} procent ({figure.over})")


def _about(subject: str, figure: Figure) -> bool:
    """Whether the subject shares a word, other than the number itself, with what the survey says of the figure."""
    shared = _stems(subject) & {word[:_STEM] for word in words(figure.clause)}
    return bool(shared - {"proce", f"{figure.value:g}"})


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text) if len(word) >= _STEM - 1 or word.isdigit()}


def _check_percentages(topic: schema.Onderwerp, source: Survey, content: Content, findings: Findings) -> None:
    """A percentage in an answer is a figure of the topic or of a related one, and about what the survey says it is."""
    related = [content.onderwerpen[name] for name in topic.verwant if name in content.onderwerpen]
    known = {figure.waarde for other in (topic, *related) for figure in other.cijfers if figure.eenheid == "procent"}
    for field, text in shown_texts(topic):
        place = f"onderwerp {topic.id}, {field}"
        found = list(_PERCENTAGE.finditer(text))
        edges = [0, *(match.end() for match in found)]
        for index, match in enumerate(found):
            value = decimal(match.group(1))
            following = found[index + 1].start() if index + 1 < len(found) else len(text)
            clause = f"{topic.titel} {text[edges[index] : following]}"
            candidates = [f for f in source.figures if f.percent and f.value == value]
            if value not in known:
                findings.add("percentage dat niet bij de cijfers staat", place, None, match.group())
            elif not any(_about(clause, candidate) for candidate in candidates):
                said = "; ".join(candidate.clause for candidate in candidates) or None
                findings.add("percentage over iets anders", place, said, text)


def check_guide(source: Guide, content: Content, findings: Findings) -> None:
    """Every section and every frequently asked question has a topic; every section that a topic names exists."""
    topics = of_source(content, GUIDE)
    sections = {name_key(heading) for heading in source.sections}
    covered = {name_key(topic.bron.sectie) for topic in topics}
    for heading in source.sections:
        if name_key(heading) not in covered:
            kind = "veelgestelde vraag" if heading in source.questions else "sectie"
            findings.add(f"{kind} zonder onderwerp", "onderwerpen interim", heading, None)
    for topic in topics:
        if name_key(topic.bron.sectie) not in sections:
            findings.add("sectie", f"onderwerp {topic.id}", None, topic.bron.sectie)


def check_salary(date: str, source: dict[str, list[int]], content: Content, findings: Findings) -> None:
    """The salary table of a date, amount by amount."""
    table = next((t for t in content.salaristabellen.values() if t.geldig_vanaf == date), None)
    if table is None:
        findings.add("salaristabel", "schalen", date, None)
        return
    findings.same_names("schaal", f"salaristabel {date}", list(source), list(table.schalen))
    for scale in source.keys() & table.schalen.keys():
        findings.same(f"bedragen van schaal {scale}", f"salaristabel {date}", source[scale], table.schalen[scale])


def check_same_figures(content: Content, findings: Findings) -> None:
    """A figure that several topics of one source give has the same value everywhere."""
    seen: dict[tuple[str, str, str], tuple[float, str]] = {}
    for topic in content.onderwerpen.values():
        for figure in topic.cijfers:
            key = (topic.bron.bron, figure.eenheid, name_key(figure.over))
            value, first = seen.setdefault(key, (figure.waarde, topic.id))
            if value != figure.waarde:
                findings.add(
                    f"cijfer '{figure.over}'",
                    f"onderwerp {topic.id}",
                    f"{value:g}, volgens onderwerp {first}",
                    f"{figure.waarde:g}",
                )


def _key_of(topics: list[schema.Onderwerp]) -> str:
    return " | ".join(name_key(text) for topic in topics for _, text in shown_texts(topic))
