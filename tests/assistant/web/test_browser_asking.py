"""Asking anew, choosing who answers and from what, and a page that does not jump; in a browser."""

import asyncio
import os

import pytest
from timing import until
from web_texts import SHARE, HandDesk, answer_from, hit

from assistant import Assistant
from assistant.types import Retrieved, Stated, Token, Withdrawn
from assistant.web.also_models import AlsoModels
from index.errors import ModelError

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "Who supplied the arms?"
FERRY = "How many cars does the ferry to Alsen carry?"
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}
MOST_SHIFT = 0.02
SHIFTS = """
window.shifts = [];
const began = performance.now();
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput || entry.startTime < began) continue;
    const moved = entry.sources.map((each) => each.node?.className || each.node?.nodeName);
    window.shifts.push([entry.startTime, entry.value, moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


class Slow(HandDesk):
    """Says when it is asked, and answers as it is told to by words of the question."""

    model = "openai:slow"

    async def astream(self, question, history=None, where=None):
        self.histories.append(list(history or []))
        if "hang" in question:
            await asyncio.sleep(60)
        if "fail" in question:
            raise ModelError("The model is not there. Start it.")
        yield Retrieved(question, (hit(),) * 12)
        result = answer_from(question, *[SHARE] * 5)
        for number, statement in enumerate(result.statements):
            for word in statement.text.split(" "):
                yield Token(f"{word} ")
                await asyncio.sleep(0.02)
            yield Stated(statement, result.citations[number : number + 1])
        yield Token("It flew.")
        yield Withdrawn("It flew.", "no quote says so")
        await asyncio.sleep(8 if "at length" in question else 0.7)
        yield result


@pytest.fixture(scope="module")
def slow(serving):
    return serving(Slow())


@pytest.fixture
def page(slow, open_page):
    return open_page(slow)


@pytest.fixture
def chosen(index, serving, open_page):
    """A page over a real index, with a model that has no key."""
    assert "OPENAI_API_KEY" not in os.environ
    return open_page(serving(Assistant(index), (), also_models=AlsoModels(("openai:keyless",))))


def box(page):
    return page.get_by_role("textbox", name="Question", exact=True)


def ended(page, question):
    turn = page.locator("#v-live .v-turn[aria-busy=false]", has_text=question)
    turn.wait_for()
    page.locator("#v-ask").wait_for()  # until then Gradio hears no other question
    return turn


def ask(page, question=QUESTION):
    box(page).fill(question)
    box(page).press("Enter")
    return ended(page, question)


def questions(page):
    return page.locator(".v-question").all_inner_texts()


def edit(page, place, question):
    page.locator(".v-turn").nth(place).get_by_role("button", name="Edit question").click()
    editor = page.get_by_role("textbox", name="Edit the question")
    editor.fill(question)
    return editor


def cumulative_shift(shifts):
    """As browsers report it: of the worst window, which lasts 5 s and ends after 1 s of rest."""
    worst = total = began = last = 0.0
    for time, value, _ in shifts:
        if time - last > 1000 or time - began > 5000:
            total, began = 0.0, time
        total, last = total + value, time
        worst = max(worst, total)
    return worst


def test_a_question_asked_in_other_words_takes_the_place_of_all_after_it(page):
    for number in ("One", "Two", "Three"):
        ask(page, f"{number}?")
    editor = edit(page, 1, "Another?")
    assert "this answer and the one after it" in page.locator(".v-editing").inner_text()
    editor.press("Enter")
    ended(page, "Another?")
    assert questions(page) == ["One?", "Another?"]
    assert "Copied" not in page.locator("#v-past").inner_text()


def test_asking_again_asks_the_same_once_more(page):
    ask(page, "One?")
    turn = ask(page, "Two?")
    turn.get_by_role("button", name="Ask again").click()
    page.locator("#v-live .v-turn[aria-busy=true]").wait_for()
    assert page.evaluate("document.activeElement.className").startswith("v-turn")
    ended(page, "Two?")
    assert questions(page) == ["One?", "Two?"]


def test_an_edit_can_be_left(page):
    ask(page, "One?")
    edit(page, 0, "Another?").press("Escape")
    assert questions(page) == ["One?"]
    assert page.evaluate("document.activeElement.textContent") == "Edit question"


@pytest.mark.parametrize("word", ["hang", "fail"])
def test_the_old_answers_stay_until_there_is_a_new_one(page, word):
    for number in ("One", "Two"):
        ask(page, f"{number}?")
    joins = []
    page.on("request", lambda each: "/queue/join" in each.url and joins.append(each))
    edit(page, 0, f"Will it {word}?").press("Enter")
    if word == "hang":
        page.locator("#v-live", has_text="hang").wait_for()
        page.get_by_role("button", name="Stop").click()
    page.locator("#v-notice", has_text="The conversation is as it was").wait_for()
    assert questions(page) == ["One?", "Two?"]
    if word == "fail":  # what follows has begun: the box is left alone
        until(lambda: len(joins) == 2, pause=lambda s: page.wait_for_timeout(1_000 * s))
    ask(page, "Three?")
    assert questions(page) == ["One?", "Two?", "Three?"]


@pytest.mark.parametrize("size", WIDTHS)
def test_nothing_jumps_while_an_answer_comes(slow, open_page, size):
    width, height = WIDTHS[size]
    page = open_page(slow, viewport={"width": width, "height": height})
    page.wait_for_timeout(800)
    page.evaluate(SHIFTS)
    ask(page, "What is the share?")
    page.wait_for_timeout(300)
    ask(page, "And what is it now?")
    page.wait_for_timeout(300)
    shifts = page.evaluate("window.shifts")
    assert cumulative_shift(shifts) <= MOST_SHIFT, shifts


def test_a_quote_can_be_opened_while_the_answer_grows(slow, open_page):
    page = open_page(slow)
    question = f"{QUESTION} Tell it at length."
    box(page).fill(question)
    box(page).press("Enter")
    page.locator("#v-live .v-ref").first.click()
    page.locator("#v-source").wait_for()
    assert page.locator("#v-live .v-turn").get_attribute("aria-busy") == "true"
    ended(page, question)
    assert page.locator("#v-source").is_visible()


def test_quotes_only_can_be_chosen_and_a_model_that_fails_says_why(chosen):
    chosen.locator("#v-model option").nth(1).wait_for(state="attached")
    assert chosen.get_by_label("Answered by").locator("option").all_inner_texts() == [
        "Quotes only",
        "openai:keyless",
    ]
    chosen.get_by_label("Answered by").select_option("openai:keyless")
    turn = ask(chosen, FERRY)
    assert "OPENAI_API_KEY" in turn.get_by_role("alert").inner_text()
    chosen.get_by_label("Answered by").select_option("extractive")
    turn = ask(chosen, f"Please: {FERRY}")
    assert turn.locator(".v-card").count() > 0
    turn.get_by_text("Details").click()
    assert "Searching" in turn.locator(".v-times").inner_text()


def test_a_question_is_asked_of_what_the_filter_lets_through(chosen, index):
    document = next(each for each in index.documents() if each.authors)
    chosen.get_by_role("button", name="Filter").click()
    chosen.get_by_label("Author").select_option(document.authors[0])
    chosen.get_by_role("button", name=f"Take away: by {document.authors[0]}").wait_for()
    chosen.locator("#v-matching", has_text=f"of {len(index.documents())} documents").wait_for()
    turn = ask(chosen, FERRY)
    assert f"by {document.authors[0]}" in turn.locator(".v-asked").inner_text()
    ids = turn.locator(".v-card[data-document]").evaluate_all(
        "all => all.map(e => e.dataset.document)"
    )
    allowed = {each.id for each in index.documents() if document.authors[0] in each.authors}
    assert set(ids) <= allowed
    chosen.get_by_role("button", name="Take away").click()
    turn = ask(chosen, f"Once more: {FERRY}")
    assert turn.locator(".v-asked").inner_text() == ""


def test_a_filter_that_matches_nothing_is_said_and_nothing_is_asked(chosen):
    chosen.get_by_role("button", name="Filter").click()
    chosen.get_by_label("Published from").fill("2999")
    chosen.locator("#v-matching", has_text="None of").wait_for()
    box(chosen).fill(FERRY)
    box(chosen).press("Enter")
    chosen.locator("#v-notice", has_text="No document matches").wait_for()
    assert chosen.locator(".v-turn").count() == 0
    assert box(chosen).input_value() == FERRY


def test_documents_can_be_chosen_by_a_word_of_their_title(chosen, index):
    document = index.documents()[0]
    chosen.get_by_role("button", name="Filter").click()
    found = chosen.locator("#v-filter-found button")
    found.nth(1).wait_for()  # all of them; then those with these words
    chosen.get_by_label("Document", exact=True).fill(document.name)
    found.nth(1).wait_for(state="detached")
    found.first.click()
    chosen.locator("#v-filter-found button[aria-pressed=true]").wait_for()
    chosen.locator("#v-matching", has_text="1 of").wait_for()
    chosen.keyboard.press("Escape")
    assert not chosen.locator("#v-filter").is_visible()
    assert chosen.evaluate("document.activeElement.id") == "v-choose"


def test_two_browsers_share_neither_turns_nor_filters(chosen, open_page):
    other = open_page(chosen.url.rstrip("/"))
    chosen.get_by_role("button", name="Filter").click()
    chosen.get_by_label("Published from").fill("1900")
    chosen.locator(".v-chip").wait_for()
    ask(chosen, FERRY)
    assert other.locator(".v-turn, .v-chip").count() == 0
    turn = ask(other, "How many ferries are there?")
    assert turn.locator(".v-asked").inner_text() == ""
    assert questions(other) == ["How many ferries are there?"]
    assert questions(chosen) == [FERRY]


@pytest.mark.parametrize("width", [360, 900, 1200, 2560])
def test_the_page_fits_into_any_window(chosen, width):
    chosen.set_viewport_size({"width": width, "height": 800})
    chosen.get_by_role("button", name="Filter").click()
    ask(chosen, FERRY)
    assert chosen.evaluate("document.documentElement.scrollWidth") == width
    measure = chosen.locator("#v-live .v-text").bounding_box()["width"]
    assert measure <= 46 * 16
