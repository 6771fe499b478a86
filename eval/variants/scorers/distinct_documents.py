"""How many different documents an answer cites."""

from eval.scorers.base import Outcome, Score, not_answered
from eval.variants.types import VariantRecord


def distinct_documents(outcome: Outcome, record: VariantRecord) -> Score:
    """Number of documents an answer cites, a planted copy counted as the document it copies.

    Not a share: it may be above 1. Where ranks fill with repeats, fewer voices are heard. Scored on
    cases that were answered.
    """
    if unscored := not_answered(outcome):
        return unscored
    originals = {plant.document: plant.copy_of or plant.document for plant in record.plants}
    cited = {originals.get(doc, doc) for quote in outcome.quotes if (doc := quote.doc)}
    return Score(float(len(cited)), f"cited: {', '.join(sorted(cited)) or 'none'}")
