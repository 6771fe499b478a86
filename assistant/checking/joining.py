"""Whether a statement joins what stands apart in its quotes: one's name, and another's deed."""

import re
from collections.abc import Sequence

from assistant.checking.names import is_held
from assistant.checking.texts import content_terms, named, plain, sentences
from assistant.claims import names_in
from assistant.details import Check

_LEANING = re.compile(
    r"\b(?:he|she|it|they|his|her|hers|its|their|him|them|this|that|these|those|such|who|whose"
    r"|the (?:company|city|country|team|school|university|group|war|treaty|two|latter|former))\b",
    re.I,
)


def check_joining(text: str, premises: str) -> Check:
    """Whether each clause's names stand where the rest of it does.

    The sentence of the quotes that holds most of a statement must hold its names too, or lean on
    another that does by a pronoun; it must not be about somebody whom the statement leaves out.
    """
    meant = sentences(plain(premises))
    for sentence in sentences(plain(text)):
        apart = _apart(sentence, meant)
        if apart:
            reason = f"{named(apart)}: the quotes say the rest of somebody else"
            return Check("joining", False, reason)
    return Check("joining", True, "what it joins belongs together in the quotes")


def _apart(sentence: str, meant: Sequence[str]) -> list[str]:
    """Names of a statement's sentence that its best sentence lacks and does not lean on."""
    if len(meant) < 2:
        return []
    terms = frozenset(content_terms(sentence))
    shares = [len(terms & set(content_terms(other))) for other in meant]
    best = meant[shares.index(max(shares))]
    names = [claim.text for claim in names_in(sentence)]
    missing = [name for name in names if not is_held(name, best)]
    if not missing or _LEANING.search(best):
        return []
    subject = best[: len(best) // 2]
    strangers = [claim.text for claim in names_in(subject) if not is_held(claim.text, sentence)]
    return missing if strangers else []
