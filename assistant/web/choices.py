"""What a visitor chose for a question: which model answers it, and from which documents."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.desk import EXTRACTIVE
from assistant.types import DocumentInfo, Filter
from assistant.web.also_models import AlsoModels
from assistant.web.inputs import filter_from
from index.counting import plural
from index.errors import FilterError, InputError

if TYPE_CHECKING:
    from assistant.desk import Assistant

MOST_CHARACTERS = 20_000
"""Of a choice as JSON."""
MOST_SHOWN = 3
"""Names of one kind in the description of a filter; of more, only their number is told."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model and a filter."""

    model: str | None = None
    """The name of a chat model, or `extractive`; None for the desk's own."""
    where: Filter | None = None
    """Which documents may answer; None for all."""


def choice_from(text: str) -> Choice:
    """A choice from its JSON form `{"model": "...", "where": {...}}`; empty text chooses nothing.

    Raises:
        InputError: it is something else.
        FilterError: a part of the filter is.
    """
    if not text:
        return Choice()
    try:
        value = json.loads(text) if len(text) <= MOST_CHARACTERS else None
    except (ValueError, RecursionError):
        value = None
    model = value.get("model") if isinstance(value, dict) else 0
    if not isinstance(value, dict) or not (model is None or isinstance(model, str)):
        raise InputError("Expected a model and a filter, found something else. Reload the page.")
    return Choice(model or None, filter_from(value.get("where")) or None)


def models_for(desk: "Assistant", also: AlsoModels) -> tuple[str, ...]:
    """The models to choose from, the desk's own first, `extractive` last."""
    return tuple(dict.fromkeys((desk.model, *also.names, EXTRACTIVE)))


def desk_for(desk: "Assistant", also: AlsoModels, model: str | None) -> "Assistant":
    """The desk that answers with a model.

    Raises:
        ModelError: the model cannot be used.
    """
    if model is None or model == desk.model:
        return desk
    return desk.extractive() if model == EXTRACTIVE else also.desk(desk, model)


def desk_named(desk: "Assistant", also: AlsoModels, model: object) -> "Assistant":
    """The desk that answers with the model a program names; None or "" for the desk's own.

    Raises:
        InputError: it is not the name of a model that is offered.
        ModelError: the model cannot be used.
    """
    offered = models_for(desk, also)
    if not (model is None or model == "" or model in offered):
        raise InputError(
            f"Expected one of the models of this server ({', '.join(offered)}), found "
            f"{model!r:.100}. Choose one of them, or leave the model out."
        )
    return desk_for(desk, also, str(model) if model else None)


def documents_for(desk: "Assistant", where: Filter) -> list[DocumentInfo]:
    """The documents that a filter lets through.

    Raises:
        FilterError: the filter cannot be understood, or lets none through.
    """
    matching = desk.index.matching(where)
    documents = [document for document in desk.documents() if document.id in matching]
    if not documents:
        raise FilterError(
            "No document matches the filter, so nothing was asked. Take a part of it away."
        )
    return documents


def standing(desk: "Assistant", where: Filter) -> Mapping[str, Any]:
    """What is left of a filter that was made earlier, as JSON for the page.

    Returns:
        The filter with the names of its documents, and the ids of those that are `gone`.
    """
    names = {document.id: document.name for document in desk.documents()}
    return {
        "authors": where.authors,
        "documents": [
            {"id": each, "name": names[each]} for each in where.documents if each in names
        ],
        "after": where.after or "",
        "before": where.before or "",
        "gone": [each for each in where.documents if each not in names],
    }


def described(where: Filter, documents: Sequence[DocumentInfo]) -> str:
    """What a filter asks of, in words.

    Args:
        where: the filter.
        documents: which it lets through.
    """
    parts = [plural(len(documents), "document")]
    if where.documents:
        parts.append(_listed((document.name for document in documents), "title"))
    if where.authors:
        parts.append(f"by {_listed(where.authors, 'author')}")
    if where.after:
        parts.append(f"from {where.after} on")
    if where.before:
        parts.append(f"until {where.before}")
    return " · ".join(parts)


def _listed(names: Iterable[str], noun: str) -> str:
    every = list(names)
    return ", ".join(every) if len(every) <= MOST_SHOWN else plural(len(every), noun)


def offered(desk: "Assistant", also: AlsoModels) -> Mapping[str, Any]:
    """What there is to choose from, as JSON: models, authors with their documents, and dates."""
    documents = desk.documents()
    counts: dict[str, int] = {}
    for document in documents:
        for author in document.authors:
            counts[author] = counts.get(author, 0) + 1
    dates = sorted(document.published for document in documents if document.published)
    return {
        "models": [{"name": name, "label": label_of(name)} for name in models_for(desk, also)],
        "authors": [{"name": name, "count": counts[name]} for name in sorted(counts)],
        "documents": len(documents),
        "first": dates[0] if dates else None,
        "last": dates[-1] if dates else None,
    }


def label_of(model: str) -> str:
    """A model's name for people."""
    return "Quotes only" if model == EXTRACTIVE else model
