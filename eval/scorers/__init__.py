"""The scores: one scorer a file, its definition in its docstring."""

from eval.scorers.abstention_recall import abstention_recall
from eval.scorers.base import CitedQuote, Outcome, Score, Scorer
from eval.scorers.citation_precision import citation_precision
from eval.scorers.evidence_recall import evidence_recall
from eval.scorers.facts_recall import facts_recall
from eval.scorers.false_refusal_rate import false_refusal_rate
from eval.scorers.quote_exactness import quote_exactness
from eval.scorers.source_recall import source_recall

__all__ = [
    "SCORERS",
    "CitedQuote",
    "Outcome",
    "Score",
    "Scorer",
    "abstention_recall",
    "citation_precision",
    "evidence_recall",
    "facts_recall",
    "false_refusal_rate",
    "quote_exactness",
    "source_recall",
]

SCORERS: dict[str, Scorer] = {
    "evidence_recall": evidence_recall,
    "citation_precision": citation_precision,
    "facts_recall": facts_recall,
    "source_recall": source_recall,
    "quote_exactness": quote_exactness,
    "abstention_recall": abstention_recall,
    "false_refusal_rate": false_refusal_rate,
}
"""In the order in which reports show them."""
