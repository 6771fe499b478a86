import pytest

from eval.bootstrap import Estimate, estimate
from eval.scorers import Score


def scores(*values):
    return [Score(value, "") for value in values]


def test_nothing_scored():
    assert estimate(scores(None, None)) == Estimate(None, None, None, 0)


def test_unscored_is_not_zero():
    assert estimate(scores(1.0, None, 1.0)) == Estimate(1.0, 1.0, 1.0, 2)


def test_interval_of_a_share_is_near_the_textbook_one():
    found = estimate(scores(*[1.0] * 70, *[0.0] * 30))
    assert found.value == 0.7
    half = 1.96 * (0.7 * 0.3 / 100) ** 0.5
    assert found.low == pytest.approx(0.7 - half, abs=0.02)
    assert found.high == pytest.approx(0.7 + half, abs=0.02)


def test_same_scores_same_interval():
    values = scores(*[0.1, 0.9, 0.4] * 5)
    assert estimate(values) == estimate(values)
    assert estimate(values) != estimate(values, seed=1)


def test_weights_pool():
    pooled = estimate([Score(0.0, "", weight=1), Score(1.0, "", weight=3)])
    assert (pooled.value, pooled.n) == (0.75, 2)


def test_many_cases_are_drawn_in_blocks():
    found = estimate(scores(*[1.0, 0.0] * 3_000), resamples=400)
    assert found.low == pytest.approx(0.487, abs=0.005)
