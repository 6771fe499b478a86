"""Datasets, scores and reports: how well answers are grounded, measured.

from assistant import Assistant
from eval import evaluate, load_dataset

with Assistant.open("my.index") as desk:
    report = evaluate(load_dataset("my-dataset"), desk.answer)
report.require(minimum={"evidence_recall": 0.8}, maximum={"false_refusal_rate": 0.1})
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eval.dataset import Case, Dataset, load_dataset
    from eval.paired_runs import compare
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

_PLACES = {
    "Case": "dataset",
    "Dataset": "dataset",
    "Report": "report",
    "compare": "paired_runs",
    "evaluate": "runner",
    "load_dataset": "dataset",
    "load_report": "report_files",
    "score_answers": "runner",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: `assistant --help` needs none of them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"eval.{_PLACES[name]}"), name)
    globals()[name] = value
    return value
