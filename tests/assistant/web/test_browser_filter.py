"""A filter that outlives what it was made for: a reload, and the documents it names."""

import pytest
from conversation_texts import ABOUT_ROADS, ABOUT_WINE, BOTTLES, CLOSED, kept, write

from assistant import Assistant
from index import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def desk(tmp_path, embedder):
    (tmp_path / "sources").mkdir()
    build(write(tmp_path / "sources"), tmp_path / "index", embedding_model=embedder)
    with Assistant.open(tmp_path / "index") as desk:
        yield desk


@pytest.fixture
def page(desk, tmp_path, serving, open_page):
    return open_page(serving(desk, (), index=tmp_path / "index", data=tmp_path / "data"))


def choose(page, title):
    page.get_by_role("button", name="Filter").click()
    found = page.locator("#v-filter-found button")
    found.nth(1).wait_for()  # all of them; then those with these words
    page.get_by_label("Document", exact=True).fill(title)
    found.nth(1).wait_for(state="detached")
    found.filter(has_text=title).click()
    page.locator("#v-matching", has_text="1 of").wait_for()
    page.keyboard.press("Escape")


def ask(page, question):
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#v-live .v-turn[aria-busy=false]", has_text=question).wait_for()
    page.locator(".v-conv-open").first.wait_for()
    return page.locator("#v-live")


def chips(page):
    return page.locator(".v-chip bdi").all_inner_texts()


def reload(page):
    page.locator("#v-ask").wait_for()
    page.wait_for_timeout(300)  # Gradio logs an error where a stream is still open
    page.reload()
    page.locator(".v-turn[aria-busy=false]").first.wait_for()


def lost(page):
    page.locator("#v-filter-lost:not([hidden])").wait_for()
    return page.locator("#v-filter-lost").inner_text()


def test_the_filter_of_a_kept_conversation_holds_for_the_next_question(page):
    choose(page, "Roads of Svaneti")
    ask(page, ABOUT_ROADS)
    reload(page)
    page.locator(".v-chip", has_text="Roads of Svaneti").wait_for()
    page.locator("#v-matching", has_text="1 of 2 documents").wait_for()
    turn = ask(page, ABOUT_WINE)
    assert BOTTLES not in turn.inner_text()
    assert "Roads of Svaneti" in turn.locator(".v-asked").inner_text()
    page.get_by_role("button", name="Take away: Roads of Svaneti").click()
    assert BOTTLES in ask(page, f"Once more: {ABOUT_WINE}").inner_text()
    kept(page, 3)
    reload(page)
    page.wait_for_timeout(300)
    assert chips(page) == []


def test_a_document_that_is_gone_has_left_the_kept_filter(page, desk):
    choose(page, "Roads of Svaneti")
    ask(page, ABOUT_ROADS)
    desk.index.remove([next(each.id for each in desk.documents() if "Roads" in each.title)])
    reload(page)
    assert "1 document of the filter is no longer here" in lost(page)
    assert "all documents are asked" in lost(page)
    assert chips(page) == []
    turn = ask(page, ABOUT_WINE)
    assert BOTTLES in turn.inner_text()
    assert turn.locator(".v-asked").inner_text() == ""


def test_documents_that_are_found_late_leave_the_focus_where_it_is(page):
    page.evaluate(
        """() => {
            const asked = window.fetch;
            window.fetch = async (...request) => {
                const isLate = String(request[0]).includes("search=Roads");
                if (isLate) await new Promise((done) => { window.answered = done; });
                return asked(...request);
            };
        }"""
    )
    page.get_by_role("button", name="Filter").click()
    page.locator("#v-filter-found li").nth(1).wait_for()
    page.get_by_label("Document", exact=True).fill("Roads")
    page.locator("#v-filter-found button", has_text="Roads of Svaneti").click()
    page.wait_for_function("Boolean(window.answered)")
    page.evaluate("window.answered()")
    page.locator("#v-filter-found li").nth(1).wait_for(state="detached")
    assert page.evaluate("document.activeElement.matches('#v-filter-found button')")
    page.keyboard.press("Escape")
    page.locator("#v-filter").wait_for(state="hidden")


def test_a_document_that_is_removed_leaves_the_filter(page):
    choose(page, "Roads of Svaneti")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Author").select_option("Levan Kobalia")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Remove: Roads of Svaneti").click()
    page.get_by_role("button", name="Undo").first.wait_for()
    page.get_by_role("tab", name="Ask").click()
    assert "“Roads of Svaneti” is no longer here" in lost(page)
    assert chips(page) == ["by Levan Kobalia"]
    page.locator("#v-matching", has_text="None of 1 document").wait_for()
    page.get_by_role("button", name="Take away: by Levan Kobalia").click()
    assert BOTTLES in ask(page, ABOUT_WINE).inner_text()
    assert CLOSED not in page.locator("#v-live").inner_text()


def test_the_choices_are_there_beside_a_conversation(page):
    ask(page, ABOUT_ROADS)
    page.get_by_role("button", name="Filter").click()
    page.locator("#v-filter-found button").first.wait_for()
    page.wait_for_timeout(300)
    assert page.locator("#v-matching").inner_text() == ""
    assert page.locator("#v-filter-author option").count() == 3
