"""The page in a real browser, over a desk made by hand."""

import re

import pytest
from web_texts import BUYERS

pytestmark = pytest.mark.browser

QUESTION = "Who supplied the arms?"


@pytest.fixture
def page(site, open_page):
    return open_page(site.url)


def box(page):
    return page.get_by_role("textbox", name="Question")


def ask(page, question):
    """Ask, wait for the end, and return the turn."""
    box(page).fill(question)
    box(page).press("Enter")
    turn = page.locator("#v-live .v-turn", has_text=question)
    turn.locator("xpath=self::*[@aria-busy='false']").wait_for()
    page.locator("#v-ask").wait_for()  # until then Gradio hears no other question
    return turn


def clipboard(page):
    page.get_by_text("Copied").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


def test_a_citation_can_be_read_off_the_page(page):
    turn = ask(page, QUESTION)
    card = turn.locator(".v-card").first
    assert card.locator("mark").inner_text().startswith("Between 2011 and 2020, Russia")
    assert card.locator(".v-author").inner_text() == "Anna Example"
    assert card.locator(".v-date").inner_text() == "October 31, 2023"
    assert card.locator(".v-file").inner_text().startswith("arms.md")
    assert turn.locator(".v-status").inner_text() == "2 quotes from 1 document"


def test_a_marker_opens_its_quote_and_the_focus_comes_back(page):
    turn = ask(page, QUESTION)
    page.get_by_role("link", name="Quote 2", exact=True).click()
    page.wait_for_function("document.activeElement.matches('mark.v-q-chosen')")
    assert page.locator("mark.v-q-chosen").inner_text() == BUYERS
    assert "#" not in page.url  # and the page was not loaded again
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "t1-ref-2"
    turn.get_by_role("link", name="Quote 2 in its document").click()
    page.locator("#v-source").wait_for()
    assert page.locator("mark.v-q-chosen").inner_text() == BUYERS


@pytest.mark.slow
def test_copying_an_answer_and_a_quote(page):
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Copy answer").click()
    copied = clipboard(page)
    assert "Between 2011 and 2020" in copied
    assert "Who armed Armenia?" in copied
    page.get_by_text("Copied").wait_for(state="detached")
    turn.get_by_role("button", name="Copy quote").first.click()
    assert re.match(r"“Between.*”\n— Anna Example: Who armed Armenia\?", clipboard(page))


def test_stop_keeps_what_was_shown_and_another_question_can_follow(page):
    box(page).fill("Tell it very slowly")
    box(page).press("Enter")
    page.locator(".v-text", has_text="Anna Example").wait_for()
    page.get_by_role("button", name="Stop").click()
    turn = page.locator("#v-live .v-stopped")
    turn.wait_for()
    assert turn.locator(".v-status").inner_text() == "Stopped."
    shown = turn.locator(".v-text").inner_text()
    page.wait_for_timeout(700)
    assert turn.locator(".v-text").inner_text() == shown
    assert "Anna" in shown
    assert ask(page, QUESTION).locator(".v-card").count() == 2
    assert page.locator("#v-past .v-stopped").count() == 1


def test_a_second_question_follows_the_first(page, site):
    ask(page, QUESTION)
    turn = ask(page, "And since then?")
    assert "Alone: And since then?" in turn.locator(".v-asked").inner_text()
    assert site.desk.histories[-1][0][0] == QUESTION
    assert page.locator("#v-past .v-turn").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('.v-turn [id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_clear_starts_again(page):
    ask(page, QUESTION)
    page.get_by_role("button", name="Clear").click()
    page.locator(".v-turn").wait_for(state="detached")
    page.get_by_role("button", name="Who supplied most of the arms?").wait_for()


def test_an_example_asks_itself(page):
    page.get_by_role("button", name="Who supplied most of the arms?").click()
    page.locator(".v-card").first.wait_for()
    assert page.locator(".v-question").inner_text() == "Who supplied most of the arms?"
    assert page.locator(".v-example").count() == 0


def test_an_abstention_shows_its_reason_and_the_nearest_passages(page):
    turn = ask(page, "What will the weather be?")
    assert "No passage speaks of the weather." in turn.locator(".v-abstained").inner_text()
    assert turn.locator(".v-near").count() == 1
    assert turn.locator(".v-number, .v-ref, .v-error").count() == 0


def test_an_error_is_an_error(page):
    turn = ask(page, "Is the model there?")
    assert "Start it, then ask again." in turn.get_by_role("alert").inner_text()
    assert turn.locator(".v-abstained").count() == 0
    assert ask(page, QUESTION).locator(".v-card").count() == 2


def test_text_of_a_document_is_never_live(page):
    turn = ask(page, "What does the note say?")
    quote = turn.locator(".v-quote")
    assert "<script>window.hacked = 1</script> ![x](http" in quote.inner_text()
    assert quote.locator("img, script, a").count() == 0
    assert turn.locator(".v-text").locator("img, script").count() == 0
    assert page.evaluate("window.hacked") is None
    assert quote.get_attribute("dir") == "auto"


def test_a_question_is_never_live(page):
    turn = ask(page, "Who <img src=x onerror='window.hacked = 4'>?")
    assert turn.locator("img").count() == 0
    assert page.evaluate("window.hacked") is None


def test_empty_and_oversized_questions_are_refused_with_a_message(page):
    box(page).press("Enter")
    assert "Ask in words." in page.locator("#v-notice [role=alert]").inner_text()
    box(page).fill("x" * 4001)
    assert page.locator("#v-hint").inner_text() == "4,001 of 4,000 characters: too long"
    box(page).press("Enter")
    page.locator("#v-notice [role=alert]", has_text="at most 4,000").wait_for()
    assert len(box(page).input_value()) == 4001
    assert page.locator(".v-turn").count() == 0


def test_shift_enter_makes_a_line(page):
    box(page).fill("Who supplied")
    box(page).press("Shift+Enter")
    box(page).type("the arms?")
    assert box(page).input_value() == "Who supplied\nthe arms?"
    assert page.locator(".v-turn").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_horizontal_scrolling(site, open_page, scheme):
    page = open_page(site.url, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    for question in (QUESTION, "What does the note say?", "What will the weather be?"):
        ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")


@pytest.mark.slow
def test_visitors_do_not_see_each_other(site, open_page):
    first, second = open_page(site.url), open_page(site.url)
    ask(first, QUESTION)
    assert second.locator(".v-turn").count() == 0
    ask(second, "And what of this?")
    assert second.locator(".v-turn").count() == 1
