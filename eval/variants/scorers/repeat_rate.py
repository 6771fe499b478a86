"""How many of an answer's citations say again what another one says."""

from eval.scorers.base import Outcome, Score, not_answered
from eval.variants.matching import padded_words
from eval.variants.types import VariantRecord


def repeat_rate(outcome: Outcome, record: VariantRecord) -> Score:
    """Share of an answer's citations whose words are all in one of its earlier citations.

    Letter case, white space and punctuation make no difference. Scored on cases that were answered
    with citations.
    """
    if unscored := not_answered(outcome):
        return unscored
    if not outcome.quotes:
        return Score.unscored("no citations")
    texts = [padded_words(quote.text) for quote in outcome.quotes]
    repeats = [
        str(quote)
        for number, quote in enumerate(outcome.quotes)
        if any(texts[number] in earlier for earlier in texts[:number])
    ]
    rest = f": {', '.join(repeats)}" if repeats else ""
    return Score.share(len(repeats), len(texts), f"citations repeat an earlier one{rest}")
