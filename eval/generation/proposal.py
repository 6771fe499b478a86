"""A proposed case, and its form in `proposals.jsonl`."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from eval.types import Case, Category, GoldSpan
from index.types import FailedFile


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case that a person is to accept or drop."""

    category: Category
    question: str
    template: str
    """What made it: the name of a template, or `model`."""
    why: str
    """What to look at when deciding, in a sentence."""
    history: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[GoldSpan, ...], ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    sources: tuple[str, ...] = ()
    score: float = field(default=0.5, compare=False)
    """How likely it is to be accepted, 0 to 1, as far as the template knows."""
    topics: tuple[str, ...] = field(default=(), compare=False)
    """The names it is about, so that a selection does not ask about one all the time."""
    basis: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    """Where the sentences stand that it was made from, as (document, start), if not its"
    " evidence."""

    @property
    def id(self) -> str:
        """`g-` and ten hex digits of what is asked: the same question has the same id again."""
        asked = json.dumps([self.question, self.history], ensure_ascii=False)
        return f"g-{hashlib.sha256(asked.encode('utf-8', 'backslashreplace')).hexdigest()[:10]}"

    @property
    def case(self) -> Case:
        """The case it proposes."""
        return Case(
            self.id,
            self.category,
            self.question,
            self.history,
            self.evidence,
            self.facts,
            self.sources,
        )

    @property
    def places(self) -> frozenset[tuple[str, int]]:
        """Where the sentences stand that it was made from."""
        spans = [group[0] for group in self.evidence]
        if self.facts and len(self.evidence) == 1:
            spans = list(self.evidence[0])  # the same fact, told again
        return frozenset(self.basis or ((span.doc, span.start) for span in spans))

    @property
    def home(self) -> str:
        """The document its first gold span is from, or an empty string."""
        return self.evidence[0][0].doc if self.evidence else ""

    def to_dict(self) -> dict[str, Any]:
        """A line of `proposals.jsonl`: the case as `cases.jsonl` has it, the rest beside it."""
        return {"case": case_to_dict(self.case), "template": self.template, "why": self.why}


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was proposed for a collection, best first, and what was left out."""

    proposals: tuple[Proposal, ...]
    documents: int
    """Documents that were read."""
    failed: tuple[FailedFile, ...] = ()
    """Files that could not be read."""
    foreign: tuple[str, ...] = ()
    """Documents that are not in English, which the templates leave alone."""
    rejected: tuple[tuple[str, int], ...] = ()
    """Why output of the model was dropped, and how often."""

    def count_by_template(self) -> dict[str, int]:
        """How many proposals each template made."""
        counts: dict[str, int] = {}
        for proposal in self.proposals:
            counts[proposal.template] = counts.get(proposal.template, 0) + 1
        return dict(sorted(counts.items()))


def case_to_dict(case: Case) -> dict[str, Any]:
    """A case as a line of `cases.jsonl`."""
    return {
        "id": case.id,
        "category": case.category,
        "question": case.question,
        "history": [list(turn) for turn in case.history],
        "evidence": [
            [
                {"doc": span.doc, "quote": span.quote, "start": span.start, "end": span.end}
                for span in group
            ]
            for group in case.evidence
        ],
        "facts": [list(spellings) for spellings in case.facts],
        "sources": list(case.sources),
    }
