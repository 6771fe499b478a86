import os
import signal
import socket
import subprocess
import sys
import textwrap
from contextlib import closing

import httpx
import pytest

from assistant.errors import PortInUseError, SettingsError
from assistant.web import check_port
from assistant.web.bodies import LARGEST_BODY
from assistant.web.security import script_hashes
from assistant.web.server import url_of


def test_health_and_headers(site):
    response = httpx.get(f"{site.url}/healthz")
    assert response.json() == {"status": "ok"}
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in response.headers["content-security-policy"]


def test_the_page_may_run_its_own_scripts_only(site):
    page = httpx.get(site.url)
    rules = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    assert rules["script-src"].count("'sha256-") == len(script_hashes(page.content)) > 0
    assert "unsafe-inline" not in rules["script-src"]
    assert "http" not in page.headers["content-security-policy"]


def test_oversized_requests_are_refused(site):
    response = httpx.post(f"{site.url}/gradio_api/queue/join", content=b"x" * (LARGEST_BODY + 1))
    assert response.status_code == 413


def test_a_port_in_use_is_said_to_be(site):
    port = int(site.url.rpartition(":")[2])
    with pytest.raises(PortInUseError, match=rf"--port {port + 1}"):
        check_port("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 0), ("192.0.2.1", 7860)])
def test_an_impossible_address_is_refused(host, port):
    with pytest.raises(SettingsError):
        check_port(host, port)


def test_checking_the_port_loads_nothing_heavy():
    code = "import sys, assistant.web; print({'gradio', 'fastapi', 'uvicorn'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_address_is_one_a_browser_can_open():
    assert url_of("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert url_of("::1", 80) == "http://[::1]:80"


@pytest.mark.slow
def test_serve_says_when_it_is_ready_and_ends_on_ctrl_c():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = textwrap.dedent(f"""
        from assistant.web import serve
        serve(object(), port={port}, ready=lambda url: print(url, flush=True))
        print("ended")
    """)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == f"http://127.0.0.1:{port}\n"
        os.kill(process.pid, signal.SIGINT)
        assert process.communicate(timeout=20) == ("ended\n", "")
    assert process.returncode == 0
