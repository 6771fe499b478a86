"""The page: what is on it, put together from the report, and made into one file."""

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.html.cases import CaseBuilder, CaseView
from eval.html.figures import figures
from eval.html.intervals import interval_axis
from eval.html.metrics import (
    CategoryRow,
    category_rows,
    grouped,
    is_headline,
    metric_rows,
    shown_metrics,
)
from eval.html.quotes import Sources
from eval.html.verdicts import (
    LABELS,
    UNDECLINED,
    Outcome,
    outcome_bars,
    outcome_of,
    quote_bar,
    story,
)
from eval.html.wording import list_of, mapping_of, moment_text, number_of, text_of
from eval.scorers import Metric
from eval.types import Dataset
from eval.usage import spent
from index.counting import plural

if TYPE_CHECKING:
    from jinja2 import Template

    from eval.report import Report

FILTERS = {
    **LABELS,
    UNDECLINED: "wrong: should have declined",
    "inexact": "with an inexact quote",
    "worse": "worse than the baseline",
    "better": "better than the baseline",
}
"""What cases can be filtered by, as tokens and as words."""

_FOLDER = Path(__file__).parent


def render_report(
    report: "Report", dataset: Dataset | None = None, baseline: "Report | None" = None
) -> str:
    """A report as one HTML page that needs no network.

    All text of documents, questions and answers is escaped, and the page's own policy lets no
    script run but its own.

    Args:
        report: what an evaluation found.
        dataset: the dataset it is about. With it quotes are checked again and shown in the context
            of their document, beside the gold evidence; without it as the answers give them.
        baseline: an earlier report, to show what has changed since.
    """
    return render_form(report.to_dict(), dataset, baseline.to_dict() if baseline else None)


def render_form(
    report: Mapping[str, Any],
    dataset: Dataset | None = None,
    baseline: Mapping[str, Any] | None = None,
) -> str:
    """The same for reports in the form of `Report.to_dict()`."""
    script = _read("report.js")
    page = _template().render(
        style=_read("report.css"),
        script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        **_header(report, baseline),
        **_scores(report, baseline),
        figures=figures(report),
        **_cases(report, dataset, baseline),
    )
    return page.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no text


def _header(report: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> dict[str, Any]:
    count = plural(len(list_of(report.get("cases"))), "case")
    facts = [count]
    if created := text_of(report.get("created")):
        facts.append(moment_text(created))
    if version := text_of(report.get("version")):
        facts.append(f"verbatim-assistant {version}")
    facts += _of_a_model(report)
    return {
        "model": text_of(report.get("model")),
        "dataset": text_of(report.get("dataset")),
        "facts": facts,
        "baseline": _baseline_name(baseline) if baseline else "",
    }


def _of_a_model(report: Mapping[str, Any]) -> list[str]:
    """What a chat model took, and the prompts it was given; nothing where none was asked."""
    usage = mapping_of(report.get("usage"))
    told = spent({name: found for name in usage if (found := number_of(usage[name])) is not None})
    prompts = ", ".join(f"{name} {v}" for name, v in mapping_of(report.get("prompts")).items())
    return [fact for fact in (told, f"prompts {prompts}" if prompts else "") if fact]


def _baseline_name(baseline: Mapping[str, Any]) -> str:
    created = text_of(baseline.get("created"))
    name = f"{text_of(baseline.get('model'))} on {text_of(baseline.get('dataset'))}"
    return f"{name}, {moment_text(created)}" if created else name


def _scores(report: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> dict[str, Any]:
    metrics = shown_metrics(report)
    rows = metric_rows(metrics, report, baseline)
    by_category = category_rows(metrics, report)
    counts = Counter(mapping_of(case).get("category") for case in list_of(report.get("cases")))
    names = list(mapping_of(report.get("by_category")))
    return {
        "headline": [row for row in rows if is_headline(row.metric)],
        "groups": grouped(rows),
        "axis": interval_axis(),
        "categories": [(name, counts[name]) for name in names],
        "category_headline": [row for row in by_category if is_headline(row.metric)],
        "category_groups": grouped(_by_category(by_category)),
    }


def _by_category(rows: Sequence[CategoryRow]) -> list[CategoryRow]:
    """The rows below the headline that say something of categories, not of the run as a whole."""
    return [
        row for row in rows if not is_headline(row.metric) and any(cell.n for cell in row.cells)
    ]


def _cases(
    report: Mapping[str, Any], dataset: Dataset | None, baseline: Mapping[str, Any] | None
) -> dict[str, Any]:
    gold = {case.id: case for case in dataset.cases} if dataset else {}
    answerable = {key: case.is_answerable for key, case in gold.items()}
    outcomes = _outcomes(report, answerable)
    before = _outcomes(baseline or {}, answerable)
    metrics = shown_metrics(report)
    builder = CaseBuilder(metrics, Sources(dataset))
    cases = [
        builder.view(key, case, gold.get(case["id"]), outcomes[case["id"]], before.get(case["id"]))
        for key, case in enumerate(list_of(report.get("cases")), start=1)
    ]
    verdicts, quotes = list(outcomes.values()), _exact_quotes(report)
    tokens = Counter(token for case in cases for token in case.marks.tokens.split())
    return {
        "cases": cases,
        "scored": [(index, m) for index, m in enumerate(metrics) if _is_scored(m, report)],
        "ranks": _ranks(cases),
        "filters": [(name, words, tokens[name]) for name, words in FILTERS.items() if tokens[name]],
        "bars": [*outcome_bars(verdicts), *([quote_bar(*quotes)] if quotes[1] else [])],
        "story": story(verdicts, quotes),
        "failures": [case for case in cases if case.outcome.verdict == "failed"],
        "has_documents": dataset is not None,
    }


def _is_scored(metric: Metric, report: Mapping[str, Any]) -> bool:
    """Whether cases can be filtered by it: a share that some case has."""
    return metric.unit == "share" and any(
        number_of(mapping_of(mapping_of(case.get("scores")).get(metric.name)).get("value"))
        is not None
        for case in list_of(report.get("cases"))
    )


def _outcomes(report: Mapping[str, Any], answerable: Mapping[str, bool]) -> dict[str, Outcome]:
    return {
        case["id"]: outcome_of(case, answerable.get(case["id"]))
        for case in list_of(report.get("cases"))
    }


def _ranks(cases: Sequence[CaseView]) -> dict[int, int]:
    """Places from the worst case to the best, by the cases' keys."""
    order = list(LABELS)

    def badness(case: CaseView) -> tuple[object, ...]:
        return not case.marks.is_bad, order.index(case.outcome.verdict), case.merit, case.key

    return {case.key: rank for rank, case in enumerate(sorted(cases, key=badness))}


def _exact_quotes(report: Mapping[str, Any]) -> tuple[int, int]:
    """How many quotes of all cases are exact, and how many there are."""
    exact, total = 0, 0
    for case in list_of(report.get("cases")):
        score = mapping_of(mapping_of(case.get("scores")).get("quote_exactness"))
        if (value := number_of(score.get("value"))) is not None:
            count = int(number_of(score.get("weight")) or 1)
            total += count
            exact += round(value * count)
    return exact, total


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja")
