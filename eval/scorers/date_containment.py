"""Whether the dates of an answer are in its sources."""

from assistant.claims import dates_in, unborne_dates
from eval.scorers.base import Outcome, Score
from eval.scorers.containment import contained


def date_containment(outcome: Outcome) -> Score:
    """Share of the dates stated that the cited sources hold, at least as precisely.

    The publication date that a cited document states counts as held. Scored on answered cases that
    state a date.
    """
    return contained(
        outcome, "dates", lambda s, premise: (dates_in(s.text), unborne_dates(s.text, premise))
    )
