"""How long it takes until the page can be used, and whom it speaks to meanwhile."""

import statistics

import pytest
from page_states import STATES, serving_briefs

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOADS = 7
QUESTION = "What share of Armenia's arms was Russian?"
USED_AT_ONCE = """
(question) => {
  const look = () => {
    const box = document.querySelector("#v-question textarea");
    const ask = document.querySelector("#v-ask");
    if (!box?.getClientRects().length || box.disabled || !ask?.getClientRects().length) {
      return requestAnimationFrame(look);
    }
    window.interactiveAfter = performance.now();
    box.focus();
    document.execCommand("insertText", false, question);
    setTimeout(() => ask.click());
  };
  requestAnimationFrame(look);
}
"""


@pytest.fixture(scope="module")
def briefs(serving, tmp_path_factory):
    with serving_briefs(serving, tmp_path_factory.mktemp("speed")) as url:
        yield url


def load(context, url):
    """Milliseconds until a question could be written and asked, which is done at that moment."""
    page = context.new_page()
    page.add_init_script(f"({USED_AT_ONCE})({QUESTION!r})")
    page.goto(url)
    page.locator(".v-turn[aria-busy=false]", has_text=QUESTION).locator(".v-card").first.wait_for()
    time = page.evaluate("window.interactiveAfter")
    page.wait_for_timeout(400)
    page.close()
    return time


@pytest.mark.parametrize("way", ["cold", "warm"])
def test_time_to_interactive(briefs, chromium, capsys, way):
    """The median of several loads; printed. A question asked in the first moment is answered."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    load(context, briefs)  # the server's first
    times = []
    for _ in range(LOADS):
        if way == "cold":
            context.close()
            context = chromium.new_context(viewport={"width": 1280, "height": 900})
        times.append(load(context, briefs))
    context.close()
    median = statistics.median(times)
    with capsys.disabled():
        print(f"\ntime to interactive, {way}: median {median:.0f} ms, "  # noqa: T201
              f"from {min(times):.0f} to {max(times):.0f} ms, {LOADS} loads")  # fmt: skip
    assert median < 5_000


def test_nothing_is_asked_of_other_servers(briefs, chromium, capsys):
    """In all states of the page: every request goes to the server that it came from."""
    requests = []
    for state in STATES:
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.goto(briefs)
        page.locator("#v-question").wait_for()
        state(page)
        context.close()
    foreign = [each for each in requests if not each.startswith((f"{briefs}/", "data:", "blob:"))]
    with capsys.disabled():
        print(f"\n{len(requests)} requests, {len(foreign)} to other servers")  # noqa: T201
    assert len(requests) > 100
    assert foreign == []
