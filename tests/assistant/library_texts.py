"""What the tests of the library share."""

from hashlib import sha256

from assistant.types import DocumentInfo

MILL = "---\ntitle: The Mill\nauthor: Jane Doe\n---\n\nThe mill at Orlen burned down in 1874.\n"
PIER = "# The Pier\n\nThe pier of Dunsay is 412 meters long.\n"
ABOUT_MILL, ABOUT_PIER = "When did the mill at Orlen burn down?", "How long is the pier of Dunsay?"


def document_info(title=None, source="docs/a.md", **fields):
    digest = sha256(f"{title} {source}".encode()).hexdigest()
    known = {"authors": (), "publisher": None, "published": None}
    return DocumentInfo(
        id=digest[:16], title=title, source=source, sha256=digest, **{**known, **fields}
    )


def ended(shelf, job):
    shelf.jobs.wait(60)
    latest = shelf.jobs.latest()
    assert job is not None
    assert latest.id == job.id
    return latest


def upload(shelf, name, text):
    with shelf.uploads.receive(name) as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return file.token


def info_of(desk, title):
    return next(info for info in desk.documents() if info.name == title)


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
