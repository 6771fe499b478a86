"""What a text says when it is addressed to a model: single phrases that do, and pairs of cues.

All patterns are for folded text (`assistant.instructions.folding`): lower case, no accents. Each
is tried only where one of its words occurs, which keeps ordinary text cheap, and repeats only a
bounded number of times, which keeps any text linear.
"""

from bisect import bisect_left
from collections.abc import Iterator

from assistant.instructions.languages import LATIN, OTHER
from assistant.instructions.phrases import CUES, DIRECTIVE, PHRASES, WHOLE_PARAGRAPH
from assistant.instructions.regions import (
    Region,
    merged,
    paragraph_end,
    paragraph_start,
    region_of,
    sentence_ends,
)

_PAIRS = frozenset(
    frozenset(pair.split("+"))
    for pair in (
        "call+any",
        "machine+answer",
        "machine+style",
        "machine+override",
        "machine+always",
        "machine+source",
        "override+answer",
        "override+style",
        "override+source",
        "override+always",
        "always+answer",
        "always+user",
        "always+style",
        "always+source",
        "answer+style",
        "user+style",
        "answer+source",
        "secret+user",
        "secret+answer",
        "secret+machine",
    )
)
"""Cues that, beside a directive, show who is spoken to."""


def addressed(text: str) -> list[Region]:
    """Regions of a folded text that speak to a model."""
    found = [region_of(text, start, end) for start, end in _phrases(text)]
    for pattern in WHOLE_PARAGRAPH:
        for match in pattern.found(text):
            start = paragraph_start(text, match.start())
            found.append((start, paragraph_end(text, match.end())))
    found += [region_of(text, start, end) for start, end in _pairs(text)]
    return merged(found)


def _phrases(text: str) -> Iterator[Region]:
    for phrase in (*PHRASES, *LATIN, *(() if text.isascii() else OTHER)):
        for match in phrase.found(text):
            yield match.span()


def _pairs(text: str) -> Iterator[Region]:
    """Where cues of a pair and a directive stand in one sentence, or in two that follow."""
    cues = [(match.start(), name) for name, cue in CUES.items() for match in cue.found(text)]
    names = {name for _, name in cues}
    if not _is_pair(names):
        return
    ends = sentence_ends(text)
    by_sentence: dict[int, list[tuple[int, str]]] = {}
    for start, name in sorted(cues):
        by_sentence.setdefault(bisect_left(ends, start), []).append((start, name))
    directed = {bisect_left(ends, match.end() - 1) for match in DIRECTIVE.finditer(text)}
    for sentence, here in by_sentence.items():
        following = by_sentence.get(sentence + 1, [])
        start = here[0][0]
        if sentence in directed and _is_pair({name for _, name in here}):
            yield start, here[-1][0] + 1
        elif (
            (sentence in directed or sentence + 1 in directed)
            and _is_pair({name for _, name in (*here, *following)})
            and "\n\n" not in text[start : following[-1][0] if following else start]
        ):
            yield start, (following or here)[-1][0] + 1


def _is_pair(names: set[str]) -> bool:
    return "call" in names or any(pair <= names for pair in _PAIRS)
