"""The routes of the Evaluation tab, over evaluations that really run."""

import json
import os
import shutil
import time

import fastapi
import httpx
import pytest
from evaluation_data import put_dataset
from report_folders import put_report
from starlette.testclient import TestClient
from web_texts import HandDesk, run

from assistant.web.asgi import create_app
from assistant.web.eval_options import Evaluating
from assistant.web.eval_pages import GONE, PRIVATE, add_evaluation_pages
from assistant.web.routes import add_error_form
from assistant.web.site import USER, Site, SiteOptions

WANTED = {"dataset": "waters", "cases": None, "model": "extractive", "documents": "dataset"}


class Named:
    """Middleware that signs in whom a header names."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        name = dict(scope.get("headers", ())).get(b"x-user")
        await self.app(scope | ({USER: name.decode()} if name else {}), receive, send)


def client_of(folder, **options):
    options = {"reports": folder / "reports", "index": folder / "index", **options}
    options = {"evaluating": Evaluating((folder / "data",)), **options}
    app = fastapi.FastAPI()
    add_error_form(app)
    add_evaluation_pages(app, Site(HandDesk(), SiteOptions(**options)), options["reports"])
    app.add_middleware(Named)
    return TestClient(app, raise_server_exceptions=False, headers={"X-Verbatim": "1"})


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """The indexes of the datasets, made once."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ASSISTANT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def folder(tmp_path, cache):
    put_dataset(tmp_path / "data" / "waters")
    return tmp_path


@pytest.fixture
def client(folder):
    with client_of(folder) as client:
        yield client


def start(client, **changes):
    response = client.post("/app/evaluation/run", json={**WANTED, **changes})
    assert response.status_code == 200, response.text
    return response.json()


def latest(client, **headers):
    return client.get("/app/evaluation/run", headers=headers).json()["run"]


def ended(client):
    for _ in range(1200):
        run = latest(client)
        if run["state"] not in ("running", "stopping"):
            return run
        time.sleep(0.1)
    raise AssertionError("the evaluation did not end")


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes_in(folder):
    """The processes that run an evaluation into a folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if b"eval.cli" in words and any(os.fsencode(folder) in word for word in words):
            found.append(int(name))
    return found


@pytest.mark.slow
def test_a_dataset_is_run_and_its_report_is_there(folder, client):
    assert latest(client) is None
    run = start(client, cases=2)["run"]
    assert (run["state"], run["of"], run["may_cancel"]) == ("running", 2, True)
    told = start(client)
    assert told["run"] is None
    assert told["busy"].startswith("An evaluation runs already (waters, ")
    run = ended(client)
    assert (run["state"], run["done"], run["problem"]) == ("done", 2, "")
    view = client.get("/app/evaluation").json()
    assert [each["path"] for each in view["reports"]] == [run["report"]]
    assert " · extractive · 2 cases · " in view["reports"][0]["label"]
    report = json.loads((folder / "reports" / run["report"] / "report.json").read_text())
    assert [case["id"] for case in report["cases"]] == ["c-0-0", "c-0-2"]
    page = client.get("/app/evaluation/charts", params={"path": run["report"]}).text
    assert "<figcaption>Evidence recall</figcaption>" in page
    assert "The same as a table" in page
    compare(folder, client, run["report"])


def compare(folder, client, path):
    """The report beside a copy whose first answer is wrong."""
    copied = folder / "reports" / "copy"
    shutil.copytree(folder / "reports" / path, copied)
    report = json.loads((copied / "report.json").read_text())
    first = report["cases"][0]
    first["scores"]["evidence_recall"]["value"], first["right"] = 0.0, False
    (copied / "report.json").write_text(json.dumps(report))
    response = client.get("/app/evaluation/comparison", params={"a": path, "b": "copy"})
    assert response.status_code == 200
    assert "Over the 2 questions that both were asked." in response.text
    assert "−0.500" in response.text
    assert "right → wrong" in response.text
    assert "sandbox" in response.headers["content-security-policy"]


def test_what_cannot_be_paired_stands_side_by_side(folder, client):
    put_report(folder / "reports", "one")
    put_report(folder / "reports", "other", dataset="<b>others</b>")
    page = client.get("/app/evaluation/comparison", params={"a": "one", "b": "other"}).text
    assert "Question by question they cannot be compared" in page
    assert str(folder) not in page
    assert page.count("0.903") == 2
    assert "&lt;b&gt;others" in page


def test_a_run_is_canceled_gone_on_with_and_discarded(folder, client):
    run_id = start(client)["run"]["id"]
    assert client.delete("/app/evaluation/run").json()["run"]["state"] in ("stopping", "canceled")
    run = ended(client)
    assert (run["state"], run["may_go_on"], run["report"]) == ("canceled", True, None)
    assert processes_in(folder) == []
    resumed = client.post("/app/evaluation/resume", json={"id": run_id}).json()["run"]
    assert (resumed["id"], resumed["state"]) == (run_id, "running")
    assert "busy" in client.delete(f"/app/evaluation/unfinished/{run_id}").json()
    client.delete("/app/evaluation/run")
    ended(client)
    assert client.delete(f"/app/evaluation/unfinished/{run_id}").json() == {"run": None}
    assert latest(client) is None
    assert not (folder / "reports" / run_id).exists()


def test_a_dataset_that_cannot_be_used_says_why(folder, client):
    cases = folder / "data" / "waters" / "cases.jsonl"
    cases.write_text('{"id": "c-1", "category": "weather"}\n')
    start(client)
    run = ended(client)
    assert run["state"] == "failed"
    assert "cases.jsonl" in run["problem"]
    assert "expected" in run["problem"]
    assert str(folder) not in run["problem"]
    assert "\n" not in run["problem"]


def test_the_end_of_the_server_ends_the_run_and_another_goes_on(folder):
    with client_of(folder) as client:
        run_id = start(client)["run"]["id"]
        (pid,) = processes_in(folder)
        assert is_alive(pid)
    assert not is_alive(pid)
    with client_of(folder) as client:
        run = latest(client)
        assert (run["id"], run["state"], run["may_go_on"]) == (run_id, "interrupted", True)
        shutil.rmtree(folder / "data" / "waters")
        refused = client.post("/app/evaluation/resume", json={"id": run_id}).json()["refused"]
        assert "has changed since" in refused


def test_nothing_is_run_where_the_documents_are_only_shown(folder):
    with client_of(folder, read_only=True) as client:
        view = client.get("/app/evaluation").json()
        assert (view["may_run"], view["datasets"], view["run"]) == (False, [], None)
        assert client.post("/app/evaluation/run", json=WANTED).status_code == 403
        assert client.post("/app/evaluation/resume", json={"id": "x"}).status_code == 403
        assert client.delete("/app/evaluation/run").status_code == 403
        assert not (folder / "reports").exists()


def test_nothing_is_run_where_no_dataset_was_named(folder):
    with client_of(folder, evaluating=Evaluating()) as client:
        assert client.get("/app/evaluation").json()["may_run"] is False
        assert client.post("/app/evaluation/run", json=WANTED).status_code == 403
    with client_of(folder, evaluating=Evaluating((folder / "empty",))) as client:
        assert "--datasets" in client.get("/app/evaluation").json()["why_not"]


@pytest.mark.parametrize("name", ["../data/waters", "..", "", "/", "waters/documents", "other"])
def test_only_named_datasets_are_run(folder, client, name):
    assert start(client, dataset=name)["refused"].startswith("Expected one of the datasets")
    assert not (folder / "reports").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "ollama:other"}, "one of the models"),
        ({"cases": 0}, "from 1 on"),
        ({"cases": True}, "from 1 on"),
        ({"documents": "/etc"}, "what to evaluate"),
        ({"dataset": ["waters"]}, "what to evaluate"),
    ],
)
def test_only_what_is_offered_is_run(folder, client, changes, said):
    response = client.post("/app/evaluation/run", json={**WANTED, **changes})
    told = response.json()
    assert said in (told.get("refused") or told["error"])
    assert not (folder / "reports").exists()


@pytest.mark.parametrize("path", ["../data", "..", "/etc", "a/../../x", "none", "\0", "a" * 5000])
def test_no_path_leads_out_of_the_reports(folder, client, path):
    put_report(folder / "reports", "one")
    put_report(folder / "data", "x")
    for response in (
        client.get("/app/evaluation/charts", params={"path": path}),
        client.get("/app/evaluation/comparison", params={"a": "one", "b": path}),
    ):
        assert response.status_code == 404
        assert response.json() == {"error": GONE}
    assert "refused" in client.post("/app/evaluation/resume", json={"id": path}).json()
    assert (folder / "data" / "waters").exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "run"),
        ("POST", "resume"),
        ("DELETE", "run"),
        ("DELETE", "unfinished/x"),
        ("GET", "comparison?a=x&b=y"),
    ],
)
def test_what_changes_or_costs_something_needs_the_header(client, method, path):
    del client.headers["X-Verbatim"]
    assert client.request(method, f"/app/evaluation/{path}", json=WANTED).status_code == 403


def test_with_private_libraries_only_a_datasets_own_documents_are_asked(folder):
    options = {"private_libraries": True, "auth_file": folder / "accounts", "data": folder}
    with client_of(folder, **options) as client:
        view = client.get("/app/evaluation", headers={"X-User": "anna"}).json()
        assert (view["may_ask_library"], view["note"]) == (False, PRIVATE)
        assert "own documents" in start(client, documents="library")["refused"]


def test_beginning_a_run_counts_as_a_question(folder):
    options = {"reports": folder / "reports", "evaluating": Evaluating((folder / "data",))}
    site = Site(HandDesk(), SiteOptions(questions_per_minute=1, **options))

    async def answered():
        transport = httpx.ASGITransport(create_app(site))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            sent = {"json": {"dataset": "none"}, "headers": {"X-Verbatim": "1"}}
            begun = await client.post("/app/evaluation/run", **sent)
            resumed = await client.post("/app/evaluation/resume", **sent)
        return begun.status_code, resumed.status_code

    assert run(answered()) == (400, 429)


def test_only_who_began_a_run_ends_it(client):
    anna, boris = {"X-User": "anna"}, {"X-User": "boris"}
    client.post("/app/evaluation/run", json=WANTED, headers=anna)
    assert latest(client, **boris)["may_cancel"] is False
    assert "Somebody else" in client.delete("/app/evaluation/run", headers=boris).json()["busy"]
    assert latest(client, **anna)["may_cancel"] is True
    client.delete("/app/evaluation/run", headers=anna)
    assert ended(client)["state"] == "canceled"
