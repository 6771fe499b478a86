"""What chat models took for a run: tokens, calls, money, and the time around them."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

_SUMMED = ("input_tokens", "output_tokens", "total_tokens", "calls", "cached_calls", "cost")
_ALSO_CALLED = {"calls": "model_calls"}

AnswerForm = Mapping[str, Any]
"""In the form of `Answer.to_dict()`."""


def summed_usage(answers: Iterable[AnswerForm]) -> dict[str, float] | None:
    """The sums of what the answers' `usage` tells; None where none tells anything.

    Returns:
        `answers`, how many tell something, and of `input_tokens`, `output_tokens`, `total_tokens`,
        `calls`, `cached_calls` and `cost` (US dollars) those that are told.
    """
    usages = [usage for answer in answers if isinstance(usage := answer.get("usage"), Mapping)]
    if not usages:
        return None
    sums: dict[str, float] = {"answers": len(usages)}
    for name in _SUMMED:
        told = [value for usage in usages if (value := _told(usage, name)) is not None]
        if told:
            sums[name] = round(sum(told), 6)
    return sums


def spent(usage: Mapping[str, float] | None) -> str:
    """What `summed_usage` gives, in words; nothing for None."""
    if usage is None:
        return ""
    parts = [
        f"{usage[name]:,.0f} {words}"
        for name, words in (
            ("calls", "calls"),
            ("cached_calls", "of them cached"),
            ("input_tokens", "tokens in"),
            ("output_tokens", "tokens out"),
        )
        if name in usage
    ]
    return ", ".join([*parts, *([f"${usage['cost']:,.4f}"] if "cost" in usage else [])])


def prompt_versions(answers: Iterable[AnswerForm]) -> dict[str, int] | None:
    """The versions of the prompts that answers were made with; None where none tells them."""
    found: dict[str, int] = {}
    for answer in answers:
        details = answer.get("details")
        prompts = details.get("prompts") if isinstance(details, Mapping) else None
        if isinstance(prompts, Mapping):
            found |= {str(name): version for name, version in prompts.items()}
    return dict(sorted(found.items())) or None


def overhead(answer: AnswerForm) -> float | None:
    """Seconds to the answer beyond the waits for a chat model; None where it does not tell."""
    return _difference(answer, "total", "model")


def first_token_overhead(answer: AnswerForm) -> float | None:
    """Seconds to the first word shown beyond the chat model's own; None where it does not tell."""
    return _difference(answer, "first_token", "model_first_token")


def held_back(answer: AnswerForm) -> float | None:
    """Seconds in which a chat model wrote and nothing was shown yet: what came could be an aside.

    None where the answer does not tell.
    """
    return _difference(answer, "model_first_shown", "model_first_token")


def _difference(answer: AnswerForm, whole: str, part: str) -> float | None:
    timings = answer.get("timings")
    if not isinstance(timings, Mapping):
        return None
    total, model = _number(timings.get(whole)), _number(timings.get(part))
    return None if total is None or model is None else max(0.0, total - model)


def _told(usage: Mapping[str, Any], name: str) -> float | None:
    value = _number(usage.get(name))
    return _number(usage.get(_ALSO_CALLED.get(name, name))) if value is None else value


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return value
