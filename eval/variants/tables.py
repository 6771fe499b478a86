"""What a test of robustness found, as one table for a terminal and in Markdown."""

from eval.grid import Row, columns, markdown
from eval.variants.findings import Measure, RobustnessReport

_HEAD: Row = (
    "variant",
    "score",
    "without",
    "with it",
    "95 % interval",
    "change",
    "95 % interval",
    "cases",
)


def as_text(report: RobustnessReport) -> str:
    """The table in plain columns, with a line for each kind that was skipped."""
    lines = columns(_rows(report), left=2)
    return "\n".join([_headline(report), "", *lines, *_skipped(report)])


def as_markdown(report: RobustnessReport) -> str:
    """The same in Markdown."""
    return "\n".join([_headline(report), "", *markdown(_rows(report)), *_skipped(report)])


def _headline(report: RobustnessReport) -> str:
    line = f"Dataset {report.dataset}, model {report.model}, {len(report.clean.cases)} cases, "
    line += f"seed {report.seed}"
    return f"{line}, {len(report.errors)} failed" if report.errors else line


def _skipped(report: RobustnessReport) -> list[str]:
    lines = [f"No variant {kind}: {reason}" for kind, reason in report.skipped.items()]
    return ["", *lines] if lines else []


def _rows(report: RobustnessReport) -> list[Row]:
    rows = [_HEAD]
    for finding in report.variants:
        rows += [_row(finding.record.kind, measure) for measure in finding.measures]
    return rows


def _row(kind: str, measure: Measure) -> Row:
    found, change = measure.found, measure.change
    return (
        kind,
        measure.name,
        "-" if change is None else f"{change.a:.3f}",
        _number(found.value),
        _interval(found.low, found.high),
        "-" if change is None else f"{change.value:+.3f}",
        "-" if change is None else _interval(change.low, change.high, sign="+"),
        _cases(measure),
    )


def _cases(measure: Measure) -> str:
    """How many cases are scored and, where it is another number, in how many both times."""
    if measure.change is None or measure.n_paired == measure.found.n:
        return str(measure.found.n)
    return f"{measure.found.n} ({measure.n_paired})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None, sign: str = "") -> str:
    if low is None or high is None:
        return "-"
    return f"{low:{sign}.3f} to {high:{sign}.3f}"
