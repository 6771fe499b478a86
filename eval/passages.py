"""The passages a system found for a question, as its answer lists them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.documents import DatasetDocuments

_PASSAGE_ID = re.compile(r"([0-9a-f]{16}):(\d{1,12})-(\d{1,12})")


@dataclass(frozen=True, slots=True)
class RetrievedSpan:
    """A passage that was found for the question, as a span of a document."""

    doc: str | None
    """The dataset's document; None where it has no such document."""
    start: int
    end: int


def retrieved_spans(
    answer: Mapping[str, Any], documents: DatasetDocuments
) -> tuple[RetrievedSpan, ...] | None:
    """The passages an answer says were found, best first; None where it does not say.

    Each is a passage id, `{document id}:{start}-{end}`, or an object with `source`, `start`, `end`.
    """
    found = answer.get("retrieved")
    if found is None:
        return None
    return tuple(_retrieved(entry, documents) for entry in found)


def _retrieved(entry: str | Mapping[str, Any], documents: DatasetDocuments) -> RetrievedSpan:
    if isinstance(entry, str):
        document_id, start, end = passage_parts(entry) or ("", 0, 0)
        return RetrievedSpan(documents.with_id(document_id), start, end)
    return RetrievedSpan(documents.locate(entry["source"]), entry["start"], entry["end"])


def passage_parts(passage_id: str) -> tuple[str, int, int] | None:
    """Document id, start and end of a passage id; None where it is none."""
    match = _PASSAGE_ID.fullmatch(passage_id)
    return (match[1], int(match[2]), int(match[3])) if match else None
