"""Two reports side by side: what `assistant-eval compare` finds, or else their plain scores."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import TypeAdapter

from assistant.web.cards import excerpt
from assistant.web.eval_run import RUN_ID
from assistant.web.markup import escape
from assistant.web.report_cards import LOWER_IS_BETTER, TITLES, figure, measured
from assistant.web.reports import HEADLINE, Report
from index.counting import plural

MOST_CHANGES = 100
"""Cases that changed, shown at most."""
NARROWEST = 0.1
"""The scale of the differences reaches at least so far to either side."""
NAMES = {
    **TITLES,
    "alce_recall": "ALCE citation recall",
    "alce_precision": "ALCE citation precision",
    "number_containment": "Numbers contained",
    "date_containment": "Dates contained",
    "name_containment": "Names contained",
    "negation_containment": "Negation kept",
    "checks_passed_rate": "Checks passed",
    "dropped_rate": "Sentences dropped",
    "repaired_rate": "Sentences repaired",
    "fallback_rate": "Fallbacks",
    "mrr": "Mean reciprocal rank",
}
LOWER = LOWER_IS_BETTER | {"dropped_rate", "repaired_rate", "fallback_rate"}
_SPELLED = {"ndcg": "nDCG", "iou": "IoU"}
CHANGES = {
    "better": "better",
    "worse": "worse",
    "same": "the same",
    "unclear": "no clear difference",
}


@dataclass(frozen=True, slots=True)
class Metric:
    """A score in both runs, over the cases that both score."""

    n: int
    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_holm: float | None
    change: Literal["better", "worse", "same", "unclear"]


@dataclass(frozen=True, slots=True)
class Change:
    """A case that is in B not what it is in A."""

    id: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows of a comparison as JSON."""

    n: int
    metrics: dict[str, Metric]
    statuses: tuple[Change, ...] = ()
    verdicts: tuple[Change, ...] = ()
    questions: dict[str, str] = field(default_factory=dict)


_FOUND = TypeAdapter(Found)


def found_in(text: str) -> Found:
    """A comparison from its JSON form.

    Raises:
        ValueError: it is something else.
    """
    return _FOUND.validate_json(text)


def compared(a: Report, b: Report, found: Found) -> str:
    """Differences with intervals, and the cases that changed."""
    main = [name for name in HEADLINE if name in found.metrics]
    others = [name for name in found.metrics if name not in HEADLINE]
    cases = plural(found.n, "question")
    more = ""
    if others:
        more = (
            f'<details class="v-eval-numbers"><summary>{plural(len(others), "other score")}'
            f"</summary>{_table(others, found, 'Other scores')}</details>"
        )
    return (
        f"{_runs(a, b)}<p class='v-eval-note'>Over the {cases} that both were asked. A difference "
        "is B minus A, with its 95 % interval; it counts as better or worse where chance is an "
        "unlikely reason (paired randomization test, Holm’s correction, 5 %).</p>"
        f"{_table(main, found, 'Differences')}{more}{_changes(found)}"
    )


def beside(a: Report, b: Report, reason: str) -> str:
    """The scores of two reports whose cases cannot be paired."""
    rows = "".join(
        f'<tr><th scope="row">{_title(name)}</th>'
        + "".join(
            f'<td><div class="v-score">{measured(getattr(each.summary.summary, name))}</div></td>'
            for each in (a, b)
            if each.summary is not None
        )
        + "</tr>"
        for name in HEADLINE
    )
    return (
        f'{_runs(a, b)}<p class="v-eval-note" dir="auto">Question by question they cannot be '
        f"compared, so their scores stand beside each other. {escape(reason)}</p>"
        '<table class="v-eval-compared"><caption class="v-unseen">Scores of both</caption><thead>'
        '<tr><th scope="col">Score</th><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def label_of(report: Report) -> str:
    """A report in a line of text, for a list to choose from."""
    summary = report.summary
    if summary is None:
        return report.path
    when = f"{summary.created:%Y-%m-%d %H:%M:%S}" if summary.created else "date not stated"
    folder, _, name = report.path.rpartition("/")
    is_plain = name == summary.dataset and (not folder or RUN_ID.fullmatch(folder))
    place = "" if is_plain or not report.path else f" · {report.path}"
    return excerpt(
        f"{summary.dataset} · {summary.model} · {plural(summary.cases, 'case')} · {when}{place}",
        200,
    )


def _runs(a: Report, b: Report) -> str:
    lines = "".join(
        f"<div><dt>{letter}</dt><dd><bdi>{escape(label_of(each))}</bdi></dd></div>"
        for letter, each in (("A", a), ("B", b))
    )
    return f'<dl class="v-eval-runs">{lines}</dl>'


def _table(names: Iterable[str], found: Found, caption: str) -> str:
    metrics = {name: found.metrics[name] for name in names}
    scale = _scale(metrics.values())
    rows = "".join(_row(name, metric, scale) for name, metric in metrics.items())
    return (
        f'<table class="v-eval-compared v-eval-diff"><caption class="v-unseen">{caption}</caption>'
        '<thead><tr><th scope="col">Score</th><th scope="col">A</th><th scope="col">B</th>'
        f'<th scope="col">Difference <span class="v-eval-n">(scale −{scale:g} to +{scale:g})</span>'
        '</th><th scope="col">B is</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(name: str, metric: Metric, scale: float) -> str:
    a, b = (_number(name, value) for value in (metric.a, metric.b))
    return (
        f'<tr><th scope="row">{_title(name)}</th><td data-of="A">{a}</td><td data-of="B">{b}</td>'
        f'<td class="v-eval-difference"><div class="v-score">{_difference(metric, scale)}</div>'
        f'</td><td class="v-eval-change v-eval-{metric.change}">{CHANGES[metric.change]}</td></tr>'
    )


def _difference(metric: Metric, scale: float) -> str:
    if metric.difference is None:
        return '<span class="v-figures v-soft">not scored in both</span>'
    low = metric.difference if metric.low is None else metric.low
    high = metric.difference if metric.high is None else metric.high
    places = {"value": metric.difference, "low": low, "high": high}
    style = ";".join(f"--{key}:{_place(value, scale):.2%}" for key, value in places.items())
    interval = f'<span class="v-interval">{_signed(low)} to {_signed(high)}</span>'
    return (
        f'<span class="v-eval-span" style="{style}" aria-hidden="true"></span>'
        f'<span class="v-figures"><b>{_signed(metric.difference)}</b> {interval}</span>'
    )


def _place(value: float, scale: float) -> float:
    """Where a difference stands on a scale whose middle is 0, from 0 to 1."""
    return min(max(0.5 + value / (2 * scale), 0.0), 1.0)


def _scale(metrics: Iterable[Metric]) -> float:
    ends = [abs(end) for m in metrics for end in (m.low, m.high, m.difference) if end is not None]
    widest = min(max([NARROWEST, *ends]), 1.0)
    return -(-round(widest * 1000) // 100) / 10  # up to the next tenth


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return figure(value) if 0 <= value <= 1 else f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−") if round(value, 3) else "0.000"


def title_of(name: str) -> str:
    """The name of a score, for people."""
    words = name.replace("_", " ").capitalize().split(" ")
    return NAMES.get(name) or " ".join(_SPELLED.get(word.lower(), word) for word in words)


def _title(name: str) -> str:
    note = ' <span class="v-aside">lower is better</span>' if name in LOWER else ""
    return f"{escape(title_of(name))}{note}"


def _changes(found: Found) -> str:
    """The cases whose answer became right or wrong, or that are answered in one run only."""
    lines = [*found.verdicts, *found.statuses]
    if not lines:
        return '<p class="v-eval-note">No question changed between right, wrong and declined.</p>'
    shown = "".join(
        f'<li><span class="v-eval-from">{escape(each.a)} → {escape(each.b)}</span> '
        f'<bdi dir="auto">{escape(excerpt(found.questions.get(each.id, each.id), 300))}</bdi></li>'
        for each in lines[:MOST_CHANGES]
    )
    left = len(lines) - MOST_CHANGES
    rest = f"<p>And {left:,} more: see assistant-eval compare.</p>" if left > 0 else ""
    verb = "question that changed" if len(lines) == 1 else "questions that changed"
    return (
        f'<details class="v-eval-numbers"><summary>{len(lines):,} {verb}</summary>'
        f'<ul class="v-eval-changes" role="list">{shown}</ul>{rest}</details>'
    )
