"""How well the cited quotes bear an answer out, word by word."""

from assistant.grounding import word_support
from eval.scorers.base import Outcome, Score, not_answered


def support(outcome: Outcome) -> Score:
    """Mean over the answer's statements of the share of words that their sources hold.

    Measured anew from the sources, whatever support the answer claims; a statement without
    citations has none. Scored on answered cases.
    """
    if missing := not_answered(outcome):
        return missing
    if not outcome.statements:
        return Score(0.0, "the answer states nothing")
    values = []
    for statement in outcome.statements:
        quotes = outcome.cited_by(statement)
        premises = (outcome.premise(quotes), outcome.about(quotes)) if quotes else ()
        values.append(word_support(statement.text, premises))
    lowest = min(range(len(values)), key=values.__getitem__)
    return Score(
        sum(values) / len(values),
        f"mean of {len(values)} statements; lowest {values[lowest]:.2f}: "
        f"“{outcome.statements[lowest].text:.80}”",
    )
