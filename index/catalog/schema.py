"""The tables of the catalog."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

SCHEMA = MetaData()
META = Table(
    "meta", SCHEMA, Column("key", Text, primary_key=True), Column("value", Text, nullable=False)
)
DOCUMENTS = Table(
    "documents",
    SCHEMA,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("title", Text),
    Column("authors", Text, nullable=False),
    Column("publisher", Text),
    Column("published", Text),
    Column("language", Text),
    Column("url", Text),
    Column("found", Text, nullable=False),
    Column("byline", Text, nullable=False),
    Column("places", Text, nullable=False, server_default="[]"),
    Column("seal", BigInteger),  # checksums, see `index.records`
    Column("parts_seal", BigInteger),
    Column("revision", Integer, nullable=False, index=True),
    Column("author_key", Text, nullable=False),
    Column("first_day", Text),
    Column("last_day", Text),
)
SOURCES = Table(
    "sources",
    SCHEMA,
    Column("ordinal", Integer, primary_key=True, autoincrement=True),
    Column("path", Text, nullable=False, unique=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False, index=True),
    Column("file_sha256", Text, nullable=False),
    Column("sidecar_sha256", Text),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Index("sources_by_content", "file_sha256"),
    sqlite_autoincrement=True,
)
# A document's text is that of its passages, which tile it: kept once, it cannot disagree.
PASSAGES = Table(
    "passages",
    SCHEMA,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("heading", Text),
    Column("text", Text, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("seal", BigInteger),
    Column("vectors_seal", BigInteger),
    Column("vector", LargeBinary, nullable=False),
    Column("sentence_vectors", LargeBinary, nullable=False),
    Index("passages_in_order", "document_id", "ordinal", unique=True),
)
TOMBSTONES = Table(
    "tombstones",
    SCHEMA,
    Column("document_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False, index=True),
)
PASSAGE_COLUMNS = tuple(
    PASSAGES.c[name]
    for name in (
        *("id", "document_id", "start", "end", "label", "heading", "text", "sentences"),
        "seal",
    )
)
