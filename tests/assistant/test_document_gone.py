"""A document is removed, or indexed anew, between the search and the quote."""

import pytest

from assistant import Assistant
from index import Index, build
from index.errors import DocumentGoneError, FilterError

QUESTION = "How many bolts did the mill make a day?"


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "mill.md").write_text("# The mill\n\nThe mill made sixty bolts a day.\n")
    (folder / "kiln.md").write_text("# The kiln\n\nThe kiln was moved to Torsby.\n")
    return folder


def test_the_question_is_asked_again(files, tmp_path, embedder, monkeypatch):
    build([files], tmp_path / "index", embedding_model=embedder)
    document, edits = Index.document, ["# The mill\n\nThe mill made ninety bolts a day.\n"]

    def after_an_edit(index, document_id):
        if edits:
            (files / "mill.md").write_text(edits.pop())
            build([files], tmp_path / "index", embedding_model=embedder)
        return document(index, document_id)

    monkeypatch.setattr(Index, "document", after_an_edit)
    with Index.open(tmp_path / "index", embedder) as index, Assistant.open(index) as desk:
        answer = desk.answer(QUESTION)
    assert edits == []
    assert [each.quote.text for each in answer.citations] == ["The mill made ninety bolts a day."]


def test_a_document_that_is_gone_is_told_from_a_wrong_beginning(files, tmp_path, embedder):
    build([files], tmp_path / "index", embedding_model=embedder)
    with Index.open(tmp_path / "index", embedder) as index:
        with pytest.raises(DocumentGoneError, match="Ask again"):
            index.document("0123456789abcdef")
        with pytest.raises(FilterError, match="beginning of one document id"):
            index.document("0123456789")


def test_a_document_that_is_removed_while_it_is_read_is_gone_not_damaged(
    files, tmp_path, embedder, monkeypatch
):
    build([files], tmp_path / "index", embedding_model=embedder)
    with Index.open(tmp_path / "index", embedder) as index:
        mill = next(each.id for each in index.documents() if each.title == "The mill")
        passages, to_remove = index._catalog.passages, [mill]

        def after_a_removal(document_id):
            if to_remove:
                with Index.open(tmp_path / "index", embedder) as other:
                    other.remove([to_remove.pop()])
            return passages(document_id)

        monkeypatch.setattr(index._catalog, "passages", after_a_removal)
        with pytest.raises(DocumentGoneError):
            index.document(mill)
