"""What axe-core cannot tell: where the focus goes and can be seen, zoom, and motion."""

import pytest
from page_states import answered, conversations, library_edited, serving_briefs, source
from web_texts import HandDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FOCUSED = """
() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getClientRects()[0];
  const ringed = it.closest("#v-box textarea") ? document.querySelector("#v-box") : it;
  const style = getComputedStyle(ringed);
  const hasRing = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
    || (ringed !== it && style.boxShadow !== "none");
  const over = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const said = it.getAttribute("aria-label") || it.textContent.trim().slice(0, 60);
  return {
    name: said || it.placeholder || it.id || it.className,
    hasRing,
    isSeen: Boolean(over) && it.contains(over),
    tabIndex: it.tabIndex,
  };
}
"""
TO_THE_TOP = """
() => {
  const first = document.createElement("span");
  first.tabIndex = -1;
  document.body.prepend(first);
  first.focus();
  first.remove();
  scrollTo(0, 0);
}
"""


@pytest.fixture(scope="module")
def briefs(serving, tmp_path_factory):
    with serving_briefs(serving, tmp_path_factory.mktemp("access")) as url:
        yield url


@pytest.fixture
def shown(chromium, briefs):
    """Opens the page in a window and brings it to a state."""
    contexts = []

    def shown(state, width, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(briefs)
        page.locator("#v-question").wait_for()
        state(page)
        return page

    yield shown
    for context in contexts:
        context.close()


def walk(page, steps=80):
    """What has the focus, one Tab after the other, from the top until it leaves the page."""
    page.evaluate(TO_THE_TOP)
    stops = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", [answered, library_edited], ids=lambda state: state.__name__)
def test_the_focus_can_be_seen_wherever_it_goes(shown, state, width):
    page = shown(state, width)
    stops = walk(page)
    assert len(stops) > 10
    assert [stop["name"] for stop in stops if not stop["hasRing"]] == []
    assert [stop["name"] for stop in stops if not stop["isSeen"]] == []
    assert [stop["name"] for stop in stops if stop["tabIndex"] > 0] == []


def test_the_focus_goes_as_the_page_is_read(shown):
    page = shown(answered, 1280)
    names = [stop["name"] for stop in walk(page)]
    wanted = ["Ask", "New conversation", "Quote 1", "Quote 1 in its document", "Copy answer"]
    wanted += ["Ask again", "Edit question", "Export", "Good answer", "Not a good answer"]
    wanted += ["Ask a question", "Filter"]
    places = [
        next(i for i, name in enumerate(names) if name.startswith(each))
        for each in wanted
        if any(name.startswith(each) for name in names)
    ]
    assert len(places) == len(wanted), names
    assert places == sorted(places), names


@pytest.mark.parametrize("state", [answered, source, library_edited, conversations],
                         ids=lambda state: state.__name__)  # fmt: skip
def test_at_twice_the_size_everything_is_there(shown, state):
    zoomed = shown(state, 640, 450, device_scale_factor=2)  # as a window of 1280 px at 200 %
    assert zoomed.evaluate("document.documentElement.scrollWidth") <= 640
    page = shown(state, 1280)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


# What moves, and what would: a fade that starts with the pointer is over before it is looked at.
MOVING = """() => {
  const now = document.getAnimations().map((each) => each.animationName || each.transitionProperty);
  const later = [...document.querySelectorAll("*")].flatMap((element) =>
    ["", "::before", "::after"].map((part) => getComputedStyle(element, part || null)).filter(
      (style) => style.animationName !== "none"
        || style.transitionDuration.split(", ").some((each) => parseFloat(each) > 0),
    ).map(() => `${element.tagName}.${element.className}`));
  return [...now, ...new Set(later)];
}"""


def test_nothing_moves_for_those_who_want_it_so(serving, chromium):
    context = chromium.new_context(reduced_motion="reduce", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(serving(HandDesk()))
    page.get_by_role("textbox", name="Question").fill("Tell it very slowly")
    page.get_by_role("textbox", name="Question").press("Enter")
    page.locator(".v-turn[aria-busy=true] .v-text", has_text="Anna").wait_for()
    assert page.evaluate(MOVING) == []
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Conversations", exact=True).click()
    assert page.evaluate(MOVING) == []
    context.close()


def test_a_wide_window_looks_composed(shown):
    page = shown(answered, 2560, 1300)
    text, box = (page.locator(each).bounding_box() for each in ("#v-live .v-text", "#v-box"))
    assert text["width"] <= 46 * 16
    assert abs(text["x"] - box["x"]) <= 8
    rail = page.locator("#v-conversations").bounding_box()["width"]
    left, right = text["x"] - rail, 2560 - text["x"] - text["width"]
    assert abs(left - right) <= 24
    page.get_by_role("tab", name="Library").click()
    table = page.locator(".v-lib-table")
    table.wait_for()
    box = table.bounding_box()
    assert box["width"] <= 76 * 16
    assert abs(box["x"] - (2560 - box["x"] - box["width"])) <= 24
