"""Datasets, scores and reports: how well answers are grounded, measured."""

from eval.dataset import Case, Dataset, load_dataset
from eval.report import Report
from eval.runner import evaluate, score_answers

__all__ = ["Case", "Dataset", "Report", "evaluate", "load_dataset", "score_answers"]
