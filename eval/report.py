"""The result of an evaluation, as a value."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.bootstrap import Estimate
from eval.calibration import Bin
from eval.scorers import K, Score
from eval.types import Category
from eval.usage import prompt_versions, summed_usage

if TYPE_CHECKING:
    from eval.types import Dataset

FORMAT = 2
"""Of the JSON; 1 had no confidence, no questions and seven scores."""

Summary = Mapping[str, Estimate]
"""Estimates by the names of the scores."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case with its answer and scores."""

    id: str
    category: Category
    question: str
    history: tuple[tuple[str, str], ...]
    answer: Mapping[str, Any] | None
    """In the form of `Answer.to_dict()`; None when the system failed."""
    error: str | None
    """How the system failed; None when it did not."""
    right: bool | None
    """See `eval.rightness`; None when nothing was answered."""
    scores: Mapping[str, Score]

    @property
    def seconds(self) -> float | None:
        """How long the answer took by its own `timings`, if it says so."""
        total = ((self.answer or {}).get("timings") or {}).get("total")
        return None if total is None else float(total)

    @property
    def confidence(self) -> float | None:
        """How sure the system was of its answer, if it says so."""
        confidence = (self.answer or {}).get("confidence")
        return None if confidence is None else float(confidence)

    def to_dict(self) -> dict[str, Any]:
        """The form of a report's `cases`."""
        return {
            "id": self.id,
            "category": self.category,
            "question": self.question,
            "history": [list(turn) for turn in self.history],
            "answer": dict(self.answer) if self.answer is not None else None,
            "error": self.error,
            "right": self.right,
            "scores": {name: score.to_dict() for name, score in self.scores.items()},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found."""

    dataset: str
    model: str
    """As the answers name it; several names are joined by commas."""
    summary: Summary
    by_category: Mapping[str, Summary]
    """The same for each category that has cases, without the scores of a run as a whole."""
    cases: tuple[CaseResult, ...]
    calibration: tuple[Bin, ...] | None = None
    """None where no answer has a confidence."""
    risk_coverage: tuple[tuple[float, float], ...] | None = None
    """Points (coverage, risk); None where no answer has a confidence."""
    created: str = ""
    """When, as an ISO date and time in UTC."""
    version: str = ""
    """Of this package."""
    k: int = K
    """How many passages the scores of retrieval looked at."""
    system: Mapping[str, Any] | None = None
    """The options that the answers depend on, as far as whoever ran it told them."""

    @property
    def prompts(self) -> dict[str, int] | None:
        """The versions of a chat model's prompts, as the answers tell; None where none does."""
        return prompt_versions(self._answers)

    @property
    def usage(self) -> dict[str, float] | None:
        """Tokens, calls and cost of all answers; None where none tells (`eval.usage`)."""
        return summed_usage(self._answers)

    @property
    def _answers(self) -> list[Mapping[str, Any]]:
        return [case.answer for case in self.cases if case.answer is not None]

    @property
    def errors(self) -> dict[str, str]:
        """Messages of the cases on which the system failed, by case id."""
        return {case.id: case.error for case in self.cases if case.error is not None}

    def latency(self, quantile: float) -> float | None:
        """Seconds an answer took, at this quantile; None when no answer has timings."""
        seconds = [case.seconds for case in self.cases if case.seconds is not None]
        if not seconds:
            return None
        import numpy as np

        return float(np.quantile(seconds, quantile))

    def to_dict(self) -> dict[str, Any]:
        """The form `assistant-eval run --json` writes; `errors` is there when a case failed."""
        form: dict[str, Any] = {
            "format": FORMAT,
            "dataset": self.dataset,
            "model": self.model,
            "created": self.created,
            "version": self.version,
            "k": self.k,
            "system": dict(self.system) if self.system is not None else None,
            "prompts": self.prompts,
            "usage": self.usage,
            "summary": _summary_to_dict(self.summary),
            "by_category": {
                category: _summary_to_dict(summary)
                for category, summary in self.by_category.items()
            },
            "calibration": self.calibration and {"bins": [b.to_dict() for b in self.calibration]},
            "risk_coverage": self.risk_coverage and {"points": _points(self.risk_coverage)},
            "cases": [case.to_dict() for case in self.cases],
        }
        if self.errors:
            form["errors"] = [{"id": key, "error": text} for key, text in self.errors.items()]
        return form

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> "Report":
        """The report that `to_dict` wrote.

        Raises:
            ReportError: it is no report of this format.
        """
        from eval.report_files import report_from  # it needs this class

        return report_from(form)

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_text(self) -> str:
        """Tables for a terminal."""
        from eval.tables import report_as_text

        return report_as_text(self)

    def to_markdown(self) -> str:
        """Tables in Markdown."""
        from eval.tables import report_as_markdown

        return report_as_markdown(self)

    def to_html(self, dataset: "Dataset | None" = None, baseline: "Report | None" = None) -> str:
        """One self-contained page.

        Args:
            dataset: the one that was evaluated: quotes are then shown in their documents.
            baseline: an earlier report to show differences from.
        """
        from eval.html import render_report

        return render_report(self, dataset=dataset, baseline=baseline)

    def to_junit(self) -> str:
        """JUnit XML, as CI servers show it."""
        from eval.junit import to_junit

        return to_junit(self)

    def require(
        self,
        minimum: Mapping[str, float] | None = None,
        maximum: Mapping[str, float] | None = None,
    ) -> None:
        """Nothing, if the scores are within these bounds.

        Raises:
            GateError: listing each score that is not, or was not scored.
        """
        __tracebackhide__ = True  # pytest then points at the caller's line
        from eval.gate import require

        require(self, minimum or {}, maximum or {})


def _summary_to_dict(summary: Summary) -> dict[str, Any]:
    return {name: found.to_dict() for name, found in summary.items()}


def _points(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [[round(coverage, 6), round(risk, 6)] for coverage, risk in points]
