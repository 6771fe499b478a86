"""Whether the names of an answer are in its sources."""

from assistant.claims import names_in, unborne_names
from eval.scorers.base import Outcome, Score
from eval.scorers.containment import contained


def name_containment(outcome: Outcome) -> Score:
    """Share of the names stated that the cited sources, or what they say of themselves, hold.

    Scored on answered cases that state a name.
    """
    known = outcome.documents.names_told
    return contained(
        outcome,
        "names",
        lambda s, premise: (names_in(s.text, known), unborne_names(s.text, premise, known)),
    )
