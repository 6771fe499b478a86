"""Whether quotes are what their sources say, to the letter."""

import os.path
from urllib.parse import unquote

from eval.scorers.base import CitedQuote, Outcome, Score
from index.canonical import canonical_text
from index.errors import SourceError


def quote_exactness(outcome: Outcome) -> Score:
    """Share of quotes equal to the slice `[start, end)` of their source's canonical text.

    The file itself is read: the dataset's document of that name or, where it has none, the file
    that the citation's own `source` names. Scored on cases with at least one quote, whatever the
    right answer. The summary pools the quotes of all cases: each case weighs as much as it has
    quotes.
    """
    total = len(outcome.quotes)
    if not total:
        return Score.unscored("no quotes")
    faults = [fault for quote in outcome.quotes if (fault := _fault(quote, outcome))]
    rest = f"; {'; '.join(faults)}" if faults else ""
    met = total - len(faults)
    return Score(met / total, f"{met} of {total} quotes exact{rest}", weight=total)


def _fault(quote: CitedQuote, outcome: Outcome) -> str | None:
    try:
        text = outcome.documents.text(quote.doc) if quote.doc else _outside_text(quote.source)
    except SourceError as error:
        return f"{quote}: the source cannot be read: {error}"
    if quote.start < 0 or quote.end - quote.start != len(quote.text) or not quote.text:
        return f"{quote}: the quote has {len(quote.text)} code points, its span does not"
    if text[quote.start : quote.end] != quote.text:
        return f"{quote}: the source says something else there"
    return None


def _outside_text(source: str) -> str:
    path = unquote(source.removeprefix("file://")) if source.startswith("file://") else source
    if not os.path.isfile(path):  # never raises, whatever the string
        raise SourceError(f"{source}: expected a file, found none.")
    return canonical_text(path)
