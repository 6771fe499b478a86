"""The routes of exports and feedback, over a real index whose files come and go."""

import json
from dataclasses import replace

import fastapi
import pytest
from conversation_texts import BOTTLES, CLOSED, GRAPES, WINE, write
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.feedback import FILE, FeedbackFile
from assistant.grounding import cite, marked
from assistant.types import Answer, Statement
from assistant.verify import verify
from assistant.web import keeping
from assistant.web.keeping import GONE, add_keeping_pages
from assistant.web.routes import add_error_form
from assistant.web.saved_turns import saved
from assistant.web.site import USER, Site, SiteOptions
from assistant.web.turns import Turn
from index import build

ID, OTHER = "a" * 32, "b" * 32
HEADER = {"X-Verbatim": "1"}


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    folder.mkdir()
    build(write(folder), tmp_path / "index")
    return folder


@pytest.fixture
def desk(sources, tmp_path):
    with Assistant.open(tmp_path / "index") as desk:
        yield desk


class Named:
    """Middleware that signs in whom a header names."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        name = dict(scope.get("headers", ())).get(b"x-user")
        await self.app(scope | ({USER: name.decode()} if name else {}), receive, send)


def client_of(desk, data):
    app = fastapi.FastAPI()
    add_error_form(app)
    add_keeping_pages(app, Site(desk, SiteOptions(data=data)))
    app.add_middleware(Named)
    return TestClient(app, raise_server_exceptions=False, headers=HEADER)


@pytest.fixture
def client(desk, tmp_path):
    return client_of(desk, tmp_path / "data")


@pytest.fixture
def turn(desk):
    """Turns as a page sends them, quoting these words from the index."""

    def made(*parts, question="What of the wine?"):
        citations = []
        for number, part in enumerate(parts, start=1):
            (found,) = [
                document
                for info in desk.documents()
                if part in (document := desk.index.document(info.id)).text
            ]
            start, name = found.text.index(part), f"{found.info.id}:0-9"
            citations.append(cite(number, found, start, start + len(part), name))
        statements = tuple(
            Statement(f"Someone writes: “{part}”", (number,), 0.9)
            for number, part in enumerate(parts, start=1)
        )
        text = "\n\n".join(map(marked, statements))
        answer = Answer(question, text, "answered", None, statements, tuple(citations))
        return json.loads(json.dumps(saved(Turn("t1", question, "done", answer=answer))))

    return made


def exported(client, form, *turns):
    return client.post("/app/keep/export", json={"form": form, "turns": list(turns)})


def test_an_answer_is_exported_in_all_forms(client, turn):
    wine = turn(GRAPES, question="What of the <wine>, Ünal?")
    for form, suffix, media_type in (
        ("markdown", "md", "text/markdown"),
        ("html", "html", "text/html"),
        ("bundle", "json", "application/json"),
    ):
        response = exported(client, form, wine)
        file = response.json()
        assert response.headers["content-type"] == "application/json"
        assert response.headers["cache-control"] == "no-store"
        assert file["name"] == f"verbatim-what-of-the-wine-nal.{suffix}"
        assert (file["type"], file["left_out"]) == (media_type, 0)
        assert GRAPES in file["text"]


def test_an_exported_bundle_is_verified_below_the_folder(client, turn, sources, tmp_path):
    file = exported(client, "bundle", turn(GRAPES, CLOSED), turn(BOTTLES)).json()
    assert file["name"].startswith("verbatim-conversation-20")
    assert str(sources) not in file["text"]
    path = tmp_path / "bundle.json"
    path.write_text(file["text"])
    found = verify(path, sources)
    assert (found.is_well, found.answers, len(found.verdicts)) == (True, 2, 3)
    bundle = json.loads(file["text"])
    assert bundle["index"]["documents"] == 2
    assert '"all-MiniLM-L6-v2"' in bundle["models"]["embedding_model"]
    (sources / "wine.md").write_text(WINE.replace("October", "November"))
    assert [v.state for v in verify(path, sources).verdicts] == ["changed", "exact", "moved"]


@pytest.mark.parametrize("form", ["markdown", "html", "bundle"])
def test_what_is_no_longer_verbatim_is_not_exported(client, turn, desk, sources, form):
    wine, both = turn(GRAPES), turn(GRAPES, CLOSED)
    (sources / "wine.md").write_text(WINE.replace("October", "November"))
    build([sources], sources.parent / "index")
    with Assistant.open(sources.parent / "index") as later:
        client = client_of(later, None)
        file = exported(client, form, both, wine).json()
        assert file["left_out"] == 2
        assert "picked in October" not in file["text"]
        assert CLOSED in file["text"]
        assert "Wine of Kakheti has changed since" in file["text"]
        if form == "bundle":
            response = exported(client, form, wine)
            assert (response.status_code, response.json()["error"]) == (409, GONE)


@pytest.mark.parametrize("part", ["text", "prefix", "start"])
def test_a_quote_that_was_tampered_with_is_not_exported(client, turn, part):
    wine = turn(GRAPES, CLOSED)
    quote = wine["answer"]["citations"][0]["quote"]
    quote |= {"text": quote["text"].replace("October", "Januar_")} if part == "text" else {}
    quote |= {"prefix": "It is untrue: "} if part == "prefix" else {}
    quote |= {"start": quote["start"] + 1, "end": quote["end"] + 1} if part == "start" else {}
    file = exported(client, "markdown", wine).json()
    assert file["left_out"] == 1
    assert "Januar" not in file["text"]
    assert "untrue" not in file["text"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"form": "pdf", "turns": [{}]},
        {"form": ["html"], "turns": [{}]},
        {"form": "html", "turns": []},
        {"form": "html", "turns": {}},
        {"form": "html", "turns": [None]},
        {"form": "html", "turns": [{"format": 2, "answer": {}}]},
        {"form": "html", "turns": [{"format": 1, "answer": {"question": "?"}}]},
        {"form": "html", "turns": [{}] * 201},
    ],
)
def test_what_is_no_conversation_is_refused(client, body):
    response = client.post("/app/keep/export", json=body)
    assert response.status_code == 400
    assert response.json()["error"].startswith("Expected")


def test_only_the_page_may_ask(desk, tmp_path, turn):
    client = client_of(desk, tmp_path / "data")
    client.headers.pop("X-Verbatim")
    body = {"form": "html", "turns": [turn(GRAPES)], "verdict": "up", "turn": turn(GRAPES)}
    assert client.post("/app/keep/export", json=body).status_code == 403
    assert client.post(f"/app/keep/feedback/{ID}", json=body).status_code == 403
    assert client.delete(f"/app/keep/feedback/{ID}").status_code == 403
    assert not (tmp_path / "data").exists()


def test_a_body_has_its_bounds(client):
    response = client.post("/app/keep/export", content=b"{" + b" " * 1_000_001)
    assert response.status_code == 413


def give(client, turn, verdict="up", comment="", number=ID, user=None):
    headers = {"X-User": user} if user else {}
    body = {"verdict": verdict, "comment": comment, "turn": turn}
    return client.post(f"/app/keep/feedback/{number}", json=body, headers=headers)


def test_feedback_is_given_changed_and_withdrawn(client, turn, tmp_path):
    assert client.get("/app/keep").json() == {"feedback": True, "longest_comment": 2_000}
    wine, kept = turn(GRAPES), FeedbackFile(tmp_path / "data")
    assert give(client, wine).status_code == 200
    assert give(client, wine, "down", "Too short.").status_code == 200
    (only,) = kept.all()
    assert (only.verdict, only.comment, only.user) == ("down", "Too short.", None)
    assert only.answer["citations"][0]["quote"]["text"] == GRAPES
    assert client.get(f"/app/keep/feedback/{ID}").json() == {
        "verdict": "down",
        "comment": "Too short.",
    }
    assert client.delete(f"/app/keep/feedback/{ID}").status_code == 200
    assert kept.all() == []
    assert client.get(f"/app/keep/feedback/{ID}").status_code == 404


def test_users_reach_their_own_feedback_only(client, turn, tmp_path):
    wine = turn(GRAPES)
    assert give(client, wine, comment="Mine.", user="anna").status_code == 200
    for user in ({"X-User": "boris"}, {}):
        assert client.get(f"/app/keep/feedback/{ID}", headers=user).status_code == 404
        client.delete(f"/app/keep/feedback/{ID}", headers=user)
    assert give(client, wine, user="boris").status_code == 404
    assert give(client, wine, number=OTHER, user="boris").status_code == 200
    kept = FeedbackFile(tmp_path / "data").all()
    assert {(each.user, each.comment) for each in kept} == {("anna", "Mine."), ("boris", "")}


def test_only_what_was_answered_is_kept(client, turn, tmp_path):
    wine = turn(GRAPES)
    wine["answer"]["citations"][0]["quote"]["prefix"] = "It is untrue: "
    response = give(client, wine)
    assert (response.status_code, response.json()["error"]) == (409, GONE)
    assert not (tmp_path / "data" / FILE).exists()


@pytest.mark.parametrize(
    ("number", "verdict", "comment"),
    [
        ("x", "up", ""),
        (ID.upper(), "up", ""),
        (ID, "sideways", ""),
        (ID, None, ""),
        (ID, ["up"], ""),
        (ID, "up", None),
        (ID, "up", "x" * 2_001),
    ],
)
def test_other_feedback_is_refused(client, turn, tmp_path, number, verdict, comment):
    response = give(client, turn(GRAPES), verdict, comment, number)
    assert response.status_code == 400
    assert not (tmp_path / "data" / FILE).exists()


def test_where_nothing_is_kept_no_feedback_is_taken(desk, turn):
    client = client_of(desk, None)
    assert client.get("/app/keep").json()["feedback"] is False
    assert give(client, turn(GRAPES)).status_code == 404
    assert client.delete(f"/app/keep/feedback/{ID}").status_code == 404


def test_so_many_an_hour(desk, turn, tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "FEEDBACK_PER_HOUR", 3)
    monkeypatch.setattr(keeping, "EXPORTS_PER_MINUTE", 2)
    client, wine = client_of(desk, tmp_path / "data"), turn(GRAPES)
    given = [give(client, wine, number=f"{number:032x}").status_code for number in range(5)]
    assert given == [200, 200, 200, 429, 429]
    assert give(client, wine, user="anna").status_code == 200
    statuses = [exported(client, "html", wine).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_feedback_on_an_abstention(client, tmp_path):
    answer = Answer("Who?", "Nothing.", "abstained", "Nothing says so.")
    data = saved(Turn("t1", "Who?", "done", answer=replace(answer, searched="Who is it?")))
    assert give(client, json.loads(json.dumps(data)), "down").status_code == 200
    (only,) = FeedbackFile(tmp_path / "data").all()
    assert (only.answer["status"], only.documents) == ("abstained", ())
