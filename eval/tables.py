"""A report as tables, for a terminal and in Markdown."""

from eval.bootstrap import Estimate
from eval.report import Report

Row = tuple[str, ...]


def report_as_text(report: Report) -> str:
    """The summary with intervals, then the scores by category, in plain columns."""
    parts = [
        _headline(report),
        "",
        *_columns(_summary_rows(report)),
        "",
        *_columns(_split_header(_category_rows(report))),
    ]
    return "\n".join(parts)


def report_as_markdown(report: Report) -> str:
    """The same as Markdown tables."""
    parts = [
        _headline(report),
        "",
        *_markdown(_summary_rows(report)),
        "",
        *_markdown(_category_rows(report)),
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


def _summary_rows(report: Report) -> list[Row]:
    rows: list[Row] = [("score", "value", "95 % interval", "n")]
    for name, found in report.summary.items():
        rows.append((name, _number(found.value), _interval(found), str(found.n)))
    return rows


def _category_rows(report: Report) -> list[Row]:
    rows: list[Row] = [("category", "cases", *report.summary)]
    for category, summary in report.by_category.items():
        count = sum(case.category == category for case in report.cases)
        values = (_number(found.value) for found in summary.values())
        rows.append((category, str(count), *values))
    return rows


def _split_header(rows: list[Row]) -> list[Row]:
    """Column names over two lines, so that the table fits a terminal."""
    halves = [name.partition("_") for name in rows[0]]
    upper = tuple(first if rest else "" for first, _, rest in halves)
    lower = tuple(rest.replace("_", " ") or first for first, _, rest in halves)
    return [upper, lower, *rows[1:]]


def _columns(rows: list[Row]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _markdown(rows: list[Row]) -> list[str]:
    rule = ("---", *("---:" for _ in rows[0][1:]))
    return [
        f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in (rows[0], rule, *rows[1:])
    ]


def _escaped(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(found: Estimate) -> str:
    if found.low is None or found.high is None:
        return "-"
    return f"{found.low:.3f} to {found.high:.3f}"
