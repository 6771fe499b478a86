"""Pages from a real server on this machine, which only a test may reach; and addresses refused."""

import gzip
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from document_programs import program
from index_helpers import words_embedder

from index import Index, build
from index.canonical import canonical_text
from index.errors import FetchError, InputError
from index.fetching import Limits, fetch_pages, is_public, is_url, resolve
from index.fetching.addresses import target_of
from index.fetching.transfer import fetch
from index.sidecars import edit, stated

PAGE = (
    b"<html><title>The mill</title><p>The mill was sold in 1904. Nobody knows to whom.</p></html>"
)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path, (404, {}, b"no such page"))
        if callable(answer):
            answer(self)
            return
        status, headers, data = answer
        if status == 200 and headers.get("ETag") == self.headers.get("If-None-Match", ""):
            status, data = 304, b""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@contextmanager
def serving(context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.answers, server.seen = {}, []
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server():
    with serving() as running:
        yield running


def url_of(server, path="/", host="pages.example"):
    return f"http://{host}:{server.server_port}{path}"


def here(host, port):
    """Every name is this machine, as a hostile name server would have it."""
    return ["127.0.0.1"]


def got(server, path, limits=None, **options):
    options = {"allow": lambda address: True, "lookup": here, **options}
    return fetch(url_of(server, path), limits=limits, **options)


def kept(server, folder, *paths, **options):
    urls = [url_of(server, path) for path in paths]
    options = {"allow": lambda address: True, "lookup": here, **options}
    return fetch_pages(urls, folder, **options)


def html(data=PAGE, **headers):
    return 200, {"Content-Type": "text/html; charset=utf-8", **headers}, data


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "127.0.1", "0.0.0.0", "0", "2130706433", "0x7f000001", "0x7f.1"),
        *("0177.0.0.1", "017700000001", "127.255.255.254", "localhost", "LOCALHOST."),
        *("①②⑦.0.0.1", "ⓛocalhost", "127。0。0。1", "10.0.0.1", "10.1", "192.168.1.1"),
        *("172.16.0.1", "172.31.255.255", "169.254.169.254", "0xa9fea9fe", "2852039166"),
        *("100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
        *("[::ffff:10.0.0.1]", "[::127.0.0.1]", "[fe80::1]", "[fec0::1]", "[fc00::1]", "[fd12::1]"),
        *("[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]"),
        *(
            "[2001:0:7f00:1::]",
            "[2001:db8::1]",
            "[100::1]",
            "[fe80::1%25eth0]",
            "[::ffff:0:7f00:1]",
        ),
    ],
)
def test_private_addresses_are_refused_however_they_are_spelled(host):
    with pytest.raises(FetchError, match=r"public address|resolved|name of a host"):
        target_of(f"http://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/html,x"),
        *("http://", "http:///path", "https:example.org", "//example.org/", "example.org"),
        *("http://user@93.184.216.34/", "http://user:word@93.184.216.34/"),
        *("http://93.184.216.34@127.0.0.1/", "http://127.0.0.1#@93.184.216.34/"),
        *("http://93.184.216.34\\@127.0.0.1/", "http://127.0.0.1\\.example.org/"),
        *("http://93.184.216.34:0/", "http://93.184.216.34:99999/", "http://93.184.216.34:a/"),
        *(
            "http://exa mple.org/",
            "http://example.org/\r\nX: y",
            "http://[::1",
            "http://%31%32%37.1/",
        ),
        *("http://127.0.0.1%00.example.org/", "http://" + "a" * 70 + ".example/"),
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url):
    with pytest.raises(FetchError):
        target_of(url)


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_addresses_are_allowed(address):
    assert is_public(ip_address(address))
    assert target_of("https://example.org/a?b=ü", lookup=lambda *_: [address]).path == "/a?b=%C3%BC"


def test_one_private_address_among_public_ones_is_refused():
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        target_of("http://example.org/", lookup=lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_servers_of_this_machine_are_not_even_connected_to(server, tmp_path):
    server.answers["/"] = html()
    for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"):
        result = fetch_pages([url_of(server, host=host)], tmp_path)
        assert "public address" in result.failed[0].reason
    assert server.seen == []


def test_name_is_looked_up_once_and_the_checked_address_is_the_one_connected_to(server):
    server.answers["/"] = html()
    looked_up = []

    def rebinding(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    assert got(server, "/", lookup=rebinding).data == PAGE
    assert looked_up == ["pages.example"]
    assert server.seen[0][1]["Host"] == f"pages.example:{server.server_port}"


def test_every_redirect_is_checked(server):
    server.answers["/"] = (302, {"Location": f"http://inner.example:{server.server_port}/in"}, b"")
    server.answers["/in"] = html()
    addresses = {"pages.example": "127.0.0.1", "inner.example": "127.0.0.2"}

    def allow(address):
        return str(address) == "127.0.0.1"

    with pytest.raises(FetchError, match=r"127\.0\.0\.2"):
        got(server, "/", allow=allow, lookup=lambda host, _: [addresses[host]])
    assert [path for path, _ in server.seen] == ["/"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "//user:word@x/", "http://[::1/", "gopher:x"]
)
def test_redirects_lead_to_pages_only(server, location):
    server.answers["/"] = (301, {"Location": location}, b"")
    with pytest.raises(FetchError, match=r"expected|Invalid"):
        got(server, "/")


def test_redirects_are_followed_and_end(server):
    server.answers["/a"] = (301, {"Location": "b?x=1#part"}, b"")
    server.answers["/b?x=1"] = html()
    server.answers["/loop"] = (307, {"Location": "/loop"}, b"")
    assert got(server, "/a").url == url_of(server, "/b?x=1")
    with pytest.raises(FetchError, match="5 redirects"):
        got(server, "/loop")
    assert len(server.seen) == 2 + 6


def test_nothing_is_sent_but_the_question(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answers["/a"] = (302, {"Location": "/b", "Set-Cookie": "a=b"}, b"")
    server.answers["/b"] = html()
    got(server, "/a")
    assert set(server.seen[1][1]) == {
        "Host",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Connection",
    }


@pytest.mark.parametrize("told", [True, False])
def test_large_pages_are_refused(server, told):
    def endless(handler):
        handler.send_response(200)
        if told:
            handler.send_header("Content-Length", "999999999")
        handler.end_headers()
        for _ in range(40):
            handler.wfile.write(b"x" * 10_000)

    server.answers["/"] = endless
    with pytest.raises(FetchError, match=r"at most 0\.1 MB"):
        got(server, "/", Limits(max_bytes=100_000))


def test_packed_pages_are_unpacked_within_the_limit(server):
    server.answers["/"] = html(gzip.compress(PAGE), **{"Content-Encoding": "gzip"})
    assert got(server, "/").data == PAGE
    server.answers["/"] = html(gzip.compress(b"x" * 10**7), **{"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="larger"):
        got(server, "/", Limits(max_bytes=100_000))
    server.answers["/"] = html(gzip.compress(PAGE)[:-20], **{"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="end is missing"):
        got(server, "/")
    server.answers["/"] = html(PAGE, **{"Content-Encoding": "br"})
    with pytest.raises(FetchError, match="'br'"):
        got(server, "/")


@pytest.mark.parametrize("part", ["nothing", "header", "body"])
def test_slow_servers_are_given_up(server, part):
    def dripping(handler):
        try:
            if part != "nothing":
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            if part == "body":
                handler.wfile.write(b"Content-Type: text/html\r\n\r\n")
            for _ in range(200):
                time.sleep(0.05)
                if part != "nothing":
                    handler.wfile.write(b"x")
        except OSError:
            pass
        handler.close_connection = True

    server.answers["/"] = dripping
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"more than 0\.3 seconds"):
        got(server, "/", Limits(seconds=0.3))
    assert time.monotonic() - started < 5  # the server goes on for ten


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, {}, b""), "404"),
        ((500, {}, b""), "500"),
        ((302, {}, b""), "302"),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"), "could not be fetched"),
        (lambda handler: handler.connection.close(), "could not be fetched"),
        (
            lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"),
            "end is missing",
        ),
    ],
)
def test_wrong_answers_say_why(server, answer, reason):
    def closing(handler):
        answer(handler)
        handler.close_connection = True

    server.answers["/"] = closing if callable(answer) else answer
    with pytest.raises(FetchError, match=reason):
        got(server, "/", Limits(seconds=3))


def test_server_that_is_not_there_says_so(server):
    port = server.server_port
    with pytest.raises(FetchError, match="could not be fetched"):
        fetch(
            f"http://x.example:{port + 1 if port < 65_535 else 1}/",
            allow=lambda _: True,
            lookup=here,
        )
    with pytest.raises(FetchError, match="could not be resolved"):
        target_of("http://nothing-here.invalid/")


def test_certificates_are_checked(tmp_path):
    command = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    files = [
        "-keyout",
        tmp_path / "key.pem",
        "-out",
        tmp_path / "cert.pem",
        "-subj",
        "/CN=x.example",
    ]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with serving(context) as server:
        server.answers["/"] = html()
        url = f"https://x.example:{server.server_port}/"
        with pytest.raises(FetchError, match="certificate"):
            fetch(url, allow=lambda _: True, lookup=here)
        assert server.seen == []


def test_page_is_kept_with_where_it_came_from(server, tmp_path):
    server.answers["/2024/The Mill.html?id=7".replace(" ", "%20")] = html(ETag='"v1"')
    result = kept(server, tmp_path / "pages", "/2024/The%20Mill.html?id=7")
    (file,) = result.files
    assert file.parent == tmp_path / "pages" / "pages.example"
    assert file.name.startswith("2024-The-Mill-")
    assert file.suffix == ".html"
    assert file.read_bytes() == PAGE
    origin = stated(file)
    assert origin["url"] == url_of(server, "/2024/The%20Mill.html?id=7")
    assert origin["fetched"].endswith("Z")
    assert origin["etag"] == '"v1"'


def test_page_that_is_the_same_costs_nothing(server, tmp_path):
    server.answers["/a"] = html(ETag='"v1"')
    server.answers["/b"] = html(PAGE.replace(b"1904", b"1905"))
    first = kept(server, tmp_path / "pages", "/a", "/b")
    report = build([*first.files], tmp_path / "index", embedding_model=words_embedder())
    assert len(report.added) == 2
    before = [(file.stat().st_mtime_ns, stated(file)) for file in first.files]
    again = kept(server, tmp_path / "pages", "/a", "/b")
    assert again == first
    assert [(file.stat().st_mtime_ns, stated(file)) for file in first.files] == before
    assert [headers.get("If-None-Match") for _, headers in server.seen[2:]] == ['"v1"', None]
    report = build([*again.files], tmp_path / "index", embedding_model=words_embedder())
    assert len(report.unchanged) == 2


def test_page_that_changed_replaces_its_file_and_keeps_what_a_user_stated(server, tmp_path):
    server.answers["/a"] = html(ETag='"v1"')
    (file,) = kept(server, tmp_path, "/a").files
    edit(file, {"title": "A better title"})
    server.answers["/a"] = html(PAGE.replace(b"1904", b"1906"))
    assert kept(server, tmp_path, "/a").files == (file,)
    assert "1906" in canonical_text(file)
    assert stated(file)["title"] == "A better title"
    assert "etag" not in stated(file)


def test_page_of_another_kind_takes_the_place_of_the_old_one(server, tmp_path):
    server.answers["/a"] = html()
    (old,) = kept(server, tmp_path, "/a").files
    server.answers["/a"] = (200, {"Content-Type": "text/plain"}, b"The mill is gone.")
    (new,) = kept(server, tmp_path, "/a").files
    assert (old.suffix, new.suffix) == (".html", ".txt")
    assert not old.exists()
    assert sorted(path.name for path in new.parent.iterdir()) == [new.name, f"{new.name}.meta.yaml"]


def test_page_that_is_gone_stays_kept_and_the_rest_goes_on(server, tmp_path):
    server.answers["/a"] = server.answers["/b"] = html()
    (file,) = kept(server, tmp_path, "/a").files
    del server.answers["/a"]
    result = kept(server, tmp_path, "/a", "/b")
    assert len(result.files) == 1
    assert [failed.source for failed in result.failed] == [url_of(server, "/a")]
    assert "404" in result.failed[0].reason
    assert file.exists()


@pytest.mark.parametrize(
    ("path", "kind", "suffix"),
    [
        ("/a", "text/html", ".html"),
        ("/a", "application/xhtml+xml; charset=utf-8", ".xhtml"),
        ("/a.md", "text/plain", ".md"),
        ("/a.txt", "application/octet-stream", ".txt"),
        ("/a", "", ".html"),
        ("/a.html", "image/png", None),
        ("/a.exe", "application/octet-stream", None),
        ("/a", "application/zip", None),
    ],
)
def test_kinds_of_pages(server, tmp_path, path, kind, suffix):
    server.answers[path] = (200, {"Content-Type": kind} if kind else {}, PAGE)
    result = kept(server, tmp_path, path)
    assert [file.suffix for file in result.files] == ([suffix] if suffix else [])
    if suffix is None:
        assert "kind that can be read" in result.failed[0].reason
        assert list(tmp_path.rglob("*.*")) == []


def test_charset_that_the_server_states_is_kept(server, tmp_path):
    text = "<p>Мост открыт, сказал он."
    headers = {"Content-Type": "text/html; charset=windows-1251"}
    server.answers["/a"] = (200, headers, f'<meta charset="utf-8">{text}'.encode("cp1251"))
    (file,) = kept(server, tmp_path, "/a").files
    assert canonical_text(file) == "Мост открыт, сказал он.\n"


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/%2e%2e/%2e%2e/x",
        "/" + "a" * 3_000,
        "/con",
        "/a%00b",
        "/.hidden",
        "/é",
    ],
)
def test_names_of_files_stay_in_the_folder(server, tmp_path, path):
    server.answers.setdefault(path, html())
    server.answers["/%C3%A9"] = html()
    (file,) = kept(server, tmp_path / "pages", path).files
    assert file.resolve().parent == (tmp_path / "pages" / "pages.example").resolve()
    assert len(file.name) < 120
    assert not file.name.startswith(".")
    assert file.stem.lower() != "con"


def test_quote_of_a_fetched_page_can_be_checked_offline(server, tmp_path):
    server.answers["/a"] = html()
    (file,) = kept(server, tmp_path, "/a").files
    build([file], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", embedder=words_embedder()) as index:
        hit = index.search("mill sold in 1904", k=1)[0]
    sentence = hit.passage.sentences[0]
    assert sentence.text == "The mill was sold in 1904."
    assert canonical_text(hit.document.source)[sentence.start : sentence.end] == sentence.text


def test_folder_that_cannot_be_written_to_is_told(server, tmp_path):
    server.answers["/a"] = html()
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="--pages"):
        kept(server, tmp_path / "file", "/a")


def test_is_url():
    assert is_url("https://example.org/")
    assert is_url("HTTP://example.org")
    assert not is_url("docs/http.md")
    assert not is_url("httpx")


def test_system_resolver_reads_numbers_as_addresses():
    assert resolve("0x7f.1", 80) == ["127.0.0.1"]
