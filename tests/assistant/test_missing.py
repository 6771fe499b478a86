"""What an abstention says is missing, and whether the passages it shows bear that out."""

import re

import pytest

from assistant.extractive import read
from assistant.missing import SHOWN, lack_of
from assistant.scoring import score
from assistant.steps import prepare
from assistant.terminal import render_answer
from assistant.web.cards import passage_card
from assistant.weights import default_weights


@pytest.fixture
def lack(index):
    """What is missing for a question, whether or not it would be answered."""

    def find(question):
        question, vector, evidence = prepare(index, question)
        scores = score(question, vector, evidence, default_weights().scoring)
        return lack_of(question, evidence, scores)

    return find


def text_of(lack):
    return " ".join(hit.passage.text for hit in lack.hits).casefold()


def test_a_word_that_no_document_has_is_named_first(lack):
    found = lack("How many zeppelins does the harbor of Alsen hold?")
    assert (found.wording, found.terms) == ("abstain_missing", ("zeppelins",))


def test_a_denied_premise_is_shown_by_its_passage(lack):
    found = lack("Why did Captain Lindqvist sail when the wind was stronger than nine?")
    assert found.wording == "abstain_premise"
    assert "refuses to sail" in found.hits[0].passage.text


def test_a_word_that_the_passages_lack_is_named(lack):
    found = lack("Which airline flies grapes out of Kaldvik?")
    assert found.wording in ("abstain_absent", "abstain_missing")
    assert "airline" in found.terms or "flies" in found.terms
    assert not any(term in text_of(found) for term in found.terms)


def test_the_kind_of_answer_that_is_missing_is_named(lack):
    found = lack("On what date does the vineyard of Kaldvik ripen its grapes?")
    assert (found.wording, found.kind) == ("abstain_kind", "date")


def test_no_more_passages_are_shown_than_fit(lack):
    found = lack("Which treaty covers the ferry to Alsen?")
    ids = [hit.passage.id for hit in found.hits]
    assert len(ids) == len(set(ids)) == SHOWN


@pytest.mark.parametrize(
    "question",
    [
        "What is the budget of the lighthouse?",
        "Which zeppelin did Quetzalcoatl charter to Valparaiso?",
        "What salary does the captain of the ferry to Alsen draw?",
    ],
)
def test_what_an_abstention_says_is_missing_is_not_in_its_passages(desk, question):
    answer = desk.answer(question)
    assert answer.status == "abstained"
    words = re.findall(r"“([^”]+)”", answer.text)
    shown = " ".join(hit.passage.text for hit in answer.nearest).casefold()
    assert words
    assert shown
    assert not any(word.casefold() in shown for word in words)


def test_an_author_who_does_not_say_it_is_named(desk):
    answer = desk.answer("What does Dora Model say about the ferry and its captain?")
    assert answer.status == "abstained"
    assert "by Dora Model" in answer.text
    assert {hit.document.authors for hit in answer.nearest} == {("Dora Model",)}


def test_where_no_sentence_scores_above_nothing_the_answer_is_an_abstention(index):
    prepared = prepare(index, "How many zeppelins did the harbor of Alsen hold in 1911 and 1950?")
    weights = default_weights()
    scoring = weights.scoring.model_copy(update={"missing_years": -50.0})
    eager = weights.answerability.model_copy(update={"threshold": -1e9})
    reading = read(*prepared, weights.model_copy(
        update={"scoring": scoring, "answerability": eager}
    ))  # fmt: skip
    assert reading.selections == ()
    assert reading.lack is not None


def test_the_sentence_that_denies_a_premise_is_shown_to_the_reader(desk):
    answer = desk.answer("Which Armenian town hosted the CSTO exercises of January 2023?")
    assert "seems to deny" in answer.text
    denial = "Armenia will not host CSTO exercises"
    assert denial in " ".join(render_answer(answer).split())
    assert denial in " ".join(passage_card(answer.nearest[0]).split())
