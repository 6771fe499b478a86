"""Example questions drawn from the collection itself."""

from typing import TYPE_CHECKING

from assistant.wording import voice_of

if TYPE_CHECKING:
    from assistant.desk import Assistant
    from index import Index


def example_questions(desk: "Assistant", index: "Index", limit: int) -> list[str]:
    """Questions made from titles and headings; only those that the assistant answers.

    Args:
        desk: asked to answer each question before it is offered.
        index: where the documents are.
        limit: how many, at most.
    """
    offered: list[str] = []
    for question in _proposals(index):
        if len(offered) == limit:
            break
        if desk.answer(question).status == "answered":
            offered.append(question)
    return offered


def _proposals(index: "Index") -> list[str]:
    proposals: list[str] = []
    for document in index.documents():
        headings = dict.fromkeys(
            passage.heading for passage in index.passages(document.id) if passage.heading
        )
        topic = next((heading for heading in headings if heading != document.title), document.title)
        if topic:
            proposals.append(f"What do the documents say about {topic.rstrip('?.!:')}?")
        elif document.authors:
            proposals.append(f"What does {voice_of(document)} write about?")
    return proposals
