"""Fetched pages as files: where they lie, and what their sidecars say of where they came from."""

import codecs
import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag, urlsplit

from index.errors import FetchError, InputError, SourceError
from index.fetching.addresses import Allow, Resolve, is_public, resolve
from index.fetching.transfer import Limits, Response, fetch
from index.loading import LOADERS
from index.sidecars import record, sidecar, stated
from index.types import FailedFile

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "text/csv": ".csv",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_UNTOLD = ("", "application/octet-stream", "binary/octet-stream", "application/x-download")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_SLUG = 80
_DIGITS = 8
_URL = re.compile(r"https?:/", re.I)


@dataclass(frozen=True, slots=True)
class FetchedPages:
    """What became of the pages that were asked for."""

    files: tuple[Path, ...]
    """The files they are kept in, to be indexed."""
    failed: tuple[FailedFile, ...]
    """The pages that could not be fetched, by URL. One of them that was kept before stays so."""


def is_url(text: str) -> bool:
    """Whether an argument names a page on the web, and no file."""
    return _URL.match(text) is not None


def fetch_pages(
    urls: Sequence[str],
    folder: str | Path,
    *,
    limits: Limits | None = None,
    allow: Allow = is_public,
    lookup: Resolve = resolve,
    told: Callable[[str], None] = lambda url: None,
) -> FetchedPages:
    """Fetch pages, and keep each as a file with a sidecar that states its `url`.

    A page that was fetched before is asked for again; as long as it is the same, its file is not
    touched. Nothing but the pages themselves is fetched: no robots.txt either, because each page
    is one that a person names, as in a browser.

    Args:
        urls: `http` or `https`.
        folder: where the files are kept, in a folder for each host; made where there is none.
        limits: what one page may take.
        allow: which addresses may be connected to: only a test may have another opinion.
        lookup: how names are resolved.
        told: called with each URL before it is fetched.

    Raises:
        InputError: the folder cannot be written to.
    """
    files: dict[Path, None] = {}
    failed: list[FailedFile] = []
    for url in dict.fromkeys(urls):
        told(url)
        try:
            files[_keep(url, Path(folder), limits, allow, lookup)] = None
        except SourceError as error:
            failed.append(FailedFile(url, str(error).removeprefix(f"{url}: ")))
        except OSError as error:
            raise InputError(
                f"{folder}: expected a folder that pages can be written to, and it cannot be "
                f"({error.strerror or error}). Name another one with --pages."
            ) from error
    return FetchedPages(tuple(files), tuple(failed))


def _keep(url: str, folder: Path, limits: Limits | None, allow: Allow, lookup: Resolve) -> Path:
    url = urldefrag(url)[0]
    stem = _stem(url, folder)
    before = _kept(stem)
    known = _conditions(stated(before)) if before is not None else {}
    response = fetch(url, known=known, limits=limits, allow=allow, lookup=lookup)
    if response.is_unchanged and before is not None:
        return before
    data, path = _stored(response), Path(f"{stem}{_suffix(response)}")
    if before == path and path.read_bytes() == data and stated(path).get("url"):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, data)
    record(path, _origin(url, response))
    if before is not None and before != path:
        for old in (before, sidecar(before)):
            old.unlink(missing_ok=True)
    return path


def _stem(url: str, folder: Path) -> Path:
    """The file of a page without its suffix: a readable part, and a digest that tells it apart."""
    parts = urlsplit(url)
    host = re.sub(r"[^a-z0-9.-]", "-", (parts.hostname or "").casefold()).strip(".") or "host"
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"\.\w{1,5}$", "", unquote(parts.path)))
    slug = "-".join(words)[-_SLUG:].strip("-") or "index"
    digest = sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return folder / host[:120] / f"{slug}-{digest}"


def _kept(stem: Path) -> Path | None:
    """The file that a page has been kept in."""
    paths = (Path(f"{stem}{suffix}") for suffix in dict.fromkeys([*_KINDS.values(), *LOADERS]))
    return next((path for path in paths if path.is_file()), None)


def _conditions(origin: Mapping[str, object]) -> dict[str, str]:
    """The headers that ask for a page only if it has changed."""
    names = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
    return {
        header: value
        for name, header in names.items()
        if isinstance(value := origin.get(name), str) and value.isprintable() and value.isascii()
    }


def _suffix(response: Response) -> str:
    """The suffix for what was sent, by its type, else by the path of its address."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    by_path = PurePosixPath(urlsplit(response.url).path).suffix.lower()
    suffix = by_path if kind in _UNTOLD else _KINDS.get(kind, "")
    if kind == "text/plain" and by_path in (".md", ".markdown"):
        suffix = by_path
    if kind == "" and not by_path:
        suffix = ".html"
    if suffix not in LOADERS:
        readable = ", ".join(name for name, end in _KINDS.items() if end in LOADERS)
        raise FetchError(
            f"{response.url}: expected a page of a kind that can be read ({readable}), found "
            f"{kind or 'none'!r}. Fetch it by other means, and convert it."
        )
    return suffix


def _stored(response: Response) -> bytes:
    """The bytes to keep. A charset that only the server stated is put into them.

    It says more than the page does, and would be lost: the text is kept as UTF-8 with a byte order
    mark, which says so.
    """
    kind, _, parameters = response.headers.get("content-type", "").partition(";")
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", parameters, re.I)
    data = response.data
    if match is None or data.startswith(_BOMS) or not kind.strip().lower().startswith("text/"):
        return data
    with suppress(LookupError, UnicodeDecodeError, ValueError):
        name = codecs.lookup(match[1]).name
        name = "cp1252" if name in ("iso8859-1", "ascii") else name
        if name != "utf-8":
            return codecs.BOM_UTF8 + data.decode(name).encode()
    return data


def _origin(url: str, response: Response) -> dict[str, str]:
    origin = {
        "url": response.url,
        "requested": url if url != response.url else "",
        "fetched": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "etag": response.headers.get("etag", "")[:500],
        "last_modified": response.headers.get("last-modified", "")[:100],
    }
    return {name: "".join(filter(str.isprintable, value)) for name, value in origin.items()}


def _write(path: Path, data: bytes) -> None:
    """Write the file so that at any moment either the old or the new one is there."""
    beside = path.with_name(f".{secrets.token_hex(4)}.new")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
