import pytest

from assistant.checking import Quoted, check_statement
from index import DocumentInfo

INFO = DocumentInfo("0" * 16, "Tanks", (), None, None, "tanks.md", "0" * 64)
QUOTE = Quoted("Russia sold Armenia forty large tanks in 2019.", INFO)


def failed(text, **options):
    return [check.name for check in check_statement(text, [QUOTE], **options).failed]


@pytest.mark.parametrize(
    "text",
    [
        "Russia bought Armenia forty large tanks in 2019.",
        "Russia promised Armenia forty large tanks in 2019.",
        "Russia sold Armenia forty rusty tanks in 2019.",
        "Russia sold Armenia forty large tanks in 2019 secretly.",
    ],
)
def test_one_new_word_is_enough_to_fail(text):
    assert "words" in failed(text)


@pytest.mark.parametrize(
    "text",
    [
        "According to the text, Russia sold Armenia forty large tanks in 2019.",
        "In 2019 Russia sold 40 large tanks to Armenia.",
    ],
)
def test_words_that_claim_nothing_new_pass(text):
    assert failed(text) == []


def test_a_model_for_entailment_may_judge_other_words():
    text = "Russia delivered Armenia forty large tanks in 2019."
    assert failed(text, entailment=lambda premise, statement: 0.97) == []
    assert failed(text, entailment=lambda premise, statement: 0.03) == ["entailment"]


def test_a_safe_synonym_passes():
    quote = Quoted("The town needs a new harbor near the sea.", INFO)
    assert check_statement("The city requires a new harbor near the sea.", [quote]).passed
