"""One chain behind all ways to ask."""

import inspect
from concurrent.futures import ThreadPoolExecutor

import pytest
from assistant_texts import ARMS, FERRY, QUESTIONS, UNKNOWN
from langchain_core.runnables import Runnable, RunnableLambda

import assistant
from assistant import (
    Answer,
    Assistant,
    Filter,
    ModelUnavailableError,
    QuestionError,
    Retrieved,
    Stated,
    Token,
)

HISTORY = [("Who wrote about the harbor of Alsen?", "Anna Example")]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_way_to_ask_gives_the_same(desk, index_dir, question):
    expected = desk.answer(question)
    events = list(desk.stream(question))
    async_events = [event async for event in desk.astream(question)]
    chain = desk.as_runnable()
    assert await desk.aanswer(question) == expected
    assert events[-1] == async_events[-1] == expected
    assert events == async_events
    assert desk.batch([question, question]) == [expected, expected]
    assert chain.invoke(question) == chain.invoke({"question": question}) == expected
    assert await chain.ainvoke(question) == expected
    assert list(chain.stream(question)) == events
    assert chain.batch([question, ARMS]) == [expected, desk.answer(ARMS)]


@pytest.mark.parametrize(
    ("sync", "twin"),
    [(Assistant.answer, Assistant.aanswer), (Assistant.stream, Assistant.astream)],
)
def test_the_async_twins_take_the_same(sync, twin):
    assert inspect.signature(sync).parameters == inspect.signature(twin).parameters


@pytest.mark.parametrize("name", ["answer", "stream"])
def test_the_functions_take_what_the_methods_take(name):
    method = inspect.signature(getattr(Assistant, name)).parameters
    function = inspect.signature(getattr(assistant, name)).parameters
    assert [function[key] for key in method if key != "self"] == [
        method[key] for key in method if key != "self"
    ]
    assert list(function)[:3] == ["question", "index", "model"]


def test_the_functions_open_an_index(index_dir):
    result = assistant.answer(FERRY, index=index_dir, where=Filter(authors=("Example",)))
    assert "240 cars" in result.text
    *_, last = assistant.stream(FERRY, index=index_dir, where=Filter(authors=("Example",)))
    assert last == result


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_stream_tells_the_answer_in_order(desk, question):
    first, *events, last = desk.stream(question)
    assert isinstance(first, Retrieved)
    assert first.question == question
    assert [hit.rank for hit in first.hits] == list(range(1, len(first.hits) + 1))
    assert isinstance(last, Answer)
    assert "".join(event.text for event in events if isinstance(event, Token)) == last.text
    stated = [event for event in events if isinstance(event, Stated)]
    assert tuple(event.statement for event in stated) == last.statements
    assert tuple(c for event in stated for c in event.citations) == last.citations
    assert last.timings["total"] == pytest.approx(
        sum(seconds for name, seconds in last.timings.items() if name != "total")
    )


def test_the_time_a_reader_takes_is_not_counted(desk, monkeypatch):
    clock = iter(range(0, 10_000, 1))
    events = desk.stream(FERRY)
    next(events)
    monkeypatch.setattr("assistant.chain.time.perf_counter", lambda: next(clock))
    *_, last = events
    assert last.timings["read"] == 1


def test_the_chain_is_a_langchain_citizen(desk):
    chain = desk.as_runnable()
    assert isinstance(chain, Runnable)
    both = chain | RunnableLambda(lambda answer: answer.status)
    assert both.invoke(UNKNOWN) == "abstained"
    value = {"question": "How long has he steered it?", "history": HISTORY, "where": Filter()}
    assert chain.invoke(value) == desk.answer(value["question"], HISTORY)
    assert [list(pair) for pair in HISTORY] != HISTORY
    pairs = {**value, "history": [list(pair) for pair in HISTORY]}
    assert chain.invoke(pairs) == chain.invoke(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        ["a question"],
        {},
        {"text": "Who?"},
        {"question": None},
        {"question": "Who?", "history": "earlier"},
        {"question": "Who?", "history": ["ab"]},
        {"question": "Who?", "history": [("a", "b", "c")]},
        {"question": "Who?", "history": [("a", 1)]},
        {"question": "Who?", "where": {"authors": ["Ann"]}},
        {"question": "Who?", "where": "author=Ann"},
    ],
)
def test_something_else_than_a_question_is_refused(desk, value):
    with pytest.raises(QuestionError, match=r"Expected .* and got .*\. \w"):
        desk.as_runnable().invoke(value)


@pytest.mark.parametrize(
    "question", ["", "  \n", "?!", "a" * 4_001, "a" * 100_000, "Who\udcff?", "Who\0?"]
)
async def test_a_question_that_is_none_is_refused(desk, question):
    for ask in (desk.answer, desk.search, desk.as_runnable().invoke):
        with pytest.raises(QuestionError, match="Expected a question"):
            ask(question)
    with pytest.raises(QuestionError):
        next(desk.stream(question))
    with pytest.raises(QuestionError):
        await desk.aanswer(question)
    with pytest.raises(QuestionError):
        await anext(desk.astream(question))


def test_the_longest_question_is_answered(desk):
    question = f"{FERRY} {'and the ferry ' * 300}"[:4_000].strip()
    assert desk.answer(question).question == question


def test_threads_get_the_same_answers(desk):
    questions = [*QUESTIONS] * 5
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(desk.answer, questions))
    assert answers == [desk.answer(question) for question in QUESTIONS] * 5


def test_stopping_a_stream_is_clean(desk):
    for taken in range(1, 4):
        events = desk.stream(FERRY)
        for _ in range(taken):
            next(events)
        events.close()
        assert list(events) == []
    assert desk.answer(FERRY).status == "answered"


def test_stopping_a_stream_closes_the_index(index_dir):
    events = assistant.stream(FERRY, index=index_dir)
    assert isinstance(next(events), Retrieved)
    events.close()


async def test_stopping_an_async_stream_is_clean(desk):
    for taken in range(1, 4):
        events = desk.astream(FERRY)
        for _ in range(taken):
            await anext(events)
        await events.aclose()
        assert [event async for event in events] == []
    assert (await desk.aanswer(FERRY)).status == "answered"


def test_a_chat_model_nobody_knows_is_refused_with_a_remedy(index_dir):
    with pytest.raises(ModelUnavailableError, match="nosuch"):
        Assistant.open(index_dir, model="nosuch:model")


def test_an_open_index_stays_its_owners(index):
    with Assistant.open(index) as desk:
        desk.search("harbor")
    assert index.search("harbor")


def test_example_questions_are_answered(desk):
    questions = desk.example_questions()
    assert len(questions) == len(set(questions)) == 4
    assert all(answer.status == "answered" for answer in desk.batch(questions))
    assert desk.example_questions(limit=1) == questions[:1]


def test_an_answer_says_what_was_searched_for_a_follow_up(desk):
    history = [("Which ferry has a captain?", "The ferry to Alsen.")]
    answer = desk.answer("How many cars does it carry?", history=history)
    assert answer.searched == "How many cars does the ferry to Alsen carry?"
    assert "240" in answer.text
    assert desk.answer("How many cars does the ferry to Alsen carry?").searched is None


def test_a_question_about_all_documents_stands_alone(desk):
    history = [("How many cars does the ferry to Alsen carry?", "240")]
    answer = desk.answer("Who are the authors?", history=history)
    assert answer.searched is None
    assert "Anna Example" in answer.text
