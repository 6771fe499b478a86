"""Refitting weights: that the fits find what is there, and that nothing is written unasked."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from model_makers import make_cross_encoder

from assistant import Assistant
from assistant.cli import main
from assistant.weights import default_weights, load_weights
from eval import load_dataset
from eval.cache import cached_index
from eval.calibrating import refit
from eval.calibrating.curves import SIGNS, Seen, placements, threshold_of
from eval.calibrating.examples import examples_of
from eval.calibrating.fitting import balanced, logistic, ranking_weights, reciprocal_ranks
from eval.calibration import Told, answerability_auc
from eval.errors import CalibrationError
from index import Index

pytestmark = pytest.mark.slow

QUESTION = "How far can the Iskander missiles fly?"
BRIEFS = Path(__file__).parents[2] / "eval/datasets/briefs"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Enough cases of the briefs for a fit, and no more."""
    folder = tmp_path_factory.mktemp("few") / "few"
    shutil.copytree(BRIEFS / "documents", folder / "documents")
    lines = (BRIEFS / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    without = [line for line in lines if not json.loads(line)["evidence"]]
    told = [line for line in lines if line not in without]
    text = "\n".join([*told[:24], *without[:14]]) + "\n"
    (folder / "cases.jsonl").write_text(text, encoding="utf-8")
    return folder


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


def altered(**changes):
    """The packaged weights with another curve of answerability."""
    old = default_weights()
    return old.model_copy(update={"answerability": old.answerability.model_copy(update=changes)})


def test_a_useless_curve_is_replaced_and_a_better_one_kept(examples):
    useless = altered(signs={"closeness": -4.0}, offset=2.0)
    found = refit([examples], useless)
    assert not found.keeps_curve
    assert found.weights.answerability.signs["closeness"] > 0
    assert found.after.answerability_auc > found.before.answerability_auc + 0.2
    kept = refit([examples], altered(threshold=9.0))
    assert kept.keeps_curve
    assert kept.weights.answerability.signs == default_weights().answerability.signs
    assert kept.weights.answerability.threshold < 1.0
    assert kept.before.false_refusal_rate > 0.9
    assert kept.after.false_refusal_rate < 0.15
    assert kept.weights.confidence.slope > 0


def test_placements_average_to_the_area_under_the_curve():
    curve = default_weights().answerability.model_copy(
        update={"signs": {SIGNS[0]: 1.0}, "offset": 0.0}
    )
    values = [(0.9, True), (0.5, True), (0.5, False), (0.1, False), (0.7, False)]
    seen = [
        Seen(0, 0, answerable, (value, *[0.0] * (len(SIGNS) - 1)), True, True, 1.0)
        for value, answerable in values
    ]
    told = [Told(value, True, answerable) for value, answerable in values]
    found = placements(seen, curve)
    assert found[:2].mean() == pytest.approx(answerability_auc(told))
    assert found[2:].mean() == pytest.approx(answerability_auc(told))
    assert placements(seen[:2], curve).tolist() == [0.5, 0.5]


def test_the_threshold_declines_no_more_than_it_may():
    odds = np.array([0.128, 1.0, 2.0, 3.0])
    assert threshold_of(odds, 0.0) == 0.12
    assert (odds < threshold_of(odds, 0.25)).sum() <= 1
    assert (odds < threshold_of(odds, 0.5)).sum() == 1


def test_too_few_questions_are_refused(examples):
    with pytest.raises(CalibrationError, match="found 5 and 0"):
        refit([[e for e in examples if e.is_answerable][:5]], default_weights())


def test_the_command_writes_only_where_it_is_told(cache, few, tmp_path, capsys):
    assert main(["calibrate", str(few)]) == 2
    assert "--index DIR or --out FILE" in capsys.readouterr().err
    assert main(["calibrate", str(few), "--dry-run"]) == 0
    assert "Nothing was written." in capsys.readouterr().out
    path = tmp_path / "weights.json"
    assert main(["calibrate", str(few), "--out", str(path), "--force", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["written"] == str(path)
    assert load_weights(path).fitted_on == ("few (38 cases)",)
    assert load_weights(path).model_dump(mode="json") == told["weights"]


def test_weights_for_another_model_are_told(cache, few, monkeypatch, capsys):
    other = default_weights().model_copy(update={"embedding_model": "other@0"})
    assert main(["calibrate", str(few), "--dry-run"]) == 0
    assert "old weights" not in capsys.readouterr().out
    monkeypatch.setattr("assistant.weights.default_weights", lambda: other)
    assert main(["calibrate", str(few), "--dry-run"]) == 0
    assert "The old weights: fitted for other@0, and all-MiniLM" in capsys.readouterr().out


def test_the_reranker_is_recorded(cache, few, tmp_path, capsys):
    path = tmp_path / "weights.json"
    model = str(make_cross_encoder(tmp_path / "small-ranker"))
    command = ["calibrate", str(few), "--reranker", model, "--out", str(path), "--force"]
    assert main(command) == 0
    assert "with small-ranker@" in capsys.readouterr().out
    assert load_weights(path).reranker.startswith("small-ranker@")


def test_an_index_is_read_with_the_weights_fitted_for_it(cache, few, tmp_path, capsys):
    folder = tmp_path / "few.index"
    for name in ("few.index", "plain.index"):
        shutil.copytree(cached_index(load_dataset(few), print), tmp_path / name)
    command = ["calibrate", str(few), "--index", str(folder), "--false-refusals", ".3"]
    assert main(command) == 0
    assert capsys.readouterr().out.endswith(f"Written to {folder / 'weights.json'}.\n")
    with Assistant.open(folder) as desk, Assistant.open(tmp_path / "plain.index") as plain:
        confidences = [each.answer(QUESTION).confidence for each in (desk, plain)]
    assert confidences[0] != confidences[1]


def test_a_share_that_is_none_is_refused(cache, capsys):
    assert main(["calibrate", str(BRIEFS), "--dry-run", "--false-refusals", "5"]) == 2
    assert "between 0 and 1, found 5.0" in capsys.readouterr().err


def test_the_models_of_an_index_are_its_own(capsys):
    assert main(["calibrate", "any", "--index", "x", "--embedding-model", "y"]) == 2
    assert "found both" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path, capsys):
    assert main(["calibrate", "nowhere", "--out", str(tmp_path / "no" / "w.json")]) == 2
    assert "found no folder to put it in" in capsys.readouterr().err
