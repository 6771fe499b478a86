import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from web_texts import run

from assistant.web.delivery import FOREVER, Delivery

TEXT = "All work and no play. " * 200


def answer(request: Request) -> Response:
    return Response(TEXT, 404 if "gone" in request.url.path else 200, media_type="text/html")


def get(path):
    app = Delivery(Starlette(routes=[Route("/{path:path}", answer)]))

    async def ask():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers={"Accept-Encoding": "gzip"})

    return run(ask())


@pytest.mark.parametrize("path", ["/", "/reports/briefs/report.html"])
def test_pages_are_packed(path):
    response = get(path)
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(TEXT) / 10
    assert response.text == TEXT
    assert "cache-control" not in response.headers


@pytest.mark.parametrize("path", ["/app/library", "/signin", "/v1/chat/completions", "/config"])
def test_what_answers_to_visitors_is_not(path):
    response = get(path)
    assert "content-encoding" not in response.headers
    assert "cache-control" not in response.headers


def test_files_named_by_their_content_are_kept():
    assert get("/assets/index-DphvyggB.js").headers["cache-control"] == FOREVER
    assert "cache-control" not in get("/assets/index-goneXXXX.js").headers
    assert "cache-control" not in get("/assets/index.js").headers
    assert "cache-control" not in get("/static/img/index-DphvyggB.js").headers
