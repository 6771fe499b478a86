"""How much of the wanted evidence an answer cites."""

from eval.scorers.base import Outcome, Score, answer_missing


def evidence_recall(outcome: Outcome) -> Score:
    """Share of the case's evidence groups that some citation overlaps.

    A group is met by any one of its spans. Scored on answerable cases; an abstention or a failure
    there scores 0.
    """
    if not outcome.case.is_answerable:
        return Score.unscored("the case is not answerable")
    if missing := answer_missing(outcome):
        return missing
    groups = outcome.case.evidence
    unmet = [
        number
        for number, group in enumerate(groups, start=1)
        if not any(outcome.overlaps(quote, span) for span in group for quote in outcome.quotes)
    ]
    rest = f"; not cited: group {', '.join(map(str, unmet))}" if unmet else ""
    return Score.share(len(groups) - len(unmet), len(groups), f"evidence groups cited{rest}")
