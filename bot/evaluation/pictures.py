"""Pictures for the report, as SVG in a data URI. Each of them also stands in the report as a table."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.evaluation.measures import BoundaryPoint, ConfidencePoint, Matrix

_INK, _MARK = "#12406b", "#b3261e"


def _data_uri(figure: Figure) -> str:
    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "loopbaanbot"}):
        figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]  # Without the address of a document type, which nobody needs.
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height))
    return figure, figure.add_subplot()


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"


def topics(matrix: Matrix) -> str:
    """The confusion of topic groups: each row as parts of its questions."""
    size = len(matrix.names)
    parts = [[count / (sum(row) or 1) for count in row] for row in matrix.counts]
    figure, axes = _axes(2.5 + 0.62 * size, 2 + 0.52 * size)
    edges = [index - 0.5 for index in range(size + 1)]
    axes.pcolormesh(edges, edges, parts, cmap="Blues", vmin=0, vmax=1)
    axes.invert_yaxis()
    axes.set_xticks(range(size))
    axes.set_xticklabels(matrix.names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(size))
    axes.set_yticklabels(matrix.names)
    axes.set_xlabel("herkend als")
    axes.set_ylabel("bedoeld")
    for row, values in enumerate(parts):
        for column, part in enumerate(values):
            if matrix.counts[row][column]:
                text = _percent(part) if part >= 0.005 else "<1%"
                axes.text(column, row, text, ha="center", va="center", fontsize=8, color="w" if part > 0.5 else "k")
    return _data_uri(figure)


def _curve(
    points: Sequence[tuple[float, float, float]], own: float | None, x_label: str, y_label: str, y_from_zero: bool
) -> str:
    figure, axes = _axes(7, 4.2)
    axes.plot([100 * x for _, x, _ in points], [100 * y for _, _, y in points], "o-", color=_INK, markersize=4)
    for index, (threshold, x, y) in enumerate(points):
        chosen = threshold == own
        if chosen:
            axes.plot([100 * x], [100 * y], "D", color=_MARK, markersize=9)
        if chosen or index % 2 == 0:
            label = f"{threshold:.2f}".replace(".", ",") + (" (ingesteld)" if chosen else "")
            color = _MARK if chosen else "k"
            axes.annotate(label, (100 * x, 100 * y), (6, 6), textcoords="offset points", fontsize=8, color=color)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    if y_from_zero:
        axes.set_ylim(bottom=0)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, position: f"{value:g}".replace(".", ","))
    axes.margins(0.09)
    axes.grid(alpha=0.3)
    return _data_uri(figure)


def confidence(points: Sequence[ConfidencePoint], own: float | None) -> str:
    """Coverage against the share of wrong answers; the numbers are thresholds."""
    values = [(p.threshold, p.answered.value, p.wrong.value) for p in points if p.answered.hits]
    return _curve(values, own, "beantwoord (% van de vragen)", "fout (% van wat beantwoord is)", True)


def boundary(points: Sequence[BoundaryPoint], own: float | None) -> str:
    """Refused questions inside the scope against recognised ones outside; the numbers are thresholds."""
    values = [(p.threshold, p.refused.value, p.recognised.value) for p in points]
    return _curve(values, own, "ten onrechte afgewezen (% van binnen bereik)", "herkend (% van buiten bereik)", False)
