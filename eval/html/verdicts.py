"""What became of each case, in one word."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.html.intervals import stacked_bar
from eval.html.wording import mapping_of, number_of
from index.counting import plural

LABELS: dict[str, str] = {
    "failed": "failed",
    "wrong": "wrong",
    "declined-wrongly": "declined wrongly",
    "answered": "answered, not judged",
    "declined": "declined, not judged",
    "right": "right",
    "declined-rightly": "declined rightly",
}
"""Verdicts from worst to best, as classes and as words."""

BAD = ("failed", "wrong", "declined-wrongly")
UNDECLINED = "undeclined"
"""Of the wrong cases, those in which the system should have declined."""

_ANSWERABLE = ("right", "wrong", "answered", "declined-wrongly", "failed")
_UNANSWERABLE = ("declined-rightly", "wrong", "failed")
_UNKNOWN = ("right", "wrong", "answered", "declined", "failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one case."""

    verdict: str
    """A key of `LABELS`."""
    is_answerable: bool | None
    """None where the report does not tell."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The outcomes of one kind of question."""

    title: str
    drawing: str
    """SVG."""
    legend: tuple[tuple[str, str, int, str], ...]
    """Of each part: class, words, count, and the token of the cases it is about, or nothing."""


def outcome_of(case: Mapping[str, Any], is_answerable: bool | None = None) -> Outcome:
    """The verdict on a case of a report.

    Args:
        case: in the form of a report's `cases`.
        is_answerable: whether the dataset has evidence for it. If None, what was scored tells:
            abstention recall is for questions without an answer, false refusals for the others.
    """
    if is_answerable is None:
        is_answerable = _told_by_scores(mapping_of(case.get("scores")))
    return Outcome(_verdict(case, is_answerable), is_answerable)


def _told_by_scores(scores: Mapping[str, Any]) -> bool | None:
    def is_scored(name: str) -> bool:
        return number_of(mapping_of(scores.get(name)).get("value")) is not None

    if is_scored("abstention_recall"):
        return False
    if is_scored("false_refusal_rate") or is_scored("evidence_recall"):
        return True
    return None


def _verdict(case: Mapping[str, Any], is_answerable: bool | None) -> str:
    answer = case.get("answer")
    if answer is None:
        return "failed"
    if answer.get("status") == "abstained":
        return {None: "declined", True: "declined-wrongly", False: "declined-rightly"}[
            is_answerable
        ]
    if is_answerable is False or case.get("right") is False:
        return "wrong"
    return "right" if case.get("right") else "answered"


def outcome_bars(outcomes: Sequence[Outcome]) -> list[Bar]:
    """A bar for the answerable questions, one for the others, on one scale."""
    kinds: tuple[tuple[bool | None, str, tuple[str, ...]], ...] = (
        (True, "answerable question", _ANSWERABLE),
        (False, "unanswerable question", _UNANSWERABLE),
        (None, "question", _UNKNOWN),
    )
    counts = {
        kind: Counter(o.verdict for o in outcomes if o.is_answerable is kind) for kind, *_ in kinds
    }
    whole = max((counter.total() for counter in counts.values()), default=0)
    return [
        _bar(
            noun, [(name, counts[kind][name]) for name in names if counts[kind][name]], whole, kind
        )
        for kind, noun, names in kinds
        if counts[kind]
    ]


def _bar(noun: str, parts: list[tuple[str, int]], whole: int, kind: bool | None) -> Bar:
    legend = []
    for name, count in parts:
        is_undeclined = kind is False and name == "wrong"
        words = "answered all the same" if is_undeclined else LABELS[name]
        legend.append((name, words, count, UNDECLINED if is_undeclined else name))
    title = plural(sum(count for _, count in parts), noun)
    told = ", ".join(f"{count:,} {words}" for _, words, count, _ in legend)
    return Bar(title, stacked_bar(parts, whole, f"{title}: {told}"), tuple(legend))


def quote_bar(exact: int, total: int) -> Bar:
    """A bar for the quotes: how many are exact.

    Args:
        exact: how many are.
        total: of how many, at least one.
    """
    parts = [("right", exact), ("wrong", total - exact)]
    shown = [(name, count) for name, count in parts if count]
    words = {"right": "exact", "wrong": "not exact"}
    tokens = {"right": "", "wrong": "inexact"}
    title = plural(total, "quote")
    told = ", ".join(f"{count:,} {words[name]}" for name, count in shown)
    legend = tuple((name, words[name], count, tokens[name]) for name, count in shown)
    return Bar(title, stacked_bar(shown, total, f"{title}: {told}"), legend)


def story(outcomes: Sequence[Outcome], quotes: tuple[int, int]) -> str:
    """The report in plain words.

    Args:
        outcomes: of all cases.
        quotes: how many are exact, and how many there are.
    """
    sentences = []
    known = [o.verdict for o in outcomes if o.is_answerable]
    if known:
        count = Counter(known)
        answered = count["right"] + count["wrong"] + count["answered"]
        judged = "" if count["answered"] else f", {count['right']:,} of them rightly"
        sentences.append(
            f"Of {plural(len(known), 'question')} that the documents answer, {answered:,} "
            f"{_was(answered)} answered{judged}."
        )
    unknown = [o.verdict for o in outcomes if o.is_answerable is False]
    if unknown:
        declined = unknown.count("declined-rightly")
        sentences.append(
            f"Of {plural(len(unknown), 'question')} that they do not answer, {declined:,} "
            f"{_was(declined)} declined."
        )
    sentences += _quote_sentence(*quotes)
    return " ".join(sentences)


def _quote_sentence(exact: int, total: int) -> list[str]:
    if not total:
        return []
    if exact == total:
        return ["The one quote is exact." if total == 1 else f"All {total:,} quotes are exact."]
    wrong = total - exact
    return [f"{wrong:,} of {plural(total, 'quote')} {_was(wrong, 'is', 'are')} not exact."]


def _was(count: int, one: str = "was", many: str = "were") -> str:
    return one if count == 1 else many
