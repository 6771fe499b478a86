"""Reading reports that were written before."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from eval.answers import check_answer
from eval.bootstrap import Estimate
from eval.calibration import Bin
from eval.errors import ReportError
from eval.report import FORMAT, CaseResult, Report
from eval.scorers import Score
from eval.types import CATEGORIES

FILE = "report.json"
T = TypeVar("T")


def load_report(path: str | Path) -> Report:
    """Read a report.

    Args:
        path: what `assistant-eval run --json` wrote, or a run folder with a `report.json`.

    Raises:
        ReportError: there is none, or it has another form.
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    try:
        form = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReportError(
            f"{file}: expected a report, found nothing. Make one with: "
            f"assistant-eval run DATASET --json {file}"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ReportError(
            f"{file}: expected a report in JSON, and it could not be read ({error}). "
            "Run the evaluation again."
        ) from error
    try:
        return report_from(form)
    except ReportError as error:
        raise ReportError(f"{file}: {error}") from error


def report_from(form: object) -> Report:
    """The report that `Report.to_dict` wrote.

    Raises:
        ReportError: it is no report of this format.
    """
    if not isinstance(form, Mapping) or form.get("format") != FORMAT:
        found = form.get("format", "none") if isinstance(form, Mapping) else "no object"
        if type(found) is int and found > FORMAT:
            raise ReportError(
                f"expected a report of format {FORMAT}, found format {found}. A newer release made "
                "it, and it is left as it is: use that one, or run the evaluation again."
            )
        raise ReportError(
            f"expected a report of format {FORMAT}, found format {found}. Run the evaluation again "
            "with this release."
        )
    try:
        return _report(form)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(
            f"expected a report as assistant-eval writes it, found something else "
            f"({type(error).__name__}: {error}). Run the evaluation again."
        ) from error


def _report(form: Mapping[str, Any]) -> Report:
    calibration, curve, system = form["calibration"], form["risk_coverage"], form.get("system")
    if system is not None and not isinstance(system, Mapping):
        raise TypeError("'system' is no object")  # reports of earlier releases do not have it
    return Report(
        dataset=str(form["dataset"]),
        model=str(form["model"]),
        created=str(form["created"]),
        version=str(form["version"]),
        k=int(form["k"]),
        system=system,
        summary=_summary(form["summary"]),
        by_category={name: _summary(part) for name, part in form["by_category"].items()},
        calibration=calibration and tuple(_made(Bin, each) for each in calibration["bins"]),
        risk_coverage=curve and tuple((float(c), float(r)) for c, r in curve["points"]),
        cases=tuple(_case(case) for case in form["cases"]),
    )


def _summary(form: Mapping[str, Any]) -> dict[str, Estimate]:
    return {name: _made(Estimate, found) for name, found in form.items()}


def _case(form: Mapping[str, Any]) -> CaseResult:
    answer, error, right = form["answer"], form["error"], form["right"]
    if form["category"] not in CATEGORIES:
        raise TypeError(f"'category' is none of {', '.join(CATEGORIES)}")
    if answer is not None:
        check_answer(answer, _refuse)
    if not isinstance(error, str | None) or not isinstance(right, bool | None):
        raise TypeError("'error' is no text, or 'right' not true or false")
    return CaseResult(
        id=str(form["id"]),
        category=form["category"],
        question=str(form["question"]),
        history=tuple((str(asked), str(said)) for asked, said in form["history"]),
        answer=answer,
        error=error,
        right=right,
        scores={name: _made(Score, score) for name, score in form["scores"].items()},
    )


def _made(kind: type[T], form: object) -> T:
    """A dataclass from its JSON, each field of the type it has."""
    made: T = _reader(kind).validate_python(form)  # type: ignore[arg-type]  # it is hashable
    return made


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 -- a class, which is hashable
    return TypeAdapter(kind)


def _refuse(problem: str) -> None:
    raise ValueError(problem)
