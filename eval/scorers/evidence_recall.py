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
    unmet, total = unmet_groups(outcome), len(outcome.case.evidence)
    rest = f"; not cited: group {', '.join(map(str, unmet))}" if unmet else ""
    return Score.share(total - len(unmet), total, f"evidence groups cited{rest}")


def unmet_groups(outcome: Outcome) -> list[int]:
    """The evidence groups, counted from 1, that no citation overlaps."""
    return [
        number
        for number, group in enumerate(outcome.case.evidence, start=1)
        if not any(outcome.overlaps(quote, span) for span in group for quote in outcome.quotes)
    ]
