"""The browser of the tests that open a page, and chat model servers."""

import os
import shutil
from contextlib import ExitStack

import pytest
from data_servers import postgres as postgres_server
from data_servers.chroma import ChromaServer
from model_servers import ScriptedServer, real


def pytest_collection_modifyitems(items):
    """Tests with a browser come last: its driver keeps an event loop running, beside which no test
    can run one of its own."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


def chromium_path():
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("VERBATIM_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if path is None:
        missing = "no chromium, chromium-browser or google-chrome on PATH; set VERBATIM_CHROMIUM"
        if os.environ.get("CI_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    playwright = pytest.importorskip("playwright.sync_api")
    flags = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path,
            args=[*flags.split(), "--disable-component-update", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def scripted_server():
    """Starts servers that follow a script: `scripted_server(Status(429), Says("Hello."))`."""
    with ExitStack() as servers:
        yield lambda *script, **options: servers.enter_context(ScriptedServer(*script, **options))


@pytest.fixture(scope="session")
def real_model():
    """The base URL of an OpenAI-compatible server with a real small model, `smollm2`."""
    if reason := real.missing():
        if os.environ.get("CI_REQUIRE_MODEL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with real.serving() as base_url:
        yield base_url


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of the session, which no test may stop."""
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def chroma(tmp_path_factory):
    """A Chroma server of the session, which no test may stop."""
    server = ChromaServer(tmp_path_factory.mktemp("chroma") / "data").start()
    yield server
    server.stop()
