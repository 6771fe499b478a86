"""Logs on stderr, as text or as JSON, which never hold what people ask or what documents say.

Text reaches a log only as a constant of this program: the message of a record of ours, without the
values in it other than numbers and what is marked `Plain`, and the values of `fields`, which their
caller answers for. Of other packages' records, and of exceptions, it is told where they come from
and of which kind they are; their messages may quote anything, and are left out.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

Format = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]

REQUEST: ContextVar[str | None] = ContextVar("verbatim_request", default=None)
"""The id of the request that is being answered."""
OURS = ("assistant", "eval", "index", "prompts")
_MOST_FRAMES = 20
_MOST_ERRORS = 8
"""Of a chain of exceptions."""
_BARE = re.compile(r"[\w.:+/()<>%-]+", re.ASCII)
"""Values that are written without quotation marks in text."""


class Plain(str):
    """Text that may be logged: a name of the program's own, or one that its operator gave."""

    __slots__ = ()


def configure(form: Format | None = None, level: Level | None = None) -> None:
    """Have records written to stderr; once more, in another form or from another level on.

    Args:
        form: one line of JSON each, or text, which is the default.
        level: the least that is written; `info` where JSON is wanted, else `warning`.
    """
    wanted = (level or ("info" if form == "json" else "warning")).upper()
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _ToStderr)]:
        root.removeHandler(handler)
    root.addHandler(_ToStderr(JsonLines() if form == "json" else TextLines()))
    for name in OURS:
        logging.getLogger(name).setLevel(wanted)
    from assistant import console

    if form == "json" or console.told is not None:
        from index import progress

        console.told = progress.told = _said if form == "json" else None


def request_note() -> str:
    """What an error says so that it can be found in the log; empty outside of a request."""
    number = REQUEST.get()
    return f" (Request {number}.)" if number else ""


def _said(text: str) -> None:
    """A line for who runs the command, where every line is JSON."""
    fields = {"text": text}
    logging.getLogger("assistant.cli").warning("said", extra={"fields": fields})


class _ToStderr(logging.Handler):
    """Writes to stderr as it is by then, past what catches others' prints."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        from assistant.strays import real

        try:
            stream = real(sys.stderr)
            stream.write(f"{self.format(record)}\n")
            stream.flush()
        except (OSError, ValueError, UnicodeError):
            return  # nobody reads it, and there is nowhere to say so


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return json.dumps(values_of(record), default=lambda value: type(value).__name__)


class TextLines(logging.Formatter):
    """A record as one line of text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        values = values_of(record)
        begun = f"{values.pop('time')} {values.pop('level').upper()} {values.pop('logger')}:"
        message = values.pop("message", None)
        named = [f"{name}={_shown(value)}" for name, value in values.items()]
        return " ".join([begun, *([message] if message else []), *named])


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if _BARE.fullmatch(text) else json.dumps(value, default=str)


def values_of(record: logging.LogRecord) -> dict[str, Any]:
    """What may be said of a record."""
    values: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
    }
    is_ours = record.name.partition(".")[0] in OURS
    if is_ours:
        values["message"] = _message(record)
    else:
        values["at"] = f"{place_of(record.pathname)}:{record.lineno}"
    fields = getattr(record, "fields", None)
    if is_ours and isinstance(fields, Mapping):
        values |= fields
    number = REQUEST.get()
    if number is not None and "request" not in values:
        values["request"] = number
    if record.exc_info and record.exc_info[1] is not None:
        values["errors"] = [_error(each) for each in _chain(record.exc_info[1])]
    return values


def _message(record: logging.LogRecord) -> str:
    """The message, with the kind of what may not be shown in its place."""
    arguments = record.args
    if not arguments:
        return str(record.msg)
    try:
        if isinstance(arguments, Mapping):
            return str(record.msg) % {name: _kept(value) for name, value in arguments.items()}
        return str(record.msg) % tuple(map(_kept, arguments))
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _kept(value: object) -> object:
    if value is None or isinstance(value, int | float | Plain):
        return value
    return f"<{type(value).__name__}>"


def _chain(error: BaseException) -> list[BaseException]:
    """An exception, what caused it, and what causes that."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < _MOST_ERRORS:
        each = waiting.pop(0)
        if each in found:
            continue
        found.append(each)
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if cause is not None:
            waiting.append(cause)
    return found


def _error(error: BaseException) -> dict[str, Any]:
    """The kind of an exception, and where it was raised; never its message."""
    kind = type(error)
    told: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
    if isinstance(error, OSError) and isinstance(error.errno, int):
        told["reason"] = os.strerror(error.errno)
    told["at"] = list(_frames(error))
    return told


def _frames(error: BaseException) -> Iterator[str]:
    """Innermost first."""
    frames = list(traceback.walk_tb(error.__traceback__))[-_MOST_FRAMES:]
    for frame, line in reversed(frames):
        yield f"{place_of(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"


def place_of(path: str) -> str:
    """A source file without the folders that only this machine has."""
    parts = path.replace("\\", "/").split("/")
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    roots = [number for number, part in enumerate(parts) if part in OURS]
    return "/".join(parts[roots[-1] :] if roots else parts[-1:])
