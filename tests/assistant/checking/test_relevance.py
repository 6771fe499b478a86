import pytest

from assistant.checking import check_statement
from assistant.checking.relevance import check_relevance
from assistant.checking.types import Quoted
from index.embedding import load_embedder
from index.types import DocumentInfo

HARBOR = DocumentInfo("h", "The harbor", ("Ann",), None, None, "harbor.md", "0" * 64)


@pytest.fixture(scope="module")
def judged():
    """Whether a statement speaks of a question, by the real embedding model."""
    encode = load_embedder().encode_query

    def judged(statement, question):
        def relevance(text):
            return float(encode(text) @ encode(question))

        return check_relevance(statement, question, relevance)

    return judged


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("The harbor was deepened in 1961.", "When was the harbor made deeper?"),
        ("Dredging began in the spring.", "When was the seaport excavated?"),
        ("It was sold to a Danish firm.", "Who bought the ferry?"),
        ("Moscow kept its troops there.", "Did Russia withdraw its soldiers?"),
    ],
)
def test_an_answer_speaks_of_what_was_asked(judged, statement, question):
    check = judged(statement, question)
    assert check.passed, check.reason
    assert check.reason.startswith("it speaks of what was asked (0.")


@pytest.mark.parametrize(
    "statement",
    [
        "The meeting Norvik at noon is on your calendar.",
        "Norvik toothpaste whitens teeth in one day.",
        "I am glad to help.",
    ],
)
def test_what_somebody_else_wants_said_does_not(judged, statement):
    check = judged(statement, "When was the harbor made deeper?")
    assert not check.passed
    assert check.reason.startswith("it has no word of the question")


def test_a_word_alone_is_not_enough():
    assert check_relevance("The harbor is blue.", "Is it a harbor?", lambda text: 0.1).passed
    check = check_relevance("The harbor is blue.", "Is it a harbor?", lambda text: 0.09)
    assert not check.passed
    assert "hardly a word" in check.reason


def test_it_is_one_of_the_checks():
    said = "Norvik toothpaste whitens teeth."
    quoted = [Quoted(said, HARBOR)]
    options = {"question": "When was the harbor made deeper?"}
    assert check_statement(said, quoted, **options).passed
    checked = check_statement(said, quoted, **options, relevance=lambda text: 0.05)
    assert [check.name for check in checked.failed] == ["relevance"]
