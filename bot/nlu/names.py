"""All names in a message as entities: functions, competencies, scales, levels, education and so on. Knows nothing of Rasa."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.nlu.name_matcher import Found, NameMatcher, find_levels, find_mbo, find_scales
from knowledge.store import Naam

_OUTSIDE = "buiten_boek"


class NameFinder:
    """Finds the entities of a text. `known_word` says whether a word is ordinary Dutch, and so no misspelling."""

    def __init__(self, names: Sequence[Naam], known_word: Callable[[str], bool] = lambda word: False) -> None:
        # Functions outside the book are found by themselves, so that they never change how another name is found.
        self._matcher = NameMatcher([name for name in names if name.soort != _OUTSIDE], known_word)
        self._outside = NameMatcher([name for name in names if name.soort == _OUTSIDE], known_word, strict=True)

    def entities(self, text: str) -> list[dict[str, Any]]:
        """The entities of one text.

        An entity's `value` is the id of what is meant; when a name can mean several things of one kind, each of them
        is an entity of its own with the same place and with `ambiguous` true.
        """
        found = _longest(self._matcher.find(text), self._outside.find(text))
        entities: list[dict[str, Any]] = []
        for name in found:
            kinds = [soort for soort, _ in name.targets]
            for soort, doel in name.targets:
                entities.append(
                    _entity(soort, doel, name.start, name.end, name.certainty)
                    | ({"ambiguous": True} if kinds.count(soort) > 1 else {})
                )
        kinds_found = {entity["entity"] for entity in entities}
        talks_of_level = "competentie" in kinds_found or "niveau" in text.lower()
        taken = [(entity["start"], entity["end"]) for entity in entities]
        named = [(e["start"], e["end"]) for e in entities if e["entity"] != "onderwerp"]
        exact = [
            *find_scales(text, loose=bool({"functie", "normfunctie"} & kinds_found) or "schaal" in text.lower()),
            *find_mbo(text),
        ]
        spans = [(e.start, e.end) for e in exact if e.soort == "opleiding"]
        exact += [e for e in find_levels(text, loose=talks_of_level) if not _overlaps((e.start, e.end), spans)]
        mbo = {e.waarde for e in exact if e.soort == "opleiding"}
        for item in exact:
            # "Het maximum van schaal 6" names a subject and a scale; "schaal 13" is a subject, number and all.
            within = any(start <= item.start and item.end <= end for start, end in taken)
            hidden = within or _overlaps((item.start, item.end), named if item.soort == "schaal" else taken)
            if item.soort != "opleiding" and hidden:
                continue
            if item.soort == "schaal" and _overlaps((item.start, item.end), spans):
                continue
            entities.append(_entity(item.soort, item.waarde, item.start, item.end, 1.0))
        if mbo:
            # "mbo 4" as a name and as a number are the same; the number is the more precise one.
            entities = [
                e for e in entities
                if not (e["entity"] == "opleiding" and str(e["value"]).startswith("mbo") and e["value"] not in mbo)
            ]  # fmt: skip
        unique = {(e["entity"], e["value"]): e for e in reversed(entities)}
        return sorted(unique.values(), key=lambda e: (e["start"], e["entity"], e["value"]))


def _longest(names: Sequence[Found], outside: Sequence[Found]) -> list[Found]:
    """Names of both kinds without overlap: the longest wins, of the same length the one that is spelled right.

    "beleidsadviseur jeugd" is a function of the book; "financieel adviseur" is not, though "adviseur" is.
    """
    kept = [
        other
        for other in outside
        if all(
            (other.end - other.start, other.certainty) > (name.end - name.start, name.certainty)
            for name in names
            if _overlaps((name.start, name.end), [(other.start, other.end)])
        )
    ]
    spans = [(other.start, other.end) for other in kept]
    return sorted([*(n for n in names if not _overlaps((n.start, n.end), spans)), *kept], key=lambda f: f.start)


def _entity(kind: str, value: str, start: int, end: int, certainty: float) -> dict[str, Any]:
    return {
        "entity": kind,
        "value": value,
        "start": start,
        "end": end,
        "confidence_entity": round(certainty, 3),
        "extractor": "NameRecogniser",
    }


def _overlaps(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def inside(entities: Sequence[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    """The entities within a part of the text, with their places in that part."""
    return [
        {**e, "start": e["start"] - start, "end": e["end"] - start}
        for e in entities
        if start <= e["start"] and e["end"] <= end
    ]
