"""How a proposal is shown to the person who reviews it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eval.documents import DatasetDocuments
from eval.generation.drafts import Waiting

_AROUND = 160
"""Code points of context on either side of a quote."""
_MOST_QUOTES = 4
"""Quotes of a group that are shown; the others are counted."""
_BOLD, _PLAIN = "\x1b[1;33m", "\x1b[0m"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
"""What a terminal might act on, or nobody sees: it is the documents' text that is shown."""


def shown_proposal(
    proposal: Waiting, documents: DatasetDocuments, place: str, *, colored: bool
) -> str:
    """A proposal as text for a terminal.

    Args:
        proposal: whose evidence is in the documents.
        documents: the dataset's.
        place: which of how many it is.
        colored: whether quotes are highlighted by color; by `>>` and `<<` otherwise.
    """
    case = proposal.case
    lines = ["", f"--- {place} --- {case['category']} ({visible(proposal.template)})"]
    for question, answer in case.get("history", ()):
        lines += [f"  before: {visible(question)}", f"          {visible(answer)}"]
    lines.append(f"Question: {visible(case['question'])}")
    lines += _evidence(case, documents, colored)
    if case.get("facts"):
        lines.append("Expected: " + "; ".join(visible(" / ".join(f)) for f in case["facts"]))
    lines.append(f"Check:    {visible(proposal.why)}")
    return "\n".join(lines)


def visible(text: str) -> str:
    """A text on one line, without characters that a terminal acts on."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def _evidence(case: Mapping[str, Any], documents: DatasetDocuments, colored: bool) -> Iterator[str]:
    if not case["evidence"]:
        yield "Answer:   none in the documents; the right answer is to say so."
    for number, group in enumerate(case["evidence"], start=1):
        choice = f", any one of {len(group)}" if len(group) > 1 else ""
        yield f"Quote {number} of {len(case['evidence'])}{choice}:"
        for span in group[:_MOST_QUOTES]:
            yield f"  {visible(span['doc'])}: {_in_context(span, documents, colored)}"
        if len(group) > _MOST_QUOTES:
            yield f"  ... and {len(group) - _MOST_QUOTES} more"


def _in_context(span: Mapping[str, Any], documents: DatasetDocuments, colored: bool) -> str:
    text = documents.text(span["doc"])
    start, end = span["start"], span["end"]
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    # Words that the window cuts are left out.
    before = before.partition(" ")[2] if start > _AROUND else before
    after = after.rpartition(" ")[0] if end + _AROUND < len(text) else after
    opening, closing = (_BOLD, _PLAIN) if colored else (">>", "<<")
    quote = f"{opening}{visible(text[start:end])}{closing}"
    return " ".join(part for part in (visible(before), quote, visible(after)) if part)
