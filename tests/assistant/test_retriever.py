"""The index as a LangChain retriever, held to LangChain's own tests."""

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import ValidationError

from assistant import Filter
from assistant.retriever import PassageRetriever
from index.errors import InputError


class TestPassageRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _opened(self, index):
        self.index = index

    @property
    def retriever_constructor(self):
        return PassageRetriever

    @property
    def retriever_constructor_params(self):
        return {"index": self.index}

    @property
    def retriever_query_example(self):
        return "the ferry to Alsen"


def test_documents_carry_their_place(desk, index):
    first, second = desk.as_retriever(k=2).invoke("the ferry to Alsen")
    assert "ferry" in first.page_content
    assert first.metadata["title"] == "The Harbor of Alsen"
    assert (first.metadata["rank"], second.metadata["rank"]) == (1, 2)
    start, end = first.metadata["start"], first.metadata["end"]
    assert index.text(first.metadata["document_id"])[start:end] == first.page_content
    assert first.id == f"{first.metadata['document_id']}:{start}-{end}"


def test_a_filter_is_kept(desk):
    retriever = desk.as_retriever(k=50, where=Filter(authors=("Model",)))
    assert {d.metadata["title"] for d in retriever.invoke("ferry")} == {"The Vineyard Report"}
    assert desk.as_retriever(where=Filter(authors=("Nobody",))).invoke("ferry") == []


def test_a_bad_count_or_query_is_refused(desk):
    with pytest.raises(ValidationError):
        desk.as_retriever(k=0)
    for query, k in (("ferry", 0), ("ferry", -1), (" ", 3)):
        with pytest.raises(InputError):
            desk.as_retriever().invoke(query, k=k)
