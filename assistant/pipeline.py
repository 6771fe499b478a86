"""From a question to a grounded answer, step by step, without LangChain: `chain` wraps the steps.

To import LangChain takes longer than to answer. A reader that asks no chat model has nothing for
its callbacks to see, and is not run through it where nobody asks for the chain.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.asking import Turn
from assistant.driving import Streams, drive, run
from assistant.steps import Steps
from assistant.types import Event


class Pipeline:
    """The four steps of an answer, each of which takes what the one before it gives."""

    def __init__(self, steps: Steps, model: Streams | None = None) -> None:
        self.steps = steps
        self.model = model

    def stream(self, value: object) -> Iterator[Event]:
        """All steps: the events up to the `Answer`, which is the last."""
        return self.read(self.gather(self.retrieve(self.contextualize(value))))

    def contextualize(self, value: object) -> Turn:
        """The turn of what a caller passes, with the question made to stand alone."""
        started, turn = time.perf_counter(), turn_of(value)
        return after(run(self.steps.contextualize(turn), self.model), "contextualize", started)

    def retrieve(self, value: object) -> Turn:
        """The turn with its passages."""
        return _timed("retrieve", self.steps.retrieve, turn_of(value))

    def gather(self, value: object) -> Turn:
        """The turn with its evidence."""
        return _timed("evidence", self.steps.gather, turn_of(value))

    def read(self, turn: Turn) -> Iterator[Event]:
        """The events up to the `Answer`."""
        return drive(self.steps.read(turn), self.model)


def turn_of(value: object) -> Turn:
    """A turn, also of what callers pass; see `Turn.of`."""
    return value if isinstance(value, Turn) else Turn.of(value)


def after(turn: Turn, name: str, started: float) -> Turn:
    """The turn with what a step took."""
    return replace(turn, timings={**turn.timings, name: time.perf_counter() - started})


def _timed(name: str, step: Callable[[Turn], Turn], turn: Turn) -> Turn:
    started = time.perf_counter()
    return after(step(turn), name, started)
