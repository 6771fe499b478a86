"""The scores: one scorer a file, its definition in its docstring."""

from eval.entailment import Entails, lexical_entails
from eval.scorers.abstention_precision import abstention_precision
from eval.scorers.abstention_recall import abstention_recall
from eval.scorers.alce_precision import alce_precision_by
from eval.scorers.alce_recall import alce_recall_by
from eval.scorers.all_gold_at_k import all_gold_at
from eval.scorers.attribution_accuracy import attribution_accuracy
from eval.scorers.base import CitedQuote, Outcome, Score, Scorer
from eval.scorers.checks_passed_rate import checks_passed_rate
from eval.scorers.citation_precision import citation_precision
from eval.scorers.citation_token_precision import citation_token_precision
from eval.scorers.cited_rate import cited_rate
from eval.scorers.conflict_coverage import conflict_coverage
from eval.scorers.date_containment import date_containment
from eval.scorers.dropped_rate import dropped_rate
from eval.scorers.evidence_recall import evidence_recall
from eval.scorers.facts_recall import facts_recall
from eval.scorers.fallback_rate import fallback_rate
from eval.scorers.false_refusal_rate import false_refusal_rate
from eval.scorers.metrics import HEADLINE, RUN_METRICS, Metric, metric
from eval.scorers.mrr import mrr
from eval.scorers.name_containment import name_containment
from eval.scorers.ndcg_at_k import ndcg_at
from eval.scorers.negation_containment import negation_containment
from eval.scorers.number_containment import number_containment
from eval.scorers.quote_exactness import quote_exactness
from eval.scorers.quote_validity import quote_validity
from eval.scorers.recall_at_k import recall_at
from eval.scorers.repaired_rate import repaired_rate
from eval.scorers.source_precision import source_precision
from eval.scorers.source_recall import source_recall
from eval.scorers.support import support
from eval.scorers.temporal_accuracy import temporal_accuracy
from eval.scorers.token_iou_at_k import token_iou_at
from eval.scorers.token_recall_at_k import token_recall_at

__all__ = [
    "HEADLINE",
    "METRICS",
    "RUN_METRICS",
    "SCORERS",
    "CitedQuote",
    "K",
    "Metric",
    "Outcome",
    "Score",
    "Scorer",
    "build_scorers",
    "metric",
]

K = 5
"""How many passages the scores of retrieval look at."""


def build_scorers(k: int = K, entails: Entails = lexical_entails) -> dict[str, Scorer]:
    """All scorers by name, in the order in which reports show them.

    Args:
        k: how many passages the scores of retrieval look at.
        entails: the judge behind ALCE's two scores.
    """
    scorers = (
        evidence_recall,
        citation_precision,
        facts_recall,
        source_recall,
        quote_exactness,
        abstention_recall,
        false_refusal_rate,
        abstention_precision,
        quote_validity,
        source_precision,
        citation_token_precision,
        alce_recall_by(entails),
        alce_precision_by(entails),
        attribution_accuracy,
        conflict_coverage,
        temporal_accuracy,
        cited_rate,
        support,
        number_containment,
        date_containment,
        name_containment,
        negation_containment,
        checks_passed_rate,
        dropped_rate,
        repaired_rate,
        fallback_rate,
        recall_at(k),
        all_gold_at(k),
        ndcg_at(k),
        mrr,
        token_recall_at(k),
        token_iou_at(k),
    )
    return {scorer.__name__: scorer for scorer in scorers}


SCORERS = build_scorers()
"""The scorers with `K` passages and the judge that needs no model."""

METRICS = tuple(metric(name) for name in (*SCORERS, *(known.name for known in RUN_METRICS)))
"""All scores of a report, in its order."""
