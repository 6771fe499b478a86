"""The main states of the page, each a function that brings a page there."""

import re
import shutil
from contextlib import contextmanager
from pathlib import Path

from account_files import PASSWORDS
from source_desk import ask as ask_quotes
from source_desk import chosen

from assistant import Assistant
from assistant.web.also_models import AlsoModels
from assistant.web.eval_options import Evaluating
from eval.cli import main as evaluate
from index import build

BRIEFS = Path(__file__).parents[3] / "eval" / "datasets" / "briefs"
ARMS = "What share of Armenia's arms was Russian?"
SOURDOUGH = "How do I bake a sourdough bread?"


@contextmanager
def serving_briefs(serving, folder):
    """The address of a site over the briefs with all that a page can have, but for accounts."""
    few, index, reports = (folder / name for name in ("briefs", "index", "reports"))
    shutil.copytree(BRIEFS / "documents", few / "documents")
    cases = (BRIEFS / "cases.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (few / "cases.jsonl").write_text("".join(cases[::12]), encoding="utf-8")
    build([few / "documents"], index)
    evaluate(["run", str(few), "--index", str(index), "--out", str(reports)])
    with Assistant.open(index) as desk:
        yield serving(
            desk, desk.example_questions(), index=index, data=folder / "data", reports=reports,
            also_models=AlsoModels(("openai:keyless",)), evaluating=Evaluating(datasets=(few,)),
        )  # fmt: skip


def ask(page, question=ARMS):
    page.get_by_role("textbox", name="Question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#v-live .v-turn[aria-busy=false]", has_text=question).wait_for()
    page.locator("#v-live .v-turn .v-keep-menu, #v-live .v-error").first.wait_for()


def welcome(page):
    page.locator("#v-start").wait_for()


def answered(page):
    ask(page)
    assert page.locator(".v-card").count() > 0


def followed_up(page):
    ask(page)
    ask(page, "How far can the Iskander missiles fly?")


def details(page):
    ask(page)
    page.locator(".v-turn").get_by_text("Details", exact=True).click()
    page.locator(".v-times").first.wait_for()


def abstained(page):
    ask(page, SOURDOUGH)
    assert page.locator(".v-near").count() > 0


def source(page):
    ask(page)
    page.locator(".v-text .v-ref").first.click()
    chosen(page)
    page.locator(".v-source-place", has_text="checked now").wait_for()


def source_with_its_menus(page):
    source(page)
    page.locator(".v-source-verdicts summary").click()
    page.locator(".v-source-menu summary").click()


def filtered(page):
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Published from").fill("2020")
    page.get_by_label("Document", exact=True).fill("arm")
    page.locator("#v-filter-found button").first.click()
    page.locator(".v-chip").first.wait_for()


def nothing_matches(page):
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Published from").fill("2999")
    page.locator("#v-matching", has_text="None of").wait_for()
    page.get_by_role("textbox", name="Question", exact=True).fill(ARMS)
    page.get_by_role("textbox", name="Question", exact=True).press("Enter")
    page.locator("#v-notice", has_text="No document matches").wait_for()


def conversations(page):
    ask(page)
    ask(page, SOURDOUGH)
    opener = page.get_by_role("button", name="Conversations", exact=True)
    if opener.is_visible():
        opener.click()
    page.locator(".v-conv-open").first.wait_for()
    page.wait_for_timeout(300)  # the drawer comes in


def library(page):
    page.get_by_role("tab", name="Library").click()
    page.locator(".v-lib-table tbody tr").first.wait_for()
    picture = page.locator(".v-lib-picture")
    picture.wait_for()
    if not picture.evaluate("details => details.open"):
        picture.locator("summary").first.click()
    page.locator(".v-lib-bars").wait_for()


def library_numbers(page):
    library(page)
    page.locator(".v-lib-numbers summary").first.click()


def library_edited(page):
    library(page)
    page.locator("#v-library").get_by_role("button", name="Edit:").first.click()
    page.get_by_role("form").get_by_label("Date").fill("soon")
    page.get_by_role("form").get_by_role("button", name="Save").click()
    page.get_by_role("form").get_by_role("alert").filter(has_text="expected a day").wait_for()


def library_refusals(page):
    library(page)
    files = [("empty.md", b""), ("photo.jpg", b"\xff\xd8"), ("noise.txt", bytes(range(256)) * 4)]
    payloads = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    page.locator("#v-library input[type=file]").set_input_files(payloads)
    page.get_by_role("status").filter(has_text="0 files added, 3 not.").wait_for()


def library_without_a_match(page):
    library(page)
    page.get_by_role("searchbox", name="Search documents").fill("nothing has this")
    page.get_by_text("No document matches.").wait_for()


def evaluation(page):
    page.get_by_role("tab", name="Evaluation").click()
    page.locator(".v-report").first.wait_for()


def evaluation_by_category(page):
    evaluation(page)
    page.locator(".v-report summary", has_text="By category").first.click()
    page.locator(".v-eval-numbers summary").first.click()
    page.locator(".v-eval-scroll table").first.wait_for()


def report(page):
    evaluation(page)
    page.goto(page.locator(".v-report .v-open").first.evaluate("link => link.href"))
    page.locator("h1").wait_for()


def export_menu(page):
    followed_up(page)
    page.locator(".v-keep-menu summary").last.click()


def comment(page):
    ask(page)
    page.get_by_role("button", name="Not a good answer", exact=True).last.click()
    page.get_by_role("textbox", name="What is wrong with it?").wait_for()


def editing(page):
    followed_up(page)
    page.get_by_role("button", name="Edit question").first.click()
    page.get_by_role("textbox", name="Edit the question").wait_for()


def keys(page):
    ask(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()


def model_without_a_key(page):
    page.get_by_label("Answered by").select_option("openai:keyless")
    ask(page)
    page.locator(".v-error").wait_for()


def refused(page):
    page.get_by_role("textbox", name="Question", exact=True).press("Enter")
    page.locator("#v-notice [role=alert]").wait_for()


def too_long(page):
    page.get_by_role("textbox", name="Question", exact=True).fill("x" * 4001)
    page.locator("#v-hint", has_text="too long").wait_for()


STATES = (
    welcome, answered, followed_up, details, abstained, source, source_with_its_menus, filtered,
    nothing_matches, conversations, library, library_edited, library_numbers, library_refusals,
    library_without_a_match, evaluation, evaluation_by_category, report, export_menu, comment,
    editing, keys, model_without_a_key, refused, too_long,
)  # fmt: skip
"""Of a page over the briefs, with a library, reports and a model without a key."""


def streaming(page):
    page.get_by_role("textbox", name="Question").fill("Tell it very slowly")
    page.get_by_role("textbox", name="Question").press("Enter")
    page.locator(".v-turn[aria-busy=true] .v-text", has_text="Anna").wait_for()


def failed(page):
    page.get_by_role("textbox", name="Question").fill("Is the model there?")
    page.get_by_role("textbox", name="Question").press("Enter")
    page.get_by_role("alert").filter(has_text="Start it").wait_for()


def stopped(page):
    streaming(page)
    page.get_by_role("button", name="Stop").click()
    page.locator("#v-live .v-stopped").wait_for()


BY_HAND = (streaming, failed, stopped)
"""Of a page over `web_texts.HandDesk`."""


def compared(page):
    page.get_by_role("textbox", name="Question").fill("How many pilots work in the harbor?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".v-timeline").wait_for()
    assert page.locator(".v-side").count() > 1


def source_has_changed(page):
    compared(page)
    page.locator(".v-text .v-ref").first.click()
    page.locator(".v-source-warning", has_text="has changed").wait_for()


COMPARED = (compared, source_has_changed)
"""Of a page over quotes that differ, from files that have changed since."""


def pages(page):
    ask_quotes(page)
    page.locator(".v-text .v-ref").last.click()
    chosen(page)
    page.get_by_role("button", name="Pages", exact=True).click()
    page.locator(".v-page img.v-there").first.wait_for()
    page.locator("mark.v-page-mark.v-q-chosen").first.wait_for()


PAGED = (pages,)
"""Of a page over quotes from a PDF."""


def reports_compared(page):
    page.get_by_role("tab", name="Evaluation").click()
    page.get_by_text("Compare two reports").click()
    page.get_by_role("combobox", name="A, before").select_option(index=1)
    page.get_by_role("combobox", name="B, after").select_option(index=0)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("table", name="Differences").locator("tbody tr").first.wait_for()


def evaluation_running(page):
    page.get_by_role("tab", name="Evaluation").click()
    page.locator(".v-report").first.wait_for()
    running = page.get_by_role("progressbar")
    run = page.get_by_role("button", name="Run", exact=True)
    running.or_(run).first.wait_for()  # what runs is known
    if not running.is_visible():
        run.click()
    pace = page.locator(".v-eval-pace", has_text=re.compile(r"\d of [\d,]+ questions"))
    pace.wait_for(timeout=120_000)  # a process starts, loads the model and makes an index


EVALUATED = (reports_compared, evaluation_running)
"""Of a page with two reports, and a dataset that takes long."""


def signing_in(page):
    page.get_by_label("Password").wait_for()


def refused_at_the_door(page):
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def account_menu(page):
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORDS["anna"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Question").wait_for()
    page.locator("#v-account summary").click()


AT_THE_DOOR = (signing_in, refused_at_the_door, account_menu)
"""Of a page where people sign in."""
