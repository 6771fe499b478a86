"""Two runs over the same cases, compared: what changed, by how much, and whether by chance."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from eval.comparison import Comparison, Flip, MetricComparison, Run
from eval.errors import ComparisonError
from eval.metric_names import check_known, is_better_high
from eval.paired import Pair, difference, holm, tidy
from eval.problems import listed, shown
from eval.report import CaseResult, Report
from eval.scorers.base import Score

__all__ = ["Comparison", "Flip", "MetricComparison", "Run", "compare"]

CasePair = tuple[CaseResult, CaseResult]


def compare(a: Report, b: Report, *, metrics: Sequence[str] | None = None) -> Comparison:
    """Pair the cases of two runs by id and compare every metric that is scored case by case.

    Each metric is compared over the cases that both runs score, by weighted means as in a report.
    The method is described in `eval/paired.py`.

    Args:
        a: the run to compare with, for example the last release.
        b: the run to judge. Differences are B minus A.
        metrics: names of metrics; all if None. p-values are adjusted for as many as are compared.

    Raises:
        ComparisonError: the runs share no case, or ask different questions under the same id.
        InputError: a metric is not scored case by case in either run.
    """
    pairs = _paired(a, b)
    found = [_compare_metric(name, pairs) for name in _names(a, b, metrics)]
    statuses = _flips((one.id, _status(one), _status(other)) for one, other in pairs)
    verdicts = _flips(
        (one.id, _verdict(one.right), _verdict(other.right))
        for one, other in pairs
        if one.right is not None and other.right is not None
    )
    changed = {flip.id for flip in (*statuses, *verdicts)}
    changed.update(flip.id for metric in found for flip in (*metric.worse, *metric.better))
    both = {one.id for one, _ in pairs}
    return Comparison(
        a=Run(a.dataset, a.model, a.created, len(a.cases)),
        b=Run(b.dataset, b.model, b.created, len(b.cases)),
        n=len(pairs),
        only_in_a=tuple(case.id for case in a.cases if case.id not in both),
        only_in_b=tuple(case.id for case in b.cases if case.id not in both),
        metrics=_adjusted(found),
        statuses=statuses,
        verdicts=verdicts,
        questions={one.id: one.question for one, _ in pairs if one.id in changed},
    )


def _paired(a: Report, b: Report) -> list[CasePair]:
    others = {case.id: case for case in b.cases}
    pairs = [(case, others[case.id]) for case in a.cases if case.id in others]
    if not pairs:
        raise ComparisonError(
            f"Expected two runs over the same cases, found no case id in both ({a.dataset} with "
            f"{len(a.cases)} cases, {b.dataset} with {len(b.cases)}). Compare runs of one dataset."
        )
    different = [
        f"{one.id}: {shown(one.question)} in A, {shown(other.question)} in B"
        for one, other in pairs
        if (one.question, one.history) != (other.question, other.history)
    ]
    if different:
        raise ComparisonError(
            f"Expected two runs over the same cases, found other questions (or earlier turns) "
            f"under {len(different)} of {len(pairs)} shared ids. Compare runs of one version of "
            f"one dataset.\n  {listed(different)}"
        )
    return pairs


def _names(a: Report, b: Report, wanted: Sequence[str] | None) -> list[str]:
    """The metrics to compare, in the order of the reports."""
    cases = (*a.cases, *b.cases)
    known = list(dict.fromkeys(name for case in cases for name in case.scores))
    if wanted is not None:
        for name in wanted:
            check_known(name, known, "a metric that is scored case by case")
        return list(dict.fromkeys(wanted))
    scored = {name for case in cases for name, score in case.scores.items() if _counts(score)}
    return [name for name in known if name in scored]


def _compare_metric(name: str, cases: Iterable[CasePair]) -> MetricComparison:
    pairs: list[Pair] = []
    flips: list[Flip[float]] = []
    n_one_only = 0
    for one, other in cases:
        a, b = one.scores.get(name), other.scores.get(name)
        pair = _pair(a, b)
        if pair is None:
            n_one_only += _counts(a) or _counts(b)
            continue
        pairs.append(pair)
        if pair.a != pair.b:
            flips.append(Flip(one.id, pair.a, pair.b))
    risen = tuple(flip for flip in flips if flip.b > flip.a)
    fallen = tuple(flip for flip in flips if flip.b < flip.a)
    worse, better = (fallen, risen) if is_better_high(name) else (risen, fallen)
    found = difference(pairs) if pairs else None
    return MetricComparison(
        name=name,
        n=len(pairs),
        n_one_only=n_one_only,
        a=found.a if found else None,
        b=found.b if found else None,
        difference=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        p=found.p if found else None,
        p_holm=None,
        worse=worse,
        better=better,
    )


def _pair(a: Score | None, b: Score | None) -> Pair | None:
    if not (a and b and _counts(a) and _counts(b)) or a.value is None or b.value is None:
        return None
    return Pair(tidy(a.value), tidy(b.value), a.weight, b.weight)


def _counts(score: Score | None) -> bool:
    """Whether it is scored, and with a weight."""
    return score is not None and score.value is not None and score.weight > 0


def _adjusted(metrics: Sequence[MetricComparison]) -> tuple[MetricComparison, ...]:
    tested = [metric for metric in metrics if metric.p is not None]
    adjusted = holm([metric.p for metric in tested if metric.p is not None])
    by_name = {metric.name: p for metric, p in zip(tested, adjusted, strict=True)}
    return tuple(replace(metric, p_holm=by_name.get(metric.name)) for metric in metrics)


def _flips(values: Iterable[tuple[str, str, str]]) -> tuple[Flip[str], ...]:
    return tuple(Flip(key, a, b) for key, a, b in values if a != b)


def _status(case: CaseResult) -> str:
    return "failed" if case.answer is None else str(case.answer["status"])


def _verdict(is_right: bool) -> str:
    return "right" if is_right else "wrong"
