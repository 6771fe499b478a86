"""A desk made by hand, a server that really runs, and a browser that really opens its page."""

import asyncio
import queue
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from model_servers import Turn
from model_servers.scripted import OVER
from web_texts import HandDesk

from assistant import Assistant
from assistant.model_types import ModelOptions

EXAMPLES = ("Who supplied most of the arms?", "What will the weather be?")


@dataclass(frozen=True)
class Site:
    url: str
    desk: HandDesk
    reports: Path | None = None


class Servers:
    """Servers in threads of their own: called, it starts one, and gives its address."""

    def __init__(self):
        self._started = queue.SimpleQueue()
        self._running = []

    def __call__(self, desk, examples=EXAMPLES, **options):
        from assistant.web.asgi import run
        from assistant.web.site import Site as WebSite
        from assistant.web.site import SiteOptions

        site = WebSite(desk, SiteOptions(examples, **{"questions_per_minute": 0, **options}))
        job = run(site, "127.0.0.1", 0, self._started.put)
        thread = threading.Thread(target=asyncio.run, args=(job,), daemon=True)
        thread.start()
        server = self._started.get(timeout=60)
        self._running.append((server, thread))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    @property
    def count(self):
        return len(self._running)

    def end(self, but=0):
        """End all but the first ones."""
        ending, self._running = self._running[but:], self._running[:but]
        for server, _ in ending:
            server.should_exit = True
        for _, thread in ending:
            thread.join(15)


@pytest.fixture(scope="session")
def serving():
    """Starts servers, and ends them with the test that started them, or with the session."""
    from assistant.web.server import ENVIRONMENT

    environment = pytest.MonkeyPatch()
    for name, value in ENVIRONMENT.items():
        environment.setenv(name, value)
    servers = Servers()
    yield servers
    servers.end()
    environment.undo()


@pytest.fixture(autouse=True)
def _servers_of_one_test(request):
    """Ends what a test started: an idle server costs time, and there are hundreds of tests.

    Fixtures of modules and of the session are made before this one: their servers stay.
    """
    if "serving" not in request.fixturenames:
        yield
        return
    servers = request.getfixturevalue("serving")
    before = servers.count
    yield
    servers.end(but=before)


@pytest.fixture(scope="session")
def site(serving):
    desk = HandDesk()
    return Site(serving(desk), desk)


@pytest.fixture
def scripted_site(index, scripted_server, serving):
    """Starts sites whose model follows a script; gives the address and the model's server."""

    def start(*script, site_options=None, **options):
        left = list(script)

        def next_turn(body):
            turn = left.pop(0) if left else OVER
            return turn if isinstance(turn, Turn) else turn(body)

        server = scripted_server(next_turn)
        options = {"base_url": server.base_url, "retries": 0, **options}
        desk = Assistant.open(index, "openai:scripted", options=ModelOptions(**options))
        return serving(desk, (), **(site_options or {})), server

    return start


@pytest.fixture(scope="module")
def reports_site(serving, tmp_path_factory):
    """A site with an Evaluation tab; the folder of its reports is not there yet."""
    desk, reports = HandDesk(), tmp_path_factory.mktemp("site") / "reports"
    return Site(serving(desk, reports=reports), desk, reports)


@pytest.fixture
def open_page(chromium):
    """Opens pages; at the end none, nor one they opened, may have had an error or spoken to
    another server."""
    contexts, faults = [], []

    def open_at(url, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        contexts.append(context)
        context.on("console", lambda line: line.type == "error" and faults.append(told(line)))
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("request", lambda request: faults.extend(foreign(request.url, url)))
        page = context.new_page()
        page.goto(url)
        page.get_by_role("textbox", name="Question").wait_for()
        page.locator("#v-conversations .v-conv-new").wait_for(state="attached")  # scripts have run
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


def told(line):
    return f"{line.text} ({line.location.get('url')})"


def foreign(address, url):
    own = address == url or address.startswith((url + "/", "data:", "blob:"))
    return [] if own else [f"request to {address}"]
