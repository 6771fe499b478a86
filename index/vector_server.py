"""The vectors on a Chroma server or in Chroma Cloud, kept in step with the catalog.

The collection says itself what it holds: the index, the revision, and whether it was being changed.
What was done since that revision can be done again, so that whoever is killed in the middle leaves
nothing that the next one does not set right. A collection that does not find what it should hold is
made again under another name, which then takes the place of the first.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index import reach
from index.catalog import Catalog
from index.chroma_address import ChromaAddress
from index.errors import IndexDamagedError, translated
from index.records import PassageRecord
from index.telemetry import CHROMA
from index.vectors import GRAPH, MORE_NEIGHBORS, SPACE, Vectors, by_cosine

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_ROUNDS = 5
"""How often it is tried to catch up with others who write meanwhile."""
_BATCH = 2048
_SECONDS = 60.0
"""How long one request may take: Chroma's client would wait for ever."""
_CLOUD_WRITE, _CLOUD_READ, _CLOUD_TEXT = 300, 300, 16_384
"""Chroma Cloud's limits: records a write, records a query gives, bytes of a text."""
_DENSE = GRAPH | MORE_NEIGHBORS


@dataclass(frozen=True, slots=True)
class Held:
    """What a collection says of itself."""

    revision: int
    """Of the catalog, all of whose changes up to it are in the collection."""
    clean: bool
    """False while later changes are being made."""


class ServerVectors(Vectors):
    """A collection on a server, opened for searching or changing."""

    def __init__(
        self,
        address: ChromaAddress,
        index: str,
        *,
        suffix: str = "",
    ) -> None:
        """Open it.

        Args:
            address: of the server.
            index: the catalog's identity.
            suffix: tells a collection that is being made from the one in use.

        Raises:
            IndexUnreachableError: the server does not answer, or does not let us in.
            IndexDamagedError: there is no such collection.
        """
        self.address = address
        self.name = _name(index, suffix)
        self.most_found = _CLOUD_READ if address.is_cloud else None
        self._index = index
        self._client = None
        with self._translated():
            self._client = _client(address)
            try:
                self._collection = by_cosine(
                    self._client.get_collection(self.name, embedding_function=None)
                )
                self.count = int(self._collection.count())
            except BaseException:
                self.close()
                raise

    @property
    def held(self) -> Held | None:
        """What it holds, as was noted when it was opened; None where that is not known."""
        noted = self._collection.metadata or {}
        revision, clean = noted.get("verbatim_revision"), noted.get("verbatim_clean")
        if noted.get("verbatim_index") != self._index or type(revision) is not int:
            return None
        return Held(revision, clean is True)

    def note(self, held: Held) -> None:
        """Have the collection say what it holds."""
        with self._translated():
            self._collection.modify(metadata=_metadata(self._index, held))

    def close(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            with self._translated():
                _disconnect(client)

    def take_place(self) -> None:
        """Become the collection in use, in place of the one that is."""
        name = _name(self._index)
        with self._translated():
            if self.name != name:
                _delete(self._client, name)
                self._collection.modify(name=name)
                self.name = name

    def _translated(self) -> AbstractContextManager[None]:
        remedy = "It is made again from the catalog by: assistant index PATH"
        return translated(f"The vector server {self.address}", remedy, is_server=True)

    def _largest_write(self) -> int:
        return _CLOUD_WRITE if self.address.is_cloud else super()._largest_write()

    def _columns(self, records: Sequence[PassageRecord]) -> dict[str, Any]:
        columns = super()._columns(records)
        if self.address.is_cloud:
            # The texts are there to be looked at by people; quotes are cut from the catalog.
            columns["documents"] = [
                text.encode()[:_CLOUD_TEXT].decode(errors="ignore") for text in columns["documents"]
            ]
        return columns


def bring_into_step(address: ChromaAddress, catalog: Catalog) -> None:
    """Make the server hold what the catalog holds; the caller is the only one who does.

    Raises:
        IndexUnreachableError: the server does not answer, or does not let us in.
        IndexDamagedError: it cannot be made to hold it.
    """
    for _ in range(_ROUNDS):
        target = catalog.revision
        if not _follow(address, catalog, target):
            _make_again(address, catalog, target)
        if catalog.content_revision() <= target:
            return


def make_again(address: ChromaAddress, catalog: Catalog) -> None:
    """Make the collection again, whatever it says of itself.

    Raises:
        IndexBusyError: another machine writes to it.
        IndexUnreachableError: the server does not answer, or does not let us in.
        IndexDamagedError: it cannot be made to work.
    """
    with catalog.sole():
        _make_again(address, catalog, catalog.revision)


def _follow(address: ChromaAddress, catalog: Catalog, target: int) -> bool:
    """Bring what changed into the collection; False where it has to be made again."""
    vectors = _in_use(address, catalog.identity)
    if vectors is None:
        return False
    with closing(vectors):
        held = vectors.held
        # A catalog put back from a backup is behind its server, which holds what it never had.
        if held is None or held.revision > target:
            return False
        judge = reach.trouble
        if held.revision < catalog.content_revision() or not held.clean:
            vectors.note(Held(held.revision, clean=False))
            changes = catalog.changes_since(held.revision)
            vectors.delete_documents(changes.removed + changes.changed)
            for records in catalog.stream(held.revision, _BATCH):
                vectors.add(records)
            judge = reach.trouble_of_new
        if trouble(vectors, catalog, target, judge):
            return False
        if Held(target, clean=True) != held:
            vectors.note(Held(target, clean=True))
    return True


def _in_use(address: ChromaAddress, index: str) -> ServerVectors | None:
    """The collection in use, if there is one; or one made by who was killed before it was."""
    with suppress(IndexDamagedError):
        return ServerVectors(address, index)
    with suppress(IndexDamagedError):
        vectors = ServerVectors(address, index, suffix="new")
        held = vectors.held
        if held is not None and held.clean:
            vectors.take_place()
            return vectors
        vectors.close()
    return None


def _make_again(address: ChromaAddress, catalog: Catalog, target: int) -> None:
    found = None
    for settings in (GRAPH, _DENSE):
        _create(address, catalog.identity, settings)
        with closing(ServerVectors(address, catalog.identity, suffix="new")) as vectors:
            for records in catalog.stream(batch=_BATCH):
                vectors.add(records)
            found = trouble(vectors, catalog, target, reach.trouble_of_new)
            if found is None:
                vectors.note(Held(target, clean=True))
                vectors.take_place()
                return
        if address.is_cloud:  # it has no graph that could be denser
            break
    raise IndexDamagedError(
        f"The vectors on {address} were made again but do not work: {found}. "
        "Check the server and run it again."
    )


def trouble(
    vectors: ServerVectors, catalog: Catalog, revision: int, judge: reach.Judge = reach.trouble
) -> str | None:
    """What is wrong with a collection that should hold a revision, or None."""
    passages = catalog.counts()[1]
    # While others write, the catalog may have more or fewer by now; they check it when done.
    if catalog.revision == revision and vectors.count != passages:
        return f"{vectors.count} of {passages} passages"
    return judge(vectors, catalog, revision)


def _create(address: ChromaAddress, index: str, settings: dict[str, Any]) -> None:
    name = _name(index, "new")
    with (
        translated(f"The vector server {address}", "Check the server.", is_server=True),
        _connected(address) as client,
    ):
        _delete(client, name)
        # The default embedding function would download a model, and a stored one could run code.
        client.create_collection(
            name,
            configuration={"spann": {"space": SPACE}} if address.is_cloud else {"hnsw": settings},
            metadata=_metadata(index, Held(0, clean=False)),
            embedding_function=None,
        )


def _delete(client: "ClientAPI", name: str) -> None:
    from chromadb.errors import NotFoundError

    with suppress(NotFoundError):
        client.delete_collection(name)


@contextmanager
def _connected(address: ChromaAddress) -> Iterator[Any]:
    client = _client(address)
    try:
        yield client
    finally:
        _disconnect(client)


def _client(address: ChromaAddress) -> Any:  # noqa: ANN401 -- Chroma's type lacks what we use
    import chromadb
    from chromadb.config import Settings

    settings = Settings(**CHROMA)
    if address.is_cloud:
        client: Any = chromadb.CloudClient(
            address.tenant,
            address.database,
            address.token,
            settings,
            cloud_host=address.host,
            cloud_port=address.port,
            enable_ssl=address.has_tls,
        )
    else:
        place = {"tenant": address.tenant, "database": address.database}
        client = chromadb.HttpClient(
            host=address.host,
            port=address.port,
            ssl=address.has_tls,
            headers=address.headers,
            settings=settings,
            **{name: value for name, value in place.items() if value},
        )
    # There is no setting for it, and without one a server that hangs is waited for without end.
    client._server._session.timeout = _SECONDS
    return client


def _disconnect(client: Any) -> None:  # noqa: ANN401 -- as above
    sessions = [each._server._session for each in (client, client._admin_client)]
    client.close()
    for session in sessions:  # Chroma leaves them open
        session.close()


def _name(index: str, suffix: str = "") -> str:
    return "-".join(filter(None, ("verbatim", index[:16], suffix)))


def _metadata(index: str, held: Held) -> dict[str, Any]:
    return {
        "verbatim_index": index,
        "verbatim_revision": held.revision,
        "verbatim_clean": held.clean,
    }
