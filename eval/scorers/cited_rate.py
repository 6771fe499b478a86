"""How much of what is said carries a citation."""

from eval.scorers.base import Outcome, Score, not_answered


def cited_rate(outcome: Outcome) -> Score:
    """Share of the answer's statements that carry a marker of a quote the answer really has.

    Statements are read off the answer's text, as a reader does. Scored on answered cases.
    """
    if missing := not_answered(outcome):
        return missing
    if not outcome.statements:
        return Score(0.0, "the answer states nothing")
    uncited = [s for s in outcome.statements if not outcome.cited_by(s)]
    total = len(outcome.statements)
    rest = f"; uncited: “{uncited[0].text:.80}”" if uncited else ""
    return Score.share(total - len(uncited), total, f"statements cited{rest}")
