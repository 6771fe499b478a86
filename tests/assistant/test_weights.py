"""Weights are data: where they are looked for, and what becomes of a file that holds none."""

import json

import pytest

from assistant import Assistant
from assistant.confidence import Signs
from assistant.errors import WeightsError
from assistant.scoring import FEATURES
from assistant.weights import (
    IN_INDEX,
    Scoring,
    default_weights,
    load_weights,
    weights_for,
    weights_path,
)
from index import Index
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
