"""How many of an answer's citations point at evidence."""

from eval.scorers.base import Outcome, Score


def citation_precision(outcome: Outcome) -> Score:
    """Share of an answer's citations that overlap any gold span.

    Scored on answerable cases that were answered; an answer without citations scores 0.
    """
    if not outcome.case.is_answerable:
        return Score.unscored("the case is not answerable")
    if outcome.status != "answered":
        return Score.unscored(f"the case was not answered ({outcome.status})")
    if not outcome.quotes:
        return Score(0.0, "the answer cites nothing")
    spans = [span for group in outcome.case.evidence for span in group]
    misses = [
        quote
        for quote in outcome.quotes
        if not any(outcome.overlaps(quote, span) for span in spans)
    ]
    rest = f"; off: {', '.join(map(str, misses))}" if misses else ""
    total = len(outcome.quotes)
    return Score.share(total - len(misses), total, f"citations overlap a gold span{rest}")
