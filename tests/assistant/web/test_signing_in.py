"""A server with accounts, as browsers and programs meet it."""

import asyncio
import json
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from account_files import PASSWORDS, account_file
from gradio_client import Client
from web_texts import HandDesk

from assistant.account_file import load, save
from assistant.accounts import password_record
from assistant.web.asgi import create_app
from assistant.web.signing_in import LATER, WRONG, cookie_of, local_place
from assistant.web.site import Site, SiteOptions

PAGE = {"Accept": "text/html"}
HEADER = {"X-Verbatim": "1"}


@dataclass
class Door:
    """A server with accounts, and clients of it that are closed with the test."""

    url: str
    path: Path
    tokens: dict
    opened: ExitStack

    def browser(self, name=None, **options):
        client = self.opened.enter_context(httpx.Client(base_url=self.url, **options))
        if name is not None:
            assert sign_in(client, name, PASSWORDS[name]).status_code == 303
        return client

    def program(self, name):
        headers = {"Authorization": f"Bearer {self.tokens[name]}"}
        return self.browser(headers=headers)


def sign_in(client, name, password, **more):
    return client.post("/signin", data={"name": name, "password": password, **more})


@contextmanager
def opened_door(serving, folder, **options):
    path = folder / "accounts"
    tokens = account_file(path)
    url = serving(HandDesk(), auth_file=path, reports=folder / "reports", **options)
    with ExitStack() as opened:
        yield Door(url, path, tokens, opened)


@pytest.fixture
def door(serving, tmp_path):
    with opened_door(serving, tmp_path) as door:
        yield door


@pytest.fixture(scope="module")
def quiet_door(serving, tmp_path_factory):
    """For tests that change nothing, and try no wrong password."""
    with opened_door(serving, tmp_path_factory.mktemp("door")) as door:
        yield door


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("GET", "/gradio_api/heartbeat/x"),
        ("POST", "/gradio_api/cancel"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/reports/r1/report.html"),
        ("GET", "/v1/models"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/app/account"),
        ("POST", "/app/anything"),
        ("POST", "/signout"),
        ("GET", "/assets/index.js"),
        ("GET", "/static/x"),
        ("GET", "/signin/"),
        ("GET", "/signin/../config"),
        ("GET", "//signin"),
        ("GET", "/healthz/x"),
        ("GET", "/nothing"),
    ],
)
def test_strangers_get_nothing(quiet_door, method, path):
    response = httpx.request(method, quiet_door.url + path)
    assert response.status_code == 401
    assert "sign in" in response.text.lower()
    for bad in ("Bearer x", f"Bearer {quiet_door.tokens['anna']}x", "Basic YW5uYTp4", "Bearer"):
        response = httpx.request(method, quiet_door.url + path, headers={"Authorization": bad})
        assert response.status_code == 401, bad


def test_what_is_for_everybody_tells_nothing(quiet_door):
    assert httpx.get(f"{quiet_door.url}/healthz").json() == {"status": "ok"}
    page = httpx.get(f"{quiet_door.url}/signin")
    assert page.status_code == 200
    assert "script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{quiet_door.url}/signin.css").headers["content-type"].startswith("text/css")


def test_a_browser_is_led_to_the_page_and_back(quiet_door):
    browser = quiet_door.browser(headers=PAGE)
    response = browser.get("/reports/a%20b?x=1&y=2")
    assert response.status_code == 303
    assert response.headers["location"] == "/signin?next=%2Freports%2Fa%2520b%3Fx%3D1%26y%3D2"
    page = browser.get(response.headers["location"])
    assert 'name="next" value="/reports/a%20b?x=1&amp;y=2"' in page.text
    response = sign_in(browser, "anna", PASSWORDS["anna"], next="/reports/a%20b?x=1&y=2")
    assert response.headers["location"] == "/reports/a%20b?x=1&y=2"
    assert browser.get("/").status_code == 200
    assert browser.get("/app/account").json() == {"user": "anna"}
    assert browser.get("/signin").headers["location"] == "/"


def test_the_cookie_is_kept_from_scripts_and_other_sites(quiet_door):
    browser = quiet_door.browser()
    cookie = sign_in(browser, "anna", PASSWORDS["anna"]).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie
    assert "secure" not in cookie  # without TLS, browsers would not send it back


def test_over_tls_the_cookie_is_for_tls_only(tmp_path):
    async def cookie():
        account_file(tmp_path / "accounts")
        options = SiteOptions(auth_file=tmp_path / "accounts", trusted_proxies=("10.0.0.1",))
        transport = httpx.ASGITransport(
            create_app(Site(HandDesk(), options)), client=("10.0.0.1", 1)
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            response = await client.post(
                "/signin",
                data={"name": "anna", "password": PASSWORDS["anna"]},
                headers={"X-Forwarded-Proto": "https"},
            )
            return response.headers["set-cookie"]

    found = asyncio.run(cookie())
    assert found.startswith("__Host-verbatim-session=")
    assert "Secure" in found
    assert cookie_of({"scheme": "http"}) == "verbatim-session"


@pytest.mark.parametrize("place", ["//evil.example", "http://evil.example", "/\\evil", "evil", "",
    "/signin?next=/", "/a\nb", "/a\\b"])  # fmt: skip
def test_no_way_leads_to_another_server(place):
    assert local_place(place) == "/"


def test_wrong_names_and_wrong_passwords_look_the_same(door):
    pages = []
    for name, password in (("anna", "wrong"), ("nobody", "wrong"), ("nobody", ""), ("", "")):
        browser = door.browser()
        response = sign_in(browser, name, password)
        assert response.status_code == 401
        assert WRONG in response.text
        assert "set-cookie" not in response.headers
        pages.append(response.text.replace(f'value="{name}"', ""))
    assert len(set(pages)) == 1


def test_what_was_typed_is_shown_as_text(door):
    browser = door.browser()
    page = sign_in(browser, '"><script>x</script>', "wrong", next='/"><b>').text
    assert "<script>" not in page
    assert "<b>" not in page


@pytest.mark.slow
def test_after_some_tries_even_the_right_password_has_to_wait(door, monkeypatch):
    # As cheap as those of the file: the wait is a second from the beginning of the fifth try.
    monkeypatch.setattr("assistant.accounts._NOBODY", password_record("another", (16, 8, 1)))
    for user, password in (("anna", PASSWORDS["anna"]), ("nobody", "any password")):
        browser = door.browser()
        for _ in range(5):
            assert sign_in(browser, user, "wrong").status_code == 401
        response = sign_in(browser, user, password)
        assert response.status_code == 429
        assert response.headers["retry-after"] == "1"
        assert LATER.format(wait="1 s") in response.text
    time.sleep(1.05)
    door.browser("anna")


def test_many_tries_at_once_are_counted_too(door):
    async def flood():
        async with httpx.AsyncClient(base_url=door.url) as client:
            tries = [sign_in(client, "anna", "wrong") for _ in range(12)]
            return [response.status_code for response in await asyncio.gather(*tries)]

    found = asyncio.run(flood())
    assert sorted(found) == [401] * 5 + [429] * 7


def test_signing_in_begins_another_session_and_ends_the_old_one(door):
    browser = door.browser("anna")
    old = browser.cookies["verbatim-session"]
    sign_in(browser, "anna", PASSWORDS["anna"])
    assert browser.cookies["verbatim-session"] != old
    assert httpx.get(f"{door.url}/config", cookies={"verbatim-session": old}).status_code == 401
    browser = door.browser()
    # a key that somebody foisted on this browser
    browser.cookies["verbatim-session"] = "known"
    sign_in(browser, "anna", PASSWORDS["anna"])
    assert httpx.get(
        f"{door.url}/config", cookies={"verbatim-session": "known"}
    ).status_code == 401  # fmt: skip


def test_signing_out_here_and_everywhere(door):
    one = door.browser("anna")
    two = door.browser("anna")
    ben = door.browser("ben")
    assert one.post("/signout").status_code == 403  # a form of another page cannot do it
    kept = one.cookies["verbatim-session"]
    assert one.post("/signout", headers=HEADER).json() == {"place": "/signin"}
    assert "verbatim-session" not in one.cookies
    gone = httpx.get(f"{door.url}/config", cookies={"verbatim-session": kept})
    assert gone.status_code == 401
    assert two.get("/config").status_code == 200
    sign_in(one, "anna", PASSWORDS["anna"])
    one.post("/signout?everywhere=true", headers=HEADER)
    assert two.get("/config").status_code == 401
    assert ben.get("/config").status_code == 200


def test_who_is_removed_or_gets_another_password_is_out(door):
    anna = door.browser("anna")
    ben = door.browser("ben")
    program = door.program("ben")
    assert program.get("/config").status_code == 200
    account_file(door.path, {"anna": "another password"})
    assert anna.get("/config").status_code == 401
    assert ben.get("/config").status_code == 401
    assert program.get("/config").status_code == 401


def test_a_broken_file_lets_nobody_in_and_says_so_in_the_log_only(door, caplog):
    anna = door.browser("anna")
    door.path.write_text("broken")
    response = anna.get("/config")
    assert (response.status_code, str(door.path) in response.text) == (500, False)
    response = sign_in(anna, "ben", PASSWORDS["ben"])
    assert (response.status_code, str(door.path) in response.text) == (500, False)
    assert str(door.path) in caplog.text
    account_file(door.path)
    assert sign_in(anna, "anna", PASSWORDS["anna"]).status_code == 303


def test_pages_of_a_user_are_kept_in_no_cache(quiet_door):
    anna = quiet_door.browser("anna")
    assert anna.get("/").headers["cache-control"] == "no-store"
    assert anna.get("/config").headers["cache-control"] == "no-store"
    assert "password" not in json.dumps(anna.get("/config").json())


def test_programs_use_a_token(door):
    headers = {"Authorization": f"Bearer {door.tokens['anna']}"}
    client = Client(door.url, headers=headers, verbose=False, analytics_enabled=False)
    assert client.predict("Who?", api_name="/ask")["status"] == "answered"
    client.close()
    program = door.program("anna")
    assert program.get("/app/account").json() == {"user": "anna"}
    accounts = load(door.path)
    save(accounts.without("anna"), door.path)
    assert program.get("/app/account").status_code == 401


def number_of(client, endpoint):
    dependencies = client.get("/config").json()["dependencies"]
    return next(each["id"] for each in dependencies if each["api_name"] == endpoint)


def joined(client, session, endpoint="documents", data=()):
    """Begins an event, and returns its id."""
    number = number_of(client, endpoint)
    event = {"fn_index": number, "data": list(data), "session_hash": session}
    return client.post("/gradio_api/queue/join", json=event).json()["event_id"]


def events(client, session):
    """What comes of a session's events; Gradio breaks off where it knows no such session."""
    found, latest = [], time.monotonic() + 15
    query = {"session_hash": session}
    with (
        suppress(httpx.RemoteProtocolError),
        client.stream("GET", "/gradio_api/queue/data", params=query, timeout=20) as response,
    ):
        for line in response.iter_lines():
            assert time.monotonic() < latest, found
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
    return found


def test_events_of_one_user_are_told_to_no_other(quiet_door):
    anna = quiet_door.program("anna")
    ben = quiet_door.program("ben")
    number = joined(anna, "one-session")
    assert [event["msg"] for event in events(ben, "one-session")] == ["unexpected_error"]
    joined(ben, "one-session")
    of_ben = events(ben, "one-session")
    of_anna = events(anna, "one-session")
    done = [event for event in of_anna if event["msg"] == "process_completed"]
    assert [event["event_id"] for event in done] == [number]
    assert done[0]["output"]["data"][0][0]["published"] == "2023-10-31"
    assert number not in json.dumps(of_ben)


@pytest.mark.slow
def test_a_user_does_not_stop_the_question_of_another(quiet_door):
    anna, ben = quiet_door.program("anna"), quiet_door.program("ben")
    event = joined(anna, "asking", "ask", ["Ask it patiently", None, None, None])
    time.sleep(0.5)
    cancel = {"session_hash": "asking", "fn_index": number_of(ben, "ask"), "event_id": "x"}
    assert ben.post("/gradio_api/cancel", json=cancel).status_code == 200
    with ben.stream("GET", "/gradio_api/heartbeat/asking") as response:
        assert response.status_code == 200
    done = {each["event_id"]: each["output"] for each in events(anna, "asking") if "output" in each}
    assert done[event]["data"][0]["status"] == "answered"


def test_questions_of_a_user_are_counted_together(serving, tmp_path):
    with opened_door(serving, tmp_path, questions_per_minute=2) as door:
        _ask_too_often(door)


def _ask_too_often(door):
    anna = door.program("anna")
    same = door.browser("anna")
    ben = door.program("ben")
    number = number_of(anna, "ask")

    def ask(client, fn_index=number):
        event = {"fn_index": fn_index, "data": ["Who?", None, None, None], "session_hash": "s"}
        return client.post("/gradio_api/queue/join", json=event)

    assert ask(anna).status_code == ask(same, str(number)).status_code == 200
    refused = ask(anna, float(number))
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) in range(1, 31)
    assert "more than 2 questions" in refused.json()["error"]
    assert same.post("/v1/chat/completions", json={}).status_code == 429
    assert joined(anna, "t")  # looking things up is no question
    assert ask(ben).status_code == 200
