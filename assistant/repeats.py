"""Texts that repeat each other in different documents: reprints are one voice, not two."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.claims import dates_in, names_in, negations_in, numbers_in
from assistant.evidence import Candidate
from index import Hit
from index.canonical import matching_text

_SAME = 0.95
"""Cosine from which two sentences with the same figures and names are copies."""
_WIDER = 4
"""How many times as many hits are looked at where some are copies."""


def same_text(one: Candidate, other: Candidate) -> bool:
    """Whether one sentence is a copy of the other, but for a few words.

    Two sentences with different numbers, dates, names or denials are no copies, however near their
    vectors are: they may contradict each other.
    """
    mine, theirs = matching_text(one.sentence.text), matching_text(other.sentence.text)
    if _folded(mine) == _folded(theirs):
        return True
    if float(one.vector @ other.vector) <= _SAME:
        return False
    return _particulars(mine) == _particulars(theirs)


def distinct_voices(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates without those that copy an earlier one."""
    kept: list[Candidate] = []
    for candidate in candidates:
        if not any(same_text(candidate, other) for other in kept):
            kept.append(candidate)
    return tuple(kept)


def search_distinct(search: Callable[[int], Sequence[Hit]], k: int) -> list[Hit]:
    """Up to `k` hits that do not copy each other; where some do, more are searched for once.

    Args:
        search: gives so many hits, best first.
        k: how many are wanted.
    """
    found = search(k)
    kept = distinct_hits(found)
    if len(kept) < len(found):
        kept = distinct_hits(search(_WIDER * k))[:k]
    return kept


def distinct_hits(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without those of which better ones of other documents hold most, ranked anew."""
    owners: dict[str, str] = {}
    kept: list[Hit] = []
    for hit in hits:
        sentences = [_folded(sentence.text) for sentence in hit.passage.sentences]
        name = hit.document.id
        copied = sum(owners.get(sentence, name) != name for sentence in sentences)
        if hit.passage.label == "body" and 2 * copied >= max(1, len(sentences)):
            continue
        kept.append(replace(hit, rank=len(kept) + 1))
        for sentence in sentences:
            owners.setdefault(sentence, name)
    return kept


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _particulars(text: str) -> tuple[object, ...]:
    """What copies have in common: numbers, dates, names, and how often something is denied."""
    claims = (read(text) for read in (numbers_in, dates_in, names_in))
    return *(frozenset(str(claim.value) for claim in found) for found in claims), len(
        negations_in(text)
    )
