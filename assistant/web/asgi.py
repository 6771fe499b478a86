"""The web application: page, endpoints, reports and `/healthz` behind one guard, and its server."""

from collections.abc import Callable
from pathlib import Path

import fastapi
import gradio as gr

from assistant.web.app import build_app
from assistant.web.choice_pages import add_choice_pages
from assistant.web.conversation_pages import add_conversation_pages
from assistant.web.eval_pages import add_evaluation_pages
from assistant.web.keeping import add_keeping_pages
from assistant.web.library_pages import add_library_pages
from assistant.web.mcp import add_mcp
from assistant.web.metrics_page import Look, add_metrics
from assistant.web.openai_api import add_openai_api
from assistant.web.protection import close_gradio, protect
from assistant.web.readiness import Readiness, add_readiness
from assistant.web.report_pages import add_report_pages
from assistant.web.requests import Requests
from assistant.web.server import HOST
from assistant.web.site import Site, user_of
from assistant.web.source_pages import add_source_pages
from assistant.web.states import keep_little
from assistant.web.stopping import Server, Stopping
from assistant.web.theme import theme

HERE = Path(__file__).parent
STYLES = (
    HERE / "style.css",
    HERE / "reports.css",
    HERE / "source.css",
    HERE / "conversations.css",
    HERE / "keep.css",
    HERE / "library.css",
    HERE / "evaluation.css",
)
SCRIPTS = (
    HERE / "page.js",
    HERE / "tabs.js",
    HERE / "choices.js",
    HERE / "source_marks.js",
    HERE / "source_texts.js",
    HERE / "source_check.js",
    HERE / "source_pages.js",
    HERE / "source.js",
    HERE / "keys.js",
    HERE / "conversation_stores.js",
    HERE / "conversation_list.js",
    HERE / "conversation_drawer.js",
    HERE / "conversation_files.js",
    HERE / "conversations.js",
    HERE / "keep.js",
    HERE / "library_parts.js",
    HERE / "library_table.js",
    HERE / "library_files.js",
    HERE / "library_places.js",
    HERE / "library.js",
    HERE / "evaluation_parts.js",
    HERE / "evaluation_run.js",
    HERE / "evaluation_compare.js",
    HERE / "evaluation.js",
)


ACCOUNT_STYLES = (HERE / "account.css",)
ACCOUNT_SCRIPTS = (HERE / "account.js",)
"""Only where users sign in."""


def create_app(site: Site, host: str = HOST) -> fastapi.FastAPI:
    """The whole web application, for any ASGI server.

    Args:
        site: what is served.
        host: the address the server listens on.
    """
    app = fastapi.FastAPI(title="Verbatim", openapi_url=None, docs_url=None, redoc_url=None)
    rate, doors = protect(app, site, host)
    is_signed_in = site.options.auth_file is not None

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Whether the server runs: nothing is searched for it."""
        return {"status": "ok"}

    readiness = Readiness(site)
    add_readiness(app, readiness)
    add_openai_api(app, site)
    if site.options.mcp:
        add_mcp(app, site, rate)
    if site.options.reports is not None:
        add_report_pages(app, site.options.reports)
        add_evaluation_pages(app, site, site.options.reports)
    add_choice_pages(app, site)
    add_source_pages(app, site)
    add_conversation_pages(app, site)
    add_keeping_pages(app, site)
    shelves = add_library_pages(app, site)
    blocks = build_app(site)
    if site.options.metrics:
        add_metrics(app, site, Look(site, shelves, readiness, lambda: len(blocks._queue)))
    scripts = SCRIPTS + ACCOUNT_SCRIPTS * is_signed_in
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        css_paths=STYLES + ACCOUNT_STYLES * is_signed_in,
        js="\n".join(script.read_text(encoding="utf-8") for script in scripts),
        auth_dependency=(lambda request: user_of(request.scope)) if is_signed_in else None,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1mb",
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    keep_little(app, blocks)
    close_gradio(app, blocks, doors)
    app.add_middleware(Requests, proxies=site.options.trusted_proxies, metrics=site.metrics)
    app.state.stopping = Stopping(site.answers, shelves, lambda: len(blocks._queue))
    return app


async def run(
    site: Site,
    host: str,
    port: int,
    started: Callable[[Server], None],
    stop_timeout: float = 20.0,
) -> None:
    """Serve the application in the running event loop until it is told to end.

    Gradio makes locks while an application is built, and outside of a running loop it makes a loop
    for each of them, which nobody closes: hence a coroutine.

    Args:
        site: what is served.
        host: address to listen on.
        port: port to listen on.
        started: called with the server once it listens; its `should_exit` ends it at once.
        stop_timeout: seconds that answers have to come to their end after a first signal.
    """
    app = create_app(site, host)
    stopping: Stopping = app.state.stopping
    server = Server(app, host, port, started, lambda: stopping.run(stop_timeout))
    await server.serve()
