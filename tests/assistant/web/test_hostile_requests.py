"""What every answer says about security, and requests that are made to wear the server out."""

import json
import socket
import time

import httpx
import pytest
from test_web_gate import routes_of
from web_texts import HandDesk, run

from assistant.web.asgi import create_app
from assistant.web.security import HEADERS
from assistant.web.site import Site, SiteOptions

QUICK = 3.0
"""Seconds; on an idle machine it is some milliseconds."""
LEAKS = ("img-src", "connect-src", "default-src", "script-src", "font-src", "frame-src")
"""Where a page's markup could send something."""


def own_sources(policy):
    """Whether a policy lets a page load from its own server only."""
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    sources = " ".join(rules.get(name, "") for name in LEAKS)
    return "default-src" in rules and not any(
        source.startswith(("http", "*", "//", "ws")) or source in ("https:", "http:")
        for source in sources.split()
    )


@pytest.fixture(scope="module")
def everything(serving, tmp_path_factory):
    """A server with all there is to switch on, and all its addresses."""
    folder = tmp_path_factory.mktemp("everything")
    options = {"reports": folder, "mcp": True, "data": folder / "data"}

    async def paths():  # Gradio wants a running loop
        app = create_app(Site(HandDesk(), SiteOptions(**options)))
        return {path.replace("{", "").replace("}", "") for _, path in routes_of(app)}

    return serving(HandDesk(), **options), run(paths())


REPORTS = {"Cross-Origin-Opener-Policy": "unsafe-none"}
"""A report is opened in an origin of its own, which a policy of its own says."""
ASKED = ("GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD")
STREAMS = ("/gradio_api/heartbeat", "/gradio_api/queue/data", "/mcp")
ELSEWHERE = ("/", "/no-such-page", "/static/none.js", "/assets/../secret", "/healthz", "/config")


def test_every_answer_allows_its_own_server_and_nothing_else(everything):
    url, paths = everything
    asked = {(method, path) for path in paths for method in ASKED[:3]}
    asked |= {(method, path) for path in ELSEWHERE for method in ASKED}
    assert len(asked) > 100
    with httpx.Client(base_url=url, timeout=60) as client:
        for method, path in sorted(asked):
            if method == "GET" and path.startswith(STREAMS):
                continue
            answer = client.request(method, path, content=b"{}" if method == "POST" else None)
            for name, value in HEADERS.items():
                assert answer.headers[name] in (value, REPORTS.get(name)), (method, path, name)
            assert own_sources(answer.headers["content-security-policy"]), (method, path)
            assert "server" not in answer.headers or "/" not in answer.headers["server"]


@pytest.mark.parametrize(
    ("policy", "is_own"),
    [
        ("default-src 'self'", True),
        ("default-src 'none'; img-src data:", True),
        ("img-src 'self'", False),
        ("default-src 'self'; img-src *", False),
        ("default-src 'self'; img-src https:", False),
        ("default-src 'self'; connect-src https://evil.example", False),
    ],
)
def test_policies_are_told_apart(policy, is_own):
    assert own_sources(policy) is is_own


def chat(question, **more):
    return {"model": "verbatim", "messages": [{"role": "user", "content": question}], **more}


DEEP = 200_000
EXHAUSTING = {
    "a question of 900 kB": chat("why " * 225_000),
    "10,000 authors": chat("Why?", where={"authors": [f"A{n}" for n in range(10_000)]}),
    "20,000 messages": {
        "model": "verbatim",
        "messages": [{"role": "user", "content": "Why?"}] * 20_000,
    },
    "a list too deep": "[" * DEEP + "]" * DEEP,
    "an object too deep": '{"a":' * DEEP + "1" + "}" * DEEP,
    "one number": "1" * 500_000,
    "a long key": json.dumps({"k" * 900_000: 1}),
    "100,000 keys": json.dumps({f"k{n}": n for n in range(60_000)}),
    "marks that hardly match": chat("_" * 3_990 + "?"),
    "dots": chat("A." * 1_990 + "?"),
    "quotation marks": chat("“" * 3_990),
    "colons": chat(": " * 1_990),
    "brackets": chat("[1] (" * 790),
}
PATHS = ("/v1/chat/completions", "/app/source/quote", "/app/keep/export", "/app/source/pages")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", EXHAUSTING)
def test_no_request_keeps_the_server_busy(site, path, name):
    body = EXHAUSTING[name]
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"content-type": "application/json", "X-Verbatim": "1"}
    began = time.perf_counter()
    answer = httpx.post(f"{site.url}{path}", content=content, headers=headers, timeout=60)
    assert time.perf_counter() - began < QUICK
    assert answer.status_code < 500
    assert len(answer.content) < 100_000


def test_one_byte_too_many_is_refused_before_it_is_read(site):
    size = 1_000_001
    answer = httpx.post(f"{site.url}/v1/chat/completions", content=b" " * size, timeout=60)
    assert answer.status_code == 413


TRAVERSALS = (
    *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "....//etc/passwd"),
    *("..\\..\\etc\\passwd", "/etc/passwd", "%00/etc/passwd", "..%252f..%252fetc%252fpasswd"),
    *("file:///etc/passwd", "~/.ssh/id_rsa", "C:/Windows/win.ini", "\\\\server\\share"),
)
PLACES = (
    *("/app/source/{}?at=0", "/app/source/{}/page/1", "/app/source/{}/before/0", "/reports/{}"),
    *("/app/evaluation/charts?path={}", "/app/evaluation/comparison?a={}&b={}", "/static/{}"),
    *(
        "/assets/{}",
        "/app/library/{}",
        "/app/keep/feedback/{}",
        "/theme.css{}",
        "/gradio_api/file={}",
    ),
)


@pytest.mark.parametrize("place", PLACES)
def test_no_path_leads_out_of_its_folder(everything, place):
    url, _ = everything
    with httpx.Client(base_url=url, timeout=60) as client:
        for path in TRAVERSALS:
            answer = client.get(place.replace("{}", path), headers={"X-Verbatim": "1"})
            assert answer.status_code < 500, path
            assert b"root:" not in answer.content, path
            assert b"/etc/passwd" not in answer.content or answer.status_code >= 400, path


@pytest.mark.parametrize("path", ["/app/keep/export", "/v1/chat/completions"])
def test_who_leaves_in_the_middle_of_a_request_is_no_error(everything, path, caplog):
    url, _ = everything
    address = httpx.URL(url)
    head = f"POST {path} HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n"
    head += "Content-Type: application/json\r\nX-Verbatim: 1\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection((address.host, address.port)) as connection:
        connection.sendall(f'{head}{{"question"'.encode())
        time.sleep(0.05)
    assert httpx.get(f"{url}/healthz").status_code == 200  # asked after, and it goes on
    time.sleep(0.1)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
