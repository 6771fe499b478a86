"""haystack: converter, splitter, embedder and writer in a pipeline; a store in memory, saved."""

from collections.abc import Sequence
from pathlib import Path

from haystack import Pipeline
from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from bench_systems import PASSAGES, Retrieve, model_folder

_FILE = "store.json"
_CPU = ComponentDevice.from_str("cpu")


class System:
    """Documents with their vectors, compared one by one."""

    def load(self) -> None:
        """Have the model read something."""
        self.embedder = SentenceTransformersDocumentEmbedder(
            model=model_folder(), device=_CPU, progress_bar=False
        )
        self.embedder.warm_up()

    def index(self, files: Sequence[Path], folder: Path) -> int:
        """Convert, split, embed and write files, and save the store."""
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        pipeline = Pipeline()
        pipeline.add_component("convert", TextFileToDocument())
        pipeline.add_component(
            "split", DocumentSplitter(split_by="word", split_length=130, split_overlap=15)
        )
        pipeline.add_component("embed", self.embedder)
        pipeline.add_component("write", DocumentWriter(store))
        for one, next_one in (("convert", "split"), ("split", "embed"), ("embed", "write")):
            pipeline.connect(one, next_one)
        pipeline.run({"convert": {"sources": list(files)}})
        folder.mkdir()
        store.save_to_disk(str(folder / _FILE))
        return store.count_documents()

    def open(self, folder: Path) -> Retrieve:
        """Load the store, and connect it with an embedder of questions."""
        store = InMemoryDocumentStore.load_from_disk(str(folder / _FILE))
        pipeline = Pipeline()
        embedder = SentenceTransformersTextEmbedder(
            model=model_folder(), device=_CPU, progress_bar=False
        )
        pipeline.add_component("embed", embedder)
        pipeline.add_component("retrieve", InMemoryEmbeddingRetriever(store, top_k=PASSAGES))
        pipeline.connect("embed.embedding", "retrieve.query_embedding")

        def retrieve(question: str) -> list[str]:
            found = pipeline.run({"embed": {"text": question}})["retrieve"]["documents"]
            return [each.content for each in found]

        return retrieve
