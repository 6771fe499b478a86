"""Exports and feedback in a real browser, over a real index."""

import json
from pathlib import Path

import pytest
from conversation_texts import ABOUT_ROADS, ABOUT_WINE, BOTTLES, CLOSED, WINE, kept, write

from assistant import Assistant
from assistant.feedback import FeedbackFile
from assistant.verify import verify
from assistant.web.keeping import GONE
from index import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAME = '<img src="http://evil.example/x.png" onerror="window.hacked = 1"> harbor'
HOSTILE = (
    f"---\ntitle: '{NAME}'\nauthor: 'Eve <script>window.hacked = 2</script>'\ndate: 2024-01-01\n"
    "---\n\nThe harbor of Poti was dredged in 1931 <script>window.hacked = 3</script> "
    '<img src="http://evil.example/y.png" onerror="window.hacked = 4"> by 77 men.\n'
)
ABOUT_HARBOR = "When was the harbor of Poti dredged?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keep")
    documents = folder / "documents"
    documents.mkdir()
    write(documents)
    (documents / "harbor.md").write_text(HOSTILE)
    build([documents], folder / "index")
    return folder


@pytest.fixture(scope="module")
def desk(folder):
    with Assistant.open(folder / "index") as desk:
        yield desk


@pytest.fixture(scope="module")
def url(desk, folder, serving):
    return serving(desk, (), data=folder / "data")


@pytest.fixture
def feedback(folder):
    """The file of feedback, empty."""
    kept = FeedbackFile(folder / "data")
    for each in kept.all():
        kept.withdraw(each.id, each.user)
    return kept


@pytest.fixture
def asked(url, open_page):
    """Opens a page on which questions are answered, one after another."""

    def open_asked(*questions, address=url, **options):
        page = open_page(address, **options)
        for question in questions:
            ask(page, question)
        return page

    return open_asked


def ask(page, question):
    count = page.locator(".v-data").count()
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(f".v-data >> nth={count}").wait_for(state="attached")
    page.locator(f".v-keep-menu >> nth={count}").wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def saved(page, form, group="This answer"):
    """The path of the file that a form of the export menu of the last answer saves."""
    page.locator(".v-keep-menu summary").last.click()
    with page.expect_download() as download:
        page.get_by_role("group", name=group).get_by_role("button", name=form).click()
    page.locator(".v-keep-said").last.get_by_text("Saved as").wait_for()
    path = Path(download.value.path())
    named = path.with_name(download.value.suggested_filename)
    return path.rename(named)


def thumb(page, name):
    return page.get_by_role("button", name=name, exact=True).last


def pressed(page):
    return [thumb(page, name).get_attribute("aria-pressed") for name in THUMBS]


THUMBS = ("Good answer", "Not a good answer")


def is_pressed(page, name):
    page.locator(f".v-thumb[aria-label='{name}'][aria-pressed=true]").last.wait_for()


def test_an_answer_is_exported_and_verified(asked, folder):
    page = asked(ABOUT_WINE)
    text = saved(page, "Markdown").read_text()
    assert text.startswith(f"## {ABOUT_WINE}")
    assert BOTTLES in text
    bundle = saved(page, "Evidence bundle")
    assert bundle.name == "verbatim-how-many-bottles-did-kakheti-sell-in-2023.json"
    found = verify(bundle, folder / "documents")
    assert found.is_well
    assert BOTTLES in json.loads(bundle.read_text())["items"][0]["target"]["selector"][0]["exact"]
    assert page.locator(".v-keep-menu[open]").count() == 0
    assert page.evaluate("document.activeElement.matches('.v-keep-menu summary')")


def test_a_whole_conversation_is_exported(asked, folder):
    page = asked(ABOUT_WINE, ABOUT_ROADS)
    text = saved(page, "Markdown", "All 2 answers").read_text()
    assert text.index(BOTTLES) < text.index(CLOSED)
    found = verify(saved(page, "Evidence bundle", "All 2 answers"), folder / "documents")
    assert (found.is_well, found.answers) == (True, 2)
    only = saved(page, "Markdown").read_text()
    assert CLOSED in only
    assert BOTTLES not in only


def test_an_exported_page_shows_hostile_text_and_runs_nothing(asked, chromium):
    page = asked(ABOUT_HARBOR)
    path = saved(page, "Web page")
    assert page.evaluate("window.hacked") is None
    context = chromium.new_context(**PHONE)
    foreign, faults = [], []
    context.on("request", lambda request: foreign.append(request.url))
    context.on("console", lambda line: faults.append(line.text))
    opened = context.new_page()
    opened.goto(path.as_uri())
    assert (
        "dredged in 1931 <script>window.hacked = 3</script>" in opened.locator("mark").inner_text()
    )
    assert NAME in opened.locator("cite").inner_text()
    assert opened.evaluate("window.hacked") is None
    opened.locator("p a").first.click()
    assert opened.url.endswith("#t1-quote-1")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    color = opened.evaluate("getComputedStyle(document.querySelector('mark')).backgroundColor")
    assert color == "rgb(252, 236, 176)"
    own = path.as_uri()
    assert [url for url in foreign if url.partition("#")[0] != own] == []
    assert faults == []
    context.close()


def test_documents_that_have_changed_are_told(asked, folder, restored):
    page = asked(ABOUT_WINE)
    restored.write_text(WINE.replace("118", "119"))
    build([folder / "documents"], folder / "index", prune=True)
    text = saved(page, "Markdown").read_text()
    assert "do not bear it out" in text
    assert BOTTLES not in text
    said = page.locator(".v-keep-said").inner_text()
    assert "left out, for the documents have changed." in said


def test_what_cannot_be_exported_is_told(url, folder, chromium, restored):
    context = chromium.new_context()  # its console tells of the answer that was refused
    page = context.new_page()
    page.goto(url)
    ask(page, ABOUT_WINE)
    restored.unlink()
    build([folder / "documents"], folder / "index", prune=True)
    page.locator(".v-keep-menu summary").click()
    page.get_by_role("button", name="Evidence bundle").click()
    page.locator(".v-keep-said.v-keep-failed").wait_for()
    assert page.locator(".v-keep-said").inner_text() == GONE
    context.close()


@pytest.fixture
def restored(folder):
    yield folder / "documents" / "wine.md"
    write(folder / "documents")
    build([folder / "documents"], folder / "index", prune=True)


def test_a_thumb_is_given_commented_changed_and_withdrawn(asked, feedback):
    page = asked(ABOUT_WINE)
    assert pressed(page) == ["false", "false"]
    thumb(page, "Good answer").click()
    is_pressed(page, "Good answer")
    assert [(each.verdict, each.comment) for each in feedback.all()] == [("up", "")]
    box = page.get_by_role("textbox", name="What is good about it?")
    assert box.evaluate("box => box === document.activeElement")
    box.fill("Short <b>and</b> right.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you, your comment is kept.").wait_for()
    assert page.locator(".v-keep-form").count() == 0
    thumb(page, "Not a good answer").click()
    is_pressed(page, "Not a good answer")
    assert pressed(page) == ["false", "true"]
    box = page.get_by_role("textbox", name="What is wrong with it?")
    box.wait_for()
    assert box.input_value() == "Short <b>and</b> right."
    (only,) = feedback.all()
    assert (only.verdict, only.comment) == ("down", "Short <b>and</b> right.")
    assert only.question == ABOUT_WINE
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("Withdrawn.").wait_for()
    assert pressed(page) == ["false", "false"]
    assert feedback.all() == []


def test_thumbs_are_there_after_the_next_question_and_a_reload(asked, feedback):
    page = asked(ABOUT_WINE)
    thumb(page, "Good answer").click()
    page.get_by_role("textbox", name="What is good about it?").press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Good answer"
    ask(page, ABOUT_ROADS)
    assert pressed(page) == ["false", "false"]
    first = page.locator(".v-turn").first.locator(".v-thumb").first
    assert first.get_attribute("aria-pressed") == "true"
    kept(page, 2)
    page.locator("#v-ask").wait_for()
    page.wait_for_timeout(400)  # Gradio logs an error where a stream is still open
    page.reload()
    page.locator(".v-turn >> nth=1").wait_for()
    first.and_(page.locator("[aria-pressed=true]")).wait_for()
    first.click()
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("Withdrawn.").wait_for()
    assert feedback.all() == []


def test_keys_are_enough(asked, feedback):
    page = asked(ABOUT_WINE)
    summary = page.locator(".v-keep-menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_role("group", name="This answer").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Markdown"
    page.keyboard.press("Escape")
    assert page.locator(".v-keep-menu[open]").count() == 0
    assert summary.evaluate("each => each === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    is_pressed(page, "Good answer")
    assert len(feedback.all()) == 1


def test_where_nothing_is_kept_there_are_no_thumbs(desk, serving, asked):
    page = asked(ABOUT_WINE, address=serving(desk, ()))
    assert page.locator(".v-keep-menu").count() == 1
    assert page.locator(".v-thumb").count() == 0


def test_on_a_phone_all_of_it_is_within_the_window(asked, feedback):
    page = asked(ABOUT_WINE, ABOUT_ROADS, **PHONE)
    page.locator(".v-keep-menu summary").last.tap()
    box = page.locator(".v-keep-list").last.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    for each in page.locator(".v-keep-list").last.get_by_role("button").all():
        assert each.bounding_box()["height"] >= 40
        each.scroll_into_view_if_needed()
        each.click(trial=True)  # nothing lies over it
    page.locator(".v-keep-menu summary").last.tap()
    thumb(page, "Not a good answer").tap()
    page.get_by_role("textbox", name="What is wrong with it?").wait_for()
    form, composer = (page.locator(each).bounding_box() for each in (".v-keep-form", "#v-composer"))
    assert form["y"] + form["height"] <= composer["y"] + 1
    page.get_by_role("textbox", name="What is wrong with it?").fill("Too long.")
    page.get_by_role("button", name="Send").tap()
    page.get_by_text("Thank you, your comment is kept.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert feedback.all()[0].comment == "Too long."
