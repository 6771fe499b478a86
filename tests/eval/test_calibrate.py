"""Refitting weights: that the fits find what is there, and that nothing is written unasked."""

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.cli import main
from assistant.weights import default_weights, load_weights
from eval import load_dataset
from eval.cache import cached_index
from eval.calibrating import refit
from eval.calibrating.examples import examples_of
from eval.calibrating.fitting import balanced, logistic, ranking_weights, reciprocal_ranks
from eval.errors import CalibrationError
from index import Index

BRIEFS = Path(__file__).parents[2] / "eval/datasets/briefs"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def examples(cache):
    dataset = load_dataset(BRIEFS)
    with Index.open(cached_index(dataset, print)) as index:
        return examples_of(dataset, index)


def test_a_logistic_curve_is_found_again():
    random = np.random.default_rng(1)
    values = random.normal(size=(4000, 2))
    chances = 1 / (1 + np.exp(-(2.0 * values[:, 0] - 1.0 * values[:, 1] + 0.5)))
    targets = random.random(4000) < chances
    weights, offset = logistic(values, targets, np.ones(4000), ridge=0.0)
    assert weights == pytest.approx([2.0, -1.0], abs=0.15)
    assert offset == pytest.approx(0.5, abs=0.15)


def test_a_feature_that_never_varies_has_no_weight():
    values = np.column_stack([np.ones(40), np.arange(40.0)])
    weights, _ = logistic(values, np.arange(40) > 19, np.ones(40))
    assert weights[0] == 0.0
    assert weights[1] > 0


def test_groups_weigh_the_same():
    shares = balanced([0, 0, 0, 1])
    assert shares.sum() == 4
    assert shares[3] == shares[:3].sum()


def test_weights_are_found_that_rank_gold_first():
    random = np.random.default_rng(2)
    features, gold = [], []
    for _ in range(60):
        marks = np.zeros((8, 1), dtype=bool)
        marks[random.integers(8)] = True
        telling = marks[:, 0] + random.normal(scale=0.3, size=8)
        features.append(np.column_stack([random.normal(size=8), telling]))
        gold.append(marks)
    start = np.array([0.5, 0.4])
    found = ranking_weights(features, gold, start)
    assert found[1] * start[0] > start[1] * abs(found[0])
    before = reciprocal_ranks(features, gold, start).mean()
    assert reciprocal_ranks(features, gold, found).mean() > before + 0.05


def test_ranks_count_each_group():
    features, gold = [np.array([[3.0], [2.0], [1.0]])], [np.array([[1, 0], [0, 0], [0, 1]], bool)]
    assert reciprocal_ranks(features, gold, np.ones(1)) == [pytest.approx((1 + 1 / 3) / 2)]


def test_gold_sentences_are_marked(examples):
    told = [example for example in examples if example.is_answerable]
    assert np.mean([example.gold.any() for example in told]) > 0.9
    assert not any(example.gold.size for example in examples if not example.is_answerable)


def test_a_refit_keeps_to_the_limit_of_false_refusals(examples):
    found = refit([examples], default_weights(), false_refusals=0.2)
    strict = refit([examples], default_weights(), false_refusals=0.02)
    assert found.before == strict.before
    assert found.weights.answerability.threshold > strict.weights.answerability.threshold
    assert found.after.false_refusal_rate > strict.after.false_refusal_rate
    assert found.after.abstention_recall > strict.after.abstention_recall
    assert found.weights.answerability.signs["closeness"] > 0
    assert found.weights.answerability.signs["denied"] < 0


def test_too_few_questions_are_refused(examples):
    with pytest.raises(CalibrationError, match="found 5 and 0"):
        refit([[e for e in examples if e.is_answerable][:5]], default_weights())


def test_the_command_writes_only_where_it_is_told(cache, tmp_path, capsys):
    assert main(["calibrate", str(BRIEFS)]) == 2
    assert "--index DIR or --out FILE" in capsys.readouterr().err
    assert main(["calibrate", str(BRIEFS), "--dry-run"]) == 0
    assert "Nothing was written." in capsys.readouterr().out
    path = tmp_path / "weights.json"
    assert main(["calibrate", str(BRIEFS), "--out", str(path), "--force", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["written"] == str(path)
    assert load_weights(path).fitted_on == ("briefs (148 cases)",)
    assert load_weights(path).model_dump(mode="json") == told["weights"]


def test_a_share_that_is_none_is_refused(cache, capsys):
    assert main(["calibrate", str(BRIEFS), "--dry-run", "--false-refusals", "5"]) == 2
    assert "between 0 and 1, found 5.0" in capsys.readouterr().err
