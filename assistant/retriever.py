"""The index as a LangChain retriever."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PositiveInt

from assistant.types import Filter, Hit, document_to_dict
from index import Index


class PassageRetriever(BaseRetriever):
    """Gives the passages of an index as LangChain documents."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: PositiveInt = 8
    """How many passages."""
    where: Filter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **kwargs: int
    ) -> list[Document]:
        hits = self.index.search(query, k=kwargs.get("k", self.k), where=self.where)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    """A hit as a LangChain document; `start` and `end` are its span in the source."""
    passage = hit.passage
    return Document(
        page_content=passage.text,
        id=passage.id,
        metadata={
            **document_to_dict(hit.document),
            "document_id": hit.document.id,
            "start": passage.start,
            "end": passage.end,
            "heading": passage.heading,
            "score": hit.score,
            "rank": hit.rank,
        },
    )
