"""All checks of a statement against the quotes it cites."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.checking.attributions import Segment, segments
from assistant.checking.dates import check_dates
from assistant.checking.hedges import check_hedges
from assistant.checking.joining import check_joining
from assistant.checking.markup import check_markup
from assistant.checking.meaning import check_entailment, check_meaning, check_words
from assistant.checking.mood import check_mood, stated
from assistant.checking.names import check_names, known_names
from assistant.checking.negation import check_negation, check_opposites
from assistant.checking.quantities import check_numbers
from assistant.checking.quotations import check_quotations
from assistant.checking.relevance import check_relevance
from assistant.checking.roles import check_roles
from assistant.checking.types import Checked, Entailment, Quoted, Relevance, Similarity
from assistant.details import Check
from assistant.wording import shown

_RULES: tuple[Callable[[str, str], Check], ...] = (
    check_numbers,
    check_dates,
    check_negation,
    check_opposites,
    check_roles,
    check_hedges,
    check_joining,
    check_mood,
)


def check_statement(
    text: str,
    quoted: Sequence[Quoted],
    *,
    question: str = "",
    similarity: Similarity | None = None,
    relevance: Relevance | None = None,
    entailment: Entailment | None = None,
) -> Checked:
    """Check whether a statement that nobody vouches for is borne out by its quotes.

    Args:
        text: one statement, without ids or markers.
        quoted: what it cites.
        question: as asked: its names are known for names, and bear nothing out.
        similarity: gives cosines of embeddings; without it meaning is not checked.
        relevance: gives the cosine with the question; without it that is not checked.
        entailment: gives the probability of entailment; without it that is not checked.

    Returns:
        the statement as it may be shown if it passed, with every check.
    """
    quoted = [replace(quote, text=stated(quote.text)) for quote in quoted]
    quotes = [quote.text for quote in quoted]
    known = known_names([*(quote.context for quote in quoted), *quotes, question])
    written, quotations = check_quotations(text, quotes)
    checks = [check_markup(text, quotes), quotations]
    if relevance is not None:
        checks.append(check_relevance(text, question, relevance))
    support = 1.0
    for part in segments(written, quoted) or [Segment(written, tuple(quoted))]:
        premises = "\n".join(quote.text for quote in part.quoted)
        checks += [rule(part.text, premises) for rule in _RULES]
        checks.append(check_names(part.text, premises, known))
        borne, meant = _support(part, similarity, entailment)
        support = min(support, borne)
        checks += meant
    merged = _merged(checks)
    passed = all(check.passed for check in merged)
    return Checked(shown(written), merged, support if passed else 0.0)


def _merged(checks: Iterable[Check]) -> tuple[Check, ...]:
    """One check of each name: one that failed, if there is such."""
    found: dict[str, Check] = {}
    for check in checks:
        if check.name not in found or found[check.name].passed:
            found[check.name] = check
    return tuple(found.values())


def _support(
    part: Segment, similarity: Similarity | None, entailment: Entailment | None
) -> tuple[float, list[Check]]:
    quotes = [quote.text for quote in part.quoted]
    share, words = check_words(part.text, "\n".join(quotes), is_strict=entailment is None)
    support, checks = share, [words]
    if similarity is not None and quotes:
        cosine, meaning = check_meaning(part.text, quotes, similarity)
        support = (share + min(1.0, max(0.0, cosine))) / 2
        checks.append(meaning)
    if entailment is not None and quotes:
        support, entailed = check_entailment(part.text, "\n".join(quotes), entailment)
        checks.append(entailed)
    return support, checks
