"""A document that tries everything is shown as text, wherever it is shown, wide and narrow."""

import re
from pathlib import Path

import pytest

from assistant import Assistant
from index import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOWS = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
TITLE = "<img src=x onerror='window.hacked=1'> \u202eסוף **bold** [a](javascript:window.hacked=2)"
AUTHOR = "Eve <script>window.hacked=3</script> \u202eEnd"
QUOTED = (
    "The lock of Zeven is 88 meters long <script>window.hacked=4</script> "
    '<img src="http://evil.example/i.png" onerror="window.hacked=5"> '
    "![i](http://evil.example/j.png) [here](javascript:window.hacked=6) `code` **bold** "
    "<iframe srcdoc='<script>parent.hacked=7</script>'></iframe> "
    '"><svg onload=window.hacked=8> המנעול הזה ארוך \u202eturned'
)


def in_yaml(text):
    return "'" + text.replace("'", "''") + "'"


AFTER = "Boats wait before it in the morning."
HOSTILE = (
    f"---\ntitle: {in_yaml(TITLE)}\nauthor: {in_yaml(AUTHOR)}\npublisher: '<b>Press</b>'\n"
    f"date: 2024-05-01\n---\n\n# <script>window.hacked=9</script> The lock\n\n{QUOTED}\n\n"
    f"{AFTER}\n\n"
    "- [ ] <details open ontoggle=window.hacked=10>task</details>\n\n"
    "| a | b |\n|---|---|\n| <style>body{display:none}</style> | {{7*7}} ${7*7} |\n"
)
QUESTION = "How long is the lock of Zeven? <img src=y onerror='window.hacked=11'>"
LIVE = (
    "script, img, iframe, style, object, embed, a[href^='javascript'], svg[onload], b, strong, code"
)
LEFT_TO_RIGHT = """
(element) => {
  const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  const places = [0, 1, 2].map((i) => {
    const range = new Range();
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    return range.getBoundingClientRect().left;
  });
  return places[0] < places[1] && places[1] < places[2];
}
"""


@pytest.fixture(scope="module")
def url(serving, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inert")
    (folder / "documents").mkdir()
    (folder / "documents" / "lock.md").write_text(HOSTILE, encoding="utf-8")
    assert build([folder / "documents"], folder / "index").failed == ()
    with Assistant.open(folder / "index") as desk:
        yield serving(desk, (), index=folder / "index", data=folder / "data")


@pytest.fixture(params=WINDOWS)
def page(url, open_page, request):
    """A page on which the question was answered; nothing in it may have run at the end."""
    page = open_page(url, **WINDOWS[request.param])
    page.get_by_role("textbox", name="Question", exact=True).fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".v-turn[aria-busy=false] .v-card").first.wait_for()
    page.locator(".v-turn .v-keep-menu").wait_for()
    yield page
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def one_line(text):
    return " ".join(text.split())


def test_in_the_chat(page):
    turn = page.locator(".v-turn")
    assert turn.locator(LIVE).count() == 0
    card = turn.locator(".v-card").first
    assert one_line(QUOTED)[:200] in one_line(card.locator("mark").text_content())
    assert turn.locator(".v-question").inner_text() == QUESTION
    assert "<img src=x" in card.locator(".v-title").inner_text()
    assert "<script>" in card.locator(".v-author").inner_text()
    for name in (".v-date", ".v-file"):
        assert card.locator(name).first.evaluate(LEFT_TO_RIGHT), name


def test_in_the_source_pane(page):
    page.locator(".v-text .v-ref").first.click()
    page.locator("mark.v-q-chosen").first.wait_for()
    pane = page.locator("#v-source")
    assert pane.locator(".v-source-body").locator(LIVE).count() == 0
    text = one_line(pane.locator(".v-source-text").text_content())
    assert "{{7*7}} ${7*7}" in text
    assert "<details open ontoggle=window.hacked=10>" in text
    after = pane.locator(".v-source-text p", has_text=AFTER)
    assert after.evaluate(LEFT_TO_RIGHT)
    assert pane.locator(".v-source-file").evaluate(LEFT_TO_RIGHT)


def test_in_the_library_and_the_filter(page):
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Document", exact=True).fill("img")
    found = page.locator("#v-filter-found button")
    found.first.click()
    page.locator(".v-chip").first.wait_for()
    assert page.locator("#v-filter, #v-scope").locator(LIVE).count() == 0
    assert "<img src=x" in found.first.inner_text()
    page.get_by_role("tab", name="Library").click()
    row = page.locator(".v-lib-table tbody tr")
    row.wait_for()
    assert page.locator("#v-library .v-lib-table").locator(LIVE).count() == 0
    assert "<img src=x" in row.get_by_role("rowheader").inner_text()
    assert row.locator(".v-lib-published").evaluate(LEFT_TO_RIGHT)
    row.get_by_role("button", name="Edit").click()
    assert "<script>" in page.get_by_role("form").get_by_label("Authors").input_value()
    page.get_by_role("form").get_by_role("button", name="Cancel").click()


def test_in_the_list_of_conversations(page):
    opener = page.get_by_role("button", name="Conversations", exact=True)
    if opener.is_visible():
        opener.click()
    listed = page.locator(".v-conv-open").first
    listed.wait_for()
    assert listed.inner_text().startswith("How long is the lock of Zeven? <img")
    assert page.locator(".v-conv-list").locator("img, script").count() == 0


@pytest.mark.parametrize("form", ["Markdown", "Web page", "Evidence bundle"])
def test_in_what_is_exported(page, chromium, form):
    page.locator(".v-keep-menu summary").last.click()
    with page.expect_download() as download:
        page.get_by_role("group", name="This answer").get_by_role("button", name=form).click()
    file = Path(download.value.path())
    file = file.rename(file.with_name(f"{file.name}.html"))  # the worst it may be taken for
    if form == "Web page":
        size = page.viewport_size
        context = chromium.new_context(viewport=size)
        asked = []
        context.on("request", lambda request: asked.append(request.url))
        opened = context.new_page()
        opened.goto(file.as_uri())
        assert "<script>window.hacked=4</script>" in opened.locator("mark").first.text_content()
        assert opened.locator(LIVE.replace("style, ", "").replace("b, strong, ", "")).count() == 0
        assert opened.evaluate("window.hacked") is None
        assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert [each for each in asked if not each.startswith("file:")] == []
        context.close()
    elif form == "Markdown":
        text = file.read_text(encoding="utf-8")
        assert re.findall(r"(?<!\\)<", text) == []
        assert re.findall(r"(?<!\\)\]\(", text) == []
        assert "\u202e" not in text
