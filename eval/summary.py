"""From the scores of cases to those of a run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from eval.bootstrap import Estimate, estimate, estimate_quantile, estimate_statistic
from eval.calibration import (
    Told,
    answerability_auc,
    area_under_risk_coverage,
    expected_calibration_error,
)
from eval.report import CaseResult
from eval.scorers import Score
from eval.usage import AnswerForm, first_token_overhead, held_back, overhead


def summarize(results: Sequence[CaseResult], names: Iterable[str]) -> dict[str, Estimate]:
    """The mean of each score over its cases, with intervals."""
    return {name: estimate(result.scores[name] for result in results) for name in names}


def summarize_run(results: Sequence[CaseResult], told: Sequence[Told]) -> dict[str, Estimate]:
    """The scores of a run as a whole: calibration and cost.

    Args:
        results: all cases.
        told: the cases that carry a confidence.
    """
    answered = [each for each in told if each.is_right is not None]
    seconds = [result.seconds for result in results if result.seconds is not None]
    beyond, first = _told(results, overhead), _told(results, first_token_overhead)
    held = _told(results, held_back)
    return {
        "ece": estimate_statistic(answered, expected_calibration_error),
        "aurc": estimate_statistic(answered, area_under_risk_coverage),
        "answerability_auc": estimate_statistic(told, answerability_auc),
        "latency_p50": estimate_quantile(seconds, 0.5),
        "latency_p95": estimate_quantile(seconds, 0.95),
        "overhead_p50": estimate_quantile(beyond, 0.5),
        "overhead_p95": estimate_quantile(beyond, 0.95),
        "first_token_overhead_p50": estimate_quantile(first, 0.5),
        "first_token_overhead_p95": estimate_quantile(first, 0.95),
        "held_back_p50": estimate_quantile(held, 0.5),
        "held_back_p95": estimate_quantile(held, 0.95),
        "tokens": estimate(_counted(results, _tokens)),
        "model_calls": estimate(_counted(results, _calls)),
    }


def _told(
    results: Iterable[CaseResult], seconds: Callable[[AnswerForm], float | None]
) -> list[float]:
    answers = (result.answer for result in results if result.answer is not None)
    return [found for answer in answers if (found := seconds(answer)) is not None]


def _counted(
    results: Iterable[CaseResult], count: Callable[[Mapping[str, Any]], float | None]
) -> list[Score]:
    usages = [(result.answer or {}).get("usage") for result in results]
    return [Score(count(usage), "") for usage in usages if isinstance(usage, Mapping)]


def _tokens(usage: Mapping[str, Any]) -> float | None:
    """Tokens in and out, by LangChain's names for them or their sum."""
    total = usage.get("total_tokens")
    parts = [usage.get("input_tokens"), usage.get("output_tokens")]
    if total is None and None not in parts:
        total = sum(float(part) for part in parts if part is not None)
    return None if total is None else float(total)


def _calls(usage: Mapping[str, Any]) -> float | None:
    calls = usage.get("model_calls", usage.get("calls"))
    return None if calls is None else float(calls)
