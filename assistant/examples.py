"""Example questions drawn from the collection itself."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from assistant.wording import voice_of

if TYPE_CHECKING:
    from assistant.desk import Assistant
    from index import Index

_MOST_TRIED = 20
"""Questions asked, at most, to find some that are answered: the chat opens only then."""
_LONGEST_TOPIC = 100


def example_questions(desk: "Assistant", index: "Index", limit: int) -> list[str]:
    """Questions made from titles and headings; only those that the assistant answers.

    Args:
        desk: asked to answer each question before it is offered.
        index: where the documents are.
        limit: how many, at most.
    """
    proposed = islice(_proposals(index), _MOST_TRIED)
    answered = (q for q in proposed if desk.answer(q).status == "answered")
    return list(islice(dict.fromkeys(answered), limit))


def _proposals(index: "Index") -> Iterator[str]:
    for document in index.documents():
        headings = dict.fromkeys(
            passage.heading for passage in index.passages(document.id) if passage.heading
        )
        topic = next((heading for heading in headings if heading != document.title), document.title)
        if topic and len(topic) <= _LONGEST_TOPIC:
            yield f"What do the documents say about {topic.rstrip('?.!:')}?"
        elif document.authors:
            yield f"What does {voice_of(document)} write about?"
