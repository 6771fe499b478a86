"""The tables that conversations are kept in, and what is asked of them."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    func,
    select,
)

from assistant.errors import ConversationsError
from assistant.sqlite_file import Kind

_SCHEMA = MetaData()
KIND = Kind("conversations", 0x56524356, 1, _SCHEMA, ConversationsError)  # "VRCV"
CONVERSATIONS = Table(
    "conversations",
    _SCHEMA,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer),
)
TURNS = Table(
    "turns",
    _SCHEMA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("conversation", ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("id", Text, nullable=False, unique=True),
    Column("words", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)


def listing(words: Sequence[str] = ()) -> Select[Any]:
    """The conversations that were not deleted and hold each of the folded words, newest first."""
    query = (
        select(CONVERSATIONS, func.count(TURNS.c.number).label("turns"))
        .outerjoin(TURNS)
        .where(CONVERSATIONS.c.removed.is_(None))
        .group_by(CONVERSATIONS.c.id)
        .order_by(CONVERSATIONS.c.changed.desc(), CONVERSATIONS.c.id)
    )
    for word in words:
        holders = select(TURNS.c.conversation).where(func.instr(TURNS.c.words, word) > 0)
        is_named = func.instr(func.folded(CONVERSATIONS.c.title), word) > 0
        query = query.where(is_named | CONVERSATIONS.c.id.in_(holders))
    return query


def folded(text: str) -> str:
    """The text without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))
