"""How many of the refusals are right."""

from eval.scorers.base import Outcome, Score


def abstention_precision(outcome: Outcome) -> Score:
    """Share of the abstentions that are on cases without evidence.

    Scored on the cases that the system declined.
    """
    if outcome.status != "abstained":
        return Score.unscored(f"the system did not abstain ({outcome.status})")
    if outcome.case.is_answerable:
        return Score(0.0, "the system abstained on an answerable case")
    return Score(1.0, "the system abstained, as it should")
