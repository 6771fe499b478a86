"""Makes LangChain's chat models from names and options, and says what is known of one."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableBinding, RunnableSequence

from assistant.errors import ModelUnavailableError
from assistant.model_errors import diagnose, shown_cause
from assistant.model_providers import (
    DEFAULT_CONTEXT,
    EXAMPLES,
    EXTRAS,
    parameters,
    provider_of,
    refined,
    server_of,
    to_install,
)
from assistant.model_types import ModelOptions
from assistant.redaction import redact


@dataclass(frozen=True)
class Made:
    """A chat model, and what is known of it."""

    model: BaseChatModel = field(repr=False)
    name: str
    """Without anything secret."""
    context_tokens: int
    max_output_tokens: int
    takes_schema: bool
    tells_end: bool
    """Whether its library passes on why a reply ended."""
    identity: Mapping[str, Any]
    """What a reply depends on besides the prompt: the model and its parameters, no secrets."""


_TELL_END = ("openai-chat", "azure-openai-chat", "anthropic-chat", "chat-ollama")
"""Kinds of models whose library passes on why a reply ended."""


def made_ready(model: object, options: ModelOptions) -> Made:
    """The chat model of a name, or the given one, with what is known of it.

    Raises:
        ModelUnavailableError: no such model, or its packages are not installed.
        ModelAccessError: it needs a key, and the environment has none.
    """
    if isinstance(model, BaseChatModel):
        return _known(_name_of(model), model, options, None)
    if not isinstance(model, str):
        raise ModelUnavailableError(
            f"Expected the name of a chat model, such as {EXAMPLES}, or a BaseChatModel of "
            f"LangChain, found {type(model).__name__}. Correct the model."
        )
    made, server = _made(model, options)
    return _known(model, made, options, server)


def _made(name: str, options: ModelOptions) -> tuple[BaseChatModel, str | None]:
    """The model of a name, and the address of its server when that is not the provider's own."""
    provider = provider_of(name)
    try:
        from langchain.chat_models import init_chat_model
    except ImportError as error:
        raise to_install(provider, None) from error
    server = server_of(provider, options)
    given = parameters(provider, server, options)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names whose guessed provider will change
            if provider not in EXTRAS:
                given = _accepted(init_chat_model(name), given)
            if provider == "openai" and server:
                return _compatible(name, given), server
            made = init_chat_model(name, **given)
            fitting = given if server else refined(made.profile or {}, given)
            return (made if fitting == given else init_chat_model(name, **fitting)), server
    except ImportError as error:
        package = re.search(r"requires the (\S+) package", str(error))
        raise to_install(provider, package[1] if package else None) from error
    except Exception as error:
        _refuse(name, error)


def _compatible(name: str, given: Mapping[str, Any]) -> BaseChatModel:
    from assistant.openai_compatible import CompatibleChatOpenAI

    return CompatibleChatOpenAI(model=name.partition(":")[2] or name, **given)


def _refuse(name: str, error: Exception) -> NoReturn:
    if "infer" in str(error) or "Unsupported provider" in str(error):
        raise ModelUnavailableError(
            f"Expected the name of a chat model with its provider, such as {EXAMPLES}, found "
            f"{redact(name)!r}. Correct the model."
        ) from shown_cause(error)
    raise diagnose(error, redact(name)).error from shown_cause(error)


def _accepted(model: BaseChatModel, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the parameters that a model of another provider has."""
    fields = type(model).model_fields
    known = {*fields, *(each.alias for each in fields.values())}
    if "base_url" in given and "base_url" not in known:
        raise ModelUnavailableError(
            "Expected a model whose server can be named with a base URL, found "
            f"{type(model).__name__}. Leave the base URL out, or make the model in a script."
        )
    return {key: value for key, value in given.items() if key in known}


def _known(name: str, model: BaseChatModel, options: ModelOptions, server: str | None) -> Made:
    """What the options, the model's profile and its parameters say of it."""
    # A profile is that of the provider's model; another server may give its name to any model.
    profile: Mapping[str, Any] = ({} if server else model.profile) or {}
    context = options.context_tokens or profile.get("max_input_tokens")
    tokens = _whole(context) or _whole(getattr(model, "num_ctx", None)) or DEFAULT_CONTEXT
    limits = (_whole(getattr(model, each, None)) for each in ("max_tokens", "num_predict"))
    output = next((limit for limit in limits if limit), options.max_output_tokens)
    known = profile.get("structured_output") is True or model._llm_type == "chat-ollama"
    wanted = options.structured == "on" or (options.structured == "auto" and known)
    return Made(
        model=model,
        name=redact(name),
        context_tokens=tokens,
        max_output_tokens=min(output, tokens // 2),
        takes_schema=wanted and with_schema(model, {"type": "object"}) is not model,
        tells_end=model._llm_type in _TELL_END,
        identity=_identity(redact(name), model, server),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _name_of(model: BaseChatModel) -> str:
    fields = (getattr(model, each, None) for each in ("model", "model_name", "model_id"))
    known = next((value for value in fields if isinstance(value, str) and value), None)
    return f"{model._llm_type}:{known}" if known else model._llm_type


_PRIVATE = re.compile(
    r"key|token$|secret|auth|header|client|callback|cache|limiter|metadata|profile|tags|verbose"
    r"|timeout|retries|socket"
)


def _identity(name: str, model: BaseChatModel, server: str | None) -> dict[str, Any]:
    fields = {
        each: getattr(model, each, None)
        for each in type(model).model_fields
        if not _PRIVATE.search(each)
    }
    return {**fields, "name": name, "class": type(model).__name__, "server": server}


def with_schema(model: BaseChatModel, schema: Mapping[str, Any]) -> Runnable[Any, Any]:
    """The model bound to a schema, so that JSON streams as text; itself where it takes none."""
    if _is_openai(model):
        # Given as `response_format`, the client parses the reply, and fails on one cut short.
        wanted = {"name": "reply", "schema": dict(schema), "strict": True}
        body = {"response_format": {"type": "json_schema", "json_schema": wanted}}
        return model.bind(extra_body={**(getattr(model, "extra_body", None) or {}), **body})
    titled = {"title": "reply", "description": "The reply.", **schema}
    try:
        structured = model.with_structured_output(titled, method="json_schema")
    except (NotImplementedError, ValueError, TypeError):
        return model
    bound = structured.first if isinstance(structured, RunnableSequence) else None
    # A tool's arguments would come as a call, not as text.
    if not isinstance(bound, RunnableBinding) or "tools" in bound.kwargs:
        return model
    return bound


def _is_openai(model: BaseChatModel) -> bool:
    return "openai-chat" in model._llm_type and not getattr(model, "use_responses_api", None)
