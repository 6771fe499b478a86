"""The routes over a real file, with two users: each sees only their own."""

import json

import fastapi
import pytest
from starlette.testclient import TestClient
from web_texts import BUYERS, SHARE, HandDesk, answer_from

from assistant import conversations
from assistant.conversations import FILE, Limits
from assistant.web.conversation_pages import MOST_BYTES, add_conversation_pages
from assistant.web.routes import add_error_form
from assistant.web.saved_turns import saved
from assistant.web.site import USER, Site, SiteOptions
from assistant.web.turns import Turn

A, B = "a" * 32, "b" * 32


class Named:
    """Middleware that signs in whom a header names."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        name = dict(scope.get("headers", ())).get(b"x-user")
        await self.app(scope | ({USER: name.decode()} if name else {}), receive, send)


def client_of(data):
    app = fastapi.FastAPI()
    add_error_form(app)
    add_conversation_pages(app, Site(HandDesk(), SiteOptions(data=data)))
    app.add_middleware(Named)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path):
    return client_of(tmp_path)


def as_user(name):
    return {"X-User": name, "X-Verbatim": "1"}


ANNA, BORIS = as_user("anna"), as_user("boris")


def turn(number, question="Who supplied the arms?"):
    answer = answer_from(question, SHARE, BUYERS)
    data = saved(Turn("t1", question, "done", answer=answer))
    return {"id": f"{number:032x}", "saved": json.loads(json.dumps(data))}


def add(client, user, conversation=A, number=1, **body):
    body = {"title": "Arms", "turns": [turn(number)], **body}
    return client.post(f"/app/conversations/{conversation}", json=body, headers=user)


def listed(client, user, words=""):
    response = client.get("/app/conversations", params={"words": words}, headers=user)
    return [each["id"] for each in response.json()["conversations"]]


def test_a_conversation_comes_back(client):
    assert add(client, ANNA).json()["turns"] == 1
    found = client.get(f"/app/conversations/{A}", headers=ANNA)
    assert found.headers["cache-control"] == "no-store"
    assert found.json()["title"] == "Arms"
    back = found.json()["turns"][0]
    assert back["id"] == turn(1)["id"]
    assert back["saved"]["answer"] == turn(1)["saved"]["answer"]


def test_nobody_sees_what_is_of_another(client):
    add(client, ANNA)
    assert listed(client, ANNA) == [A]
    assert listed(client, BORIS) == []
    assert listed(client, BORIS, "arms") == []
    assert client.get(f"/app/conversations/{A}", headers=BORIS).status_code == 400
    for response in (
        client.post(f"/app/conversations/{A}/title", json={"title": "Mine"}, headers=BORIS),
        client.delete(f"/app/conversations/{A}", headers=BORIS),
        client.post(f"/app/conversations/{A}/undo", json={}, headers=BORIS),
    ):
        assert response.status_code == 400
        assert "no such conversation" in response.json()["error"]
    add(client, BORIS, number=2, drop=[turn(1)["id"]], title="Boris's")
    found = client.get(f"/app/conversations/{A}", headers=ANNA).json()
    assert (found["title"], [each["id"] for each in found["turns"]]) == ("Arms", [turn(1)["id"]])


@pytest.mark.parametrize("name", ["../anna", "anna/..", "..", "%2e%2e", "anna\\x"])
def test_a_strange_name_leads_to_no_other_folder(client, tmp_path, name):
    add(client, ANNA)
    add(client, as_user(name), number=2)
    folders = [path.parent for path in tmp_path.rglob(FILE)]
    assert len(folders) == 2
    assert {folder.parent for folder in folders} == {tmp_path / "users"}
    found = client.get(f"/app/conversations/{A}", headers=ANNA).json()
    assert len(found["turns"]) == 1


def test_who_is_not_signed_in_keeps_nothing_here(client, tmp_path):
    nobody = {"X-Verbatim": "1"}
    assert client.get("/app/conversations").json() == {"kept": "browser", "user": None}
    assert add(client, nobody).status_code == 403
    assert client.get(f"/app/conversations/{A}").status_code == 403
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_keeps_nothing_leaves_it_to_the_browser():
    client = client_of(None)
    response = client.get("/app/conversations", headers=ANNA)
    assert response.json() == {"kept": "browser", "user": "anna"}
    assert add(client, ANNA).status_code == 403


def test_changes_need_the_header(client):
    add(client, ANNA)
    headers = {"X-User": "anna"}
    body = {"title": "Forged", "turns": []}
    for response in (
        client.post(f"/app/conversations/{A}", json=body, headers=headers),
        client.post(f"/app/conversations/{A}/title", json=body, headers=headers),
        client.delete(f"/app/conversations/{A}", headers=headers),
        client.post(f"/app/conversations/{A}/undo", json={}, headers=headers),
    ):
        assert response.status_code == 403
    assert client.get(f"/app/conversations/{A}", headers=ANNA).json()["title"] == "Arms"


def test_renaming_deleting_and_undoing(client):
    add(client, ANNA)
    path = f"/app/conversations/{A}"
    assert client.post(f"{path}/title", json={"title": "Trade"}, headers=ANNA).status_code == 200
    assert client.delete(path, headers=ANNA).status_code == 200
    assert listed(client, ANNA) == []
    assert client.post(f"{path}/undo", json={}, headers=ANNA).status_code == 200
    assert client.get(path, headers=ANNA).json()["title"] == "Trade"


def test_search(client):
    add(client, ANNA)
    add(client, ANNA, B, 2, title="Wine", turns=[turn(2, "Which grape grows there?")])
    assert listed(client, ANNA, "GRAPE") == [B]
    assert set(listed(client, ANNA, "94 percent")) == {A, B}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": 7, "turns": []},
        {"title": "", "turns": []},
        {"title": "T", "turns": {}},
        {"title": "T", "turns": [None]},
        {"title": "T", "turns": [{"id": "x", "saved": turn(1)["saved"]}]},
        {"title": "T", "turns": [{"id": "c" * 32}]},
        {"title": "T", "turns": [{"id": "c" * 32, "saved": {"format": 1, "answer": {}}}]},
        {"title": "T", "turns": [{"id": "c" * 32, "saved": {**turn(1)["saved"], "format": 9}}]},
        {"title": "T", "turns": [turn(1)] * 201},
        {"title": "T", "turns": [turn(1)], "drop": "all"},
    ],
)
def test_what_is_no_conversation_is_refused(client, body):
    response = add(client, ANNA, **{"turns": None, "title": None, **body})
    assert response.status_code == 400
    assert response.json()["error"]
    assert listed(client, ANNA) == []


def test_what_is_not_part_of_a_turn_is_not_kept(client):
    extra = turn(1)
    extra["saved"] |= {"more": "x" * 1000, "id": "t1"}
    add(client, ANNA, turns=[extra])
    back = client.get(f"/app/conversations/{A}", headers=ANNA).json()["turns"][0]["saved"]
    assert set(back) == {"format", "answer"}


def test_what_a_turn_was_asked_of_is_kept_with_it(client):
    asked = turn(1)
    asked["saved"] |= {"scope": "2 documents", "where": {"authors": ["Anna"]}}
    add(client, ANNA, turns=[asked])
    back = client.get(f"/app/conversations/{A}", headers=ANNA).json()["turns"][0]["saved"]
    assert (back["scope"], back["where"]) == ("2 documents", {"authors": ["Anna"]})


def test_a_request_is_bounded(client):
    response = add(client, ANNA, title="x" * MOST_BYTES)
    assert response.status_code == 413


def test_full_is_told_from_too_long(client, monkeypatch):
    class Small(conversations.Conversations):
        def __init__(self, folder):
            super().__init__(folder, Limits(conversations=1, turns=2))

    monkeypatch.setattr("assistant.web.conversation_pages.Conversations", Small)
    assert add(client, ANNA).status_code == 200
    assert add(client, ANNA, number=2).status_code == 200
    assert add(client, ANNA, number=3).status_code == 409
    response = add(client, ANNA, B, 4)
    assert response.status_code == 507
    assert "Delete some" in response.json()["error"]
    assert listed(client, ANNA) == [A]


def test_a_broken_file_is_said(client, tmp_path):
    add(client, ANNA)
    file = tmp_path / "users" / "anna" / FILE
    file.write_bytes(b"broken" * 1000)
    response = client.get("/app/conversations", headers=ANNA)
    assert response.status_code == 500
    assert "cannot be used" in response.json()["error"]
