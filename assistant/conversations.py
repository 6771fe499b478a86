"""Conversations of one user who signs in, kept in one SQLite file in the user's own folder.

A question with its answer is a row that is added and never written over: two tabs, or two
computers, that go on with the same conversation both add to it.
"""

import json
import re
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from assistant.conversation_tables import CONVERSATIONS, KIND, TURNS, folded, listing
from assistant.errors import ConversationsFullError, ConversationTooLongError
from assistant.sqlite_file import open_engine, transaction
from index.errors import InputError

FILE = "conversations.sqlite"
"""Name of the file in a user's folder."""
UNDO_SECONDS = 30.0
"""How long a deleted conversation can be had back: longer than the page offers it."""
LONGEST_TITLE = 120

_ID = re.compile(r"[0-9a-f]{32}")
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one user may keep."""

    conversations: int = 500
    turns: int = 200
    """Of one conversation."""
    bytes_each: int = 700_000
    """Of one conversation as JSON: it must fit into one request when it is opened."""
    bytes_in_all: int = 50_000_000


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question with its answer, as it is kept."""

    id: str
    """32 hex digits, chosen at random by whoever adds it."""
    question: str
    answer: str
    """Its text; found by a search, as the question is."""
    data: dict[str, Any]
    """JSON that comes back as it was given."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation without its turns."""

    id: str
    title: str
    created: int
    changed: int
    """Milliseconds since 1970, as of `created`."""
    turns: int


class Conversations:
    """The conversations in one folder. Safe for threads and processes."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        """Nothing is opened or made before it is needed.

        Args:
            folder: the user's own; made with the first conversation.
            limits: how much is kept.
        """
        self._path = folder.absolute() / FILE
        self.limits = limits or Limits()
        self._engine = open_engine(self._path, {"folded": folded})

    def all(self, words: str = "") -> list[Listed]:
        """The conversations, the one changed last first.

        Args:
            words: only those with each of these in the title, a question or an answer; case and
                accents are left aside.

        Raises:
            ConversationsError: the file cannot be used.
        """
        if not self._path.exists():
            return []
        with self._transaction(writes=True) as connection:
            _forget(connection)
            rows = connection.execute(listing(folded(words).split()[:_MOST_WORDS]))
            return [_listed(row) for row in rows]

    def one(self, conversation_id: str) -> tuple[Listed, list[tuple[str, dict[str, Any]]]]:
        """A conversation with its turns, (id, data) pairs, oldest first.

        Raises:
            InputError: there is none with this id.
            ConversationsError: the file cannot be used.
        """
        if self._path.exists():
            with self._transaction() as connection:
                if found := _found(connection, conversation_id):
                    mine = TURNS.c.conversation == conversation_id
                    turns = select(TURNS.c.id, TURNS.c.data).where(mine).order_by(TURNS.c.number)
                    return found, [(r.id, json.loads(r.data)) for r in connection.execute(turns)]
        raise _missing()

    def add(
        self,
        conversation_id: str,
        title: str,
        turns: Sequence[KeptTurn],
        drop: Sequence[str] = (),
        at: int | None = None,
    ) -> Listed:
        """Add turns to a conversation, which is made where there is none.

        A turn that is there already stays as it is: adding twice is adding once.

        Args:
            conversation_id: 32 hex digits, chosen at random by whoever makes it.
            title: of a new conversation; one that is there keeps its own.
            turns: to add, in order.
            drop: ids of turns that these take the place of.
            at: when a new conversation was last changed elsewhere, milliseconds since 1970.

        Raises:
            InputError: an id or the title is none.
            ConversationsFullError: more would be kept than may be; nothing is added. If only
                this conversation is full, a `ConversationTooLongError`.
            ConversationsError: the file cannot be used.
        """
        for each in (conversation_id, *(turn.id for turn in turns)):
            _check_id(each)
        now = _now()
        then = now if at is None else min(max(at, 0), now)
        values = {"id": conversation_id, "title": _title(title), "created": then, "changed": then}
        with self._transaction(writes=True) as connection:
            _forget(connection)
            is_new = _found(connection, conversation_id) is None
            made = insert(CONVERSATIONS).values(values)
            again = made.on_conflict_do_update(index_elements=["id"], set_={"removed": None})
            connection.execute(again)
            if _exchange(connection, conversation_id, turns, drop) and not is_new:
                mine = CONVERSATIONS.c.id == conversation_id
                connection.execute(update(CONVERSATIONS).where(mine).values(changed=now))
            self._check_limits(connection, conversation_id)
            found = _found(connection, conversation_id)
        assert found is not None
        return found

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            InputError: there is none with this id, or the title is empty.
            ConversationsError: the file cannot be used.
        """
        self._set(conversation_id, title=_title(title))

    def remove(self, conversation_id: str) -> None:
        """Delete a conversation. For `UNDO_SECONDS` it can be had back.

        Raises:
            InputError: there is none with this id.
            ConversationsError: the file cannot be used.
        """
        self._set(conversation_id, removed=_now())

    def undo(self, conversation_id: str) -> None:
        """Have a deleted conversation back.

        Raises:
            InputError: there is none with this id, or it was deleted too long ago.
            ConversationsError: the file cannot be used.
        """
        self._set(conversation_id, removed=None)

    def _set(self, conversation_id: str, **values: object) -> None:
        found = 0
        if self._path.exists():
            mine = CONVERSATIONS.c.id == conversation_id
            with self._transaction(writes=True) as connection:
                _forget(connection)
                found = connection.execute(
                    update(CONVERSATIONS).where(mine).values(values)
                ).rowcount
        if not found:
            raise _missing()

    def _check_limits(self, connection: Connection, conversation_id: str) -> None:
        """Nothing, if all fits."""
        limits = self.limits
        sizes = select(func.count(), func.coalesce(func.sum(TURNS.c.bytes), 0))
        turns, size = connection.execute(sizes.where(TURNS.c.conversation == conversation_id)).one()
        if turns > limits.turns or size > limits.bytes_each:
            raise ConversationTooLongError(
                f"A conversation has at most {limits.turns} questions and {limits.bytes_each:,} "
                f"bytes, and this one would have {turns} and {size:,}. Go on in a new one."
            )
        many = connection.scalar(select(func.count()).select_from(CONVERSATIONS)) or 0
        total = connection.execute(sizes).one()[1]
        if many > limits.conversations or total > limits.bytes_in_all:
            raise ConversationsFullError(
                f"At most {limits.conversations:,} conversations with {limits.bytes_in_all:,} "
                f"bytes are kept, and there would be {many:,} with {total:,}. Delete some; "
                "download them first to have them elsewhere."
            )

    def _transaction(self, *, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, self._path, KIND, writes=writes)


def _exchange(
    connection: Connection, conversation_id: str, turns: Sequence[KeptTurn], drop: Sequence[str]
) -> int:
    """Add turns and drop others; how many rows that changed."""
    mine = TURNS.c.conversation == conversation_id
    changed = connection.execute(delete(TURNS).where(mine, TURNS.c.id.in_(drop))).rowcount
    for turn in turns:
        row = insert(TURNS).values({"conversation": conversation_id, **_row(turn)})
        changed += connection.execute(row.on_conflict_do_nothing()).rowcount
    return changed


def _forget(connection: Connection) -> None:
    """What was deleted long enough ago goes for good."""
    gone = CONVERSATIONS.c.removed < _now() - 1000 * UNDO_SECONDS
    connection.execute(delete(CONVERSATIONS).where(gone))


def _found(connection: Connection, conversation_id: str) -> Listed | None:
    row = connection.execute(listing().where(CONVERSATIONS.c.id == conversation_id)).first()
    return _listed(row) if row else None


def _listed(row: Row[Any]) -> Listed:
    return Listed(row.id, row.title, row.created, row.changed, row.turns)


def _row(turn: KeptTurn) -> dict[str, Any]:
    data = _storable(json.dumps(turn.data, ensure_ascii=False))
    words = _storable(folded(f"{turn.question}\n{turn.answer}"))
    return {"id": turn.id, "words": words, "bytes": len(data.encode()), "data": data}


def _storable(text: str) -> str:
    """The text without halves of characters, which JSON may hold and a file may not."""
    return text.encode("utf-8", "replace").decode()


def _title(title: str) -> str:
    words = " ".join(_storable(title).split())
    if not words:
        raise InputError("Expected a title, found none. Write at least one word.")
    return words[:LONGEST_TITLE]


def _check_id(value: str) -> None:
    if not _ID.fullmatch(value):
        raise InputError("Expected an id of 32 hex digits, found something else.")


def _missing() -> InputError:
    return InputError("There is no such conversation. It may have been deleted in another window.")


def _now() -> int:
    return time.time_ns() // 1_000_000
