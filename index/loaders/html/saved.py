"""Pages saved with all that belongs to them in one file (MHTML), by a browser."""

from collections.abc import Callable
from email.message import Message
from functools import cache
from urllib.parse import urljoin

from index.errors import UnreadableFileError
from index.loaders.html import convert
from index.loaders.html.tree import read_page, read_sheet
from index.loaders.mail.parsing import content, header, parse_message
from index.loading import Loaded


def load(data: bytes, name: str) -> Loaded:
    """Convert a saved page.

    Raises:
        UnreadableFileError: no page is in the file, or it cannot be converted.
    """
    message = parse_message(data, name)
    pages = [part for part in message.walk() if _is_page(part)]
    if not pages:
        raise UnreadableFileError(
            f"{name}: expected a saved page with a part of HTML, found none. Save the page anew."
        )
    start = str(message.get_param("start", ""))
    page = next((part for part in pages if start and header(part, "Content-ID") == start), pages[0])
    places = header(page, "Content-Location"), header(message, "Snapshot-Content-Location")
    address = next((place for place in places if place and not place.startswith("cid:")), "")
    linked = _stylesheets(message, address)
    return convert(read_page(content(page), name), name, address, linked)


def _stylesheets(message: Message, address: str) -> Callable[[str], str | None]:
    """What gives the stylesheets that were saved with a page."""
    parts: dict[str, Message] = {}
    for part in message.walk():
        if part.get_content_type() == "text/css":
            own = header(part, "Content-ID").strip("<>")
            names = (header(part, "Content-Location"), f"cid:{own}" if own else "")
            parts |= {name: part for name in names if name}

    @cache
    def linked(href: str) -> str | None:
        part = parts.get(href) or parts.get(_absolute(address, href))
        return None if part is None else read_sheet(content(part))

    return linked


def _absolute(address: str, href: str) -> str:
    try:
        return urljoin(address, href)
    except ValueError:  # "http://["
        return ""


def _is_page(part: Message) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")
