"""What is put before questions and passages, that it gets into the vectors, and that it is kept."""

import json
import shutil

import numpy as np
import pytest
from model_makers import make_bi_encoder

from index import Index, build
from index.embedding import load_embedder
from index.errors import EmbeddingMismatchError
from index.prefixes import NO_PREFIXES, Prefixes, prefixes_of

SEARCHING = "Represent this sentence for searching relevant passages: "
TEXTS = ["The mill was sold.", "Who sold the mill?"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A model whose name asks for nothing."""
    return make_bi_encoder(tmp_path_factory.mktemp("plain") / "tiny")


@pytest.fixture
def named(plain, tmp_path):
    """Copies it to a folder of another name, with prompts in its configuration."""

    def named(name, **prompts):
        folder = shutil.copytree(plain, tmp_path / name)
        path = folder / "config_sentence_transformers.json"
        config = json.loads(path.read_text())
        config["default_prompt_name"] = prompts.pop("default", None)
        config["prompts"] |= prompts
        path.write_text(json.dumps(config))
        return folder

    return named


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("e5-small-v2", "query: ", "passage: "),
        ("multilingual-e5-base", "query: ", "passage: "),
        ("My_E5_large", "query: ", "passage: "),
        (
            "multilingual-e5-large-instruct",
            "Instruct: Given a web search query, retrieve relevant passages that answer the query"
            "\nQuery: ",
            "",
        ),
        ("bge-small-en-v1.5", SEARCHING, ""),
        ("bge-m3", "", ""),
        ("mxbai-embed-large-v1", SEARCHING, ""),
        ("snowflake-arctic-embed-m", SEARCHING, ""),
        ("snowflake-arctic-embed-m-v1.5", SEARCHING, ""),
        ("snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("gte-base-en-v1.5", "", ""),
        ("all-MiniLM-L6-v2", "", ""),
        ("cafe51", "", ""),
    ],
)
def test_what_model_cards_say(name, query, passage):
    assert prefixes_of(name, {}) == Prefixes(query, passage)


def test_a_configuration_wins_over_the_name():
    assert prefixes_of("e5-base", {"query": "Q "}) == Prefixes("Q ", "")
    assert prefixes_of("e5-base", {"query": "Q ", "passage": "P "}) == Prefixes("Q ", "P ")
    assert prefixes_of("e5-base", {"document": "", "passage": "P "}) == Prefixes("", "P ")
    # Empty ones are written by the library where nobody has named any.
    assert prefixes_of("e5-base", {"query": "", "document": ""}).query == "query: "
    assert prefixes_of("tiny", {"sts": "S "}, "sts") == Prefixes("S ", "S ")
    assert prefixes_of("tiny", {"sts": "S "}) == NO_PREFIXES


def test_prefixes_go_into_the_vectors(plain, named):
    bare, prefixed = load_embedder(str(plain)), load_embedder(str(named("e5-tiny")))
    expected = bare.encode([f"passage: {text}" for text in TEXTS])
    assert prefixed.encode(TEXTS) == pytest.approx(expected, abs=1e-6)
    assert prefixed.encode_query(TEXTS[1]) == pytest.approx(
        bare.encode_query(f"query: {TEXTS[1]}"), abs=1e-6
    )
    assert np.abs(prefixed.encode(TEXTS) - bare.encode(TEXTS)).max() > 0.01


def test_prompts_of_the_configuration_go_into_the_vectors(plain, named):
    bare = load_embedder(str(plain))
    configured = load_embedder(str(named("e5-tiny", query="ask ", document="tell ")))
    assert configured.prefixes == Prefixes("ask ", "tell ")
    assert configured.encode(TEXTS) == pytest.approx(
        bare.encode([f"tell {text}" for text in TEXTS]), abs=1e-6
    )
    default = load_embedder(str(named("other", sts="any ", query="ask ", default="sts")))
    assert default.prefixes == Prefixes("ask ", "")
    assert default.encode(TEXTS) == pytest.approx(bare.encode(TEXTS), abs=1e-6)


def test_sentences_have_the_prefix_of_passages(named, docs, tmp_path):
    model = load_embedder(str(named("e5-tiny")))
    build([docs], tmp_path / "index", embedding_model=model)
    with Index.open(tmp_path / "index", model) as index:
        passage = index.passages(index.documents()[0].id)[1]
        kept = index.sentence_vectors([passage.id])[passage.id]
    expected = model.encode([sentence.text for sentence in passage.sentences])
    assert kept == pytest.approx(expected, abs=1e-3)


def test_prefixes_are_in_the_fingerprint(plain, named):
    bare, prefixed = load_embedder(str(plain)), load_embedder(str(named("e5-tiny")))
    assert "prefix" not in bare.fingerprint
    values, others = json.loads(prefixed.fingerprint), json.loads(bare.fingerprint)
    assert values.pop("query_prefix") == "query: "
    assert values.pop("passage_prefix") == "passage: "
    assert values | {"model": "tiny"} == others


def test_an_index_refuses_another_prefix(named, docs, tmp_path):
    model = named("e5-tiny")
    build([docs], tmp_path / "index", embedding_model=str(model))
    path = model / "config_sentence_transformers.json"
    config = json.loads(path.read_text())
    config["prompts"]["query"] = "question: "
    path.write_text(json.dumps(config))
    with Index.open(tmp_path / "index") as index, pytest.raises(EmbeddingMismatchError) as caught:
        index.search("harbor")
    assert '"query_prefix": "query: "' in str(caught.value)
    assert '"query_prefix": "question: "' in str(caught.value)
    with pytest.raises(EmbeddingMismatchError):
        build([docs], tmp_path / "index", embedding_model=load_embedder(str(model)))
