"""A document is removed, or indexed anew, between the search and the quote."""

import re
from contextlib import contextmanager

import pytest
from model_servers import Says

from assistant import Answer, Assistant, Retrieved, Stated
from assistant.model_types import ModelOptions
from assistant.types import Withdrawn
from index import Index, build
from index.errors import DocumentGoneError, FilterError

QUESTION = "How many bolts did the mill make a day?"
NEW = "# The mill\n\nThe mill made ninety bolts a day.\n"


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "mill.md").write_text("# The mill\n\nThe mill made sixty bolts a day.\n")
    (folder / "kiln.md").write_text("# The kiln\n\nThe kiln was moved to Torsby.\n")
    return folder


@pytest.fixture
def index_dir(files, tmp_path, embedder):
    build([files], tmp_path / "index", embedding_model=embedder)
    return tmp_path / "index"


@pytest.fixture
def forge(files, index_dir, embedder):
    """A second document that answers."""
    (files / "forge.md").write_text("# The forge\n\nThe mill made its bolts by night, too.\n")
    build([files], index_dir, embedding_model=embedder)


@pytest.fixture
def edited(files, index_dir, embedder, monkeypatch):
    """Has a file edited, and indexed anew, when the first, second, ... document is quoted."""
    document, left = Index.document, []

    def after_an_edit(index, document_id):
        if left and (text := left.pop(0)) is not None:
            (files / "mill.md").write_text(text)
            build([files], index_dir, embedding_model=embedder)
        return document(index, document_id)

    def edited(*texts):
        left.extend(texts)
        return left

    monkeypatch.setattr(Index, "document", after_an_edit)
    return edited


@pytest.fixture
def opened(index_dir, embedder, scripted_server):
    """Opens a desk, for a model that writes the sentences that match, in this order."""

    @contextmanager
    def opened(*patterns):
        def writes(body):
            shown = dict(
                (text, number)
                for number, text in re.findall(
                    r"^\[(\d+\.\d+)\] (.*)$", body["messages"][-1]["content"], re.M
                )
            )
            found = [text for each in patterns for text in shown if re.search(each, text)]
            return Says("\n".join(f"{text} [{shown[text]}]" for text in found))

        server = scripted_server(writes)
        options = ModelOptions(base_url=server.base_url, retries=0)
        model = "openai:scripted" if patterns else None
        with (
            Index.open(index_dir, embedder) as index,
            Assistant.open(index, model, options=options) as desk,
        ):
            yield desk, server

    return opened


async def streamed(desk, way):
    if way == "sync":
        return list(desk.stream(QUESTION))
    return [event async for event in desk.astream(QUESTION)]


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("patterns", [(), ("bolts",)], ids=["extractive", "model"])
async def test_the_question_is_asked_again(opened, edited, patterns, way):
    left = edited(NEW)
    with opened(*patterns) as (desk, server):
        events = await streamed(desk, way)
    answer = events[-1]
    assert left == []
    assert [each.quote.text for each in answer.citations] == ["The mill made ninety bolts a day."]
    kinds = [type(each) for each in events if isinstance(each, Retrieved | Withdrawn | Stated)]
    assert kinds == [Retrieved, *[Withdrawn] * len(patterns), Retrieved, Stated]
    assert answer.timings["asked_in_vain"] < answer.timings["total"]
    if patterns:
        assert answer.usage["calls"] == len(server.requests) == 2


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_a_question_is_not_asked_again_once_a_statement_was_seen(opened, edited, forge, way):
    left = edited(None, NEW)
    with opened("by night", "bolts a day") as (desk, server):
        with pytest.raises(DocumentGoneError, match="its file was edited"):
            await streamed(desk, way)
        assert left == []
        assert len(server.requests) == 1
        assert isinstance((await streamed(desk, way))[-1], Answer)


@pytest.mark.parametrize("way", ["sync", "async"])
async def test_where_no_statement_was_seen_the_question_is_asked_again(opened, edited, forge, way):
    left = edited(None, NEW)
    with opened("by night", "bolts a day") as (desk, server):
        answer = desk.answer(QUESTION) if way == "sync" else await desk.aanswer(QUESTION)
    assert left == []
    assert {each.quote.text for each in answer.citations} == {
        "The mill made its bolts by night, too.",
        "The mill made ninety bolts a day.",
    }
    assert answer.usage["calls"] == len(server.requests) == 2


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize(("patterns", "tries"), [((), 5), (("bolts",), 2)])
async def test_a_document_that_goes_again_and_again_is_told(opened, edited, patterns, tries, way):
    words = ("eighty", "seventy", "fifty", "forty", "thirty", "twenty")
    left = edited(*(NEW.replace("ninety", word) for word in words))
    with opened(*patterns) as (desk, server):
        with pytest.raises(DocumentGoneError):
            await streamed(desk, way)
        assert len(left) == 6 - tries
        assert len(server.requests) == (2 if patterns else 0)
        del left[1:]
        answer = (await streamed(desk, way))[-1]
    assert answer.timings["asked_in_vain"] > 0
    assert "bolts a day" in answer.citations[0].quote.text


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
