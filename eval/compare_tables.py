"""A comparison as tables, for a terminal and in Markdown."""

from collections.abc import Callable, Sequence
from textwrap import wrap

from eval.comparison import Comparison, Flip, MetricComparison, Run
from eval.grid import Row, columns, escape, markdown
from eval.metric_names import is_share

LISTED = 10
"""How many cases are listed of each kind of change; `to_dict` has all."""
NAMED = 5
"""How many on one line."""

Escape = Callable[[str], str]


def comparison_as_text(comparison: Comparison) -> str:
    """Which runs, the metrics side by side, and the cases that changed."""
    return "\n".join(
        [
            *_headlines(comparison, str),
            "",
            *columns(_rows(comparison)),
            "",
            *_notes(comparison),
            *(f"\n{title}\n{body}" for title, body in _changes(comparison, str)),
        ]
    )


def comparison_as_markdown(comparison: Comparison) -> str:
    """The same in Markdown."""
    headlines = [f"- {line}" for line in _headlines(comparison, escape)]
    changes = [f"\n**{title}**\n\n{body}" for title, body in _changes(comparison, escape)]
    return "\n".join(
        [*headlines, "", *markdown(_rows(comparison)), "", *_notes(comparison), *changes]
    )


def _headlines(comparison: Comparison, escaped: Escape) -> list[str]:
    lines = [
        f"A: {_run(comparison.a, escaped)}",
        f"B: {_run(comparison.b, escaped)}",
        f"{comparison.n} cases in both",
    ]
    for side, ids in (("A", comparison.only_in_a), ("B", comparison.only_in_b)):
        if ids:
            lines.append(f"{len(ids)} only in {side}: {_shortened([escaped(key) for key in ids])}")
    return lines


def _run(run: Run, escaped: Escape) -> str:
    made = f", {run.created}" if run.created else ""
    return escaped(f"{run.dataset}, model {run.model}, {run.cases} cases{made}")


def _rows(comparison: Comparison) -> list[Row]:
    header = ("metric", "n", "A", "B", "B - A", "95 % interval", "p", "p (Holm)", "change")
    return [header, *map(_row, comparison.metrics)]


def _row(metric: MetricComparison) -> Row:
    interval = "-"
    if metric.low is not None and metric.high is not None:
        interval = f"{metric.low:+.3f} to {metric.high:+.3f}"
    return (
        metric.name,
        str(metric.n),
        _number(metric.a),
        _number(metric.b),
        "-" if metric.difference is None else f"{metric.difference:+.3f}",
        interval,
        _p(metric.p),
        _p(metric.p_holm),
        metric.change,
    )


def _notes(comparison: Comparison) -> list[str]:
    notes = (
        "Means over the n cases that both runs score. p: of a paired randomization test, then "
        "adjusted for the number of metrics (Holm); where that is .05 or more, a change is unclear."
    )
    left_out = [f"{m.name} {m.n_one_only}" for m in comparison.metrics if m.n_one_only]
    if left_out:
        notes += f" Cases scored in one run only, and left out: {', '.join(left_out)}."
    return wrap(notes, 100)


def _changes(comparison: Comparison, escaped: Escape) -> list[tuple[str, str]]:
    """Titles, and the cases that changed."""
    found = []
    for title, flips in (
        ("Answered, abstained or failed", comparison.statuses),
        ("Right or wrong", comparison.verdicts),
    ):
        if flips:
            lines = [
                f"- {escaped(flip.id)}: {flip.a} -> {flip.b}: "
                f"{escaped(comparison.questions[flip.id])}"
                for flip in flips[:LISTED]
            ]
            if len(flips) > LISTED:
                lines.append(f"- ... and {len(flips) - LISTED} more")
            found.append((f"{title}: {len(flips)} changed", "\n".join(lines)))
    scores = [line for metric in comparison.metrics for line in _score_lines(metric, escaped)]
    if scores:
        found.append(("Cases by score", "\n".join(scores)))
    return found


def _score_lines(metric: MetricComparison, escaped: Escape) -> list[str]:
    """The cases with a worse and with a better score; seconds and tokens differ in every case."""
    if not is_share(metric.name):
        return []
    return [
        f"- {escaped(metric.name)}, {len(flips)} {word}: "
        f"{_shortened([_flip(flip, escaped) for flip in flips])}"
        for word, flips in (("worse", metric.worse), ("better", metric.better))
        if flips
    ]


def _flip(flip: Flip[float], escaped: Escape) -> str:
    return f"{escaped(flip.id)} ({flip.a:.3f} -> {flip.b:.3f})"


def _shortened(parts: Sequence[str]) -> str:
    rest = f" and {len(parts) - NAMED} more" if len(parts) > NAMED else ""
    return ", ".join(parts[:NAMED]) + rest


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _p(value: float | None) -> str:
    """At least four digits: the least drawn p-value is 0.0001."""
    return "-" if value is None else f"{value:.4f}"
