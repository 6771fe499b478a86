"""How much of what was retrieved is gold, and of gold retrieved, in one number."""

from eval.scorers.base import Outcome, Score, Scorer
from eval.scorers.retrieval import retrieval_missing
from eval.scorers.token_overlap import best_gold, tokens


def token_iou_at(k: int) -> Scorer:
    """Intersection over union of gold tokens and those of the first `k` passages.

    B. Smith and A. Troynikov, Evaluating Chunking Strategies for Retrieval, Chroma 2024. Short
    passages that hold just the gold text do well; the value is far below 1 for any whole passage.
    """

    def token_iou(outcome: Outcome) -> Score:
        """Tokens both gold and retrieved, over tokens either gold or retrieved.

        A token retrieved twice counts once: passages that tile a document do not overlap. Scored
        on answerable cases whose answer says what was retrieved.
        """
        if missing := retrieval_missing(outcome):
            return missing
        retrieved = tokens(outcome, (outcome.retrieved or ())[:k])
        gold = best_gold(outcome, retrieved)
        return Score.share(
            len(gold & retrieved),
            len(gold | retrieved),
            f"tokens of gold spans and the first {k} passages are in both",
        )

    token_iou.__name__ = f"token_iou_at_{k}"
    return token_iou
