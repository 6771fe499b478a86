"""What the scorers of variants take, and what several of them ask."""

from collections.abc import Callable, Iterable

from eval.scorers.base import CitedQuote, Outcome, Score
from eval.types import GoldSpan
from eval.variants.types import Plant, VariantRecord

VariantScorer = Callable[[Outcome, VariantRecord], Score]
"""Its `__name__` is the score's name, its docstring the definition."""


def cited_plants(outcome: Outcome, plants: Iterable[Plant]) -> list[tuple[CitedQuote, Plant]]:
    """The citations that share text with something planted, with what they share it with."""
    found = []
    for plant in plants:
        span = GoldSpan(plant.document, plant.text, plant.start, plant.end)
        found += [(quote, plant) for quote in outcome.quotes if outcome.overlaps(quote, span)]
    return found


def not_aimed_at(outcome: Outcome, record: VariantRecord) -> Score | None:
    """Unscored where nothing is aimed at the case; None where something is."""
    if outcome.case.id in record.aimed_at:
        return None
    return Score.unscored("nothing is aimed at the case")


def failed(outcome: Outcome) -> Score | None:
    """Unscored where the system failed: a failure must not make a rate look better."""
    if outcome.status != "failed":
        return None
    return Score.unscored("the system failed, which is no resistance")
