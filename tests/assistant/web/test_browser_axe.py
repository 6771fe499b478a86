"""axe-core finds nothing in the page, whatever it shows; nor is any of it too wide."""

import shutil
from itertools import product
from pathlib import Path

import httpx
import pytest
from account_files import account_file
from axe_core import axe_script, faults
from evaluation_data import put_dataset
from page_states import (
    AT_THE_DOOR,
    BY_HAND,
    COMPARED,
    EVALUATED,
    PAGED,
    STATES,
    serving_briefs,
)
from source_desk import QuotingDesk
from web_texts import HandDesk

from assistant.web.eval_options import Evaluating
from eval.cli import main as evaluate

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOWS = {"desktop": [(1280, 900)], "phone": [(390, 844), (360, 740)]}
"""Sizes of windows; a page is brought to a state in the first of them."""
UTMOST = {"desktop": 2560, "phone": 320}
"""The widest and the narrowest window, in which nothing reaches over the side."""
WIDER = """
() => [...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  if (box.width === 0 || getComputedStyle(each).position === "fixed") return false;
  if (box.right <= innerWidth + 1 || each.closest(".v-hidden, svg")) return false;
  for (let around = each; around; around = around.parentElement) { // a table may scroll
    if (/auto|scroll|hidden/.test(getComputedStyle(around).overflowX)) return false;
  }
  return true;
}).map((each) => each.id || String(each.className)).slice(0, 5)
"""
SETTLED = """
() => document.getAnimations().every((each) =>
  each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity)
"""
"""Whether nothing changes any more but what changes for ever."""
HARBOR = {
    "then.md": ("Ada Loon", "2014-08-14", "From 2011 to 2014 40 pilots work in the harbor."),
    "now.md": ("Bo Lind", "2024-02", "Only 25 pilots work in the harbor."),
    "light.md": ("Cy Moe", "2019", "The harbor has a light, and the light has a keeper."),
}

PDF = Path(__file__).parents[2] / "index" / "pdfs" / "briefs.pdf"
IN_PDF = (
    "covers the bill with cheap loans: at least $300 million since 2020",
    "Putin traveled to Baku with ships of Russia’s Caspian fleet",
)


@pytest.fixture(scope="module")
def briefs(serving, tmp_path_factory):
    axe_script()
    with serving_briefs(serving, tmp_path_factory.mktemp("axe")) as url:
        yield url


@pytest.fixture(scope="module")
def by_hand(serving):
    return serving(HandDesk())


@pytest.fixture(scope="module")
def compared(serving, tmp_path_factory):
    folder = tmp_path_factory.mktemp("harbor")
    for name, (author, date, text) in HARBOR.items():
        (folder / name).write_text(f"---\nauthor: {author}\ndate: {date}\n---\n\n{text}\n")
    desk = QuotingDesk([folder / name for name in HARBOR], [text for *_, text in HARBOR.values()])
    for name in HARBOR:
        (folder / name).write_text("Something else.")
    return serving(desk)


@pytest.fixture(scope="module")
def paged(serving, tmp_path_factory):
    file = tmp_path_factory.mktemp("paged") / PDF.name
    shutil.copy(PDF, file)
    return serving(QuotingDesk([file], IN_PDF))


@pytest.fixture(scope="module")
def evaluated(serving, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluated")
    few = put_dataset(folder / "few")
    put_dataset(folder / "many" / "waters", times=2_000)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ASSISTANT_CACHE", str(folder / "cache"))
        for name in ("before", "after"):
            evaluate(["run", str(few), "--out", str(folder / "reports" / name)])
        evaluating = Evaluating((folder / "many",))
        url = serving(HandDesk(), reports=folder / "reports", evaluating=evaluating)
        yield url
        httpx.delete(f"{url}/app/evaluation/run", headers={"X-Verbatim": "1"}).raise_for_status()


@pytest.fixture(scope="module")
def door(serving, tmp_path_factory):
    file = tmp_path_factory.mktemp("door") / "accounts"
    account_file(file)
    return serving(HandDesk(), auth_file=file)


@pytest.fixture
def looked_at(chromium):
    """Brings a page to a state, and gives what axe-core finds in each size and scheme."""
    axe_script()
    contexts = []

    def looked_at(url, state, window):
        sizes = [{"width": width, "height": height} for width, height in WINDOWS[window]]
        context = chromium.new_context(viewport=sizes[0])
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        page.locator("#v-question, [type=password]").first.wait_for()
        state(page)
        found = []
        for size, scheme in product(sizes, ("light", "dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
            page.wait_for_timeout(250)
            page.wait_for_function(SETTLED)  # colors change over a moment
            found.append((size["width"], scheme, *faults(page)))
        page.set_viewport_size({"width": UTMOST[window], "height": 900})
        page.wait_for_timeout(250)  # some parts follow the window by script
        assert page.evaluate("document.documentElement.scrollWidth") <= UTMOST[window]
        assert page.evaluate(WIDER) == []
        return found

    yield looked_at
    for context in contexts:
        context.close()


def assert_nothing(found):
    assert [(*where, against) for *where, against, _ in found if against] == []
    assert [(*where, advice) for *where, _, advice in found if advice] == []


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_over_the_briefs(briefs, looked_at, state, window):
    assert_nothing(looked_at(briefs, state, window))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", BY_HAND, ids=lambda state: state.__name__)
def test_while_an_answer_comes_and_where_it_does_not(by_hand, looked_at, state, window):
    assert_nothing(looked_at(by_hand, state, window))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", COMPARED, ids=lambda state: state.__name__)
def test_what_differs(compared, looked_at, state, window):
    assert_nothing(looked_at(compared, state, window))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", PAGED, ids=lambda state: state.__name__)
def test_pages_of_a_file(paged, looked_at, state, window):
    assert_nothing(looked_at(paged, state, window))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", EVALUATED, ids=lambda state: state.__name__)
def test_where_evaluations_run_and_are_compared(evaluated, looked_at, state, window):
    assert_nothing(looked_at(evaluated, state, window))


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("state", AT_THE_DOOR, ids=lambda state: state.__name__)
def test_at_the_door(door, looked_at, state, window):
    assert_nothing(looked_at(door, state, window))


def test_what_is_wrong_would_be_found(by_hand, looked_at):
    def spoiled(page):
        page.evaluate(
            """() => {
              document.querySelector("h1").insertAdjacentHTML("afterend", "<img src=''><h4>x</h4>");
              document.querySelector(".v-welcome p").style.color = "#bbb";
            }"""
        )

    (_, _, against, advice), _ = looked_at(by_hand, spoiled, "desktop")
    assert {line.partition(":")[0] for line in against} == {"image-alt", "color-contrast"}
    assert {line.partition(":")[0] for line in advice} >= {"heading-order"}
