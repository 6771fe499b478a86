"""Searches that a cross-encoder orders; it is a small one, made and trained here."""

import json
import shutil

import numpy as np
import pytest
from index_helpers import words_embedder
from model_makers import DEEDS, THINGS, make_cross_encoder

from assistant import Assistant
from assistant.cli import main
from index import Index, build, collection
from index.cross_encoder import load_pair_scorer, load_reranker
from index.embedding import identity, preferred_dtype, text_in_context
from index.errors import InputError, ModelError, ModelMissingError

ASKED = "What was the mill?"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Prefers passages with the thing that the question names."""
    return make_cross_encoder(tmp_path_factory.mktemp("models") / "trained", is_trained=True)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory):
    """Prefers what its random weights make it prefer."""
    return make_cross_encoder(tmp_path_factory.mktemp("models") / "untrained", seed=1)


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    """A folder with a text on each thing, and one that repeats the words of the question."""
    folder = tmp_path_factory.mktemp("things")
    for number, thing in enumerate(THINGS):
        text = f"The {thing} was {DEEDS[number % len(DEEDS)]}.\n"
        (folder / f"{thing}.txt").write_text(text)
    (folder / "decoy.txt").write_text("What was what? What was the what was the? What was what?\n")
    return folder


@pytest.fixture(scope="module")
def indexed(things, tmp_path_factory):
    folder = tmp_path_factory.mktemp("indexed") / "index"
    build([things], folder, embedding_model=words_embedder())
    return folder


@pytest.fixture(scope="module")
def small_index(things, tmp_path_factory):
    """The same texts with the packaged embedding model."""
    folder = tmp_path_factory.mktemp("small") / "index"
    build([things], folder)
    return folder


def texts_of(hits):
    return [text_in_context(hit.document, hit.passage) for hit in hits]


@pytest.mark.slow
def test_relevance_is_from_0_to_1(trained):
    scorer = load_reranker(str(trained))
    texts = [f"The {thing} was flooded." for thing in THINGS]
    for thing in THINGS:
        scores = scorer.relevance(f"What was the {thing}?", texts)
        assert scores.shape == (len(THINGS),)
        assert scores.dtype == np.float32
        assert 0 <= scores.min() <= scores.max() <= 1
        assert THINGS[int(scores.argmax())] == thing
        assert scores.max() > 0.5 > np.sort(scores)[-2]
    raw = scorer.scores([(ASKED, text) for text in texts])[:, 0]
    assert scorer.relevance(ASKED, texts) == pytest.approx(1 / (1 + np.exp(-raw)), abs=1e-6)
    assert scorer.relevance(ASKED, []).shape == (0,)


@pytest.mark.slow
def test_a_fingerprint_names_the_weights(trained, untrained, tmp_path):
    first = load_reranker(str(trained))
    values = json.loads(first.fingerprint)
    assert (values["model"], values["max_tokens"]) == ("trained", 64)
    assert values["dtype"] == preferred_dtype()
    assert identity(first.fingerprint) == f"trained@{values['weights_sha256'][:12]}"
    copied = shutil.copytree(untrained, tmp_path / "trained")
    assert load_reranker(str(copied)).fingerprint != first.fingerprint


@pytest.mark.slow
def test_a_search_is_ordered_by_the_reranker(indexed, trained):
    embedder = words_embedder()
    with Index.open(indexed, embedder) as plain:
        before = plain.search(ASKED)
        assert plain.reranker is None
        assert plain.relevance(ASKED, ["any"]) is None
    with Index.open(indexed, embedder, str(trained)) as index:
        hits = index.search(ASKED)
        scores = [hit.score for hit in hits]
        assert index.relevance(ASKED, texts_of(hits)) == pytest.approx(scores, abs=0.01)
    assert hits[0].document.source.endswith("mill.txt")
    assert hits[0].score > 0.5 > hits[1].score
    assert [hit.rank for hit in hits] == list(range(1, 9))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert texts_of(hits) != texts_of(before)


def test_only_the_best_are_read(indexed, untrained, monkeypatch):
    embedder = words_embedder()
    with Index.open(indexed, embedder) as plain:
        before = plain.search(ASKED, k=9)
    monkeypatch.setattr(collection, "RERANKED", 4)
    exact = load_reranker(str(untrained), dtype="float32")
    with Index.open(indexed, embedder, exact) as index:
        hits = index.search(ASKED, k=9)
        best = index.relevance(ASKED, texts_of(before[:4]))
    assert texts_of(hits[:4]) == [texts_of(before)[place] for place in np.argsort(-best)]
    assert texts_of(hits[4:]) == texts_of(before[4:])
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(Index.open(indexed, embedder, index.reranker).search(ASKED, k=2)) == 2


@pytest.mark.slow
def test_models_that_do_not_rank(tmp_path, trained):
    several = make_cross_encoder(tmp_path / "nli", labels=3)
    assert load_pair_scorer(str(several)).width == 3
    with pytest.raises(ModelError, match=r"one score for a pair of texts, found 3 in .*classify"):
        load_reranker(str(several))
    with pytest.raises(ModelError, match=r"a folder with a config\.json in it"):
        load_reranker(str(tmp_path))
    broken = shutil.copytree(trained, tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"junk")
    with pytest.raises(ModelError, match="could not be loaded"):
        load_reranker(str(broken))
    with pytest.raises(ModelMissingError, match="found neither"):
        load_reranker("own/none", may_download=False)


def test_an_assistant_with_a_reranker(small_index, untrained):
    with (
        Index.open(small_index, reranker=str(untrained)) as index,
        Assistant.open(small_index, reranker=str(untrained)) as desk,
    ):
        expected = [hit.passage.id for hit in index.search(ASKED, k=9)]
        assert [hit.passage.id for hit in desk.search(ASKED, k=9)] == expected
        assert desk.models()["reranker"] == index.reranker.fingerprint
        with Assistant.open(index) as same:
            assert same.models() == desk.models()
        with pytest.raises(InputError, match=r"Give it to Index\.open"):
            Assistant.open(index, reranker=str(untrained))
    with Assistant.open(small_index) as plain:
        assert plain.models()["reranker"] is None
        assert [hit.passage.id for hit in plain.search(ASKED, k=9)] != expected


@pytest.mark.slow
def test_the_command_line(small_index, trained, untrained, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    retrieved = {}
    for model in (trained, untrained):
        options = ["--index", str(small_index), "--reranker", str(model)]
        assert main(["ask", ASKED, "--json", *options]) == 0
        retrieved[model] = json.loads(capsys.readouterr().out)["retrieved"]
        with Index.open(small_index, reranker=str(model)) as index:
            found = [hit.passage.id for hit in index.search(ASKED, k=9)]
        assert retrieved[model] == found
    assert retrieved[trained] != retrieved[untrained]
    monkeypatch.setenv("ASSISTANT_RERANKER", str(tmp_path / "none"))
    assert main(["ask", ASKED, "--index", str(small_index)]) == 1
    assert "Expected a cross-encoder (a folder with a config.json" in capsys.readouterr().err


@pytest.mark.slow
def test_doctor_names_the_models(small_index, trained, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--index", str(small_index), "--reranker", str(trained)]) == 0
    out = capsys.readouterr().out
    assert "ok   embedding model: all-MiniLM-L6-v2, 384 dimensions, checksum right" in out
    assert f"ok   reranker: {trained}, reads up to 64 tokens" in out
    assert "embedding model all-MiniLM-L6-v2; a search found 1" in out
    assert "and all-MiniLM-L6-v2@53aa51172d14 with trained@" in out
    assert main(["doctor", "--index", str(small_index), "--reranker", "own/none"]) == 1
    assert "FAIL reranker: Expected a folder 'own/none' or a model" in capsys.readouterr().out
