"""Pages of PDF files in the source pane, in a real browser."""

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from source_desk import QuotingDesk, ask

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BRIEFS = Path(__file__).parents[2] / "index" / "pdfs" / "briefs.pdf"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
FIRST = "covers the bill with cheap loans: at least $300 million since 2020"
SECOND = "Putin traveled to Baku with ships of Russia’s Caspian fleet"
PLAIN = "The light has a keeper, and the keeper has a dog."


@pytest.fixture
def files(tmp_path):
    shutil.copy(BRIEFS, tmp_path / "briefs.pdf")
    (tmp_path / "light.md").write_text(f"# Light\n\n{PLAIN}\n", encoding="utf-8")
    return [tmp_path / "briefs.pdf", tmp_path / "light.md"]


@pytest.fixture
def asked(files, serving, open_page):
    def open_asked(**options):
        page = open_page(serving(QuotingDesk(files, [FIRST, SECOND, PLAIN])), **options)
        ask(page)
        return page

    return open_asked


def opened(page, number):
    page.locator(f".v-text .v-ref[href$='-quote-{number}']").last.click()
    page.locator("mark.v-q-chosen").first.wait_for()


def as_pages(page):
    page.get_by_role("button", name="Pages", exact=True).click()
    page.locator(".v-page img.v-there").first.wait_for()


def chosen_marks(page):
    page.locator("mark.v-page-mark.v-q-chosen").first.wait_for()
    return page.locator("mark.v-page-mark.v-q-chosen").all()


def picture(page, box):
    clip = {name: box[name] for name in ("x", "y", "width", "height")}
    return np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")).astype(int)


def is_marked_ink(pixels):
    """Whether dark letters stand on the marker's yellow."""
    yellow = (pixels[..., 0] > 200) & (pixels[..., 2] < 170)
    dark = pixels.max(axis=2) < 170
    return yellow.mean() > 0.3 and dark.mean() > 0.02


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_quote_is_marked_on_its_page(asked, options, scheme):
    page = asked(**options, color_scheme=scheme)
    opened(page, 1)
    as_pages(page)
    marks = chosen_marks(page)
    assert len(marks) == 3, "one for each line of the column"
    page.locator(".v-page[data-page='2'] img.v-there").wait_for()
    body = page.locator(".v-source-body").bounding_box()
    for mark in marks:
        box = mark.bounding_box()
        assert body["y"] <= box["y"] <= body["y"] + body["height"] - box["height"]
        assert is_marked_ink(picture(page, box))
    paper = page.locator(".v-page[data-page='2'] .v-page-paper").bounding_box()
    assert paper["width"] <= body["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= options["viewport"]["width"]
    leave = page.get_by_role("button", name="Close the source").bounding_box()
    assert leave["x"] + leave["width"] <= options["viewport"]["width"]
    first = marks[0].bounding_box()
    outside = {**first, "y": first["y"] - 3 * first["height"]}
    assert not is_marked_ink(picture(page, outside))


def test_what_a_screen_reader_is_told(asked):
    page = asked()
    opened(page, 1)
    views = page.get_by_role("group", name="Show the document as")
    text, pages = (views.get_by_role("button", name=name) for name in ("Text", "Pages"))
    assert (text.get_attribute("aria-pressed"), pages.get_attribute("aria-pressed")) == (
        "true",
        "false",
    )
    pages.focus()
    page.keyboard.press("Enter")
    chosen_marks(page)
    assert (text.get_attribute("aria-pressed"), pages.get_attribute("aria-pressed")) == (
        "false",
        "true",
    )
    assert page.get_by_role("region", name="Pages of the document").count() == 1
    assert page.locator(".v-source-page-said").inner_text() == "Page 1 (2 of 5), quote marked"
    named = [each.get_attribute("alt") for each in page.locator(".v-page img").all()]
    assert named[0] == "Page i (1 of 5)"
    assert named[1] == "Page 1 (2 of 5), quote marked"
    assert "Page 3 (4 of 5), quote 2 marked" in named
    words = page.locator("mark.v-q-chosen .v-page-words")
    assert words.first.text_content() == f"Quote 1: {FIRST}"


def test_quotes_are_gone_through_across_pages_and_documents(asked):
    page = asked()
    opened(page, 1)
    as_pages(page)
    following = page.get_by_role("button", name="Next quote")
    following.click()
    page.locator(".v-source-page-said", has_text="Page 3 (4 of 5)").wait_for()
    box, body = (
        chosen_marks(page)[0].bounding_box(),
        page.locator(".v-source-body").bounding_box(),
    )
    assert body["y"] < box["y"] < body["y"] + body["height"]
    following.click()  # a document without pages
    page.locator(".v-source-about", has_text="Light").wait_for()
    assert page.locator("mark.v-q-chosen").inner_text() == PLAIN
    assert not page.get_by_role("group", name="Show the document as").is_visible()
    page.get_by_role("button", name="Previous quote").click()
    page.locator(".v-source-page-said", has_text="Page 3 (4 of 5)").wait_for()
    page.locator("mark.v-page-mark:not(.v-q-chosen)").first.click()
    page.locator(".v-source-page-said", has_text="Page 1 (2 of 5)").wait_for()
    page.get_by_role("button", name="Text", exact=True).click()
    page.locator(".v-source-text mark.v-q-chosen").first.wait_for()
    assert page.locator(".v-source-page-said").inner_text() == ""


def test_images_are_fetched_when_they_are_near(asked):
    page = asked(viewport={"width": 1280, "height": 600})
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))
    opened(page, 1)
    as_pages(page)
    page.wait_for_timeout(500)
    numbers = {int(found[1]) for url in asked_for if (found := re.search(r"/page/(\d+)", url))}
    assert 2 in numbers
    assert 5 not in numbers
    page.locator(".v-page[data-page='5']").scroll_into_view_if_needed()
    page.locator(".v-page[data-page='5'] img.v-there").wait_for()


def test_a_file_that_has_changed_is_shown_as_the_text_that_was_indexed(asked, files):
    page = asked()
    opened(page, 1)
    files[0].write_bytes(b"%PDF-1.7 nothing")
    page.get_by_role("button", name="Pages", exact=True).click()
    page.locator(".v-source-page-said", has_text="Its pages cannot be shown").wait_for()
    assert page.locator(".v-source-text mark.v-q-chosen").count() >= 1
    page.locator(".v-source-warning").wait_for()
