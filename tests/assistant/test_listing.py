"""Questions about all documents, and the answers quoted from their bylines."""

import pytest

from assistant import Assistant
from assistant.listing import about_documents
from eval.statements import statements_of
from index import DocumentInfo, Index, build
from prompts import load


def document(name, title, published, *authors):
    return DocumentInfo(name * 16, title, authors, None, published, f"{name}.txt", name * 64)


HARBOR = document("a", "The Harbor", "2021-05-04", "Ada van Loon")
CANALS = document("b", "Two Canals", "2021-05", "Bo Lind")
MILLS = document("c", "Mills", "1999", "Eva Lind", "Cy Öz")
LEDGER = document("d", "The Ledger", None)
DOCUMENTS = [HARBOR, CANALS, MILLS, LEDGER]


@pytest.mark.parametrize(
    ("question", "field", "found"),
    [
        ("How many articles are there?", "title", DOCUMENTS),
        ("How many documents are in this collection?", "title", DOCUMENTS),
        ("List the documents.", "title", DOCUMENTS),
        ("Which texts do you have?", "title", DOCUMENTS),
        ("Who are the authors?", "authors", [HARBOR, CANALS, MILLS]),
        ("What is the newest article?", "published", [HARBOR, CANALS]),
        ("Which document is the oldest?", "published", [MILLS]),
        ("Which documents are from 1999?", "published", [MILLS]),
        ("Which documents are from 1850?", "published", []),
        ("Which articles were published in May 2021?", "published", [CANALS, HARBOR]),
        ("Which articles were published before 2021?", "published", [MILLS]),
        ("Which articles were published since 2000?", "published", [CANALS, HARBOR]),
        ("Which articles did Loon write?", "authors", [HARBOR]),
        ("What has Eva Lind written?", "authors", [MILLS]),
        ("Which articles are by Lind?", "authors", [CANALS, MILLS]),
    ],
)
def test_a_question_about_all_documents(question, field, found):
    about = about_documents(question, DOCUMENTS)
    assert about is not None
    assert (about.field, list(about.documents)) == (field, found)


@pytest.mark.parametrize(
    "question",
    [
        "How many articles are there in the treaty?",
        "Which articles did Loon write about pilots?",
        "Which articles did Newton write?",
        "Which articles were published in 1905?",
        "Which documents were signed in 1999?",
        "What was the latest report?",
        "Who are the authors of the bill?",
        "What did Loon write?",
        "What is the newest harbor?",
    ],
)
def test_a_question_about_what_they_say(question):
    assert about_documents(question, DOCUMENTS) is None


def test_the_newest_is_not_asked_of_texts_without_dates():
    assert about_documents("What is the oldest document?", [LEDGER]) is None


@pytest.fixture
def small_desk(tmp_path, embedder):
    folder = tmp_path / "texts"
    folder.mkdir()
    one = (
        "---\ntitle: The Quay\nauthors: [Ada Loon]\npublished: 2020-01-02\n---\nShips moor here.\n"
    )
    two = "---\ntitle: The Lock\nauthors: [Ada Loon]\npublished: 2022\n---\nBarges wait here.\n"
    (folder / "one.md").write_text(one, encoding="utf-8")
    (folder / "two.md").write_text(two, encoding="utf-8")
    build([folder], tmp_path / "index", embedding_model=embedder)
    with Index.open(tmp_path / "index", embedder) as index, Assistant.open(index) as desk:
        yield desk


@pytest.mark.parametrize(
    ("question", "statements"),
    [
        (
            "How many documents are there?",
            [
                "“The Quay”: the document itself states “title: The Quay”",
                "“The Lock”: the document itself states “title: The Lock”",
            ],
        ),
        (
            "Who are the authors?",
            ["Ada Loon: the document “The Quay” itself states “authors: [Ada Loon]”"],
        ),
        (
            "What is the newest article?",
            ["2022: the document “The Lock” itself states “published: 2022”"],
        ),
    ],
)
def test_documents_are_listed_by_what_they_state(small_desk, question, statements):
    answer = small_desk.answer(question)
    assert sorted(s.text for s in answer.statements) == sorted(statements)
    assert [c.number for c in answer.citations] == list(range(1, len(statements) + 1))


def test_a_list_that_is_not_complete_is_no_count(desk):
    answer = desk.answer("How many documents are there?")
    assert answer.status == "abstained"
    assert "Not every one of them states its title" in answer.reason


def test_an_empty_list_is_declined(small_desk):
    answer = small_desk.answer("Which documents are from 1850?")
    assert answer.reason == "No document states this of itself, so there is nothing to quote."


def test_a_long_list_is_declined(small_desk, monkeypatch):
    monkeypatch.setattr("assistant.answering.MOST_LISTED", 1)
    answer = small_desk.answer("List the documents.")
    assert answer.reason.startswith("That would be a list of 2 documents")


def test_a_title_that_asks_does_not_divide_a_statement():
    text = load("quote_titled").render(title="Why the Mill?", quote="WHY THE MILL?")
    (statement,) = statements_of(f"{text} [1]")
    assert (statement.text, statement.citations) == (text, (1,))
