"""How many of the wanted documents an answer cites."""

from eval.scorers.base import Outcome, Score, answer_missing


def source_recall(outcome: Outcome) -> Score:
    """Share of the case's `sources` that the answer cites.

    Scored on answerable cases with sources; an abstention or a failure there scores 0.
    """
    sources = outcome.case.sources
    if not (outcome.case.is_answerable and sources):
        return Score.unscored("the case names no sources to cite")
    if missing := answer_missing(outcome):
        return missing
    cited = {quote.doc for quote in outcome.quotes if quote.doc is not None}
    uncited = [
        source
        for source in sources
        if not any(outcome.documents.are_same(source, doc) for doc in cited)
    ]
    rest = f"; not cited: {', '.join(uncited)}" if uncited else ""
    return Score.share(len(sources) - len(uncited), len(sources), f"sources cited{rest}")
