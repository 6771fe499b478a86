"""Variants of a dataset that test robustness, and what changes with them.

from eval import load_dataset
from eval.variants import load_plants, make_variant, robustness

variant = make_variant(load_dataset("eval/datasets/briefs"), "injection", "briefs-injected")
load_plants(variant.folder).plants
"""

from eval.variants.findings import RobustnessReport
from eval.variants.maker import make_variant
from eval.variants.records import load_plants
from eval.variants.robustness import robustness
from eval.variants.types import KINDS, Cut, Kind, Plant, VariantRecord

__all__ = [
    "KINDS",
    "Cut",
    "Kind",
    "Plant",
    "RobustnessReport",
    "VariantRecord",
    "load_plants",
    "make_variant",
    "robustness",
]
