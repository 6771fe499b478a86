"""Datasets: a folder with `documents/` and `cases.jsonl`, read and checked strictly."""

from pathlib import Path

from eval.cases import read_cases
from eval.documents import DatasetDocuments
from eval.errors import DatasetError
from eval.types import CATEGORIES, Case, Category, Dataset, GoldSpan

__all__ = ["CATEGORIES", "Case", "Category", "Dataset", "GoldSpan", "load_dataset"]


def load_dataset(path: str | Path) -> Dataset:
    """Read a dataset and check all of it.

    Args:
        path: the folder that holds `documents/` and `cases.jsonl`.

    Raises:
        DatasetError: something is wrong; the message lists the problems of the whole file (the
            first 20) with their line numbers, what was expected, what was found and what to do.
    """
    folder = Path(path)
    documents, cases = folder / "documents", folder / "cases.jsonl"
    if not (documents.is_dir() and cases.is_file()):
        raise DatasetError(
            f"{folder}: expected a folder with documents/ and cases.jsonl, found {_found(folder)}. "
            "Pass the dataset's folder."
        )
    return Dataset(folder.resolve().name, folder, read_cases(cases, DatasetDocuments(documents)))


def _found(folder: Path) -> str:
    if not folder.exists():
        return "nothing"
    if not folder.is_dir():
        return "a file"
    names = sorted(entry.name for entry in folder.iterdir())
    more = ", ..." if len(names) > 8 else ""
    return f"a folder with {', '.join(names[:8])}{more}" if names else "an empty folder"
