"""How sure the reader is, and what lowers it."""

from dataclasses import astuple, fields, replace

import pytest
from assistant_texts import FERRY

from assistant.chain import prepare
from assistant.confidence import (
    NOTHING,
    THRESHOLD,
    WEIGHTS,
    Signs,
    answerability,
    probability,
    signs,
)
from assistant.extractive import read
from assistant.scoring import score

GOOD = Signs(0.7, *[0] * 7)


def found(index, question):
    prepared = prepare(index, question)
    return signs(*prepared, score(*prepared))


def test_each_sign_has_its_weight():
    assert len(WEIGHTS) == len(astuple(GOOD))


@pytest.mark.parametrize("name", [field.name for field in fields(Signs)][1:])
def test_what_is_missing_lowers_the_odds(name):
    assert answerability(replace(GOOD, **{name: 1})) < answerability(GOOD)


def test_nearness_raises_the_odds():
    assert answerability(replace(GOOD, closeness=0.9)) > answerability(GOOD)


def test_a_probability_grows_with_the_odds():
    values = [probability(odds) for odds in (NOTHING, THRESHOLD, 0.0, 2.0)]
    assert values == sorted(values)
    assert 0 < values[0] < 0.001
    assert values[-1] < 1


def test_nothing_is_missing_where_the_text_answers(index):
    signs_of_ferry = found(index, FERRY)
    assert not any(astuple(signs_of_ferry)[1:])
    assert signs_of_ferry.closeness > 0.6


def test_what_the_passage_lacks_is_counted(index):
    lacking = found(index, "How many passengers did the ferry to Zanzibar carry in 1987?")
    assert lacking.rarest_missing > 0.1
    assert lacking.names_missing == 1
    assert lacking.focus_missing == 1.0
    assert lacking.years_missing == 1


def test_the_threshold_decides(desk, index):
    for question in (FERRY, "How do I remove limescale from a kettle?"):
        reading = read(*prepare(index, question))
        assert bool(reading.selections) == (reading.answerability >= THRESHOLD)
        assert desk.answer(question).confidence == reading.confidence


def test_the_conversation_is_part_of_what_is_prepared(index):
    question, _, evidence = prepare(index, "And who built it?", [(FERRY, "240 cars")])
    assert evidence.candidates
    assert "ferri" in question.weights
