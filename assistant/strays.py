"""What other packages print while a server runs: told of in the log, without what it says.

Gradio prints the traceback of whatever fails in an event, and warnings may quote what they are
about; a log that a machine reads has no place for either.
"""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_log = logging.getLogger(__name__)


class Strays:
    """A stream that keeps nothing. An exception that is being printed is logged, once."""

    def __init__(self, stream: TextIO) -> None:
        """Take the place of a stream.

        Args:
            stream: what is written meanwhile to by those who may.
        """
        self.stream = stream
        self._logged: BaseException | None = None

    @property
    def encoding(self) -> str:
        """That of the stream."""
        return self.stream.encoding

    def write(self, text: str) -> int:
        """Note that something was written."""
        error = sys.exception()
        if error is not None:
            if error is not self._logged:
                self._logged = error
                _log.error("an exception was printed by another package", exc_info=error)
        elif text.strip():
            _log.debug("%d characters were printed by another package", len(text))
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        """Nobody reads it."""
        return False

    def fileno(self) -> int:
        """That of the stream: what does not go through Python is written all the same."""
        return self.stream.fileno()


def real(stream: TextIO) -> TextIO:
    """The stream itself, where `Strays` have its place."""
    return stream.stream if isinstance(stream, Strays) else stream


@contextmanager
def caught() -> Iterator[None]:
    """Keep stdout and stderr clean of what others print; what `assistant` writes still goes there.

    Warnings, and exceptions that end a thread or come while something is collected, are logged.
    """
    before = sys.stdout, sys.stderr
    hooks = threading.excepthook, sys.unraisablehook
    with warnings.catch_warnings():
        warnings.showwarning = _on_warning
        sys.stdout = cast("TextIO", Strays(real(before[0])))
        sys.stderr = cast("TextIO", Strays(real(before[1])))
        threading.excepthook, sys.unraisablehook = _on_thread, _on_unraisable
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            threading.excepthook, sys.unraisablehook = hooks


def _on_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    from assistant.logs import place_of

    fields = {"type": category.__name__, "at": f"{place_of(filename)}:{lineno}"}
    _log.warning("a warning", extra={"fields": fields})


def _on_thread(hook: threading.ExceptHookArgs) -> None:
    if hook.exc_value is not None and not isinstance(hook.exc_value, SystemExit):
        _log.error("a thread ended by an exception", exc_info=hook.exc_value)


def _on_unraisable(hook: Any) -> None:  # noqa: ANN401 -- its type has no name at runtime
    if hook.exc_value is not None:
        _log.error("an exception could not be raised", exc_info=hook.exc_value)
