"""Whether the numbers of an answer are in its sources."""

from assistant.claims import numbers_in, unborne_numbers
from eval.scorers.base import Outcome, Score
from eval.scorers.containment import contained


def number_containment(outcome: Outcome) -> Score:
    """Share of the numbers stated that the cited sources hold, by value.

    Scored on answered cases that state a number; dates are scored on their own.
    """
    return contained(
        outcome,
        "numbers",
        lambda s, premise: (numbers_in(s.text), unborne_numbers(s.text, premise)),
    )
