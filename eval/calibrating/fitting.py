"""Logistic regression, and a search for weights that rank gold sentences first."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RIDGE = 10.0
"""Strength of regularization over standardized values, in weighted examples."""
_ITERATIONS = 50
_STEPS = (-0.5, -0.25, 0.25, 0.5)
"""Tried changes of a weight, as shares of its scale."""
_SWEEPS = 3
_PULL = 0.002
"""How much mean reciprocal rank a weight must gain to move by its whole scale."""
_LEAST_SCALE = 0.1


def logistic(
    values: Floats, targets: NDArray[np.bool_], shares: Floats, ridge: float = RIDGE
) -> tuple[Floats, float]:
    """Weighted logistic regression by Newton's method, with a ridge on all but the offset.

    Args:
        values: shape (examples, features).
        targets: shape (examples,).
        shares: shape (examples,): how much each example counts, 1 on average.
        ridge: strength over standardized features; 0 for none.

    Returns:
        (weights, offset): weights of shape (features,), for the values as given.
    """
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    design = np.column_stack([(values - mean) / deviation, np.ones(len(values))])
    penalty = np.diag([*[ridge] * values.shape[1], 1e-6])
    found = np.zeros(design.shape[1])
    for _ in range(_ITERATIONS):
        chances = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        gradient = design.T @ (shares * (chances - targets)) + penalty @ found
        curvature = (design.T * (shares * chances * (1 - chances) + 1e-9)) @ design + penalty
        step = np.linalg.solve(curvature, gradient)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    weights = found[:-1] / deviation
    return weights, float(found[-1] - weights @ mean)


def balanced(groups: Sequence[int]) -> Floats:
    """A share for each member, so that all groups weigh the same; 1 on average."""
    counts = {group: groups.count(group) for group in set(groups)}
    return np.array([len(groups) / (len(counts) * counts[group]) for group in groups])


def reciprocal_ranks(
    features: Sequence[Floats], gold: Sequence[NDArray[np.bool_]], weights: Floats
) -> Floats:
    """For each question the mean over its groups of 1 / rank of the first gold sentence."""
    return np.array(
        [_reciprocal(each @ weights, marks) for each, marks in zip(features, gold, strict=True)]
    )


def ranking_weights(
    features: Sequence[Floats], gold: Sequence[NDArray[np.bool_]], start: Floats
) -> Floats:
    """Weights that rank gold sentences higher, near those to start from.

    Coordinate ascent on the mean reciprocal rank (D. Metzler and W. B. Croft, Linear Feature-Based
    Models for Information Retrieval, 2007), with a pull towards the start, so that a weight moves
    only for a gain.

    Args:
        features: for each question, shape (candidates, features).
        gold: for each question, shape (candidates, groups).
        start: shape (features,).
    """
    scale = np.maximum(np.abs(start), _LEAST_SCALE)
    varies = [any(np.ptp(each[:, i]) > 0 for each in features) for i in range(len(start))]

    def worth(weights: Floats) -> float:
        moved = float(np.abs((weights - start) / scale).sum())
        return float(reciprocal_ranks(features, gold, weights).mean()) - _PULL * moved

    best, value = start.copy(), worth(start)
    for _ in range(_SWEEPS):
        before = value
        for i in np.flatnonzero(varies):
            for step in _STEPS:
                tried = best.copy()
                tried[i] += step * scale[i]
                if (gained := worth(tried)) > value:
                    best, value = tried, gained
        if value == before:
            break
    return best


def _reciprocal(scores: Floats, gold: NDArray[np.bool_]) -> float:
    if not gold.shape[1]:
        return 0.0
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    first = np.where(gold, ranks[:, None], np.inf).min(axis=0)
    return float((1 / first).mean())
