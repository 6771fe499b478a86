"""The page in a real browser, over a real index, with a model server that follows a script."""

import threading
import time

import pytest
from api_texts import CARS, CARS_QUESTION, FALSE, assert_left, first_request, writes
from model_servers import Hangs, Says, Status

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"width": 360, "height": 740}
SOON = 5.0
"""Seconds within which the model's server has to see that nobody listens anymore."""


@pytest.fixture
def opened(scripted_site, open_page):
    """Opens the page of a desk whose model follows a script; gives it and the model's server."""

    def opened(*script, page_options=None, **options):
        url, server = scripted_site(*script, **options)
        return open_page(url, **(page_options or {})), server

    return opened


def ask(page, question=CARS_QUESTION):
    box = page.get_by_role("textbox", name="Question")
    box.fill(question)
    box.press("Enter")
    return page.locator("#v-live .v-turn", has_text=question)


def ended(turn):
    turn.locator("xpath=self::*[@aria-busy='false']").wait_for()
    return turn


def stop(page):
    page.get_by_role("button", name="Stop").click()
    return time.monotonic()


def test_stop_before_the_first_token_stops_the_model(opened):
    page, server = opened(Hangs())
    turn = ask(page)
    request = first_request(server)
    turn.get_by_text("asking openai:scripted").wait_for()
    assert_left(request, since=stop(page), within=SOON)
    assert ended(turn).locator(".v-status").inner_text().startswith("Stopped.")
    assert turn.locator(".v-text").inner_text() == ""
    assert turn.locator(".v-error").count() == 0


def test_stop_in_the_midst_of_a_text_stops_the_model_and_keeps_what_was_checked(opened):
    many = [f"{CARS}.", *(f"It carries {number} more cars." for number in range(300, 400))]
    page, server = opened(writes(*many, delay=0.05))
    turn = ask(page)
    turn.get_by_role("link", name="Quote 1", exact=True).wait_for()
    assert_left(server.request, since=stop(page), within=SOON)
    assert ended(turn).locator(".v-status").inner_text().startswith("Stopped.")
    assert turn.locator(".v-text").inner_text().startswith(CARS)
    assert turn.locator(".v-unchecked, .v-withdrawn").count() == 0
    assert turn.locator(".v-card").count() == 1


def test_text_that_is_not_checked_says_so_and_goes_with_a_stop(opened):
    page, server = opened(Hangs(before="The ferry was painted purple by pirates and"))
    turn = ask(page)
    unchecked = turn.locator(".v-unchecked", has_text="painted purple")
    unchecked.get_by_text("being checked").wait_for()
    assert unchecked.locator("a, bdi").count() == 0
    assert_left(server.request, since=stop(page), within=SOON)
    assert ended(turn).locator(".v-text").inner_text() == ""


def test_after_a_stop_another_question_is_answered(opened):
    page, server = opened(Hangs(), writes(f"{CARS}."))
    turn = ask(page)
    first_request(server)
    stop(page)
    ended(turn)
    turn = ended(ask(page, "And how many cars does the ferry to Alsen carry?"))
    assert turn.locator(".v-card").count() == 1


def test_closing_the_page_stops_the_model(opened):
    page, server = opened(Hangs())
    ask(page)
    request = first_request(server)
    page.close()
    assert_left(request, since=time.monotonic(), within=5.0)


def test_a_false_sentence_is_withdrawn_and_the_final_answer_lists_why(opened):
    looked = threading.Event()

    def second(body):
        looked.wait(60)
        return Says("NO ANSWER")

    page, server = opened(writes(f"{CARS}.", FALSE), second)
    turn = ask(page)
    turn.locator(".v-withdrawn del").wait_for()
    assert "painted purple" in turn.locator(".v-withdrawn del").inner_text()
    assert turn.locator(".v-why").inner_text().startswith("Withdrawn: ")
    assert "“" not in turn.locator(".v-text").inner_text()
    looked.set()
    ended(turn)
    assert "purple" not in turn.locator(".v-text").inner_text()
    assert turn.locator(".v-notes").inner_text().endswith("1 sentence.")
    turn.get_by_text("What was checked").click()
    assert "Left out" in turn.locator(".v-dropped").inner_text()
    assert "painted purple" in turn.locator(".v-dropped del").inner_text()
    assert "Answered by openai:scripted" in turn.locator(".v-note").inner_text()
    assert len(server.requests) == 2


def test_an_answer_made_by_quoting_after_all_says_so(opened):
    page, _ = opened(writes(FALSE), Says("NO ANSWER"), page_options={"viewport": PHONE})
    turn = ended(ask(page))
    assert turn.locator(".v-card").count() > 0
    assert "openai:scripted was asked" in turn.locator(".v-notes").inner_text()
    turn.get_by_text("What was checked").click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(
    ("turn", "options"),
    [
        (Status(429), {}),
        (Status(401), {}),
        (Status(500), {}),
        (Hangs(), {"timeout": 0.5}),
        (Says("Never sent."), {"base_url": "http://127.0.0.1:9/v1"}),
    ],
)
def test_a_model_that_fails_is_an_error_and_no_abstention(opened, turn, options):
    page, _ = opened(turn, **options)
    turn = ended(ask(page))
    alert = turn.get_by_role("alert").inner_text()
    assert alert.startswith("This went wrong")
    assert "scripted" in alert
    assert turn.locator(".v-abstained, .v-card").count() == 0
