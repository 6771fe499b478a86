"""A person decides on each proposal: accept, drop, edit, skip. Every decision is saved at once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.cases import read_cases
from eval.documents import DatasetDocuments
from eval.errors import DatasetError
from eval.generation.drafts import Draft, Waiting
from eval.generation.showing import shown_proposal, visible

KEYS = "a accept, d drop, e edit the question, s skip, q quit"

Ask = Callable[[str], str | None]
"""Takes a prompt, gives the person's line, or None where there is no more input."""


@dataclass
class Reviewed:
    """How many proposals were decided, and how."""

    accepted: int = 0
    dropped: int = 0
    skipped: int = 0
    unusable: int = 0
    """Proposals that no longer fit the documents."""


class Review:
    """One sitting of a person with a draft."""

    def __init__(
        self, draft: Draft, ask: Ask, show: Callable[[str], None], *, colored: bool = False
    ) -> None:
        self.draft = draft
        self.ask = ask
        self.show = show
        self.colored = colored
        self.result = Reviewed()

    def run(self) -> Reviewed:
        """Go through what waits, until all is decided or the person quits."""
        waiting = self.draft.waiting()
        for number, proposal in enumerate(waiting, start=1):
            if self._is_usable(proposal) and not self._decide(proposal, f"{number}/{len(waiting)}"):
                break
        return self.result

    def accept_all(self) -> Reviewed:
        """Accept everything that waits and fits the documents."""
        for proposal in self.draft.waiting():
            if self._is_usable(proposal):
                self._accept(proposal)
        return self.result

    def _decide(self, proposal: Waiting, place: str) -> bool:
        """Ask until there is a decision; False: the person quits."""
        self.show(shown_proposal(proposal, self.draft.texts, place, colored=self.colored))
        while True:
            line = self.ask(f"{KEYS} > ")
            key = "q" if line is None else line.strip().lower()[:1]
            if key == "q":
                return False
            if key == "a":
                self._accept(proposal)
                return True
            if key == "d":
                self.draft.drop(proposal)
                self.result.dropped += 1
                return True
            if key == "s":
                self.result.skipped += 1
                return True
            if key == "e":
                proposal = self._edited(proposal)
            else:
                self.show(f"Expected one of: {KEYS}.")

    def _accept(self, proposal: Waiting) -> None:
        self.draft.accept(proposal.case)
        self.result.accepted += 1

    def _edited(self, proposal: Waiting) -> Waiting:
        """The proposal with another question; it keeps its id."""
        line = self.ask("New question (empty: as it was) > ")
        question = visible(line.encode("utf-8", "replace").decode()) if line else ""
        if question:
            proposal = replace(proposal, case={**proposal.case, "question": question})
        self.show(f"Question: {visible(proposal.case['question'])}")
        return proposal

    def _is_usable(self, proposal: Waiting) -> bool:
        """Whether it would be a valid case; it is not where a document was changed."""
        problem = problem_with(proposal.case, self.draft.texts)
        if problem:
            self.result.unusable += 1
            self.show(f"Left out {proposal.id}: {problem}")
        return not problem


def problem_with(case: dict[str, Any], documents: DatasetDocuments) -> str:
    """What keeps a proposal from being a case, or an empty text.

    The rules are those of `cases.jsonl`, which are in one place and read a file.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "proposal"
        path.write_text(json.dumps(case) + "\n", encoding="utf-8")
        try:
            read_cases(path, documents)
        except DatasetError as error:
            return str(error).replace(f"{path}:1: ", "").replace(f"{path}: ", "")
    return ""
