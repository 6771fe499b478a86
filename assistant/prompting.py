"""What a chat model is shown: the nearest sentences, numbered, marked as data, within a budget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Candidate, Evidence
from assistant.model_types import Message
from assistant.spotlight import mark_for, plain
from assistant.wording import date_of, voice_of
from index import Hit
from index.segmentation import count_tokens
from prompts import Library

EVIDENCE_TOKENS = 1_200
"""Most tokens of evidence, however much the model takes. More held no more gold in the briefs, and
reading it is what a small model on a laptop takes longest for."""
_LEAST_SHARE = 0.4
"""Of the best sentence's score, what another must have to be shown. On the briefs this keeps 96 %
of the gold in the prompt and all of the best gold, and leaves out 40 % of the rest: what is not
shown can neither distract a small model nor instruct it."""
_LEAST_TOKENS = 120
_MARGIN = 1.15
"""Models count tokens in their own ways; this one's count is taken to be as much too small."""
_FRAME_TOKENS = 40
"""What a chat template adds around the messages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence as a model is shown it."""

    candidates: Mapping[str, Candidate]
    """By number, in the order shown."""
    mark: str
    """The line before and after it, which none of its texts holds."""
    text: str


def evidence_for(evidence: Evidence, scores: NDArray[np.float64], budget: int) -> Shown:
    """The best sentences that fit, each with the one before it, in the order they were found.

    A sentence far from the best one is left out, also where it would fit.

    Args:
        evidence: all sentences found.
        scores: of each, shape (candidates,).
        budget: in tokens.
    """
    left = float(budget)
    chosen: set[int] = set()
    headed: set[str] = set()
    enough = _LEAST_SHARE * float(scores.max(initial=0.0))
    for best in np.argsort(-scores, kind="stable"):
        if scores[best] < enough:
            break
        wanted = [i for i in (int(best) - 1, int(best)) if _belongs(evidence, i, int(best))]
        new = [i for i in wanted if i not in chosen]
        candidate = evidence.candidates[best]
        cost = _MARGIN * sum(count_tokens(_line(evidence.candidates[i])) for i in new)
        if candidate.hit.passage.id not in headed:
            cost += _MARGIN * count_tokens(_header(candidate.hit))
        if cost > left and chosen:  # the best one is always shown
            continue
        left -= cost
        chosen.update(new)
        headed.add(candidate.hit.passage.id)
    return _laid_out([evidence.candidates[i] for i in sorted(chosen)])


def budget_for(context_tokens: int, output_tokens: int, *texts: str) -> int:
    """Tokens left for evidence beside the rest of a prompt and the reply; at least a few.

    Args:
        context_tokens: what the model takes, prompt and reply together.
        output_tokens: kept free for the reply.
        texts: what else the prompt holds.
    """
    rest = _FRAME_TOKENS + _MARGIN * sum(map(count_tokens, texts))
    left = int(context_tokens - output_tokens - rest)
    return max(_LEAST_TOKENS, min(EVIDENCE_TOKENS, left))


def answer_messages(
    library: Library, shown: Shown, question: str, *, is_json: bool = False
) -> tuple[Message, ...]:
    """What asks a model to answer."""
    user = library.load("answer_question").render(
        mark=shown.mark, evidence=shown.text, question=plain(question)
    )
    return _with_rules(library, shown, user, is_json=is_json)


def repair_messages(
    library: Library,
    shown: Shown,
    question: str,
    failures: Iterable[tuple[str, str]],
    *,
    is_json: bool = False,
) -> tuple[Message, ...]:
    """What asks a model to write again what did not pass the checks.

    Args:
        library: the prompts.
        shown: the evidence.
        question: one that stands alone.
        failures: (text, reason) pairs.
        is_json: whether the reply is to be JSON.
    """
    lines = "\n".join(f"- {plain(text)} ({plain(reason)})" for text, reason in failures)
    user = library.load("repair").render(
        mark=shown.mark, evidence=shown.text, question=plain(question), failures=lines
    )
    return _with_rules(library, shown, user, is_json=is_json)


def _with_rules(library: Library, shown: Shown, user: str, *, is_json: bool) -> tuple[Message, ...]:
    rules = library.load("answer_json" if is_json else "answer").render(mark=shown.mark)
    return (("system", rules), ("user", user))


def _laid_out(candidates: Sequence[Candidate]) -> Shown:
    lines: list[str] = []
    passage = ""
    for candidate in candidates:
        if candidate.hit.passage.id != passage:
            passage = candidate.hit.passage.id
            lines.append(_header(candidate.hit))
        lines.append(_line(candidate))
    text = "\n".join(lines)
    return Shown({each.number: each for each in candidates}, mark_for([text]), text)


def _belongs(evidence: Evidence, position: int, best: int) -> bool:
    """Whether a candidate is the best one, or the sentence right before it."""
    if position < 0:
        return False
    other, candidate = evidence.candidates[position], evidence.candidates[best]
    return position == best or other.sentence == candidate.before


def _header(hit: Hit) -> str:
    document = hit.document
    voice = f" by {plain(voice_of(document))}" if document.authors else ", author not stated"
    return f"From “{plain(document.name)}”{voice}, {date_of(document)}:"


def _line(candidate: Candidate) -> str:
    return f"[{candidate.number}] {plain(candidate.sentence.text)}"
