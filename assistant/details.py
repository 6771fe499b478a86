"""What became of each sentence a chat model wrote: shown, repaired or dropped, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Fate = Literal["shown", "repaired", "replaced", "dropped"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked of a statement."""

    name: str
    """Such as `ids`, `numbers`, `names` or `negation`: see docs/checks.md."""
    passed: bool
    reason: str
    """What was found, so that a person can judge the verdict."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, and what became of it."""

    text: str
    ids: tuple[str, ...]
    """The evidence it pointed at, as written: they need not exist."""
    outcome: Fate
    """`repaired`: shown after the program found the right evidence, or the model better words;
    `replaced`: not shown, but one of those is in its place."""
    checks: tuple[Check, ...] = ()

    @property
    def reason(self) -> str:
        """Why it did not pass; empty where it did."""
        return "; ".join(check.reason for check in self.checks if not check.passed)


@dataclass(frozen=True, slots=True)
class Details:
    """How a chat model was used for an answer."""

    model: str
    """The model that was asked, also where its text is not in the answer."""
    drafts: tuple[Drafted, ...] = ()
    """All it wrote, in order; those of the repair turn last."""
    fallback: str | None = None
    """Why the answer was made by the extractive reader after all; None where it was not."""
    declined: bool = False
    """Whether the model said that the evidence does not answer the question."""
    calls: int = 0
    """How often the model was asked, for the follow-up and the repair too."""
    is_cut_off: bool = False
    """Whether the model's text broke off, at its limit or because the connection was lost."""
    condensed_by: Literal["model", "rules"] | None = None
    """What made a follow-up stand alone; None where nothing had to."""
    withheld: int = 0
    """Passages found of which parts were kept from the model: they give it instructions."""
    evidence: int = 0
    """How many sentences the model was shown."""
    prompts: Mapping[str, int] = field(default_factory=dict, hash=False)
    """The versions of the prompts, by name."""

    @property
    def dropped(self) -> int:
        """How many sentences were dropped."""
        return sum(draft.outcome == "dropped" for draft in self.drafts)

    @property
    def repaired(self) -> int:
        """How many sentences were repaired."""
        return sum(draft.outcome == "repaired" for draft in self.drafts)

    def to_dict(self) -> dict[str, Any]:
        """The form of an answer's `details` in JSON."""
        return {
            "model": self.model,
            "drafts": [
                {
                    "text": draft.text,
                    "ids": list(draft.ids),
                    "outcome": draft.outcome,
                    "checks": [
                        {"name": check.name, "passed": check.passed, "reason": check.reason}
                        for check in draft.checks
                    ],
                }
                for draft in self.drafts
            ],
            "fallback": self.fallback,
            "declined": self.declined,
            "calls": self.calls,
            "is_cut_off": self.is_cut_off,
            "condensed_by": self.condensed_by,
            "withheld": self.withheld,
            "evidence": self.evidence,
            "prompts": dict(self.prompts),
        }
