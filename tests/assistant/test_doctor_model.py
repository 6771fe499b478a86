"""`assistant doctor --model`: what it finds of chat models that work, and of those that do not."""

import pytest
from model_servers import CutOff, Garbage, Hangs, Says, Status

from assistant.cli import main
from assistant.model_doctor import diagnose_model
from assistant.model_types import ModelOptions

LINE = "The ferry of Norvik was built in 1954. [1.1]"
JSON = '{"statements": [{"text": "The ferry was built in 1954.", "ids": ["1.1"]}]}'
KEY = "sk-verysecret-0123456789"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def found(scripted_server):
    """What is found of a server with this script, by name."""

    def found(*script, **options):
        server = scripted_server(*script)
        options = ModelOptions(base_url=server.base_url, **options)
        return {each.name: each for each in diagnose_model(f"openai:{server.model}", options)}

    return found


def test_a_model_that_works(found, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    findings = found(Says(LINE, first_delay=0.1, cost=0.002), Says(JSON))
    assert all(finding.is_well for finding in findings.values())
    assert findings["model package"].detail.startswith("langchain-openai 1.")
    assert findings["model key"].detail == "OPENAI_API_KEY is set"
    assert findings["model"].detail.startswith("openai:scripted replies at http://127.0.0.1:")
    seconds = float(findings["model pace"].detail.split()[3])
    assert 0.1 <= seconds < 5
    assert findings["model pace"].detail.endswith(" tokens a second")
    assert findings["model streaming"].detail == "the reply came in 11 pieces"
    assert findings["model usage"].detail.endswith(" tokens in, 11 out, $0.002")
    assert findings["model protocol"].detail == "it answers from the evidence, and points at it"
    assert findings["model structured"].detail == "works; --structured on makes use of it"
    assert KEY not in str(findings)


def test_no_key_for_a_server_of_ones_own(found):
    detail = found(Says(LINE), Says(JSON))["model key"].detail
    assert detail == "none (OPENAI_API_KEY is not set), for a server without keys"


def test_where_the_context_is_known_from(found):
    assert found(Status(404))["model context"].detail.startswith("4,096 tokens, assumed; ")
    findings = found(Status(404), context_tokens=8192)
    assert findings["model context"].detail == "8,192 tokens, as --context-tokens says"


@pytest.mark.parametrize(
    "reply",
    [
        "Certainly! It is a ferry.",
        "It was built in 1954.",
        "It was built in 1945. [1.1]",
        "NO ANSWER",
    ],
)
def test_a_model_that_does_not_follow(found, reply):
    finding = found(Says(reply), Says(JSON))["model protocol"]
    assert not finding.is_well
    assert finding.detail.startswith("expected a sentence with 1954 that ends in [1.1], found '")
    assert "answers are made by quoting" in finding.detail


def test_a_server_that_sends_all_at_once(found):
    findings = found(Says(LINE, chunk=1000), Says(JSON))
    assert not findings["model streaming"].is_well
    assert "in one piece" in findings["model streaming"].detail
    assert "then" not in findings["model pace"].detail


@pytest.mark.parametrize(
    ("structured", "turns", "is_well", "detail"),
    [
        ("off", [], True, "not wanted (--structured off)"),
        ("on", [Says(JSON)], True, "works"),
        ("on", [Says(LINE)], False, "expected JSON with statements, found "),
        ("auto", [Says(LINE)], True, "expected JSON with statements, found "),
        (
            "on",
            [Status(400, {"error": {"message": "no response_format"}}), Says(LINE)],
            False,
            "ta",
        ),
        ("on", [Status(401)], False, "fails: "),
        ("auto", [Status(401)], True, "fails: "),
    ],
)
def test_structured_replies(found, structured, turns, is_well, detail):
    finding = found(Says(LINE), *turns, structured=structured)["model structured"]
    assert finding.is_well == is_well
    assert detail in finding.detail


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        (Status(401), "access was refused"),
        (Status(404), "it was not found"),
        (Status(500), "its server failed"),
        (Garbage(), "no reply of a chat model"),
        (CutOff(LINE, 10), "broke off"),
        (Hangs(), "--model-timeout"),
        (Says(""), "replied without text"),
    ],
)
def test_a_model_that_fails_ends_the_checks(found, turn, message):
    findings = found(turn, timeout=0.5 if isinstance(turn, Hangs) else 30.0)
    assert list(findings) == ["model package", "model key", "model context", "model"]
    assert not findings["model"].is_well
    assert message in findings["model"].detail


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("openai:gpt-4o-mini", "OPENAI_API_KEY"),
        ("nosuch:model", "nosuch"),
        ("openai:", "Expected the name of a chat model"),
    ],
)
def test_a_model_that_cannot_be_made(name, message):
    *_, last = diagnose_model(name, ModelOptions())
    assert (last.name, last.is_well) == ("model", False)
    assert message in last.detail


def test_prompts_of_ones_own_are_used(scripted_server, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["prompts", "answer", "--copy", "own"]) == 0
    prompt = tmp_path / "own" / "answer.md"
    prompt.write_text(prompt.read_text() + "\nBe brief as a telegram.\n")
    server = scripted_server(Says(LINE))
    options = ["--model", f"openai:{server.model}", "--base-url", server.base_url]
    options += ["--structured", "off", "--prompts", "own"]
    assert main(["doctor", *options]) == 0
    out = capsys.readouterr().out
    assert "ok   model protocol: it answers" in out
    assert "Be brief as a telegram." in server.request.prompt
    assert "[1.1] The ferry of Norvik was built in 1954." in server.request.prompt
    prompt.write_text("broken")
    assert main(["doctor", *options]) == 1
    assert "FAIL model: own/answer.md must begin with front matter" in capsys.readouterr().out
