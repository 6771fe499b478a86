"""Walks over all of Gradio's routes, and knocks at each."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from account_files import account_file
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse
from web_texts import HandDesk, HeldDesk

from assistant.web.asgi import create_app
from assistant.web.bodies import LARGEST_BODY, Bodies
from assistant.web.gate import BUSY, KEPT
from assistant.web.hosts import Forwarded, Hosts
from assistant.web.places import MOST_ANSWERING
from assistant.web.signing_in import PUBLIC
from assistant.web.site import Site, SiteOptions


def routes_of(app):
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner)
        else:
            yield from (
                (method, route.path) for method in getattr(route, "methods", None) or {"POST"}
            )


async def knocked():
    """The answers of all of Gradio's routes, by method and path."""
    app = create_app(Site(HandDesk(), SiteOptions()))
    gradio = app.routes[-1].app.app
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    found = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for method, path in set(routes_of(gradio)):
            if is_kept(method, path):
                found[method, path] = None
                continue
            filled = re.sub(r"\{[^}]*\}", "x", path)
            found[method, path] = await client.request(method, filled, json={})
    return found


def is_kept(method, path):
    filled = re.sub(r"\{[^}]*\}", "x", path)
    return any(method in kept.split() and re.fullmatch(each, filled) for kept, each, _ in KEPT)


@pytest.mark.parametrize("query", ["page=x", "page=%3F%0A", "deep_link=x", "__theme=dark&page=a"])
def test_no_address_asks_for_a_page_that_is_none(query):
    async def asked():
        app = create_app(Site(HandDesk(), SiteOptions()))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await client.get(f"{path}?{query}") for path in ("/", "/config")]

    assert [answer.status_code for answer in asyncio.run(asked())] == [200, 200]


def test_of_gradios_routes_only_those_that_are_needed_are_open():
    answers = asyncio.run(knocked())
    closed = {key: answer for key, answer in answers.items() if answer is not None}
    assert len(closed) > 60
    for key, answer in closed.items():
        assert answer.status_code == 404, key
        if key[0] != "HEAD":
            assert answer.json() == {"error": "There is nothing here."}, key
    for path in ("upload", "proxy={url_path:path}", "file={path_or_url:path}", "component_server"):
        assert any(key[1] == f"/gradio_api/{path}" for key in closed), path
    for path in ("/monitoring", "/login", "/openapi.json"):
        assert any(key[1] == path for key in closed), path


async def knocked_by_a_stranger(folder):
    """The answers of all routes, ours and Gradio's, where one has to sign in."""
    account_file(folder / "accounts")
    options = SiteOptions(
        auth_file=folder / "accounts", reports=folder, data=folder, index=folder, mcp=True
    )
    app = create_app(Site(HandDesk(), options))
    routes = {*routes_of(app), *routes_of(app.routes[-1].app.app)}
    found = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost"
    ) as client:
        for method, path in routes - {("POST", "")}:  # where Gradio is mounted
            filled = re.sub(r"\{[^}]*\}", "x", path)
            found[method, path] = await client.request(method, filled, json={})
    return found


def test_a_stranger_finds_every_route_closed_but_four(tmp_path):
    answers = asyncio.run(knocked_by_a_stranger(tmp_path))
    assert len(answers) > 80
    assert ("POST", "/mcp") in answers
    assert any(path.startswith("/app/") for _, path in answers)
    open_to_all = {path for (_, path), answer in answers.items() if answer.status_code != 401}
    assert open_to_all == PUBLIC


def test_every_open_route_is_one_of_gradios_and_says_why():
    answers = asyncio.run(knocked())
    kept = {key for key, answer in answers.items() if answer is None}
    for methods, pattern, reason in KEPT:
        assert reason
        for method in methods.split():
            assert any(
                method == found and re.fullmatch(pattern, re.sub(r"\{[^}]*\}", "x", path))
                for found, path in kept
            ), pattern


def test_the_open_routes_are_those_of_the_documentation():
    text = SECURITY.read_text(encoding="utf-8")
    table = text.partition("## Which of Gradio's routes are open")[2].partition("## ")[0]
    told = {
        word.removesuffix("...").removesuffix("SESSION")
        for code in re.findall(r"`([^`]+)`", table)
        for word in code.split()
        if word.startswith("/")
    }
    kept = {re.split(r"\.\+|\[", path)[0].replace("\\", "") for _, path, _ in KEPT}
    assert told == kept


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "//gradio_api/upload", "/config/", "/CONFIG"]
)
def test_no_other_spelling_opens_a_route(site, path):
    response = httpx.request("POST" if "upload" in path else "GET", f"{site.url}{path}")
    assert response.status_code == 404


def asked(app, method="GET", path="/", client=("10.0.0.9", 1), **options):
    async def ask():
        transport = httpx.ASGITransport(app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client_:
            return await client_.request(method, path, **options)

    return asyncio.run(ask())


MOST_WAITING = 64
SECURITY = Path(__file__).parents[3] / "docs" / "security.md"


async def mirror(scope, receive, send):
    """Answers with what it saw."""
    request = Request(scope, receive)
    seen = {
        "client": scope["client"][0],
        "scheme": scope["scheme"],
        "headers": sorted(dict(request.headers)),
        "body": len(await request.body()),
    }
    await JSONResponse(seen)(scope, receive, send)


@pytest.mark.parametrize(
    ("bound", "host", "passes"),
    [
        ("127.0.0.1", "localhost:7860", True),
        ("127.0.0.1", "127.0.0.1:7860", True),
        ("127.0.0.1", "[::1]:7860", True),
        ("127.0.0.1", "Verbatim.localhost", True),
        ("127.0.0.1", "named.example", True),
        ("127.0.0.1", "NAMED.example:443", True),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "evil.example@localhost", False),
        ("127.0.0.1", "localhost/evil", False),
        ("127.0.0.1", "localhost:x", False),
        ("127.0.0.1", "192.168.1.5", False),
        ("127.0.0.1", "", False),
        ("0.0.0.0", "192.168.1.5:7860", True),
        ("0.0.0.0", "evil.example", False),
        ("desk.local", "desk.local:7860", True),
    ],
)
def test_only_names_of_this_server_are_answered(bound, host, passes):
    app = Hosts(mirror, bound, ["named.example"])
    response = asked(app, headers={"Host": host})
    assert response.status_code == (200 if passes else 421)
    assert passes or "--allowed-host" in response.json()["error"]


OWN = "http://localhost"


@pytest.mark.parametrize(
    ("method", "headers", "passes"),
    [
        ("POST", {}, True),
        ("POST", {"Origin": OWN}, True),
        ("POST", {"Origin": OWN, "Sec-Fetch-Site": "same-origin"}, True),
        ("POST", {"Origin": "http://evil.example"}, False),
        ("POST", {"Origin": "http://localhost:3000"}, False),
        ("POST", {"Origin": "null"}, False),
        ("POST", {"Origin": "http://[evil"}, False),
        ("POST", {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ("POST", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ("POST", {"Sec-Fetch-Site": "cross-site"}, False),
        ("POST", {"Sec-Fetch-Site": "same-site"}, False),
        ("POST", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, False),
        ("DELETE", {"Origin": "http://evil.example"}, False),
        ("OPTIONS", {"Origin": "http://evil.example"}, False),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, True),
        ("GET", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, True),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, False),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, False),
        ("GET", {"Origin": "http://localhost:3000"}, False),
    ],
)
def test_a_page_of_another_site_may_only_link_here(method, headers, passes):
    app = Hosts(mirror, "127.0.0.1", [])
    assert asked(app, method, headers=headers).status_code == (200 if passes else 403)


CLAIMS = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.8",
    "Forwarded": "for=203.0.113.9",
    "X-Gradio-Server": "http://evil.example",
}


def test_a_stranger_is_not_believed_about_who_asks():
    for app in (Forwarded(mirror, []), Forwarded(mirror, ["10.0.0.1", "10.1.0.0/16"])):
        seen = asked(app, headers=CLAIMS).json()
        assert (seen["client"], seen["scheme"]) == ("10.0.0.9", "http")
        assert not {name.lower() for name in CLAIMS} & set(seen["headers"])


def test_a_trusted_proxy_is():
    app = Forwarded(mirror, ["10.0.0.0/24"])
    headers = {**CLAIMS, "X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    seen = asked(app, headers=headers).json()
    # What stands before the nearest stranger was written by that stranger.
    assert (seen["client"], seen["scheme"]) == ("203.0.113.7", "https")
    assert not {name.lower() for name in CLAIMS} & set(seen["headers"])


async def chunks(size, count):
    for _ in range(count):
        yield b"x" * size


def test_a_body_is_counted_as_it_comes():
    app = Bodies(mirror, largest_upload=3_000_000)
    assert asked(app, "POST", content=chunks(1000, 1000)).json()["body"] == LARGEST_BODY
    response = asked(app, "POST", content=chunks(1000, 1001))
    assert response.status_code == 413
    assert "1,000,000 bytes" in response.json()["error"]


@pytest.mark.parametrize("length", ["-1", "1e3", "", "9" * 400, "1_0", "\u0662"])
def test_a_length_that_is_none_is_refused(length):
    app = Bodies(mirror, largest_upload=1)
    headers = {"Content-Length": length.encode("utf-8")}
    assert asked(app, "POST", headers=headers, content=b"").status_code == 413


def test_uploads_may_be_larger_where_they_go():
    app = Bodies(mirror, largest_upload=3_000_000)
    assert asked(app, "POST", "/app/library/files", content=b"x" * 3_050_000).status_code == 200
    assert asked(app, "POST", "/app/library/files", content=b"x" * 3_200_000).status_code == 413
    assert asked(app, "POST", "/app/other", content=b"x" * 3_050_000).status_code == 413


def test_whoever_catches_that_it_is_too_large_is_not_heard():
    app = FastAPI()

    @app.post("/")
    async def route(value: dict[str, str]):
        return value

    response = asked(Bodies(app, 1), "POST", content=chunks(1000, 1001))
    assert response.status_code == 413


@pytest.mark.slow
def test_a_full_queue_is_said_to_be_busy(serving):
    desk = HeldDesk()  # no place becomes free before all have asked
    url = serving(desk)
    dependencies = httpx.get(f"{url}/config").json()["dependencies"]
    number = next(each["id"] for each in dependencies if each["api_name"] == "ask")

    async def crowd():
        limits = httpx.Limits(max_connections=20)
        async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30) as client:
            events = (
                {
                    "fn_index": number,
                    "data": ["Ask", None, None, None],
                    "session_hash": f"s{n}",
                }
                for n in range(MOST_ANSWERING + MOST_WAITING + 20)
            )
            asks = [client.post("/gradio_api/queue/join", json=event) for event in events]
            return await asyncio.gather(*asks)

    answers = asyncio.run(crowd())
    desk.release.set()
    refused = [answer for answer in answers if answer.status_code != 200]
    assert 1 <= len(refused) <= 40
    for answer in refused:
        assert (answer.status_code, answer.json()) == (503, {"error": BUSY})
        assert answer.headers["retry-after"] == "30"
    assert httpx.get(f"{url}/healthz").status_code == 200
