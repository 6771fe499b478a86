"""A file as the body of a request: written to disk as it comes, and never held in memory."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from assistant.library_uploads import Incoming, Uploads
from assistant.web.routes import Refused
from index.errors import InputError, SourceError

_PART = 1 << 18
"""Bytes that are written at a time."""


async def receive(request: Request, uploads: Uploads, name: str) -> dict[str, Any]:
    """Keep a file until it is indexed.

    Args:
        request: its body is the file.
        uploads: keeps it.
        name: as the visitor's computer calls it.

    Returns:
        `token` to have it indexed with, `name` as it is called here, and `bytes`; or `refused`,
        with why the file cannot be used, which is nothing unusual where many are sent.

    Raises:
        Refused: it is announced as too large (413), or did not come whole (400).
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced[:20]) > uploads.largest:
        raise Refused(
            f"{name[:100]}: expected at most {uploads.largest:,} bytes, found {int(announced):,}. "
            "Divide the file.",
            413,
        )
    try:
        receiving = uploads.receive(name)
        file = await run_in_threadpool(receiving.__enter__)
        try:
            await _write(request, file)
        except BaseException as error:
            await run_in_threadpool(receiving.__exit__, type(error), error, error.__traceback__)
            raise
        await run_in_threadpool(receiving.__exit__, None, None, None)
    except (InputError, SourceError) as error:
        return {"refused": str(error)}
    except ClientDisconnect:
        raise Refused("The file did not come whole. Send it again.") from None
    return {"token": file.token, "name": file.name, "bytes": file.size}


async def _write(request: Request, file: Incoming) -> None:
    part = bytearray()
    async for chunk in request.stream():
        part += chunk
        if len(part) >= _PART:
            await run_in_threadpool(file.write, bytes(part))
            part.clear()
    await run_in_threadpool(file.write, bytes(part))
