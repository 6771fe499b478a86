"""What an import gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.types import Dataset


@dataclass(frozen=True, slots=True)
class Imported:
    """A dataset made of another project's data, and what was left behind."""

    dataset: Dataset
    documents: int
    """How many files `documents/` holds."""
    skipped: Mapping[str, int]
    """What was skipped, in words, and how often."""
    answers: Path | None = None
    """The rows' own responses, for `assistant-eval run --answers`; None where there are none."""
