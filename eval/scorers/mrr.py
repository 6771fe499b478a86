"""How far down the first passage with evidence stands."""

from eval.scorers.base import Outcome, Score
from eval.scorers.retrieval import hits_by_rank, retrieval_missing


def mrr(outcome: Outcome) -> Score:
    """Reciprocal rank of the first passage that overlaps a gold span; 0 where none does.

    Its mean is the mean reciprocal rank (E. M. Voorhees, The TREC-8 Question Answering Track
    Report, 1999). Scored on answerable cases whose answer says what was retrieved.
    """
    if missing := retrieval_missing(outcome):
        return missing
    hits = hits_by_rank(outcome)
    rank = next((rank for rank, groups in enumerate(hits, start=1) if groups), None)
    if rank is None:
        return Score(0.0, f"none of {len(hits)} passages overlaps a gold span")
    return Score(1 / rank, f"passage {rank} is the first that overlaps a gold span")
