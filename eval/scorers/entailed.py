"""Whether a statement follows from what its sources really say."""

from collections.abc import Sequence

from eval.entailment import Entails
from eval.scorers.base import CitedQuote, Outcome
from eval.statements import CitedStatement


def is_entailed(
    outcome: Outcome,
    statement: CitedStatement,
    entails: Entails,
    quotes: Sequence[CitedQuote] | None = None,
) -> bool:
    """Whether these quotes (by default all that the statement cites) entail the statement."""
    quotes = outcome.cited_by(statement) if quotes is None else quotes
    premise = outcome.premise(quotes)
    if not premise.strip():
        return False
    return entails(f"{outcome.about(quotes)}\n{premise}", statement.text)
