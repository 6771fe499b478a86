"""What an answer took: calls of the model, tokens, and seconds."""

from dataclasses import replace

from assistant.asking import Turn
from assistant.task import Written


def usage_of(turn: Turn, written: Written | None) -> dict[str, int | float] | None:
    """What asking the model took; None where it was not asked."""
    spent = with_spent(turn, written)
    if spent.calls == 0:
        return None
    usage: dict[str, int | float] = {"calls": spent.calls, "cached_calls": spent.cached_calls}
    if total := spent.usage:
        usage["input_tokens"] = total.input_tokens
        usage["output_tokens"] = total.output_tokens
        usage["total_tokens"] = total.input_tokens + total.output_tokens
        if total.cost is not None:
            usage["cost"] = total.cost
    return usage


def timings_of(turn: Turn, written: Written | None, seconds: float) -> dict[str, float]:
    """Seconds by step, their total, and what of it was waiting for the model."""
    timings = {**turn.timings, "read": seconds}
    total = sum(timings.values())
    if written is None and not turn.waited:
        return {**timings, "total": total}
    timings["model"] = turn.waited + (written.waited if written else 0.0)
    if written is not None and written.first_waited is not None:
        timings["model_first_token"] = turn.waited + written.first_waited
        timings["first_token"] = total - seconds + (written.first_shown or written.first_waited)
        shown = written.first_waited if written.shown_waited is None else written.shown_waited
        timings["model_first_shown"] = turn.waited + shown
    return {**timings, "total": total}


def with_spent(turn: Turn, written: Written | None) -> Turn:
    """The turn with what asking the model for its answer took besides."""
    if written is None:
        return turn
    used = [each for each in (turn.usage, written.usage) if each is not None]
    return replace(
        turn,
        calls=turn.calls + written.calls,
        cached_calls=turn.cached_calls + written.cached_calls,
        usage=sum(used[1:], used[0]) if used else None,
        waited=turn.waited + written.waited,
    )
