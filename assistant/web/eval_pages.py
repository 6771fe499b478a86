"""`/app/evaluation...`: running a dataset, its progress, charts of a report, and two compared."""

import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from assistant.web.choices import label_of as label_of_model
from assistant.web.eval_charts import charts
from assistant.web.eval_comparison import beside, compared, found_in, label_of
from assistant.web.eval_datasets import datasets_in
from assistant.web.eval_process import is_installed, output_of
from assistant.web.eval_progress import shown
from assistant.web.eval_run import Run, RunBusy
from assistant.web.eval_runs import Runs
from assistant.web.eval_wanted import eval_command, wanted_from
from assistant.web.reports import Report, list_reports, report_at
from assistant.web.routes import Refused, read_json, require_header
from assistant.web.site import Site, user_of
from index.errors import InputError

HEADERS = {"Cache-Control": "no-store"}
PART_HEADERS = {
    # It is a part of a page; opened by itself, nothing in it runs.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    **HEADERS,
}
NOT_HERE = "No evaluation can be run here."
NO_SUITE = (
    "The evaluation suite (package eval) is not installed on the server, so nothing can be run."
)
NO_DATASETS = "No dataset was found in the folders that the server was started with (--datasets)."
PRIVATE = (
    "Libraries are private here, and everybody sees the reports: so only the datasets’ own "
    "documents are asked."
)
GONE = "There is no such report any more. Refresh the list, and choose another one."
_CHANGES = [Depends(require_header)]
_PATIENCE = 2.0
"""Seconds to wait until somebody else's reports are compared."""


class Desk:
    """What the routes share."""

    def __init__(self, site: Site, reports: Path) -> None:
        """Nothing runs yet."""
        options = site.options
        self.may_run = options.may_evaluate
        self.is_private = options.private_libraries
        self.reports = reports
        self.runs = Runs(reports, options.evaluating, None if self.is_private else options.index)
        self.comparing = threading.Lock()

    def report(self, path: str) -> Report:
        """A report whose scores can be read.

        Raises:
            Refused: there is none.
        """
        report = report_at(self.reports, path)
        if report is None or report.summary is None:
            raise Refused(GONE, 404)
        return report


def add_evaluation_pages(app: FastAPI, site: Site, reports: Path) -> None:
    """Serve the Evaluation tab.

    Args:
        app: gets the routes, before the chat's page is mounted; when it ends, so does a run.
        site: says what may be run.
        reports: the reports' folder; it may come into being later.
    """
    desk = Desk(site, reports)
    _add_views(app, desk)
    _add_changes(app, desk)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[Any, None]:
        async with before(app) as state:
            try:
                yield state
            finally:
                await run_in_threadpool(desk.runs.close)

    app.router.lifespan_context = lifespan


def _add_views(app: FastAPI, desk: Desk) -> None:
    @app.get("/app/evaluation")
    def evaluation(request: Request) -> JSONResponse:
        """What may be run, what runs, and which reports can be compared."""
        return _json(_view(desk, user_of(request.scope)))

    @app.get("/app/evaluation/run")
    def evaluation_run(request: Request) -> JSONResponse:
        """The evaluation that runs, or ran last."""
        return _json({"run": _run(desk.runs.latest(), user_of(request.scope))})

    @app.get("/app/evaluation/charts")
    def evaluation_charts(path: str) -> HTMLResponse:
        """The scores of a report by category, as a part of the page."""
        summary = desk.report(path).summary
        return HTMLResponse(charts(summary) if summary else "", headers=PART_HEADERS)

    @app.get("/app/evaluation/comparison", dependencies=_CHANGES)
    def evaluation_comparison(a: str, b: str) -> HTMLResponse:
        """Two reports side by side, as a part of the page. It takes a while: hence the header."""
        if not desk.comparing.acquire(timeout=_PATIENCE):
            raise Refused("Other reports are being compared. Try again in a moment.", 503)
        try:
            return HTMLResponse(_compared(desk, a, b), headers=PART_HEADERS)
        finally:
            desk.comparing.release()


def _add_changes(app: FastAPI, desk: Desk) -> None:
    @app.post("/app/evaluation/run", dependencies=_CHANGES)
    async def evaluation_start(request: Request) -> JSONResponse:
        """Begins an evaluation."""
        wanted = wanted_from(await read_json(request))
        return await _changed(desk, request, lambda user: desk.runs.start(wanted, user))

    @app.post("/app/evaluation/resume", dependencies=_CHANGES)
    async def evaluation_resume(request: Request) -> JSONResponse:
        """Goes on with one that ended early."""
        run_id = str((await read_json(request)).get("id"))
        return await _changed(desk, request, lambda user: desk.runs.resume(run_id, user))

    @app.delete("/app/evaluation/run", dependencies=_CHANGES)
    async def evaluation_cancel(request: Request) -> JSONResponse:
        """Ends the one that runs."""
        return await _changed(desk, request, desk.runs.cancel)

    @app.delete("/app/evaluation/unfinished/{run_id}", dependencies=_CHANGES)
    async def evaluation_discard(request: Request, run_id: str) -> JSONResponse:
        """Deletes one that ended early."""
        return await _changed(desk, request, lambda user: desk.runs.discard(run_id))


async def _changed(
    desk: Desk, request: Request, change: Callable[[str | None], Run | None]
) -> JSONResponse:
    """What runs after a change; or why it was not made, which is nothing unusual."""
    user = user_of(request.scope)
    if not desk.may_run:
        raise Refused(NOT_HERE, 403)
    if not is_installed():
        raise Refused(NO_SUITE, 503)
    try:
        return _json({"run": _run(await run_in_threadpool(change, user), user)})
    except RunBusy as busy:
        return _json({"run": None, "busy": str(busy)})
    except InputError as error:
        return _json({"run": None, "refused": str(error)})
    except OSError as error:
        reason = error.strerror or str(error)
        return _json({"run": None, "refused": f"The server could not begin it: {reason}."})


def _view(desk: Desk, user: str | None) -> dict[str, Any]:
    runs = desk.runs
    datasets = datasets_in(runs.options.datasets) if desk.may_run else []
    why_not = None
    if desk.may_run and not is_installed():
        why_not = NO_SUITE
    elif desk.may_run and not datasets:
        why_not = NO_DATASETS
    return {
        "may_run": desk.may_run,
        "why_not": why_not,
        "datasets": [{"name": each.name, "cases": each.cases} for each in datasets],
        "models": [{"name": name, "label": label_of_model(name)} for name in runs.options.models],
        "may_ask_library": runs.index is not None,
        "note": PRIVATE if desk.is_private else None,
        "run": _run(runs.latest(), user) if desk.may_run else None,
        "reports": [
            {"path": each.path, "label": label_of(each), "dataset": each.summary.dataset}
            for each in list_reports(desk.reports).reports
            if each.summary is not None and each.is_served
        ],
    }


def _run(run: Run | None, user: str | None) -> dict[str, Any] | None:
    if run is None:
        return None
    left = run.of - run.done
    return {
        "id": run.id,
        "dataset": run.wanted.dataset,
        "model": label_of_model(run.wanted.model),
        "documents": run.wanted.documents,
        "state": run.state,
        "phase": run.phase,
        "done": run.done,
        "of": run.of,
        "failed": run.failed,
        "indexed": run.indexed,
        "per_second": run.per_second,
        "seconds": run.seconds,
        "seconds_left": left / run.per_second if run.per_second else None,
        "problem": run.problem,
        "report": run.report if run.state == "done" else None,
        "may_cancel": run.state == "running" and run.user == user,
        "may_go_on": run.may_go_on,
    }


def _compared(desk: Desk, a: str, b: str) -> str:
    one, other = desk.report(a), desk.report(b)
    if not is_installed():
        return beside(one, other, NO_SUITE)
    folders = [str((desk.reports / each.path).absolute()) for each in (one, other)]
    command = eval_command("compare", "--json", "-", "--", *folders)
    try:
        code, found, said = output_of(command, desk.reports)
        if code == 0:
            return compared(one, other, found_in(found))
        reason = (said.strip().splitlines() or [""])[0].removeprefix("assistant-eval: ")
    except (OSError, ValueError) as error:
        reason = f"The comparison did not work: {error}."
    return beside(one, other, shown(reason, desk.runs.names()))


def _json(value: dict[str, Any]) -> JSONResponse:
    return JSONResponse(value, headers=HEADERS)
