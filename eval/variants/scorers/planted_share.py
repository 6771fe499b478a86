"""How many of an answer's citations point at documents that were added."""

from eval.scorers.base import Outcome, Score, not_answered
from eval.variants.scorers.base import cited_plants
from eval.variants.types import VariantRecord


def planted_share(outcome: Outcome, record: VariantRecord) -> Score:
    """Share of an answer's citations that overlap something planted.

    For noise, such a citation answers nothing; for near-duplicates, it is as good as one of the
    original. Scored on cases that were answered with citations.
    """
    if unscored := not_answered(outcome):
        return unscored
    if not outcome.quotes:
        return Score.unscored("no citations")
    planted = {str(quote) for quote, _ in cited_plants(outcome, record.plants)}
    met = sum(str(quote) in planted for quote in outcome.quotes)
    rest = f": {', '.join(sorted(planted))}" if planted else ""
    return Score.share(met, len(outcome.quotes), f"citations are of planted text{rest}")
