import logging
from itertools import pairwise

import pytest

from assistant.types import Answer, Retrieved, Token
from assistant.web.turns import UNEXPECTED, Turn, follow, history_of


def ask(desk, question, history=()):
    return list(follow(desk, Turn("t1", question), history))


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


def test_a_stream_without_an_answer_is_an_error(desk, monkeypatch):
    monkeypatch.setattr(desk, "stream", lambda *_, **__: iter([Token("half")]))
    assert ask(desk, "Who?")[-1].phase == "failed"


def test_history_holds_what_ran_to_its_end():
    failed = Turn("t1", "What?").failed("This went wrong.")
    abstained = Turn("t2", "Why?").after(Answer("Why?", "No.", "abstained", reason="Nothing."))
    stopped = Turn("t3", "How?").after(Retrieved("How?", ())).stopped()
    assert history_of([failed, abstained, stopped]) == [("Why?", "No.")]


def test_stopping_what_has_ended_changes_nothing():
    done = Turn("t1", "Why?").after(Answer("Why?", "", "abstained", reason="Nothing."))
    assert done.stopped() is done
    assert Turn("t1", "Why?").stopped().phase == "stopped"
