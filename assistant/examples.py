"""Example questions drawn from the collection itself."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.desk import Assistant
    from index import Index

_MOST_TRIED = 20
"""Questions asked, at most, to find some that are answered: the chat opens only then."""
_MOST_READ = 100
"""Documents read, at most, to find what they write about."""
_NAME = re.compile(
    r"(?<=[a-z,] )(?!(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Mr|Mrs|Dr|I)\b)[A-Z][\w’-]{3,}(?: [A-Z][\w’-]+){0,2}"
)


def example_questions(desk: "Assistant", index: "Index", limit: int) -> list[str]:
    """Questions about names that several documents mention; only those that are answered.

    Args:
        desk: asked to answer each question before it is offered.
        index: where the documents are.
        limit: how many, at most.
    """
    proposed = (f"What do the documents say about {name}?" for name in _names(index))
    answered = (q for q in islice(proposed, _MOST_TRIED) if desk.answer(q).status == "answered")
    return list(islice(answered, limit))


def _names(index: "Index") -> Iterator[str]:
    """Names worth asking about: those of some documents, not of one or nearly all, come first."""
    documents = index.documents()[:_MOST_READ]
    mentions: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for document in documents:
        bodies = [p.text for p in index.passages(document.id) if p.label == "body"]
        found = Counter(name for text in bodies for name in set(_NAME.findall(text)))
        mentions.update(found)
        spread.update(found.keys())
    authors = {word for document in documents for a in document.authors for word in a.split()}
    telling = max(2, len(documents) // 3)
    ranked = sorted(mentions, key=lambda n: (not 2 <= spread[n] <= telling, -mentions[n], n))
    used: set[str] = set()
    for name in ranked:
        words = set(name.split())
        if not words & (used | authors):
            used |= words
            yield name
