"""What the tests of the library share."""

from hashlib import sha256

from assistant.types import DocumentInfo


def document_info(title=None, source="docs/a.md", **fields):
    digest = sha256(f"{title} {source}".encode()).hexdigest()
    known = {"authors": (), "publisher": None, "published": None}
    return DocumentInfo(
        id=digest[:16], title=title, source=source, sha256=digest, **{**known, **fields}
    )
