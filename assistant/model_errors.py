"""Errors of chat model libraries, in the words of `assistant/errors.py`.

Libraries are told by the names of their exceptions' classes and by HTTP status, so that none needs
to be installed, and one that LangChain adds tomorrow is understood as well.
"""

import email.utils
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import (
    ContextLengthError,
    ModelAccessError,
    ModelRateLimitError,
    ModelReplyError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from assistant.redaction import holds_secret, redact
from index.errors import ModelError, VerbatimError

LONGEST_WAIT = 30.0
"""Seconds a server may ask to wait before a call is given up instead of tried again."""

_MOST_SHOWN = 300

_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|size|window)|maximum context|prompt is too long"
    r"|exceeds? the (?:maximum number of|configured limit)|reduce the length|too many tokens"
    r"|context the overflows|requested tokens .* exceed",
    re.IGNORECASE,
)
_SPENT = re.compile(
    r"insufficient_quota|exceeded your current quota|billing|spend[ _]?limit", re.IGNORECASE
)
_SCHEMA = re.compile(r"response_format|json_schema|schema|grammar|output_config", re.IGNORECASE)
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:API_)?(?:KEY|TOKEN)\b")
_NO_KEY = re.compile(r"api[_ -]?key|credential|could not resolve authentication", re.IGNORECASE)


@dataclass(frozen=True)
class Failure:
    """What went wrong with a call."""

    error: VerbatimError
    reason: str = ""
    """What was found, in the middle of a sentence."""
    transient: bool = False
    """Whether the same call may succeed a little later."""
    retry_after: float | None = None
    """Seconds the server asks to wait."""
    refuses_schema: bool = False
    """Whether the call may succeed without a schema for its reply."""


@dataclass(frozen=True)
class _Kind:
    error: type[ModelError]
    found: str
    remedy: str
    transient: bool = False


_LENGTH = _Kind(
    ContextLengthError,
    "the prompt is longer than it can read",
    "Start the model with a larger context, or give its real size with --context-tokens.",
)
_TIMEOUT = _Kind(
    ModelTimeoutError,
    "nothing came in time",
    "Allow more seconds with --model-timeout, or use a smaller model.",
    transient=True,
)
_RATE = _Kind(
    ModelRateLimitError,
    "it takes no more calls for now",
    "Try again later, or make fewer calls with --requests-per-second.",
    transient=True,
)
_QUOTA = _Kind(
    ModelRateLimitError,
    "the account's quota is used up",
    "Check the plan and the billing with the provider.",
)
_ACCESS = _Kind(
    ModelAccessError,
    "access was refused",
    "Check the key in the environment, and that it may use this model.",
)
_MISSING = _Kind(
    ModelUnavailableError,
    "it was not found",
    "Check the model's name (Ollama has to pull a model first), and the base URL, which for most "
    "servers ends in /v1.",
)
_REFUSED = _Kind(
    ModelUnavailableError,
    "the request was refused",
    "Check the model's name and options.",
)
_ADDRESS = _Kind(
    ModelUnavailableError,
    "its address cannot be used",
    "Give a base URL like http://127.0.0.1:8080/v1.",
)
_DOWN = _Kind(
    ModelUnavailableError,
    "its server could not be reached",
    "Check that it runs, and its address.",
    transient=True,
)
_FAILED = _Kind(ModelUnavailableError, "its server failed", "Try again.", transient=True)
_GARBAGE = _Kind(
    ModelReplyError,
    "what came is no reply of a chat model",
    "Check that the base URL is that of a chat model server.",
)
_FILTERED = _Kind(
    ModelReplyError, "the provider withheld the reply", "Ask in other words, or use another model."
)
_LIMIT = _Kind(ModelReplyError, "the reply did not end in its tokens", "Allow more output tokens.")
_OTHER = _Kind(ModelError, "it failed", "Try another model, or none.")

_BY_STATUS = {
    400: _REFUSED,
    401: _ACCESS,
    402: _QUOTA,
    403: _ACCESS,
    404: _MISSING,
    408: _TIMEOUT,
    409: _FAILED,
    501: _REFUSED,
    413: _LENGTH,
    422: _REFUSED,
    429: _RATE,
    504: _TIMEOUT,
}
_BY_NAME = (
    (re.compile(r"Unfinished"), _FAILED),
    (re.compile(r"Timeout|DeadlineExceeded"), _TIMEOUT),
    (re.compile(r"RateLimit|Throttl|ResourceExhausted|TooManyRequests|Quota"), _RATE),
    (re.compile(r"Authentic|PermissionDenied|Unauthorized|Forbidden|Credential"), _ACCESS),
    (re.compile(r"WorkloadIdentity|SubjectToken|IdentityFederation|OAuth"), _ACCESS),
    # Of a header: only the key in it is not ours.
    (re.compile(r"UnicodeEncode"), _ACCESS),
    (re.compile(r"InvalidURL|UnsupportedProtocol|TooManyRedirects|CookieConflict"), _ADDRESS),
    (re.compile(r"NotFound"), _MISSING),
    (re.compile(r"InternalServer|Overloaded|ServiceUnavailable"), _FAILED),
    (re.compile(r"ContentFilter|Refusal"), _FILTERED),
    (re.compile(r"LengthFinishReason"), _LIMIT),
    (re.compile(r"Validation|Decod|Stream|NotRead|Webhook"), _GARBAGE),
    (
        re.compile(r"Connect|Network|ReadError|WriteError|CloseError|Protocol|Proxy|Transport"),
        _DOWN,
    ),
    (re.compile(r"BadRequest|Unprocessable|Conflict|InvalidRequest|^RequestError"), _REFUSED),
    (re.compile(r"^(?:OSError|HTTPError)$"), _DOWN),
    (re.compile(r"^(?:ModelAPIError|APIError|APIStatusError|ResponseError)$"), _FAILED),
    (re.compile(r"^(?:ImportError|OpenAIError|AnthropicError)$"), _REFUSED),
    (re.compile(r"^(?:ValueError|TypeError|LookupError|AttributeError)$"), _GARBAGE),
)


def translate(error: BaseException, name: str) -> VerbatimError:
    """The error to show for one that came out of a chat model's library.

    Args:
        error: as it was raised.
        name: the model's, as the user gave it.
    """
    return diagnose(error, name).error


def diagnose(error: BaseException, name: str) -> Failure:
    """What went wrong, and whether it helps to call again.

    Args:
        error: as a chat model's library raised it.
        name: the model's, as the user gave it.
    """
    if isinstance(error, VerbatimError):
        return Failure(error, str(error))
    said, status = _said(error), _status(error)
    kind, wait = _kind(error, said, status), _retry_after(error)
    remedy = kind.remedy
    refuses = kind is _REFUSED or (status is not None and bool(_SCHEMA.search(said)))
    transient = kind.transient and not refuses and (wait is None or wait <= LONGEST_WAIT)
    if wait is not None and wait > LONGEST_WAIT:
        remedy = f"It asks to wait {wait:.0f} seconds. {remedy}"
    if kind is _DOWN and (address := _address(error)):
        remedy = f"Check that it runs at {address}."
    if kind is _ACCESS and (variable := _VARIABLE.search(said)):
        remedy = f"Set {variable[0]} in the environment."
    found = redact(f"{kind.found} ({_shown(error, said, status)})")
    message = redact(f"Expected a reply of the model {name}, but {found}. {remedy}")
    return Failure(kind.error(message), found, transient, wait, refuses)


def shown_cause(error: BaseException) -> BaseException | None:
    """The error to name as the cause of the translated one: None where it would show a key."""
    shows_key = any(holds_secret(_text(each)) for each in _chain(error))
    return None if shows_key or isinstance(error, VerbatimError) else error


def _kind(error: BaseException, said: str, status: int | None) -> _Kind:
    names = [cls.__name__ for cls in type(error).__mro__]
    if any(re.search(r"ContextOverflow|ContextWindow", name) for name in names):
        return _LENGTH
    if status == 429 or (status is None and _SPENT.search(said)):
        return _QUOTA if _SPENT.search(said) else _RATE
    if (status is None or status in (400, 413, 422) or status >= 500) and _TOO_LONG.search(said):
        return _LENGTH
    if status is not None and status >= 400:
        return _BY_STATUS.get(status, _FAILED if status >= 500 else _REFUSED)
    # A missing key, or one with a line break in it, comes without a class of its own.
    illegal = any("Illegal header value" in _text(each) for each in _chain(error))
    if illegal or (not names[0].startswith("API") and _NO_KEY.search(said)):
        return _ACCESS
    for pattern, kind in _BY_NAME:
        if any(pattern.search(name) for name in names):
            return kind
    return _OTHER


def _status(error: BaseException) -> int | None:
    """The HTTP status an error tells, by itself, in its response, or in an event's body."""
    response, body = getattr(error, "response", None), _body(error)
    for value in (
        getattr(error, "status_code", None),
        getattr(response, "status_code", None),
        getattr(error, "status", None),
        getattr(error, "code", None),
        body.get("code"),
    ):
        if isinstance(value, int) and 300 <= value < 600:
            return int(value)
    return None


def _said(error: BaseException) -> str:
    """What the server or the library says, without the dress of the class."""
    body = _body(error)
    parts = [str(body[key]) for key in ("message", "code", "type") if body.get(key)]
    return " ".join(dict.fromkeys(parts)) if body.get("message") else _text(error)


def _body(error: BaseException) -> Mapping[str, Any]:
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # classes of vendors whose text needs what only a server sets
        return ""


def _shown(error: BaseException, said: str, status: int | None) -> str:
    words = " ".join(redact(said).split()).rstrip(".")
    short = words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN]}..."
    parts = (f"HTTP {status}" if status else type(error).__name__, short)
    return ": ".join(part for part in parts if part)


def _address(error: BaseException) -> str | None:
    """Scheme, host and port of the server that was called."""
    for each in _chain(error):
        try:
            url = getattr(each, "request", None).url  # type: ignore[union-attr]
            return f"{url.scheme}://{url.netloc.decode()}".replace(f"{url.userinfo.decode()}@", "")
        except (AttributeError, RuntimeError):  # httpx raises when a request was never made
            continue
    return None


def _retry_after(error: BaseException) -> float | None:
    """Seconds from the header Retry-After, which is a number or a date (RFC 9110, 10.2.3)."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    if not isinstance(headers, Mapping):
        return None
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = str(headers.get(name) or "").strip()
        if re.fullmatch(r"\d+(?:\.\d+)?", value):
            return float(value) * unit
        if value:
            try:
                return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
            except ValueError:
                continue
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
