"""The report of an evaluation: one HTML file in Dutch that asks nothing of any other place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from bot.evaluation import measures
from bot.evaluation.cases import CaseResult, Judged
from bot.evaluation.measures import Prediction, Share

if TYPE_CHECKING:
    from bot.evaluation.understanding import Understanding

WORST = 30
"""How many confusions of full labels are shown."""

_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 70rem; margin: 0 auto;
  padding: 1rem 1.25rem 4rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 3rem; border-bottom: 2px solid #12406b; padding-bottom: .25rem; }
a { color: #12406b; } .lead { color: #444; }
table { border-collapse: collapse; margin: .5rem 0 1rem; } caption { text-align: left; font-weight: 600;
  padding: .5rem 0; }
th, td { border: 1px solid #bbb; padding: .25rem .6rem; text-align: left; vertical-align: top; }
thead th { background: #eef3f8; } td.n { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } .scroll:focus { outline: 3px solid #12406b; }
figure { margin: 1rem 0; } img { max-width: 100%; height: auto; }
details { margin: .5rem 0; } summary { cursor: pointer; font-weight: 600; }
article { border-left: 4px solid #b3261e; padding: 0 0 0 1rem; margin: 1.5rem 0; }
blockquote { margin: .25rem 0; padding: .25rem .75rem; background: #f4f4f4; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.wrong { color: #8c1d18; font-weight: 600; } li { margin: .35rem 0; overflow-wrap: anywhere; }
"""


@dataclass(frozen=True)
class Evaluation:
    """All that was measured; a part that was left out is None."""

    understanding: Understanding | None = None
    conversations: list[CaseResult] | None = None
    bot: str = ""
    """Which bot held the conversations."""
    minimum: float | None = None
    """The share of right conversations that was asked for."""
    made: datetime = field(default_factory=datetime.now)

    @property
    def right_cases(self) -> Share:
        """The right conversations."""
        return measures.share(result.right for result in self.conversations or [])


def percent(value: float | None) -> str:
    """A share as a percentage in Dutch; a dash for what can't be computed."""
    return "–" if value is None else f"{100 * value:.1f}%".replace(".", ",")


def whole(number: int) -> str:
    """A whole number in Dutch."""
    return f"{number:,}".replace(",", ".")


def summary(evaluation: Evaluation) -> list[str]:
    """The outcome in a few lines of plain text, for the terminal."""
    lines = []
    if evaluation.conversations is not None:
        right = evaluation.right_cases
        lines.append(f"Gesprekken: {right.hits} van de {right.total} goed ({percent(right.value)}).")
        for name, part in measures.cases_by(evaluation.conversations, lambda r: r.case.topic).items():
            lines.append(f"  {name:<16} {part.hits:>4} van {part.total:<4} {percent(part.value):>6}")
    if evaluation.understanding is not None:
        found = evaluation.understanding
        exact, _, topic = _overall(found.predictions)
        lines.append(
            f"Begrip: {whole(exact.total)} achtergehouden vragen, {percent(exact.value)} precies goed, "
            f"{percent(topic.value)} goede onderwerpgroep."
        )
        worst = measures.worst_confusions(found.predictions, 3)
        lines += [f"  vaak verward: {c.expected} gelezen als {c.got} ({c.count} keer)" for c in worst]
    return lines


def _overall(predictions: Sequence[Prediction]) -> tuple[Share, Share, Share]:
    return (
        measures.share(p.right for p in predictions),
        measures.share(measures.main_of(p.expected) == measures.main_of(p.got) for p in predictions),
        measures.share(measures.topic_of(p.expected) == measures.topic_of(p.got) for p in predictions),
    )


def html(evaluation: Evaluation) -> str:
    """The whole report."""
    return "\n".join(_page(evaluation))


def _page(evaluation: Evaluation) -> Iterator[str]:
    parts: list[tuple[str, str, Iterator[str]]] = []
    results, found = evaluation.conversations, evaluation.understanding
    if results is not None:
        parts.append(("gesprekken", "Gesprekken", _conversations(evaluation, results)))
    if found is not None:
        parts.append(("begrip", "Begrip van losse vragen", _understanding(found)))
        parts.append(("verwarring", "Wat met wat verward wordt", _confusions(found.predictions)))
        parts.append(("zekerheid", "Zekerheid en drempel", _thresholds(found)))
        parts.append(("intents", "Per intent", _labels(found.predictions)))
    if results is not None:
        parts.append(("mislukt", "Mislukte gesprekken", _failed_cases(results)))
    if found is not None:
        parts.append(("fouten", "Verkeerd gelezen vragen", _failed_questions(found.predictions)))
    yield '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # So that no browser asks anything of anybody, whatever stands in a reply.
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>Evaluatie van Loopbaanbot</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>"
    yield "<h1>Evaluatie van Loopbaanbot</h1>"
    yield f'<p class="lead">Gemaakt op {evaluation.made:%d-%m-%Y om %H:%M} met <code>loopbaan evaluate</code>.</p>'
    links = "".join(f'<li><a href="#{key}">{escape(title)}</a></li>' for key, title, _ in parts)
    yield f'<nav aria-label="Inhoud"><ul>{links}</ul></nav>'
    yield from _in_short(evaluation)
    for key, title, content in parts:
        yield f'<section aria-labelledby="{key}">\n<h2 id="{key}">{escape(title)}</h2>'
        yield from content
        yield "</section>"
    yield "</main>\n</body>\n</html>"


_NUMBER = ' class="n"'


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], text: int = 1) -> str:
    """A table; the first column names its row, the first `text` columns hold words and the others numbers."""
    out = [f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">']
    out.append(f"<table><caption>{escape(caption)}</caption>")
    out.append("<thead><tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head) + "</tr></thead>")
    out.append("<tbody>")
    for name, *cells in rows:
        line = [f"<td{'' if i < text else _NUMBER}>{escape(cell)}</td>" for i, cell in enumerate(cells, 1)]
        out.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(line)}</tr>')
    out.append("</tbody></table></div>")
    return "\n".join(out)


def _figure(uri: str, alt: str, caption: str) -> str:
    return f'<figure><img src="{uri}" alt="{escape(alt)}"><figcaption>{escape(caption)}</figcaption></figure>'


def _share_cells(part: Share) -> list[str]:
    low, high = part.interval
    return [whole(part.hits), whole(part.total), percent(part.value), f"{percent(low)} – {percent(high)}"]


_SHARE_HEAD = ("goed", "van", "deel", "marge (95%)")


def _in_short(evaluation: Evaluation) -> Iterator[str]:
    rows = []
    if evaluation.conversations is not None:
        rows.append(["gesprekken die helemaal goed gingen", *_share_cells(evaluation.right_cases)])
    if evaluation.understanding is not None:
        exact, main, topic = _overall(evaluation.understanding.predictions)
        rows.append(["losse vragen: precies het goede label", *_share_cells(exact)])
        rows.append(["losse vragen: goede intent", *_share_cells(main)])
        rows.append(["losse vragen: goede onderwerpgroep", *_share_cells(topic)])
    yield _table("In het kort", ["wat", *_SHARE_HEAD], rows)
    if evaluation.minimum is not None:
        met = evaluation.right_cases.value >= evaluation.minimum
        yield f"<p>De ondergrens voor gesprekken is {percent(evaluation.minimum)}: {'gehaald' if met else 'niet gehaald'}.</p>"


def _conversations(evaluation: Evaluation, results: list[CaseResult]) -> Iterator[str]:
    seconds = [turn.seconds for result in results for turn in result.turns]
    middle, late = (1000 * measures.percentile(seconds, part) for part in (0.5, 0.95))
    yield f"<p>Een gesprek is goed als al zijn beurten goed zijn. Gehouden met {escape(evaluation.bot or 'een bot')}. "
    yield f"De helft van de antwoorden was er binnen {middle:.0f} ms, 95% binnen {late:.0f} ms.</p>"
    keys: list[tuple[str, Callable[[CaseResult], str]]] = [
        ("onderwerp", lambda result: result.case.topic),
        ("stijl", lambda result: result.case.style),
        ("bestand", lambda result: result.case.file),
    ]
    for name, key in keys:
        rows = [[value, *_share_cells(part)] for value, part in measures.cases_by(results, key).items()]
        yield _table(f"Goede gesprekken per {name}", [name, *_SHARE_HEAD], rows)


def _understanding(found: Understanding) -> Iterator[str]:
    how = f"in {found.folds} delen; elk deel is gelezen door een model dat op de andere delen is getraind"
    if found.asked < found.folds:
        how = f"waarvan één op de {found.folds} is achtergehouden; die zijn gelezen door een model dat de rest kende"
    yield f"<p>{whole(found.questions)} trainingsvragen met {whole(found.labels)} labels, {how}. "
    yield f"Gemeten: {whole(len(found.predictions))} vragen. "
    if found.single:
        yield f"Niet gemeten: {whole(found.single)} vragen die als enige hun label hebben. "
    yield f"Taalmodel: {escape(found.language)}; betekenis van zinnen: {'aan' if found.meaning else 'uit'}.</p>"
    if found.sampled:
        yield '<p class="wrong">Dit is een steekproef van enkele labels. De cijfers zijn daardoor veel te gunstig.</p>'
    yield "<p>Trainingsvragen lijken op elkaar. Echte vragen zijn anders: die worden in gesprekken gemeten.</p>"
    yield "<p>Een label is de volledige naam van wat er gevraagd wordt, bijvoorbeeld onderwerp/interim.starten.</p>"


def _confusions(predictions: list[Prediction]) -> Iterator[str]:
    from bot.evaluation import pictures

    matrix = measures.topic_matrix(predictions)
    size = range(len(matrix.names))
    same = sum(matrix.counts[i][i] for i in size)
    alt = f"Van {whole(len(predictions))} vragen is van {whole(same)} de onderwerpgroep goed herkend."
    crossed = [(matrix.counts[i][j], i, j) for i in size for j in size if i != j and matrix.counts[i][j]]
    if crossed:
        count, row, column = max(crossed)
        alt += f" Het vaakst verward: {matrix.names[row]}, {count} keer herkend als {matrix.names[column]}."
    caption = "Onderwerpgroepen: elke rij toont als wat de vragen over die groep zijn herkend."
    yield _figure(pictures.topics(matrix), f"{alt} De tabel hieronder geeft alle aantallen.", caption)
    rows = [[name, *map(whole, counts)] for name, counts in zip(matrix.names, matrix.counts, strict=True)]
    yield _table(
        "Aantal vragen per onderwerpgroep (rij) en waarvoor ze zijn aangezien (kolom)", ["", *matrix.names], rows
    )
    worst = measures.worst_confusions(predictions, WORST)
    rows = [[c.expected, c.got, c.example, str(c.count), str(c.of)] for c in worst]
    head = ["bedoeld", "herkend als", "voorbeeld", "keer", "van"]
    yield _table(f"De {len(worst)} labels die het vaakst verward worden", head, rows, text=3)


def _thresholds(found: Understanding) -> Iterator[str]:
    from bot.evaluation import pictures

    own = found.threshold
    confident = measures.confidence_curve(found.predictions, own)
    set_to = "" if own is None else f" Ingesteld in config.yml: {_threshold(own, None)}."
    yield "<h3>Hoe zeker moet de bot zijn?</h3>"
    yield "<p>Onder de drempel vraagt de bot door in plaats van te antwoorden. Een hogere drempel geeft minder fouten, "
    yield f"maar ook minder antwoorden.{set_to}</p>"
    alt = (
        "Lijn: hoe meer vragen beantwoord worden, hoe groter het deel dat fout is. De tabel hieronder geeft de cijfers."
    )
    caption = "Beantwoord tegen fout, per drempel (de getallen bij de punten)."
    yield _figure(pictures.confidence(confident, own), alt, caption)
    rows = [
        [_threshold(p.threshold, own), percent(p.answered.value), percent(p.wrong.value if p.answered.hits else None),
         whole(p.answered.hits), whole(p.wrong.hits)]
        for p in confident
    ]  # fmt: skip
    head = ["drempel", "beantwoord", "fout van beantwoord", "aantal beantwoord", "aantal fout"]
    yield _table("Drempel, beantwoorde vragen en fouten", head, rows)
    points = measures.boundary_curve(found.predictions, own)
    outside, inside = points[0].recognised.total, points[0].refused.total
    yield "<h3>Ziet de bot wat niet voor hem is?</h3>"
    yield "<p>Een vraag geldt als afgewezen als de bot hem buiten bereik vindt, of niet zeker genoeg is. "
    yield f"Er zijn {whole(outside)} vragen buiten bereik en {whole(inside)} erbinnen; een groet of praatje telt niet mee.</p>"
    if not outside or not inside:
        yield "<p>Daarmee is geen curve te maken.</p>"
        return
    alt = "Lijn: een hogere drempel herkent meer vragen buiten bereik, maar wijst ook meer vragen erbinnen af. "
    caption = "Herkend buiten bereik tegen ten onrechte afgewezen, per drempel (de getallen bij de punten)."
    yield _figure(pictures.boundary(points, own), f"{alt}De tabel hieronder geeft de cijfers.", caption)
    rows = [
        [_threshold(p.threshold, own), percent(p.recognised.value), percent(p.refused.value),
         whole(p.recognised.hits), whole(p.refused.hits)]
        for p in points
    ]  # fmt: skip
    head = ["drempel", "buiten bereik herkend", "binnen bereik afgewezen", "aantal herkend", "aantal afgewezen"]
    yield _table("Drempel, herkende vragen buiten bereik en afgewezen vragen erbinnen", head, rows)


def _threshold(value: float, own: float | None) -> str:
    return f"{value:.2f}".replace(".", ",") + (" (ingesteld)" if value == own else "")


def _labels(predictions: list[Prediction]) -> Iterator[str]:
    yield "<p>Precisie: welk deel van wat als dit label herkend werd, klopte. Vangst: welk deel van de vragen met dit "
    yield "label herkend werd. F1 weegt beide. Het slechtste staat bovenaan.</p>"
    rows = [
        [s.label, percent(s.precision), percent(s.recall), percent(s.f1), whole(s.n), whole(s.predicted)]
        for s in measures.label_scores(predictions)
    ]
    rows.append(["gemiddelde van alle labels", "", "", percent(measures.macro_f1(predictions)), "", ""])
    yield _table("Per intent", ["intent", "precisie", "vangst", "F1", "aantal (n)", "zo vaak herkend"], rows)


def _failed_cases(results: list[CaseResult]) -> Iterator[str]:
    wrong = [result for result in results if not result.right]
    if not wrong:
        yield "<p>Geen.</p>"
        return
    yield f"<p>{len(wrong)} van de {len(results)} gesprekken. Achter een reden staan de patronen die in het antwoord "
    yield "verwacht werden, of er juist niet in mochten staan.</p>"
    for result in wrong:
        case = result.case
        yield f"<article><h3>{escape(case.id)} ({escape(case.topic)}, {escape(case.style)})</h3>\n<ol>"
        for turn in result.turns:
            yield from _turn(turn)
        yield "</ol></article>"


def _turn(turn: Judged) -> Iterator[str]:
    yield f"<li>Vraag: <blockquote>{escape(turn.turn.user)}</blockquote>"
    yield f"Antwoord (uitkomst: {escape(turn.outcome or 'geen')}): <blockquote>{escape(turn.text)}</blockquote>"
    for reason in turn.faults:
        yield f'<p class="wrong">Fout: {escape(reason)}</p>'
    yield "</li>" if turn.faults else "<p>Goed.</p></li>"


def _failed_questions(predictions: list[Prediction]) -> Iterator[str]:
    wrong = [p for p in predictions if not p.right]
    if not wrong:
        yield "<p>Geen.</p>"
        return
    yield f"<p>{whole(len(wrong))} van de {whole(len(predictions))} vragen, per bedoelde onderwerpgroep. Bovenaan staat "
    yield "waar de bot het zekerst van was.</p>"
    for topic in sorted({measures.topic_of(p.expected) for p in wrong}):
        group = sorted((p for p in wrong if measures.topic_of(p.expected) == topic), key=lambda p: -p.confidence)
        yield f"<details><summary>{escape(topic)}: {whole(len(group))} fout</summary>\n<ul>"
        for p in group:
            yield (
                f"<li>{escape(p.text)}<br>bedoeld: <code>{escape(p.expected)}</code>, "
                f"herkend: <code>{escape(p.got)}</code> (zekerheid {percent(p.confidence)})</li>"
            )
        yield "</ul></details>"
