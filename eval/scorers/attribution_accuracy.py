"""Whether each quote is given to the one who wrote it."""

import re

from eval.scorers.base import CitedQuote, Outcome, Score
from eval.scorers.facts_recall import comparable
from eval.statements import without_quotations


def attribution_accuracy(outcome: Outcome) -> Score:
    """Share of attributed citations that are given to the right author and date.

    Right is what the dataset's own document states of itself. A citation is attributed where the
    answer names authors or a date for its document, or where the statement that cites it names,
    outside of quotation marks, an author of the collection. It is wrong where these are others
    than the document's; a name that the cited quotes hold themselves is not. Scored on cases with
    attributed citations; the summary pools the citations of all cases.
    """
    checked = [(quote, *_check(quote, outcome)) for quote in outcome.quotes]
    total = sum(is_attributed for _, is_attributed, _ in checked)
    if not total:
        return Score.unscored("no citation is attributed to anyone")
    faults = [f"{quote}: {fault}" for quote, _, fault in checked if fault]
    rest = f"; {'; '.join(faults)}" if faults else ""
    met = total - len(faults)
    return Score(met / total, f"{met} of {total} citations attributed rightly{rest}", weight=total)


def _check(quote: CitedQuote, outcome: Outcome) -> tuple[bool, str | None]:
    """Whether a citation is attributed, and what is wrong with that."""
    info = outcome.documents.info(quote.doc) if quote.doc else None
    authors, published = (info.authors, info.published) if info else ((), None)
    if quote.authors and _folded(quote.authors) != _folded(authors):
        return True, f"by {', '.join(authors) or 'no one stated'}, not {', '.join(quote.authors)}"
    if quote.published and quote.published != published:
        return True, f"published {published or 'at no stated date'}, not {quote.published}"
    named, strangers = _named(quote, outcome)
    if strangers:
        return True, f"{strangers[0]} did not write it"
    return bool(quote.authors or quote.published or named), None


def _named(quote: CitedQuote, outcome: Outcome) -> tuple[list[str], list[str]]:
    """Authors of the collection whom citing statements name; those who have no part in it."""
    named, strangers = [], []
    for statement in outcome.statements:
        if quote.number not in statement.citations:
            continue
        quotes = outcome.cited_by(statement)
        said = comparable(without_quotations(statement.text))
        known = comparable(f"{outcome.about(quotes)}\n{outcome.premise(quotes)}")
        for author in outcome.documents.authors:
            surname = rf"\b{re.escape(comparable(author).split()[-1])}\b"
            if re.search(surname, said):
                named.append(author)
                strangers += [] if re.search(surname, known) else [author]
    return named, strangers


def _folded(names: tuple[str, ...]) -> set[str]:
    return set(map(comparable, names))
