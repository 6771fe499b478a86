"""A real small model, over HTTP: it answers badly, and nothing it says is shown ungrounded."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from assistant import Assistant
from assistant.model_types import ModelOptions
from assistant.models import ChatModel
from assistant.types import Answer, Retrieved, Stated, Token, Withdrawn
from index.canonical import canonical_text

CASES = Path(__file__).parents[2] / "eval/datasets/briefs/cases.jsonl"
GYUMRI = "How many Russian soldiers are stationed at Gyumri?"
KARABAKH = "How many peacekeepers did Russia keep in Karabakh in 2023?"
LONG = "Tell a very long story about a ferry, its captain and all of its passengers."

pytestmark = [pytest.mark.model, pytest.mark.slow]


def options(base_url, **others):
    # Short prompts and replies: the time goes into reading and writing tokens.
    limits = {"context_tokens": 1024, "max_output_tokens": 96, "timeout": 120.0}
    return ModelOptions(base_url=base_url, **{**limits, **others})


@pytest.fixture(scope="session")
def chat_model(real_model):
    return ChatModel.open("openai:smollm2", options(real_model))


@pytest.fixture(scope="session")
def real_desk(index, real_model):
    with Assistant.open(index, "openai:smollm2", options=options(real_model)) as desk:
        yield desk


def questions(category):
    cases = map(json.loads, CASES.read_text(encoding="utf-8").splitlines())
    return [case["question"] for case in cases if case["category"] == category]


def assert_grounded(answer):
    """Every quote is a slice of its source, and what is shown of the model passed all checks."""
    assert (answer.status == "answered") == bool(answer.statements)
    for citation in answer.citations:
        quote = citation.quote
        assert canonical_text(citation.document.source)[quote.start : quote.end] == quote.text
    drafts = answer.details.drafts if answer.details else ()  # declined before the model was asked
    shown = [draft for draft in drafts if draft.outcome in ("shown", "repaired")]
    assert all(draft.checks for draft in shown)
    assert [check for draft in shown for check in draft.checks if not check.passed] == []


def generating(base_url):
    """Whether the server is at work on a reply."""
    slots = httpx2.get(base_url.removesuffix("v1") + "slots").json()
    return any(slot["is_processing"] for slot in slots)


def assert_idle_soon(base_url):
    end = time.monotonic() + 20
    while generating(base_url):
        assert time.monotonic() < end, "the server went on although nobody listens"
        time.sleep(0.05)


def test_replies_in_pieces_with_the_usage_last(chat_model):
    chunks = list(chat_model.stream([("user", "Say hello.")]))
    assert "".join(chunk.text for chunk in chunks).strip()
    assert len([chunk for chunk in chunks if chunk.text]) > 2
    assert chunks[-1].usage.output_tokens > 2


@pytest.mark.parametrize(
    "category",
    [
        "fact",
        pytest.param("conflict", marks=pytest.mark.slow),
        pytest.param("unanswerable", marks=pytest.mark.slow),
    ],
)
def test_shows_only_what_passed_every_check(real_desk, category):
    answer = real_desk.answer(questions(category)[0])
    assert_grounded(answer)
    assert answer.details is None or answer.details.model == "openai:smollm2"


@pytest.mark.slow
@pytest.mark.parametrize("structured", ["on", "off"])
def test_shows_only_what_passed_in_either_form(index, real_model, structured):
    chosen = options(real_model, structured=structured)
    with Assistant.open(index, "openai:smollm2", options=chosen) as desk:
        answer = desk.answer(KARABAKH)
    assert_grounded(answer)
    assert answer.details.calls >= 1
    # A reply that breaks off, as on a busy machine, tells no usage, and is not used.
    assert answer.usage.get("output_tokens", 0) > 0 or answer.details.fallback


def test_the_stream_ends_in_the_answer(real_desk):
    first, *middle, last = real_desk.stream(GYUMRI)
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answer)
    assert {type(event) for event in middle} <= {Token, Stated, Withdrawn}
    assert tuple(e.statement for e in middle if isinstance(e, Stated)) == last.statements
    assert_grounded(last)


@pytest.mark.slow
def test_follows_up(real_desk):
    history = [(GYUMRI, "3,000, says Cutler.")]
    answer = real_desk.answer("Who says so?", history=history)
    assert answer.details.condensed_by in ("model", "rules")
    assert_grounded(answer)


@pytest.mark.slow
async def test_answers_side_by_side(real_desk):
    answers = await asyncio.gather(real_desk.aanswer(GYUMRI), real_desk.aanswer(KARABAKH))
    assert [answer.question for answer in answers] == [GYUMRI, KARABAKH]
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(real_desk.answer, [GYUMRI, KARABAKH]))
    for answer in [*answers, *again]:
        assert_grounded(answer)


def test_stop_stops_the_model(real_model):
    model = ChatModel.open("openai:smollm2", options(real_model, max_output_tokens=900))
    stream = model.stream([("user", LONG)])
    assert next(stream).text
    assert generating(real_model)
    stream.close()
    assert_idle_soon(real_model)


async def test_stop_stops_the_model_of_async_use(real_model):
    model = ChatModel.open("openai:smollm2", options(real_model, max_output_tokens=900))
    stream = model.astream([("user", LONG)])
    assert (await anext(stream)).text
    assert generating(real_model)
    await stream.aclose()
    # In a thread: the event loop is needed to close what the stream held open.
    await asyncio.to_thread(assert_idle_soon, real_model)


@pytest.mark.slow
def test_stop_of_an_answer_stops_the_model(real_desk, real_model):
    stream = real_desk.stream(GYUMRI)
    assert any(isinstance(event, Token) for event in stream)
    stream.close()
    assert_idle_soon(real_model)
