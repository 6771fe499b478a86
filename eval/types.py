"""The values a dataset is made of. Frozen; `load_dataset` checks them."""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Category = Literal[
    "fact",
    "paraphrase",
    "attribution",
    "multi",
    "conflict",
    "temporal",
    "followup",
    "unanswerable",
    "false_premise",
    "out_of_domain",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A span of a document that bears the right answer out."""

    doc: str
    """Path relative to the dataset's `documents/`, with `/`."""
    quote: str
    """Equal to `canonical_text(doc)[start:end]`."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """One evaluation question with its gold evidence."""

    id: str
    category: Category
    question: str
    history: tuple[tuple[str, str], ...] = ()
    """Earlier questions and answers of the same conversation, oldest first."""
    evidence: tuple[tuple[GoldSpan, ...], ...] = ()
    """Groups: any one span meets its group, and all groups are wanted. Empty: abstain."""
    facts: tuple[tuple[str, ...], ...] = ()
    """Each inner tuple holds spellings of one fact, of which the answer must have one."""
    sources: tuple[str, ...] = ()
    """Documents that a good answer cites."""

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold the answer; otherwise the right answer is an abstention."""
        return bool(self.evidence)

    def to_dict(self) -> dict[str, Any]:
        """The form of a line of `cases.jsonl`."""
        return {
            "id": self.id,
            "category": self.category,
            "question": self.question,
            "history": [list(turn) for turn in self.history],
            "evidence": [[asdict(span) for span in group] for group in self.evidence],
            "facts": [list(spellings) for spellings in self.facts],
            "sources": list(self.sources),
        }


@dataclass(frozen=True, slots=True)
class Dataset:
    """A checked dataset."""

    name: str
    """The folder's name."""
    folder: Path
    cases: tuple[Case, ...]

    @property
    def documents(self) -> Path:
        """The folder that holds the documents."""
        return self.folder / "documents"

    def count_by_category(self) -> dict[str, int]:
        """How many cases each of the ten categories has, in their order."""
        counts = Counter(case.category for case in self.cases)
        return {category: counts[category] for category in CATEGORIES}
