"""How many of the cited documents are wanted ones."""

from eval.scorers.base import Outcome, Score


def source_precision(outcome: Outcome) -> Score:
    """Share of the cited documents that hold a gold span or are among the case's `sources`.

    Scored on answerable cases that were answered with citations.
    """
    if not outcome.case.is_answerable:
        return Score.unscored("the case is not answerable")
    if outcome.status != "answered" or not outcome.quotes:
        return Score.unscored(f"nothing is cited ({outcome.status})")
    documents = outcome.documents
    wanted = {span.doc for group in outcome.case.evidence for span in group}
    wanted.update(outcome.case.sources)
    cited = dict.fromkeys(quote.doc or quote.source for quote in outcome.quotes)
    off = [
        doc
        for doc in cited
        if doc not in documents or not any(documents.are_same(doc, other) for other in wanted)
    ]
    rest = f"; off: {', '.join(off)}" if off else ""
    return Score.share(len(cited) - len(off), len(cited), f"cited documents wanted{rest}")
