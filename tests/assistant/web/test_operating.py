"""Request ids, readiness, metrics and what is logged, of a server that really runs."""

import asyncio
import io
import json
import logging
import re
import shutil
import threading
import time
from contextlib import ExitStack

import httpx
import pytest
from account_files import account_file
from data_servers import postgres as postgres_server
from data_servers.chroma import ChromaServer
from gradio_client import Client
from gradio_client.exceptions import AppError
from web_texts import HandDesk, run

from assistant import Assistant
from assistant.errors import SettingsError
from assistant.logs import JsonLines
from assistant.settings import Settings
from assistant.web import readiness
from assistant.web.opening import METRICS_TOKEN, site_options
from assistant.web.readiness import Readiness
from assistant.web.requests import place_of
from assistant.web.site import Site, SiteOptions
from index import build
from index.chroma_address import ChromaAddress
from index.layout import Layout

ID = re.compile(r"[0-9a-f]{16}")
CANARY = "Kanarienvogel4711"


def completion(url, question, **options):
    body = {"model": "verbatim", "messages": [{"role": "user", "content": question}]}
    return httpx.post(f"{url}/v1/chat/completions", json=body, timeout=30, **options)


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def samples(url, **options):
    """The metrics, by name and labels."""
    text = httpx.get(f"{url}/metrics", **options).raise_for_status().text
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


@pytest.fixture
def logged():
    """Everything that any logger is told, as JSON lines."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, levels = logging.StreamHandler(stream), {}
    handler.setFormatter(JsonLines())
    for name in ("", "assistant", "index"):
        logger = logging.getLogger(name)
        levels[logger] = logger.level
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)


# Request ids


def test_each_response_has_an_id_of_its_own(site):
    ids = [httpx.get(f"{site.url}/{path}").headers["x-request-id"] for path in ("healthz", "none")]
    assert all(map(ID.fullmatch, ids))
    assert ids[0] != ids[1]


@pytest.mark.slow
def test_an_id_is_taken_over_from_a_trusted_proxy_only(site, serving):
    given = {"X-Request-ID": "proxy-1234.abc"}
    assert ID.fullmatch(httpx.get(site.url, headers=given).headers["x-request-id"])
    trusting = serving(HandDesk(), trusted_proxies=("127.0.0.0/8",))
    assert httpx.get(trusting, headers=given).headers["x-request-id"] == "proxy-1234.abc"
    for bad in ("short", "x" * 65, "two words!", "-begins-with-dash"):
        answer = httpx.get(f"{trusting}/healthz", headers={"X-Request-ID": bad})
        assert ID.fullmatch(answer.headers["x-request-id"]), bad


def test_errors_say_the_id_under_which_the_log_has_them(site, logged):
    answer = completion(site.url, "Is there a bug?")
    number = answer.headers["x-request-id"]
    assert answer.status_code == 500
    assert f"(Request {number}.)" in answer.json()["error"]["message"]
    client = Client(site.url, verbose=False, analytics_enabled=False)
    with pytest.raises(AppError, match=r"\(Request [0-9a-f]{16}\.\)") as refused:
        client.predict("Is there a bug?", api_name="/ask")
    client.close()
    other = re.search(r"Request (\w+)", str(refused.value))[1]
    lines = [json.loads(line) for line in logged().splitlines()]
    for each in (number, other):
        answers = [line for line in lines if line.get("request") == each]
        assert {"answer"} <= {line["message"] for line in answers if "message" in line}
        (told,) = [line for line in answers if line.get("message") == "answer"]
        assert (told["outcome"], told["error"]) == ("failed", "RuntimeError")


def test_of_a_path_only_its_beginning_is_told():
    assert place_of(f"/app/source/{CANARY}")[0] == "/app/source"
    assert place_of(f"/{CANARY}")[0] == place_of("/metricsx")[0] == "other"
    assert place_of("/")[0] == "/"


# What is logged


@pytest.mark.slow
def test_nothing_private_is_logged(serving, tmp_path, logged, capfd):
    tokens = account_file(tmp_path / "accounts")
    url = serving(HandDesk(), auth_file=tmp_path / "accounts", data=tmp_path / "data")
    headers = {"Authorization": f"Bearer {tokens['anna']}", "X-Verbatim": "1"}
    for question in (CANARY, f"{CANARY} bug?", f"{CANARY} model?", f"{CANARY} weather?"):
        completion(url, question, headers=headers)
    client = Client(url, verbose=False, analytics_enabled=False, headers=headers)
    for name, *values in (
        ("/ask", f"{CANARY} note?"),
        ("/ask", f"{CANARY} bug?"),
        ("/ask", CANARY, [[CANARY]]),  # no pairs
        ("/search", CANARY, "no number"),
    ):
        try:
            client.predict(*values, api_name=name)
        except (AppError, ValueError):
            continue
    client.close()
    with httpx.Client(base_url=url, headers=headers) as asked:
        asked.get("/", params={"q": CANARY}, headers={"Cookie": f"a={CANARY}"})
        asked.get(f"/app/source/{CANARY}", params={"at": CANARY})
        asked.post("/app/library/files", params={"name": f"{CANARY}.exe"}, content=b"x")
        asked.post("/app/library/index", content=f'{{"files": "{CANARY}"')
        asked.post("/signin", data={"name": CANARY, "password": CANARY})
        asked.post("/gradio_api/queue/join", json={"fn_index": CANARY, "data": [CANARY]})
        asked.post("/gradio_api/queue/join", json={"fn_index": 0, "data": [CANARY] * 3})
        asked.get("/", headers={"Authorization": f"Bearer {CANARY}"})
        asked.get(f"/{CANARY}")
    until(lambda: '"status": 404' in logged())  # a line is written once the answer is sent
    text = logged()
    printed = "".join(capfd.readouterr())
    secrets = (CANARY, tokens["anna"], "Most of them came", "a secret detail")
    # What goes through Python's own loggers; what Gradio prints is caught where `assistant` serves.
    assert [each for each in secrets if each in text] == []
    assert "a secret detail" not in printed
    lines = [json.loads(line) for line in text.splitlines()]
    outcomes = {line["outcome"] for line in lines if line.get("message") == "answer"}
    assert outcomes == {"answered", "abstained", "failed"}
    statuses = {line["status"] for line in lines if line.get("message") == "request"}
    assert {200, 400, 404} < statuses


def test_a_line_for_an_answer_has_its_numbers(site, logged):
    number = completion(site.url, "Who supplied the arms?").headers["x-request-id"]
    lines = [json.loads(line) for line in logged().splitlines()]
    (line,) = [each for each in lines if each.get("message") == "answer"]
    assert line["request"] == number
    assert (line["outcome"], line["reader"]) == ("answered", "extractive")
    assert (line["statements"], line["quotes"], line["documents"]) == (2, 2, 1)
    assert line["seconds"] > 0


# Readiness


def test_a_server_whose_index_answers_is_ready_and_says_no_more(desk, serving, tmp_path):
    account_file(tmp_path / "accounts")
    url = serving(desk, auth_file=tmp_path / "accounts")
    answer = httpx.get(f"{url}/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "reasons": []})
    assert answer.headers["cache-control"] == "no-store"


@pytest.fixture
def spoiled(index_dir, embedder, tmp_path):
    """A desk over a copy of the index, which a test may spoil."""
    folder = tmp_path / "copy.index"
    shutil.copytree(index_dir, folder)
    with Assistant.open(folder) as desk:
        yield folder, desk


def reasons_of(site):
    looking = Readiness(site)
    try:
        return run(looking.reasons())
    finally:
        looking.close()


def test_stores_that_lost_what_they_held_are_not_ready(spoiled):
    folder, desk = spoiled
    site = Site(desk, SiteOptions(index=folder))
    assert reasons_of(site) == ()
    with desk.index._live.lend() as stores:
        names = [document.id for document in desk.documents()]
        stores.vectors.delete_documents(names)
    assert reasons_of(site) == ("stores",)


def test_a_catalog_that_cannot_be_read_is_not_ready(spoiled):
    folder, desk = spoiled
    desk.index._catalog.close()
    (folder / "catalog.sqlite3").write_bytes(b"no database" * 1000)
    assert reasons_of(Site(desk, SiteOptions(index=folder))) == ("catalog",)


def test_a_full_disk_is_not_ready_unless_nothing_is_written(desk, monkeypatch, tmp_path):
    monkeypatch.setattr(readiness, "LEAST_FREE", 10**18)
    assert reasons_of(Site(desk, SiteOptions(data=tmp_path / "none" / "yet"))) == ("disk",)
    assert reasons_of(Site(desk, SiteOptions(data=tmp_path, read_only=True))) == ()


def test_a_server_that_is_told_to_end_is_not_ready(desk):
    site = Site(desk)
    site.answers.is_stopping = True
    assert reasons_of(site) == ("stopping",)


def test_however_often_it_is_asked_one_look_a_second_is_taken(desk, monkeypatch):
    looks = []
    before = Readiness._looked
    monkeypatch.setattr(
        Readiness, "_looked", lambda self: looks.append(time.monotonic()) or before(self)
    )

    async def ask_often():
        looking = Readiness(Site(desk))
        found = await asyncio.gather(*(looking.reasons() for _ in range(50)))
        found += [await looking.reasons() for _ in range(50)]
        looking.close()
        return set(found)

    assert run(ask_often()) == {()}
    assert len(looks) == 1


def test_a_look_that_hangs_is_no_readiness_and_holds_nobody_up(desk, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(readiness, "PATIENCE", 0.1)
    monkeypatch.setattr(Readiness, "_looked", lambda self: release.wait(10) and ())

    async def ask():
        looking = Readiness(Site(desk))
        slow = await asyncio.gather(looking.reasons(), looking.reasons())
        release.set()
        monkeypatch.setattr(readiness, "PATIENCE", 10.0)
        after = await looking.reasons()
        looking.close()
        return slow, after

    assert run(ask()) == ([("slow",), ("slow",)], ())


# Metrics


def test_metrics_are_off_unless_wanted(site):
    assert httpx.get(f"{site.url}/metrics").status_code == 404


def test_metrics_count_what_happens_in_labels_of_few_values(desk, serving, tmp_path):
    url = serving(desk, metrics=True, questions_per_minute=3, index=desk.index.path, data=tmp_path)
    for question in (f"What about {CANARY}?", "How many cars does the ferry carry?", "", "Why?"):
        completion(url, question)
    httpx.get(f"{url}/{CANARY}")
    of_page = 'verbatim_requests_total{place="other",status="4xx"}'
    until(lambda: of_page in samples(url))  # a request is counted once it is answered
    found = samples(url)
    answered = found['verbatim_answers_total{outcome="answered"}']
    assert answered + found['verbatim_answers_total{outcome="abstained"}'] == 2
    assert found['verbatim_refused_total{reason="rate"}'] == 1
    assert found['verbatim_requests_total{place="/v1/chat/completions",status="4xx"}'] == 2
    assert found["verbatim_answer_seconds_count"] == 2
    assert found['verbatim_step_seconds_count{step="retrieve"}'] == 2
    assert found["verbatim_index_documents"] == desk.index.document_count
    assert found["verbatim_index_revision"] == desk.index.revision
    assert found["verbatim_ready"] == 1
    assert 0 <= time.time() - found["verbatim_index_updated_timestamp_seconds"] < 3600
    assert found["verbatim_answers_in_progress"] == found["verbatim_events_waiting"] == 0
    assert CANARY not in "".join(found)
    assert len(found) < 250


def test_errors_are_counted_by_kind(serving):
    url = serving(HandDesk(), metrics=True)
    for question in ("a bug", "the model", "the model"):
        completion(url, question)
    found = samples(url)
    assert found['verbatim_answers_total{outcome="failed"}'] == 3
    assert found['verbatim_answer_errors_total{kind="RuntimeError"}'] == 1
    assert found['verbatim_model_failures_total{kind="ModelError"}'] == 2
    assert found["verbatim_ready"] == 0  # this desk has no index


def test_where_people_sign_in_metrics_want_a_token(serving, tmp_path):
    tokens = account_file(tmp_path / "accounts")
    url = serving(HandDesk(), metrics=True, auth_file=tmp_path / "accounts")
    assert httpx.get(f"{url}/metrics").status_code == 401
    with httpx.Client(base_url=url) as browser:
        form = {"name": "anna", "password": "correct horse"}
        assert browser.post("/signin", data=form).status_code == 303
        assert browser.get("/app/account").json() == {"user": "anna"}
        assert browser.get("/metrics").status_code == 401  # a session is none
    assert samples(url, headers={"Authorization": f"Bearer {tokens['anna']}"})


def test_where_nobody_signs_in_metrics_may_want_a_token(serving):
    url = serving(HandDesk(), metrics=True, metrics_token="long-and-random")
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Basic abc"}):
        assert httpx.get(f"{url}/metrics", headers=headers).status_code == 401
    assert samples(url, headers={"Authorization": "Bearer long-and-random"})


def test_metrics_are_not_told_to_everybody_on_a_network(monkeypatch):
    monkeypatch.delenv(METRICS_TOKEN, raising=False)
    said = []
    settings = Settings(host="0.0.0.0", metrics=True)
    with pytest.raises(SettingsError, match=METRICS_TOKEN):
        site_options(settings, said.append)
    monkeypatch.setenv(METRICS_TOKEN, "long-and-random")
    assert site_options(settings, said.append).metrics_token == "long-and-random"
    assert "long-and-random" not in repr(site_options(settings, said.append))


@pytest.mark.slow
@pytest.mark.parametrize(("which", "reason"), [("postgres", "catalog"), ("chroma", "stores")])
def test_a_server_of_the_index_that_is_gone_is_missed(which, reason, tmp_path, embedder, documents):
    with ExitStack() as servers:
        chroma = ChromaServer(tmp_path / "chroma").start()
        servers.callback(chroma.stop)
        postgres = servers.enter_context(postgres_server.running())
        address = ChromaAddress(chroma.url)
        layout = Layout(tmp_path / "index", postgres.new_database(), address)
        build([documents], layout, embedding_model=embedder)
        with Assistant.open(layout) as desk:
            site = Site(desk, SiteOptions(index=layout.folder))
            assert reasons_of(site) == ()
            {"chroma": chroma, "postgres": postgres}[which].kill()
            assert reasons_of(site) == (reason,)
