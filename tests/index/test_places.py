import sqlite3

import pytest
from index_helpers import words_embedder, write_documents

from index import Document, DocumentInfo, Index, build
from index.catalog.damage import schema_trouble
from index.errors import IndexFormatError
from index.layout import FORMAT, Layout
from index.types import Place

PAGES = (Place(0, "page", "i"), Place(10, "page", "1"), Place(20, "page", "2"))


def document_of(places, text="x" * 30):
    info = DocumentInfo("0" * 16, None, (), None, None, "a.pdf", "0" * 64)
    return Document(info, text, ("a.pdf",), places=places)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 10, "page i"),
        (0, 11, "pages i–1"),
        (9, 25, "pages i–2"),
        (10, 20, "page 1"),
        (29, 30, "page 2"),
    ],
)
def test_pages_of_a_span(start, end, expected):
    assert document_of(PAGES).place_of(start, end) == expected


def test_places_of_other_kinds():
    mixed = (Place(0, "sheet", "Costs"), Place(5, "slide", "2"))
    assert document_of(mixed).place_of(0, 9) == "sheet Costs to slide 2"
    assert document_of(()).place_of(0, 9) is None


SEALS = [
    *(("documents", "seal"), ("documents", "parts_seal")),
    *(("passages", "seal"), ("passages", "vectors_seal")),
]


def of_format_1(index_dir):
    """Make a catalog what the first release made."""
    with sqlite3.connect(Layout(index_dir).catalog) as connection:
        connection.execute("ALTER TABLE documents DROP COLUMN places")
        connection.execute("ALTER TABLE documents DROP COLUMN url")
        for table, column in SEALS:
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
    connection.close()


def test_an_index_of_the_first_format_is_brought_up(tmp_path):
    write_documents(tmp_path / "docs", range(2))
    build([tmp_path / "docs"], tmp_path / "index", embedding_model=words_embedder())
    of_format_1(tmp_path / "index")
    report = build([tmp_path / "docs"], tmp_path / "index", embedding_model=words_embedder())
    assert len(report.unchanged) == 2
    with Index.open(tmp_path / "index", words_embedder()) as index:
        assert index.document(index.documents()[0].id).places == ()
    with sqlite3.connect(Layout(tmp_path / "index").catalog) as connection:
        found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    connection.close()
    assert found == (str(FORMAT),)


def test_one_that_cannot_be_changed_is_refused(tmp_path, monkeypatch):
    write_documents(tmp_path / "docs", range(2))
    build([tmp_path / "docs"], tmp_path / "index", embedding_model=words_embedder())
    of_format_1(tmp_path / "index")
    monkeypatch.setattr(Layout, "is_writable", property(lambda layout: False))
    with pytest.raises(IndexFormatError, match="has to be changed once"):
        Index.open(tmp_path / "index", words_embedder())


def test_one_of_the_second_format_without_an_index_of_contents_gets_it(tmp_path):
    write_documents(tmp_path / "docs", range(2))
    build([tmp_path / "docs"], tmp_path / "index", embedding_model=words_embedder())
    catalog = Layout(tmp_path / "index").catalog
    with sqlite3.connect(catalog) as connection:
        connection.execute("DROP INDEX sources_by_content")
        connection.execute("ALTER TABLE documents DROP COLUMN url")
        for table, column in SEALS:
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
    connection.close()
    Index.open(tmp_path / "index", words_embedder()).close()
    assert schema_trouble(catalog) is None
