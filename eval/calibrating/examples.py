"""What the extractive reader sees for each question of a dataset, and which sentences are gold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Candidate, Evidence, Vectors
from assistant.question import Question
from eval.documents import DatasetDocuments
from eval.types import Dataset

if TYPE_CHECKING:
    from index import Index


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One question with its evidence."""

    id: str
    is_answerable: bool
    question: Question
    vector: Vectors
    evidence: Evidence
    features: NDArray[np.float64]
    """Shape (candidates, features); see `assistant.scoring.features`."""
    gold: NDArray[np.bool_]
    """Shape (candidates, groups): whether a candidate overlaps a span of a group of evidence."""

    @property
    def prepared(self) -> tuple[Question, Vectors, Evidence]:
        """What the reader is given."""
        return self.question, self.vector, self.evidence


def examples_of(dataset: Dataset, index: "Index") -> list[Example]:
    """The questions of a dataset for which anything is found.

    Args:
        dataset: from `load_dataset`.
        index: made from its documents.
    """
    from assistant.scoring import features
    from assistant.steps import prepare

    is_gold = _marker(dataset)
    found = []
    for case in dataset.cases:
        prepared = prepare(index, case.question, case.history)
        if prepared is None:
            continue
        rows = [
            [any(is_gold(candidate, span.doc, span.start, span.end) for span in group)
             for group in case.evidence]
            for candidate in prepared[2].candidates
        ]  # fmt: skip
        gold = np.array(rows, dtype=bool).reshape(len(rows), len(case.evidence))
        answerable = bool(case.evidence)
        found.append(Example(case.id, answerable, *prepared, features(*prepared), gold))
    return found


def _marker(dataset: Dataset) -> Callable[[Candidate, str, int, int], bool]:
    documents = DatasetDocuments(dataset.documents)

    def is_gold(candidate: Candidate, doc: str, start: int, end: int) -> bool:
        sentence = candidate.sentence
        place = documents.locate(candidate.hit.document.source)
        is_same = place is not None and documents.are_same(place, doc)
        return is_same and sentence.start < end and start < sentence.end

    return is_gold
