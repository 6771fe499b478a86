import pytest

from eval.bootstrap import estimate_quantile, estimate_statistic
from eval.calibration import (
    Told,
    answerability_auc,
    area_under_risk_coverage,
    bins,
    expected_calibration_error,
    risk_coverage,
)


def told(confidence, is_right, is_answerable=True):
    return Told(confidence, is_right, is_answerable)


def test_bins_and_error():
    cases = [
        told(0.95, True),
        told(0.85, True),
        told(0.85, False),
        told(0.2, None),
        told(1.0, True),
    ]
    found = bins(cases)
    assert [(b.low, b.high, b.n, b.accuracy) for b in found] == [
        (0.8, 0.9, 2, 0.5),
        (0.9, 1.0, 2, 1.0),
    ]
    assert expected_calibration_error(cases) == pytest.approx((2 * 0.35 + 2 * 0.025) / 4)
    assert expected_calibration_error([told(0.2, None)]) is None


def test_a_calibrated_system_has_little_error():
    cases = [told(0.7, place % 10 < 7) for place in range(100)]
    assert expected_calibration_error(cases) == pytest.approx(0.0)


def test_risk_and_coverage():
    cases = [told(0.9, True), told(0.8, False), told(0.7, True), told(0.7, False), told(0.1, None)]
    assert risk_coverage(cases) == ((0.25, 0.0), (0.5, 0.5), (1.0, 0.5))
    assert area_under_risk_coverage(cases) == pytest.approx(0.25 * 0 + 0.25 * 0.5 + 0.5 * 0.5)
    assert risk_coverage([]) == ()
    assert area_under_risk_coverage([]) is None


def test_answerability():
    yes = [told(0.9, True), told(0.5, None)]
    no = [told(0.5, False, False), told(0.1, None, False)]
    assert answerability_auc(yes + no) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert answerability_auc(yes) is None


def test_intervals_of_statistics():
    cases = [told(0.5, place % 2 == 0) for place in range(200)]
    found = estimate_statistic(
        cases, lambda drawn: sum(bool(t.is_right) for t in drawn) / len(drawn)
    )
    half = 1.96 * (0.25 / 200) ** 0.5
    assert (found.value, found.n) == (0.5, 200)
    assert found.low == pytest.approx(0.5 - half, abs=0.02)
    assert found.high == pytest.approx(0.5 + half, abs=0.02)
    assert estimate_statistic([], lambda drawn: None).n == 0
    spread = estimate_quantile([float(n) for n in range(101)], 0.5)
    assert spread.value == 50.0
    assert 30 < spread.low < 50 < spread.high < 70
