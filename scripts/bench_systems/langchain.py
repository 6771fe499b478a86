"""The plain LangChain pipeline: recursive splitter, HuggingFace embeddings, Chroma on disk."""

from collections.abc import Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from bench_systems import PASSAGES, Retrieve, model_folder


class System:
    """A vector store of pieces of text."""

    def __init__(self) -> None:
        self.embeddings = HuggingFaceEmbeddings(
            model_name=model_folder(),
            model_kwargs={"device": "cpu"},
            encode_kwargs={"normalize_embeddings": True},
        )

    def load(self) -> None:
        """Have the model read something."""
        self.embeddings.embed_query("It is loaded before it is timed.")

    def index(self, files: Sequence[Path], folder: Path) -> int:
        """Split, embed and store files."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=800, chunk_overlap=100)
        documents = [
            Document(file.read_text(encoding="utf-8"), metadata={"source": str(file)})
            for file in files
        ]
        pieces = splitter.split_documents(documents)
        Chroma.from_documents(
            pieces, self.embeddings, collection_name="peer", persist_directory=str(folder)
        )
        return len(pieces)

    def open(self, folder: Path) -> Retrieve:
        """Open the store as a retriever."""
        store = Chroma("peer", self.embeddings, persist_directory=str(folder))
        retriever = store.as_retriever(search_kwargs={"k": PASSAGES})
        return lambda question: [found.page_content for found in retriever.invoke(question)]
