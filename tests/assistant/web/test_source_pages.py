"""The routes of the source pane, over a real index of files that come and go."""

import shutil
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from web_texts import run

from assistant import Assistant
from assistant.web.routes import add_error_form
from assistant.web.site import Site
from assistant.web.source_check import check_quote
from assistant.web.source_pages import add_source_pages
from index import Document, build
from index.types import DocumentInfo

BRIEF = Path(__file__).parents[3] / "eval/datasets/briefs/documents/01-arms-supplies.md"
HEADER = {"X-Verbatim": "1"}
WORDS = "no less than 94\npercent"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    shutil.copy(BRIEF, folder / "arms.md")
    build([folder / "arms.md"], folder / "arms.index")
    return folder


@pytest.fixture(scope="module")
def desk(folder):
    with Assistant.open(folder / "arms.index") as desk:
        yield desk


@pytest.fixture
def file(folder):
    """The indexed file, put back as it was."""
    yield folder / "arms.md"
    shutil.copy(BRIEF, folder / "arms.md")


@pytest.fixture
def app(desk):
    app = FastAPI()
    add_error_form(app)
    add_source_pages(app, Site(desk))
    return app


def ask(app, method, address, **options):
    async def send():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, address, **options)

    return run(send())


def check(app, values, headers=HEADER):
    return ask(app, "POST", "/app/source/quote", json=values, headers=headers)


@pytest.fixture
def quote(desk):
    (info,) = desk.documents()
    text = desk.document(info.id).text
    start = text.index(WORDS)
    return {"document": info.id, "start": start, "end": start + len(WORDS), "text": WORDS}


def test_a_document_is_given_with_its_text(app, quote):
    response = ask(app, "GET", f"/app/source/{quote['document']}?at={quote['start']}")
    assert response.status_code == 200
    assert f'data-document="{quote["document"]}"' in response.text
    assert WORDS in response.text
    assert "Mariam Sarkis" in response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["0" * 16, "abc", "0" * 15 + "%20"])
def test_a_document_that_is_not_there_is_said_to_be_gone(app, name):
    response = ask(app, "GET", f"/app/source/{name}")
    assert response.status_code == 200
    assert "not in the index anymore" in response.text
    assert "v-source-document" not in response.text


def test_the_beginning_of_an_id_is_no_id(app, quote):
    assert "v-source-gone" in ask(app, "GET", f"/app/source/{quote['document'][:8]}").text


def test_text_before_and_after_a_place(app, desk, quote):
    address = f"/app/source/{quote['document']}"
    length = len(desk.document(quote["document"]).text)
    assert ask(app, "GET", f"{address}/before/0").text == (
        '<div class="v-source-text" data-from="0" data-to="0"></div>'
    )
    assert f'data-from="{length}" data-to="{length}"' in ask(
        app, "GET", f"{address}/after/{length}"
    ).text  # fmt: skip
    assert f'data-to="{length}"' in ask(app, "GET", f"{address}/after/{quote['start']}").text
    assert 'data-from="0"' in ask(app, "GET", f"{address}/before/{quote['end']}").text
    assert ask(app, "GET", f"{address}/after/x").status_code == 400
    gone = ask(app, "GET", "/app/source/0000000000000000/after/5")
    assert 'data-from="5" data-to="5"' in gone.text


def test_a_quote_is_checked_and_comes_with_its_references(app, quote):
    found = check(app, quote).json()
    assert found["verbatim"] is True
    assert found["place"] == (
        f"Verbatim: characters {quote['start']:,}–{quote['end']:,} of arms.md, checked now."
    )
    assert (found["state"], found["warning"]) == ("unchanged", None)
    assert found["copies"]["plain"].startswith(f"“{WORDS}”\n— Mariam Sarkis: ")
    assert found["copies"]["markdown"].startswith("> no less than 94\n> percent\n")
    assert found["copies"]["bibtex"].startswith("@misc{sarkis2026")


@pytest.mark.parametrize(
    "changes",
    [{"text": WORDS.replace("94", "95")}, {"start": 0}, {"start": -10}, {"end": 10**9}, {"end": 0}],
)
def test_what_is_not_there_is_not_verbatim(app, quote, changes):
    found = check(app, {**quote, **changes}).json()
    assert found["verbatim"] is False
    assert found["place"].startswith("Not verbatim: characters ")
    assert found["copies"] is None


def test_a_changed_file_is_told_and_where_the_quote_is_now(app, file, quote):
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\nOne line more.\n", encoding="utf-8")
    found = check(app, quote).json()
    assert (found["verbatim"], found["state"]) == (True, "changed")
    assert found["warning"] == (
        "arms.md has changed since it was indexed. The quote still stands at the same place. "
        "What is shown is the text that was indexed."
    )
    assert "of the text of arms.md as it was indexed" in found["place"]
    file.write_text("New. " + text, encoding="utf-8")
    moved = f"The quote now stands at characters {quote['start'] + 5:,}–{quote['end'] + 5:,}."
    assert moved in check(app, quote).json()["warning"]
    file.write_text(text.replace("less than 94", "less than 49"), encoding="utf-8")
    assert "The quote is not in it anymore." in check(app, quote).json()["warning"]


def test_a_missing_file_is_told(app, file, quote):
    file.unlink()
    found = check(app, quote).json()
    assert (found["verbatim"], found["state"]) == (True, "missing")
    assert "arms.md is no longer where it was" in found["warning"]
    assert str(file.parent) not in found["warning"]


def test_a_file_that_is_no_text_anymore_is_told(app, file, quote):
    file.write_bytes(b"\x00\x01\x02" * 99)
    found = check(app, quote).json()
    assert found["state"] == "unreadable"
    assert "can no longer be read as text" in found["warning"]


def test_line_ends_and_byte_order_marks_change_nothing(app, file, quote):
    text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert check(app, quote).json()["state"] == "unchanged"


def test_one_unchanged_file_of_several_is_enough(tmp_path):
    from index.canonical import text_sha256

    (tmp_path / "copy.md").write_text("Same text.")
    (tmp_path / "other.md").write_text("Other text.")
    names = [str(tmp_path / name) for name in ("missing.md", "other.md", "copy.md", "a\0b.md")]
    info = DocumentInfo("x", None, (), None, None, names[0], text_sha256("Same text."))
    found = check_quote(Document(info, "Same text.", tuple(names)), 0, 4, "Same")
    assert found.state == "unchanged"
    found = check_quote(Document(info, "Same text.", tuple(names[:2])), 0, 4, "Same")
    assert found.state == "changed"


def test_a_quote_of_a_document_that_is_gone(app, quote):
    found = check(app, {**quote, "document": "0" * 16}).json()
    assert (found["verbatim"], found["state"], found["copies"]) == (False, "gone", None)


@pytest.mark.parametrize(
    "changes", [{"text": 5}, {"start": "0"}, {"end": True}, {"document": None}, {"end": 1.5}]
)
def test_a_request_of_another_form_is_refused(app, quote, changes):
    response = check(app, {**quote, **changes})
    assert response.status_code == 400
    assert "Expected a quote" in response.json()["error"]


def test_checking_needs_the_header_and_is_bounded(app, quote):
    assert check(app, quote, headers={}).status_code == 403
    assert check(app, {**quote, "text": "x" * 100_001}).status_code == 413


def test_the_address_of_a_document_is_shown_and_copied(app, desk, folder):
    (info,) = desk.documents()
    text = desk.document(info.id).text
    body = {"document": info.id, "start": text.index(WORDS), "text": WORDS}
    body["end"] = body["start"] + len(WORDS)
    address = "https://example.org/arms?a=1&b=2"
    sidecar = folder / "arms.md.meta.yaml"
    assert "<a " not in ask(app, "GET", f"/app/source/{info.id}").text
    sidecar.write_text(f"url: {address}\n")
    try:
        page = ask(app, "GET", f"/app/source/{info.id}").text
        copies = ask(app, "POST", "/app/source/quote", json=body, headers=HEADER).json()["copies"]
    finally:
        sidecar.unlink()
    link = 'href="https://example.org/arms?a=1&amp;b=2" target="_blank" rel="noopener noreferrer'
    assert link in page
    assert all(address in copied for copied in copies.values())
