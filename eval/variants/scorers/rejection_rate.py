"""How often a question is declined once what answers it is gone."""

from eval.scorers.base import Outcome, Score
from eval.variants.types import VariantRecord


def rejection_rate(outcome: Outcome, record: VariantRecord) -> Score:
    """Share of the cases made unanswerable that the system declined.

    Negative rejection of J. Chen, H. Lin, X. Han and L. Sun, Benchmarking Large Language Models in
    Retrieval-Augmented Generation (RGB), AAAI 2024, arXiv:2309.01431: a question should be rejected
    where only noisy documents are given, and the rejection rate is the share of questions that are.
    RGB finds a rejection by the wording it asks for ("insufficient information"); here it is the
    answer's status. Scored on the cases whose evidence the variant took away, and on these by their
    ids, so that the rate before can be set beside it; a failure is no rejection and scores 0.
    """
    if outcome.case.id not in {original["id"] for original in record.originals}:
        return Score.unscored("the case was not made unanswerable")
    if outcome.status == "abstained":
        return Score(1.0, "the system declined")
    return Score(0.0, f"the system {outcome.status}")
