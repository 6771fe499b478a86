"""The named endpoints of the server: `/ask`, `/search` and `/documents`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from assistant.asking import checked_question
from assistant.errors import QuestionError
from assistant.types import Filter, document_to_dict, hit_to_dict
from index.errors import FilterError, InputError, VerbatimError

if TYPE_CHECKING:
    from assistant.desk import Assistant

MOST_HITS = 50

ANSWERING, LOOKING_UP = "answering", "looking up"
"""What runs side by side is counted for each: waiting for a chat model holds up no search."""
MOST_ANSWERING = 32
"""Questions answered at once. Mostly they wait, for a chat model or for one of few threads."""
MOST_LOOKING_UP = 4


def add_endpoints(desk: "Assistant") -> None:
    """Add the endpoints to the `gr.Blocks` that is being built."""

    async def ask(
        question: str,
        history: list[list[str]] | None = None,
        where: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the documents, with verbatim quotes.

        Args:
            question: what to answer.
            history: earlier [question, answer text] pairs, oldest first.
            where: which documents to search: `documents`, `authors`, `after`, `before`.
        """
        with _errors_shown():
            pairs = history_from(history)
            asked = checked_question(question)
            return (await desk.aanswer(asked, pairs, filter_from(where))).to_dict()

    def search(query: str, k: int = 8) -> list[dict[str, Any]]:
        """The passages nearest to a query, best first.

        Args:
            query: what to look for.
            k: how many passages, at most 50.
        """
        with _errors_shown():
            if not isinstance(k, int) or not 1 <= k <= MOST_HITS:
                raise InputError(f"k is a whole number from 1 to {MOST_HITS}, not {k!r}.")
            return [hit_to_dict(hit) for hit in desk.search(checked_question(query), k)]

    def documents() -> list[dict[str, Any]]:
        """The documents of the index, with their metadata."""
        with _errors_shown():
            return [document_to_dict(document) for document in desk.documents()]

    api(ask, api_name="ask", concurrency_id=ANSWERING, concurrency_limit=MOST_ANSWERING)
    for lookup in (search, documents):
        api(
            lookup, api_name=lookup.__name__,
            concurrency_id=LOOKING_UP, concurrency_limit=MOST_LOOKING_UP,
        )  # fmt: skip


def history_from(pairs: list[list[str]] | None) -> list[tuple[str, str]] | None:
    """A history as the desk wants it, from its JSON form.

    Raises:
        QuestionError: it is not a list of pairs of texts.
    """
    if pairs is None:
        return None
    history = [tuple(pair) for pair in pairs if isinstance(pair, list | tuple)]
    if len(history) != len(pairs) or not all(
        len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in history
    ):
        raise QuestionError("The history is a list of [question, answer text] pairs.")
    return [(question, answer) for question, answer in history]


def filter_from(where: dict[str, Any] | None) -> Filter | None:
    """A filter from its JSON form; one text stands for a list of one.

    Raises:
        FilterError: a key or a value is not one of a filter.
    """
    if not where:
        return None
    names = [field.name for field in fields(Filter)]
    unknown = sorted(set(where) - set(names))
    if unknown:
        raise FilterError(f"A filter has {', '.join(names)}; it has no {', '.join(unknown)}.")
    return Filter(**{name: _value(name, value) for name, value in where.items()})


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON is checked here
    if name in ("after", "before"):
        if value is None or isinstance(value, str):
            return value
        raise FilterError(f"The filter {name!r} is an ISO date such as 2024-05, not {value!r}.")
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FilterError(f"The filter {name!r} is a text or a list of texts, not {value!r}.")
    return tuple(texts)


@contextmanager
def _errors_shown() -> Iterator[None]:
    """A message meant for the user reaches the client; any other exception only the log."""
    try:
        yield
    except VerbatimError as error:
        raise gr.Error(str(error), print_exception=False) from error
