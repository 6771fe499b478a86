"""Evaluations that are run, watched, canceled, gone on with and compared in a real browser."""

import re

import pytest
from evaluation_data import put_dataset
from report_folders import put_report
from web_texts import HandDesk

from assistant.web.eval_options import Evaluating

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
WAIT = 240_000
MANY = 600
"""Questions of the dataset: with fewer, a quick machine is done before anything can be watched."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ASSISTANT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def folder(tmp_path, cache):
    put_dataset(tmp_path / "data" / "waters", times=MANY // 4)
    return tmp_path


@pytest.fixture
def site(folder, serving):
    options = {"reports": folder / "reports", "evaluating": Evaluating((folder / "data",))}
    return lambda **more: serving(HandDesk(), (), **options, **more)


@pytest.fixture
def opened(site, open_page):
    def open_tab(window, **options):
        page = open_page(site(**options), **window)
        page.get_by_role("tab", name="Evaluation").click()
        page.locator("#v-reports .v-report, #v-reports .v-command").first.wait_for()
        return page

    return open_tab


def begin(page, questions):
    page.get_by_role("combobox", name="Questions", exact=True).select_option(questions)
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("progressbar").wait_for()


def done(page):
    page.locator(".v-eval-done").wait_for(timeout=WAIT)
    return page.locator(".v-eval-done")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_dataset_is_run_watched_opened_and_compared(opened, window):
    page = opened(window)
    begin(page, "")
    assert page.evaluate("document.activeElement.textContent") == "waters · Quotes only"
    assert page.get_by_role("button", name="Run", exact=True).is_hidden()
    page.locator(".v-eval-pace", has_text=re.compile(rf"\d+ of {MANY} questions")).wait_for(
        timeout=WAIT
    )
    page.get_by_role("status").filter(has_text="questions").wait_for(state="attached")
    assert f"waters is done: {MANY} questions in " in done(page).inner_text()
    card = page.locator("#v-reports .v-report")
    card.locator(".v-eval-chart").first.wait_for()  # without a reload
    figure = card.get_by_role("figure").filter(has_text="Evidence recall")
    assert figure.get_by_role("listitem").filter(has_text="Fact").count() == 1
    assert fits(page)
    card.get_by_text("The same as a table").click()
    table = card.get_by_role("table", name="Scores by category")
    assert table.get_by_role("rowheader", name="Unanswerable").is_visible()
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Open the report of this run").click()
    opening.value.get_by_role("heading", name=re.compile("waters")).first.wait_for()
    begin(page, "25")
    done(page)
    page.locator("#v-reports .v-report").nth(1).wait_for()
    compare(page)


def compare(page):
    page.get_by_text("Compare two reports").click()
    form = page.get_by_role("form", name="Compare two reports")
    assert (
        "25 cases"
        in form.get_by_role("combobox", name="B, after").locator("option:checked").inner_text()
    )
    assert (
        f"{MANY} cases"
        in form.get_by_role("combobox", name="A, before").locator("option:checked").inner_text()
    )
    form.get_by_role("button", name="Compare").click()
    rows = page.get_by_role("table", name="Differences").locator("tbody tr")
    rows.first.wait_for()
    assert "Over the 25 questions that both were asked." in page.locator("#v-runs").inner_text()
    assert rows.count() == 5
    assert "the same" in rows.first.inner_text()
    assert fits(page)
    form.get_by_role("combobox", name="A, before").select_option(index=0)
    form.get_by_role("combobox", name="B, after").select_option(index=0)
    form.get_by_role("button", name="Compare").click()
    page.locator(".v-eval-found", has_text="Choose two different reports.").wait_for()


def test_a_run_outlives_its_page_is_canceled_and_goes_on(opened, folder):
    page = opened(DESKTOP)
    begin(page, "")
    page.reload()
    page.get_by_role("tab", name="Evaluation").click()
    page.get_by_role("progressbar").wait_for()
    page.locator(".v-eval-pace", has_text=re.compile(rf"[1-9]\d* of {MANY} q")).wait_for(
        timeout=WAIT
    )
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    page.locator(".v-eval-panel strong", has_text="was canceled").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Go on"
    kept = re.search(rf"(\d+) of {MANY} answers are kept", page.locator("#v-runs").inner_text())
    assert int(kept[1]) > 0
    page.keyboard.press("Enter")
    page.get_by_role("progressbar").wait_for()
    done(page)
    (answers,) = folder.glob("reports/2*/waters/answers.jsonl")
    assert len(answers.read_text().splitlines()) == MANY
    assert f"{MANY} cases" in page.locator("#v-reports .v-report").inner_text()


def test_a_dataset_that_cannot_be_used_is_told_in_a_sentence(opened, folder):
    (folder / "data" / "waters" / "cases.jsonl").write_text("{}\n")
    page = opened(PHONE)
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".v-eval-panel strong", has_text="failed").wait_for()
    problem = page.locator(".v-eval-failed .v-eval-problem").inner_text()
    assert "expected a case to have 'id'" in problem
    assert str(folder) not in problem
    assert fits(page)
    page.get_by_role("button", name="Discard").click()
    page.locator(".v-eval-panel strong", has_text="failed").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "Run an evaluation"


def test_where_documents_are_only_shown_nothing_is_run(opened, folder):
    put_report(folder / "reports", "one")
    put_report(folder / "reports", "other", dataset="others")
    page = opened(DESKTOP, read_only=True)
    assert page.get_by_text("Run an evaluation").is_hidden()
    put_report(folder / "reports", "third", created="2026-12-01T00:00:00Z")
    page.get_by_role("button", name="Refresh").click()
    page.locator("#v-runs option", has_text="third").first.wait_for(state="attached")
    page.get_by_text("Compare two reports").click()
    page.get_by_role("combobox", name="A, before").select_option("other")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("Question by question they cannot be compared").wait_for()
    assert page.get_by_role("table", name="Scores of both").get_by_text("0.903").count() == 2
