"""The routes that show a document's file as pages, over files that come and go."""

import io
import shutil
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from source_desk import QuotingDesk
from web_texts import run

from assistant import Assistant
from assistant.keeping_commands import write_bundle
from assistant.verify import verify
from assistant.web.routes import add_error_form
from assistant.web.site import Site
from assistant.web.source_pages import NOT_PAGED, add_source_pages
from index import build

BRIEFS = Path(__file__).parents[2] / "index" / "pdfs" / "briefs.pdf"
HEADER = {"X-Verbatim": "1"}
WORDS = "covers the bill with cheap loans: at least $300 million since 2020"


@pytest.fixture
def file(tmp_path):
    return Path(shutil.copy(BRIEFS, tmp_path / "briefs.pdf"))


@pytest.fixture
def desk(file):
    return QuotingDesk([file], [WORDS])


@pytest.fixture
def document(desk):
    (info,) = desk.documents()
    return desk.document(info.id)


@pytest.fixture
def app(desk):
    app = FastAPI()
    add_error_form(app)
    add_source_pages(app, Site(desk))
    return app


def ask(app, method, address, **options):
    async def send():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, address, **options)

    return run(send())


def places(app, document_id, *spans, headers=HEADER):
    values = {"document": document_id, "spans": [list(span) for span in spans]}
    return ask(app, "POST", "/app/source/pages", json=values, headers=headers)


def test_a_quote_is_placed_on_its_page(app, document):
    start = document.text.index(WORDS)
    found = places(app, document.info.id, (start, start + len(WORDS))).json()
    assert [page["label"] for page in found["pages"]] == ["i", "1", "2", "3", "4"]
    ((mark,),) = found["marks"]
    assert mark["page"] == 2
    assert document.place_of(start, start + len(WORDS)) == "page 1"
    assert len(mark["boxes"]) == 3
    assert all(0 < each < 1 for box in mark["boxes"] for each in box)


def test_a_page_is_an_image_that_is_not_kept(app, document):
    response = ask(app, "GET", f"/app/source/{document.info.id}/page/2?width=700")
    assert response.headers["content-type"] == "image/png"
    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert Image.open(io.BytesIO(response.content)).width == 960
    again = ask(app, "GET", f"/app/source/{document.info.id}/page/2?width=99999")
    assert Image.open(io.BytesIO(again.content)).width == 1920


@pytest.mark.parametrize("page", ["0", "6", "-1"])
def test_a_page_that_is_not_there(app, document, page):
    response = ask(app, "GET", f"/app/source/{document.info.id}/page/{page}")
    assert response.status_code == 404
    assert response.json()["error"].startswith("expected a page from 1 to 5")


def test_a_document_says_whether_it_has_pages(app, document, tmp_path):
    assert " data-paged" in ask(app, "GET", f"/app/source/{document.info.id}").text
    (tmp_path / "plain.md").write_text("# Plain\n\nNo pages here at all.\n", encoding="utf-8")
    desk = QuotingDesk([tmp_path / "plain.md"], [])
    other = FastAPI()
    add_source_pages(other, Site(desk))
    (info,) = desk.documents()
    assert " data-paged" not in ask(other, "GET", f"/app/source/{info.id}").text
    assert places(other, info.id, (0, 5)).json() == {"refused": NOT_PAGED}


@pytest.mark.parametrize("what", ["changed", "missing", "damaged"])
def test_no_pages_of_a_file_that_is_not_what_was_indexed(app, document, file, what):
    if what == "missing":
        file.unlink()
    else:
        data = file.read_bytes()
        file.write_bytes(data[:2000] if what == "damaged" else other_text())
    assert places(app, document.info.id, (0, 5)).json() == {"refused": NOT_PAGED}
    response = ask(app, "GET", f"/app/source/{document.info.id}/page/1")
    assert (response.status_code, response.json()) == (404, {"error": NOT_PAGED})


def other_text():
    from pypdfium2 import PdfDocument

    document, stream = PdfDocument(BRIEFS), io.BytesIO()
    document.del_page(0)
    document.save(stream)
    document.close()
    return stream.getvalue()


def test_other_documents_have_no_pages_for_a_visitor(app):
    assert "refused" in places(app, "0" * 16, (0, 5)).json()
    assert ask(app, "GET", f"/app/source/{'0' * 16}/page/1").status_code == 404


@pytest.mark.parametrize(
    "values", [{}, {"document": "a" * 16, "spans": [[1]]}, {"document": "a", "spans": [[1, "2"]]}]
)
def test_requests_that_are_no_question_for_pages(app, values):
    response = ask(app, "POST", "/app/source/pages", json=values, headers=HEADER)
    assert response.status_code == 400


def test_pages_want_the_header_of_the_page(app, document):
    assert places(app, document.info.id, (0, 5), headers={}).status_code == 403


def test_a_bundle_that_cites_a_pdf_is_verified_offline(file, tmp_path):
    build([file], tmp_path / "index")
    with Assistant.open(tmp_path / "index") as desk:
        answer = desk.answer("How large were the cheap loans since 2020?")
        assert answer.citations
        assert answer.citations[0].place == "page 1"
        write_bundle(tmp_path / "bundle.json", answer, desk)
    assert verify(tmp_path / "bundle.json").is_well
    file.write_bytes(other_text())
    assert {each.state for each in verify(tmp_path / "bundle.json").verdicts} <= {"moved", "exact"}
    file.write_bytes(b"%PDF-1.7 nothing")
    assert {each.state for each in verify(tmp_path / "bundle.json").verdicts} == {"missing"}
