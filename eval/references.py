"""`references.jsonl`: right answers in words, which only judges outside this project read."""

from eval.errors import DatasetError
from eval.jsonl import read_objects
from eval.problems import Problems, shown
from eval.types import Dataset

REFERENCES = "references.jsonl"


def read_references(dataset: Dataset) -> dict[str, str]:
    """A dataset's references by case id: `{"id": ..., "reference": ...}`; none without the file.

    Raises:
        DatasetError: listing what is wrong with the file.
    """
    path = dataset.folder / REFERENCES
    references: dict[str, str] = {}
    if not path.is_file():
        return references
    problems = Problems(path)
    ids = {case.id for case in dataset.cases}
    for line, record in read_objects(path, problems, DatasetError):
        key, reference = record.get("id"), record.get("reference")
        if key not in ids or not isinstance(reference, str):
            problems.on_line(line)(
                f"expected 'id' of a case and 'reference' in words, found {shown(record)}. "
                "Correct it."
            )
        else:
            references[key] = reference
    problems.raise_any(DatasetError)
    return references
