"""Replies of chat models to identical calls, kept in one file.

Only digests of the calls are stored, never a prompt or a parameter; replies are stored as text.
"""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.caches import RETURN_VAL_TYPE, BaseCache
from langchain_core.outputs import Generation

from assistant.errors import SettingsError
from assistant.logs import Plain
from assistant.model_types import Message

FILE = "model-replies.sqlite"
"""Name of the file in a folder."""

_APPLICATION = 0x56525043
"""Marks the file as ours in SQLite's header: "VRPC"."""

_WAIT = 10.0
"""Seconds another process may hold the file."""

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class FileCache(BaseCache):
    """A LangChain cache in one SQLite file; safe for threads and processes.

    Raises:
        SettingsError: the file cannot be used, or is something else; it is left as it is.
    """

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        self.path = path / FILE if path.is_dir() else path
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._opened() as store:
                _prepare(store)
        except (sqlite3.Error, OSError) as error:
            raise SettingsError(
                f"{self.path}: expected a file of kept replies, or none yet, found one that cannot "
                f"be used: {error}. Delete it, or name another file."
            ) from error

    def lookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        """The generations kept for a call, or None."""
        key = _digest(prompt, llm_string)
        row = self._tried(
            lambda store: store.execute(
                "SELECT generations FROM replies WHERE call = ?", (key,)
            ).fetchone()
        )
        try:
            return [Generation(**kept) for kept in json.loads(row[0])] if row else None
        except (ValueError, TypeError):  # pydantic's errors are among them
            return None

    def update(self, prompt: str, llm_string: str, return_val: RETURN_VAL_TYPE) -> None:
        """Keep the generations of a call."""
        kept = [
            {"text": generation.text, "generation_info": generation.generation_info}
            for generation in return_val
        ]
        values = (_digest(prompt, llm_string), json.dumps(kept, default=str))
        self._tried(
            lambda store: store.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", values)
        )

    def clear(self, **kwargs: object) -> None:
        """Forget all replies."""
        self._tried(lambda store: store.execute("DELETE FROM replies"))

    def _tried(self, use: Callable[[sqlite3.Connection], _T]) -> _T | None:
        # An answer needs no cache: a file that breaks under way costs a call, not the answer.
        try:
            with self._opened() as store:
                return use(store)
        except sqlite3.Error as error:
            kind = Plain(type(error).__name__)
            _log.warning("%s cannot be used: %s. Delete it.", Plain(self.path), kind)
            return None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        # A connection of its own for each use: threads and forked processes share none.
        with closing(sqlite3.connect(self.path, timeout=_WAIT)) as store, store:
            yield store


def _prepare(store: sqlite3.Connection) -> None:
    # Alone: another process may be making the same file.
    store.execute("BEGIN IMMEDIATE")
    (mark,) = store.execute("PRAGMA application_id").fetchone()
    tables = store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark not in (0, _APPLICATION) or (tables and mark != _APPLICATION):
        raise sqlite3.DatabaseError("it is a database of something else")
    (newer,) = store.execute("PRAGMA user_version").fetchone()  # none has been written so far
    if newer:
        raise sqlite3.DatabaseError(f"a newer release made it, in format {newer}")
    (state,) = store.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise sqlite3.DatabaseError(state)
    store.execute(f"PRAGMA application_id = {_APPLICATION}")
    store.execute(
        "CREATE TABLE IF NOT EXISTS replies (call BLOB PRIMARY KEY, generations TEXT NOT NULL)"
    )


class ReplyCache:
    """Looks replies up for one model, in any LangChain cache.

    Args:
        kept: a file, a folder, or a cache; None: nothing is kept.
        model: what of the model its replies depend on.

    Raises:
        SettingsError: the file cannot be used, or `kept` is none of these.
    """

    def __init__(self, kept: object | None, model: Mapping[str, Any]) -> None:
        if isinstance(kept, str | Path):
            kept = FileCache(kept)
        if kept is not None and not isinstance(kept, BaseCache):
            raise SettingsError(
                "Expected a file, a folder or a LangChain BaseCache to keep replies in, found "
                f"{type(kept).__name__}. Correct the model's cache."
            )
        self._cache = kept
        self._model = json.dumps(model, sort_keys=True, default=_name_of_type)

    def lookup(self, messages: Sequence[Message], schema: Mapping[str, Any] | None) -> str | None:
        """The text kept for a call, or None."""
        if self._cache is None:
            return None
        found = self._cache.lookup(*self._key(messages, schema))
        return found[0].text if found else None

    def update(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, text: str
    ) -> None:
        """Keep the text of a complete reply."""
        if self._cache is not None:
            self._cache.update(*self._key(messages, schema), [Generation(text=text)])

    async def alookup(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None
    ) -> str | None:
        """Async twin of `lookup`."""
        if self._cache is None:
            return None
        found = await self._cache.alookup(*self._key(messages, schema))
        return found[0].text if found else None

    async def aupdate(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None, text: str
    ) -> None:
        """Async twin of `update`."""
        if self._cache is not None:
            await self._cache.aupdate(*self._key(messages, schema), [Generation(text=text)])

    def _key(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None
    ) -> tuple[str, str]:
        # Digests: a cache that others write may show its keys, and parameters may hold anything.
        prompt = json.dumps([list(message) for message in messages])
        model = json.dumps([self._model, schema], sort_keys=True)
        return _digest(prompt).hex(), _digest(model).hex()


def _digest(*parts: str) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()


def _name_of_type(value: object) -> str:
    return type(value).__name__
