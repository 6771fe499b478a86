"""The report in a real browser: it filters, steps, changes color, and asks for nothing."""

import re

import pytest
from timing import until

from eval import score_answers
from eval.html import render_report

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src='http://evil.example/x.png' onerror='window.hacked = 1'> <script>alert(1)</script>"
)


@pytest.fixture
def report(dataset, oracle, abstainer):
    """One case right, one wrong, one declined wrongly and one declined rightly."""
    answers = {
        case.id: oracle(case.question, history=list(case.history)).to_dict()
        for case in dataset.cases
    }
    answers["c-1"]["confidence"] = 0.9
    answers["c-2"]["text"] = f"About a hundred. {HOSTILE} [1][2]"
    answers["c-3"] = abstainer("?").to_dict()
    return score_answers(dataset, answers)


@pytest.fixture
def address(report, dataset, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render_report(report, dataset), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def open_report(chromium, address):
    """Opens the report; at the end no page may have had an error or asked for anything else."""
    contexts, faults = [], []

    def open_at(fragment="", **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda line: line.type in ("error", "warning") and faults.append(line.text)
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: faults.extend(foreign(asked.url, address)))
        page.goto(address + fragment)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


def foreign(url, address):
    return [] if url.partition("#")[0] == address or url.startswith("data:") else [url]


def until_shown(page, *ids):
    """Waits until just these cases are to be seen: the page filters a moment later."""
    until(lambda: shown(page) == list(ids))


def shown(page):
    """Ids of the cases that are to be seen, from the top."""
    return page.eval_on_selector_all(
        ".case", "items => items.filter((item) => item.checkVisibility()).map((item) => item.id)"
    )


def count(page):
    return page.locator("[id='~count']").inner_text()


def test_search_looks_through_questions_answers_quotes_and_explanations(open_report):
    page = open_report()
    search = page.get_by_role("searchbox", name="Search")
    for words, found in (
        ("DEEP", ["c-4"]),
        ("hundred", ["c-2"]),
        ("older survey", ["c-2"]),
        ("system abstained", ["c-3", "c-4"]),
        ("arpa long", ["c-1", "c-3"]),
    ):
        search.fill("")
        until_shown(page, "c-1", "c-2", "c-3", "c-4")
        search.fill(words)
        until_shown(page, *found)
    assert count(page) == "2 of 4 cases"
    search.fill("zebra")
    page.get_by_text("No case fits.").wait_for()
    page.get_by_role("button", name="Show all cases").click()
    assert count(page) == "4 of 4 cases"
    assert search.input_value() == ""


def test_filters_by_verdict_category_and_score(open_report):
    page = open_report()
    verdict = page.get_by_role("combobox", name="Verdict")
    verdict.select_option("wrong")
    until_shown(page, "c-2")
    verdict.select_option("")
    page.get_by_role("combobox", name="Category").select_option("unanswerable")
    until_shown(page, "c-4")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("combobox", name="Score").select_option(label="Facts recall")
    until_shown(page, "c-2")
    page.get_by_role("combobox", name="Score").select_option(label="False refusals")
    page.get_by_role("spinbutton", name="above").fill("0.5")
    until_shown(page, "c-3")


def test_order(open_report):
    page = open_report()
    order = page.get_by_role("combobox", name="Order")
    order.select_option("worst")
    assert shown(page) == ["c-2", "c-3", "c-1", "c-4"]
    order.select_option("id")
    assert shown(page) == ["c-1", "c-2", "c-3", "c-4"]


def test_the_legend_of_the_outcomes_filters(open_report):
    page = open_report()
    page.get_by_role("link", name="1 declined wrongly").click()
    assert shown(page) == ["c-3"]
    assert page.get_by_role("combobox", name="Verdict").input_value() == "declined-wrongly"


def test_keys_step_through_what_is_wrong(open_report):
    page = open_report()
    for key, case in (("n", "c-2"), ("n", "c-3"), ("n", "c-2"), ("p", "c-3"), ("p", "c-2")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.parentElement.id") == case
        assert page.locator(f"#{case}").get_attribute("open") is not None
    assert count(page) == "Wrong case 1 of 2"
    page.get_by_role("searchbox").press("n")
    assert page.get_by_role("searchbox").input_value() == "n"
    page.get_by_role("checkbox", name="keys n, p").uncheck()
    page.locator("#c-1 summary").first.focus()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.parentElement.id") == "c-1"
    page.get_by_role("button", name="Next wrong").click()
    assert page.evaluate("document.activeElement.parentElement.id") == "c-2"


def test_a_link_opens_its_case_even_if_a_filter_hides_it(open_report):
    page = open_report("#c-3")
    page.locator("#c-3[open]").wait_for()
    page.get_by_role("combobox", name="Verdict").select_option("right")
    until_shown(page, "c-1")
    page.evaluate("location.hash = 'c-2'")
    page.locator("#c-2[open]").wait_for()
    assert len(shown(page)) == 4
    link = page.locator("#c-2").get_by_role("link", name="Link to this case")
    link.click()
    assert page.url.endswith("#c-2")


def test_a_marker_leads_to_its_quote_and_back(open_report):
    page = open_report("#c-2")
    page.locator("#c-2").get_by_role("link", name="Quote 2", exact=True).click()
    page.locator("[id='~2q2']:focus").wait_for()
    assert page.locator("[id='~2q2'] mark").text_content() == "1,360 km²"
    page.get_by_role("link", name="Quote 2, back to the answer").click()
    page.locator("[id='~2m2']:focus").wait_for()


def test_open_all_opens_what_is_shown(open_report):
    page = open_report()
    page.get_by_role("combobox", name="Verdict").select_option("wrong")
    until_shown(page, "c-2")
    page.get_by_role("button", name="Open all").click()
    assert page.locator(".case[open]").count() == 1
    page.get_by_role("button", name="Close all").click()
    assert page.locator(".case[open]").count() == 0


def test_everything_can_be_reached_by_keyboard(open_report):
    page = open_report()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the cases"
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.case')?.id") == "c-1":
            break
    page.keyboard.press("Enter")
    assert page.locator("#c-1[open]").count() == 1


def test_colors_follow_the_system_and_the_button(open_report):
    def background(page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light, dark = open_report(color_scheme="light"), open_report(color_scheme="dark")
    by_day, by_night = background(light), background(dark)
    assert (by_day, by_night) == ("rgb(251, 250, 247)", "rgb(23, 24, 22)")
    button = light.get_by_role("button", name=re.compile(r"^(Dark|Light) colors$"))
    assert button.inner_text() == "Dark"
    button.click()
    assert background(light) == by_night
    assert button.inner_text() == "Light"
    button.click()
    assert background(light) == by_day


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 768, 1440])
def test_the_page_never_scrolls_sideways(open_report, width, scheme):
    page = open_report(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_text_of_others_is_never_live(open_report):
    page = open_report("#c-2")
    assert HOSTILE in page.locator("#c-2 .answer").text_content()
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_the_policy_stops_what_is_not_of_the_page(chromium, address):
    page = chromium.new_page()
    page.goto(address)
    blocked = page.evaluate(
        """() => new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", (event) =>
                resolve(event.effectiveDirective));
            const image = new Image();
            image.src = "http://127.0.0.1:9/x.png";
        })"""
    )
    page.close()
    assert blocked == "img-src"


def test_without_scripts_everything_is_there(open_report):
    page = open_report(java_script_enabled=False)
    assert page.locator(".case").count() == 4
    assert not page.get_by_role("searchbox").is_visible()
    page.locator("#c-1 > summary").click()
    assert page.locator("#c-1 mark").first.is_visible()
