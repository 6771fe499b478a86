"""`/app/library...`: the documents as a table, and what can be done with them."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from assistant.addresses import stated_address
from assistant.errors import LibraryBusyError
from assistant.library import Column, Entry, Order, entries_of, listing_of
from assistant.library_files import REMEDIES, FileStates, State
from assistant.library_jobs import Job, JobState
from assistant.library_shelf import Places, Shelf
from assistant.library_uploads import MOST_FILES
from assistant.web.collection_chart import picture
from assistant.web.routes import Refused, read_json, require_header
from assistant.web.site import Site, user_of
from assistant.web.uploads import receive
from assistant.wording import date_of
from index.errors import FilterError, InputError
from index.walking import FOUND

HEADERS = {"Cache-Control": "no-store"}
PICTURE_HEADERS = {
    # It is a part of a page; opened by itself, nothing in it runs.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    **HEADERS,
}
MOST_AT_ONCE = 1_000
"""Documents named in one request."""
_SHOWN_ONLY = "The documents are only shown here, and cannot be changed."
_CHANGES = [Depends(require_header)]


class Shelves:
    """The collections that visitors change, by the folder of their index."""

    def __init__(self, site: Site) -> None:
        """None was used yet."""
        self._site = site
        self._shelves: dict[Path, Shelf] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self.states = FileStates()
        """For collections that are only shown."""

    def of(self, user: str | None) -> Shelf | None:
        """The collection that a user may change; None where it is only shown."""
        folder = self._site.index_folder(user)
        if folder is None:
            return None
        with self._lock:
            if folder not in self._shelves:
                largest = self._site.options.largest_upload
                places = Places(folder, self._site.files_folder(user), largest)
                self._shelves[folder] = Shelf(places, lambda: self._site.desk(user).index)
                if self._is_closed:
                    self._shelves[folder].jobs.close()
            return self._shelves[folder]

    def own(self, user: str | None) -> Shelf:
        """The same.

        Raises:
            Refused: it is only shown.
        """
        shelf = self.of(user)
        if shelf is None:
            raise Refused(_SHOWN_ONLY, 403)
        return shelf

    def close(self) -> None:
        """Have changes end after the file they are at, and begin none anymore."""
        with self._lock:
            self._is_closed = True
            shelves = list(self._shelves.values())
        for shelf in shelves:
            shelf.jobs.close()

    @property
    def running(self) -> int:
        """How many collections are being changed."""
        with self._lock:
            return sum(shelf.jobs.is_running for shelf in self._shelves.values())

    @property
    def ended(self) -> Counter[JobState]:
        """How many changes ended, by how."""
        with self._lock:
            return sum((shelf.jobs.ended for shelf in self._shelves.values()), Counter[JobState]())

    def entries(self, user: str | None) -> list[Entry]:
        """All documents that a user may see."""
        shelf = self.of(user)
        states = self.states if shelf is None else shelf.states
        return entries_of(self._site.desk(user).index, states)


def add_library_pages(app: FastAPI, site: Site) -> Shelves:
    """Serve the Library tab.

    Args:
        app: gets the routes, before the chat's page is mounted.
        site: has the documents.

    Returns:
        The collections that visitors change.
    """
    shelves = Shelves(site)
    _add_views(app, site, shelves)
    _add_uploads(app, shelves)
    _add_changes(app, shelves)
    return shelves


def _add_views(app: FastAPI, site: Site, shelves: Shelves) -> None:
    @app.get("/app/library")
    def library(
        request: Request,
        search: str = "",
        state: str = "",
        sort: str = "title",
        down: bool = False,
        page: int = 1,
    ) -> JSONResponse:
        """A page of the table, and what else is going on."""
        user = user_of(request.scope)
        shelf = shelves.of(user)
        order = Order(search, cast("State | None", state or None), cast("Column", sort), down, page)
        return _json(_view(shelves, shelf, user, order))

    @app.get("/app/library/job")
    def library_job(request: Request) -> JSONResponse:
        """The change that is being made, or was made last."""
        shelf = shelves.of(user_of(request.scope))
        return _json({"job": _latest(shelf)})

    @app.post("/app/library/stop", dependencies=_CHANGES)
    async def library_stop(request: Request) -> JSONResponse:
        """Has a change end after the file it is at."""
        (job,) = _texts({"job": [(await read_json(request)).get("job")]}, "job", 1)
        shelf = await run_in_threadpool(shelves.own, user_of(request.scope))
        return _json({"job": _job(shelf.jobs.stop(job))})

    @app.get("/app/library/picture")
    def library_picture(request: Request) -> HTMLResponse:
        """The documents over time and by author, as a part of the page."""
        documents = site.desk(user_of(request.scope)).documents()
        return HTMLResponse(picture(documents), headers=PICTURE_HEADERS)


def _add_uploads(app: FastAPI, shelves: Shelves) -> None:
    @app.post("/app/library/files", dependencies=_CHANGES)
    async def library_upload(request: Request, name: str) -> JSONResponse:
        """Takes a file, which is the body of the request."""
        shelf = await run_in_threadpool(shelves.own, user_of(request.scope))
        if shelf.uploads is None:
            raise Refused("No files are taken here: the server keeps none.", 403)
        await run_in_threadpool(shelf.sweep)
        return _json(await receive(request, shelf.uploads, name))

    @app.delete("/app/library/files/{token}", dependencies=_CHANGES)
    def library_drop(request: Request, token: str) -> JSONResponse:
        """Forgets a file that was taken and is not to be indexed."""
        uploads = shelves.own(user_of(request.scope)).uploads
        if uploads is not None:
            uploads.drop(token)
        return _json({})

    @app.post("/app/library/index", dependencies=_CHANGES)
    async def library_index(request: Request) -> JSONResponse:
        """Indexes files that were taken."""
        tokens = _texts(await read_json(request), "files", MOST_FILES)
        return await _started(shelves, request, lambda shelf: shelf.add(tokens))


def _add_changes(app: FastAPI, shelves: Shelves) -> None:
    @app.post("/app/library/documents/{document_id}", dependencies=_CHANGES)
    async def library_edit(request: Request, document_id: str) -> JSONResponse:
        """Changes what is known of a document."""
        given = await read_json(request)
        try:
            return await _started(shelves, request, lambda shelf: shelf.edit(document_id, given))
        except FilterError:
            raise
        except InputError as error:
            return _json({"job": None, "refused": str(error)})

    @app.delete("/app/library/documents/{document_id}", dependencies=_CHANGES)
    async def library_remove(
        request: Request, document_id: str, together: bool = False
    ) -> JSONResponse:
        """Removes a document, or all of its archive, which can be undone for a minute."""

        def remove(shelf: Shelf) -> Job:
            return shelf.remove([document_id], together=together)

        try:
            return await _started(shelves, request, remove)
        except FilterError:
            raise
        except InputError as error:
            return _json({"job": None, "refused": str(error)})

    @app.post("/app/library/undo", dependencies=_CHANGES)
    async def library_undo(request: Request) -> JSONResponse:
        """Has a removed document back."""
        (token,) = _texts({"token": [(await read_json(request)).get("token")]}, "token", 1)
        return await _started(shelves, request, lambda shelf: shelf.undo(token))

    @app.post("/app/library/reindex", dependencies=_CHANGES)
    async def library_reindex(request: Request) -> JSONResponse:
        """Brings some documents, or all, up to date with their files."""
        body = await read_json(request)
        ids = _texts(body, "documents", MOST_AT_ONCE) if "documents" in body else None
        return await _started(shelves, request, lambda shelf: shelf.reindex(ids))


async def _started(
    shelves: Shelves, request: Request, start: Callable[[Shelf], Job | None]
) -> JSONResponse:
    """The job that a change begins; null where nothing changes, or not now, which is `busy`."""

    def begin() -> Job | None:
        shelf = shelves.own(user_of(request.scope))
        shelf.sweep()
        return start(shelf)

    try:
        return _json({"job": _job(await run_in_threadpool(begin))})
    except LibraryBusyError as error:
        return _json({"job": None, "busy": str(error)})


def _view(shelves: Shelves, shelf: Shelf | None, user: str | None, order: Order) -> dict[str, Any]:
    if shelf is not None:
        shelf.sweep()
    listing = listing_of(shelves.entries(user), order)
    return {
        "documents": [_row(entry) for entry in listing.entries],
        "page": listing.page,
        "pages": listing.pages,
        "matching": listing.matching,
        "total": listing.total,
        "states": listing.states,
        "may_change": shelf is not None,
        "may_upload": shelf is not None and shelf.uploads is not None,
        "suffixes": FOUND,
        "remedies": REMEDIES,
        "largest_upload": shelf.places.largest_upload if shelf is not None else 0,
        "most_files": MOST_FILES,
        "job": _latest(shelf),
        "removed": [asdict(removal) for removal in shelf.trash.removals()] if shelf else [],
    }


def _row(entry: Entry) -> dict[str, Any]:
    info = entry.info
    return {
        "id": info.id,
        "name": info.name,
        "title": info.title,
        "authors": info.authors,
        "published": info.published,
        "date": date_of(info) if info.published else None,
        "publisher": info.publisher,
        "url": stated_address(info),
        "file": entry.file,
        "files": entry.files,
        "container": entry.container or None,
        "parts": entry.parts,
        "passages": entry.passages,
        "state": entry.state,
        "found": dict(info.found),
    }


def _latest(shelf: Shelf | None) -> dict[str, Any] | None:
    return None if shelf is None else _job(shelf.jobs.latest())


def _job(job: Job | None) -> dict[str, Any] | None:
    return None if job is None else asdict(job)


def _texts(body: dict[str, Any], name: str, most: int) -> list[str]:
    value = body.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Refused(f"Expected {name} as a list of texts, found something else. Reload the page.")
    if not 1 <= len(value) <= most:
        raise Refused(f"Expected 1 to {most:,} {name}, found {len(value):,}.")
    return value


def _json(value: dict[str, Any]) -> JSONResponse:
    return JSONResponse(value, headers=HEADERS)
