"""All checks of a statement against the quotes it cites."""

from collections.abc import Sequence

from assistant.checking.dates import check_dates
from assistant.checking.markup import check_markup
from assistant.checking.meaning import check_entailment, check_meaning, check_words
from assistant.checking.names import check_names, known_names
from assistant.checking.negation import check_negation, check_opposites
from assistant.checking.quantities import check_numbers
from assistant.checking.quotations import check_quotations
from assistant.checking.types import Checked, Entailment, Quoted, Similarity
from assistant.details import Check
from assistant.wording import shown


def check_statement(
    text: str,
    quoted: Sequence[Quoted],
    *,
    question: str = "",
    similarity: Similarity | None = None,
    entailment: Entailment | None = None,
) -> Checked:
    """Check whether a statement that nobody vouches for is borne out by its quotes.

    Args:
        text: one statement, without ids or markers.
        quoted: what it cites.
        question: as asked: its names are known for names, and bear nothing out.
        similarity: gives cosines of embeddings; without it meaning is not checked.
        entailment: gives the probability of entailment; without it that is not checked.

    Returns:
        the statement as it may be shown if it passed, with every check.
    """
    quotes = [quote.text for quote in quoted]
    premises = "\n".join(quotes)
    written, quotations = check_quotations(text, quotes)
    known = known_names([*(quote.context for quote in quoted), *quotes, question])
    checks = [
        check_markup(text, quotes),
        quotations,
        check_numbers(text, premises),
        check_dates(text, premises),
        check_names(text, premises, known),
        check_negation(text, premises),
        check_opposites(text, premises),
    ]
    support, meant = _support(text, quotes, similarity, entailment)
    checks += meant
    passed = all(check.passed for check in checks)
    return Checked(shown(written), tuple(checks), support if passed else 0.0)


def _support(
    text: str,
    quotes: Sequence[str],
    similarity: Similarity | None,
    entailment: Entailment | None,
) -> tuple[float, list[Check]]:
    share, words = check_words(text, "\n".join(quotes))
    support, checks = share, [words]
    if similarity is not None and quotes:
        cosine, meaning = check_meaning(text, quotes, similarity)
        support = (share + min(1.0, max(0.0, cosine))) / 2
        checks.append(meaning)
    if entailment is not None and quotes:
        support, entailed = check_entailment(text, "\n".join(quotes), entailment)
        checks.append(entailed)
    return support, checks
