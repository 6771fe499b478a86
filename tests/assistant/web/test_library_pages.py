"""The routes of the library, over a real index whose documents come and go."""

import os
import time
from pathlib import Path

import fastapi
import pytest
from conversation_texts import ABOUT_WINE, BOTTLES, write
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.web.bodies import Bodies
from assistant.web.library_pages import add_library_pages
from assistant.web.routes import add_error_form
from assistant.web.site import USER, Site, SiteOptions
from index import build

HEADER = {"X-Verbatim": "1"}
PDF = Path(__file__).parents[2] / "index" / "pdfs" / "briefs.pdf"
LOCKED = PDF.with_name("encrypted.pdf").read_bytes()
PIER = "# The Pier\n\nThe pier of Dunsay is 412 meters long.\n"


class Named:
    """Middleware that signs in whom a header names."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        name = dict(scope.get("headers", ())).get(b"x-user")
        await self.app(scope | ({USER: name.decode()} if name else {}), receive, send)


def client_of(desk, **options):
    app = fastapi.FastAPI()
    add_error_form(app)
    site = Site(desk, SiteOptions(**options))
    add_library_pages(app, site)
    app.add_middleware(Bodies, largest_upload=site.options.largest_upload)
    app.add_middleware(Named)
    return TestClient(app, raise_server_exceptions=False, headers=HEADER)


@pytest.fixture
def folder(tmp_path, embedder):
    (tmp_path / "sources").mkdir()
    build(write(tmp_path / "sources"), tmp_path / "index", embedding_model=embedder)
    return tmp_path


@pytest.fixture
def desk(folder):
    with Assistant.open(folder / "index") as desk:
        yield desk


@pytest.fixture
def client(folder, desk):
    with client_of(
        desk, index=folder / "index", data=folder / "data", largest_upload=2_000_000
    ) as client:
        yield client


def upload(client, name, text, **headers):
    return client.post("/app/library/files", params={"name": name}, content=text, headers=headers)


def done(client, response, **headers):
    """The job that a response began, once it has ended."""
    assert response.status_code == 200, response.text
    job = response.json()["job"]
    for _ in range(600):
        latest = client.get("/app/library/job", headers=headers).json()["job"]
        assert latest["id"] == job["id"]
        if latest["state"] != "running":
            return latest
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def listed(client, **query):
    return client.get("/app/library", params=query).json()


def test_the_table(client):
    view = listed(client)
    assert (view["total"], view["matching"], view["pages"]) == (2, 2, 1)
    assert view["may_change"]
    assert view["may_upload"]
    roads, wine = view["documents"]
    assert roads["name"] == "Roads of Svaneti"
    assert wine == {
        "id": wine["id"],
        "name": "Wine of Kakheti",
        "title": "Wine of Kakheti",
        "authors": ["Nino Beridze"],
        "published": "2024-05-01",
        "date": "May 1, 2024",
        "publisher": None,
        "url": None,
        "file": "wine.md",
        "files": 1,
        "container": None,
        "parts": 1,
        "passages": wine["passages"],
        "state": "in step",
        "found": dict.fromkeys(("title", "authors", "published"), "front_matter"),
    }
    assert wine["passages"] > 0
    assert [d["name"] for d in listed(client, sort="published", down=True)["documents"]] == [
        "Wine of Kakheti",
        "Roads of Svaneti",
    ]
    assert listed(client, search="beridze")["matching"] == 1
    assert client.get("/app/library", params={"sort": "size"}).status_code == 400


def test_no_path_of_the_server_is_told(client, folder):
    told = client.get("/app/library").text + client.get("/app/library/picture").text
    assert str(folder) not in told


def test_a_pdf_is_taken_and_quoted_by_its_page(client, desk):
    data = PDF.read_bytes()
    taken = upload(client, "briefs.pdf", data).json()
    job = done(client, client.post("/app/library/index", json={"files": [taken["token"]]}))
    assert (job["state"], job["result"]) == ("done", "1 file added.")
    (row,) = listed(client, search="three briefs")["documents"]
    assert row["title"] == "Three briefs"
    (citation, *_) = desk.answer("How large were Armenia's cheap loans since 2020?").citations
    assert (citation.document.id, citation.place) == (row["id"], "page 1")


def test_a_file_is_added_edited_removed_and_had_back(client, desk):
    taken = upload(client, "pier.md", PIER).json()
    assert (taken["name"], taken["bytes"]) == ("pier.md", len(PIER))
    assert listed(client)["total"] == 2
    job = done(client, client.post("/app/library/index", json={"files": [taken["token"]]}))
    assert (job["state"], job["result"]) == ("done", "1 file added.")
    (row,) = listed(client, search="pier")["documents"]
    place = f"/app/library/documents/{row['id']}"
    done(client, client.post(place, json={"title": "Piers", "url": "https://example.org/"}))
    (row,) = listed(client, search="piers")["documents"]
    assert (row["title"], row["found"]["title"], row["url"]) == (
        "Piers",
        "user",
        "https://example.org/",
    )
    assert client.post(place, json={"title": "Piers"}).json() == {"job": None}
    done(client, client.delete(place))
    view = listed(client)
    assert view["total"] == 2
    (removed,) = view["removed"]
    done(client, client.post("/app/library/undo", json={"token": removed["token"]}))
    assert listed(client)["total"] == 3
    assert desk.documents()[-1].title == "Piers"


def test_the_running_desk_answers_from_what_is_there_now(client, desk):
    assert desk.answer(ABOUT_WINE).citations[0].quote.text == BOTTLES
    (wine,) = listed(client, search="wine")["documents"]
    done(client, client.delete(f"/app/library/documents/{wine['id']}"))
    assert desk.answer(ABOUT_WINE).citations == ()


def test_changed_files_are_told_and_indexed_again(client, desk, folder):
    path = folder / "sources" / "wine.md"
    path.write_text(path.read_text().replace("118 million", "120 million"))
    view = listed(client, state="changed")
    assert view["states"] == {"missing": 0, "changed": 1, "in step": 1}
    (wine,) = view["documents"]
    job = done(client, client.post("/app/library/reindex", json={"documents": [wine["id"]]}))
    assert job["result"] == "1 file brought up to date."
    assert "120 million" in desk.answer(ABOUT_WINE).citations[0].quote.text
    assert listed(client)["states"]["in step"] == 2
    job = done(client, client.post("/app/library/reindex", json={}))
    assert job["result"] == "2 files unchanged."


@pytest.mark.parametrize(
    ("name", "data", "status", "message"),
    [
        ("empty.md", b"", 200, "empty.md: expected text, found an empty file"),
        ("noise.txt", bytes(range(256)), 200, "noise.txt: expected text, found binary data"),
        ("locked.pdf", LOCKED, 200, "locked.pdf: expected a PDF that opens without a password"),
        ("photo.jpg", b"\xff\xd8", 200, "photo.jpg: expected one of .txt, .md"),
        ("../../evil.md", b"text", 200, "expected a plain file name"),
        ("a\x00.md", b"text", 200, "plain file name"),
        ("twin.md", (write, "wine.md"), 200, "has this text already, as “Wine of Kakheti”"),
        ("large.md", b"x" * 2_000_001, 413, "large.md: expected at most 2,000,000 bytes"),
        ("larger.md", b"x" * 2_200_000, 413, "A request has at most 2,100,000 bytes"),
    ],
)
def test_files_that_are_refused(client, folder, name, data, status, message):
    if isinstance(data, tuple):
        data = (folder / "sources" / data[1]).read_bytes()
    response = upload(client, name, data)
    assert response.status_code == status
    assert message in response.json()["refused" if status == 200 else "error"]
    assert [path.name for path in (folder / "data").rglob("*") if path.is_file()] == []


def test_a_file_whose_length_is_not_announced(client, folder):
    parts = (b"x" * 100_000 for _ in range(21))
    response = upload(client, "large.md", parts)
    assert "expected at most 2,000,000 bytes" in response.json()["refused"]
    assert [path.name for path in (folder / "data").rglob("*") if path.is_file()] == []


def test_a_file_is_not_held_in_memory_and_is_kept_whole(client, folder):
    data = os.urandom(700_000).hex().encode()
    token = upload(client, "long.txt", data).json()["token"]
    (path,) = (folder / "data").rglob("long.txt")
    assert path.read_bytes() == data
    client.delete(f"/app/library/files/{token}")
    assert not path.exists()


def test_what_changes_something_needs_the_header(client, folder):
    calls = [
        ("POST", "/app/library/files?name=a.md"),
        ("DELETE", "/app/library/files/x"),
        ("POST", "/app/library/index"),
        ("POST", "/app/library/documents/x"),
        ("DELETE", "/app/library/documents/x"),
        ("POST", "/app/library/undo"),
        ("POST", "/app/library/reindex"),
    ]
    for method, path in calls:
        assert client.request(method, path, headers={"X-Verbatim": ""}).status_code == 403
    assert not (folder / "data").exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/app/library/index", {"files": []}),
        ("/app/library/index", {"files": "x"}),
        ("/app/library/index", {"files": [1]}),
        ("/app/library/index", {"files": ["x"] * 1_000}),
        ("/app/library/undo", {}),
        ("/app/library/undo", {"token": 4}),
        ("/app/library/reindex", {"documents": []}),
        ("/app/library/reindex", {"documents": ["0" * 16]}),
        ("/app/library/documents/" + "0" * 16, {"title": "x"}),
    ],
)
def test_requests_that_make_no_sense(client, path, body):
    response = client.post(path, json=body)
    assert response.status_code == 400
    assert response.json()["error"]
    assert client.get("/app/library/job").json() == {"job": None}


def test_one_change_at_a_time(client):
    slow = [upload(client, f"{n}.md", f"The pier number {n} is long.").json() for n in range(40)]
    first = client.post("/app/library/index", json={"files": [each["token"] for each in slow]})
    second = client.post("/app/library/reindex", json={})
    assert second.json()["job"] is None
    assert "Wait until" in second.json()["busy"]
    assert done(client, first)["result"] == "40 files added."


def test_a_value_that_cannot_be_used(client):
    (wine,) = listed(client, search="wine")["documents"]
    response = client.post(f"/app/library/documents/{wine['id']}", json={"published": "soon"})
    assert response.json()["job"] is None
    assert response.json()["refused"].startswith("The date: expected a day")


def test_read_only(folder, desk):
    with client_of(desk, index=folder / "index", data=folder / "data", read_only=True) as client:
        view = listed(client)
        assert (view["total"], view["may_change"], view["may_upload"]) == (2, False, False)
        assert upload(client, "a.md", "text").status_code == 403
        assert client.delete("/app/library/documents/x").status_code == 403
        assert client.get("/app/library/job").json() == {"job": None}


def test_without_a_data_folder_nothing_is_uploaded(folder, desk):
    with client_of(desk, index=folder / "index") as client:
        view = listed(client)
        assert (view["may_change"], view["may_upload"]) == (True, False)
        assert upload(client, "a.md", "text").status_code == 403


def test_each_user_has_a_library(folder, desk):
    options = {"auth_file": folder / "accounts", "private_libraries": True}
    anna, ben = {"X-User": "anna"}, {"X-User": "ben"}
    with client_of(desk, data=folder / "data", **options) as client:
        token = upload(client, "pier.md", PIER, **anna).json()["token"]
        body = {"files": [token]}
        stolen = client.post("/app/library/index", json=body, headers=ben)
        assert done(client, stolen, **ben)["state"] == "failed"
        assert client.get("/app/library", headers=ben).json()["total"] == 0
        mine = client.post("/app/library/index", json=body, headers=anna)
        assert done(client, mine, **anna)["result"] == "1 file added."
        view = client.get("/app/library", headers=anna).json()
        (row,) = view["documents"]
        assert client.get("/app/library", headers=ben).json()["total"] == 0
        place = f"/app/library/documents/{row['id']}"
        assert client.delete(place, headers=ben).status_code == 400
        assert "No document has a date" in client.get("/app/library/picture", headers=anna).text
        assert client.get("/app/library/picture", headers=ben).text == ""


@pytest.mark.slow
def test_thousands_of_documents(tmp_path, embedder):
    (tmp_path / "docs").mkdir()
    for number in range(2_000):
        (tmp_path / "docs" / f"{number:04}.txt").write_text(f"Number {number} is a number.")
    build([tmp_path / "docs"], tmp_path / "index", embedding_model=embedder)
    with (
        Assistant.open(tmp_path / "index") as desk,
        client_of(desk, index=tmp_path / "index", data=tmp_path / "data") as client,
    ):
        listed(client)
        start = time.perf_counter()
        view = listed(client, page=40, sort="title")
        took = time.perf_counter() - start
        assert (view["pages"], len(view["documents"])) == (40, 50)
        assert view["documents"][-1]["file"] == "1999.txt"
        assert took < 2
