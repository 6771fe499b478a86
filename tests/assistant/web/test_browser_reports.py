"""The Evaluation tab in a real browser."""

import json
import shutil

import pytest
from report_folders import put_report, report_form, score
from timing import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "Who supplied the arms?"
HOSTILE = "<img src=x onerror='window.hacked = 5'>"


@pytest.fixture
def root(reports_site):
    """Two reports and a broken one."""
    root = reports_site.reports
    put_report(root, "briefs")
    put_report(
        root, f"2026/seeds {HOSTILE}", dataset=f"seeds {HOSTILE}", model="ollama:qwen3:4b",
        created="2026-11-24T09:30:00+00:00", summary={"evidence_recall": score(0.62, 0.55, 0.7)},
    )  # fmt: skip
    put_report(root, "broken", json.dumps(report_form(format=3)))
    yield root
    shutil.rmtree(root)


@pytest.fixture
def page(reports_site, open_page):
    return open_page(reports_site.url)


def wait_until(report, expression):
    """The report's policy forbids the driver's `wait_for_function` to look a second time, which it
    does by `eval`."""
    until(lambda: report.evaluate(expression))


def open_tab(page):
    """Open the Evaluation tab, and return its panel once the list has been read."""
    page.get_by_role("tab", name="Evaluation").click()
    panel = page.get_by_role("tabpanel", name="Evaluation")
    panel.locator(".v-report, .v-command").first.wait_for()
    return panel


def ask(page, question):
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("textbox", name="Question").press("Enter")
    return page.locator("#v-live .v-turn", has_text=question)


def card_of(panel, name):
    return panel.locator(".v-report", has=panel.page.get_by_role("heading", name=name))


def test_the_tab_lists_reports_with_their_scores(page, root):
    panel = open_tab(page)
    assert panel.locator(".v-status").inner_text() == "3 reports"
    card = card_of(panel, "briefs")
    assert "extractive · 2 cases · November 25, 2026, 10:00 UTC" in card.inner_text()
    table = card.get_by_role("table", name="Scores of briefs")
    rows = table.get_by_role("row").all_inner_texts()
    assert len(rows) == 8
    assert rows[1].split() == ["Evidence", "recall", "0.903", "0.845", "to", "0.951", "58"]
    assert rows[3].split() == ["Facts", "recall", "not", "scored", "0"]
    assert rows[7].split()[:5] == ["False", "refusals", "lower", "is", "better"]


def test_a_bar_is_as_long_as_its_score(page, root):
    bar = card_of(open_tab(page), "briefs").locator(".v-bar").first
    width, left, length = bar.evaluate(
        """bar => [bar.getBoundingClientRect().width, ...["left", "width"].map(
            name => parseFloat(getComputedStyle(bar, "::after")[name]))]"""
    )
    assert left == pytest.approx(0.845 * width, abs=1)
    assert length == pytest.approx(0.106 * width, abs=3)
    assert "90.30%" in bar.get_attribute("style")


def test_a_broken_report_says_why(page, root):
    card = card_of(open_tab(page), "broken")
    assert "report.json: format: input should be 2, found 3." in card.inner_text()
    assert card.get_by_role("table").count() == 0


def test_names_are_never_live(page, root):
    panel = open_tab(page)
    assert panel.get_by_role("heading", name=HOSTILE).count() == 1
    assert panel.locator("img").count() == 0
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("name", ["briefs", "seeds"])
def test_a_report_opens_in_a_tab_of_its_own_and_works_there(page, root, name):
    panel = open_tab(page)
    with page.context.expect_page() as opening:
        card_of(panel, name).get_by_role("link", name="Open the report").click()
    report = opening.value
    report.get_by_role("heading", name="Report of a run").wait_for()
    assert report.evaluate("[window.opener, window.origin]") == [None, "null"]
    assert report.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
    report.get_by_role("link", name="b-001").click()
    wait_until(report, "document.title === 'at b-001' && scrollY > 500")
    address = report.url
    report.goto("about:blank")
    report.goto(address)  # a permalink, opened later
    wait_until(report, "document.title === 'at b-001' && scrollY > 500")


def test_the_data_of_a_report_can_be_downloaded(page, root):
    card = card_of(open_tab(page), "seeds")
    with page.expect_download() as downloading:
        card.get_by_role("link", name="Download JSON").click()
    assert downloading.value.suggested_filename.startswith("2026-seeds")
    with open(downloading.value.path(), encoding="utf-8") as file:
        assert json.load(file)["model"] == "ollama:qwen3:4b"


def test_a_new_report_appears_with_the_next_look(page, root):
    panel = open_tab(page)
    assert panel.locator(".v-report").count() == 3
    put_report(root, "later", created="2026-12-01T00:00:00Z", dataset="later")
    panel.get_by_role("button", name="Refresh").click()
    panel.locator(".v-report", has_text="later").wait_for()
    shutil.rmtree(root / "later")
    page.get_by_role("tab", name="Ask").click()
    open_tab(page)
    panel.locator(".v-report", has_text="later").wait_for(state="detached")


def test_without_reports_the_tab_says_how_to_make_one(page):
    panel = open_tab(page)
    assert "No reports yet" in panel.inner_text()
    panel.get_by_role("button", name="Copy").click()
    panel.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("assistant-eval run eval/datasets/briefs --out ")


def test_the_conversation_is_kept_while_reports_are_read(page, root):
    ask(page, QUESTION).locator(".v-actions .v-again").wait_for()
    page.locator("#v-ask").wait_for()  # until then Gradio hears no other question
    turn = ask(page, "Tell it slowly")
    turn.locator(".v-text", has_text="Anna Example").wait_for()
    panel = open_tab(page)
    assert not turn.is_visible()
    assert panel.is_visible()
    page.get_by_role("tab", name="Ask").click()
    turn.locator(".v-actions .v-again").wait_for()  # it went on meanwhile, to its end
    assert page.locator("#v-past .v-turn").count() == 1
    assert page.get_by_role("textbox", name="Question").is_visible()
    page.locator("#v-ask").wait_for()
    ask(page, "And since then?").locator(".v-actions .v-again").wait_for()
    assert page.locator("#v-past .v-turn").count() == 2


def test_each_tab_keeps_its_place(page, root):
    page.set_viewport_size({"width": 1280, "height": 360})
    ask(page, QUESTION).locator(".v-actions .v-again").wait_for()
    page.wait_for_timeout(800)

    def press(name):  # without the scrolling of a click by the driver
        page.get_by_role("tab", name=name).evaluate("tab => tab.click()")

    scrolled = "y => { scrollTo(0, y); return scrollY; }"
    asked = page.evaluate(scrolled, 200)
    press("Evaluation")
    page.wait_for_function("scrollY === 0")
    page.locator(".v-report").first.wait_for()
    page.wait_for_timeout(300)
    read = page.evaluate(scrolled, 120)
    assert asked > 0 < read != asked
    press("Ask")
    page.wait_for_function("y => scrollY === y", arg=asked, timeout=8000)
    press("Evaluation")
    page.wait_for_function("y => scrollY === y", arg=read)


def test_the_question_box_stays_at_the_bottom_of_the_window(page, root):
    for question in (QUESTION, "What will the weather be?"):
        ask(page, question).locator("xpath=self::*[@aria-busy='false']").wait_for()
        page.locator("#v-ask").wait_for()
    open_tab(page)
    assert page.locator("#v-composer").is_hidden()
    page.get_by_role("tab", name="Ask").click()
    page.evaluate("scrollTo(0, 0)")
    place = page.locator("#v-composer").bounding_box()
    assert place["y"] + place["height"] == pytest.approx(900, abs=1)


def test_tabs_are_tabs_for_a_keyboard_and_a_screen_reader(page, root):
    ask_tab, evaluation = (page.get_by_role("tab", name=name) for name in ("Ask", "Evaluation"))
    assert page.get_by_role("tablist").get_by_role("tab").count() == 3
    assert [tab.get_attribute("tabindex") for tab in (ask_tab, evaluation)] == ["0", "-1"]
    ask_tab.focus()
    page.keyboard.press("End")
    page.get_by_role("tab", name="Evaluation", selected=True).wait_for()
    assert evaluation.evaluate("tab => document.activeElement === tab")
    assert [tab.get_attribute("tabindex") for tab in (ask_tab, evaluation)] == ["-1", "0"]
    assert page.get_by_role("tabpanel", name="Evaluation").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "v-refresh"
    evaluation.focus()
    page.keyboard.press("Home")
    page.get_by_role("tab", name="Ask", selected=True).wait_for()
    assert page.get_by_role("tabpanel", name="Ask").is_visible()
    page.keyboard.press("ArrowLeft")  # there is none before it
    assert page.get_by_role("tab", name="Ask", selected=True).count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_horizontal_scrolling(reports_site, open_page, root, scheme):
    put_report(root, "long/" + "x" * 90, dataset="y" * 200, model="z" * 100)
    page = open_page(reports_site.url, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    panel = open_tab(page)
    assert panel.locator(".v-report").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    card = card_of(panel, "briefs").bounding_box()
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= 360
    shade = panel.locator(".v-report").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert shade == {"light": "rgb(255, 255, 255)", "dark": "rgb(32, 33, 31)"}[scheme]


def test_without_a_folder_there_is_no_such_tab(site, open_page):
    tabs = open_page(site.url).get_by_role("tab")
    assert tabs.all_inner_texts() == ["Ask", "Library"]
