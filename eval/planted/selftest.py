"""The table of planted systems against scores."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.grid import Row, columns, markdown
from eval.planted.faults import FAULTS
from eval.planted.oracle import Oracle
from eval.planted.plants import Fault, plant
from eval.runner import score_answers
from eval.scorers import metric
from eval.types import Dataset

PERFECT = "perfect"


@dataclass(frozen=True, slots=True)
class Catch:
    """What one score says of one planted system."""

    fault: str
    score: str
    perfect: float | None
    """The score of the system without the fault."""
    planted: float | None

    @property
    def is_caught(self) -> bool:
        """Whether the fault makes the score worse, or leaves nothing to score."""
        if self.perfect is None:
            return False
        if self.planted is None:
            return True
        gain = self.planted - self.perfect
        return gain < 0 if metric(self.score).is_better_high else gain > 0


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What the scores say of all planted systems."""

    dataset: str
    perfect: dict[str, float | None]
    """The scores of the system that knows the right answers."""
    catches: tuple[Catch, ...]
    idle: tuple[str, ...]
    """Faults that the dataset gives nothing to work with."""

    @property
    def unseen(self) -> tuple[str, ...]:
        """Faults that were planted and that none of their scores caught."""
        caught = {catch.fault for catch in self.catches if catch.is_caught}
        names = dict.fromkeys(catch.fault for catch in self.catches)
        return tuple(name for name in names if name not in caught and name not in self.idle)

    def to_json(self) -> str:
        """The whole table."""
        return json.dumps(
            {
                "dataset": self.dataset,
                "perfect": self.perfect,
                "planted": [
                    {
                        "fault": catch.fault,
                        "score": catch.score,
                        "perfect": catch.perfect,
                        "planted": catch.planted,
                        "caught": catch.is_caught,
                    }
                    for catch in self.catches
                ],
                "idle": list(self.idle),
                "unseen": list(self.unseen),
            },
            indent=2,
        )

    def to_text(self) -> str:
        """Plain columns, one line a fault and score."""
        return "\n".join(
            [f"Dataset {self.dataset}", "", *self._table(lambda r: columns(r, left=2))]
        )

    def to_markdown(self) -> str:
        """A Markdown table."""
        return "\n".join(self._table(markdown))

    def _table(self, table: Callable[[Sequence[Row]], list[str]]) -> list[str]:
        rows: list[Row] = [("a system that", "score", "without", "with the fault", "verdict")]
        says = {fault.name: fault.does for fault in FAULTS}
        for catch in self.catches:
            verdict = "caught" if catch.is_caught else "unseen"
            if catch.fault in self.idle:
                verdict = "nothing to plant it in"
            values = (_shown(catch.perfect), _shown(catch.planted))
            rows.append((says[catch.fault], catch.score, *values, verdict))
        return table(rows)


def measure(dataset: Dataset) -> SelfTest:
    """Plant every fault, and score it."""
    oracle = Oracle(dataset)
    right = oracle.answers()
    perfect = {name: found.value for name, found in score_answers(dataset, right).summary.items()}
    catches: list[Catch] = []
    idle: list[str] = []
    for fault in FAULTS:
        answers = plant(fault, oracle)
        if _same(answers, right):
            idle.append(fault.name)
        catches += _catches(fault, perfect, dataset, answers)
    return SelfTest(dataset.name, perfect, tuple(catches), tuple(idle))


def _catches(
    fault: Fault,
    perfect: dict[str, float | None],
    dataset: Dataset,
    answers: dict[str, dict[str, object]],
) -> list[Catch]:
    summary = score_answers(dataset, answers).summary
    return [Catch(fault.name, name, perfect[name], summary[name].value) for name in fault.caught_by]


def _same(answers: dict[str, dict[str, object]], right: dict[str, dict[str, object]]) -> bool:
    """Whether nothing but the system's name differs."""
    return all({**answers[key], "model": ""} == {**right[key], "model": ""} for key in right)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
