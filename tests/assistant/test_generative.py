"""The generative reader against a server over HTTP that says what these tests need said."""

import asyncio
import json
import re
import threading
from contextlib import ExitStack

import pytest
from assistant_texts import FERRY, UNKNOWN
from langchain_core.callbacks import BaseCallbackHandler
from model_servers import TOO_LONG, CutOff, Empty, Hangs, Says, Status, Turn

from assistant import Assistant
from assistant.errors import ModelCutOffError, ModelUnavailableError
from assistant.model_types import ModelOptions
from assistant.types import Answer, Retrieved, Stated, Token, Withdrawn
from index import Index, build
from index.canonical import canonical_text
from index.segmentation import count_tokens

NUMBERED = re.compile(r"^\[(\d+\.\d+)\] (.*)$", re.M)
CARS = "The ferry to Alsen carries 240 cars on every crossing."
CAPTAIN = "Its captain, Jonas Lindqvist, has steered it for thirty years."


def prompt_of(body):
    return "\n".join(message["content"] for message in body["messages"])


def number_of(body, text):
    """The number under which a sentence was shown to the model."""
    return next(n for n, shown in NUMBERED.findall(prompt_of(body)) if text in shown)


def writes(*lines):
    """A model that writes lines; `{CARS}` becomes the number of that sentence."""

    def reply(body):
        text = "\n".join(lines)
        for name, sentence in (("{CARS}", CARS), ("{CAPTAIN}", CAPTAIN)):
            if name in text:
                text = text.replace(name, f"[{number_of(body, sentence)}]")
        return Says(text)

    return reply


@pytest.fixture
def asked(index, scripted_server):
    """Opens a desk whose model follows a script."""

    def asked(*script, **options):
        left = list(script)

        def next_turn(body):
            turn = left.pop(0) if len(left) > 1 else left[0]  # the last one for all others
            return turn if isinstance(turn, Turn) else turn(body)

        server = scripted_server(next_turn)
        options = {"base_url": server.base_url, "retries": 0, **options}
        desk = Assistant.open(index, "openai:scripted", options=ModelOptions(**options))
        return desk, server

    return asked


@pytest.fixture
def ask_with_model(tmp_path, embedder, scripted_server):
    """Indexes texts of one's own, and has a model answer that repeats one of their sentences."""
    with ExitStack() as opened:

        def ask(texts, question, sentence):
            for name, text in texts.items():
                (tmp_path / name).write_text(text, encoding="utf-8")
            build([tmp_path], tmp_path / "index", embedding_model=embedder)
            server = scripted_server(lambda body: Says(f"{sentence} [{number_of(body, sentence)}]"))
            index = opened.enter_context(Index.open(tmp_path / "index", embedder))
            options = ModelOptions(base_url=server.base_url, retries=0)
            return Assistant.open(index, "openai:scripted", options=options).answer(
                question
            ), server

        yield ask


def assert_grounded(answer):
    for citation in answer.citations:
        quote = citation.quote
        assert canonical_text(citation.document.source)[quote.start : quote.end] == quote.text
    shown = [draft for draft in answer.details.drafts if draft.outcome in ("shown", "repaired")]
    assert all(check.passed for draft in shown for check in draft.checks)


def test_what_the_model_points_at_is_quoted(asked):
    desk, server = asked(writes("The ferry to Alsen carries 240 cars. {CARS}"))
    answer = desk.answer(FERRY)
    assert answer.status == "answered"
    assert answer.model == "openai:scripted"
    assert answer.text == ("The ferry to Alsen carries 240 cars. (Anna Example, May 4, 2021) [1]")
    assert answer.citations[0].quote.text == CARS
    assert answer.dropped == 0
    assert answer.notes == ()
    assert answer.usage["calls"] == len(server.requests) == 1
    assert answer.usage["input_tokens"] > 100
    assert_grounded(answer)


def test_the_question_and_the_evidence_are_set_apart(asked):
    desk, server = asked(writes("The ferry to Alsen carries 240 cars. {CARS}"))
    desk.answer(FERRY)
    prompt = server.request.prompt
    mark = re.search(r"^(.+)\nFrom “", prompt, re.M)[1]
    assert re.findall(rf"^{re.escape(mark)}$", prompt, re.M) == [mark] * 2
    assert prompt.rindex(FERRY) > prompt.rindex(mark)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("The ferry to Alsen carries 340 cars. {CARS}", "340"),
        ("The ferry to Alsen does not carry 240 cars. {CARS}", "den"),
        ("The ferry to Alsen carries 240 cars to Ostend. {CARS}", "Ostend"),
        ("Lindqvist said: “We will never again carry any cars on this old ferry”. {CAPTAIN}", "“"),
        ("The moon colony of the emperor is made of cheese. {CARS}", ""),
    ],
)
def test_what_the_quotes_do_not_bear_out_is_never_shown(asked, line, reason):
    desk, server = asked(writes(line), writes(line))
    events = list(desk.stream(FERRY))
    *_, answer = events
    assert answer.model == "extractive"
    assert "340" not in answer.text
    assert "Ostend" not in answer.text
    assert answer.details.fallback
    assert answer.details.dropped >= 1
    assert reason in " ".join(draft.reason for draft in answer.details.drafts)
    assert any("made by quoting alone" in note for note in answer.notes)
    assert [event for event in events if isinstance(event, Withdrawn)]
    assert len(server.requests) == 2  # the second one asks to repair
    assert_grounded(answer)


def test_a_repair_is_taken(asked):
    desk, server = asked(
        writes("The ferry to Alsen carries 340 cars. {CARS}"),
        writes("The ferry to Alsen carries 240 cars. {CARS}"),
    )
    answer = desk.answer(FERRY)
    assert "carries 240 cars" in answer.text
    assert [draft.outcome for draft in answer.details.drafts] == ["replaced", "repaired"]
    assert answer.dropped == 0
    assert answer.notes == ()
    assert "340" in server.requests[1].prompt
    assert_grounded(answer)


def test_a_wrong_number_is_set_right_by_the_sentence_that_bears_it_out(asked):
    desk, server = asked(writes("The ferry to Alsen carries 240 cars. [99.7]"))
    answer = desk.answer(FERRY)
    assert answer.citations[0].quote.text == CARS
    assert answer.details.repaired == 1
    assert len(server.requests) == 1
    assert_grounded(answer)


def test_a_name_is_borne_out_by_a_wider_quote(asked):
    desk, _ = asked(
        writes("Jonas Lindqvist has steered the ferry to Alsen for 30 years. {CAPTAIN}")
    )
    answer = desk.answer("Who steers the ferry to Alsen?")
    assert " ".join(answer.citations[0].quote.text.split()) == f"{CARS} {CAPTAIN}"
    assert_grounded(answer)


def test_the_model_may_decline(asked):
    desk, server = asked(Says("NO ANSWER"))
    answer = desk.answer(FERRY)
    assert answer.status == "abstained"
    assert answer.details.declined
    assert "openai:scripted" in answer.reason
    assert answer.nearest
    assert len(server.requests) == 1


def test_no_call_is_spent_on_weak_evidence(asked):
    desk, server = asked(Says("NO ANSWER"))
    answer = desk.answer(UNKNOWN)
    assert answer.status == "abstained"
    assert server.requests == []
    assert answer.details is None


def test_a_model_that_writes_nothing_is_replaced(asked):
    desk, _ = asked(Empty(), Empty())
    answer = desk.answer(FERRY)
    assert answer.model == "extractive"
    assert answer.details.fallback == "wrote nothing"


def test_a_failure_is_no_abstention(asked):
    desk, _ = asked(Status(500), Status(500))
    with pytest.raises(ModelUnavailableError):
        desk.answer(FERRY)


def test_what_was_verified_before_the_line_broke_stays(asked):
    def breaks(body):
        whole = f"The ferry to Alsen carries 240 cars. [{number_of(body, CARS)}]\nIts captain is"
        return CutOff(whole, after=len(whole) - 3)

    desk, _ = asked(breaks)
    answer = desk.answer(FERRY)
    assert [statement.citations for statement in answer.statements] == [(1,)]
    assert answer.details.is_cut_off
    assert any("broke off" in note for note in answer.notes)


def test_a_line_that_breaks_at_once_twice_is_a_failure(asked):
    desk, server = asked(CutOff("The ferry", after=5), CutOff("The ferry", after=5))
    with pytest.raises(ModelCutOffError):
        desk.answer(FERRY)
    assert len(server.requests) == 2


def test_too_long_a_prompt_is_shortened(asked):
    desk, server = asked(TOO_LONG, writes("The ferry to Alsen carries 240 cars. {CARS}"))
    assert desk.answer(FERRY).model == "openai:scripted"
    longer, shorter = (request.prompt for request in server.requests)
    assert len(shorter) < len(longer)


def test_a_small_context_is_respected(asked):
    desk, server = asked(Says("NO ANSWER"), context_tokens=1024, max_output_tokens=256)
    desk.answer(FERRY)
    assert count_tokens(server.request.prompt) < 1024 - 256


def test_tokens_come_before_their_statement(asked):
    desk, _ = asked(
        writes("The ferry to Alsen carries 240 cars. {CARS}", "It sank in 1950. {CARS}"), Empty()
    )
    events = list(desk.stream(FERRY))
    kinds = [type(event) for event in events]
    assert kinds[0] is Retrieved
    assert kinds[-1] is Answer
    first = kinds.index(Stated)
    assert (
        "".join(event.text for event in events[1:first]) == "The ferry to Alsen carries 240 cars."
    )
    withdrawn = next(event for event in events if isinstance(event, Withdrawn))
    assert withdrawn.text.strip() == "It sank in 1950."
    assert "1950" in withdrawn.reason
    assert all(isinstance(event, Token) for event in events[first + 1 : kinds.index(Withdrawn)])


async def test_the_async_twin_does_the_same(asked):
    line = writes("The ferry to Alsen carries 240 cars. {CARS}")
    desk, _ = asked(line, line)
    answer = await desk.aanswer(FERRY)
    assert answer == desk.answer(FERRY)


async def test_many_at_once_keep_apart(asked):
    def reply(body):
        if "Who steers" in prompt_of(body):
            return writes("Jonas Lindqvist has steered it for thirty years. {CAPTAIN}")(body)
        return writes("The ferry to Alsen carries 240 cars. {CARS}")(body)

    desk, _ = asked(reply)
    questions = [FERRY, "Who steers the ferry to Alsen?"] * 4
    answers = await asyncio.gather(*map(desk.aanswer, questions))
    for question, answer in zip(questions, answers, strict=True):
        assert ("thirty" in answer.text) == question.startswith("Who")
        assert answer.usage["calls"] == 1


def test_closing_the_stream_stops_the_model(asked):
    desk, server = asked(Says("The ferry " * 400, delay=0.05))
    events = desk.stream(FERRY)
    for event in events:
        if isinstance(event, Token):
            break
    events.close()
    assert server.request.wait(3)
    assert server.request.left
    assert server.request.events < 100


async def test_cancelling_stops_a_model_that_does_not_answer(asked):
    desk, server = asked(Hangs())
    task = asyncio.create_task(desk.aanswer(FERRY))
    while not server.requests:
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.request.wait, 3)
    assert server.request.left


def test_a_follow_up_is_condensed_by_the_model(asked):
    history = [("How many cars does the ferry to Alsen carry?", "It carries 240 cars. [1]")]
    desk, server = asked(
        Says("Who is the captain of the ferry to Alsen?"),
        writes("Its captain is Jonas Lindqvist. {CAPTAIN}"),
    )
    answer = desk.answer("Who is its captain?", history)
    assert answer.searched == "Who is the captain of the ferry to Alsen?"
    assert answer.details.condensed_by == "model"
    assert answer.usage["calls"] == len(server.requests) == 2


def test_condensing_counts_as_the_time_and_the_calls_of_the_model(asked, tmp_path):
    history = [("How many cars does the ferry to Alsen carry?", "It carries 240 cars. [1]")]
    desk, _ = asked(
        Says("Who is the captain of the ferry to Alsen?", first_delay=0.4),
        writes("Its captain is Jonas Lindqvist. {CAPTAIN}"),
        cache=tmp_path / "replies.sqlite",
    )
    timings = desk.answer("Who is its captain?", history).timings
    assert timings["model_first_token"] >= 0.4
    assert timings["model"] >= timings["model_first_token"]
    assert desk.answer("Who is its captain?", history).usage["cached_calls"] == 2


def test_what_is_held_back_is_told(asked):
    slow = Says("The evidence states that the ferry carries 240 cars. [1.1]", chunk=4, delay=0.05)
    timings = asked(slow)[0].answer(FERRY).timings
    assert timings["model_first_shown"] - timings["model_first_token"] >= 0.2
    assert timings["first_token"] >= timings["model_first_shown"]


def test_a_condensed_question_that_asks_something_else_is_not_taken(asked):
    history = [("How many cars does the ferry to Alsen carry?", "It carries 240 cars. [1]")]
    desk, _ = asked(Says("Who owns the harbor of Ostend?"), Says("NO ANSWER"))
    answer = desk.answer("Who is its captain?", history)
    assert "Ostend" not in answer.searched
    assert answer.details.condensed_by == "rules"


def test_threads_share_a_desk(asked):
    desk, _ = asked(writes("The ferry to Alsen carries 240 cars. {CARS}"))
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(desk.answer(FERRY))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(lambda answer: answer.text, answers))) == 1


def test_a_model_that_takes_a_schema_is_given_one(asked):
    def reply(body):
        ids = [number_of(body, CARS)]
        statement = {"text": "The ferry to Alsen carries 240 cars.", "ids": ids}
        return Says(json.dumps({"statements": [statement]}))

    desk, server = asked(reply, structured="on")
    events = list(desk.stream(FERRY))
    assert events[-1].model == "openai:scripted"
    assert events[-1].citations[0].quote.text == CARS
    assert server.request.body["response_format"]["type"] == "json_schema"
    assert any(isinstance(event, Token) for event in events)


def test_an_empty_list_declines(asked):
    desk, _ = asked(Says('{"statements": []}'), structured="on")
    assert desk.answer(FERRY).details.declined


def test_callbacks_see_the_model(asked):
    class Seen(BaseCallbackHandler):
        def __init__(self):
            self.starts, self.ends = 0, 0

        def on_chat_model_start(self, *arguments, **options):
            self.starts += 1

        def on_llm_end(self, *arguments, **options):
            self.ends += 1

    desk, _ = asked(writes("The ferry to Alsen carries 240 cars. {CARS}"))
    seen = Seen()
    desk.as_runnable().invoke(FERRY, {"callbacks": [seen]})
    assert (seen.starts, seen.ends) == (1, 1)


def test_an_identical_call_is_kept_where_that_is_asked_for(asked, tmp_path):
    line = "The ferry to Alsen carries 240 cars. {CARS}"
    desk, server = asked(writes(line), cache=tmp_path / "replies.sqlite")
    first, second = desk.answer(FERRY), desk.answer(FERRY)
    assert len(server.requests) == 1
    assert second.text == first.text
    assert second.usage["cached_calls"] == 1


def test_both_sides_are_shown_where_the_model_gives_one(ask_with_model):
    answer, _ = ask_with_model(
        {
            "one.md": "---\ntitle: One\nauthors: [Anna One]\npublished: 2020\n---\n"
            "The bridge at Tamm is 300 meters long.\n",
            "two.md": "---\ntitle: Two\nauthors: [Berta Two]\npublished: 2022\n---\n"
            "The bridge at Tamm is 420 meters long.\n",
        },
        "How long is the bridge at Tamm?",
        "The bridge at Tamm is 300 meters long.",
    )
    assert answer.model == "openai:scripted"
    assert {citation.document.title for citation in answer.citations} == {"One", "Two"}
    assert answer.text.startswith("Figures side by side")
    assert_grounded(answer)


def test_example_questions_cost_no_call(asked):
    desk, server = asked(Says("NO ANSWER"))
    assert desk.example_questions()
    assert server.requests == []
