"""How many of the questions without an answer are declined."""

from eval.scorers.base import Outcome, Score


def abstention_recall(outcome: Outcome) -> Score:
    """Share of the cases without evidence that the system declined.

    A failure is no abstention and scores 0. Scored on cases without evidence.
    """
    if outcome.case.is_answerable:
        return Score.unscored("the case is answerable")
    if outcome.status == "abstained":
        return Score(1.0, "the system abstained, as it should")
    return Score(0.0, f"the system {outcome.status} where it should have abstained")
