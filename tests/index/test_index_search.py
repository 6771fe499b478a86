import subprocess
import sys

import numpy as np
import pytest
from index_helpers import words_embedder

import index as package
from index import Filter, Index
from index.errors import InputError
from index.records import Candidate
from index.search import meaning_scores, weighted_fusion


@pytest.fixture(scope="module")
def opened(built_index):
    with Index.open(built_index, words_embedder()) as index:
        yield index


def test_fusion_weighs_normalized_scores():
    fused = weighted_fusion({"a": 0.9, "b": 0.5, "c": 0.1}, {"b": 8.0, "c": 4.0}, weight=0.6)
    assert fused == [("b", pytest.approx(0.7)), ("a", pytest.approx(0.6)), ("c", 0.2)]
    assert weighted_fusion({"b": 0.3, "a": 0.3}, {}) == [("a", 0.6), ("b", 0.6)]
    assert weighted_fusion({"a": 0.3, "b": 0.9}, {"a": 1.0}, weight=0.0)[0] == ("a", 1.0)
    assert weighted_fusion({}, {}) == []


def test_meaning_is_that_of_the_passage_and_of_its_nearest_sentence():
    axes = np.eye(3, dtype=np.float32)
    halves = axes.astype(np.float16)
    stored = {
        "both": Candidate("a", "body", axes[0].tobytes(), halves.tobytes()),
        "a sentence": Candidate("a", "body", axes[1].tobytes(), halves.tobytes()),
        "none told": Candidate("a", "body", axes[0].tobytes(), b""),
        "the passage": Candidate("a", "body", axes[0].tobytes(), halves[1:].tobytes()),
    }
    found = {"both": 1.0, "a sentence": 0.5, "none told": 1.0, "the passage": 0.5}
    assert meaning_scores(axes[0], stored) == found
    assert meaning_scores(axes[0], {"none told": stored["none told"]}) == {"none told": 1.0}
    assert meaning_scores(axes[0], {}) == {}


def test_meaning_does_not_depend_on_what_else_is_compared():
    chance = np.random.default_rng(1)
    query = chance.standard_normal(384).astype(np.float32)
    stored = {
        str(number): Candidate(
            "a",
            "body",
            chance.standard_normal(384).astype(np.float32).tobytes(),
            chance.standard_normal((number % 4, 384)).astype(np.float16).tobytes(),
        )
        for number in range(23)
    }
    alone = {name: meaning_scores(query, {name: stored[name]})[name] for name in stored}
    assert meaning_scores(query, stored) == alone


def test_hits_are_ranked_and_whole(opened):
    hits = opened.search("mark2v0b3 harbor", k=5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert "mark2v0b3" in hits[0].passage.text
    for hit in hits:
        document = opened.document(hit.document.id)
        assert document.info == hit.document
        assert document.text[hit.passage.start : hit.passage.end] == hit.passage.text
        for sentence in hit.passage.sentences:
            assert document.text[sentence.start : sentence.end] == sentence.text


def test_search_gives_the_same_each_time(opened, built_index):
    first = opened.search("the bridge was sold", k=20)
    with Index.open(built_index, words_embedder()) as again:
        assert again.search("the bridge was sold", k=20) == first


def test_search_with_a_filter(opened):
    info = opened.documents()[3]
    hits = opened.search("the bridge was sold", k=50, where=Filter(documents=(info.id[:8],)))
    assert {hit.document.id for hit in hits} == {info.id}
    assert opened.search("bridge", where=Filter(authors=("nobody",))) == []


def test_search_by_label(opened):
    assert opened.search("bridge", labels=("notes",)) == []
    assert opened.search("bridge", labels=()) != []


@pytest.mark.parametrize(("query", "k"), [("", 8), (" \n", 8), ("bridge", 0)])
def test_searches_that_mean_nothing_are_refused(opened, query, k):
    with pytest.raises(InputError):
        opened.search(query, k=k)


def test_neighbors_and_sentence_vectors(opened):
    passages = opened.passages(opened.documents()[0].id)
    assert opened.neighbors(passages[1]) == [passages[0], passages[2]]
    assert opened.neighbors(passages[0], before=2, after=0) == []
    vectors = opened.sentence_vectors([passages[1].id])[passages[1].id]
    expected = opened.embedder.encode([sentence.text for sentence in passages[1].sentences])
    assert vectors == pytest.approx(expected, abs=1e-3)
    assert vectors.dtype == np.float16


def test_term_document_frequency(opened):
    counts = opened.term_document_frequency(["mark1v0b1", "town", "nowhere"])
    assert counts.passages == opened.passage_count
    assert counts.counts["mark1v0b1"] == 1
    assert counts.counts["town"] == 8
    assert counts.counts["nowhere"] == 0
    assert opened.analyze("The HARBORS") == ["the", "harbor"]


def test_unknown_documents_are_an_input_error(opened):
    for ask in (opened.document, opened.text, opened.passages):
        with pytest.raises(InputError, match="no such document"):
            ask("0123456789")


def test_the_front_door():
    assert sorted(package.__all__) == package.__all__
    assert all(getattr(package, name).__module__.startswith("index.") for name in package.__all__)
    with pytest.raises(AttributeError, match="nothing_here"):
        package.nothing_here  # noqa: B018 - the access is the test
    assert dir(package) == package.__all__


def test_importing_the_package_imports_nothing_heavy():
    heavy = (
        "torch",
        "transformers",
        "chromadb",
        "sqlalchemy",
        "tantivy",
        "numpy",
        "langchain_core",
    )
    code = f"import sys, index; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
