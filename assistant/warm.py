"""`assistant ask` by a chat that is open on the same index: it has loaded everything already.

The chat listens at a socket in a folder of its own that only its user may enter, and names it in a
file in the index folder. Both sides are meant for one user on one machine; whatever is not as it
should be, the question is answered without it. Light to import: only this is loaded then.
"""

import json
import logging
import os
import socket
import stat
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from index.layout import Layout
from index.types import Filter

MOST_BYTES = 1 << 24
SECONDS = 3.0
"""How long the chat may take: without it, an answer takes about a second."""
_log = logging.getLogger(__name__)


def ask_chat(index: Path, question: str, where: Filter | None) -> dict[str, Any] | None:
    """The answer of a chat that is open on an index, by the extractive reader.

    Args:
        index: the index folder.
        question: as the user wrote it.
        where: which documents to answer from.

    Returns:
        What `Answer.to_dict` gives; None where there is no such chat, or it did not answer.
    """
    folder = os.path.realpath(index.expanduser())
    try:
        path = _socket_for(folder)
        if path is None:
            return None
        request = {"index": folder, "question": question, "where": asdict(where) if where else None}
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SECONDS)
            line.connect(str(path))
            line.sendall(json.dumps(request).encode())
            line.shutdown(socket.SHUT_WR)
            reply = json.loads(received(line))
        answer = reply["answer"]
        return answer if isinstance(answer, dict) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _log.debug("no chat answers for %s: %s: %s", folder, type(error).__name__, error)
        return None


def received(line: socket.socket) -> bytes:
    """All that the other side sends.

    Raises:
        ValueError: that is more than anything here needs.
        OSError: the connection broke, or took too long.
    """
    data = bytearray()
    while part := line.recv(1 << 16):
        data += part
        if len(data) > MOST_BYTES:
            raise ValueError(f"expected at most {MOST_BYTES} bytes")
    return bytes(data)


def release() -> str:
    """The release of this package: another one may answer otherwise."""
    try:
        return version("verbatim-assistant")
    except PackageNotFoundError:
        return ""


def _socket_for(folder: str) -> Path | None:
    """Where a chat listens for an index, if the one who says so is this user."""
    if not hasattr(socket, "AF_UNIX"):
        return None
    file = Layout(Path(folder)).server
    if not file.is_file() or not _is_own(file):
        return None
    told = json.loads(file.read_text(encoding="utf-8"))
    # An index folder that was copied has the file of the one it is a copy of.
    if told["index"] != folder or told["release"] != release():
        return None
    path = Path(told["socket"])
    return path if _is_own(path) and _is_own(path.parent) else None


def _is_own(path: Path) -> bool:
    """Whether a file is this user's, and nobody else may change it."""
    found = path.lstat()
    is_link = stat.S_ISLNK(found.st_mode)
    return found.st_uid == os.geteuid() and not is_link and not found.st_mode & 0o022
