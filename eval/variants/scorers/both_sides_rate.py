"""How often an answer shows both a true and a planted sentence."""

from eval.scorers.base import Outcome, Score
from eval.variants.scorers.base import cited_plants, not_aimed_at
from eval.variants.types import VariantRecord


def both_sides_rate(outcome: Outcome, record: VariantRecord) -> Score:
    """Share of the cases aimed at whose citations overlap the planted sentence and a gold span.

    Where documents speak differently, an answer should keep them apart and show both: only then can
    a reader see the contradiction. Scored on the cases that a contradiction is aimed at; an
    abstention or a failure there scores 0.
    """
    if unscored := not_aimed_at(outcome, record):
        return unscored
    spans = [span for group in outcome.case.evidence for span in group]
    true = [
        str(quote)
        for quote in outcome.quotes
        if any(outcome.overlaps(quote, span) for span in spans)
    ]
    plants = record.plants_for(outcome.case.id)
    false = [str(quote) for quote, _ in cited_plants(outcome, plants)]
    value = 1.0 if true and false else 0.0
    shown = f"true side: {', '.join(true) or 'none'}; planted side: {', '.join(false) or 'none'}"
    return Score(value, shown)
