"""How sure the reader is, and what lowers it."""

from dataclasses import astuple, fields, replace

import pytest
from assistant_texts import FERRY

from assistant.confidence import (
    NOTHING,
    Signs,
    answerability,
    probability,
    signs,
)
from assistant.extractive import read
from assistant.question import asked_for
from assistant.scoring import score
from assistant.steps import prepare
from assistant.weights import default_weights

WEIGHTS = default_weights()
GOOD = Signs(0.7, *[0] * 8)


def found(index, question):
    prepared = prepare(index, question)
    return signs(*prepared, score(*prepared, WEIGHTS.scoring))


def odds(found):
    return answerability(found, WEIGHTS.answerability)


def test_each_sign_has_its_weight():
    assert set(WEIGHTS.answerability.signs) == {field.name for field in fields(Signs)}


@pytest.mark.parametrize("name", [field.name for field in fields(Signs)][1:])
def test_what_is_missing_lowers_the_odds(name):
    assert odds(replace(GOOD, **{name: 1})) < odds(GOOD)


def test_nearness_raises_the_odds():
    assert odds(replace(GOOD, closeness=0.9)) > odds(GOOD)


def test_a_probability_grows_with_the_odds():
    values = [probability(odds, WEIGHTS.confidence) for odds in (NOTHING, -0.8, 0.0, 2.0)]
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
        reading = read(*prepare(index, question), WEIGHTS)
        assert bool(reading.selections) == (
            reading.answerability >= WEIGHTS.answerability.threshold
        )
        assert desk.answer(question).confidence == reading.confidence


def test_the_conversation_is_part_of_what_is_prepared(index):
    question, _, evidence = prepare(index, "And who built it?", [(FERRY, "240 cars")])
    assert evidence.candidates
    assert "ferri" in question.weights


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is the budget of the Armenian army?", ["budget"]),
        ("Which treaty covers the base?", ["treaty"]),
        ("How many helicopters does it have?", ["helicopters"]),
        ("Why did they leave?", []),
    ],
)
def test_what_a_question_wants_to_know(question, words):
    assert asked_for(question) == words


def test_a_thing_that_no_document_has_is_a_sign(index, desk):
    question = "What is the budget of the ferry to Alsen?"
    assert found(index, question).asked_unknown == 1.0
    assert found(index, FERRY).asked_unknown == 0.0
    answer = desk.answer(question)
    assert answer.status == "abstained"
    assert "nothing in them mentions “budget”" in answer.text


def test_what_one_sentence_lacks_counts_for_short_questions_alone(index):
    short = "How many passengers did the ferry to Zanzibar carry in 1987?"
    long = short + " And did its captain, crew, engineer, cook, pilot, purser and mate agree?"
    assert any(astuple(found(index, short))[2:])
    assert not any(astuple(found(index, long))[2:])
