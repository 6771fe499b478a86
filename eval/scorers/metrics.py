"""What reports say about each score: its group, its title, which way is better."""

import re
from dataclasses import dataclass, replace
from typing import Literal

Group = Literal[
    "Answers",
    "Citations",
    "Quotes",
    "Statements",
    "Chat model",
    "Abstention",
    "Retrieval",
    "Calibration",
    "Cost",
    "Other",
]
Unit = Literal["share", "seconds", "tokens", "calls"]

HEADLINE = (
    "evidence_recall",
    "citation_precision",
    "facts_recall",
    "source_recall",
    "quote_exactness",
    "abstention_recall",
    "false_refusal_rate",
)
"""The scores that only together say how well a system is grounded."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One score, for people."""

    name: str
    """As in JSON."""
    group: Group
    title: str
    summary: str
    """The definition in one sentence."""
    is_better_high: bool = True
    unit: Unit = "share"


_CASE_METRICS = (
    Metric("evidence_recall", "Citations", "Evidence recall",
           "Share of the wanted evidence groups that some citation overlaps."),
    Metric("citation_precision", "Citations", "Citation precision",
           "Share of the citations that overlap any gold span."),
    Metric("facts_recall", "Answers", "Facts recall",
           "Share of the wanted facts that the answer's text states."),
    Metric("source_recall", "Citations", "Source recall",
           "Share of the wanted documents that are cited."),
    Metric("quote_exactness", "Quotes", "Quote exactness",
           "Share of the quotes that are, to the letter, the slice of their source they claim."),
    Metric("abstention_recall", "Abstention", "Abstention recall",
           "Share of the cases without evidence that the system declined."),
    Metric("false_refusal_rate", "Abstention", "False refusals",
           "Share of the answerable cases that the system declined.", is_better_high=False),
    Metric("abstention_precision", "Abstention", "Abstention precision",
           "Share of the abstentions that are on cases without evidence."),
    Metric("quote_validity", "Quotes", "Quote validity",
           "Share of the quotes that lie in a passage which exists and was retrieved."),
    Metric("source_precision", "Citations", "Source precision",
           "Share of the cited documents that hold evidence or are wanted."),
    Metric("citation_token_precision", "Citations", "Citation token precision",
           "Share of the quoted tokens that stand in sentences with gold in them."),
    Metric("alce_recall", "Citations", "ALCE citation recall",
           "Share of the statements that their citations together entail."),
    Metric("alce_precision", "Citations", "ALCE citation precision",
           "Share of the citations that their statements need."),
    Metric("attribution_accuracy", "Answers", "Attribution accuracy",
           "Share of the citations given to the right author and date."),
    Metric("conflict_coverage", "Answers", "Conflict coverage",
           "Share of the conflicts of which every side is cited."),
    Metric("temporal_accuracy", "Answers", "Temporal accuracy",
           "Dates wanted and rightly stated, over dates wanted or wrongly stated."),
    Metric("cited_rate", "Statements", "Cited rate",
           "Share of the statements that carry a citation."),
    Metric("support", "Statements", "Support",
           "Share of a statement's words that its sources hold, averaged over statements."),
    Metric("number_containment", "Statements", "Numbers contained",
           "Share of the numbers stated that the cited sources hold."),
    Metric("date_containment", "Statements", "Dates contained",
           "Share of the dates stated that the cited sources hold."),
    Metric("name_containment", "Statements", "Names contained",
           "Share of the names stated that the cited sources hold."),
    Metric("negation_containment", "Statements", "Negation kept",
           "Share of the denying statements that deny just what their sources deny."),
    Metric("checks_passed_rate", "Chat model", "Checks passed",
           "Share of the sentences shown of a chat model's that pass every check."),
    Metric("dropped_rate", "Chat model", "Sentences dropped",
           "Share of a chat model's sentences that failed a check and are not shown.",
           is_better_high=False),
    Metric("repaired_rate", "Chat model", "Sentences repaired",
           "Share of a chat model's sentences that are shown after a repair.",
           is_better_high=False),
    Metric("fallback_rate", "Chat model", "Fallbacks",
           "Share of the answers asked of a chat model that the extractive reader made.",
           is_better_high=False),
    Metric("recall_at_k", "Retrieval", "Recall at k",
           "Share of the evidence groups that one of the first k passages overlaps."),
    Metric("all_gold_at_k", "Retrieval", "All gold at k",
           "Share of the cases of which the first k passages overlap every evidence group."),
    Metric("ndcg_at_k", "Retrieval", "nDCG at k",
           "Discounted gain of the first k passages, over that of the best order."),
    Metric("mrr", "Retrieval", "Mean reciprocal rank",
           "Reciprocal rank of the first passage that overlaps a gold span."),
    Metric("token_recall_at_k", "Retrieval", "Token recall at k",
           "Share of the gold tokens that the first k passages hold."),
    Metric("token_iou_at_k", "Retrieval", "Token IoU at k",
           "Tokens both gold and in the first k passages, over tokens in either."),
)  # fmt: skip

RUN_METRICS = (
    Metric("ece", "Calibration", "Expected calibration error",
           "How far stated confidence is from the share of right answers.", is_better_high=False),
    Metric("aurc", "Calibration", "Area under the risk-coverage curve",
           "Mean share of wrong answers as less confident ones are let in.", is_better_high=False),
    Metric("answerability_auc", "Calibration", "Answerability AUC",
           "How often an answerable case has more confidence than one without evidence."),
    Metric("latency_p50", "Cost", "Latency, median",
           "Seconds to an answer, half of the cases.", is_better_high=False, unit="seconds"),
    Metric("latency_p95", "Cost", "Latency, 95th percentile",
           "Seconds to an answer, all but the slowest twentieth.",
           is_better_high=False, unit="seconds"),
    Metric("overhead_p50", "Cost", "Overhead, median",
           "Seconds to an answer beyond the waits for a chat model, half of the cases.",
           is_better_high=False, unit="seconds"),
    Metric("overhead_p95", "Cost", "Overhead, 95th percentile",
           "Seconds to an answer beyond the waits for a chat model, all but the slowest twentieth.",
           is_better_high=False, unit="seconds"),
    Metric("first_token_overhead_p50", "Cost", "First token overhead, median",
           "Seconds to the first word beyond a chat model's own, half of the cases.",
           is_better_high=False, unit="seconds"),
    Metric("first_token_overhead_p95", "Cost", "First token overhead, 95th percentile",
           "Seconds to the first word beyond a chat model's own, all but the slowest twentieth.",
           is_better_high=False, unit="seconds"),
    Metric("held_back_p50", "Cost", "Held back, median",
           "Seconds of the first token overhead in which the model wrote what could be an aside, "
           "half of the cases.",
           is_better_high=False, unit="seconds"),
    Metric("held_back_p95", "Cost", "Held back, 95th percentile",
           "Seconds of the first token overhead in which the model wrote what could be an aside, "
           "all but the slowest twentieth.",
           is_better_high=False, unit="seconds"),
    Metric("tokens", "Cost", "Tokens",
           "Tokens in and out of chat models for an answer, on average.",
           is_better_high=False, unit="tokens"),
    Metric("model_calls", "Cost", "Model calls",
           "Calls of chat models for an answer, on average.", is_better_high=False, unit="calls"),
)  # fmt: skip
"""Scores of a run as a whole, not of a case."""

_BY_NAME = {known.name: known for known in (*_CASE_METRICS, *RUN_METRICS)}


def metric(name: str) -> Metric:
    """What is known about a score; a name that is not known is its own title.

    Args:
        name: as in JSON, for example `recall_at_5`.
    """
    general = re.sub(r"_at_\d+$", "_at_k", name)
    known = _BY_NAME.get(general)
    if known is None:
        return Metric(name, "Other", name.replace("_", " ").capitalize(), "")
    k = name.rpartition("_")[2]
    if name == general:
        return known
    title, summary = (text.replace(" k", f" {k}") for text in (known.title, known.summary))
    return replace(known, name=name, title=title, summary=summary)
