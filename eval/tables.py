"""A report as tables, for a terminal and in Markdown."""

from collections.abc import Callable, Sequence

from eval.bootstrap import Estimate
from eval.grid import Row, columns, markdown
from eval.report import Report
from eval.scorers import HEADLINE, metric
from eval.usage import spent

Table = Callable[[Sequence[Row]], list[str]]


def report_as_text(report: Report) -> str:
    """The summary with intervals, then the headline scores by category, in plain columns."""
    rows = _category_rows(report)
    return _joined(report, columns, [*_split_header(rows[0]), *rows[1:]])


def report_as_markdown(report: Report) -> str:
    """The same as Markdown tables."""
    return _joined(report, markdown, _category_rows(report))


def reports_as_text(reports: Sequence[Report]) -> str:
    """The scores of several datasets side by side, with their mean."""
    rows: list[Row] = [("score", *(report.dataset for report in reports), "mean")]
    for name in reports[0].summary:
        values = [report.summary[name].value for report in reports if name in report.summary]
        scored = [value for value in values if value is not None]
        mean = sum(scored) / len(scored) if scored else None
        rows.append((name, *map(number, values), number(mean)))
    return "\n".join(columns(rows))


def number(value: float | None) -> str:
    """Three digits; a dash for what was not scored."""
    return "-" if value is None else f"{value:.3f}"


def _joined(report: Report, table: Table, categories: Sequence[Row]) -> str:
    parts = [
        _headline(report),
        *_spent(report),
        "",
        *table(_summary_rows(report)),
        "",
        *table(categories),
    ]
    return "\n".join(parts)


def _headline(report: Report) -> str:
    line = f"Dataset {report.dataset}, model {report.model}, {len(report.cases)} cases"
    if report.errors:
        line += f", {len(report.errors)} failed"
    p50, p95 = report.latency(0.5), report.latency(0.95)
    if p50 is None or p95 is None:
        return line
    return f"{line}, latency p50 {p50:.3f} s, p95 {p95:.3f} s"


def _spent(report: Report) -> list[str]:
    """A line of what a chat model took; none where no answer tells."""
    told = spent(report.usage)
    return [f"Chat model: {told}"] if told else []


def _summary_rows(report: Report) -> list[Row]:
    rows: list[Row] = [("score", "value", "95 % interval", "n")]
    for name, found in report.summary.items():
        better = "" if metric(name).is_better_high else " (less is better)"
        rows.append((f"{name}{better}", number(found.value), _interval(found), str(found.n)))
    return rows


def _category_rows(report: Report) -> list[Row]:
    names = [name for name in HEADLINE if name in report.summary]
    rows: list[Row] = [("category", "cases", *names)]
    for category, summary in report.by_category.items():
        count = sum(case.category == category for case in report.cases)
        rows.append((category, str(count), *(number(summary[name].value) for name in names)))
    return rows


def _split_header(header: Row) -> list[Row]:
    """Column names over two lines, so that the table fits a terminal."""
    halves = [name.partition("_") for name in header]
    upper = tuple(first if rest else "" for first, _, rest in halves)
    lower = tuple(rest.replace("_", " ") or first for first, _, rest in halves)
    return [upper, lower]


def _interval(found: Estimate) -> str:
    if found.low is None or found.high is None:
        return "-"
    return f"{found.low:.3f} to {found.high:.3f}"
