"""The named endpoints, asked by Gradio's own client, over a server that really runs."""

import time
from contextlib import closing

import httpx
import pytest
from api_texts import CARS, CARS_QUESTION, assert_left, first_request, writes
from gradio.state_holder import StateHolder
from gradio_client import Client
from gradio_client.exceptions import AppError
from gradio_client.utils import Status
from model_servers import Hangs
from web_texts import HandDesk, HeldDesk

from assistant.web import app


@pytest.fixture(scope="module")
def client(site):
    client = Client(site.url, verbose=False, analytics_enabled=False)
    yield client
    client.close()


def test_only_the_three_endpoints_are_named(client):
    api = client.view_api(return_format="dict", print_info=False)
    assert set(api["named_endpoints"]) == {"/ask", "/search", "/documents"}
    assert api["unnamed_endpoints"] == {}


def test_the_signatures_say_what_they_take(client):
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    shown = {
        name: [
            (each["label"], each["python_type"]["type"], each["parameter_default"])
            for each in endpoint["parameters"]
        ]
        for name, endpoint in named.items()
    }
    filters = ("where", "None | dict(str, Any)", None)
    assert shown == {
        "/ask": [
            ("question", "str", None),
            ("history", "None | list[list[str]]", None),
            filters,
            ("model", "None | str", None),
        ],
        "/search": [("query", "str", None), ("k", "int", 8), filters],
        "/documents": [],
    }
    told = [each["python_type"]["description"] for each in named["/ask"]["parameters"]]
    assert told[1] == "earlier [question, answer text] pairs, oldest first."
    assert named["/ask"]["description"].startswith("Answer a question from the documents")
    results = {name: named[name]["returns"][0] for name in named}
    assert results["/ask"]["label"] == "answer"
    assert results["/ask"]["python_type"]["type"] == "dict(str, Any)"
    assert results["/search"]["python_type"]["type"] == "list[dict(str, Any)]"


def test_ask_returns_the_answer(client, site):
    answer = client.predict(
        "And who supplied it?", [["Before?", "Yes."]], {"authors": "Anna"}, api_name="/ask"
    )
    assert answer["status"] == "answered"
    assert answer["citations"][0]["document"]["authors"] == ["Anna Example"]
    assert site.desk.histories[-1] == [("Before?", "Yes.")]


def test_ask_needs_only_a_question_and_passes_the_filter_on(client):
    assert client.predict("Who?", api_name="/ask")["status"] == "answered"
    where = {"authors": ["Nobody"]}
    assert client.predict("Who?", None, where, api_name="/ask")["status"] == "abstained"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["  "], "got none"),
        (["x" * 100_000], "at most 4,000"),
        (["Who?", [["only a question"]]], "pairs"),
        (["Who?", None, {"autor": "Anna"}], "it has no autor"),
        (["Who?", None, {"authors": 7}], "list of texts"),
        (["Who?", None, {"after": "May"}], "ISO date"),
        (["Who?", None, ["Anna"]], "a mapping"),
        (["Who?", "earlier"], "pairs"),
        (["Is the model there?"], "Start it, then ask again"),
    ],
)
def test_ask_refuses_with_a_message(client, arguments, message):
    with pytest.raises(AppError, match=message):
        client.predict(*arguments, api_name="/ask")


def test_an_unexpected_error_keeps_its_details(client):
    with pytest.raises(AppError) as caught:
        client.predict("a bug", api_name="/ask")
    assert "secret" not in str(caught.value)


def test_search_and_documents(client):
    hits = client.predict("arms", 1, {"authors": "Anna"}, api_name="/search")
    assert [hit["rank"] for hit in hits] == [1]
    assert client.predict(api_name="/documents")[0]["published"] == "2023-10-31"
    with pytest.raises(AppError, match="1 to 50"):
        client.predict("arms", 1000, api_name="/search")


@pytest.mark.slow
def test_waiting_for_answers_holds_up_no_search(serving):
    desk = HeldDesk()
    with closing(Client(serving(desk), verbose=False, analytics_enabled=False)) as client:
        jobs = [client.submit("Ask it", api_name="/ask") for _ in range(8)]
        begun = (Status.PROCESSING, Status.ITERATING)
        while not all(job.status().code in begun for job in jobs):
            time.sleep(0.02)  # all wait side by side
        assert client.predict("arms", 1, api_name="/search")
        assert client.predict(api_name="/documents")
        assert not any(job.done() for job in jobs)
        desk.release.set()
        assert all(job.result()["status"] == "answered" for job in jobs)


@pytest.mark.slow
def test_a_long_answer_reports_its_progress(client):
    job = client.submit("Ask it patiently", api_name="/ask")
    *reports, answer = list(job)
    assert reports
    assert all(report["status"] == "answering" for report in reports)
    assert answer["status"] == "answered"
    assert job.result() == answer


@pytest.mark.slow
def test_the_state_of_callers_that_left_does_not_pile_up(serving, monkeypatch):
    holders = []
    follow = StateHolder.set_blocks

    def watched(holder, blocks):
        holders.append(holder)
        follow(holder, blocks)

    monkeypatch.setattr(StateHolder, "set_blocks", watched)
    monkeypatch.setattr(app, "SESSIONS", 3)
    url = serving(HandDesk())
    for _ in range(6):
        with closing(Client(url, verbose=False, analytics_enabled=False)) as client:
            assert client.predict(api_name="/documents")
    sessions = holders[-1].session_data.values()
    assert 1 <= len(sessions) <= 4
    assert not any(each.config_values for each in sessions)  # a copy of the page in each
    assert not any(len(each.blocks_config.blocks.maps[0]) > 1 for each in sessions)
    queue = holders[-1].blocks._queue
    assert len(queue.event_analytics) <= 1
    assert len(queue.pending_event_ids_session) <= 4


def asked_over_http(url, question):
    """The events of a question, as gradio_client asks for them."""
    endpoints = httpx.get(f"{url}/config").json()["dependencies"]
    number = next(each["id"] for each in endpoints if each["api_name"] == "ask")
    event = {"data": [question, None, None, None], "fn_index": number, "session_hash": "leaving"}
    httpx.post(f"{url}/gradio_api/queue/join", json=event).raise_for_status()
    params = {"session_hash": "leaving"}
    return httpx.stream("GET", f"{url}/gradio_api/queue/data", params=params, timeout=20)


@pytest.mark.slow
def test_a_client_that_leaves_stops_the_model(scripted_site):
    url, server = scripted_site(Hangs())
    with asked_over_http(url, CARS_QUESTION) as response:
        assert any("answering" in line for line in response.iter_lines())
        request = first_request(server)
        left = time.monotonic()
    assert_left(request, since=left, within=3.0)


@pytest.mark.slow
def test_a_client_that_leaves_a_writing_model_stops_it(scripted_site):
    more = [f"It carries {number} more cars." for number in range(300, 400)]
    url, server = scripted_site(writes(f"{CARS}.", *more, delay=0.05))
    with asked_over_http(url, CARS_QUESTION) as response:
        lines = response.iter_lines()
        assert any(CARS in line for line in lines)
        request = first_request(server)
        left = time.monotonic()
    assert_left(request, since=left, within=3.0)


def test_a_canceled_job_stops_the_model(scripted_site):
    url, server = scripted_site(Hangs())
    client = Client(url, verbose=False, analytics_enabled=False)
    job = client.submit(CARS_QUESTION, api_name="/ask")
    request = first_request(server)
    job.cancel()
    assert_left(request, since=time.monotonic(), within=3.0)
    client.close()
