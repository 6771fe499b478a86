"""Whether a chat model works, and how well: `assistant doctor --model NAME`."""

import json
import os
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.doctor import Finding
from assistant.model_types import Message, ModelOptions, Usage
from index.errors import VerbatimError
from prompts import Library, TemplateError

if TYPE_CHECKING:
    from assistant.models import ChatModel

TIMEOUT = 20.0
"""Seconds without anything from the model after which it is taken not to answer."""
_REPLY_TOKENS = 128
_SHOWN = 120
_NO_KEY = ("ollama",)
"""Providers whose servers want no key."""
_QUESTION = "When was the ferry of Norvik built?"
_EVIDENCE = """From “The ferry of Norvik”, author not stated, undated:
[1.1] The ferry of Norvik was built in 1954.
[1.2] It carries 40 cars."""
"""Invented, so that no model knows the answer by itself."""
_ANSWER, _ANSWER_ID = "1954", "1.1"


@dataclass(frozen=True, slots=True)
class _Heard:
    """A reply, and how it came."""

    text: str
    pieces: int
    first: float
    """Seconds until the first text."""
    seconds: float
    usage: Usage | None


def diagnose_model(
    name: str, options: ModelOptions, prompts: Path | None = None
) -> Iterator[Finding]:
    """Check a chat model's package, key, server, pace, usage, context and replies.

    It is asked a small invented question once, and once more for a structured reply; nothing else
    is fetched. A model that cannot be used ends the checks.

    Args:
        name: as LangChain's `init_chat_model` takes it.
        options: how it is to be used; a cache is passed over.
        prompts: folder of prompts of one's own.
    """
    from assistant.models import ChatModel

    options = replace(options, cache=None, retries=0, max_output_tokens=_REPLY_TOKENS)
    yield from _installed(name, options)
    try:
        model = ChatModel.open(name, options)
        yield _context(model, options)
        heard = _hear(model, _messages(prompts))
    except (VerbatimError, TemplateError) as error:
        yield Finding("model", False, str(error))
        return
    if not heard.text.strip():
        yield Finding("model", False, f"{model.name} replied without text. Try another model.")
        return
    yield Finding("model", True, f"{model.name} replies{_at(options)}")
    yield from _pace(heard)
    yield _follows(heard.text)
    yield _structured(name, options, prompts)


def _installed(name: str, options: ModelOptions) -> Iterator[Finding]:
    """The provider's package and key; which of them are missing, the model's own error tells."""
    from assistant.model_providers import provider_of, server_of

    try:
        provider = provider_of(name)
        server = server_of(provider, options)
    except VerbatimError:
        return
    package = f"langchain-{provider.replace('_', '-')}"
    with suppress(PackageNotFoundError):
        yield Finding("model package", True, f"{package} {version(package)}")
    variable = f"{provider.upper()}_API_KEY"
    if os.environ.get(variable):
        yield Finding("model key", True, f"{variable} is set")
    elif provider in _NO_KEY or server:
        yield Finding("model key", True, f"none ({variable} is not set), for a server without keys")


def _context(model: "ChatModel", options: ModelOptions) -> Finding:
    from assistant.model_providers import DEFAULT_CONTEXT

    if options.context_tokens:
        source = "as --context-tokens says"
    elif model.context_tokens == DEFAULT_CONTEXT:
        source = "assumed; where it takes another number, give that with --context-tokens"
    else:
        source = "as LangChain knows of it"
    return Finding("model context", True, f"{model.context_tokens:,} tokens, {source}")


def _messages(prompts: Path | None, *, is_json: bool = False) -> Sequence[Message]:
    from assistant.prompting import Shown, answer_messages
    from assistant.spotlight import mark_for

    shown = Shown({}, mark_for([_EVIDENCE]), _EVIDENCE)
    return answer_messages(Library(prompts), shown, _QUESTION, is_json=is_json)


def _hear(
    model: "ChatModel", messages: Sequence[Message], schema: Mapping[str, Any] | None = None
) -> _Heard:
    started = time.perf_counter()
    texts: list[str] = []
    usage: Usage | None = None
    first = 0.0
    for chunk in model.stream(messages, schema):
        if chunk.text and not texts:
            first = time.perf_counter() - started
        texts += [chunk.text] if chunk.text else []
        if chunk.usage is not None:
            usage = chunk.usage if usage is None else usage + chunk.usage
    return _Heard("".join(texts), len(texts), first, time.perf_counter() - started, usage)


def _pace(heard: _Heard) -> Iterator[Finding]:
    from assistant.terminal import usage_line

    told = heard.usage.output_tokens if heard.usage else 0
    count, unit = (told, "tokens") if told else (heard.pieces, "pieces")
    rate = count / max(heard.seconds - heard.first, 1e-3)
    after = f", then {rate:,.0f} {unit} a second" if heard.pieces > 1 else ""
    yield Finding("model pace", True, f"first text after {heard.first:.2f} s{after}")
    if heard.pieces > 1:
        yield Finding("model streaming", True, f"the reply came in {heard.pieces} pieces")
    else:
        remedy = (
            "answers appear at once, when they are complete; check what stands before the server"
        )
        yield Finding("model streaming", False, f"the reply came in one piece: {remedy}")
    if heard.usage is None:
        yield Finding("model usage", True, "not told: answers cannot say what they took")
    else:
        usage = {name: getattr(heard.usage, name) for name in ("input_tokens", "output_tokens")}
        yield Finding("model usage", True, usage_line({**usage, "cost": heard.usage.cost}))


def _follows(text: str) -> Finding:
    """Whether the reply states what the evidence does, and points at it."""
    if _answers(text):
        return Finding("model protocol", True, "it answers from the evidence, and points at it")
    return Finding(
        "model protocol",
        False,
        f"expected a sentence with {_ANSWER} that ends in [{_ANSWER_ID}], found {_brief(text)!r}. "
        "Where it does not point at the evidence, answers are made by quoting; try a larger model",
    )


def _structured(name: str, options: ModelOptions, prompts: Path | None) -> Finding:
    """Whether the model can be held to a schema, also where it is not known to."""
    from assistant.models import ChatModel
    from assistant.replies import SCHEMA

    label = "model structured"
    if options.structured == "off":
        return Finding(label, True, "not wanted (--structured off)")
    is_wanted = options.structured == "on"
    try:
        is_used = ChatModel.open(name, options).takes_schema
        model = ChatModel.open(name, replace(options, structured="on"))
        text = _hear(model, _messages(prompts, is_json=True), SCHEMA).text
    except (VerbatimError, TemplateError) as error:
        return Finding(label, not is_wanted, f"fails: {error} Leave it out with --structured off")
    if not model.takes_schema:
        return Finding(label, not is_wanted, "the server takes no schema; replies are plain lines")
    if not _fits_schema(text):
        found = f"expected JSON with statements, found {_brief(text)!r}"
        return Finding(label, not is_used, f"{found}; use --structured off")
    hint = "" if is_used else "; --structured on makes use of it"
    return Finding(label, True, f"works{hint}")


def _answers(text: str) -> bool:
    from assistant.replies import Draft, ReplyReader

    reader = ReplyReader()
    pieces = [*reader.feed(text), *reader.close()]
    drafts = [piece for piece in pieces if isinstance(piece, Draft)]
    return any(_ANSWER in draft.text and _ANSWER_ID in draft.ids for draft in drafts)


def _fits_schema(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, dict) and isinstance(value.get("statements"), list)


def _brief(text: str) -> str:
    return textwrap.shorten(text, _SHOWN, placeholder=" …")


def _at(options: ModelOptions) -> str:
    return f" at {options.base_url}" if options.base_url else ""
