"""`assistant-eval run` with other models: each has its own index, and no two runs are mixed."""

import json

import pytest
from model_makers import make_bi_encoder, make_cross_encoder

from eval.cache import index_folder
from eval.cli import main
from index import Index


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return make_bi_encoder(folder / "e5-tiny"), make_cross_encoder(folder / "pairs")


def test_a_run_with_models(dataset, models, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    embedding, reranker = map(str, models)
    run = ["run", str(dataset.folder), "--embedding-model", embedding, "--out", str(tmp_path)]
    assert main([*run, "--reranker", reranker]) == 0
    settings = tmp_path / dataset.name / "run.json"
    first = json.loads(settings.read_text())
    assert json.loads(first["embedding_model"])["passage_prefix"] == "passage: "
    assert json.loads(first["reranker"])["model"] == "pairs"
    with Index.open(index_folder(dataset, embedding)) as index:
        assert index.fingerprint == first["embedding_model"]
    (tmp_path / dataset.name / "report.json").unlink()  # now it is an unfinished run
    assert main(run) == 2
    assert "found one with other reranker" in capsys.readouterr().err


def test_each_model_has_its_own_index(dataset, models, monkeypatch):
    packaged = index_folder(dataset)
    assert index_folder(dataset, "all-MiniLM-L6-v2") == packaged
    other = index_folder(dataset, str(models[0]))
    assert other not in (packaged, index_folder(dataset, "own/e5-tiny"))
    monkeypatch.chdir(models[0].parent)
    assert index_folder(dataset, "e5-tiny") == other


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--answers", "a.jsonl", "--reranker", "m"], "found --reranker with it"),
        (["--answers", "a.jsonl", "--embedding-model", "m"], "found --embedding-model with it"),
        (["--index", "i", "--embedding-model", "m"], "Expected --index or --embedding-model"),
    ],
)
def test_options_that_do_not_go_together(dataset, capsys, arguments, expected):
    assert main(["run", str(dataset.folder), *arguments]) == 2
    assert expected in capsys.readouterr().err
