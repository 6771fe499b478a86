"""What readers think of answers: thumbs and comments, kept in one SQLite file for the operator.

The answer is kept as it was shown, with the SHA-256 of the documents it rests on, so that a case
for the evaluation can be made of it (`assistant.feedback_cases`).
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

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
from sqlalchemy.exc import SQLAlchemyError

from assistant.conversation_tables import open_engine
from assistant.errors import FeedbackError
from assistant.types import Answer
from index.errors import InputError

FILE = "feedback.db"
"""Name of the file in the folder of what visitors leave."""
FORMAT = 1
LONGEST_COMMENT = 2_000
LONGEST_ANSWER = 200_000
"""Characters of an answer as JSON."""
MOST = 20_000
"""Entries of the file: more are refused."""

Verdict = Literal["up", "down"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_APPLICATION = 0x56524642
"""Marks the file as ours in SQLite's header: "VRFB"."""
_ID = re.compile(r"[0-9a-f]{32}")
_SCHEMA = MetaData()
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

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[Connection]:
        try:
            if writes:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.execution_options(writes=writes).begin() as connection:
                if writes:
                    _make(connection)
                _check_format(connection, self.path)
                yield connection
        except (SQLAlchemyError, OSError) as error:
            cause = getattr(error, "orig", None) or error
            raise FeedbackError(
                f"{self.path}: expected a file to keep feedback in, and it cannot be used: "
                f"{cause}. Make room, or move the file away."
            ) from error


def _make(connection: Connection) -> None:
    """Make the table in a file that is new."""
    objects = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    if not objects and not _number(connection, "user_version"):
        _SCHEMA.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA application_id={_APPLICATION}")
        connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")


def _check_format(connection: Connection, path: Path) -> None:
    found = _number(connection, "user_version")
    if _number(connection, "application_id") != _APPLICATION or found != FORMAT:
        raise FeedbackError(
            f"{path}: expected feedback in format {FORMAT}, found "
            f"{f'format {found}' if found > FORMAT else 'something else'}. It is left as it is: "
            "use a newer release of Verbatim, or move the file away."
        )


def _number(connection: Connection, pragma: str) -> int:
    return cast("int", connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())


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
