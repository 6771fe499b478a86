"""Whether an answer denies what its sources deny, and nothing else."""

from assistant.claims import unborne_negations
from eval.scorers.base import Outcome, Score
from eval.scorers.containment import contained


def negation_containment(outcome: Outcome) -> Score:
    """Share of what is denied that both the statement and its cited sources deny.

    Counted are denials in a statement, and denials in its sources of what the statement speaks of.
    Scored on answered cases where something is denied.
    """
    return contained(
        outcome, "denials", lambda statement, premise: unborne_negations(statement.text, premise)
    )
