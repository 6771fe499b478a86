"""A dataset in the making, on disk.

`documents/` and `cases.jsonl` as in any dataset, `proposals.jsonl` with all that was ever proposed,
and `dropped.jsonl` with the ids of what a person dropped. A proposal is accepted when its id is in
`cases.jsonl`: one write decides, and a kill between two writes can leave no contradiction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from eval.documents import DatasetDocuments
from eval.errors import DatasetError, ProposalsError
from eval.generation.appending import append_lines
from eval.generation.proposal import Proposal
from eval.jsonl import read_objects
from eval.problems import Problems, shown
from index.errors import InputError


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that is not decided."""

    case: dict[str, Any]
    """As a line of `cases.jsonl`."""
    template: str
    why: str

    @property
    def id(self) -> str:
        """The case's id."""
        return str(self.case["id"])


class Draft:
    """The folder of a dataset in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = folder / "documents"
        self.cases = folder / "cases.jsonl"
        self.proposals = folder / "proposals.jsonl"
        self.dropped = folder / "dropped.jsonl"

    def check(self) -> None:
        """See that the folder is new, empty, or one of this kind.

        Raises:
            ProposalsError: it is a file, or a folder with something else in it.
        """
        if self.folder.is_dir():
            found = sorted(entry.name for entry in self.folder.iterdir())
            if not found or self.documents.is_dir() or self.proposals.is_file():
                return
            what = f"a folder with {', '.join(found[:5])}"
        elif self.folder.exists():
            what = "a file"
        else:
            return
        raise ProposalsError(
            f"{self.folder}: expected a new folder, or a dataset, found {what}. Name another one."
        )

    @cached_property
    def texts(self) -> DatasetDocuments:
        """The documents' texts."""
        return DatasetDocuments(self.documents)

    def accepted_ids(self) -> set[str]:
        """The ids of all cases.

        Raises:
            DatasetError: `cases.jsonl` is wrong.
        """
        return set(_ids(self.cases, DatasetError))

    def known_ids(self) -> set[str]:
        """The ids of everything that was proposed, accepted or dropped."""
        return self.decided_ids() | {proposal.id for proposal in self._all()}

    def decided_ids(self) -> set[str]:
        """The ids of what was accepted or dropped."""
        return self.accepted_ids() | set(_ids(self.dropped, ProposalsError))

    def waiting(self) -> list[Waiting]:
        """The proposals that nobody decided on, in their order.

        Raises:
            ProposalsError: a file is wrong.
        """
        decided = self.decided_ids()
        return [proposal for proposal in self._all() if proposal.id not in decided]

    def add(self, proposals: Iterable[Proposal]) -> None:
        """Add proposals to those that wait."""
        append_lines(self.proposals, (proposal.to_dict() for proposal in proposals))

    def accept(self, case: dict[str, Any]) -> None:
        """Add a case to the dataset, unless it has it already."""
        if case["id"] not in self.accepted_ids():
            append_lines(self.cases, [case])

    def drop(self, proposal: Waiting) -> None:
        """Remember that a proposal is not wanted."""
        append_lines(self.dropped, [{"id": proposal.id, "question": proposal.case["question"]}])

    def _all(self) -> list[Waiting]:
        """Everything that was proposed, each once."""
        if not self.proposals.is_file():
            return []
        problems = Problems(self.proposals)
        found: dict[str, Waiting] = {}
        for line, record in read_objects(self.proposals, problems, ProposalsError):
            case = record.get("case")
            if isinstance(case, dict) and isinstance(case.get("id"), str):
                proposal = Waiting(case, str(record.get("template")), str(record.get("why")))
                found.setdefault(proposal.id, proposal)
            else:
                problems.on_line(line)(
                    f"expected 'case' with an 'id', found {shown(case)}. Delete the line."
                )
        problems.raise_any(ProposalsError)
        return list(found.values())


def _ids(path: Path, error: type[InputError]) -> Iterator[str]:
    """The ids in a file that may not be there."""
    if not path.is_file():
        return
    problems = Problems(path)
    yield from (str(record.get("id")) for _, record in read_objects(path, problems, error))
    problems.raise_any(error)
