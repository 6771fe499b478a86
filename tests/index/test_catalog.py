import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from index import Document, DocumentInfo, Filter, Passage, Sentence
from index.canonical import text_sha256
from index.catalog import Catalog
from index.errors import (
    FilterError,
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissingError,
    VerbatimError,
)
from index.records import EmbeddedDocument, Source


def source(path, content="x"):
    return Source(path, text_sha256(content), None, len(content), 1)


def embedded(text, path="/docs/a.txt", **metadata):
    sha256 = text_sha256(text)
    values = {"title": None, "authors": (), "publisher": None, "published": None} | metadata
    info = DocumentInfo(id=sha256[:16], sha256=sha256, source=path, **values)
    middle = len(text) // 2
    passages = [
        Passage(
            info.id,
            start,
            end,
            text[start:end],
            "body",
            None,
            (Sentence(start, end, text[start:end]),),
        )
        for start, end in ((0, middle), (middle, len(text)))
    ]
    vectors = np.eye(2, 4, dtype=np.float32)
    document = Document(info, text, (path,), (("title", (0, 3)),))
    sentences = [vectors[[row]].astype(np.float16) for row in (0, 1)]
    return EmbeddedDocument(document, passages, vectors, sentences, source(path, text))


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """Of a catalog in a file, and of one on a server: both do the same."""
    if request.param == "sqlite":
        return tmp_path / "catalog.sqlite3"
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def catalog(address):
    catalog = Catalog.create(address, model="m", fingerprint="f")
    yield catalog
    catalog.close()


@pytest.fixture
def file(tmp_path):
    """A catalog in a file."""
    path = tmp_path / "catalog.sqlite3"
    Catalog.create(path, model="m", fingerprint="f").close()
    return path


def test_put_and_read_back(catalog):
    item = embedded("One ﬁne day.\x01\r Then another, İstanbul.", title="T", authors=("A", "B"))
    catalog.put(item)
    document_id = item.document.info.id
    assert catalog.document(document_id) == item.document
    assert catalog.passages(document_id) == list(item.passages)
    assert catalog.documents() == [item.document.info]
    assert catalog.counts() == (1, 2)
    assert catalog.revision == 1
    first, second = item.passages
    assert catalog.passages_by_id([second.id, "no"]) == {second.id: second}
    assert catalog.neighbors(first, 1, 1) == [second]
    assert catalog.neighbors(second, 1, 0) == [first]
    vectors = catalog.vectors([first.id, "no"])
    assert list(vectors) == [first.id]
    whole, sentences = vectors[first.id]
    assert whole.tolist() == [1, 0, 0, 0]
    assert sentences.dtype == np.float16
    assert sentences.tolist() == [[1, 0, 0, 0]]
    assert list(catalog.sample(5, 1)[0][1]) == [1, 0, 0, 0]


def test_one_text_in_two_files_is_one_document(catalog):
    item = embedded("Same text here.")
    catalog.put(item)
    catalog.add_source(item.document.info.id, source("/docs/b.txt"))
    assert catalog.document(item.document.info.id).sources == ("/docs/a.txt", "/docs/b.txt")
    catalog.remove_source("/docs/a.txt")
    assert [info.source for info in catalog.documents()] == ["/docs/b.txt"]
    catalog.remove_source("/docs/b.txt")
    assert catalog.counts() == (0, 0)
    assert catalog.changes_since(0).removed == (item.document.info.id,)


def test_changed_text_replaces_the_document_unless_another_file_holds_it(catalog):
    old, new = embedded("Old text here."), embedded("New text here.")
    catalog.put(old)
    catalog.put(new)
    assert [info.id for info in catalog.documents()] == [new.document.info.id]
    assert catalog.changes_since(1).changed == (new.document.info.id,)
    assert catalog.changes_since(1).removed == (old.document.info.id,)
    catalog.add_source(new.document.info.id, source("/docs/b.txt"))
    catalog.put(old)
    assert catalog.counts()[0] == 2
    assert catalog.changes_since(2).removed == (), "what came back is no longer gone"


def test_a_file_that_takes_another_text_is_its_latest_source(catalog):
    first, second = embedded("First.", "/docs/a.txt"), embedded("Second.", "/docs/b.txt")
    catalog.put(first)
    catalog.put(second)
    catalog.add_source(second.document.info.id, source("/docs/a.txt", "Second."))
    assert catalog.document(second.document.info.id).sources == ("/docs/b.txt", "/docs/a.txt")


def test_a_failed_change_leaves_nothing_behind(catalog):
    item = embedded("Some text here.")
    broken = replace(item, passages=[item.passages[0], item.passages[0]])
    with pytest.raises(ValueError, match="add up"):
        catalog.put(broken)
    twice = replace(item.passages[0], text="", start=0, end=len(item.passages[0].text))
    clash = replace(
        item,
        passages=[item.passages[0], twice],
        document=replace(item.document, text=item.passages[0].text),
    )
    with pytest.raises(VerbatimError):
        catalog.put(clash)
    assert catalog.revision == 0
    assert catalog.counts() == (0, 0)


def test_stream_gives_batches_in_an_order_of_the_content(catalog):
    items = [embedded(f"Document number {number}.", f"/docs/{number}") for number in range(7)]
    for item in items:
        catalog.put(item)
    batches = list(catalog.stream(batch=4))
    ids = [record.id for batch in batches for record in batch]
    assert [len(batch) for batch in batches] == [4, 4, 4, 2]
    assert ids == sorted(
        ids, key=lambda name: (name.split(":")[0], int(name.split(":")[1].split("-")[0]))
    )
    assert {record.document_id for batch in catalog.stream(after=5) for record in batch} == {
        item.document.info.id for item in items[5:]
    }


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(authors=("isik",)), "a"),
        (Filter(authors=("AYDIN",)), "a"),
        (Filter(authors=("perez", "aydın")), "ab"),
        (Filter(authors=("100%",)), ""),
        (Filter(after="2023"), "ab"),
        (Filter(after="2023-06"), "b"),
        (Filter(before="2023"), "a"),
        (Filter(before="2023-06-30"), ""),
        (Filter(after="2023", before="2023"), "a"),
        (Filter(before="2024-02-29"), "ab"),
        (Filter(before="2024-02-28"), "a"),
        (Filter(after="1900", authors=("nobody",)), ""),
    ],
)
def test_filters(catalog, where, expected):
    catalog.put(embedded("Text a.", "/a", authors=("Işık  Aydın",), published="2023"))
    catalog.put(embedded("Text b.", "/b", authors=("José Pérez", "X"), published="2024-02"))
    catalog.put(embedded("Text c.", "/c", authors=("Other",)))
    names = {info.id: info.source[1:] for info in catalog.documents()}
    assert "".join(sorted(names[found] for found in catalog.resolve(where))) == expected


def test_filter_by_beginnings_of_ids(catalog):
    item = embedded("Text a.")
    catalog.put(item)
    document_id = item.document.info.id
    assert catalog.resolve(Filter(documents=(document_id[:6].upper(),))) == {document_id}
    for wrong, found in (
        (document_id[:5], "six"),
        ("ffffff%", "no such"),
        ("0123456789abcdef", "no such"),
    ):
        with pytest.raises(FilterError, match=found) as raised:
            catalog.resolve(Filter(documents=(wrong,)))
        assert wrong in str(raised.value)


def test_an_ambiguous_beginning_is_refused(catalog):
    for text in ("One.", "Two."):
        item = embedded(text, f"/{text}")
        twin = replace(item.document.info, id="abcdef" + item.document.info.id[6:])
        passages = [replace(passage, document_id=twin.id) for passage in item.passages]
        catalog.put(replace(item, document=replace(item.document, info=twin), passages=passages))
    with pytest.raises(FilterError, match="several"):
        catalog.resolve(Filter(documents=("abcdef",)))


@pytest.mark.parametrize(
    "where", [Filter(after="2023-13"), Filter(before="2023-02-30"), Filter(authors=(" ",))]
)
def test_filters_that_mean_nothing_are_refused(catalog, where):
    with pytest.raises(FilterError):
        catalog.resolve(where)


def test_missing_unfinished_and_newer_catalogs(tmp_path, file):
    with pytest.raises(IndexMissingError, match="assistant index PATH --index"):
        Catalog(tmp_path / "none" / "catalog.sqlite3", writable=True)
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(IndexMissingError, match="interrupted"):
        Catalog(tmp_path / "empty.sqlite3", writable=True)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    connection.close()
    with pytest.raises(IndexFormatError, match="newer release"):
        Catalog(file, writable=True)


def test_vendor_errors_are_translated(tmp_path, catalog):
    (tmp_path / "junk.sqlite3").write_bytes(b"junk" * 5000)
    with pytest.raises(IndexDamagedError) as raised:
        Catalog(tmp_path / "junk.sqlite3", writable=True)
    assert type(raised.value.__cause__).__module__.startswith("sqlalchemy")
    with pytest.raises(IndexDamagedError):
        catalog.add_source("no such document", source("/docs/b.txt"))


def test_a_locked_catalog_is_busy_not_damaged(file, monkeypatch):
    monkeypatch.setattr("index.catalog.connection.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with closing(Catalog(file, writable=True)) as catalog, pytest.raises(IndexBusyError):
        catalog.put(embedded("Text."))
    other.close()


def test_sources_are_looked_up_some_at_a_time(catalog, monkeypatch):
    monkeypatch.setattr("index.catalog.files._MANY", 3)
    paths = [f"/docs/{n}.txt" for n in range(5)]
    paths += [f"/docs/a.zip!/{name}" for name in ("b.md", "Ü/z.md", "c.jsonl#line=1", "~")]
    paths += [
        "/docs/a.jsonl#line=1",
        "/docs/a.jsonl",
        "/docs/a.zip",
        "/docs/a.zip!x",
        "/docs/a.zipp",
    ]
    with catalog.together():
        for number, path in enumerate(paths):
            catalog.put(embedded(f"Text {number % 7} here.", path))
    assert catalog.revision == len(paths)
    assert [s.path for part in catalog.source_batches() for s, _ in part] == paths
    found = [s.path for part in catalog.sources_in("/docs/a.zip") for s, _ in part]
    assert found == [*paths[5:9], "/docs/a.zip"]
    assert [s.path for part in catalog.sources_in("/docs/a.jsonl") for s, _ in part] == paths[9:11]
    assert list(catalog.sources_at([*paths[:4], "/none"])) == paths[:4]
    held = catalog.sources()["/docs/1.txt"]
    known = catalog.sources().values()
    same = {s.path for s, _ in known if s.file_sha256 == held[0].file_sha256}
    assert len(same) == 2
    assert {s.path for s, _ in catalog.sources_with([held[0].file_sha256])} == same
    assert catalog.holders(held[1]) == 2
    assert catalog.holders("none") == 0


def test_a_source_moves(catalog):
    catalog.put(embedded("One text.", "/docs/a.txt"))
    catalog.put(embedded("Other text.", "/docs/b.txt"))
    before = catalog.content_revision()
    catalog.move_source("/docs/a.txt", source("/docs/new.txt"))
    assert [info.source for info in catalog.documents()] == ["/docs/b.txt", "/docs/new.txt"]
    assert catalog.content_revision() == before, "the stores need not know"
    catalog.move_source("/docs/new.txt", source("/docs/b.txt"))
    assert [info.source for info in catalog.documents()] == ["/docs/b.txt"]
    catalog.move_source("/none", source("/docs/c.txt"))
    assert list(catalog.sources()) == ["/docs/b.txt"]
