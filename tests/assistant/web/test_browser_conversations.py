"""Conversations that are kept, in a real browser over a real index."""

import json

import pytest
from account_files import PASSWORDS, account_file
from conversation_texts import (
    ABOUT_ROADS,
    ABOUT_WINE,
    BOTTLES,
    CLOSED,
    DATABASE,
    Remembering,
    kept,
    write,
)

from index import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BLOCKED = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
FULL = """
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...values) {
    if (window.isFull) throw new DOMException("no room", "QuotaExceededError");
    return add.apply(this, values);
  };
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    build(write(folder), folder / "index")
    with Remembering.open(folder / "index") as desk:
        yield desk


@pytest.fixture(scope="module")
def url(desk, serving):
    return serving(desk, questions_per_minute=0)


def ask(page, question):
    count = page.locator(".v-data").count()
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(f".v-data >> nth={count}").wait_for(state="attached")
    page.get_by_role("button", name="Ask", exact=True).wait_for()


def titles(page):
    return page.locator(".v-conv-open").all_inner_texts()


def listed(page, *expected):
    """Waits until these titles are listed, in this order."""
    wanted = json.dumps(list(expected))
    page.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('.v-conv-open')]"
        ".map((each) => each.textContent)) === wanted",
        arg=wanted.replace('", "', '","'),
    )


def turns(page, count):
    page.wait_for_function(
        "count => document.querySelectorAll('.v-turn[aria-busy=false]').length === count",
        arg=count,
    )


def reload(page):
    page.locator("#v-ask").wait_for()
    page.wait_for_timeout(300)  # Gradio logs an error where a stream is still open
    page.reload()
    page.get_by_role("textbox", name="Question").wait_for()


def keep_one(page, question=ABOUT_ROADS):
    ask(page, question)
    listed(page, *([question] + [each for each in titles(page) if each != question]))


def test_a_conversation_is_restored_after_a_reload_and_goes_on(url, desk, open_page):
    page = open_page(url)
    keep_one(page)
    ask(page, ABOUT_WINE)
    listed(page, ABOUT_ROADS)
    page.locator(".v-conv-list").get_by_text("Today").wait_for()
    before = page.locator(".v-card mark").all_inner_texts()
    answers = page.locator(".v-text").all_inner_texts()
    kept(page, 2)
    reload(page)
    turns(page, 2)
    assert page.locator(".v-card mark").all_inner_texts() == before
    assert CLOSED in before
    assert page.locator(".v-conv-open[aria-current=true]").inner_text() == ABOUT_ROADS
    ask(page, "And in 2022?")
    history = desk.histories[-1]
    assert [question for question, _ in history] == [ABOUT_ROADS, ABOUT_WINE]
    assert [text.replace(" [", "\u00a0[") for _, text in history] == [
        answer.replace(" [", "\u00a0[") for answer in answers
    ]
    kept(page, 3)
    reload(page)
    turns(page, 3)
    listed(page, ABOUT_ROADS)


def test_new_open_rename_search_delete_undo(url, open_page):
    page = open_page(url)
    keep_one(page, ABOUT_ROADS)
    page.get_by_role("button", name="New conversation").click()
    turns(page, 0)
    keep_one(page, ABOUT_WINE)
    listed(page, ABOUT_WINE, ABOUT_ROADS)

    page.get_by_role("button", name=ABOUT_ROADS, exact=True).click()
    page.locator(".v-card mark", has_text=CLOSED).wait_for()
    turns(page, 1)
    page.locator(".v-conv-open[aria-current=true]", has_text=ABOUT_ROADS).wait_for()  # drawn anew

    page.locator(".v-conv", has_text=ABOUT_ROADS).hover()
    page.get_by_role("button", name=f"Rename {ABOUT_ROADS}").click()
    page.keyboard.type("<b>Snow</b>")
    page.keyboard.press("Enter")
    listed(page, ABOUT_WINE, "<b>Snow</b>")
    assert page.locator(".v-conv-list b").count() == 0
    page.get_by_role("button", name="Rename <b>Snow</b>").press("Enter")
    page.keyboard.type("Other")
    page.keyboard.press("Escape")
    listed(page, ABOUT_WINE, "<b>Snow</b>")

    search = page.get_by_role("searchbox", name="Search conversations")
    search.fill("snow")
    listed(page, "<b>Snow</b>")
    search.fill("MILLION bottles")  # in the answer
    listed(page, ABOUT_WINE)
    search.fill("zebra")
    page.get_by_text("Nothing found.").wait_for()
    search.fill("")
    listed(page, ABOUT_WINE, "<b>Snow</b>")

    page.get_by_role("button", name="Delete <b>Snow</b>").press("Enter")
    listed(page, ABOUT_WINE)
    turns(page, 0)
    page.wait_for_function("document.activeElement.matches('.v-conv-undo')")
    page.keyboard.press("Enter")
    listed(page, ABOUT_WINE, "<b>Snow</b>")
    turns(page, 1)
    page.locator(".v-conv-open[aria-current=true]", has_text="Snow").wait_for()
    page.get_by_role("button", name="Delete <b>Snow</b>").evaluate("button => button.click()")
    listed(page, ABOUT_WINE)
    turns(page, 0)
    reload(page)
    listed(page, ABOUT_WINE)


def test_a_question_asked_anew_takes_the_place_of_the_old(url, open_page):
    page = open_page(url)
    keep_one(page, ABOUT_ROADS)
    ask(page, ABOUT_WINE)
    page.locator(".v-turn").first.get_by_role("button", name="Ask again").click()
    turns(page, 1)
    kept(page, 1)
    reload(page)
    turns(page, 1)


def test_two_tabs_lose_nothing_of_each_other(url, open_page):
    first = open_page(url)
    keep_one(first, ABOUT_ROADS)
    second = first.context.new_page()
    second.goto(url)
    second.get_by_role("button", name=ABOUT_ROADS, exact=True).click()
    turns(second, 1)
    ask(first, ABOUT_WINE)
    second.get_by_text("went on in another window").wait_for()
    ask(second, "Which grapes are picked in October?")
    first.get_by_role("button", name="Show it").click()
    turns(first, 3)
    assert titles(first) == [ABOUT_ROADS]
    reload(second)
    turns(second, 3)


def test_a_removed_document_is_said_and_its_quote_is_no_quote(tmp_path, serving, open_page):
    build(write(tmp_path), tmp_path / "index")
    with Remembering.open(tmp_path / "index") as desk:
        page = open_page(serving(desk))
        keep_one(page, ABOUT_ROADS)
        desk.index.remove([next(d.id for d in desk.documents() if "Roads" in d.title)])
        reload(page)
        turns(page, 1)
        lapsed = page.locator(".v-lapsed")
        assert "Roads of Svaneti is no longer in the collection" in lapsed.inner_text()
        assert page.locator("mark", has_text=CLOSED).count() == 0
        assert page.locator(".v-ref").count() == 0
        ask(page, ABOUT_WINE)
        assert desk.histories[-1] == []
        reload(page)
        turns(page, 2)
        assert page.locator(".v-card mark").all_inner_texts() == [BOTTLES]
        rows = page.evaluate(DATABASE)
        assert CLOSED in json.dumps(rows)  # what was kept is left as it was


def test_an_answer_of_which_nothing_is_left_can_be_asked_again(tmp_path, serving, open_page):
    build(write(tmp_path), tmp_path / "index")
    with Remembering.open(tmp_path / "index") as desk:
        page = open_page(serving(desk))
        keep_one(page, ABOUT_ROADS)
        desk.index.remove([next(d.id for d in desk.documents() if "Roads" in d.title)])
        reload(page)
        page.locator(".v-lapsed", has_text="This answer no longer stands.").wait_for()
        build(write(tmp_path), tmp_path / "index")
        before = page.evaluate(f"({DATABASE})().then(JSON.stringify)")
        page.get_by_role("button", name="Ask again").click()
        page.locator(".v-card mark", has_text=CLOSED).wait_for()
        turns(page, 1)
        assert page.locator(".v-lapsed").count() == 0
        page.wait_for_function(  # what is not kept yet is lost by a reload
            f"before => ({DATABASE})().then((rows) => rows.length === 1"
            " && JSON.stringify(rows) !== before)",
            arg=before,
        )
        reload(page)
        turns(page, 1)
        page.locator(".v-card mark", has_text=CLOSED).wait_for()
        assert len(page.evaluate(DATABASE)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        {"format": 1, "answer": {"question": ABOUT_ROADS, "text": "<img src=x onerror=alert(1)>"}},
        {"format": 9, "answer": {"question": ABOUT_ROADS, "text": "newer"}},
    ],
)
def test_what_is_no_conversation_is_refused(url, open_page, planted):
    page = open_page(url)
    keep_one(page, ABOUT_ROADS)
    page.evaluate(DATABASE, json.dumps(planted))
    reload(page)
    page.locator(".v-conv-note", has_text="Expected").wait_for()
    turns(page, 0)
    ask(page, ABOUT_WINE)
    listed(page, ABOUT_WINE, ABOUT_ROADS)
    assert planted in [row["saved"] for row in page.evaluate(DATABASE)]


def test_a_browser_that_keeps_nothing_is_said(url, open_page):
    page = open_page(url)
    page.add_init_script(BLOCKED)
    reload(page)
    page.get_by_text("This browser keeps nothing").wait_for()
    keep_one(page, ABOUT_ROADS)
    page.get_by_role("button", name="New conversation").click()
    turns(page, 0)
    page.get_by_role("button", name=ABOUT_ROADS, exact=True).click()
    turns(page, 1)


def test_a_newer_format_is_said_and_left_alone(url, open_page):
    page = open_page(url)
    keep_one(page, ABOUT_ROADS)
    page.evaluate(
        """() => new Promise((resolve) => {
          const request = indexedDB.open("verbatim", 2);
          request.onsuccess = () => { request.result.close(); resolve(); };
        })"""
    )
    before = page.evaluate(DATABASE)
    reload(page)
    page.get_by_text("kept by a newer release").wait_for()
    keep_one(page, ABOUT_WINE)
    assert page.evaluate(DATABASE) == before


def test_a_full_browser_loses_nothing(url, open_page):
    page = open_page(url)
    page.add_init_script(FULL)
    reload(page)
    keep_one(page, ABOUT_ROADS)
    page.evaluate("window.isFull = true")
    ask(page, ABOUT_WINE)
    page.get_by_text("The last answer is not kept yet. This browser has no room left").wait_for()
    assert len(page.evaluate(DATABASE)) == 1
    page.evaluate("window.isFull = false")
    page.get_by_role("button", name="Try again").click()
    kept(page, 2)
    reload(page)
    turns(page, 2)


def test_a_conversation_that_is_full_goes_on_in_a_new_one(url, open_page):
    page = open_page(url)
    keep_one(page, ABOUT_ROADS)
    page.evaluate("window.verbatimStores.limits.turns = 1")
    ask(page, ABOUT_WINE)
    page.get_by_text("goes on in a new one").wait_for()
    listed(page, ABOUT_WINE, ABOUT_ROADS)


# The browser's database opens a second late, as it does on a busy machine.
SLOW_STORE = """
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...given) {
  const request = open.apply(this, given);
  const late = (told) => request.addEventListener("success", () => setTimeout(told, 1000));
  Object.defineProperty(request, "onsuccess", { set: late });
  return request;
};
"""


def test_all_can_be_taken_to_another_browser(url, open_page, tmp_path):
    page = open_page(url)
    keep_one(page, ABOUT_ROADS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all").click()
    file = tmp_path / "conversations.json"
    download.value.save_as(file)
    value = json.loads(file.read_text())
    assert value["verbatim_conversations"] == 1

    other = open_page(url)
    other.add_init_script(SLOW_STORE)
    other.reload()
    pick = other.locator("#v-conversations input[type=file]")
    pick.set_input_files(file)  # before there is a place to keep them
    other.get_by_text("1 conversation imported.").wait_for()
    pick.set_input_files(file)  # twice is once
    other.get_by_role("button", name=ABOUT_ROADS, exact=True).click()
    turns(other, 1)
    assert other.locator(".v-card mark", has_text=CLOSED).count() == 1
    listed(other, ABOUT_ROADS)

    value["conversations"] += [None, {"id": "x"}]
    file.write_text(json.dumps(value))
    pick.set_input_files(file)
    other.get_by_text("Not all: There was something that is none.").wait_for()
    file.write_text(json.dumps({**value, "verbatim_conversations": 2}))
    pick.set_input_files(file)
    other.get_by_text("made by a newer release").wait_for()
    file.write_text("{")
    pick.set_input_files(file)
    other.get_by_text("Expected a file with conversations").wait_for()


def test_users_see_their_own_on_any_computer(desk, serving, chromium, tmp_path):
    account_file(tmp_path / "accounts")
    url = serving(
        desk, auth_file=tmp_path / "accounts", data=tmp_path / "data", questions_per_minute=0
    )
    contexts = []

    def signed_in(name):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.goto(url)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORDS[name])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text(f"On the server, for {name} alone").wait_for()
        return page

    anna = signed_in("anna")
    keep_one(anna, ABOUT_ROADS)
    ben = signed_in("ben")
    assert titles(ben) == []
    keep_one(ben, ABOUT_WINE)
    elsewhere = signed_in("anna")
    listed(elsewhere, ABOUT_ROADS)
    elsewhere.get_by_role("button", name=ABOUT_ROADS, exact=True).click()
    turns(elsewhere, 1)
    assert elsewhere.locator(".v-card mark", has_text=CLOSED).count() == 1
    elsewhere.get_by_role("button", name=f"Delete {ABOUT_ROADS}").press("Enter")
    elsewhere.get_by_role("button", name=f"Undo: keep {ABOUT_ROADS}").press("Enter")
    listed(elsewhere, ABOUT_ROADS)
    reload(anna)
    turns(anna, 1)
    reload(ben)
    listed(ben, ABOUT_WINE)
    assert anna.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    for context in contexts:
        context.close()


def test_on_a_phone_the_list_is_a_drawer(url, open_page):
    page = open_page(url, **PHONE)
    ask(page, ABOUT_ROADS)
    drawer = page.locator("#v-conversations")
    opener = page.locator("#v-open-conversations")
    assert not drawer.is_visible()
    opener.click()
    drawer.wait_for(state="visible")
    assert drawer.get_attribute("aria-modal") == "true"
    assert opener.get_attribute("aria-expanded") == "true"
    listed(page, ABOUT_ROADS)
    for _ in range(12):  # the focus goes round in it
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('#v-conversations')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "v-open-conversations"
    opener.click()
    drawer.wait_for(state="visible")
    page.mouse.click(380, 400)  # beside it
    drawer.wait_for(state="hidden")
    opener.click()
    page.get_by_role("button", name="New conversation").click()
    drawer.wait_for(state="hidden")
    turns(page, 0)
    opener.click()
    page.get_by_role("button", name=ABOUT_ROADS, exact=True).click()
    drawer.wait_for(state="hidden")
    turns(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
