"""Choosing a part of what there is: by a seed, in the order of the source."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from eval.types import Case

T = TypeVar("T")


def sample(items: Sequence[T], count: int | None, random: Random) -> list[T]:
    """So many of the items, in their order; all of them if `count` is None or more than there are.

    The same seed and items give the same choice.
    """
    if count is None or count >= len(items):
        return list(items)
    return [items[place] for place in sorted(random.sample(range(len(items)), count))]


def sample_halves(cases: Sequence[Case], count: int | None, random: Random) -> list[Case]:
    """So many of the cases, half of them without an answer as far as there are enough of each."""
    if count is None or count >= len(cases):
        return list(cases)
    answerable = [case for case in cases if case.is_answerable]
    others = [case for case in cases if not case.is_answerable]
    declined = max(min(len(others), count // 2), count - len(answerable))
    chosen = {case.id for case in sample(others, declined, random)}
    chosen |= {case.id for case in sample(answerable, count - declined, random)}
    return [case for case in cases if case.id in chosen]
