"""Datasets, scores and reports: how well answers are grounded, measured.

from assistant import Assistant
from eval import evaluate, load_dataset

with Assistant.open("my.index") as desk:
    report = evaluate(load_dataset("my-dataset"), desk.answer)
report.require(minimum={"evidence_recall": 0.8}, maximum={"false_refusal_rate": 0.1})
"""

from eval.compare import compare
from eval.dataset import Case, Dataset, load_dataset
from eval.report import Report
from eval.report_files import load_report
from eval.runner import evaluate, score_answers

__all__ = [
    "Case",
    "Dataset",
    "Report",
    "compare",
    "evaluate",
    "load_dataset",
    "load_report",
    "score_answers",
]
