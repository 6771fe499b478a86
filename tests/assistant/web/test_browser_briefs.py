"""The page in a real browser, over a real index of briefs that come with the project."""

from pathlib import Path

import pytest

from assistant import Assistant
from index import build, canonical_text

pytestmark = pytest.mark.browser

BRIEFS = Path(__file__).parents[3] / "eval" / "datasets" / "briefs" / "documents"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("briefs") / "briefs.index"
    build([BRIEFS / "01-arms-supplies.md", BRIEFS / "06-karabakh.md"], folder)
    with Assistant.open(folder) as desk:
        yield desk


@pytest.fixture
def page(desk, serving, open_page):
    return open_page(serving(desk, desk.example_questions()))


def test_a_question_is_answered_with_quotes_of_the_file(page):
    page.get_by_role("textbox", name="Question").fill("What share of Armenia's arms was Russian?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".v-turn[aria-busy=false]").wait_for()
    card = page.locator(".v-card").first
    file = card.locator(".v-file").inner_text().partition(" ")[0]
    text = canonical_text(BRIEFS / file)
    assert card.locator("mark").text_content() in text
    assert "94 percent" in page.locator(".v-text").inner_text()
    assert card.locator(".v-author").inner_text() == "Mariam Sarkis"
    assert card.locator(".v-date").inner_text() == "February 12, 2026"


def test_every_example_is_answered(page, desk):
    examples = desk.example_questions()
    assert examples
    for example in examples:
        page.get_by_role("button", name=example).click()
        page.locator(".v-done .v-card .v-number").first.wait_for()
        page.get_by_role("button", name="Clear").click()
        page.locator(".v-turn").wait_for(state="detached")


def test_what_the_documents_do_not_say_is_declined(page):
    page.get_by_role("textbox", name="Question").fill("How do I bake a sourdough bread?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".v-abstained").wait_for()
    assert page.locator(".v-near").count() > 0
    assert page.locator(".v-error").count() == 0
