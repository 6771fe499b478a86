"""The same system on a dataset and on its variants: what changes.

After J. Chen, H. Lin, X. Han and L. Sun, Benchmarking Large Language Models in Retrieval-Augmented
Generation (RGB), AAAI 2024, arXiv:2309.01431: noise robustness is the accuracy that is left when
noise is added. RGB's accuracy is that an answer contains the right one; here it is `facts_recall`
(each fact stated) with `evidence_recall` beside it.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.answers import outcome_of
from eval.bootstrap import estimate
from eval.documents import DatasetDocuments
from eval.errors import VariantError
from eval.paired import Pair, difference
from eval.report import Report
from eval.runner import AnswerFunction, evaluate
from eval.scorers.base import Outcome, Score
from eval.types import Dataset
from eval.variants.findings import Measure, RobustnessReport, VariantFinding
from eval.variants.maker import make_variant
from eval.variants.records import load_plants
from eval.variants.scorers import HAVE_BEFORE, VARIANT_SCORERS
from eval.variants.types import KINDS, Kind

COMPARED = (
    "facts_recall",
    "evidence_recall",
    "citation_precision",
    "quote_exactness",
    "false_refusal_rate",
    "abstention_recall",
)
"""Scores of every dataset that are compared, as far as a variant has cases for them."""

MakeSystem = Callable[[Dataset], AnswerFunction]
"""Gives the system that answers from a dataset's documents."""

Scores = dict[str, Score]
"""By case id."""


def robustness(
    dataset: Dataset,
    make_system: MakeSystem,
    kinds: Sequence[Kind] = KINDS,
    *,
    seed: int = 0,
    progress: bool = False,
    system: Mapping[str, Any] | None = None,
) -> RobustnessReport:
    """Ask a dataset's questions with and without each kind of variant, and compare.

    The variants are made in a temporary folder; `make_variant` makes the same ones again.

    Args:
        dataset: from `load_dataset`.
        make_system: called for the dataset and then for each variant, when the system before is no
            longer asked; it may, for example, index the documents and open an `Assistant`.
        kinds: which variants; one that cannot be made of this dataset is skipped, and named.
        seed: of the variants.
        progress: whether to show progress bars on stderr, where that is a terminal.
        system: options that the answers depend on, for the reports.

    Raises:
        VariantError: none of the variants can be made.
    """
    with tempfile.TemporaryDirectory() as folder:
        variants, skipped = _made(dataset, kinds, seed, Path(folder))
        clean = evaluate(dataset, make_system(dataset), progress=progress, system=system)
        findings = []
        for variant in variants:
            report = evaluate(variant, make_system(variant), progress=progress, system=system)
            findings.append(compare_variant(dataset, clean, variant, report))
    return RobustnessReport(dataset.name, clean.model, seed, clean, tuple(findings), skipped)


def compare_variant(
    dataset: Dataset, clean: Report, variant: Dataset, report: Report
) -> VariantFinding:
    """Compare the reports of one system on a dataset and on a variant of it.

    Args:
        dataset: what the variant was made from.
        clean: the report on it.
        variant: from `make_variant`, with `variant.json` in its folder.
        report: the report on the variant.

    Raises:
        VariantError: the variant's record is missing or wrong.
    """
    record = load_plants(variant.folder)
    before, after = _outcomes(dataset, clean), _outcomes(variant, report)
    measures, explained = [], {}
    for scorer in VARIANT_SCORERS[record.kind]:
        now = {key: scorer(outcome, record) for key, outcome in after.items()}
        then = {}
        if scorer in HAVE_BEFORE:
            then = {key: scorer(outcome, record) for key, outcome in before.items()}
        measures.append(_measure(scorer.__name__, then, now))
        explained[scorer.__name__] = now
    others = {case.id for case in variant.cases} - {str(o["id"]) for o in record.originals}
    for name in COMPARED:  # what became of the others: `rejection_rate` has been asked of those
        now = {key: score for key, score in _scores(report, name).items() if key in others}
        measures.append(_measure(name, _scores(clean, name), now))
    scored = tuple(measure for measure in measures if measure.found.n)
    return VariantFinding(record, scored, explained, report)


def _made(
    dataset: Dataset, kinds: Sequence[Kind], seed: int, folder: Path
) -> tuple[list[Dataset], dict[str, str]]:
    variants: list[Dataset] = []
    skipped: dict[str, str] = {}
    for kind in dict.fromkeys(kinds):
        try:
            variants.append(make_variant(dataset, kind, folder / kind, seed=seed))
        except VariantError as error:
            skipped[kind] = str(error)
    if not variants:
        reasons = "; ".join(f"{kind}: {reason}" for kind, reason in skipped.items())
        raise VariantError(
            f"Expected at least one kind of variant that can be made, found none. {reasons}"
        )
    return variants, skipped


def _outcomes(dataset: Dataset, report: Report) -> dict[str, Outcome]:
    documents = DatasetDocuments(dataset.documents)
    cases = {case.id: case for case in dataset.cases}
    return {
        result.id: outcome_of(cases[result.id], result.answer, documents) for result in report.cases
    }


def _scores(report: Report, name: str) -> Scores:
    return {case.id: case.scores[name] for case in report.cases if name in case.scores}


def _measure(name: str, then: Scores, now: Scores) -> Measure:
    """A score on the variant, and its difference over the cases scored both times."""
    pairs = [
        Pair(old.value, new.value, old.weight, new.weight)
        for key, new in now.items()
        if (old := then.get(key)) is not None and old.value is not None and new.value is not None
    ]
    found = estimate(now.values())
    return Measure(name, found, difference(pairs) if pairs else None, len(pairs))
