"""What a test of robustness found, as values."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.bootstrap import Estimate
from eval.paired import Difference
from eval.report import Report
from eval.scorers.base import Score
from eval.variants.types import Kind, VariantRecord


@dataclass(frozen=True, slots=True)
class Measure:
    """One score on a variant, beside the same score without it."""

    name: str
    found: Estimate
    """On the variant, over all cases that are scored there."""
    change: Difference | None
    """From the dataset (a) to the variant (b), over the cases scored in both; None if there are
    none, or if the score means nothing without the variant."""
    n_paired: int
    """How many cases are scored in both."""

    def to_dict(self) -> dict[str, Any]:
        """The form of a variant's `measures`, where the name is the key."""
        change = None if self.change is None else {**asdict(self.change), "n": self.n_paired}
        return {**self.found.to_dict(), "change": change}


@dataclass(frozen=True, slots=True)
class VariantFinding:
    """One variant: how it was made, the measures, and what each case's score rests on."""

    record: VariantRecord
    measures: tuple[Measure, ...]
    explained: Mapping[str, Mapping[str, Score]]
    """The scores that only variants have, by their names and by case id."""
    report: Report

    def measure(self, name: str) -> Measure:
        """The measure of this name.

        Raises:
            KeyError: it was not scored on any case.
        """
        return {measure.name: measure for measure in self.measures}[name]

    def to_dict(self) -> dict[str, Any]:
        """The form of a robustness report's `variants`."""
        return {
            "kind": self.record.kind,
            "seed": self.record.seed,
            "ratio": self.record.ratio,
            "plants": len(self.record.plants),
            "cuts": len(self.record.cuts),
            "left_out": dict(self.record.left_out or {}),
            "measures": {measure.name: measure.to_dict() for measure in self.measures},
            "explained": {
                name: {
                    key: {"value": score.value, "explanation": score.explanation}
                    for key, score in scores.items()
                    if score.value is not None
                }
                for name, scores in self.explained.items()
            },
            "report": self.report.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class RobustnessReport:
    """A dataset and its variants, answered by one system."""

    dataset: str
    model: str
    seed: int
    clean: Report
    """On the dataset as it is."""
    variants: tuple[VariantFinding, ...]
    skipped: Mapping[str, str]
    """Kinds that cannot be made of this dataset, with the reason."""

    @property
    def errors(self) -> dict[str, str]:
        """Messages of the cases on which the system failed, by `kind/case id`."""
        reports = {"clean": self.clean}
        reports |= {finding.record.kind: finding.report for finding in self.variants}
        return {
            f"{name}/{key}": message
            for name, report in reports.items()
            for key, message in report.errors.items()
        }

    def finding(self, kind: Kind) -> VariantFinding:
        """What was found with a kind of variant.

        Raises:
            KeyError: it was not made.
        """
        return {finding.record.kind: finding for finding in self.variants}[kind]

    def to_dict(self) -> dict[str, Any]:
        """The form `assistant-eval robustness --json` writes."""
        return {
            "dataset": self.dataset,
            "model": self.model,
            "seed": self.seed,
            "clean": self.clean.to_dict(),
            "variants": [finding.to_dict() for finding in self.variants],
            "skipped": dict(self.skipped),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_text(self) -> str:
        """One table, for a terminal."""
        from eval.variants.tables import as_text

        return as_text(self)

    def to_markdown(self) -> str:
        """The same table in Markdown."""
        from eval.variants.tables import as_markdown

        return as_markdown(self)
