"""How an answer was made: what was checked of a chat model's sentences, and what asking it took."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.desk import EXTRACTIVE
from assistant.details import Details, Drafted
from assistant.types import Answer
from assistant.web.markup import escape, mentioned, unquoted
from index.counting import plural

OUTCOMES = {
    "shown": "Shown",
    "repaired": "Repaired",
    "replaced": "Written anew",
    "dropped": "Left out",
}


def notes_of(answer: Answer) -> str:
    """The answer's notes, a paragraph each."""
    notes = "".join(f'<p dir="auto">{escape(note)}</p>' for note in answer.notes)
    return f'<div class="v-notes" role="note">{notes}</div>' if notes else ""


STEPS = {
    "contextualize": "Making the question stand alone",
    "retrieve": "Searching",
    "evidence": "Gathering sentences",
    "asked_in_vain": "Asking in vain: a document was removed meanwhile",
    "read": "Reading and checking",
    "first_token": "Until the first words",
    "model_first_token": "Until the model's first words",
    "model": "Waiting for the model",
    "total": "In all",
}
"""Names of an answer's timings for people, in order; those of other names are shown as they are."""


def details_of(answer: Answer) -> str:
    """How an answer was made, folded up: what became of each sentence, and what took how long.

    Of an answer without a chat model there are only the times; empty where there is nothing.
    """
    drafts = answer.details.drafts if answer.details is not None else ()
    parts = [_drafts(drafts) if drafts else "", _times(answer.timings)]
    if not any(parts):
        return ""
    counted = ""
    if answer.details is not None and drafts:
        counted = f'<span class="v-counts">{escape(_counted(answer.details))}</span>'
    name = "What was checked" if drafts else "Details"
    return f'<details class="v-checks"><summary>{name}{counted}</summary>{"".join(parts)}</details>'


def _drafts(drafts: Iterable[Drafted]) -> str:
    return f'<ol class="v-drafts" role="list">{"".join(map(_draft, drafts))}</ol>'


def _times(timings: Mapping[str, float]) -> str:
    """Each step with its time; steps that took less than half a millisecond are left out."""
    order = {name: place for place, name in enumerate(STEPS)}
    shown = sorted(
        (name for name, seconds in timings.items() if seconds >= 0.0005),
        key=lambda name: order.get(name, -1),
    )
    if not shown:
        return ""
    rows = "".join(
        f"<div><dt>{escape(STEPS.get(name, name))}</dt><dd>{_duration(timings[name])}</dd></div>"
        for name in shown
    )
    return f'<dl class="v-times" aria-label="Times">{rows}</dl>'


def _counted(details: Details) -> str:
    counts = [plural(len(details.drafts), "sentence")]
    if details.repaired:
        counts.append(f"{details.repaired} repaired")
    if details.dropped:
        counts.append(f"{details.dropped} left out")
    return " · ".join(counts)


def _draft(draft: Drafted) -> str:
    if draft.outcome in ("dropped", "replaced"):
        text = f"<del>{unquoted(draft.text)}</del>"
    else:
        text = escape(draft.text)
    return (
        f'<li class="v-drafted v-{draft.outcome}">'
        f'<p dir="auto"><b class="v-fate">{OUTCOMES[draft.outcome]}</b> {text}</p>'
        f'<ul class="v-reasons" role="list">{_checks(draft)}</ul></li>'
    )


def _checks(draft: Drafted) -> str:
    """What it rests on and what failed, with reasons; of the rest only the names, for brevity."""
    told = [check for check in draft.checks if check.name == "ids" or not check.passed]
    names = ", ".join(check.name for check in draft.checks if check not in told)
    lines = [_line(check.passed, check.name, mentioned(check.reason)) for check in told]
    return "".join([*lines, *([_line(True, "passed", escape(names))] if names else [])])


def _line(passed: bool, name: str, markup: str) -> str:
    sign, kind = ("✓", "v-yes") if passed else ("✗", "v-no")
    failed = "" if passed else '<span class="v-hidden"> failed</span>'
    return (
        f'<li class="{kind}"><span aria-hidden="true">{sign}</span> '
        f'<span class="v-check">{escape(name)}{failed}</span> <bdi>{markup}</bdi></li>'
    )


def made(answer: Answer) -> list[str]:
    """Who answered, in what time, at what expense: plain texts."""
    said = ["Quotes only" if answer.model == EXTRACTIVE else f"Answered by {answer.model}"]
    if "total" in answer.timings:
        said.append(_duration(answer.timings["total"]))
    if answer.details is None and answer.dropped:
        left_out = plural(answer.dropped, "statement")
        said.append(f"{left_out} left out: not borne out by the quotes")
    return [*said, *_expense(answer.usage or {})]


def _expense(usage: Mapping[str, Any]) -> Iterator[str]:
    calls, kept = usage.get("calls", 0), usage.get("cached_calls", 0)
    if calls:
        yield plural(calls, "model call") + (f", {kept} from the cache" if kept else "")
    if usage.get("total_tokens"):
        yield f"{usage['input_tokens']:,} tokens in, {usage['output_tokens']:,} out"
    if "cost" in usage:
        yield _dollars(usage["cost"])


def _dollars(cost: float) -> str:
    """To two digits that count where it is less than a cent."""
    if cost >= 0.01 or cost == 0:
        return f"${cost:,.2f}"
    return f"${cost:.2g}" if cost >= 0.0001 else "less than $0.0001"


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.1 else f"{max(1, round(1000 * seconds))} ms"
