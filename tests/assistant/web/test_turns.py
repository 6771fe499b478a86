import asyncio
import logging
from contextlib import aclosing
from itertools import pairwise

import pytest
from web_texts import FIRST, MODEL, in_loop, run, written

from assistant.types import Answer, Retrieved, Token, Withdrawn
from assistant.web import turns
from assistant.web.turns import UNEXPECTED, Turn, follow, history_of


class Told:
    """A desk whose stream is these events, and after them a wait of so many seconds."""

    def __init__(self, *events, wait=0.0):
        self.events, self.wait, self.ended = events, wait, False

    async def astream(self, question, history=None, where=None):
        try:
            for event in self.events:
                yield event
            await asyncio.sleep(self.wait)
        finally:
            self.ended = True


def ask(desk, question, history=(), model=None):
    async def seen():
        return [turn async for turn in follow(desk, Turn("t1", question, model=model), history)]

    return run(seen())


@pytest.fixture
def desk(site):
    return type(site.desk)()


def test_a_turn_grows_to_its_answer(desk):
    seen = ask(desk, "Who supplied the arms?")
    assert seen[0].phase == "reading"
    assert seen[0].found == 1
    assert seen[-1].phase == "done"
    assert [citation.number for citation in seen[-1].citations] == [1, 2]
    assert len({len(turn.citations) for turn in seen}) == 3
    texts = [turn.text for turn in seen]
    assert all(later.startswith(text) for text, later in pairwise(texts))


def test_a_follow_up_shows_what_was_searched(desk):
    history = [("Before?", "Yes [1].")]
    assert ask(desk, "And then?", history)[-1].standalone == "Alone: And then?"
    assert ask(desk, "Alone?")[-1].standalone is None
    assert desk.histories == [history, []]


def test_an_error_is_shown_with_its_message(desk):
    assert "Start it" in ask(desk, "Is the model there?")[-1].error


def test_an_unexpected_error_is_logged_and_keeps_its_details(desk, caplog):
    with caplog.at_level(logging.ERROR):
        assert ask(desk, "a bug")[-1].error == UNEXPECTED
    assert "a secret detail" in caplog.text


def test_a_stream_without_an_answer_is_an_error():
    assert ask(Told(Token("half")), "Who?")[-1].phase == "failed"


def test_history_holds_what_ran_to_its_end():
    failed = Turn("t1", "What?").failed("This went wrong.")
    abstained = Turn("t2", "Why?").after(Answer("Why?", "No.", "abstained", reason="Nothing."))
    stopped = Turn("t3", "How?").after(Retrieved("How?", ())).stopped()
    assert history_of([failed, abstained, stopped]) == [("Why?", "No.")]


def test_stopping_what_has_ended_changes_nothing():
    done = Turn("t1", "Why?").after(Answer("Why?", "", "abstained", reason="Nothing."))
    assert done.stopped() is done
    assert Turn("t1", "Why?").stopped().phase == "stopped"


def test_what_a_model_writes_is_provisional_until_it_is_stated():
    turn = written(Token("It was "), Token("sold"))
    assert (turn.phase, turn.text, turn.provisional) == ("writing", "", "It was sold")
    turn = turn.after(FIRST)
    assert (turn.text, turn.provisional) == ("It was sold. [1]", "")


def test_what_is_withdrawn_never_was_part_of_the_text():
    withdrawn = Withdrawn("It flew.", "no quote says so")
    turn = written(Token("It was sold."), FIRST, Token("It flew."), withdrawn)
    assert turn.text == "It was sold. [1]"
    assert turn.pieces == (FIRST, withdrawn)
    answer = Answer("Why?", "No.", "abstained", reason="Nothing.")
    assert turn.after(answer).pieces == ()
    assert turn.after(answer).text == "No."


def test_stopping_keeps_what_was_checked_and_nothing_else():
    turn = written(Token("It was sold."), FIRST, Withdrawn("It flew.", "so"), Token("And"))
    stopped = turn.stopped()
    assert (stopped.pieces, stopped.provisional) == ((FIRST,), "")
    quoted = Turn("t1", "Why?").after(Token("Anna Exa")).stopped()
    assert quoted.text == "Anna Exa"


def test_an_error_takes_back_what_was_shown():
    failed = written(Token("It was sold."), FIRST, Token("And")).failed("Gone.")
    assert (failed.text, failed.provisional, failed.pieces) == ("", "", ())


def test_while_nothing_comes_the_turn_comes_again(monkeypatch):
    monkeypatch.setattr(turns, "BEAT", 0.02)
    desk = Told(Retrieved("Why?", ()), wait=0.2)
    silences = [turn.silent for turn in ask(desk, "Why?", model=MODEL)]
    assert len(silences) >= 4
    assert silences[0] == 0
    assert sorted(silences[:-1]) == silences[:-1]


def test_the_last_of_a_text_is_shown_though_no_more_comes():
    desk = Told(*(Token(word) for word in ["a", "b", "c", "d"]), wait=0.2)
    assert [turn.provisional for turn in ask(desk, "Why?", model=MODEL)][-2] == "abcd"


@in_loop
async def test_closing_ends_what_is_waited_for():
    desk = Told(Retrieved("Why?", ()), wait=3600)
    async with aclosing(follow(desk, Turn("t1", "Why?", model=MODEL), [])) as changes:
        assert (await anext(changes)).phase == "reading"
    assert desk.ended


@in_loop
async def test_cancelling_ends_what_is_waited_for():
    desk = Told(wait=3600)
    task = asyncio.ensure_future(anext(follow(desk, Turn("t1", "Why?"), [])))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.ended
