"""Pages saved with all that belongs to them in one file (MHTML), by a browser."""

from email.message import Message

from index.errors import UnreadableFileError
from index.loaders.html import convert
from index.loaders.html.tree import read_page
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
    return convert(read_page(content(page), name), name, address)


def _is_page(part: Message) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")
