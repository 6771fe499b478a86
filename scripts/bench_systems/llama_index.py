"""llama-index: a persisted VectorStoreIndex with its sentence splitter."""

from collections.abc import Sequence
from pathlib import Path

from llama_index.core import (
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from bench_systems import PASSAGES, Retrieve, model_folder


class System:
    """An index in memory that is written to disk as JSON."""

    def __init__(self) -> None:
        self.model = HuggingFaceEmbedding(model_name=model_folder(), device="cpu")

    def load(self) -> None:
        """Have the model read something."""
        self.model.get_text_embedding("It is loaded before it is timed.")

    def index(self, files: Sequence[Path], folder: Path) -> int:
        """Read, split, embed and persist files."""
        documents = SimpleDirectoryReader(input_files=list(files)).load_data()
        # Its default, 1024 tokens, is four times what the model reads.
        splitter = SentenceSplitter(chunk_size=200, chunk_overlap=20)
        index = VectorStoreIndex.from_documents(
            documents, embed_model=self.model, transformations=[splitter]
        )
        index.storage_context.persist(persist_dir=str(folder))
        return len(index.docstore.docs)

    def open(self, folder: Path) -> Retrieve:
        """Load the index as a retriever."""
        storage = StorageContext.from_defaults(persist_dir=str(folder))
        index = load_index_from_storage(storage, embed_model=self.model)
        retriever = index.as_retriever(similarity_top_k=PASSAGES)
        return lambda question: [found.text for found in retriever.retrieve(question)]
