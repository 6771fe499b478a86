"""The source pane in a real browser: quotes within their documents."""

import re
import statistics
from pathlib import Path

import pytest
from model_servers import Says
from source_desk import QuotingDesk, ask, chosen, is_in_view, squeezed
from timing import until

from assistant import Assistant
from assistant.details import Check, Details, Drafted
from assistant.model_types import ModelOptions
from index import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BRIEF = Path(__file__).parents[3] / "eval/datasets/briefs/documents/01-arms-supplies.md"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

FILLER = "The quay was swept each morning, and nobody wrote down by whom."
OLD = "From 2011 to 2014 40 pilots work in the harbor."
NEW = "Only 25 pilots work in the harbor, as the\nmaster counts them."
THIRD = "The harbor has a light, and the light has a keeper."
SECOND_OF_OLD = "The tugs were older than the pilots."
HOSTILE = (
    "A <script>window.hacked = 1</script> ![x](http://evil.example/x.png) and "
    '<img src="http://evil.example/y.png" onerror="window.hacked = 2"> '
    "[click](javascript:window.hacked=3) <b>bold</b> &amp; **stars** "
    "\u202ereversed\u202c zero\u200bwidth \u2066isolated "
    "הטקסט הזה נכתב מימין לשמאל 👩\u200d🌾 ends here."
)
AFTER_HOSTILE = "What follows reads from left to right again."
LONG = [f"Entry {n}. {'The lamp was lit and put out again. ' * 12}".strip() for n in range(2_000)]
FIRST_OF_LONG, MIDDLE_OF_LONG = "Entry 3. The lamp was lit", "Entry 1400. The lamp was lit"

DOCUMENTS = {
    "old.md": (
        "---\ntitle: The Harbor Then\nauthor: Ada Loon\ndate: 2014-08-14\npublisher: Quay Press\n"
        f"---\n\n# The harbor then\n\n{FILLER}\n\n{OLD} {FILLER}\n\n"
        + f"{FILLER}\n\n" * 40
        + f"## Tugs\n\n{SECOND_OF_OLD}\n\nShare this\n"
    ),
    "new.md": (
        "---\ntitle: The Harbor Now\nauthor: Bo Lind\ndate: 2024-02\n---\n\n"
        f"# The harbor now\n\n😀 {FILLER} 😀\n\n😀 {NEW} {FILLER}\n"
    ),
    "light.md": (
        f"---\ntitle: Lights\nauthor: Cy Moe\ndate: 2019\n---\n\n# Lights\n\n- {THIRD}\n- A rock.\n"
    ),
    "hostile.md": (
        "---\ntitle: '<img src=x onerror=window.hacked=4> notes'\nauthor: 'Eve <b>Example</b>'\n---"
        f"\n\n# <script>window.hacked = 5</script>\n\n{HOSTILE} {AFTER_HOSTILE}\n\n{FILLER}\n"
    ),
    "long.md": "# A long log\n\n" + "\n\n".join(LONG) + "\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("harbor")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def restored(folder):
    yield folder
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def asked(folder, serving, open_page):
    """Opens a page on which a question is answered with these quotes."""

    def open_asked(*quotes, details=None, **options):
        desk = QuotingDesk([folder / name for name in DOCUMENTS], quotes, details)
        page = open_page(serving(desk), **options)
        ask(page)
        return page

    return open_asked


def marker(page, number):
    return page.locator(f".v-text .v-ref[href$='-quote-{number}']").last


def opened(page, number):
    marker(page, number).click()
    return chosen(page)


def test_a_marker_opens_its_quote_in_the_whole_document(asked):
    page = asked(OLD, SECOND_OF_OLD, NEW)
    assert not page.locator("#v-source").is_visible()
    assert opened(page, 1) == squeezed(OLD)
    assert is_in_view(page)
    assert page.evaluate("document.activeElement.matches('mark.v-q-chosen')")
    about = page.locator(".v-source-about").inner_text()
    length = len(DOCUMENTS["old.md"])
    assert about.split("\n\n") == [
        "The Harbor Then",
        "Ada Loon · August 14, 2014 · Quay Press",
        f"old.md · {length:,} characters",
    ]
    text = page.locator(".v-source-text").inner_text()
    assert squeezed(text) == squeezed(DOCUMENTS["old.md"])
    marks = page.locator("mark.v-q")
    assert [marks.nth(i).get_attribute("data-numbers") for i in range(marks.count())] == ["1", "2"]
    assert page.locator("mark.v-q:not(.v-q-chosen)").inner_text() == SECOND_OF_OLD
    assert page.locator(".v-source-text .v-b-dim", has_text="Share this").count() == 1


def test_the_marker_stays_in_place_while_the_text_beside_is_set_anew(asked):
    page = asked(OLD, NEW, SECOND_OF_OLD, THIRD, HOSTILE)
    marker(page, 5).scroll_into_view_if_needed()
    before = marker(page, 5).bounding_box()["y"]
    opened(page, 5)
    assert abs(marker(page, 5).bounding_box()["y"] - before) < 3
    box, pane = (
        page.locator(".v-text").last.bounding_box(),
        page.locator("#v-source").bounding_box(),
    )
    assert box["x"] + box["width"] <= pane["x"]
    page.keyboard.press("Escape")
    assert abs(marker(page, 5).bounding_box()["y"] - before) < 3


def test_next_and_previous_go_over_the_quotes_of_the_turn_across_documents(asked):
    page = asked(OLD, NEW, SECOND_OF_OLD)
    opened(page, 1)
    back, on = (page.get_by_role("button", name=f"{which} quote") for which in ("Previous", "Next"))
    assert back.is_disabled()
    on.click()
    page.locator(".v-source-about", has_text="The Harbor Now").wait_for()
    assert chosen(page) == squeezed(NEW)
    assert is_in_view(page)
    assert page.locator(".v-source-count").inner_text() == "Quote 2 of 3"
    on.click()
    page.locator(".v-source-about", has_text="The Harbor Then").wait_for()
    assert chosen(page) == squeezed(SECOND_OF_OLD)
    assert is_in_view(page)
    assert on.is_disabled()
    back.click()
    back.click()
    page.locator(".v-source-count", has_text="Quote 1 of 3").wait_for()
    assert chosen(page) == squeezed(OLD)


def test_the_focus_returns_to_the_marker(asked):
    page = asked(OLD, NEW)
    opened(page, 2)
    page.get_by_role("button", name="Close the source").click()
    assert not page.locator("#v-source").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "[2]"
    page.locator(".v-card .v-number").first.click()
    assert chosen(page) == squeezed(OLD)
    page.keyboard.press("Escape")
    assert not page.locator("#v-source").is_visible()
    assert page.evaluate("document.activeElement.matches('.v-number')")


def test_another_quote_of_the_document_can_be_chosen_in_its_text(asked):
    page = asked(OLD, SECOND_OF_OLD)
    opened(page, 1)
    page.locator("mark.v-q:not(.v-q-chosen)").click()
    page.locator(".v-source-count", has_text="Quote 2 of 2").wait_for()
    assert chosen(page) == squeezed(SECOND_OF_OLD)


def test_quotes_that_overlap_are_each_marked_whole(asked):
    inner, outer = "pilots work", OLD
    page = asked(outer, inner)
    assert opened(page, 1) == squeezed(outer)
    assert opened(page, 2) == squeezed(inner)
    marks = page.locator("mark.v-q")
    assert [marks.nth(i).get_attribute("data-numbers") for i in range(3)] == ["1", "1 2", "1"]


def test_clearing_the_conversation_closes_the_pane(asked):
    page = asked(OLD, NEW)
    opened(page, 1)
    page.get_by_role("button", name="Clear").click()
    page.locator("#v-source").wait_for(state="hidden")
    assert page.evaluate("document.documentElement.className.includes('v-source')") is False


def test_asking_again_keeps_the_pane_while_its_quote_is_the_same(folder, serving, open_page):
    desk = QuotingDesk([folder / "old.md", folder / "new.md"], [OLD, NEW])
    page = open_page(serving(desk))
    ask(page)
    opened(page, 1)
    for quotes in ([OLD], [NEW]):
        desk.quotes = quotes
        page.get_by_role("button", name="Ask again").last.click()
        page.locator(".v-status", has_text="1 quote from 1 document").wait_for()
        page.locator(".v-card mark", has_text=quotes[0][:20]).wait_for()
        page.wait_for_timeout(500)
        assert page.locator("#v-source").is_visible() == (quotes == [OLD])


def test_a_hostile_document_is_inert(asked):
    page = asked(HOSTILE, AFTER_HOSTILE)
    assert opened(page, 1) == squeezed(HOSTILE)
    assert is_in_view(page)
    text = page.locator(".v-source-text")
    assert text.locator("script, img, a, b").count() == 0
    assert page.locator(".v-source-about img, .v-source-about b").count() == 0
    assert "<img src=x" in page.locator(".v-source-title").inner_text()
    assert squeezed(text.inner_text()) == squeezed(DOCUMENTS["hostile.md"])
    assert page.evaluate("window.hacked") is None
    # An override that is never ended turns nothing around that stands behind it.
    assert opened(page, 2) == squeezed(AFTER_HOSTILE)
    places = page.evaluate(
        """() => {
          const node = document.querySelector("mark.v-q-chosen").firstChild;
          return [0, 1, 2, 3].map((i) => {
            const range = new Range();
            range.setStart(node, i);
            range.setEnd(node, i + 1);
            return range.getBoundingClientRect().left;
          });
        }"""
    )
    assert places == sorted(places)
    assert page.locator(".v-b-unseen").count() >= 4


def test_a_long_document_is_shown_around_the_quote_and_can_grow(asked):
    page = asked(MIDDLE_OF_LONG, FIRST_OF_LONG)
    assert opened(page, 1) == squeezed(MIDDLE_OF_LONG)
    assert is_in_view(page)
    text = page.locator(".v-source-body")
    assert "Entry 3." not in text.text_content()
    first = page.locator(".v-source-text p").first
    before = first.text_content()
    page.get_by_role("button", name="Show more above").click()
    page.wait_for_function("document.querySelectorAll('.v-source-text').length === 2")
    assert chosen(page) == squeezed(MIDDLE_OF_LONG)
    assert before != first.text_content()
    page.get_by_role("button", name="Show more below").click()
    page.wait_for_function("document.querySelectorAll('.v-source-text').length === 3")
    numbers = [int(n) for n in re.findall(r"Entry (\d+)\.", text.text_content())]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    page.get_by_role("button", name="Next quote").click()
    page.locator(".v-source-count", has_text="Quote 2 of 2").wait_for()
    page.locator("mark.v-q-chosen", has_text="Entry 3.").wait_for()
    assert chosen(page) == squeezed(FIRST_OF_LONG)
    assert is_in_view(page)
    assert page.get_by_role("button", name="Show more above").count() == 0


def test_text_above_is_put_in_without_a_jump(asked):
    page = asked(MIDDLE_OF_LONG)
    opened(page, 1)
    page.evaluate("document.querySelector('.v-source-body').scrollTop = 0")
    where = "() => document.querySelectorAll('.v-source-text p')[{}].getBoundingClientRect().top"
    before = page.evaluate(where.format(0))
    name = page.locator(".v-source-text p").first.get_attribute("data-start")
    page.get_by_role("button", name="Show more above").click()
    page.wait_for_function("document.querySelectorAll('.v-source-text').length === 2")
    after = page.locator(f".v-source-text p[data-start='{name}']").bounding_box()["y"]
    assert abs(after - before) < 80


def wait_for_fetched(page, fetched, count):
    until(lambda: len(fetched) >= count, pause=lambda s: page.wait_for_timeout(1_000 * s))


def test_documents_are_fetched_ahead_and_once(folder, serving, open_page):
    desk = QuotingDesk([folder / name for name in DOCUMENTS], [OLD, NEW, SECOND_OF_OLD])
    page = open_page(serving(desk))
    addresses, come = [], []
    page.on("request", lambda request: addresses.append(request.url))
    page.on("requestfinished", lambda request: "?at=" in request.url and come.append(request.url))
    ask(page)
    wait_for_fetched(page, come, 2)  # both documents
    for number in (1, 2, 3, 1):
        opened(page, number)
        page.locator(".v-source-count", has_text=f"Quote {number} of 3").wait_for()
    assert sum("?at=" in address for address in addresses) == 2
    assert sum(address.endswith("/app/source/quote") for address in addresses) == 4


def test_a_quote_is_checked_anew_and_copied_with_its_reference(asked):
    page = asked(NEW)
    opened(page, 1)
    page.locator(".v-source-place", has_text="checked now").wait_for()
    start = DOCUMENTS["new.md"].index(NEW)
    place = f"Verbatim: characters {start:,}–{start + len(NEW):,} of new.md, checked now."
    assert page.locator(".v-source-place").inner_text() == place
    for name, expected in (
        ("As text", f"“{NEW}”\n— Bo Lind: The Harbor Now (February 2024). new.md"),
        ("As Markdown", "> Only 25 pilots work in the harbor, as the\n> master"),
        ("As BibTeX", "@misc{lind2024harbor-"),
    ):
        page.locator(".v-source-menu summary").click()
        page.get_by_role("button", name=name).click()
        page.locator(".v-source-copies", has_text="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").startswith(expected)
        page.keyboard.press("Escape")
        assert page.locator(".v-source-copies").is_hidden()


def test_a_changed_and_a_missing_file_are_told(asked, restored):
    page = asked(OLD, NEW, SECOND_OF_OLD)
    (restored / "old.md").write_text("Other text.", encoding="utf-8")
    (restored / "new.md").unlink()
    assert opened(page, 1) == squeezed(OLD)
    warning = page.locator(".v-source-warning")
    warning.filter(has_text="old.md has changed since it was indexed").wait_for()
    page.get_by_role("button", name="Next quote").click()
    warning.filter(has_text="new.md is no longer where it was").wait_for()
    assert chosen(page) == squeezed(NEW)


def test_a_document_that_left_the_index_is_told(folder, serving, open_page):
    desk = QuotingDesk([folder / "light.md", folder / "new.md"], [THIRD, NEW])
    page = open_page(serving(desk))
    ask(page)
    (gone,) = (info.id for info in desk.documents() if info.title == "The Harbor Now")
    opened(page, 1)
    del desk.held[gone]
    page.get_by_role("button", name="Next quote").click()
    page.locator(".v-source-place.v-no", has_text="not in the index anymore").wait_for()
    assert page.locator(".v-source-menu").is_hidden()
    page.reload()
    page.get_by_role("textbox", name="Question").wait_for()


def test_a_quote_of_a_real_index(serving, open_page, tmp_path):
    build([BRIEF], tmp_path / "brief.index")
    with Assistant.open(tmp_path / "brief.index") as desk:
        page = open_page(serving(desk))
        ask(page, "What share of Armenia's arms was Russian?")
        said = page.locator(".v-card mark").first.inner_text()
        assert opened(page, 1) == squeezed(said)
        page.locator(".v-source-place", has_text="of 01-arms-supplies.md, checked now").wait_for()
        assert page.locator(".v-source-warning").is_hidden()


def test_what_cites_a_quote_is_told_with_its_checks(asked):
    checks = (Check("numbers", True, "25 is in the quote"), Check("names", False, "no <b>Lind</b>"))
    statement = f"“{squeezed_line(NEW)}”"
    details = Details("openai:scripted", (Drafted(statement, ("1.1",), "shown", checks),))
    page = asked(NEW, details=details)
    opened(page, 1)
    page.locator(".v-source-verdicts summary", has_text="Cited by 1 statement").click()
    text = page.locator(".v-source-verdicts ol").inner_text()
    assert statement in text
    assert "Support 87 %" in text
    assert "✓ numbers 25 is in the quote" in text
    assert "✗ names failed no <b>Lind</b>" in text


def test_what_a_model_wrote_is_told_with_its_checks(
    index, scripted_server, serving, open_page
):  # fmt: skip
    def reply(body):
        prompt = "\n".join(message["content"] for message in body["messages"])
        number = re.search(r"^\[(\d+\.\d+)\] The ferry to Alsen carries 240 cars", prompt, re.M)[1]
        return Says(f'The ferry to Alsen carries "240 cars". [{number}]')

    server = scripted_server(reply)
    options = ModelOptions(base_url=server.base_url, retries=0)
    with Assistant.open(index, "openai:scripted", options=options) as desk:
        page = open_page(serving(desk))
        ask(page, "How many cars does the ferry to Alsen carry?")
        opened(page, 1)
        page.locator(".v-source-verdicts summary", has_text="Cited by 1 statement").click()
        checks = page.locator(".v-source-verdicts .v-check").all_inner_texts()
        assert {"ids", "numbers", "quotations"} <= set(checks)


def squeezed_line(text):
    return " ".join(text.split())


def test_keys_open_move_and_close(asked):
    page = asked(OLD, NEW, SECOND_OF_OLD)
    page.evaluate("document.activeElement.blur()")
    count = page.locator(".v-source-count")
    for key, expected in (("j", 1), ("j", 2), ("n", 3), ("n", 3), ("k", 2), ("p", 1), ("3", 3)):
        page.keyboard.press(key)
        count.filter(has_text=f"Quote {expected} of 3").wait_for()
    page.keyboard.press("9")
    assert count.inner_text() == "Quote 3 of 3"
    page.keyboard.press("Escape")
    assert not page.locator("#v-source").is_visible()
    page.keyboard.press("2")
    page.locator("mark.v-q-chosen", has_text="Only 25 pilots").first.wait_for()
    assert chosen(page) == squeezed(NEW)
    page.keyboard.press("/")
    box = page.get_by_role("textbox", name="Question")
    assert box.evaluate("box => box === document.activeElement")
    page.keyboard.type("j1? /k")
    assert box.input_value() == "j1? /k"
    assert count.inner_text() == "Quote 2 of 3"


def test_the_list_of_keys_can_be_read_and_keys_turned_off(asked):
    page = asked(OLD, NEW)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.wait_for()
    assert "Next quote" in dialog.inner_text()
    page.keyboard.press("1")
    assert not page.locator("#v-source").is_visible()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.keyboard.press("1")
    page.wait_for_timeout(200)
    assert not page.locator("#v-source").is_visible()
    opened(page, 1)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("2")
    page.locator(".v-source-count", has_text="Quote 2 of 2").wait_for()


def test_on_a_phone_it_is_a_sheet_that_going_back_closes(asked):
    page = asked(OLD, NEW, **PHONE)
    opened(page, 1)
    assert is_in_view(page)
    box = page.locator("#v-source").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    page.get_by_role("dialog", name="Source of the quote").wait_for()
    page.get_by_role("button", name="Next quote").click()
    page.locator(".v-source-count", has_text="Quote 2 of 2").wait_for()
    page.go_back()
    page.locator("#v-source").wait_for(state="hidden")
    assert page.locator(".v-turn .v-ref").count() > 0
    assert page.evaluate("document.activeElement.textContent") == "[1]"
    opened(page, 2)
    page.get_by_role("button", name="Close the source").click()
    page.locator("#v-source").wait_for(state="hidden")
    page.wait_for_function("!(history.state && history.state.vSource)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_focus_stays_in_the_sheet(asked):
    page = asked(OLD, NEW, **PHONE)
    opened(page, 1)
    page.locator(".v-source-place", has_text="checked now").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#v-source').contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.querySelector('#v-source').contains(document.activeElement)")


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_differs_stands_in_columns_and_dates_along_a_line(asked, options):
    page = asked(OLD, NEW, THIRD, **options)
    sides = page.locator(".v-side")
    assert [sides.nth(i).locator("mark").inner_text() for i in range(2)] == [
        "40 pilots", "Only 25 pilots"
    ] or sides.nth(1).locator("mark").inner_text() == "25 pilots"  # fmt: skip
    assert "August 14, 2014" in sides.nth(0).inner_text()
    one, other = (sides.nth(i).bounding_box() for i in range(2))
    if options is PHONE:
        assert other["y"] >= one["y"] + one["height"]
    else:
        assert abs(one["y"] - other["y"]) < 1
        assert other["x"] > one["x"]
    times = page.locator(".v-times time")
    assert times.all_inner_texts() == ["August 14, 2014", "2019", "February 2024"]
    dots = [dot.bounding_box()["x"] for dot in page.locator(".v-dot").all()]
    assert dots == sorted(dots)
    assert page.evaluate("document.documentElement.scrollWidth") <= options["viewport"]["width"]
    sides.nth(1).locator(".v-ref").click()
    assert chosen(page) == squeezed(NEW)


MEASURE = """
(number) => new Promise((resolve) => {
  const marker = [...document.querySelectorAll(".v-text .v-ref")]
    .find((each) => each.hash.endsWith(`-quote-${number}`));
  const begin = performance.now();
  const look = () => {
    const mark = document.querySelector("mark.v-q-chosen");
    const body = document.querySelector(".v-source-body")?.getBoundingClientRect();
    const place = mark?.getBoundingClientRect();
    const isThere = mark?.dataset.numbers.split(" ").includes(String(number))
      && place.top >= body.top && place.bottom <= body.bottom;
    if (isThere) resolve(performance.now() - begin);
    else requestAnimationFrame(look);
  };
  marker.click();
  requestAnimationFrame(look);
})
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["cold", "fetched ahead"])
def test_time_from_click_to_quote(folder, serving, open_page, capsys, way):
    """The median of 20 clicks; printed, and far below what a person takes for waiting."""
    quotes = [OLD, NEW, THIRD, HOSTILE, MIDDLE_OF_LONG]
    page = open_page(serving(QuotingDesk([folder / name for name in DOCUMENTS], quotes)))
    if way == "cold":
        page.add_init_script("addEventListener('verbatim:done', (e) => e.stopPropagation(), true)")
    times, fetched = [], []
    page.on("request", lambda request: "?at=" in request.url and fetched.append(request.url))
    while len(times) < 20:
        page.reload()
        page.get_by_role("textbox", name="Question").wait_for()
        known = len(fetched)
        ask(page)
        if way == "fetched ahead":
            wait_for_fetched(page, fetched, known + len(quotes))
        page.wait_for_timeout(1_000)
        before = len(fetched)
        times += [page.evaluate(MEASURE, number) for number in range(1, len(quotes) + 1)]
        assert len(fetched) - before == (len(quotes) if way == "cold" else 0)
    median = statistics.median(times)
    with capsys.disabled():
        print(f"\nclick on [n] to the quote in view, {way}: median {median:.0f} ms, "  # noqa: T201
              f"from {min(times):.0f} to {max(times):.0f} ms, {len(times)} clicks")  # fmt: skip
    assert median < 500
