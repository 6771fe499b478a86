"""`/app/source/...`: a document's text and pages for the source pane, and a quote's check."""

import re
from typing import Any

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from assistant.addresses import address_of
from assistant.references import STYLES, reference
from assistant.types import Citation, Quote
from assistant.web.routes import Refused, read_json, require_header
from assistant.web.site import Site, user_of
from assistant.web.source_check import check_quote
from assistant.web.source_paging import Images, paged_file, pages_of
from assistant.web.source_view import (
    Window,
    document_html,
    gone_html,
    parts_of,
    window_after,
    window_around,
    window_before,
    window_html,
)
from index.errors import InputError, UnreadableFileError
from index.types import Document, Span

MOST_QUOTE_BYTES = 100_000
"""Of a request to check a quote, whose text is sent along."""
GONE = (
    "This document is not in the index anymore: it was removed, or indexed again after it had "
    "changed. Ask again to have an answer from what is there now."
)
NOT_PAGED = (
    "Its pages cannot be shown: no file with the text that was indexed is there anymore, or none "
    "has pages."
)
MOST_SPANS = 200
"""Of a request for the places of quotes on pages."""
HEADERS = {
    # It is a part of a page; opened by itself it shows text, and nothing in it runs.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store",  # a shared computer must not keep private documents
}
_ID = re.compile(r"[0-9a-f]{16}")


def add_source_pages(app: FastAPI, site: Site) -> None:
    """Serve what the source pane shows.

    Args:
        app: gets the routes, before the chat's page is mounted.
        site: has the documents.
    """

    @app.get("/app/source/{document_id}")
    def source_window(request: Request, document_id: str, at: int = 0) -> HTMLResponse:
        """A document's head, and its text around a place: all of it unless it is long."""
        document = _document(site, request, document_id)
        if document is None:
            return HTMLResponse(gone_html(GONE), headers=HEADERS)
        window = window_around(document.text, parts_of(document), at)
        address = address_of(document.info)
        return HTMLResponse(document_html(document, window, address), headers=HEADERS)

    @app.get("/app/source/{document_id}/before/{place}")
    def source_before(request: Request, document_id: str, place: int) -> HTMLResponse:
        """The text that ends at a place."""
        document = _document(site, request, document_id)
        if document is None:
            return _window(None, place)
        return _window(window_before(document.text, parts_of(document), place), place)

    @app.get("/app/source/{document_id}/after/{place}")
    def source_after(request: Request, document_id: str, place: int) -> HTMLResponse:
        """The text that begins at a place."""
        document = _document(site, request, document_id)
        if document is None:
            return _window(None, place)
        return _window(window_after(document.text, parts_of(document), place), place)

    images = Images()

    @app.get("/app/source/{document_id}/page/{number}")
    def source_page(request: Request, document_id: str, number: int, width: int = 960) -> Response:
        """A page of a document's file as an image, while the file is what was indexed."""
        document = _document(site, request, document_id)
        paged = None if document is None else paged_file(document)
        if paged is None:
            raise Refused(GONE if document is None else NOT_PAGED, 404)
        try:
            image = images.get(paged, number, width)
        except UnreadableFileError as error:
            raise Refused(str(error).removeprefix(f"{paged.name}: "), 404) from error
        if image is None:
            raise Refused("Other pages are being painted. Try again in a moment.", 503)
        return Response(image, media_type="image/png", headers=HEADERS)

    @app.post("/app/source/pages", dependencies=[Depends(require_header)])
    async def source_pages(request: Request) -> dict[str, Any]:
        """The pages of a document's file, and where quotes stand on them."""
        name, spans = _spans_in(await read_json(request))
        document = await run_in_threadpool(_document, site, request, name)
        paged = None if document is None else await run_in_threadpool(paged_file, document)
        if paged is None:
            return {"refused": GONE if document is None else NOT_PAGED}
        return await run_in_threadpool(pages_of, paged, spans)

    @app.post("/app/source/quote", dependencies=[Depends(require_header)])
    async def source_quote(request: Request) -> dict[str, Any]:
        """Compares a quote with its document and file once more, and gives its references."""
        quote = _quote_in(await read_json(request, MOST_QUOTE_BYTES))
        document = await run_in_threadpool(_document, site, request, quote[0])
        return await run_in_threadpool(_checked, document, *quote[1:])


def _document(site: Site, request: Request, document_id: str) -> Document | None:
    """A document of those the visitor may read; None where it is not, or no longer, among them."""
    if not _ID.fullmatch(document_id):
        return None
    try:
        return site.desk(user_of(request.scope)).document(document_id)
    except InputError:
        return None


def _window(window: Window | None, place: int) -> HTMLResponse:
    """A window; an empty one where there is nothing more, or the document is gone."""
    return HTMLResponse(window_html(window or Window("", place, place)), headers=HEADERS)


def _quote_in(values: dict[str, Any]) -> tuple[str, int, int, str]:
    document, start, end, text = (values.get(n) for n in ("document", "start", "end", "text"))
    if (
        not (isinstance(document, str) and isinstance(text, str))
        or type(start) is not int
        or type(end) is not int
    ):
        raise Refused("Expected a quote: its document, start, end and text. Reload the page.")
    return document, start, end, text


def _spans_in(values: dict[str, Any]) -> tuple[str, list[Span]]:
    document, spans = values.get("document"), values.get("spans")
    if not isinstance(document, str) or not isinstance(spans, list) or len(spans) > MOST_SPANS:
        raise Refused("Expected a document and the spans of its quotes. Reload the page.")
    found = [tuple(span) for span in spans if isinstance(span, list)]
    if len(found) < len(spans) or any(
        len(span) != 2 or any(type(each) is not int for each in span) for span in found
    ):
        raise Refused("Expected spans as pairs of numbers. Reload the page.")
    return document, [(start, end) for start, end in found]


def _checked(document: Document | None, start: int, end: int, text: str) -> dict[str, Any]:
    if document is None:
        return {"verbatim": False, "place": GONE, "state": "gone", "warning": None, "copies": None}
    found = check_quote(document, start, end, text)
    copies = None
    if found.is_verbatim:
        quote = Quote.slice(document.text, start, end)
        place = document.place_of(start, end)
        citation = Citation(1, quote, document.info, passage_id="", place=place)
        address = address_of(document.info)
        copies = {style: reference(citation, style, address) for style in STYLES}
    return {
        "verbatim": found.is_verbatim,
        "place": found.place,
        "state": found.state,
        "warning": found.warning,
        "copies": copies,
    }
