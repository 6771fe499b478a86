"""What each provider of chat models calls the options, which key it needs, and what to install."""

import os
import re
from collections.abc import Mapping
from typing import Any

from assistant.errors import ModelAccessError, ModelUnavailableError
from assistant.model_types import ModelOptions
from assistant.redaction import holds_secret, redact

DISTRIBUTION = "verbatim-assistant"
EXTRAS = ("openai", "ollama", "anthropic")
"""Providers with an extra of this package."""

EXAMPLES = "openai:gpt-4o-mini, ollama:qwen3:4b or anthropic:claude-haiku-4-5"

DEFAULT_CONTEXT = 4096
"""Tokens of prompt and reply that any chat model of today takes."""

THINKING = 4096
"""Tokens allowed on top for a model that thinks before it replies."""

_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_ADDRESSES = {
    "openai": ("OPENAI_API_BASE", "OPENAI_BASE_URL"),
    "anthropic": ("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"),
}
_NO_KEY = "none"
"""Sent to a server that was given by its address when there is no key: local ones need none."""


def provider_of(name: str) -> str:
    """The provider's part of a name, or a guess at it.

    Raises:
        ModelUnavailableError: the name is not one of a model.
    """
    provider, colon, model = name.partition(":")
    if not name.strip() or name != name.strip() or (colon and not (provider and model.strip())):
        raise ModelUnavailableError(
            f"Expected the name of a chat model, such as {EXAMPLES}, found {redact(name)!r}. "
            "Correct the model."
        )
    if colon:
        return provider.replace("-", "_").lower()
    guesses = (("openai", r"gpt-|o1|o3|chatgpt"), ("anthropic", r"claude"))
    return next((each for each, names in guesses if re.match(names, name.lower())), "")


def server_of(provider: str, options: ModelOptions) -> str | None:
    """The address of the server when it is not the provider's own.

    Raises:
        ModelUnavailableError: the address is none of HTTP.
        ModelAccessError: the address holds a password.
    """
    named = (os.environ.get(variable) for variable in _ADDRESSES.get(provider, ()))
    address = options.base_url or next((each for each in named if each), None)
    if address is None:
        return None
    if not re.match(r"https?://[^/\s]", address):
        raise ModelUnavailableError(
            f"Expected a base URL like http://127.0.0.1:8080/v1, found {redact(address)!r}. "
            "Correct it."
        )
    if holds_secret(address):
        raise ModelAccessError(
            f"Expected a base URL without a password or a key, found {redact(address)}. "
            f"Put the key into {_KEYS.get(provider, 'the variable of the provider')} instead."
        )
    return address


def parameters(provider: str, server: str | None, options: ModelOptions) -> dict[str, Any]:
    """The options in the provider's words.

    Calls are tried again by us, who know whether text has come, so never by the library.

    Args:
        provider: as `provider_of` says.
        server: its address, as `server_of` says.
        options: to be passed on.

    Raises:
        ModelAccessError: the provider needs a key, and the environment has none.
    """
    if provider == "ollama":
        return _for_ollama(server, options)
    given: dict[str, Any] = {
        "temperature": options.temperature,
        "max_tokens": options.max_output_tokens,
        "timeout": options.timeout,
        "max_retries": 0,
    }
    if server:
        given["base_url"] = server
    given.update(_key(provider, server))
    if provider == "openai":
        # What HTTP waits for is bounded by `timeout` already.
        given.update(stream_usage=True, stream_chunk_timeout=None)
        if server:
            # The new name, max_completion_tokens, is unknown to several compatible servers.
            given["extra_body"] = {"max_tokens": given.pop("max_tokens")}
    return given


def _for_ollama(server: str | None, options: ModelOptions) -> dict[str, Any]:
    given: dict[str, Any] = {
        "temperature": options.temperature,
        "num_predict": options.max_output_tokens,
        # Ollama cuts longer prompts in silence: the size is set, so that it is known.
        "num_ctx": options.context_tokens or DEFAULT_CONTEXT,
        # Thinking would use up the output tokens, and is not shown.
        "reasoning": False,
        "client_kwargs": {"timeout": options.timeout},
    }
    return {**given, "base_url": server} if server else given


def _key(provider: str, server: str | None) -> dict[str, str]:
    variable = _KEYS.get(provider)
    gateway = os.environ.get("LANGSMITH_GATEWAY", "").lower() in ("true", "1", "yes")
    if variable is None or os.environ.get(variable) or (gateway and not server):
        return {}
    if server:
        return {"api_key": _NO_KEY}
    raise ModelAccessError(
        f"Expected a key for {provider} in the environment variable {variable}, found none. "
        f"Set {variable}; or, for a server that needs no key, give its base URL."
    )


def to_install(provider: str, package: str | None) -> ModelUnavailableError:
    """The error that says what to install for a provider.

    Args:
        provider: as `provider_of` says.
        package: the integration package, when LangChain named it.
    """
    if provider in EXTRAS:
        remedy = f'Run: pip install "{DISTRIBUTION}[{provider}]"'
    elif package:
        remedy = f"Run: pip install {package}"
    else:
        remedy = (
            f'Run: pip install "{DISTRIBUTION}[{EXTRAS[0]}]", or {" or ".join(EXTRAS[1:])} instead '
            f"of {EXTRAS[0]}; for other providers, install langchain and their package for it."
        )
    return ModelUnavailableError(
        f"Expected the packages for {provider or 'chat'} models, and they are not installed. "
        f"{remedy}"
    )


def refined(profile: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as the model itself wants them, of which its profile tells."""
    fitting = dict(given)
    if profile.get("temperature") is False:
        fitting.pop("temperature", None)
    if profile.get("reasoning_output") and "max_tokens" in fitting:
        fitting["max_tokens"] += THINKING
    return fitting
