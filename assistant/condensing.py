"""A follow-up made to stand alone by a chat model, where what it writes can be trusted.

A model that adds a name or drops what was asked would have another question answered. So its
question is taken only where every content word is the user's, or was said before, and where no
content word of the user's is missing; otherwise the rule-based rewriter's is.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claims import dates_in, names_in, numbers_in
from assistant.driving import NEXT, STOP, Call, Reader
from assistant.model_types import Usage
from assistant.question import content_words
from assistant.spotlight import mark_for, plain
from index.errors import ModelError
from index.terms import analyze
from prompts import Library

MOST_TURNS = 4
"""Turns of the conversation that the model is shown."""
_MOST_CHARACTERS = 600
"""Of each answer, and of a question that is taken."""
_LABEL = re.compile(r"^(?:[\W_]*(?:standalone |rewritten |the )*question\s*:)?[\s\"“'*]*", re.I)
_STRUCTURE = frozenset(analyze("question mean about regarding tell"))


@dataclass(slots=True)
class Condensed:
    """What came of asking the model, as it grows."""

    question: str | None = None
    """None where what the model wrote cannot be trusted, or it failed."""
    usage: Usage | None = None
    cached_calls: int = 0
    waited: float = 0.0
    """Seconds of waiting for the model."""


def condense(
    question: str, history: Sequence[tuple[str, str]], library: Library
) -> Reader[Condensed]:
    """Have a model write a follow-up as a question that stands alone.

    Args:
        question: the follow-up.
        history: earlier questions with their answers, oldest first.
        library: the prompts.
    """
    turns = history[-MOST_TURNS:]
    lines = [
        f"{role}: {plain(text[:_MOST_CHARACTERS])}"
        for asked, answered in turns
        for role, text in (("User", asked), ("Assistant", answered))
    ]
    conversation = "\n".join(lines)
    prompt = library.load("condense").render(
        mark=mark_for([conversation]), history=conversation, question=plain(question)
    )
    text, condensed = "", Condensed()
    try:
        yield Call((("user", prompt),))
        while True:
            started = time.perf_counter()
            try:
                chunk = yield NEXT
            finally:
                condensed.waited += time.perf_counter() - started
            if chunk is None:
                break
            text += chunk.text
            condensed.cached_calls += chunk.cached
            if chunk.usage is not None:
                earlier = condensed.usage
                condensed.usage = chunk.usage if earlier is None else earlier + chunk.usage
            if len(text) > 2 * _MOST_CHARACTERS:
                yield STOP
                break
    except ModelError:
        return condensed  # the rules do without it; a model that stays away is told on reading
    condensed.question = trusted(text, question, history)
    return condensed


def trusted(text: str, question: str, history: Sequence[tuple[str, str]]) -> str | None:
    """The question a model wrote, if it asks what the user asked; else None.

    Args:
        text: what the model wrote.
        question: the follow-up.
        history: earlier questions with their answers.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    written = _LABEL.sub("", lines[0]).strip(" \"”'*")
    if not written or len(written) > _MOST_CHARACTERS or not any(map(str.isalnum, written)):
        return None
    said = " ".join([question, *(part for turn in history for part in turn)])
    new = _terms(written) - _terms(said) - _STRUCTURE
    lost = _terms(question) - _terms(written) - _STRUCTURE
    if new or lost or _claims(written) - _claims(said):
        return None
    return written


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for word in content_words(text) for term in analyze(word))


def _claims(text: str) -> set[str | float]:
    found = (*numbers_in(text), *dates_in(text), *names_in(text))
    return {claim.value for claim in found}
