"""Judges of entailment: the one that compares words, and one by a cross-encoder made here."""

import pytest

from eval.entailment import lexical_entails, nli_entails
from eval.errors import JudgeError
from index.cross_encoder import load_pair_scorer
from index.errors import ModelError

PREMISE = (
    "Ann Lee\nThe dam was not finished in 1990. Bo Chen opened it in March 1992 for 40 million."
)


@pytest.mark.parametrize(
    ("hypothesis", "is_entailed"),
    [
        ("The dam was not finished in 1990.", True),
        ("The dam was finished in 1990.", False),
        ("Bo Chen opened the dam in 1992.", True),
        ("Bo Chen opened the dam in 1993.", False),
        ("So Ho Chin opened the dam.", False),
        ("It cost forty million.", False),  # it knows no synonyms
        ("The dam for 40 million was opened.", True),
        ("The dam for 41 million was opened.", False),
    ],
)
def test_comparing_words(hypothesis, is_entailed):
    assert lexical_entails(PREMISE, hypothesis) is is_entailed


def make_model(folder, labels, winner):
    """A tiny BERT whose last layer always prefers one label."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    vocabulary = folder / "words.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "dam"]))
    config = BertConfig(
        vocab_size=6,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)},
    )
    model = BertForSequenceClassification(config)
    with_bias = model.classifier.bias.data
    with_bias[:] = 0.0
    with_bias[labels.index(winner)] = 100.0
    model.save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(vocabulary)).save_pretrained(folder)
    return str(folder)


@pytest.fixture
def model(tmp_path):
    def make(labels, winner):
        folder = tmp_path / f"{winner}-{len(labels)}"
        folder.mkdir()
        return make_model(folder, labels, winner)

    return make


LABELS = ["contradiction", "Entailment", "neutral"]


@pytest.mark.parametrize("winner", LABELS)
def test_a_cross_encoder_judges_by_its_own_labels(model, winner):
    judge = nli_entails(model(LABELS, winner))
    assert judge(PREMISE, "The dam is open.") is (winner == "Entailment")
    assert judge("dam", "dam") is (winner == "Entailment")


def test_a_model_for_something_else(model):
    with pytest.raises(JudgeError, match="expected a model with the label 'entailment', found"):
        nli_entails(model(["cat", "dog"], "dog"))


def test_scores_of_pairs(model):
    scorer = load_pair_scorer(model(LABELS, "neutral"))
    assert scorer.labels == tuple(LABELS)
    assert scorer.scores([("a", "b"), ("c", "d")]).shape == (2, 3)


def test_no_model(tmp_path):
    with pytest.raises(
        ModelError, match=r"Expected a cross-encoder \(a folder with a config\.json"
    ):
        nli_entails(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="Expected weights"):
        load_pair_scorer(str(tmp_path))
