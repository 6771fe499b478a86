"""The tools that other programs are offered: their names, what they take, what they give.

Data only, in the JSON Schema of the Model Context Protocol. `mcp.py` serves them.
"""

from collections.abc import Sequence
from typing import Any

from assistant.types import Answer
from assistant.web.inputs import MOST_HITS

INSTRUCTIONS = (
    "Answers questions from one collection of documents, and from nothing else. Each statement of "
    "an answer carries verbatim quotes with their place in the document: keep its [n] markers and "
    "cite those. An abstention says that the documents do not answer; do not fill it in."
)

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}
_SPAN = {"start": {"type": "integer"}, "end": {"type": "integer"}}


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_DOCUMENT = _object(
    {
        "id": _TEXT,
        "title": _TEXT_OR_NULL,
        "authors": _TEXTS,
        "publisher": _TEXT_OR_NULL,
        "published": {**_TEXT_OR_NULL, "description": "ISO date: a day, a month or a year"},
        "source": _TEXT,
        "url": _TEXT_OR_NULL,
        "sha256": _TEXT,
    }
)
_QUOTE = _object({"text": _TEXT, **_SPAN, "prefix": _TEXT, "suffix": _TEXT})
_CITATION = _object(
    {
        "number": {"type": "integer", "description": "the n of the marker [n] in the text"},
        "passage_id": _TEXT,
        "quote": _QUOTE,
        "document": _DOCUMENT,
    }
)
_STATEMENT = _object(
    {
        "text": _TEXT,
        "citations": _list_of({"type": "integer"}),
        "support": {"type": "number", "minimum": 0, "maximum": 1},
    }
)
_HIT = _object(
    {
        "rank": {"type": "integer"},
        "score": {"type": "number"},
        "passage_id": _TEXT,
        "text": _TEXT,
        **_SPAN,
        "document": _DOCUMENT,
    }
)
_ANSWER = _object(
    {
        "question": _TEXT,
        "text": {**_TEXT, "description": "the answer, with [n] markers"},
        "status": {"enum": ["answered", "abstained"]},
        "reason": {**_TEXT_OR_NULL, "description": "why it abstained"},
        "statements": _list_of(_STATEMENT),
        "citations": _list_of(_CITATION),
        "nearest": {**_list_of(_HIT), "description": "of an abstention: passages near to it"},
        "searched": {**_TEXT_OR_NULL, "description": "a follow-up, made to stand alone"},
        "confidence": {"type": ["number", "null"]},
        "model": _TEXT,
        "notes": _TEXTS,
    }
)

_TEXT_OR_TEXTS = {"anyOf": [_TEXT, _TEXTS]}
_WHERE = {
    **_object(
        {
            "documents": {**_TEXT_OR_TEXTS, "description": "ids of documents"},
            "authors": {**_TEXT_OR_TEXTS, "description": "parts of authors' names"},
            "after": {**_TEXT, "description": "ISO date: published then or later"},
            "before": {**_TEXT, "description": "ISO date: published then or earlier"},
        },
        [],
    ),
    "additionalProperties": False,
    "description": "which documents to search; all by default",
}
_PAIR = {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}

TOOLS: dict[str, dict[str, Any]] = {
    "ask": {
        "title": "Ask the documents",
        "description": "Answer a question from the documents, with verbatim quotes, or abstain.",
        "input": _object(
            {
                "question": {**_TEXT, "description": "in words; up to 4,000 characters"},
                "history": {
                    **_list_of(_PAIR),
                    "description": "earlier [question, answer text] pairs, oldest first",
                },
                "where": _WHERE,
                "model": {**_TEXT, "description": "which model answers; the server's by default"},
            },
            ["question"],
        ),
        "output": _ANSWER,
    },
    "search": {
        "title": "Search the documents",
        "description": "The passages nearest to a query, best first, as they stand in documents.",
        "input": _object(
            {
                "query": {**_TEXT, "description": "what to look for"},
                "k": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MOST_HITS,
                    "default": 8,
                    "description": "how many passages",
                },
                "where": _WHERE,
            },
            ["query"],
        ),
        "output": _object({"hits": _list_of(_HIT)}),
    },
    "documents": {
        "title": "List the documents",
        "description": "The documents of the collection, with authors, dates and publishers.",
        "input": _object({}),
        "output": _object({"documents": _list_of(_DOCUMENT)}),
    },
}


def input_of(tool: str, models: Sequence[str]) -> dict[str, Any]:
    """What a tool takes, as JSON Schema.

    Args:
        tool: its name.
        models: what may be named besides the server's own model, where the tool takes one.
    """
    schema = TOOLS[tool]["input"]
    taken = schema["properties"]
    if "model" not in taken:
        return dict(schema)
    said = f"{taken['model']['description']}. Others: {', '.join(models)}"
    return {**schema, "properties": {**taken, "model": {**taken["model"], "description": said}}}


def told(answer: Answer) -> dict[str, Any]:
    """An answer for a tool's client: what it says and quotes, without how it was made."""
    whole = answer.to_dict()
    return {name: whole[name] for name in _ANSWER["properties"]}
