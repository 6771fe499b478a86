"""What readers think of answers: thumbs and comments, kept in one SQLite file for the operator.

The answer is kept as it was shown, with the SHA-256 of the documents it rests on, so that a case
for the evaluation can be made of it (`assistant.feedback_cases`).
"""

import json
import re
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from assistant.errors import FeedbackError
from assistant.sqlite_file import Kind, open_engine, transaction
from assistant.types import Answer
from index.errors import InputError

FILE = "feedback.db"
"""Name of the file in the folder of what visitors leave."""
LONGEST_COMMENT = 2_000
LONGEST_ANSWER = 200_000
"""Characters of an answer as JSON."""
MOST = 20_000
"""Entries of the file: more are refused."""

Verdict = Literal["up", "down"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_ID = re.compile(r"[0-9a-f]{32}")
_SCHEMA = MetaData()
_KIND = Kind("feedback", 0x56524642, 1, _SCHEMA, FeedbackError)  # "VRFB"
_TABLE = Table(
    "feedback",
    _SCHEMA,
    Column("id", Text, primary_key=True),
    Column("user", Text),
    Column("verdict", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("documents", Text, nullable=False),
    Column("given", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of an answer."""

    id: str
    user: str | None
    """Who said so; None where nobody signs in."""
    verdict: Verdict
    comment: str
    question: str
    answer: dict[str, Any]
    """As `Answer.to_dict` makes it."""
    documents: tuple[str, ...]
    """The SHA-256 of each document that the answer shows something of."""
    given: int
    changed: int
    """Milliseconds since 1970, as of `given`."""


class FeedbackFile:
    """The feedback in one folder. Safe for threads and processes."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        """Nothing is opened or made before it is needed.

        Args:
            folder: of what visitors leave; made with the first feedback.
            most: entries that are kept.
        """
        self.path = folder.absolute() / FILE
        self._most = most
        self._engine = open_engine(self.path)

    def give(
        self, feedback_id: str, user: str | None, verdict: Verdict, comment: str, answer: Answer
    ) -> bool:
        """Keep feedback, in the place of what the same person gave with the same id.

        Args:
            feedback_id: 32 hex digits, chosen at random by whoever gives it.
            user: who is signed in.
            verdict: whether the answer is good.
            comment: why, or nothing.
            answer: whose quotes were compared with the documents.

        Returns:
            Whether it is kept: not where the id is another person's.

        Raises:
            InputError: the id is none, the comment or the answer is too long, or the file is full.
            FeedbackError: the file cannot be used.
        """
        row = {**_row(verdict, comment, answer), "user": user, "changed": _now()}
        _check_id(feedback_id)
        with self._transaction(writes=True) as connection:
            known = _found(connection, feedback_id)
            if known is not None and known.user != user:
                return False
            if known is None and _count(connection) >= self._most:
                raise InputError(
                    f"At most {self._most:,} entries of feedback are kept, and there are as many. "
                    "Tell whoever runs this server: 'assistant feedback export' saves them."
                )
            new = insert(_TABLE).values(id=feedback_id, given=_now(), **row)
            connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=row))
        return True

    def one(self, feedback_id: str, user: str | None) -> Feedback | None:
        """What a person gave with an id; None where there is nothing of theirs.

        Raises:
            FeedbackError: the file cannot be used.
        """
        if not self.path.exists():
            return None
        with self._transaction() as connection:
            known = _found(connection, feedback_id)
        return known if known is not None and known.user == user else None

    def withdraw(self, feedback_id: str, user: str | None) -> None:
        """Forget what a person gave with an id, if there is anything of theirs.

        Raises:
            FeedbackError: the file cannot be used.
        """
        if not self.path.exists():
            return
        theirs = _TABLE.c.user.is_not_distinct_from(user)
        with self._transaction(writes=True) as connection:
            connection.execute(delete(_TABLE).where(_TABLE.c.id == feedback_id, theirs))

    def all(self) -> list[Feedback]:
        """All feedback, oldest first.

        Raises:
            FeedbackError: the file cannot be used.
        """
        if not self.path.exists():
            return []
        with self._transaction() as connection:
            rows = connection.execute(select(_TABLE).order_by(_TABLE.c.given, _TABLE.c.id))
            return [_feedback(row) for row in rows]

    def _transaction(self, *, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, self.path, _KIND, writes=writes)


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(_TABLE)) or 0


def _found(connection: Connection, feedback_id: str) -> Feedback | None:
    row = connection.execute(select(_TABLE).where(_TABLE.c.id == feedback_id)).first()
    return _feedback(row) if row is not None else None


def _feedback(row: Row[Any]) -> Feedback:
    values = {**row._mapping, "answer": json.loads(row.answer)}
    return Feedback(**{**values, "documents": tuple(json.loads(row.documents))})


def _row(verdict: Verdict, comment: str, answer: Answer) -> dict[str, str]:
    if verdict not in VERDICTS:
        raise InputError("Expected 'up' or 'down', found something else.")
    if len(comment) > LONGEST_COMMENT:
        raise InputError(
            f"Expected a comment of at most {LONGEST_COMMENT:,} characters, found "
            f"{len(comment):,}. Shorten it."
        )
    text = answer.to_json(indent=None)
    if len(text) > LONGEST_ANSWER:
        raise InputError("Expected an answer that can be kept, found one that is too long.")
    shown = [each.document.sha256 for each in answer.citations]
    shown += [hit.document.sha256 for hit in answer.nearest]
    values = {"comment": comment.strip(), "question": answer.question, "answer": text}
    values |= {"verdict": verdict, "documents": json.dumps(list(dict.fromkeys(shown)))}
    # Halves of characters, which JSON may hold and a file may not.
    return {key: value.encode("utf-8", "replace").decode() for key, value in values.items()}


def _check_id(value: str) -> None:
    if not _ID.fullmatch(value):
        raise InputError("Expected an id of 32 hex digits, found something else.")


def _now() -> int:
    return time.time_ns() // 1_000_000
