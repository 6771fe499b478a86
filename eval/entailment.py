"""Judges of entailment: does a premise bear a hypothesis out?"""

from collections.abc import Callable
from functools import lru_cache

from assistant.claims import unborne_dates, unborne_names, unborne_negations, unborne_numbers
from assistant.grounding import word_support
from eval.errors import JudgeError

Entails = Callable[[str, str], bool]
"""Takes a premise and a hypothesis."""

ENOUGH = 0.7
"""Share of a hypothesis's words that must be in the premise."""


def lexical_entails(premise: str, hypothesis: str) -> bool:
    """Whether the premise holds the hypothesis's particulars and most of its words.

    All numbers, dates and names must be there, and as many of the words, by their stems, as
    `ENOUGH` says; what one of the two denies, the other must deny too. The same result every time
    and no model, but it knows no synonyms: what it refuses may still be true.
    """
    unborne = (
        unborne_numbers(hypothesis, premise)
        or unborne_dates(hypothesis, premise)
        or unborne_names(hypothesis, premise)
    )
    _, denied_by_one = unborne_negations(hypothesis, premise)
    return not (unborne or denied_by_one) and word_support(hypothesis, [premise]) >= ENOUGH


def nli_entails(model: str) -> Entails:
    """A judge by a cross-encoder for natural language inference.

    Args:
        model: folder of a sentence-transformers cross-encoder with a label `entailment`, such as
            `cross-encoder/nli-deberta-v3-base` saved to disk.

    Raises:
        ModelError: it cannot be loaded.
        JudgeError: it has no such label.
    """
    from index.cross_encoder import load_pair_scorer

    scorer = load_pair_scorer(model)
    label = scorer.label_index("entailment")
    if label is None:
        raise JudgeError(
            f"{model}: expected a model with the label 'entailment', found "
            f"{', '.join(scorer.labels)}. Name one that was made for natural language inference."
        )

    @lru_cache(maxsize=100_000)
    def entails(premise: str, hypothesis: str) -> bool:
        return int(scorer.scores([(premise, hypothesis)])[0].argmax()) == label

    return entails
