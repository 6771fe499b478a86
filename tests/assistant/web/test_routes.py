import asyncio

import httpx
import pytest
from fastapi import Depends, FastAPI
from starlette.requests import Request

from assistant.errors import GroundingError, QuestionError
from assistant.web.routes import Refused, add_error_form, read_json, require_header


@pytest.fixture
def client():
    app = FastAPI()
    add_error_form(app)

    @app.post("/app/echo")
    async def echo(request: Request):
        require_header(request)
        return await read_json(request, 100)

    @app.post("/app/depends", dependencies=[Depends(require_header)])
    def depends(number: int):
        return {"number": number}

    @app.get("/app/fails/{how}")
    def fails(how: str):
        raise {
            "refused": Refused("Wait a little.", 429, {"Retry-After": "7"}),
            "input": QuestionError("Expected a question, got none."),
            "known": GroundingError("A quote is not verbatim."),
            "bug": RuntimeError("secret"),
        }[how]

    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(
        transport=transport, base_url="http://test", headers={"X-Verbatim": "1"}
    )


def run(job):

    return asyncio.run(job)


def test_an_object_is_read(client):
    assert run(client.post("/app/echo", json={"a": [1, "é"]})).json() == {"a": [1, "é"]}


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "Expected a JSON object in UTF-8"),
        (b"{", 400, "Expected a JSON object in UTF-8"),
        (b'{"a": NaN}', 400, "Expected a JSON object in UTF-8"),
        (b'{"a": ["\\ud800"]}', 400, "half of a surrogate pair"),
        (b'{"a": "\xff"}', 400, "Expected a JSON object in UTF-8"),
        (b"[" * 90, 400, "Expected a JSON object in UTF-8"),
        (b"[1]", 400, "found a list"),
        (b"7", 400, "found a number"),
        (b'{"a": "' + b"x" * 100 + b'"}', 413, "at most 100 bytes"),
    ],
)
def test_anything_else_is_refused(client, body, status, message):
    response = run(client.post("/app/echo", content=body))
    assert response.status_code == status
    assert message in response.json()["error"]


def test_a_body_of_no_announced_length_is_counted_too(client):
    async def chunks():
        for _ in range(30):
            yield b"          "

    assert run(client.post("/app/echo", content=chunks())).status_code == 413


@pytest.mark.parametrize("path", ["/app/echo", "/app/depends?number=1"])
def test_what_changes_something_needs_the_header(client, path):
    response = run(client.post(path, json={}, headers={"X-Verbatim": "0"}))
    assert (response.status_code, "X-Verbatim" in response.json()["error"]) == (403, True)
    assert run(client.post(path, json={})).status_code == 200


@pytest.mark.parametrize(
    ("how", "status", "message"),
    [
        ("refused", 429, "Wait a little."),
        ("input", 400, "Expected a question, got none."),
        ("known", 500, "A quote is not verbatim."),
        ("bug", 500, "Something went wrong"),
    ],
)
def test_errors_have_one_form(client, how, status, message):
    response = run(client.get(f"/app/fails/{how}"))
    assert response.status_code == status
    assert message in response.json()["error"]
    assert "secret" not in response.text


def test_a_refusal_has_its_headers(client):
    assert run(client.get("/app/fails/refused")).headers["retry-after"] == "7"


def test_what_is_not_there_and_what_is_malformed_have_it_too(client):
    assert run(client.get("/app/nothing")).json() == {"error": "There is nothing here."}
    assert "query.number" in run(client.post("/app/depends?number=x")).json()["error"]
