"""Signing in and out, in a real browser."""

import pytest
from account_files import PASSWORDS, account_file
from web_texts import HandDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def server(serving, tmp_path):
    account_file(tmp_path / "accounts")
    return serving(HandDesk(), auth_file=tmp_path / "accounts")


@pytest.fixture
def open_door(chromium):
    """Opens the page for signing in; what it and the chat log is an error unless expected."""
    contexts, faults = [], []

    def open_at(url, expected=(), **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)

        def on_console(line):
            if line.type == "error" and not any(each in line.text for each in expected):
                faults.append(line.text)

        context.on("console", on_console)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on(
            "request",
            lambda each: (
                None
                if each.url.startswith((url + "/", "data:", "blob:"))
                else faults.append(each.url)
            ),
        )
        page = context.new_page()
        page.goto(url)
        page.get_by_role("heading", name="Verbatim").wait_for()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


TEXT_BOX = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().toJSON();
}"""


def sign_in(page, name="anna", password=PASSWORDS["anna"]):
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def asked(page, question="Who supplied the arms?"):
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_signing_in_needs_no_scripts_and_fits(server, open_door, width, scripts):
    page = open_door(
        server,
        expected=["401"],
        viewport={"width": width, "height": 740},
        java_script_enabled=scripts,
    )
    assert page.url == f"{server}/signin?next=%2F"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#v-name:focus").wait_for()
    sign_in(page, password="wrong password")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == "The name or the password is not right."
    assert page.get_by_label("Name").input_value() == "anna"
    assert page.get_by_label("Password").input_value() == ""
    sign_in(page)
    page.wait_for_url(f"{server}/")
    assert [each["name"] for each in page.context.cookies()] == ["verbatim-session"]


def test_the_form_works_with_the_keyboard_alone(server, open_door):
    page = open_door(server)
    page.locator("#v-name:focus").wait_for()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORDS["anna"])
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Question").wait_for()


@pytest.mark.parametrize("width", [390, 1280])
def test_who_is_signed_in_asks_and_signs_out(server, open_door, width):
    page = open_door(server, viewport={"width": width, "height": 844})
    sign_in(page)
    asked(page)
    page.locator(".v-turn[aria-busy=false] .v-card").first.wait_for()
    page.get_by_role("button", name="Ask", exact=True).wait_for()  # its stream is closed
    account = page.locator("#v-account")
    summary = account.locator("summary")
    assert summary.inner_text() == ("anna" if width > 768 else "A")
    assert summary.get_attribute("aria-label") == "Account of anna"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("scrollY > 0")
    name = page.locator("h1").evaluate(TEXT_BOX)
    corner = account.bounding_box()
    assert corner["y"] + corner["height"] <= name["y"] or name["right"] <= corner["x"]
    summary.click()
    box = account.get_by_role("button", name="Sign out everywhere").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.keyboard.press("Escape")
    assert not account.get_by_role("button", name="Sign out", exact=True).is_visible()
    assert summary.evaluate("e => e === document.activeElement")
    summary.click()
    account.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("Password").wait_for()
    page.go_back()
    page.get_by_label("Password").wait_for()  # nothing is shown again


@pytest.mark.parametrize("width", [360, 800])
def test_a_long_name_covers_no_tab(serving, tmp_path, open_door, width):
    name = "wilhelmina-van-der-westerlaken"
    account_file(tmp_path / "accounts", {name: "correct horse"})
    page = open_door(
        serving(HandDesk(), auth_file=tmp_path / "accounts", reports=tmp_path / "reports"),
        viewport={"width": width, "height": 740},
    )
    sign_in(page, name, "correct horse")
    summary = page.locator("#v-account summary")
    summary.wait_for()
    edge = summary.bounding_box()["x"]
    tabs = page.get_by_role("tab").all()
    assert [tab.inner_text() for tab in tabs] == ["Ask", "Library", "Evaluation"]
    assert all(tab.evaluate(TEXT_BOX)["right"] <= edge for tab in tabs)
    assert summary.bounding_box()["x"] + summary.bounding_box()["width"] <= width
    summary.click()
    whole = page.locator(".v-account-whole").bounding_box()
    assert page.locator(".v-account-whole").inner_text() == name
    assert whole["x"] >= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_was_signed_out_elsewhere_is_told(server, open_door):
    page = open_door(server, expected=["401"])
    sign_in(page)
    page.get_by_role("textbox", name="Question").wait_for()
    other = open_door(server, viewport={"width": 900, "height": 700})
    sign_in(other)
    other.locator("#v-account summary").click()
    other.get_by_role("button", name="Sign out everywhere").click()
    other.get_by_label("Password").wait_for()
    asked(page)
    page.locator("#v-ended").wait_for()
    assert page.locator("#v-ended").inner_text() == "You are signed out. Sign in again"
    page.get_by_role("link", name="Sign in again").click()
    sign_in(page)
    page.get_by_role("textbox", name="Question").wait_for()


def test_a_name_is_shown_as_text(server, open_door):
    page = open_door(server, expected=["401"])
    sign_in(page, name='"><img src=x onerror=alert(1)>')
    page.get_by_role("alert").wait_for()
    assert page.locator("img").count() == 0
    assert page.get_by_label("Name").input_value() == '"><img src=x onerror=alert(1)>'


def test_a_link_on_another_site_leads_to_the_chat_if_one_is_signed_in(server, open_door):
    page = open_door(server)
    for state in ("stranger", "signed in"):
        page.goto(f"data:text/html,<a href='{server}/?x=1'>Verbatim</a>")
        page.get_by_role("link").click()
        if state == "stranger":
            page.get_by_label("Password").wait_for()
            sign_in(page)
        page.get_by_role("textbox", name="Question").wait_for()
        assert page.url == f"{server}/?x=1"
