"""What a reader is given, what it knows of a chat model, and what came of asking that."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.extractive import Reading
from assistant.model_types import Usage

if TYPE_CHECKING:
    from assistant.checking import Entailment
    from assistant.citing import Cited
    from assistant.details import Drafted
    from assistant.prompting import Shown
    from index import Index
    from prompts import Library

PROMPTS = ("answer", "answer_json", "answer_question", "condense", "repair")
"""The prompts a model is asked with."""


@dataclass(frozen=True, slots=True)
class Writer:
    """What the reader needs to know of a chat model; to ask it is the driver's."""

    name: str
    context_tokens: int
    """Prompt and reply together."""
    output_tokens: int
    takes_schema: bool
    """Whether it replies in JSON of a given schema."""
    prompts: "Library"
    entailment: "Entailment | None" = None
    """A model that tells whether a quote entails a statement."""

    @property
    def prompt_versions(self) -> dict[str, int]:
        """The versions of the prompts it is asked with, by name."""
        return {name: self.prompts.load(name).version for name in PROMPTS}


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What the reader is given."""

    question: str
    """One that stands alone."""
    evidence: Evidence
    reading: Reading
    """What the extractive reader found: the evidence is strong enough for an answer."""
    scores: NDArray[np.float64]
    """How well each sentence of the evidence answers, shape (candidates,)."""
    index: "Index"


@dataclass(slots=True)
class Written:
    """What came of asking the model, as it grows."""

    cited: "Cited"
    drafts: "list[Drafted]" = field(default_factory=list)
    declined: bool = False
    is_cut_off: bool = False
    calls: int = 0
    cached_calls: int = 0
    usage: Usage | None = None
    waited: float = 0.0
    """Seconds of waiting for the model."""
    first_waited: float | None = None
    """Seconds of waiting until the first text came."""
    first_shown: float | None = None
    """Seconds from the beginning until text was first shown."""
    shown_waited: float | None = None
    """Seconds of these that were waiting: more than `first_waited` where text was held back."""
    started: float = field(default_factory=time.perf_counter)
    shown: "Shown | None" = None
