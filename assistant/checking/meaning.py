"""How much of a statement its quotes hold: by words, by embeddings, by a model for entailment."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.checking.names import is_held
from assistant.checking.synonyms import is_safe, others
from assistant.checking.texts import content_terms, named, plain, terms_of
from assistant.checking.types import Entailment, Similarity
from assistant.claims import numbers_in
from assistant.details import Check
from index.dates import find_dates

if TYPE_CHECKING:
    from index.cross_encoder import PairScorer

ENOUGH_WORDS = 0.7
"""Share of a statement's content terms that the quotes must hold; docs/checks.md says why."""
LONG_RUN = 2
"""So many content words in a row that no quote has were put in."""
ENOUGH_MEANING = 0.4
"""Cosine that a statement's embedding must have with one of the quotes."""
ENOUGH_ENTAILMENT = 0.5


def check_words(text: str, premises: str, *, is_strict: bool = True) -> tuple[float, Check]:
    """Whether the quotes hold enough of a statement's content words, by their stems.

    Numbers and dates are left to their own checks. Long runs of words that no quote has fail,
    however many words around them are held: something was put in.

    Args:
        text: the statement.
        premises: its quotes.
        is_strict: whether no word may be new but those that claim nothing: one new verb is enough
            to turn a claim around, and without a model for entailment nobody would notice.

    Returns:
        (share of the terms, 0 to 1; the check).
    """
    words = _content_words(plain(text))
    missing = [word for word in words if not _is_word_held(word, plain(premises))]
    distinct, lacking = len(set(words)), len(set(missing))
    share = 1 - lacking / distinct if distinct else 0.0
    if not words:
        return share, Check("words", False, "it has no word that a quote could bear out")
    run = max(_runs(words, frozenset(missing)), key=len, default=[])
    if share < ENOUGH_WORDS:
        reason = f"the quotes hold {share:.0%} of its words, and not {named(missing)}"
        return share, Check("words", False, reason)
    new = [word for word in missing if not all(map(is_safe, content_terms(word)))]
    if is_strict and new:
        return share, Check("words", False, f"{named(new)}: in no cited quote")
    if len(run) >= LONG_RUN:
        return share, Check("words", False, f"{named(run)}: no cited quote has these words")
    return share, Check("words", True, f"the quotes hold {share:.0%} of its words")


def _content_words(text: str) -> list[str]:
    """The words of a text that are neither small words nor numbers, as written, in order."""
    words = re.findall(r"(?<!\w)[^\W\d][\w']*", _without_dates(text))
    return [word for word in words if content_terms(word) and not numbers_in(word)]


@lru_cache(maxsize=8192)
def _is_word_held(word: str, premises: str) -> bool:
    held = terms_of([premises])
    if all(term in held or others(term) & held for term in content_terms(word)):
        return True
    return word[0].isupper() and is_held(word, premises)


def _runs(words: Sequence[str], missing: frozenset[str]) -> list[list[str]]:
    """Words in a row that are missing."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word in missing:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return runs


def _without_dates(text: str) -> str:
    for _, start, end in reversed(find_dates(text)):
        text = text[:start] + text[end:]
    return text


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
