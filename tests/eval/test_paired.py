import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.paired import Pair, difference, holm


def pairs(a, b):
    return [Pair(one, other) for one, other in zip(a, b, strict=True)]


def brute_force(cases):
    """The share of all exchanges of labels with a difference at least as large."""

    def gap(exchanged):
        sides = [(p.b, p.weight_b, p.a, p.weight_a) for p in cases]
        kept = [(p.a, p.weight_a, p.b, p.weight_b) for p in cases]
        rows = [s if swap else k for s, k, swap in zip(sides, kept, exchanged, strict=True)]
        a = sum(v * w for v, w, _, _ in rows) / sum(w for _, w, _, _ in rows)
        b = sum(v * w for _, _, v, w in rows) / sum(w for _, _, _, w in rows)
        return abs(b - a)

    found = gap([False] * len(cases))
    gaps = [gap(exchanged) for exchanged in itertools.product((False, True), repeat=len(cases))]
    return sum(other >= found - 1e-9 for other in gaps) / len(gaps)


def test_ties_have_p_1():
    found = difference(pairs([1, 0, 0.5], [1, 0, 0.5]))
    assert (found.a, found.b, found.value, found.low, found.high) == (0.5, 0.5, 0, 0, 0)
    assert found.p == 1


def test_a_single_pair_proves_nothing():
    assert difference(pairs([1], [0])).p == 1


def test_exact_p_by_hand():
    # Sums of ±1 ±1 ±1: of 8, two are as far out as 3. Of ±.5 ±1, two of 4 are as far out as 1.5.
    assert difference(pairs([1, 1, 1], [0, 0, 0])).p == 2 / 8
    assert difference(pairs([1, 1, 1, 1], [0, 0, 0, 1])).p == 2 / 8
    assert difference(pairs([0.5, 1], [0, 0])).p == 2 / 4
    assert difference(pairs([1, 1, 0], [0, 0, 1])).p == 1


def test_worse_on_every_case():
    assert difference(pairs([1] * 10, [0] * 10)).p == round(2 / 2**10, 6)
    many = difference(pairs([1] * 200, [0] * 200))
    assert (many.value, many.low, many.high) == (-1, -1, -1)
    assert many.p == round(1 / 10_001, 6)


def test_pooled_shares_exchange_value_and_weight():
    # A: 1 of 1 and 2 of 2; B: 0 of 3 and 2 of 2. Exchanged, the first case gives .6 the other way.
    found = difference([Pair(1, 0, 1, 3), Pair(1, 1, 2, 2)])
    assert (found.a, found.b, found.value) == (1, 0.4, -0.6)
    assert found.p == 1


def test_drawn_p_agrees_with_exact():
    generator = random.Random(7)
    a = [generator.random() for _ in range(12)]
    cases = pairs(a, [generator.random() + 0.1 for _ in a])
    exact = difference(cases).p
    assert 0.02 < exact < 0.9
    assert difference(cases, exact_up_to=0).p == pytest.approx(exact, abs=0.015)


def test_same_pairs_same_numbers():
    cases = pairs([0.1 * (i % 7) for i in range(50)], [0.1 * (i % 5) for i in range(50)])
    assert difference(cases) == difference(cases)


scores = st.integers(0, 8).map(lambda eighths: eighths / 8)
weights = st.integers(1, 5)
cases = st.lists(st.builds(Pair, scores, scores, weights, weights), min_size=1, max_size=7)


@settings(deadline=None, max_examples=60)
@given(cases)
def test_exact_p_is_the_share_of_all_exchanges(found):
    assert difference(found, resamples=10).p == pytest.approx(brute_force(found), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(cases, st.sampled_from([0, 14]))
def test_exchanging_the_runs_mirrors_the_result(found, exact_up_to):
    other = [Pair(p.b, p.a, p.weight_b, p.weight_a) for p in found]
    options = {"exact_up_to": exact_up_to, "draws": 500, "resamples": 100}
    one, mirrored = difference(found, **options), difference(other, **options)
    assert 0 < one.p <= 1
    assert one.p == mirrored.p
    assert (one.a, one.b) == (mirrored.b, mirrored.a)
    assert one.value == pytest.approx(-mirrored.value, abs=2e-6)
    assert (one.low, one.high) == pytest.approx((-mirrored.high, -mirrored.low), abs=2e-6)
    assert one.low <= one.high


def simulated(generator, n, gain):
    """Correlated shares: hard cases are hard for both runs."""
    difficulty = [generator.random() for _ in range(n)]
    a = [float(generator.random() > hard) for hard in difficulty]
    b = [float(generator.random() > hard - gain) for hard in difficulty]
    return pairs(a, b)


def test_intervals_cover_the_true_difference():
    generator, gain = random.Random(3), 0.2
    true = gain - gain**2 / 2  # the mean of min(1, 1 - hard + gain) over hard in [0, 1], minus 1/2
    found = [difference(simulated(generator, 60, gain), draws=1) for _ in range(300)]
    covered = sum(one.low <= true <= one.high for one in found) / len(found)
    assert 0.91 <= covered <= 0.985


def test_false_alarms_are_as_rare_as_promised():
    generator = random.Random(5)
    found = [
        difference(simulated(generator, 60, 0.0), draws=400, resamples=1).p for _ in range(300)
    ]
    assert sum(p < 0.05 for p in found) / len(found) <= 0.08


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=20))
def test_holm_only_raises_and_keeps_the_order(p_values):
    adjusted = holm(p_values)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    ranked = [q for _, q in sorted(zip(p_values, adjusted, strict=True))]
    assert ranked == sorted(ranked)
