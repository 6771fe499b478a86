"""`/reports/...`: the files of the evaluation reports, each under a policy of its own."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from assistant.web.reports import MEDIA_TYPES, locate
from assistant.web.routes import error_response
from assistant.web.security import report_policy, script_hashes

LARGEST_PAGE = 64_000_000
"""Bytes of a `report.html`: it is read whole, because its policy names its scripts."""

HEADERS = {
    "Content-Security-Policy": report_policy([]),
    # With an origin of its own (`sandbox`), a page can share no browsing context group: browsers
    # may refuse to open one that asks for it.
    "Cross-Origin-Opener-Policy": "unsafe-none",
    "Cache-Control": "no-cache",  # the next run writes to the same place
}
NOT_FOUND = "There is no such report. The Evaluation tab of the chat lists those that there are."


def add_report_pages(app: FastAPI, root: Path) -> None:
    """Serve the reports in a folder below `/reports/`.

    Args:
        app: gets the route, before the chat's page is mounted.
        root: the reports' folder; it may come into being later.
    """

    def report_page(request: Request) -> Response:
        """A file of a report; 404 for anything else."""
        file = locate(root, request.path_params["path"])
        is_for_people = "text/html" in request.headers.get("accept", "")
        refused = _in_words if is_for_people else _as_json
        return refused(404, NOT_FOUND) if file is None else _response(file, refused)

    app.add_route("/reports/{path:path}", report_page, methods=["GET"])


def _response(file: Path, refused: Callable[[int, str], Response]) -> Response:
    media_type = MEDIA_TYPES[file.name]
    try:
        state = file.stat()
        if file.suffix != ".html":
            return FileResponse(file, headers=HEADERS, media_type=media_type, stat_result=state)
        if state.st_size > LARGEST_PAGE:
            return refused(
                413,
                f"This report has {state.st_size:,} bytes, and at most {LARGEST_PAGE:,} are "
                "opened from here. Open report.html from its folder.",
            )
        page = file.read_bytes()
    except OSError:
        return refused(404, NOT_FOUND)
    policy = report_policy(script_hashes(page))
    return Response(page, 200, {**HEADERS, "Content-Security-Policy": policy}, media_type)


def _in_words(status: int, message: str) -> Response:
    return PlainTextResponse(message, status, HEADERS)


def _as_json(status: int, message: str) -> Response:
    return error_response(message, status, HEADERS)
