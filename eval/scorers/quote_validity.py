"""Whether quotes come from passages that exist and that were retrieved."""

from eval.passages import passage_parts
from eval.scorers.base import CitedQuote, Outcome, Score


def quote_validity(outcome: Outcome) -> Score:
    """Share of quotes that lie in a passage which exists and was retrieved.

    The passage a citation names must be one of its document and hold the quote's whole span;
    where the answer says what was retrieved, some retrieved passage must hold the quote's
    beginning. Scored on cases with quotes, where the answer names passages or lists what it
    retrieved; the summary pools the quotes of all cases.
    """
    if not outcome.quotes:
        return Score.unscored("no quotes")
    if outcome.retrieved is None and not any(quote.passage_id for quote in outcome.quotes):
        return Score.unscored("the answer names no passages")
    faults = [fault for quote in outcome.quotes if (fault := _fault(quote, outcome))]
    total = len(outcome.quotes)
    met = total - len(faults)
    rest = f"; {'; '.join(faults)}" if faults else ""
    return Score(met / total, f"{met} of {total} quotes valid{rest}", weight=total)


def _fault(quote: CitedQuote, outcome: Outcome) -> str | None:
    if quote.doc is None:
        return f"{quote}: no such document"
    if quote.passage_id is not None:
        document_id, start, end = passage_parts(quote.passage_id) or ("", 0, 0)
        doc = outcome.documents.with_id(document_id)
        if doc is None or not outcome.documents.are_same(doc, quote.doc):
            return f"{quote}: its passage {quote.passage_id} is none of its document"
        if end > len(outcome.documents.text(doc)) or not start <= quote.start < end:
            return f"{quote}: its passage {quote.passage_id} does not hold it"
    if outcome.retrieved is not None and not _was_retrieved(quote, outcome):
        return f"{quote}: it was not retrieved"
    return None


def _was_retrieved(quote: CitedQuote, outcome: Outcome) -> bool:
    return any(
        passage.doc is not None
        and quote.doc is not None
        and outcome.documents.are_same(passage.doc, quote.doc)
        and passage.start <= quote.start < passage.end
        for passage in outcome.retrieved or ()
    )
