"""How much of the gold text was retrieved."""

from eval.scorers.base import Outcome, Score, Scorer
from eval.scorers.retrieval import retrieval_missing
from eval.scorers.token_overlap import best_gold, tokens


def token_recall_at(k: int) -> Scorer:
    """Token recall of the first `k` passages: the share of gold tokens that are in them.

    B. Smith and A. Troynikov, Evaluating Chunking Strategies for Retrieval, Chroma 2024.
    """

    def token_recall(outcome: Outcome) -> Score:
        """Share of the gold spans' tokens that the first k passages hold.

        Of a group's alternatives the one retrieved best counts. Scored on answerable cases whose
        answer says what was retrieved.
        """
        if missing := retrieval_missing(outcome):
            return missing
        retrieved = tokens(outcome, (outcome.retrieved or ())[:k])
        gold = best_gold(outcome, retrieved)
        return Score.share(
            len(gold & retrieved), len(gold), f"gold tokens in the first {k} passages"
        )

    token_recall.__name__ = f"token_recall_at_{k}"
    return token_recall
