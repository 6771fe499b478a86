"""Where documents can be found on the web, as people state it beside the files."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from assistant.library_edits import known_url
from assistant.types import DocumentInfo
from index.errors import SourceError
from index.sidecars import stated

_KEPT = "%/:?#[]@!$&'()*+,;=~-._"
"""Characters that have a meaning in addresses, besides letters and digits (RFC 3986)."""


def address_of(document: DocumentInfo) -> str | None:
    """The address that the sidecar of a document's file states; None where there is none.

    It is `http` or `https` and holds nothing but ASCII, so that it can be shown, linked and put
    into a bibliography as it is.
    """
    try:
        address = known_url(stated(Path(document.source)))
    except (SourceError, OSError, ValueError):  # ValueError: a NUL in the path
        return None
    return quote(address, safe=_KEPT) if address is not None else None


def addresses_of(documents: Iterable[DocumentInfo]) -> dict[str, str]:
    """The addresses of documents that have one, by the documents' ids."""
    found = {document.id: address_of(document) for document in documents}
    return {document_id: address for document_id, address in found.items() if address}
