"""Where documents can be found on the web, as they say themselves, or people beside them."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from assistant.library_edits import known_url
from assistant.types import DocumentInfo
from index.errors import SourceError
from index.metadata import edited_fields
from index.sidecars import stated
from index.web_address import web_address

_KEPT = "%/:?#[]@!$&'()*+,;=~-._"
"""Characters that have a meaning in addresses, besides letters and digits (RFC 3986)."""


def address_of(document: DocumentInfo) -> str | None:
    """The address that the sidecar of a document's file states, else the one the document does.

    None where there is none, and where a user stated that it is not known. It is `http` or
    `https` and holds nothing but ASCII, so that it can be shown, linked and put into a
    bibliography as it is.
    """
    address = stated_address(document)
    return quote(address, safe=_KEPT) if address is not None else None


def stated_address(document: DocumentInfo) -> str | None:
    """The same as it was stated. What a sidecar says counts as soon as it says so."""
    try:
        beside = stated(Path(document.source))
    except (SourceError, OSError, ValueError):  # ValueError: a NUL in the path
        beside = {}
    found = known_url(beside)
    if found is not None or "url" in edited_fields(beside):
        return found
    return web_address(document.url)  # of a kept answer it may be from anybody


def addresses_of(documents: Iterable[DocumentInfo]) -> dict[str, str]:
    """The addresses of documents that have one, by the documents' ids."""
    found = {document.id: address_of(document) for document in documents}
    return {document_id: address for document_id, address in found.items() if address}
