"""Reading the catalog for the stores derived from it, and for filters."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func, or_, select

from index.catalog.files import CatalogFiles
from index.catalog.schema import DOCUMENTS, PASSAGE_COLUMNS, PASSAGES, TOMBSTONES
from index.errors import FilterError
from index.filters import date_range, folded
from index.records import Changes, PassageRecord, Vector, record_of, vector_of
from index.types import Filter

_SHORTEST_ID = 6


class CatalogFeed(CatalogFiles):
    """What the derived stores need to follow the catalog, and filters resolved to documents."""

    def changes_since(self, revision: int) -> Changes:
        """What a store that holds this revision lacks."""
        changed = self._rows(select(DOCUMENTS.c.id).where(DOCUMENTS.c.revision > revision))
        removed = self._rows(
            select(TOMBSTONES.c.document_id).where(TOMBSTONES.c.revision > revision)
        )
        count = select(func.count().label("n")).select_from(
            PASSAGES.join(DOCUMENTS, PASSAGES.c.document_id == DOCUMENTS.c.id)
        )
        passages = self._rows(count.where(DOCUMENTS.c.revision > revision))[0]["n"]
        return Changes(
            tuple(sorted(row["id"] for row in changed)),
            tuple(sorted(row["document_id"] for row in removed)),
            int(passages),
        )

    def content_revision(self) -> int:
        """Revision of the latest change that concerns the derived stores."""
        latest = [
            select(func.max(table.c.revision)).scalar_subquery()
            for table in (DOCUMENTS, TOMBSTONES)
        ]
        row = self._rows(select(latest[0].label("put"), latest[1].label("gone")))[0]
        return max(int(row["put"] or 0), int(row["gone"] or 0))

    def stream(self, after: int = 0, batch: int = 512) -> Iterator[list[PassageRecord]]:
        """All passages of the documents changed after a revision, never all in memory.

        Their order depends on the content only, so that the same collection gives the same stores.
        """
        query = (
            select(*PASSAGE_COLUMNS, PASSAGES.c.vector, DOCUMENTS.c.title, DOCUMENTS.c.authors)
            .join(DOCUMENTS, PASSAGES.c.document_id == DOCUMENTS.c.id)
            .where(DOCUMENTS.c.revision > after)
            .order_by(PASSAGES.c.document_id, PASSAGES.c.ordinal)
            .execution_options(yield_per=batch)
        )
        with self._reading() as connection:
            for part in connection.execute(query).partitions():
                yield [record_of(row._asdict()) for row in part]

    def sample(self, size: int, revision: int) -> list[tuple[str, Vector]]:
        """Some passages with their vectors, spread evenly, of documents no newer than a revision.

        Returns:
            Up to `size` pairs of passage id and vector of shape (dimension,).
        """
        last = self._rows(select(func.max(PASSAGES.c.number).label("last")))[0]["last"] or 0
        found: dict[str, Vector] = {}
        for step in range(size):
            query = (
                select(PASSAGES.c.id, PASSAGES.c.vector)
                .join(DOCUMENTS, PASSAGES.c.document_id == DOCUMENTS.c.id)
                .where(step * last // size < PASSAGES.c.number, DOCUMENTS.c.revision <= revision)
                .order_by(PASSAGES.c.number)
                .limit(1)
            )
            found.update({row["id"]: vector_of(row["vector"]) for row in self._rows(query)})
        return list(found.items())

    def resolve(self, where: Filter) -> frozenset[str]:
        """Ids of the documents that pass a filter.

        Raises:
            FilterError: a document id or date in it is unknown or ambiguous.
        """
        query = select(DOCUMENTS.c.id)
        if where.documents:
            query = query.where(DOCUMENTS.c.id.in_(self.resolve_ids(where.documents)))
        if where.authors:
            has_part = DOCUMENTS.c.author_key.contains
            keys = map(_author_key, where.authors)
            query = query.where(or_(*(has_part(key, autoescape=True) for key in keys)))
        if where.after:
            query = query.where(DOCUMENTS.c.first_day >= _days(where.after)[0])
        if where.before:
            query = query.where(DOCUMENTS.c.last_day <= _days(where.before)[1])
        return frozenset(row["id"] for row in self._rows(query))

    def resolve_ids(self, beginnings: Iterable[str]) -> list[str]:
        """The ids of several documents, in order; see `resolve_id`."""
        every = list(dict.fromkeys(beginnings))
        whole = self.infos(every)
        return [name if name in whole else self.resolve_id(name) for name in every]

    def resolve_id(self, beginning: str) -> str:
        """The id of the one document whose id begins like this.

        Raises:
            FilterError: it has fewer than six characters, or no document or several begin so.
        """
        wanted = beginning.strip().lower()
        begins_so = DOCUMENTS.c.id.between(wanted, wanted + "g")  # ids are hex digits
        found = self._rows(select(DOCUMENTS.c.id).where(begins_so).limit(2))
        if len(wanted) < _SHORTEST_ID:
            found = []
        if len(found) == 1:
            return str(found[0]["id"])
        reason = (
            "six characters or more"
            if len(wanted) < _SHORTEST_ID
            else "the beginning of one document id"
        )
        count = "several documents" if found else "no such document"
        raise FilterError(
            f"Expected {reason}, found {beginning!r}: {count}. `assistant documents` lists them."
        )


def _days(iso: str) -> tuple[str, str]:
    days = date_range(iso)
    if days is None:
        raise FilterError(
            f"A filter expects a date of the calendar such as 2024, 2024-05 or 2024-05-31, "
            f"and got {iso!r}. Correct it."
        )
    return days


def _author_key(author: str) -> str:
    key = folded(author)
    if not key:
        raise FilterError(f"A filter expects a part of an author's name, and got {author!r}.")
    return key
