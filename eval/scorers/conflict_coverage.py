"""Whether every side of a conflict is heard."""

from eval.scorers.base import Outcome, Score, answer_missing
from eval.scorers.evidence_recall import unmet_groups


def conflict_coverage(outcome: Outcome) -> Score:
    """1 where every side is cited (each evidence group is overlapped), else 0.

    Scored on cases of the category `conflict`; an abstention or a failure there scores 0. One side
    told as the whole truth is as misleading as none: there is no half of it.
    """
    if outcome.case.category != "conflict" or not outcome.case.is_answerable:
        return Score.unscored("the case is no conflict")
    if missing := answer_missing(outcome):
        return missing
    unmet = unmet_groups(outcome)
    sides = len(outcome.case.evidence)
    return Score(float(not unmet), f"{sides - len(unmet)} of {sides} sides cited")
