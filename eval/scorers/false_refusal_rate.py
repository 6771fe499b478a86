"""How many of the questions with an answer are declined."""

from eval.scorers.base import Outcome, Score


def false_refusal_rate(outcome: Outcome) -> Score:
    """Share of the answerable cases that the system declined; the lower the better.

    Scored on answerable cases that did not fail: a failure must not make a rate look better.
    """
    if not outcome.case.is_answerable:
        return Score.unscored("the case is not answerable")
    if outcome.status == "failed":
        return Score.unscored("the system failed, which is no refusal")
    if outcome.status == "abstained":
        return Score(1.0, "the system abstained on an answerable case")
    return Score(0.0, "the system answered")
