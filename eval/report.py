"""The result of an evaluation, as a value."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.bootstrap import Estimate
from eval.scorers import Score
from eval.types import Category

Summary = Mapping[str, Estimate]
"""Estimates by the names of the scores."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case with its answer and scores."""

    id: str
    category: Category
    answer: Mapping[str, Any] | None
    """In the form of `Answer.to_dict()`; None when the system failed."""
    error: str | None
    """How the system failed; None when it did not."""
    scores: Mapping[str, Score]

    @property
    def seconds(self) -> float | None:
        """How long the answer took by its own `timings`, if it says so."""
        total = ((self.answer or {}).get("timings") or {}).get("total")
        return None if total is None else float(total)

    def to_dict(self) -> dict[str, Any]:
        """The form of a report's `cases`."""
        return {
            "id": self.id,
            "answer": dict(self.answer) if self.answer is not None else None,
            "scores": {
                name: {"value": score.value, "explanation": score.explanation}
                for name, score in self.scores.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found."""

    dataset: str
    model: str
    """As the answers name it; several names are joined by commas."""
    summary: Summary
    by_category: Mapping[str, Summary]
    """The same for each category that has cases."""
    cases: tuple[CaseResult, ...]

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
            "dataset": self.dataset,
            "model": self.model,
            "summary": _summary_to_dict(self.summary),
            "by_category": {
                category: _summary_to_dict(summary)
                for category, summary in self.by_category.items()
            },
            "cases": [case.to_dict() for case in self.cases],
        }
        if self.errors:
            form["errors"] = [{"id": key, "error": text} for key, text in self.errors.items()]
        return form

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


def _summary_to_dict(summary: Summary) -> dict[str, Any]:
    return {name: found.to_dict() for name, found in summary.items()}
