"""A request for a chat completion, checked: what is asked, of which model, in which form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, get_args

from assistant.asking import checked_question
from assistant.types import Filter
from assistant.web.inputs import filter_from
from assistant.web.openai_errors import RequestError

VERBATIM, VERBATIM_EXTRACTIVE = "verbatim", "verbatim-extractive"
Models = Mapping[str, str]
"""What the models are, by name."""

Format = Literal["markdown", "text"]

RULE = "\n\n---\n\n"
"""Between an answer and the notes and sources below it; no statement has line breaks."""

_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|~$&#+-])")


@dataclass(frozen=True, slots=True)
class Completion:
    """What a client asks for."""

    question: str
    history: tuple[tuple[str, str], ...]
    model: str
    where: Filter | None = None
    is_streamed: bool = False
    wants_usage: bool = False
    """Whether a stream ends in a chunk with the usage."""
    has_sources: bool = True
    """Whether notes and sources stand below the answer."""
    format: Format = "markdown"


def models_of(also: Sequence[str]) -> Models:
    """The models of a server.

    Args:
        also: names of chat models besides its own.
    """
    return {
        VERBATIM: "answers as the server is set up to",
        VERBATIM_EXTRACTIVE: "picks quotes without a chat model",
        **dict.fromkeys(also, "answers with this chat model"),
    }


def check_model(name: object, models: Models) -> str:
    """The name of a model, if it is one of these.

    Raises:
        RequestError: it is not.
    """
    if isinstance(name, str) and name in models:
        return name
    known = f"{', '.join([*models][:-1])} or {[*models][-1]}"
    message = f"Expected the model {known}, found {name!r:.80}."
    raise RequestError(message, "model", 404, "model_not_found")


def completion_from(body: Mapping[str, Any], models: Models) -> Completion:
    """A request, from its JSON.

    Args:
        body: the JSON.
        models: which may be asked.

    Raises:
        RequestError: a parameter is wrong, or asks for what Verbatim does not do.
        QuestionError: the question is empty or too long.
        FilterError: the filter cannot be understood.
    """
    _refuse_unsupported(body)
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise RequestError("Expected a list of messages, the last by the user.", "messages")
    question, history = conversation(messages)
    own = _mapping(body, "verbatim")
    if unknown := sorted(map(str, set(own) - {"where", "sources", "format"})):
        raise RequestError(
            f"'verbatim' has where, sources and format; it has no {', '.join(unknown)}.", "verbatim"
        )
    options = _mapping(body, "stream_options")
    return Completion(
        question=checked_question(question),
        history=history,
        model=check_model(body.get("model"), models),
        where=filter_from(own.get("where")),
        is_streamed=_flag(body, "stream"),
        wants_usage=_flag(options, "include_usage"),
        has_sources=_flag(own, "sources", default=True),
        format=_format(own.get("format")),
    )


def conversation(messages: list[Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The question, and the pairs of questions and answers before it.

    Instructions are left out: an answer holds what the documents say, whoever asks for more. So is
    what the assistant said before it was asked. A question without an answer stays.

    Raises:
        RequestError: a message cannot be read, or the last one is not the user's.
    """
    pairs: list[tuple[str, str]] = []
    asked: str | None = None
    for number, message in enumerate(messages):
        place = f"messages[{number}]"
        if not isinstance(message, Mapping):
            raise RequestError(f"Expected an object, found {message!r:.40}.", place)
        role = message.get("role")
        if role in ("system", "developer"):
            continue
        if role not in ("user", "assistant"):
            raise RequestError(
                f"Expected a role of system, developer, user or assistant, found {role!r:.40}.",
                f"{place}.role",
            )
        text = _text(message.get("content"), f"{place}.content")
        if asked is not None:
            pairs.append((asked, _answer(text) if role == "assistant" else ""))
        asked = text if role == "user" else None
    if asked is None:
        raise RequestError("Expected the last message to be the user's question.", "messages")
    return asked, tuple(pairs)


def _text(content: object, place: str) -> str:
    """The text of a message's content, which may come in parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") for part in parts if _is_kind(part, "text")]
    others = [part for part in parts if not _is_kind(part, "text", "refusal")]
    if others or not all(isinstance(text, str) for text in texts):
        raise RequestError("Expected content in text: Verbatim reads nothing else.", place)
    return "\n".join(text for text in texts if isinstance(text, str))


def _is_kind(part: object, *kinds: str) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(part, Mapping) and part.get("type") in kinds


def _answer(text: str) -> str:
    """What an answer said, without the sources below it and the marks of Markdown."""
    return _ESCAPED.sub(r"\1", text.partition(RULE)[0])


def _refuse_unsupported(body: Mapping[str, Any]) -> None:
    """Refuse what would change an answer's form, not what only tunes a model: see docs/api.md."""
    if body.get("n") not in (None, 1):
        raise RequestError("Expected n to be 1: there is one answer to a question.", "n")
    has_tools = body.get("tools") and body.get("tool_choice") != "none"
    has_functions = body.get("functions") and body.get("function_call") != "none"
    if has_tools or has_functions:
        param = "tools" if has_tools else "functions"
        raise RequestError("Expected no tools: Verbatim answers, and calls nothing.", param)
    response_format = body.get("response_format")
    if response_format is not None and not _is_kind(response_format, "text"):
        raise RequestError("Expected a response_format of text.", "response_format")
    if body.get("logprobs"):
        raise RequestError("Expected no logprobs: a quote has none.", "logprobs")
    if body.get("modalities") not in (None, ["text"]):
        raise RequestError("Expected modalities to be text.", "modalities")


def _format(name: object) -> Format:
    names: tuple[Format, ...] = get_args(Format)
    if name is None:
        return "markdown"
    for known in names:
        if name == known:
            return known
    raise RequestError(f"Expected a format of {' or '.join(names)}.", "verbatim.format")


def _flag(values: Mapping[str, Any], name: str, default: bool = False) -> bool:
    value = values.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise RequestError(f"Expected {name} to be true or false, found {value!r:.40}.", name)
    return value


def _mapping(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RequestError(f"Expected {name} to be an object, found {value!r:.40}.", name)
    return value
