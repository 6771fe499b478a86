"""Chroma behind a proxy that asks for a token and speaks TLS, as on the open network."""

import gc
import http.client
import ssl
import subprocess
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from index_helpers import query_embedder

from index import Index, build
from index.chroma_address import ChromaAddress
from index.errors import IndexUnreachableError
from index.layout import Layout

pytestmark = pytest.mark.slow

TOKEN = "t-123"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*make, *files, *names], check=True, capture_output=True)
    return folder


@pytest.fixture
def proxy(chroma, certificate):
    """The address of a TLS server that hands on to Chroma what has the token, and what it saw."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append(self.headers.get("Authorization"))
            if seen[-1] != f"Bearer {TOKEN}":
                self.answer(401, b'{"error": "Unauthorized", "message": "no token"}')
                return
            with closing(http.client.HTTPConnection("127.0.0.1", chroma.port)) as connection:
                headers = {"Content-Type": self.headers.get("Content-Type", "")}
                connection.request(self.command, self.path, body, headers)
                reply = connection.getresponse()
                self.answer(reply.status, reply.read())

        do_GET = do_POST = do_PUT = do_DELETE = pass_on

        def answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://localhost:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_token_over_tls(proxy, certificate, tmp_path, docs, embedder, monkeypatch):
    url, seen = proxy
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    layout = Layout(tmp_path / "a", chroma=ChromaAddress(url, TOKEN))
    build([docs], layout, embedding_model=embedder)
    with Index.open(layout, query_embedder()) as index:
        assert index.search("mark3v0b2")
    assert set(seen) == {f"Bearer {TOKEN}"}


# Chroma's client leaves its connection to the collector where the first request is refused.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_the_token_or_with_a_stranger(
    proxy, certificate, tmp_path, docs, embedder, monkeypatch
):
    url, _ = proxy
    unknown = Layout(tmp_path / "a", chroma=ChromaAddress(url, TOKEN))
    with pytest.raises(IndexUnreachableError):  # nobody vouches for its certificate
        build([docs], unknown, embedding_model=embedder)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    refused = Layout(tmp_path / "b", chroma=ChromaAddress(url, "wrong"))
    with pytest.raises(IndexUnreachableError) as told:
        build([docs], refused, embedding_model=embedder)
    assert "wrong" not in str(told.value)
    del told
    gc.collect()
