"""Everything that can go wrong, as one small tree.

VerbatimError
├── InputError                  the caller passed something unusable (exit code 2)
│   └── FilterError             a filter that cannot be understood
│       └── DocumentGoneError   a document that was found a moment ago was removed
├── SourceError                 one file could not be turned into a document
│   ├── UnsupportedFormatError  no loader for this kind of file
│   ├── UnreadableFileError     missing, not permitted, binary or empty
│   │   └── NoTextFieldError    a JSON object without a text: settings, perhaps
│   └── FetchError              a web page that is refused, or could not be fetched
├── IndexStoreError             the index on disk cannot be used
│   ├── IndexMissingError       nothing there, or not an index
│   ├── IndexBusyError          another process is writing to it
│   ├── IndexDamagedError       a store is broken and could not be rebuilt
│   ├── IndexUnreachableError   the server that keeps a part of it does not answer
│   └── IndexFormatError        made by a release this one cannot read
└── ModelError                  a model could not be loaded or used
    ├── ModelMissingError       it is not on this machine, and could not be fetched
    └── EmbeddingMismatchError  the index was made with another embedding model

Each message says what was expected, what was found and what to do. Exceptions of SQLAlchemy,
Chroma and Tantivy never leave this package: `translated` maps them where a store is called.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class VerbatimError(Exception):
    """Base of all errors raised on purpose; its message is meant for the user."""

    exit_code = 1


class InputError(VerbatimError):
    """The caller passed something unusable."""

    exit_code = 2


class FilterError(InputError):
    """A filter that cannot be understood."""


class DocumentGoneError(FilterError):
    """A document that was found a moment ago was removed, or its file was indexed anew."""


class SourceError(VerbatimError):
    """One file could not be turned into a document."""


class UnsupportedFormatError(SourceError):
    """There is no loader for this kind of file."""


class UnreadableFileError(SourceError):
    """The file is missing, not permitted, binary or empty."""


class NoTextFieldError(UnreadableFileError):
    """A JSON object has no text; it may be no document, but settings of a program."""


class FetchError(SourceError):
    """A web page is refused, or could not be fetched."""


class IndexStoreError(VerbatimError):
    """The index on disk cannot be used."""


class IndexMissingError(IndexStoreError):
    """There is no index at the given place."""


class IndexBusyError(IndexStoreError):
    """Another process is writing to the index."""


class IndexDamagedError(IndexStoreError):
    """A store is broken and could not be rebuilt from the catalog."""


def damaged_document(name: str) -> IndexDamagedError:
    """The error for a document, or a passage, that is not as it was indexed."""
    return IndexDamagedError(
        f"The catalog was expected to hold {name} as it was indexed, and it has changed since: by "
        "the disk, or another program. Nothing is quoted from it. Run: assistant doctor --repair "
        "--index DIR"
    )


class IndexUnreachableError(IndexStoreError):
    """The server that keeps a part of the index does not answer, or lets us not in."""


class IndexFormatError(IndexStoreError):
    """The index was made by a release whose format this one cannot read."""


class ModelError(VerbatimError):
    """A model could not be loaded or used."""


class ModelMissingError(ModelError):
    """The model is not on this machine, and cannot or may not be fetched."""


class EmbeddingMismatchError(ModelError):
    """The index was made with another embedding model than the one at hand."""


VENDORS = (
    *("sqlalchemy", "psycopg", "sqlite3"),
    *("chromadb", "chromadb_rust_bindings", "httpx", "pyo3_runtime"),
    "tantivy",
)

_BUSY = ("database is locked", "database table is locked", "due to lock timeout")
_FULL = ("disk is full", "no space left on device", "disk full")
_GONE = (
    *("connection refused", "connection failed", "connection timeout", "connection is lost"),
    *("could not connect", "failed to resolve", "connection reset", "terminating connection"),
    *("server closed the connection", "connection was closed", "database system is", "timed out"),
    *("password authentication failed", "no password supplied", "unauthorized", "forbidden"),
    *("consuming input failed", "bad gateway", "service unavailable", "connection is closed"),
)
"""What vendors say when their server is gone, is starting, or wants another password."""
_GONE_TYPES = ("ConnectError", "ConnectTimeout", "ReadError", "ReadTimeout", "WriteError")
"""Exceptions of httpx, whose messages may be empty."""


@contextmanager
def translated(store: str, remedy: str, *, is_server: bool = False) -> Iterator[None]:
    """Turn a vendor's exception into one of this tree.

    Args:
        store: what was being used, as a user would name it ("the catalog").
        remedy: what the user can do about it.
        is_server: whether a server has it, which may be gone.

    Raises:
        IndexBusyError: the store is held by another process.
        IndexUnreachableError: its server does not answer, or refuses the sign-in.
        IndexStoreError: the disk is full.
        IndexDamagedError: any other exception of a vendor or out of its code, or an `OSError`,
            `ValueError` or `RuntimeError`, was raised inside; it is the cause.
    """
    try:
        yield
    except VerbatimError:
        raise
    except BaseException as error:  # a panic inside a Rust library is no `Exception`
        if isinstance(error, KeyboardInterrupt | SystemExit) or not _is_foreign(error):
            raise
        found = f"{store} could not be used: {type(error).__name__}: {error}."
        if any(words in str(error).lower() for words in _BUSY):
            raise IndexBusyError(f"{found} Another process holds it; try again.") from error
        if any(words in str(error).lower() for words in _FULL):
            raise IndexStoreError(
                f"{found} Make room on the disk, and where temporary files are kept, and run it "
                "again."
            ) from error
        if is_server and _is_gone(error):
            raise IndexUnreachableError(
                f"{found} Check that the server runs and lets you in, and try again."
            ) from error
        raise IndexDamagedError(f"{found} {remedy}") from error


def _is_gone(error: BaseException) -> bool:
    said = f"{error} {error.__cause__ or ''}".lower()
    is_lost = bool(getattr(error, "connection_invalidated", False))
    is_type = type(error).__name__ in _GONE_TYPES
    return is_lost or is_type or any(words in said for words in _GONE)


def _is_foreign(error: BaseException) -> bool:
    """Whether it is a vendor's, was raised by a vendor's code, or came up from the disk."""
    origin, trace = "", error.__traceback__
    while trace is not None:
        origin, trace = str(trace.tb_frame.f_globals.get("__name__", "")), trace.tb_next
    names = {name.partition(".")[0] for name in (type(error).__module__, origin)}
    return bool(names & set(VENDORS)) or isinstance(error, OSError | ValueError | RuntimeError)
