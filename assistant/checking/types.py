"""What is checked against what, and the result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.details import Check
from index import DocumentInfo

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Takes a statement and texts; gives the cosine of the statement's embedding with each text's."""
Relevance = Callable[[str], float]
"""Takes a statement; gives the cosine of its embedding with that of the question."""
Entailment = Callable[[str, str], float]
"""Takes a premise and a statement; gives the probability that the one entails the other, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote that a statement cites."""

    text: str
    """Slice of the canonical text, as it will stand in the citation."""
    document: DocumentInfo
    """Where it was cut out."""
    context: str = ""
    """Text of its passage: says what is a name, and bears nothing out."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement with what its checks found."""

    text: str
    """As it may be shown: what stands in quotation marks is cut out of the quotes."""
    checks: tuple[Check, ...]
    """Every check that was made, passed or not."""
    support: float
    """How well the quotes bear it out, 0 to 1: the probability of entailment where a model tells,
    else from shared words and meaning. 0 where a check failed."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.passed for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)
