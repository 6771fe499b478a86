"""E-books made by pandoc and LibreOffice, and small ones made by hand, hostile ones among them."""

import io
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from document_programs import program
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder

from index import Index, build
from index.canonical import canonical_text
from index.errors import UnreadableFileError
from index.loaders.epub import archive, load
from index.sources import read_document

BOOK = Path(__file__).parent / "pages" / "book.markdown"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/package.opf"/></rootfiles></container>'
)
ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
    'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod '
    'Algorithm="{algorithm}"/><e:CipherData><e:CipherReference URI="{path}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)


def page(text):
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>x</title></head><body>{text}</body></html>"
    )


def package(pages, metadata="", extra=""):
    items = "".join(
        f'<item id="i{n}" href="{path}" media-type="application/xhtml+xml"/>'
        for n, path in enumerate(pages)
    )
    refs = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"{metadata}</metadata><manifest>{items}{extra}</manifest><spine>{refs}</spine></package>"
    )


def book(pages, metadata="", extra="", files=(), **replaced):
    """An EPUB of pages by path, which is percent-encoded in the package as it has to be.

    Args:
        pages: the body of each.
        metadata: elements of the package.
        extra: more of its items.
        files: other files of the archive, by path.
        replaced: `package`, to write another one.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("mimetype", "application/epub+zip")
        zipped.writestr("META-INF/container.xml", CONTAINER)
        paths = [path.replace(" ", "%20") for path in pages]
        own = package(paths, metadata, extra)
        zipped.writestr("OPS/package.opf", replaced.get("package", own))
        for path, text in pages.items():
            zipped.writestr(f"OPS/{path}", page(text))
        for path, text in dict(files).items():
            zipped.writestr(path, text)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["epub2", "epub3"])
def test_pandoc_book(tmp_path, kind):
    path = tmp_path / "book.epub"
    subprocess.run([program("pandoc"), "-t", kind, BOOK, "-o", path], check=True)
    document, passages = read_document(path)
    info = document.info
    assert (info.title, info.authors) == ("The lamp keepers", ("Maren Holt", "Idris Okafor"))
    assert (info.publisher, info.published) == ("Lintel Press", "1998-04-09")
    assert info.language == "en-GB"
    labels = {s.text: p.label for p in passages for s in p.sentences}
    assert labels["The lamp was lit in 1871."] == "body"
    assert labels["Pilot board, letter of May."] == "notes"
    for quote, place in (
        ("Chapter 1: The island", "chapter 1: The island"),
        ("The rock is gneiss.", "chapter 1: The island"),
        ("The keeper", "chapter The keeper"),
        ("- Year: 1891; Oil (litres): 395", "chapter The keeper"),
    ):
        start = document.text.index(quote)
        assert document.place_of(start, start + len(quote)) == place


def test_quotes_of_a_book_are_slices_with_their_chapter(tmp_path):
    path = tmp_path / "book.epub"
    subprocess.run([program("pandoc"), BOOK, "-o", path], check=True)
    build([path], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", embedder=words_embedder()) as index:
        hit = index.search("kept goats and a diary", k=1)[0]
        document = index.document(hit.document.id)
    sentence = next(s for s in hit.passage.sentences if "goats" in s.text)
    assert canonical_text(path)[sentence.start : sentence.end] == sentence.text
    assert document.place_of(sentence.start, sentence.end) == "chapter The keeper"


def test_libreoffice_book(tmp_path):
    office = program("soffice")
    subprocess.run([program("pandoc"), BOOK, "-o", tmp_path / "book.odt"], check=True)
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    convert = ["--convert-to", "epub", "--outdir", tmp_path, tmp_path / "book.odt"]
    subprocess.run([*command, *convert], check=True, capture_output=True, timeout=120)
    loaded = load((tmp_path / "book.epub").read_bytes(), "book.epub")
    assert "Nobody had asked the fishermen." in loaded.text
    assert "| 1891 | 395 |" in loaded.text
    assert loaded.fields["title"] == "The lamp keepers"


def test_parts_of_a_chapter_belong_to_it_and_notes_are_found_in_their_own_file():
    nav = (
        '<nav epub:type="toc"><ol><li><a href="a%20b.xhtml">Chapter One</a><ol>'
        '<li><a href="a%20b.xhtml#s">Within</a></li></ol></li><li><a href="d.xhtml">Two</a></li>'
        "</ol></nav>"
    )
    data = book(
        {
            "cover.xhtml": "<h1>A book</h1>",
            "a b.xhtml": '<p>First<a epub:type="noteref" href="notes.xhtml#n">1</a>.'
            '<span epub:type="pagebreak" title="7">7</span></p><p id="s">Within it.</p>',
            "c.xhtml": "<p>Second half.</p>",
            "d.xhtml": "<p>Two.</p>",
            "notes.xhtml": '<aside id="n" epub:type="footnote"><p>1. A note.</p></aside>',
        },
        extra='<item id="nav" properties="nav" href="nav.xhtml"/>',
        files={"OPS/nav.xhtml": page(nav)},
    )
    loaded = load(data, "book.epub")
    assert loaded.text == (
        "# A book\n\nFirst[^1].\n\nWithin it.\n\nSecond half.\n\nTwo.\n\n[^1]: A note.\n"
    )
    assert [(loaded.text[p.start :][:5], p.name) for p in loaded.places] == [
        ("# A b", "Front matter"),
        ("First", "One"),
        ("Two.\n", "Two"),
    ]


def test_book_of_one_file_has_its_chapters_by_anchor():
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>'
        '<navPoint><navLabel><text>One</text></navLabel><content src="all.xhtml#one"/></navPoint>'
        '<navPoint><navLabel><text>Two</text></navLabel><content src="all.xhtml#two"/></navPoint>'
        "</navMap></ncx>"
    )
    data = book(
        {"all.xhtml": '<h2 id="one">One</h2><p>First.</p><div id="two"><p>Second.</p></div>'},
        extra='<item id="n" href="toc.xml" media-type="application/x-dtbncx+xml"/>',
        files={"OPS/toc.xml": ncx},
    )
    loaded = load(data, "book.epub")
    assert [(loaded.text[p.start :][:6], p.name) for p in loaded.places] == [
        ("## One", "One"),
        ("Second", "Two"),
    ]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("<dc:title>Untitled</dc:title><dc:creator>Unknown</dc:creator>", {}),
        (
            '<dc:creator opf:role="ill">Al Ill</dc:creator><dc:creator opf:role="aut">Ada Moe'
            '</dc:creator><dc:date opf:event="modification">2020-01-01</dc:date>'
            '<dc:date opf:event="publication">1999</dc:date>',
            {"authors": ["Ada Moe"], "published": "1999"},
        ),
        (
            '<dc:title id="s">The subtitle</dc:title><dc:title id="m">The main one</dc:title>'
            '<meta refines="#s" property="title-type">subtitle</meta>'
            '<meta refines="#m" property="title-type">main</meta><dc:creator id="c">Bo Trans'
            '</dc:creator><meta refines="#c" property="role">trl</meta>'
            '<meta property="dcterms:modified">2020-01-01T00:00:00Z</meta>'
            "<dc:date>2001-02-03T00:00:00+00:00</dc:date>",
            {"title": "The main one", "published": "2001-02-03"},
        ),
    ],
)
def test_fields_of_a_book(metadata, expected):
    assert dict(load(book({"a.xhtml": "<p>Text.</p>"}, metadata), "b.epub").fields) == expected


def test_pages_that_are_not_xml_are_read_as_html():
    data = book({"a.xhtml": "<p>Fish &amp; chips&nbsp;<br>open <b>tag<p>Second"})
    assert load(data, "b.epub").text == "Fish & chips\nopen tag\n\nSecond\n"


def test_chapter_that_is_missing_is_told():
    extra = '<item id="i1" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    own = package(["a.xhtml"], extra=extra).replace("</spine>", '<itemref idref="i1"/></spine>')
    loaded = load(book({"a.xhtml": "<p>Text.</p>"}, package=own), "b.epub")
    assert loaded.notes == ("OPS/gone.xhtml: named by the book and missing from it",)


def test_locked_book_says_so():
    files = {"META-INF/encryption.xml": ENCRYPTED.format(algorithm="aes", path="OPS/a.xhtml")}
    with pytest.raises(UnreadableFileError, match=r"encrypted \(DRM\)"):
        load(book({"a.xhtml": "<p>Text.</p>"}, files=files), "b.epub")


def test_hidden_fonts_lock_nothing():
    for algorithm, path in (
        ("http://www.idpf.org/2008/embedding", "OPS/font.otf"),
        ("aes", "OPS/picture.jpg"),
    ):
        files = {"META-INF/encryption.xml": ENCRYPTED.format(algorithm=algorithm, path=path)}
        assert load(book({"a.xhtml": "<p>Text.</p>"}, files=files), "b.epub").text == "Text.\n"


def test_book_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "_TEXT_BYTES", 100_000)
    bomb = book({"a.xhtml": "<p>" + "lol " * 1_000_000 + "</p>"})
    assert len(bomb) < 20_000
    with pytest.raises(UnreadableFileError, match="at most"):
        load(bomb, "b.epub")


def test_a_bomb_is_refused_still_packed(monkeypatch):
    """By what one file unpacks to, and by what all do: nothing of it is unpacked or parsed."""
    read = []
    unpack = archive.Archive.read
    monkeypatch.setattr(
        archive.Archive, "read", lambda self, path: read.append(path) or unpack(self, path)
    )
    monkeypatch.setattr(archive, "NEVER_A_BOMB", 100_000)
    monkeypatch.setattr(archive, "_TEXT_BYTES", 2_000_000)
    spaces = {"a.xhtml": " " * 1_000_000}
    letters = {f"{n}.xhtml": f"<p>{n * 'ab '}</p>" * 100 for n in range(1, 121)}
    for pages, why in ((spaces, "200 times"), (letters, "at most 2 MB")):
        with pytest.raises(UnreadableFileError, match=why):
            load(book(pages), "b.epub")
    assert not [path for path in read if path.endswith(".xhtml")]


def test_a_size_that_is_a_lie_unpacks_no_further():
    data = book({"a.xhtml": "<p>" + "lol " * 1_000_000 + "</p>"})
    size = (1_000_000 * 4 + len(page("<p></p>"))).to_bytes(4, "little")
    assert data.count(size) == 2
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFileError, match="damage"):
            load(data.replace(size, (4_000).to_bytes(4, "little")), "b.epub")
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_entities_of_a_package_are_not_expanded():
    bomb = package(["a.xhtml"], "<dc:title>&b;</dc:title>")
    bomb = '<!DOCTYPE package [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + bomb
    data = book({"a.xhtml": "<p>Text.</p>"}, package=bomb)
    assert "lol" not in load(data, "b.epub").fields.get("title", "")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b"<html>", "something else"),
        (b"PK\x03\x04" + b"x" * 50, "damage"),
        (book({"a.xhtml": "<p>Text.</p>"})[:300], "damage"),
        (book({"a.xhtml": "<img/>"}), "pictures"),
        (book({}), "pictures"),
        (book({"a.xhtml": "<div>" * 1_000 + "deep"}), "nested"),
    ],
)
def test_unreadable_books_say_why(data, found):
    with pytest.raises(UnreadableFileError, match=found):
        load(data, "b.epub")


def test_other_archive_is_no_book():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        zipped.writestr("a.txt", "text")
    with pytest.raises(UnreadableFileError, match="another zip archive"):
        load(stream.getvalue(), "b.epub")


WHOLE = book({"a.xhtml": "<h1>One</h1><p>Text.</p>"}, "<dc:title>T</dc:title>")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)).map(
            lambda change: WHOLE[: change[0]] + bytes([change[1]]) + WHOLE[change[0] + 1 :]
        ),
        st.integers(0, len(WHOLE)).map(lambda end: WHOLE[:end]),
    )
)
def test_any_bytes_are_a_book_or_refused(data):
    try:
        loaded = load(data, "b.epub")
    except UnreadableFileError:
        return
    assert loaded.text.strip()
    assert not loaded.places or loaded.places[0].start == 0
