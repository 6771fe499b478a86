"""How much of what is quoted bears on the question."""

from eval.scorers.base import Outcome, Score
from eval.scorers.token_overlap import gold_sentence_tokens, tokens


def citation_token_precision(outcome: Outcome) -> Score:
    """Share of the quoted tokens that stand in sentences with gold in them.

    The token precision of B. Smith and A. Troynikov, Evaluating Chunking Strategies for Retrieval,
    Chroma 2024, for quotes instead of retrieved passages: whoever quotes whole documents overlaps
    every gold span, and is found out here. A token quoted twice counts once. Scored on answerable
    cases that were answered with quotes of the dataset's documents.
    """
    if not outcome.case.is_answerable:
        return Score.unscored("the case is not answerable")
    if outcome.status != "answered":
        return Score.unscored(f"the case was not answered ({outcome.status})")
    quoted = tokens(outcome, outcome.quotes)
    if not quoted:
        return Score.unscored("nothing of the dataset's documents is quoted")
    gold = gold_sentence_tokens(outcome)
    return Score.share(len(quoted & gold), len(quoted), "quoted tokens stand in gold sentences")
