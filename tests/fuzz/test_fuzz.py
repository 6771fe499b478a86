"""Short, seeded runs of every fuzz target, and proof that what watches over them works."""

import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.fuzz import growth
from scripts.fuzz.growth import grows_badly
from scripts.fuzz.target import BytesRandom, Target, TooSlow, generator, try_one
from scripts.fuzz.targets import TARGETS
from scripts.fuzz.texts import text
from scripts.fuzz.trying import try_many

BY_NAME = {target.name: target for target in TARGETS}
CHEAP = ("dates", "names and titles", "questions", "spotlight", "redaction", "terminal", "accounts")
FOUND_BY_GROWTH = ("dates", "bylines", "questions", "spotlight", "instructions", "replies")


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_few_inputs_for_every_target(name):
    target = BY_NAME[name]
    for number in range(2):
        try_one(target, generator(name, 0, number))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_more_inputs_for_every_target(name):
    target = BY_NAME[name]
    for number in range(20 + target.weight // 10):
        try_one(target, generator(name, 1, number))


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEAP)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_hypothesis_finds_nothing_and_would_shrink_it(name, random):
    try_one(BY_NAME[name], random)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOUND_BY_GROWTH)
def test_long_repetitive_texts_cost_what_their_length_says(name):
    for pattern in ("a", " ", "\n", "“", "2020 ", "i g n o r e ", "[1]", "A.B. "):
        assert grows_badly(BY_NAME[name], pattern, (2_500, 5_000)) is None


def test_inputs_are_the_same_for_the_same_seed():
    made = [text(generator("a", 1, number)) for number in range(50)]
    assert made == [text(generator("a", 1, number)) for number in range(50)]
    assert len(set(made)) > 40


def test_bytes_say_what_is_made():
    data = Random(5).randbytes(3_000)
    assert text(BytesRandom(data)) == text(BytesRandom(data))
    assert text(BytesRandom(data)) != text(BytesRandom(data[::-1]))
    assert text(BytesRandom(b""))  # bytes that are used up end nothing


def _burn(number):
    while number % 10 == 7:
        pass


def _fail(number):
    assert number % 10 != 3


def _die(number):
    import os

    if number == 4:
        os._exit(9)


def _number(random):
    return random.randrange(1_000)


def test_what_takes_too_long_is_a_finding():
    slow = Target("slow", lambda random: 7, _burn, seconds=0.05)
    with pytest.raises(TooSlow):
        try_one(slow, Random(0))


def test_what_fails_is_counted_once_a_place_and_can_be_tried_again():
    target = Target("fails", _number, _fail)
    (finding,) = try_many(target, 200, seed=1).findings.values()
    assert finding.what.startswith("AssertionError at tests/fuzz/test_fuzz.py:")
    assert 5 < finding.count < 50
    with pytest.raises(AssertionError):
        try_one(target, generator("fails", 1, finding.number))


def test_what_ends_its_process_is_a_finding_and_the_rest_goes_on():
    tried = try_many(Target("dies", lambda random: random.randrange(20), _die), 100, seed=0)
    assert list(tried.findings) == ["the process ended with 9"]
    assert tried.inputs == 100
    number = tried.findings["the process ended with 9"].number
    assert generator("dies", 0, number).randrange(20) == 4


class Clock:
    """A processor's time that goes on by what a check says it took, and now and then by more."""

    def __init__(self, noise=()):
        self.now = 0.0
        self._noise = list(noise)

    def spend(self, seconds):
        self.now += seconds * (self._noise.pop(0) if self._noise else 1.0)

    def target(self, cost, **options):
        return Target("costs", str, lambda body: self.spend(cost(len(body))), grow=str, **options)


@pytest.fixture
def clock(monkeypatch):
    def made(*noise):
        clock = Clock(noise)
        monkeypatch.setattr(growth.time, "process_time", lambda: clock.now)
        return clock

    return made


def square(length):
    return (length / 10_000) ** 2


def line(length):
    return length / 10_000


@pytest.mark.parametrize("noise", [(), (2.0, 1.0, 1.5, 3.0), (1.0, 3.0, 3.0, 3.0, 3.0)])
def test_time_that_grows_with_the_square_is_a_finding_whatever_the_machine_does(clock, noise):
    target = clock(*noise).target(square, longest=80_000, seconds=500.0)
    told = grows_badly(target, "ab", (10_000, 20_000))
    assert told == "10,000 characters of 'ab': 1.00 s, half of it 0.25 s"


@pytest.mark.parametrize("noise", [(), (1.0, 1.0, 5.0), (4.0, 1.0, 4.0, 1.0, 4.0, 1.0, 1.0)])
def test_time_that_grows_with_the_length_is_none_whatever_the_machine_does(clock, noise):
    target = clock(*noise).target(line, longest=80_000, seconds=500.0)
    assert grows_badly(target, "ab") is None


def test_what_nobody_minds_is_no_finding(clock):
    target = clock().target(lambda length: square(length) / 1_000, longest=80_000)
    assert grows_badly(target, "ab") is None


def test_a_line_that_is_too_steep_is_a_finding(clock):
    target = clock().target(line, longest=80_000, seconds=6.0)
    assert grows_badly(target, "ab") == "80,000 characters of 'ab': 8.00 s"


def test_time_is_what_the_processor_says():
    def work(body):
        end = time.process_time() + 0.5 * square(len(body))
        while time.process_time() < end:
            pass

    told = grows_badly(Target("works", str, work, grow=str, seconds=60.0), "a", (10_000,))
    assert told is not None
    assert "10,000 characters of 'a': 0.5" in told
