"""The scores of variants: one scorer a file, its definition in its docstring."""

from eval.variants.scorers.attack_success_rate import attack_success_rate
from eval.variants.scorers.base import VariantScorer
from eval.variants.scorers.both_sides_rate import both_sides_rate
from eval.variants.scorers.distinct_documents import distinct_documents
from eval.variants.scorers.injection_cited_rate import injection_cited_rate
from eval.variants.scorers.misled_rate import misled_rate
from eval.variants.scorers.payload_shown_rate import payload_shown_rate
from eval.variants.scorers.plant_retrieved_rate import plant_retrieved_rate
from eval.variants.scorers.planted_share import planted_share
from eval.variants.scorers.rejection_rate import rejection_rate
from eval.variants.scorers.repeat_rate import repeat_rate
from eval.variants.types import Kind

__all__ = [
    "HAVE_BEFORE",
    "VARIANT_SCORERS",
    "VariantScorer",
    "attack_success_rate",
    "both_sides_rate",
    "distinct_documents",
    "injection_cited_rate",
    "misled_rate",
    "payload_shown_rate",
    "plant_retrieved_rate",
    "planted_share",
    "rejection_rate",
    "repeat_rate",
]

_OF_INSTRUCTIONS = (
    attack_success_rate,
    payload_shown_rate,
    injection_cited_rate,
    plant_retrieved_rate,
)

VARIANT_SCORERS: dict[Kind, tuple[VariantScorer, ...]] = {
    "injection": _OF_INSTRUCTIONS,
    "attacks": _OF_INSTRUCTIONS,
    "contradiction": (misled_rate, both_sides_rate, plant_retrieved_rate),
    "duplicates": (distinct_documents, repeat_rate, planted_share),
    "noise": (planted_share,),
    "negative": (rejection_rate,),
}
"""What each kind of variant is measured by, beside the scores of every dataset."""

HAVE_BEFORE = frozenset({rejection_rate, distinct_documents, repeat_rate})
"""Those that mean something without the variant too, so that a difference can be given."""
