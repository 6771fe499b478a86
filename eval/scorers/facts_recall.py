"""How many of the wanted facts an answer's text states."""

import re
import unicodedata

from eval.scorers.base import Outcome, Score, answer_missing
from index.canonical import matching_text

_PLAIN = str.maketrans("‐‒―−′″", "----'\"")
_MARKDOWN = re.compile(r"(?<!\\)\*+|\\(?=[!-/:-@\[-`{-~])|^[ \t]*>[ \t]?", re.MULTILINE)
"""Emphasis, backslash escapes and block quote marks: an answer's text is Markdown."""


def facts_recall(outcome: Outcome) -> Score:
    """Share of the case's facts of which one spelling occurs in the answer's text.

    Letter case, white space, typographic quotes and dashes make no difference, nor do citation
    markers and Markdown. A spelling that begins or ends in a digit does not match inside a longer
    number: `94` is not in `1994`. Scored on answerable cases with facts; an abstention or a failure
    there scores 0.
    """
    facts = outcome.case.facts
    if not (outcome.case.is_answerable and facts):
        return Score.unscored("the case has no facts to state")
    if missing := answer_missing(outcome):
        return missing
    text = comparable(_MARKDOWN.sub("", outcome.text))
    unstated = [fact[0] for fact in facts if not any(_occurs(spelling, text) for spelling in fact)]
    rest = f"; missing: {', '.join(unstated)}" if unstated else ""
    return Score.share(len(facts) - len(unstated), len(facts), f"facts stated{rest}")


def comparable(text: str) -> str:
    """A copy in which only the differences that matter are left."""
    return unicodedata.normalize("NFC", matching_text(text).translate(_PLAIN)).casefold()


def _occurs(spelling: str, text: str) -> bool:
    wanted = comparable(spelling)
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else ""
    after = r"(?!\d|[.,]\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, text) is not None
