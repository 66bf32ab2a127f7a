"""What the verifier finds: differences, and the contradictions of a document that the content itself mentions."""

from __future__ import annotations

from dataclasses import dataclass, field

LISTED = "vermelde tegenstrijdigheid"
"""The kind of a difference that does not fail: the document contradicts itself and the content says so."""


@dataclass(frozen=True)
class Difference:
    """One place where content and source document do not agree.

    `kind` says what was compared, `place` where in the content, `source` and `content` what each of them says
    (None: nothing). Of a listed contradiction they are the two things that the document says.
    """

    kind: str
    place: str
    source: str | None
    content: str | None

    def __str__(self) -> str:
        """The difference in one line of Dutch."""
        if self.kind == LISTED:
            both = f"de bron zegt '{self.source}' en elders '{self.content}'"
            return f"{self.place}, {LISTED}: {both}. De inhoud vermeldt dit."
        in_source = "de bron noemt dit niet" if self.source is None else f"de bron zegt '{self.source}'"
        in_content = "de inhoud noemt dit niet" if self.content is None else f"de inhoud zegt '{self.content}'"
        return f"{self.place}, {self.kind}: {in_source}, {in_content}."


@dataclass
class Findings:
    """Collects what the checks find."""

    differences: list[Difference] = field(default_factory=list)
    contradictions: list[Difference] = field(default_factory=list)

    def add(self, kind: str, place: str, source: object, content: object) -> None:
        """Note a difference."""
        self.differences.append(Difference(kind, place, _shown(source), _shown(content)))

    def same(self, kind: str, place: str, source: object, content: object) -> None:
        """Note a difference unless both are the same."""
        if source != content:
            self.add(kind, place, source, content)

    def same_names(self, kind: str, place: str, source: list[str], content: list[str]) -> None:
        """Compare two lists of names, in order; each name that only one of them has is noted on its own."""
        only_source = [name for name in source if name not in content]
        only_content = [name for name in content if name not in source]
        for name in only_source:
            self.add(kind, place, name, None)
        for name in only_content:
            self.add(kind, place, None, name)
        if not only_source and not only_content:
            self.same(f"{kind} (volgorde en aantal)", place, source, content)

    def contradiction(self, kind: str, place: str, one: str, other: str, *, listed: bool) -> None:
        """Note that the document contradicts itself; a difference of `kind` when the content is silent on it."""
        if listed:
            self.contradictions.append(Difference(LISTED, place, one, other))
        else:
            self.add(f"{kind} (tegenstrijdigheid in de bron)", place, f"{one}; elders: {other}", None)


def _shown(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value)) or "niets"
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value)
