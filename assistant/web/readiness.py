"""Whether questions can be answered now: `/readyz`, for load balancers and container engines."""

import asyncio
import logging
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import JSONResponse

from assistant.logs import Plain

if TYPE_CHECKING:
    from assistant.web.site import Site

KEPT = 1.0
"""Seconds for which a finding is told again: asking often costs nothing."""
PATIENCE = 5.0
"""Seconds that a look may take; a server that answers no sooner answers no questions either."""
LEAST_FREE = 100_000_000
"""Bytes on the disk of the index and of the data: less is too little to change anything."""
_log = logging.getLogger(__name__)

SLOW, STOPPING, CATALOG, STORES, DISK = "slow", "stopping", "catalog", "stores", "disk"


class Readiness:
    """Looks at most once a second, and by one thread, whoever asks how often."""

    def __init__(self, site: "Site") -> None:
        """Nothing was looked at yet."""
        self._site = site
        self._looking = ThreadPoolExecutor(1, "readiness")
        self._look: asyncio.Future[tuple[str, ...]] | None = None
        self._found: tuple[str, ...] = ()
        self._until = 0.0

    async def reasons(self) -> tuple[str, ...]:
        """Why no question can be answered, by short names; none where they can."""
        if self._site.answers.is_stopping:
            return (STOPPING,)
        if time.monotonic() < self._until:
            return self._found
        if self._look is None:  # one that hangs goes on alone: another would hang beside it
            loop = asyncio.get_running_loop()
            self._look = loop.run_in_executor(self._looking, self._looked)
        done, _ = await asyncio.wait([self._look], timeout=PATIENCE)
        if not done:
            return (SLOW,)
        if time.monotonic() >= self._until:
            self._found, self._look = self._look.result() if self._look else self._found, None
            self._until = time.monotonic() + KEPT
        return self._found

    def close(self) -> None:
        """Look no more."""
        self._looking.shutdown(wait=False, cancel_futures=True)

    def _looked(self) -> tuple[str, ...]:
        from index.selftest import check_catalog, check_stores

        found = []
        for name, check in ((CATALOG, check_catalog), (STORES, check_stores)):
            try:
                check(self._site.desk().index)
            except Exception as error:
                _log.warning("not ready: the check of the %s failed", Plain(name), exc_info=error)
                found.append(name)
                break
        options = self._site.options
        folders = [] if options.read_only else [options.index, options.data]
        if any(folder is not None and not _has_room(folder) for folder in folders):
            found.append(DISK)
        return tuple(found)


def add_readiness(app: FastAPI, readiness: Readiness) -> None:
    """Serve it, for everybody: the names tell nothing of what is there."""

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Whether a question that is sent now can be answered."""
        reasons = await readiness.reasons()
        status = "unready" if reasons else "ready"
        headers = {"Cache-Control": "no-store"}
        code = 503 if reasons else 200
        return JSONResponse({"status": status, "reasons": reasons}, code, headers)


def _has_room(folder: Path) -> bool:
    """Whether there is room on the disk of a folder, which need not exist yet."""
    place = next((each for each in (folder, *folder.absolute().parents) if each.exists()), None)
    if place is None:
        return False
    try:
        return shutil.disk_usage(place).free >= LEAST_FREE and not _is_full(place)
    except OSError:
        return False


def _is_full(place: Path) -> bool:
    """Whether there is no room for another file, however small."""
    if not hasattr(os, "statvfs"):
        return False
    found = os.statvfs(place)
    return found.f_files > 0 and found.f_favail == 0
