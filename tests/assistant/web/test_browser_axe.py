"""axe-core finds nothing in the page, whatever it shows, light and dark, wide and narrow."""

from itertools import product

import pytest
from account_files import account_file
from axe_core import axe_script, faults
from page_states import AT_THE_DOOR, BY_HAND, COMPARED, STATES, serving_briefs
from source_desk import QuotingDesk
from web_texts import HandDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOWS = {"desktop": [(1280, 900)], "phone": [(390, 844), (360, 740)]}
"""Sizes of windows; a page is brought to a state in the first of them."""
HARBOR = {
    "then.md": ("Ada Loon", "2014-08-14", "From 2011 to 2014 40 pilots work in the harbor."),
    "now.md": ("Bo Lind", "2024-02", "Only 25 pilots work in the harbor."),
    "light.md": ("Cy Moe", "2019", "The harbor has a light, and the light has a keeper."),
}


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
            page.wait_for_timeout(250)  # colors change over a moment
            found.append((size["width"], scheme, *faults(page)))
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
