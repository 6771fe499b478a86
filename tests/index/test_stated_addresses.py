"""The address that a document states of itself: read, kept, and never asked for."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from index_helpers import query_embedder, words_embedder
from sqlalchemy import create_engine, text

from index import Index, build
from index.catalog import Catalog
from index.errors import IndexFormatError
from index.layout import FORMAT, Layout
from index.sources import read_info
from index.web_address import web_address

ADDRESS = "https://example.org/mill"
SENTENCE = "The mill of Dunsay was sold in 1890, and its wheel was taken to the museum of the town."
PAGE = f"<html><head>{{}}</head><body><h1>The mill</h1><p>{SENTENCE}</p></body></html>"
NEWS = {"@type": "NewsArticle", "headline": "The mill"}


def linked(data):
    return PAGE.format(f'<script type="application/ld+json">{json.dumps(data)}</script>')


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", f"---\nurl: {ADDRESS}\n---\n# The mill\n\n{SENTENCE}\n"),
        ("a.html", PAGE.format(f'<link rel="Canonical nofollow" href="{ADDRESS}">')),
        ("a.html", PAGE.format(f'<meta property="og:url" content="{ADDRESS}">')),
        (
            "a.html",
            PAGE.format(f'<link rel=canonical href="/mill"><meta name=og:url content={ADDRESS}>'),
        ),
        ("a.html", linked({**NEWS, "url": ADDRESS})),
        ("a.html", linked({**NEWS, "mainEntityOfPage": {"@type": "WebPage", "@id": ADDRESS}})),
        ("a.html", linked({**NEWS, "url": "ftp://example.org", "mainEntityOfPage": ADDRESS})),
        ("a.json", json.dumps({"text": SENTENCE, "url": ADDRESS})),
        ("a.json", json.dumps({"text": SENTENCE, "metadata": {"link": ADDRESS}})),
        ("a.eml", f"From: a@b.org\nSubject: Mill\nArchived-At: <{ADDRESS}>\n\n{SENTENCE}\n"),
    ],
)
def test_it_is_read(tmp_path, name, content):
    file = tmp_path / name
    file.write_text(content)
    info = read_info(file)
    assert (info.url, dict(info.found)["url"]) == (
        ADDRESS,
        "front_matter" if name == "a.md" else "embedded",
    )
    (tmp_path / f"{name}.meta.yaml").write_text("url: https://example.org/beside\n")
    assert read_info(file).url == "https://example.org/beside"
    (tmp_path / f"{name}.meta.yaml").write_text("edited: [url]\n")
    assert read_info(file).url is None


@pytest.mark.parametrize(
    "stated",
    [
        *("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//example.org/a", ""),
        *("https://", "https://user:secret@example.org/", "https://a b/", "https://example.org:0/"),
        *(
            "http://[::1",
            "https://example.org/\u0085x",
            "https://example.org/\ud800",
            None,
            ["x"],
            5,
        ),
        "https://example.org/" + "x" * 2_000,
    ],
)
def test_what_is_no_address_is_none(stated):
    assert web_address(stated) is None


def test_an_address_may_be_in_any_script():
    assert web_address(" http://münchen.example/mühle ") == "http://münchen.example/mühle"


def test_it_is_kept_and_changed_without_embedding(tmp_path):
    file = tmp_path / "docs" / "mill.md"
    file.parent.mkdir()
    file.write_text(f"---\nurl: {ADDRESS}\npublisher: The Times\n---\n# The mill\n\n{SENTENCE}\n")
    build([file], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        assert index.documents()[0].url == ADDRESS
    beside = file.with_name("mill.md.meta.yaml")
    beside.write_text("url: https://example.org/new\npublisher: The Globe\n")
    report = build([file], tmp_path / "index", embedding_model=query_embedder())
    assert (len(report.changed), report.failed, report.passages) == (1, (), 2)
    with Index.open(tmp_path / "index", words_embedder()) as index:
        (info,) = index.documents()
        assert (info.url, info.publisher) == ("https://example.org/new", "The Globe")
        assert index.search("Where is the wheel of the mill?")[0].document == info
    beside.write_text("title: The wheel\n")  # which is embedded with each passage
    with pytest.raises(AssertionError, match="embedded again"):
        build([file], tmp_path / "index", embedding_model=query_embedder())


LATER = [
    *("documents DROP COLUMN seal", "documents DROP COLUMN parts_seal"),
    *("passages DROP COLUMN seal", "passages DROP COLUMN vectors_seal"),
    "documents DROP COLUMN url",
]
STEPS_BACK = {
    2: [f"ALTER TABLE {each}" for each in LATER],
    1: [f"ALTER TABLE {each}" for each in (*LATER, "documents DROP COLUMN places")],
}


@pytest.mark.parametrize("version", [1, 2])
def test_older_indexes_are_brought_up(tmp_path, version):
    file = tmp_path / "mill.md"
    file.write_text(f"---\nurl: {ADDRESS}\n---\n# The mill\n\n{SENTENCE}\n")
    build([file], tmp_path / "index", embedding_model=words_embedder())
    path = Layout(tmp_path / "index").catalog
    with sqlite3.connect(path) as connection:
        for statement in STEPS_BACK[version]:
            connection.execute(statement)
        connection.execute(f"UPDATE meta SET value = '{version}' WHERE key = 'format'")
    connection.close()
    with Index.open(tmp_path / "index", words_embedder()) as index:
        assert index.documents()[0].url is None
        assert index.search("Where is the wheel?")[0].passage.text.strip().endswith("the town.")
    assert build([file], tmp_path / "index", embedding_model=query_embedder()).unchanged
    file.write_text(file.read_text() + "\n")  # read anew
    build([file], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        assert index.documents()[0].url == ADDRESS


def test_a_newer_one_is_refused_with_a_way_out(tmp_path):
    Catalog.create(tmp_path / "catalog.sqlite3", model="", fingerprint="").close()
    with sqlite3.connect(tmp_path / "catalog.sqlite3") as connection:
        connection.execute(f"UPDATE meta SET value = '{FORMAT + 1}' WHERE key = 'format'")
    connection.close()
    expected = rf"has format {FORMAT + 1}, and this release reads up to {FORMAT}\. Install a newer"
    with pytest.raises(IndexFormatError, match=expected):
        Catalog(tmp_path / "catalog.sqlite3", writable=True)


@pytest.mark.parametrize("version", [1, 2])
def test_on_a_server_two_machines_bring_one_up_at_once(postgres, version):
    url = postgres.new_database()
    Catalog.create(url, model="m", fingerprint="f").close()
    engine = create_engine(url)
    with engine.begin() as connection:
        if version == 1:
            connection.execute(text("DROP INDEX sources_by_content"))
        for statement in STEPS_BACK[version]:
            connection.execute(text(statement))
        connection.execute(text(f"UPDATE meta SET value = '{version}' WHERE key = 'format'"))
    with ThreadPoolExecutor(3) as machines:
        opened = [machines.submit(Catalog, url, writable=True) for _ in range(3)]
    for each in opened:
        each.result().close()
    catalog = Catalog(url, writable=True)
    assert catalog.documents() == []
    catalog.close()
    with engine.begin() as connection:
        found = connection.execute(text("SELECT value FROM meta WHERE key = 'format'")).scalar_one()
    engine.dispose()
    assert int(found) == FORMAT
