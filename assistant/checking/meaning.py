"""How much of a statement its quotes hold: by words, by embeddings, by a model for entailment."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.checking.texts import content_terms, named, plain, terms_of
from assistant.checking.types import Entailment, Similarity
from assistant.details import Check

if TYPE_CHECKING:
    from index.cross_encoder import PairScorer

ENOUGH_WORDS = 0.7
"""Share of a statement's content terms that the quotes must hold; docs/checks.md says why."""
ENOUGH_MEANING = 0.4
"""Cosine that a statement's embedding must have with one of the quotes."""
ENOUGH_ENTAILMENT = 0.5


def check_words(text: str, premises: str) -> tuple[float, Check]:
    """Whether the quotes hold enough of a statement's content words, by their stems.

    Returns:
        (share of the terms, 0 to 1; the check).
    """
    terms = list(dict.fromkeys(content_terms(plain(text))))
    held = terms_of([plain(premises)])
    missing = [term for term in terms if term not in held]
    share = 1 - len(missing) / len(terms) if terms else 0.0
    if not terms:
        return share, Check("words", False, "it has no word that a quote could bear out")
    if share < ENOUGH_WORDS:
        reason = f"the quotes hold {share:.0%} of its words, and not {named(missing)}"
        return share, Check("words", False, reason)
    return share, Check("words", True, f"the quotes hold {share:.0%} of its words")


def check_meaning(text: str, quotes: Sequence[str], similarity: Similarity) -> tuple[float, Check]:
    """Whether a statement's embedding is near that of one of its quotes.

    Returns:
        (highest cosine; the check).
    """
    cosine = max((float(value) for value in similarity(text, quotes)), default=0.0)
    passed = cosine >= ENOUGH_MEANING
    is_near = "near" if passed else "not near"
    return cosine, Check("meaning", passed, f"it is {is_near} the quotes in meaning ({cosine:.2f})")


def check_entailment(text: str, premise: str, entailment: Entailment) -> tuple[float, Check]:
    """Whether a model says that the quotes entail the statement.

    Returns:
        (probability, 0 to 1; the check).
    """
    probability = float(entailment(premise, text))
    passed = probability >= ENOUGH_ENTAILMENT
    verb = "follows" if passed else "does not follow"
    reason = f"it {verb} from the quotes, says the model for entailment ({probability:.2f})"
    return probability, Check("entailment", passed, reason)


def entailment_by(scorer: "PairScorer") -> Entailment:
    """The probability of entailment by a cross-encoder for natural language inference.

    Raises:
        ModelError: the model has no label `entailment`.
    """
    import numpy as np

    from index.errors import ModelError

    label = scorer.label_index("entailment")
    if label is None:
        raise ModelError(
            f"{scorer.name}: expected a model with the label 'entailment', found "
            f"{', '.join(scorer.labels) or 'none'}. Name one that was made for natural language "
            "inference."
        )

    def entailment(premise: str, statement: str) -> float:
        logits = scorer.scores([(premise, statement)])[0].astype(np.float64)
        shares = np.exp(logits - logits.max())
        return float(shares[label] / shares.sum())

    return entailment
