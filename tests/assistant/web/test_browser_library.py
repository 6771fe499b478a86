"""The Library tab in a real browser, over a real index, with real files and broken ones."""

import os
import re
import time

import pytest
from conversation_texts import BOTTLES, write

from assistant import Assistant
from assistant.library_jobs import Progress
from index import build
from index.layout import Layout
from index.lock import writing

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PIER = "# The Pier\n\nThe pier of Dunsay is 412 meters long.\n"
ABOUT_PIER = "How long is the pier of Dunsay?"
HOSTILE = "<img src=x onerror='window.hacked=1'> **bold** \u202eevil"
PHONE = {"viewport": {"width": 390, "height": 844}}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def folder(tmp_path, embedder):
    (tmp_path / "sources").mkdir()
    build(write(tmp_path / "sources"), tmp_path / "index", embedding_model=embedder)
    return tmp_path


@pytest.fixture
def site(folder, serving):
    with Assistant.open(folder / "index") as desk:
        places = {"index": folder / "index", "data": folder / "data"}
        yield lambda **options: serving(desk, (), **places, **options)


@pytest.fixture
def library(site, open_page):
    def open_library(window=DESKTOP, **options):
        page = open_page(site(**options), **window)
        page.get_by_role("tab", name="Library").click()
        page.locator(".v-lib-table").wait_for()
        return page

    return open_library


def rows(page):
    return page.locator(".v-lib-table tbody th > bdi").all_inner_texts()


def choose(page, *files):
    """Gives the page files, as (name, bytes) pairs."""
    payloads = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    page.locator("#v-library input[type=file]").set_input_files(payloads)


def said(page, text, seconds=30):
    page.get_by_role("status").filter(has_text=text).wait_for(timeout=1_000 * seconds)


def ask(page, question):
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".v-turn[aria-busy=false]").wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()  # its stream is closed
    return page.locator(".v-turn").last


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_files_are_added_whatever_else_comes_with_them(library, window):
    page = library(window)
    choose(
        page,
        ("pier.md", PIER.encode()),
        ("empty.md", b""),
        ("blank.md", b" \n\n"),
        ("noise.txt", bytes(range(256)) * 4),
        ("photo.jpg", b"\xff\xd8\xff"),
        ("all.zip", b"PK\x03\x04"),
        ("letter.DOC", b"\xd0\xcf\x11\xe0"),
        ("list.json", b'[{"text": "The pier is long."}]'),
        ("old.txt", "Die Größe der Mühle ist unbekannt.".encode("cp1252")),
        ("front.md", b"---\ntitle: [open\n---\nText.\n"),
        ("twin.md", PIER.encode()),
        (".hidden.md", b"Some text."),
        ("'; DROP TABLE x; --.md", b"This one has an odd name, and a text of its own.\n"),
    )
    said(page, "4 files added, 9 not.")
    names, texts = page.locator(".v-lib-upload-name"), page.locator(".v-lib-upload-state")
    states = dict(zip(names.all_inner_texts(), texts.all_inner_texts(), strict=True))
    assert states["pier.md"] == states["old.txt"] == states["'; DROP TABLE x; --.md"] == "added"
    assert states["empty.md"] == "Expected text, found an empty file."
    assert states["blank.md"].startswith("Expected text, found an empty file")
    assert states["noise.txt"].startswith("Expected text, found binary data")
    assert re.fullmatch(r"Expected one of \.txt, .+, found \.jpg\.", states["photo.jpg"])
    assert states["all.zip"].startswith("Expected what can be unpacked, found damage")
    assert states["letter.DOC"].endswith(", found .doc. Save it as .docx.")
    assert states["list.json"] == "added"
    assert states["front.md"].startswith("Front.md (front matter): expected YAML")
    assert states["twin.md"].startswith("Another of the files that were sent holds the same")
    assert "expected a name before the suffix" in states[".hidden.md"].lower()
    assert len(rows(page)) == 6
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    answer = ask(page, ABOUT_PIER)
    assert "412 meters" in answer.locator(".v-card mark").first.inner_text()


def test_the_documents_of_one_file_are_removed_together_once_that_is_said(library):
    page = library()
    lines = [f'{{"title": "Pier {n}", "text": "Pier {n} is {n}12 meters long."}}' for n in range(3)]
    choose(page, ("piers.jsonl", "\n".join(lines).encode()))
    said(page, "1 file added.")
    assert len(rows(page)) == 5
    row = page.locator(".v-lib-table tbody tr", has_text="Pier 1")
    assert "piers.jsonl#line=2" in row.inner_text()
    assert row.get_by_role("button", name="Edit").count() == 0
    row.get_by_role("button", name="Remove: Pier 1").click()
    assert "piers.jsonl has 3 documents, which go together." in row.inner_text()
    row.get_by_role("button", name="Keep").click()
    row.get_by_role("button", name="Remove: Pier 1").click()
    row.get_by_role("button", name="Remove all 3 documents of piers.jsonl").click()
    said(page, "Removed 3 documents.")
    assert len(rows(page)) == 2
    page.get_by_role("button", name="Undo: removed 3 documents").click()
    said(page, "3 documents are back.")
    assert len(rows(page)) == 5


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(library):
    page = library(largest_upload=1_000)
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    choose(page, ("large.md", b"x" * 1_001))
    said(page, "0 files added, 1 not.")
    assert page.locator(".v-lib-upload-state").inner_text() == (
        "Expected at most 1 kB, found 1 kB."
    )
    assert [url for url in sent if "library" in url] == []


def test_what_was_sent_is_shown_and_can_be_stopped(library, folder):
    page = library()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 150_000},
    )
    choose(page, ("long.txt", b"The pier is long. " * 100_000), ("next.txt", b"Next."))
    bar = page.get_by_role("progressbar", name="Files sent")
    bar.wait_for()
    page.wait_for_function("document.querySelector('.v-lib-sending progress').value > 100000")
    assert re.fullmatch(r"Sending: .+ (kB|MB) of 1\.8 MB", page.locator(".v-lib-sent").inner_text())
    assert re.fullmatch(r"\d+ % sent", page.locator(".v-lib-upload-state").first.inner_text())
    page.get_by_role("button", name="Stop").click()
    said(page, "0 files added, 2 not.")
    assert len(rows(page)) == 2
    for _ in range(100):  # the server learns a moment later that nobody sends anymore
        kept = [name for *_, names in os.walk(folder / "data") for name in names]
        if not kept:
            break
        page.wait_for_timeout(50)
    assert kept == []


def test_files_can_be_dropped(library):
    page = library()
    data = page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "pier.md"));
            return data;
        }""",
        PIER,
    )
    page.locator("#v-library").dispatch_event("dragover", {"dataTransfer": data})
    assert "v-lib-over" in page.locator("#v-library").get_attribute("class")
    page.locator("#v-library").dispatch_event("drop", {"dataTransfer": data})
    said(page, "1 file added.")
    assert "The Pier" in rows(page)


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_metadata_are_edited_in_place(library, folder, window):
    page = library(window)
    page.get_by_role("button", name="Edit: Wine of Kakheti").click()
    form = page.get_by_role("form", name="Edit Wine of Kakheti")
    assert form.get_by_label("Title").evaluate("field => field === document.activeElement")
    form.get_by_label("Title").fill(HOSTILE)
    form.get_by_label("Authors").fill("Beridze, Nino; John Roe")
    form.get_by_label("Date").fill("soon")
    form.get_by_role("button", name="Save").click()
    form.get_by_role("alert").filter(has_text="The date: expected a day").wait_for()
    form.get_by_label("Date").fill("May 2021")
    form.get_by_label("Address").fill("https://example.org/wine")
    form.get_by_role("button", name="Save").click()
    form.wait_for(state="detached")
    shown = "<img src=x onerror='window.hacked=1'> **bold** evil"
    row = page.get_by_role("row").filter(has_text="onerror")
    assert row.get_by_role("rowheader").locator("bdi").first.inner_text() == shown
    assert "Beridze, Nino, John Roe" in row.inner_text()
    assert "May 2021" in row.inner_text()
    assert row.get_by_role("link", name="example.org").get_attribute("rel") == "noopener noreferrer"
    assert row.get_by_role("button", name=re.compile("^Edit")).evaluate(
        "button => button === document.activeElement"
    )
    assert "edited:" in (folder / "sources" / "wine.md.meta.yaml").read_text()
    answer = ask(page, "How many bottles did Kakheti sell in 2023?")
    assert answer.locator(".v-card .v-title").first.inner_text() == shown
    assert answer.locator(".v-card mark").first.inner_text() == BOTTLES
    assert page.evaluate("window.hacked") is None


def test_an_edit_is_left_without_a_change(library, folder):
    page = library()
    page.get_by_role("button", name="Edit: Wine of Kakheti").click()
    page.get_by_role("textbox", name="Publisher").fill("Somebody")
    page.keyboard.press("Escape")
    page.get_by_role("form").wait_for(state="detached")
    page.get_by_role("button", name="Edit: Wine of Kakheti").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("form").wait_for(state="detached")
    assert not (folder / "sources" / "wine.md.meta.yaml").exists()


def test_what_cannot_be_kept_is_said_in_the_form(library, folder):
    (folder / "sources" / "wine.md.meta.yaml").mkdir()
    page = library()
    page.get_by_role("button", name="Edit: Wine of Kakheti").click()
    page.get_by_role("textbox", name="Title").fill("New")
    page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert").filter(has_text="can be written beside the document")
    alert.wait_for()
    assert str(folder) not in alert.inner_text()
    assert page.get_by_role("textbox", name="Title").input_value() == "New"


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_removal_is_undone(library, window):
    page = library(window)
    assert BOTTLES in ask(page, "How many bottles did Kakheti sell in 2023?").inner_text()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Remove: Wine of Kakheti").click()
    said(page, "Removed “Wine of Kakheti”.")
    undo = page.get_by_role("button", name="Undo")
    undo.wait_for()
    assert undo.evaluate("button => button === document.activeElement")
    assert rows(page) == ["Roads of Svaneti"]
    page.reload()
    page.get_by_role("tab", name="Library").click()
    undo.wait_for()
    assert re.search(r"\d+ s left", page.locator(".v-lib-removed").inner_text())
    undo.click()
    said(page, "“Wine of Kakheti” is back.")
    page.get_by_role("rowheader", name="Wine of Kakheti").wait_for()
    assert page.get_by_role("button", name="Undo").count() == 0


def test_changed_and_missing_files_are_told_and_brought_up_to_date(library, folder):
    wine, roads = (folder / "sources" / name for name in ("wine.md", "roads.md"))
    wine.write_text(wine.read_text().replace("118", "120"))
    roads.unlink()
    page = library()
    page.get_by_role("button", name="File missing: 1").wait_for()
    page.get_by_role("button", name="Changed on disk: 1").click()
    page.wait_for_function("document.querySelectorAll('.v-lib-table tbody tr').length === 1")
    page.get_by_role("button", name="Index again: Wine of Kakheti").click()
    said(page, "1 file brought up to date.")
    page.get_by_text("No document matches.").wait_for()
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("rowheader", name="Wine of Kakheti").wait_for()
    page.get_by_role("button", name="Bring up to date").click()
    said(page, "1 file unchanged.")
    note = page.locator(".v-lib-notes")
    assert note.inner_text() == "Roads of Svaneti: Its file is missing; it stays as it was indexed."
    answer = ask(page, "How many bottles did Kakheti sell in 2023?")
    assert "120 million" in answer.locator(".v-card mark").first.inner_text()


def test_sorting_and_searching(library):
    page = library()
    head = page.get_by_role("columnheader", name="Date")
    assert page.get_by_role("columnheader", name="Title").get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    page.wait_for_function("document.querySelector('th.v-lib-published').ariaSort === 'ascending'")
    assert rows(page) == ["Roads of Svaneti", "Wine of Kakheti"]
    assert page.evaluate("document.activeElement.dataset.focus") == "sort published"
    head.get_by_role("button").click()
    page.wait_for_function("document.querySelector('th.v-lib-published').ariaSort === 'descending'")
    assert rows(page) == ["Wine of Kakheti", "Roads of Svaneti"]
    assert page.get_by_role("columnheader", name="Title").get_attribute("aria-sort") is None
    search = page.get_by_role("searchbox", name="Search documents")
    search.fill("KOBALIA")
    page.wait_for_function("document.querySelectorAll('.v-lib-table tbody tr').length === 1")
    assert rows(page) == ["Roads of Svaneti"]
    assert page.locator(".v-lib-count").inner_text() == "1 of 2 documents"
    search.fill("nothing has this")
    page.get_by_text("No document matches.").wait_for()


def test_an_author_of_the_picture_is_searched_for(library):
    page = library()
    chart = page.get_by_role("img", name=re.compile("2 documents with a date"))
    chart.wait_for()
    page.get_by_role("button", name="Nino Beridze").click()
    page.wait_for_function("document.querySelectorAll('.v-lib-table tbody tr').length === 1")
    assert rows(page) == ["Wine of Kakheti"]


def test_many_documents_come_a_page_at_a_time(library, folder, embedder):
    more = folder / "more"
    more.mkdir()
    for number in range(120):
        (more / f"{number:03}.txt").write_text(f"The number of this text is {number}.\n")
    build([more], folder / "index", embedding_model=embedder)
    page = library()
    assert len(rows(page)) == 50
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Page 2 of 3").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Page 3 of 3").wait_for()
    assert len(rows(page)) == 22
    assert page.get_by_role("button", name="Next").is_disabled()
    assert page.get_by_role("button", name="Previous").evaluate(
        "button => button === document.activeElement"
    )


def test_a_running_job_is_seen_after_a_reload_and_makes_others_wait(library, folder):
    page = library()
    files = [(f"{n}.txt", f"The number of this text is {n}.".encode()) for n in range(40)]
    working = page.get_by_role("progressbar", name="Change of the documents")
    with writing(Layout(folder / "index")):  # the job waits, as for another process that indexes
        choose(page, *files)
        working.wait_for()
        page.reload()
        page.get_by_role("tab", name="Library").click()
        working.wait_for()
        assert "Indexing 40 files" in page.locator(".v-lib-job").inner_text()
        page.get_by_role("button", name="Bring up to date").click()
        said(page, "The documents are being changed already (indexing 40 files)")
    said(page, "40 files added.", 120)
    assert page.locator(".v-lib-count").inner_text() == "42 documents"


@pytest.fixture
def unhurried(monkeypatch):
    """Changes take a while at each file."""
    count = Progress.count

    def counted(progress, done, of, passages):
        count(progress, done, of, passages)
        if done:
            time.sleep(0.2)

    monkeypatch.setattr(Progress, "count", counted)
    monkeypatch.setattr("index.intake.BATCH_TEXTS", 8)


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_indexing_can_be_stopped_and_what_is_done_stays(library, unhurried, window):
    page = library(window)
    files = [(f"{n}.txt", f"The number of this text is {n}. ".encode() * 40) for n in range(60)]
    choose(page, *files)
    cancel = page.locator(".v-lib-job").get_by_role("button", name="Cancel")
    cancel.wait_for()
    page.wait_for_function("document.querySelector('.v-lib-job progress').value > 0")
    cancel.click()
    page.locator(".v-lib-said", has_text=re.compile(r"\d+ files? added, \d+ not")).wait_for()
    assert not page.locator(".v-lib-job").is_visible()
    done = page.locator(".v-lib-is-added").count()
    assert 0 < done < 60
    page.locator(".v-lib-count", has_text=f"{done + 2} documents").wait_for()
    states = page.locator(".v-lib-upload-state").all_inner_texts()
    assert sum(state.startswith("Not added: it was stopped") for state in states) == 60 - done
    assert page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_read_only(library, window):
    page = library(window, read_only=True)
    assert rows(page) == ["Roads of Svaneti", "Wine of Kakheti"]
    names = [each.inner_text() for each in page.locator("#v-library button:visible").all()]
    assert not {"Add files", "Bring up to date", "Edit", "Remove"} & set(names)


def test_an_empty_library_says_how_to_fill_it(library):
    page = library()
    for name in ("Wine of Kakheti", "Roads of Svaneti"):
        page.get_by_role("button", name=f"Remove: {name}").click()
        page.get_by_role("rowheader", name=name).wait_for(state="detached")
    page.get_by_role("heading", name="No documents yet").wait_for()
    page.get_by_role("tab", name="Ask").click()
    nothing = page.get_by_text("There are no documents yet.")
    nothing.wait_for()
    page.get_by_role("tab", name="Library").click()
    choose(page, ("pier.md", PIER.encode()))
    said(page, "1 file added.")
    nothing.wait_for(state="hidden")
    assert rows(page) == ["The Pier"]
    assert "412 meters" in ask(page, ABOUT_PIER).locator(".v-card mark").first.inner_text()


@pytest.mark.parametrize("width", [360, 820, 1280, 2560])
def test_nothing_is_wider_than_the_window(library, width):
    page = library({"viewport": {"width": width, "height": 900}})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Edit: Wine of Kakheti").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
