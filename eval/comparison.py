"""What a comparison of two runs found, as a value."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, Literal, TypeVar

from eval.metric_names import check_known, is_better_high

LEVEL = 0.05
"""A change is called better or worse where the adjusted p-value is below this."""

Value = TypeVar("Value", float, str)


@dataclass(frozen=True, slots=True)
class Flip(Generic[Value]):
    """A case that is in B not what it is in A."""

    id: str
    a: Value
    b: Value


@dataclass(frozen=True, slots=True)
class Run:
    """Which run it is."""

    dataset: str
    model: str
    created: str
    cases: int


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric in both runs, over the cases that are scored in both."""

    name: str
    n: int
    """How many cases are scored in both runs. If 0, the numbers are None."""
    n_one_only: int
    """How many are scored in one of them, and left out here."""
    a: float | None
    b: float | None
    difference: float | None
    """B minus A."""
    low: float | None
    high: float | None
    """Ends of the difference's 95 % interval."""
    p: float | None
    """Two-sided, of a paired randomization test."""
    p_holm: float | None
    """The same, adjusted for the number of metrics in the comparison."""
    worse: tuple[Flip[float], ...]
    """Cases with a worse value in B; which way is worse depends on the metric."""
    better: tuple[Flip[float], ...]

    @property
    def change(self) -> Literal["better", "worse", "same", "unclear"]:
        """What B is, by this metric: unclear where chance alone may explain the difference."""
        if self.difference is None or self.p_holm is None:
            return "unclear"
        if not (self.worse or self.better):
            return "same"
        if self.p_holm >= LEVEL or not self.difference:
            return "unclear"
        return "better" if (self.difference > 0) == is_better_high(self.name) else "worse"

    def to_dict(self) -> dict[str, Any]:
        """The form of a comparison's `metrics`, where the name is the key."""
        form = asdict(self)
        del form["name"]
        flips = {key: list(form.pop(key)) for key in ("worse", "better")}
        return {**form, "change": self.change, **flips}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from run A to run B."""

    a: Run
    b: Run
    n: int
    """How many cases are in both."""
    only_in_a: tuple[str, ...]
    only_in_b: tuple[str, ...]
    metrics: tuple[MetricComparison, ...]
    statuses: tuple[Flip[str], ...]
    """Cases that changed between "answered", "abstained" and "failed"."""
    verdicts: tuple[Flip[str], ...]
    """Cases answered in both runs that changed between "right" and "wrong"."""
    questions: Mapping[str, str]
    """The questions of all cases that changed, by id."""

    def metric(self, name: str) -> MetricComparison:
        """One of the metrics.

        Raises:
            InputError: the comparison has none of this name.
        """
        by_name = {metric.name: metric for metric in self.metrics}
        check_known(name, by_name, "a metric of this comparison")
        return by_name[name]

    def to_dict(self) -> dict[str, Any]:
        """The form `assistant-eval compare --json` writes."""
        return {
            "a": asdict(self.a),
            "b": asdict(self.b),
            "n": self.n,
            "only_in_a": list(self.only_in_a),
            "only_in_b": list(self.only_in_b),
            "metrics": {metric.name: metric.to_dict() for metric in self.metrics},
            "statuses": [asdict(flip) for flip in self.statuses],
            "verdicts": [asdict(flip) for flip in self.verdicts],
            "questions": dict(self.questions),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_text(self) -> str:
        """Tables for a terminal."""
        from eval.compare_tables import comparison_as_text

        return comparison_as_text(self)

    def to_markdown(self) -> str:
        """Tables in Markdown."""
        from eval.compare_tables import comparison_as_markdown

        return comparison_as_markdown(self)
