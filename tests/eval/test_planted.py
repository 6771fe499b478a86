"""Systems with known faults get the scores they deserve, on the small dataset and on the briefs."""

from pathlib import Path

import pytest

import eval as evaluation
from eval import load_dataset, score_answers
from eval.planted import FAULTS, Oracle, plant
from eval.planted.selftest import measure
from eval.scorers import HEADLINE

pytestmark = pytest.mark.slow

BRIEFS = Path(evaluation.__file__).parent / "datasets" / "briefs"
LEAST = {"always_abstains": 0.5, "cites_everything": 0.8, "quotes_whole_documents": 0.8}
"""How far the first score of a fault must move; a hundredth for the others."""
KEEPS = {
    "cites_everything": ("evidence_recall", "facts_recall", "quote_exactness"),
    "quotes_whole_documents": ("evidence_recall", "citation_precision", "quote_exactness"),
    "changes_a_word": ("evidence_recall", "citation_precision"),
    "changes_a_year": ("evidence_recall", "citation_precision"),
    "drops_a_negation": ("evidence_recall", "citation_precision"),
    "stitches_sentences": ("evidence_recall", "citation_precision", "facts_recall"),
    "cites_the_wrong_place": ("facts_recall", "quote_exactness"),
    "names_the_wrong_author": ("evidence_recall", "quote_exactness", "facts_recall"),
    "answers_from_memory": ("facts_recall",),
    "tells_one_side": ("citation_precision", "quote_exactness"),
    "misreads_a_number": HEADLINE,
    "brings_in_a_stranger": HEADLINE,
    "says_another_date": HEADLINE,
    "quotes_what_was_not_retrieved": HEADLINE,
    "ranks_the_best_last": HEADLINE,
    "is_never_sure": HEADLINE,
}
"""Scores that must not move: a fault is caught by its own scores and excused by these."""


@pytest.fixture(scope="module")
def oracle():
    return Oracle(load_dataset(BRIEFS))


@pytest.fixture(scope="module")
def perfect(oracle):
    return score_answers(oracle.dataset, oracle.answers()).summary


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(oracle, perfect, fault):
    summary = score_answers(oracle.dataset, plant(fault, oracle)).summary
    for place, name in enumerate(fault.caught_by):
        least = LEAST.get(fault.name, 0.01) if place == 0 else 0.01
        is_rate = name in ("false_refusal_rate", "ece")
        fall = (summary[name].value - perfect[name].value) * (1 if is_rate else -1)
        assert fall >= least, name
    for name in KEEPS.get(fault.name, ()):
        assert summary[name].value == perfect[name].value, name


@pytest.mark.slow
def test_every_fault_is_seen_on_the_briefs(oracle):
    found = measure(oracle.dataset)
    assert found.unseen == found.idle == ()
    assert all(catch.is_caught for catch in found.catches)
    assert "| retypes quotes with another year | quote_exactness | 1.000 |" in found.to_markdown()


def test_faults_without_ground_are_said_to_be_idle(dataset):
    found = measure(dataset)
    assert "names_the_wrong_author" in found.idle  # its documents name no author
    assert found.unseen == ()
    assert "nothing to plant it in" in found.to_text()


def test_planting_is_the_same_every_time(oracle):
    fault = next(fault for fault in FAULTS if fault.name == "cites_everything")
    assert plant(fault, oracle) == plant(fault, oracle)
    assert plant(fault, oracle) != plant(fault, oracle, seed=1)
