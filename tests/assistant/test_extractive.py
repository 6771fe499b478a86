"""What the reader picks, over all questions of the shipped dataset."""

from itertools import combinations
from pathlib import Path

import pytest

from assistant.question import content_words
from eval import load_dataset

BRIEFS = Path(__file__).parents[2] / "eval/datasets/briefs"


@pytest.fixture(scope="module")
def answers(desk):
    return [desk.answer(case.question) for case in load_dataset(BRIEFS).cases]


def test_no_text_is_quoted_twice(answers):
    for answer in answers:
        for one, other in combinations(answer.citations, 2):
            if one.document == other.document:
                assert one.quote.end <= other.quote.start or other.quote.end <= one.quote.start


def test_one_to_three_quotes_and_a_fourth_for_a_long_question_alone(answers):
    answered = [answer for answer in answers if answer.status == "answered"]
    assert {len(answer.citations) for answer in answered} == {1, 2, 3, 4}
    longest = [answer for answer in answered if len(answer.citations) == 4]
    assert all(len(content_words(answer.question)) > 9 for answer in longest)


def test_a_quote_lies_within_its_passage(answers):
    for answer in answers:
        for citation in answer.citations:
            start, end = map(int, citation.passage_id.partition(":")[2].split("-"))
            assert start <= citation.quote.start < citation.quote.end <= end
