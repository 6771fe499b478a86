import pytest
from assistant_texts import FERRY

from assistant import extractive
from assistant.prompting import answer_messages, budget_for, evidence_for
from assistant.steps import prepare
from assistant.weights import weights_for
from index.segmentation import count_tokens
from prompts import Library

CARS = "The ferry to Alsen carries 240 cars on every crossing."


@pytest.fixture(scope="module")
def found(index):
    question, vector, evidence = prepare(index, FERRY)
    reading = extractive.read(question, vector, evidence, weights_for(index))
    return evidence, reading.scores


@pytest.mark.parametrize("budget", [100, 200, 400, 1_200])
def test_the_evidence_keeps_to_its_budget(found, budget):
    shown = evidence_for(*found, budget)
    assert count_tokens(shown.text) <= budget
    assert CARS in shown.text


def test_the_best_sentence_is_shown_however_small_the_budget(found):
    shown = evidence_for(*found, 1)
    assert CARS in [each.sentence.text for each in shown.candidates.values()]


def test_sentences_far_from_the_best_are_left_out(found):
    evidence, scores = found
    shown = evidence_for(evidence, scores, 100_000)
    assert 0 < len(shown.candidates) < len(evidence.candidates)
    near = {
        evidence.candidates[i].number for i in range(len(scores)) if scores[i] >= 0.4 * scores.max()
    }
    assert near <= shown.candidates.keys()


def test_numbers_stand_before_their_sentences_under_who_wrote_them(found):
    shown = evidence_for(*found, 400)
    lines = shown.text.splitlines()
    number = next(n for n, each in shown.candidates.items() if each.sentence.text == CARS)
    place = lines.index(f"[{number}] {CARS}")
    header = next(line for line in reversed(lines[:place]) if line.startswith("From"))
    assert header == "From “The Harbor of Alsen” by Anna Example, May 4, 2021:"


def test_braces_in_the_question_stay(found):
    shown = evidence_for(*found, 400)
    messages = answer_messages(Library(), shown, "What is {evidence} worth?")
    assert messages[1][1].count("What is {evidence} worth?") == 1


def test_little_room_still_leaves_some(found):
    assert budget_for(4096, 512, "rules") == 1_200
    assert 100 < budget_for(1024, 256, "word " * 300) < 500
    assert budget_for(256, 256, "rules") > 0
