"""Tokens of gold spans, of retrieved passages and of quotes, for the scores that compare them.

B. Smith and A. Troynikov, Evaluating Chunking Strategies for Retrieval, Chroma Technical Report,
2024. A token is here a word or a sign, whatever model reads it: the scores then do not depend on a
tokenizer.
"""

import re
from collections.abc import Iterable, Sequence

from eval.passages import RetrievedSpan
from eval.scorers.base import CitedQuote, Outcome
from eval.types import GoldSpan

_TOKEN = re.compile(r"\w+|[^\w\s]")

Tokens = set[tuple[str, int]]
"""Tokens as (document, start)."""


def tokens(outcome: Outcome, spans: Iterable[GoldSpan | RetrievedSpan | CitedQuote]) -> Tokens:
    """The tokens that the spans touch, each once; documents with the same bytes are one."""
    found: Tokens = set()
    for span in spans:
        if span.doc is None or not 0 <= span.start < span.end:
            continue
        name = outcome.documents.twin(span.doc)
        text = outcome.documents.slice(span.doc, 0, span.end)
        first = _word_start(text, span.start)
        found.update((name, match.start()) for match in _TOKEN.finditer(text, first))
    return found


def best_gold(outcome: Outcome, retrieved: Tokens) -> Tokens:
    """The gold tokens: of each evidence group the span that was retrieved best."""
    gold: Tokens = set()
    for group in outcome.case.evidence:
        gold |= _best(outcome, group, retrieved)
    return gold


def gold_sentence_tokens(outcome: Outcome) -> Tokens:
    """The tokens of all sentences in which a gold span stands."""
    gold = [span for group in outcome.case.evidence for span in group]
    sentences = [
        RetrievedSpan(span.doc, start, end)
        for span in gold
        for start, end in outcome.documents.sentences(span.doc)
        if start < span.end and span.start < end
    ]
    return tokens(outcome, [*gold, *sentences])


def _best(outcome: Outcome, group: Sequence[GoldSpan], retrieved: Tokens) -> Tokens:
    options = [tokens(outcome, [span]) for span in group]
    return max(options, key=lambda option: len(option & retrieved) / max(1, len(option)))


def _word_start(text: str, position: int) -> int:
    while position > 0 and text[position - 1 : position].isalnum():
        position -= 1
    return position
