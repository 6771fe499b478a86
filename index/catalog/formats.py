"""Catalogs of earlier releases are brought to today's format when they are opened."""

from sqlalchemy import Engine, select, text, update

from index.catalog.connection import transaction
from index.catalog.schema import META
from index.errors import IndexFormatError
from index.layout import FORMAT

_SOURCES_BY_CONTENT = "CREATE INDEX IF NOT EXISTS sources_by_content ON sources (file_sha256)"
_STEPS = {
    1: (
        "ALTER TABLE documents ADD COLUMN places TEXT NOT NULL DEFAULT '[]'",
        _SOURCES_BY_CONTENT,
    ),
    # Empty for what is indexed: it is read with the file, the next time that it changes.
    2: ("ALTER TABLE documents ADD COLUMN url TEXT", _SOURCES_BY_CONTENT),  # the first had none
    # Empty for what is indexed: it gets them the next time that it is written.
    3: (
        "ALTER TABLE documents ADD COLUMN seal BIGINT",
        "ALTER TABLE documents ADD COLUMN parts_seal BIGINT",
        "ALTER TABLE passages ADD COLUMN seal BIGINT",
        "ALTER TABLE passages ADD COLUMN vectors_seal BIGINT",
    ),
}
"""What brings a catalog from each format to the next one."""


def bring_to_format(engine: Engine, place: str, found: int, *, writable: bool) -> None:
    """Change the tables to today's format, in one transaction; nothing is read or embedded again.

    Args:
        engine: on the catalog.
        place: where it is, for messages.
        found: the format it has.
        writable: whether this process may change it.

    Raises:
        IndexFormatError: a newer release made it, or an older one and it cannot be changed.
    """
    if found > FORMAT:
        raise IndexFormatError(
            f"{place} has format {found}, and this release reads up to {FORMAT}. "
            "Install a newer release, or index again into another folder."
        )
    if found == FORMAT:
        return
    if not writable:
        raise IndexFormatError(
            f"{place} has format {found}, and this release reads format {FORMAT}: it has to be "
            "changed once. Open it as a user who may write to its folder, such as by "
            f"'assistant documents --index {place}'."
        )
    with transaction(engine) as connection:
        chosen = META.c.key == "format"
        # Another process may have done it since.
        now = int(connection.execute(select(META.c.value).where(chosen)).scalar_one())
        for step in range(now, FORMAT):
            for statement in _STEPS[step]:
                connection.execute(text(statement))
        connection.execute(update(META).where(chosen).values(value=str(max(now, FORMAT))))
