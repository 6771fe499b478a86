"""`Assistant`: one index, opened once, asked many times."""

from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import aclosing
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from assistant.contextualize import History
from assistant.types import Answer, DocumentInfo, Event, Filter, Hit

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from assistant.checking import Entailment
    from assistant.model_types import ModelOptions
    from assistant.models import ChatModel
    from assistant.task import Writer
    from index import Index, Layout
    from index.cross_encoder import PairScorer
    from index.types import Document

EXTRACTIVE = "extractive"


class Assistant:
    """Answers questions from one index. Safe to share between threads."""

    def __init__(
        self,
        index: "Index",
        *,
        owns_index: bool = False,
        model: "ChatModel | None" = None,
        writer: "Writer | None" = None,
    ) -> None:
        from assistant.pipeline import Pipeline
        from assistant.steps import Steps

        self._index = index
        self._owns_index = owns_index
        self._chat_model = model
        self._writer = writer
        self._pipeline = Pipeline(Steps(index, writer), model)

    @classmethod
    def open(
        cls,
        index: "str | Path | Layout | Index",
        model: object = None,
        reranker: "str | PairScorer | None" = None,
        *,
        options: "ModelOptions | None" = None,
        prompts: "str | Path | None" = None,
        nli: "str | PairScorer | None" = None,
        brief: bool = False,
    ) -> Self:
        """Open an index.

        Args:
            index: the folder of an index, a layout with addresses of servers that keep it, or an
                open index, which stays the caller's to close.
            model: a chat model that writes the answers: a name such as "ollama:qwen3:4b" or
                "openai:gpt-5-mini", as LangChain's `init_chat_model` takes it, or a LangChain
                `BaseChatModel`. None or "extractive": quotes are picked without a chat model.
            reranker: a cross-encoder that orders what is found, by its folder or its name on the
                Hugging Face hub; by default none, or the one of the open index.
            options: how the chat model is asked.
            prompts: a folder with prompts of one's own for the chat model.
            nli: a cross-encoder for entailment that checks what the chat model writes, by its
                folder or its name on the Hugging Face hub.
            brief: it is opened for a question or two; see `Index.open`.

        Raises:
            IndexMissingError: there is no index in the folder.
            EmbeddingMismatchError: the index was made with an embedding model not at hand.
            ModelUnavailableError: the chat model is unknown, or its package is not installed.
            ModelAccessError: the chat model needs a key that is not in the environment.
            ModelError: the reranker or the model for entailment cannot be loaded, or is not made
                for that.
            TemplateError: a prompt in the folder cannot be used.
            InputError: a reranker is named for an index that is open already.
        """
        from index import Index
        from index.errors import InputError

        chat, writer = _chat_model(model, options, prompts, nli)
        if not isinstance(index, Index):
            opened = Index.open(index, reranker=reranker, brief=brief)
            return cls(opened, owns_index=True, model=chat, writer=writer)
        if reranker not in (None, index.reranker):
            raise InputError(
                "Expected a reranker with the folder of an index, and got one with an open index, "
                "which others may use too. Give it to Index.open(..., reranker=...) instead."
            )
        return cls(index, model=chat, writer=writer)

    def over(self, index: "Index") -> "Assistant":
        """Another desk with the same chat model, for an open index that it closes with itself."""
        return Assistant(index, owns_index=True, model=self._chat_model, writer=self._writer)

    def extractive(self) -> "Assistant":
        """A desk over the same index that picks quotes without a chat model; this one if it does.

        The index stays this desk's to close.
        """
        return self if self._writer is None else Assistant(self._index)

    def with_model_of(self, other: "Assistant") -> "Assistant":
        """A desk over this index, which stays this one's to close, with another's chat model."""
        return Assistant(self._index, model=other._chat_model, writer=other._writer)

    @property
    def index(self) -> "Index":
        """The index it answers from."""
        return self._index

    @property
    def model(self) -> str:
        """The name of the chat model that writes the answers, or `extractive`."""
        return self._writer.name if self._writer else EXTRACTIVE

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index, unless it was open before."""
        if self._owns_index:
            self._index.close()

    def answer(
        self, question: str, history: History | None = None, where: Filter | None = None
    ) -> Answer:
        """Answer a question from the documents, or abstain.

        Args:
            question: in words; up to 4,000 characters.
            history: earlier (question, answer text) pairs, oldest first.
            where: which documents to answer from; all by default.

        Raises:
            QuestionError: the question is empty or too long.
            FilterError: the filter names a document that is not there.
            GroundingError: a quote would not have been verbatim.
            IndexStoreError: the index cannot be used.
            ModelError: the chat model failed.
        """
        turn = _turn(question, history, where, is_streamed=False)
        if self._writer is not None:  # whose calls LangChain's callbacks are to see
            return cast("Answer", self._chain.invoke(turn))
        *_, answer = self._pipeline.stream(turn)
        return cast("Answer", answer)

    async def aanswer(
        self, question: str, history: History | None = None, where: Filter | None = None
    ) -> Answer:
        """Async twin of `answer`."""
        turn = _turn(question, history, where, is_streamed=False)
        return cast("Answer", await self._chain.ainvoke(turn))

    def stream(
        self, question: str, history: History | None = None, where: Filter | None = None
    ) -> Generator[Event, None, None]:
        """What happens while answering: `Retrieved`, `Token`s, `Stated`s, last the `Answer`."""
        turn = _turn(question, history, where)
        yield from self._pipeline.stream(turn) if self._writer is None else self._chain.stream(turn)

    async def astream(
        self, question: str, history: History | None = None, where: Filter | None = None
    ) -> AsyncGenerator[Event, None]:
        """Async twin of `stream`."""
        from assistant.chain import stream_closing

        # Closed with this generator, not when it is collected: an open one keeps the model writing.
        async with aclosing(stream_closing(self._chain, _turn(question, history, where))) as events:
            async for event in events:
                yield event

    def batch(self, questions: Sequence[str], where: Filter | None = None) -> list[Answer]:
        """Answer several questions, each on its own, in order."""
        return [self.answer(question, where=where) for question in questions]

    def search(self, query: str, k: int = 8, where: Filter | None = None) -> list[Hit]:
        """The `k` best passages for a query."""
        from assistant.asking import checked_question

        return self._index.search(checked_question(query), k=k, where=where)

    def documents(self) -> list[DocumentInfo]:
        """All documents of the index."""
        return self._index.documents()

    def document(self, document_id: str) -> "Document":
        """One document with its text.

        Args:
            document_id: its id, or a beginning of it that no other has.

        Raises:
            FilterError: there is no such document, or several.
        """
        return self._index.document(document_id)

    def models(self) -> dict[str, str | None]:
        """What answers depend on besides the documents.

        Returns:
            Fingerprints of the `embedding_model` and of the `reranker`, None where there is none.
        """
        reranker = self._index.reranker
        return {
            "embedding_model": self._index.fingerprint,
            "reranker": reranker.fingerprint if reranker else None,
        }

    def example_questions(self, limit: int = 4) -> list[str]:
        """Questions about the collection that it answers."""
        from assistant.examples import example_questions

        # Without the chat model: opening the chat must not cost calls, or fail with its server.
        return example_questions(Assistant(self._index), self._index, limit)

    @cached_property
    def _chain(self) -> "Runnable[Any, Event]":
        from assistant.chain import build_chain

        return build_chain(self._pipeline)

    def as_runnable(self) -> "Runnable[Any, Event]":
        """The chain: takes a question or a mapping, `invoke` gives the `Answer`."""
        return self._chain

    def as_retriever(self, k: int = 8, where: Filter | None = None) -> "BaseRetriever":
        """A LangChain retriever over the index."""
        from assistant.retriever import PassageRetriever

        return PassageRetriever(index=self._index, k=k, where=where)


def _chat_model(
    model: object,
    options: "ModelOptions | None",
    prompts: "str | Path | None",
    nli: "str | PairScorer | None",
) -> "tuple[ChatModel, Writer] | tuple[None, None]":
    """The chat model, and what the reader needs to know of it; nothing for the extractive reader.

    Where none is used, the rest is left alone: it may be a setting made for another time.
    """
    if model in (None, EXTRACTIVE):
        return None, None
    from assistant.model_types import ModelOptions
    from assistant.models import ChatModel
    from assistant.task import Writer
    from prompts import Library

    chat = ChatModel.open(model, options or ModelOptions())
    writer = Writer(
        name=chat.name,
        context_tokens=chat.context_tokens,
        output_tokens=chat.max_output_tokens,
        takes_schema=chat.takes_schema,
        prompts=Library(Path(prompts) if prompts is not None else None),
        entailment=_entailment(nli) if nli is not None else None,
    )
    return chat, writer


def _entailment(nli: "str | PairScorer") -> "Entailment":
    from assistant.checking import entailment_by
    from index.cross_encoder import load_pair_scorer

    return entailment_by(load_pair_scorer(nli) if isinstance(nli, str) else nli)


def _turn(
    question: str, history: History | None, where: Filter | None, *, is_streamed: bool = True
) -> Mapping[str, object]:
    return {
        "question": question, "history": history, "where": where, "is_streamed": is_streamed
    }  # fmt: skip


def answer(
    question: str,
    index: str | Path,
    model: object = None,
    history: History | None = None,
    where: Filter | None = None,
) -> Answer:
    """Open an index, answer one question, close it: `Assistant.answer` for scripts."""
    with Assistant.open(index, model) as desk:
        return desk.answer(question, history, where)


def stream(
    question: str,
    index: str | Path,
    model: object = None,
    history: History | None = None,
    where: Filter | None = None,
) -> Generator[Event, None, None]:
    """Open an index, stream one answer, close it: `Assistant.stream` for scripts."""
    with Assistant.open(index, model) as desk:
        yield from desk.stream(question, history, where)
