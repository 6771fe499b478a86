import sqlite3
import threading
import time

import pytest

from assistant import conversations
from assistant.conversations import FILE, Conversations, KeptTurn, Limits
from assistant.errors import ConversationsError, ConversationsFullError
from index.errors import InputError

A, B, C = ("a" * 32, "b" * 32, "c" * 32)


def turn(number, question="Who sold arms?", answer="Russia did [1]."):
    return KeptTurn(f"{number:032x}", question, answer, {"n": number})


@pytest.fixture
def kept(tmp_path):
    return Conversations(tmp_path / "anna")


def numbers(kept, conversation):
    return [data["n"] for _, data in kept.one(conversation)[1]]


def test_nothing_is_made_before_something_is_kept(kept, tmp_path):
    assert kept.all() == []
    assert not (tmp_path / "anna").exists()
    with pytest.raises(InputError, match="no such conversation"):
        kept.one(A)


def test_turns_come_back_in_order(kept):
    kept.add(A, "Arms", [turn(2), turn(1)])
    listed = kept.add(A, "Another title", [turn(3)])
    assert (listed.title, listed.turns) == ("Arms", 3)
    assert numbers(kept, A) == [2, 1, 3]


def test_adding_twice_is_adding_once(kept):
    first = kept.add(A, "Arms", [turn(1)])
    assert kept.add(A, "Arms", [turn(1)]) == first


def test_two_windows_both_add(kept, tmp_path):
    failures = []

    def write(start):
        try:
            mine = Conversations(tmp_path / "anna")
            for number in range(start, start + 20):
                mine.add(A, "Arms", [turn(number)])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(100 * i,)) for i in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(numbers(kept, A)) == [100 * i + n for i in (1, 2, 3) for n in range(20)]


def test_a_turn_asked_again_takes_the_place_of_the_old(kept):
    kept.add(A, "Arms", [turn(1), turn(2), turn(3)])
    kept.add(A, "Arms", [turn(4)], drop=[turn(2).id, turn(3).id])
    assert numbers(kept, A) == [1, 4]


def test_dropping_reaches_no_other_conversation(kept):
    kept.add(A, "Arms", [turn(1)])
    kept.add(B, "Wine", [turn(2)], drop=[turn(1).id])
    assert numbers(kept, A) == [1]


def test_the_one_changed_last_comes_first(kept):
    for conversation, number in ((A, 1), (B, 2)):
        kept.add(conversation, "Title", [turn(number)])
        time.sleep(0.01)
    kept.add(A, "Title", [turn(3)])
    assert [listed.id for listed in kept.all()] == [A, B]


def test_search_looks_in_titles_questions_and_answers(kept):
    kept.add(A, "Émigrés of 1920", [turn(1, "Who left?", "Many did [1].")])
    kept.add(B, "Wine", [turn(2, "Which grape?", "Saperavi, in 100 % of cases [1].")])
    kept.add(C, "Other", [turn(3, "Why so?", "Nobody says.")])

    def found(words):
        return {listed.id for listed in kept.all(words)}

    assert found("EMIGRES") == {A}
    assert found("grape saperavi") == {B}
    assert found("wine nobody") == set()
    assert found("%") == {B}
    assert found("_") == set()
    assert found("  ") == {A, B, C}


def test_renaming(kept):
    kept.add(A, "Arms", [turn(1)])
    kept.rename(A, "  Arms   trade ")
    assert kept.all()[0].title == "Arms trade"
    with pytest.raises(InputError, match="title"):
        kept.rename(A, " ")
    with pytest.raises(InputError, match="no such"):
        kept.rename(B, "Wine")


def test_what_is_deleted_can_be_had_back_for_a_while(kept, monkeypatch, tmp_path):
    kept.add(A, "Arms", [turn(1, answer="A secret word.")])
    kept.remove(A)
    assert kept.all() == []
    kept.undo(A)
    assert numbers(kept, A) == [1]
    kept.remove(A)
    monkeypatch.setattr(conversations, "UNDO_SECONDS", -1.0)
    assert kept.all() == []
    with pytest.raises(InputError, match="no such"):
        kept.undo(A)
    assert b"secret word" not in (tmp_path / "anna" / FILE).read_bytes()


def test_going_on_with_a_deleted_conversation_has_it_back(kept):
    kept.add(A, "Arms", [turn(1)])
    kept.remove(A)
    kept.add(A, "Arms", [turn(2)])
    assert numbers(kept, A) == [1, 2]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(turns=1), "at most 1 questions"),
        (Limits(bytes_each=15), "Go on in a new one"),
        (Limits(bytes_in_all=15), "Delete some"),
    ],
)
def test_what_is_full_says_so_and_keeps_what_it_has(tmp_path, limits, message):
    kept = Conversations(tmp_path, limits)
    kept.add(A, "Arms", [turn(1)])
    with pytest.raises(ConversationsFullError, match=message):
        kept.add(A, "Arms", [turn(2)])
    assert numbers(kept, A) == [1]


def test_the_number_of_conversations_is_bounded(tmp_path):
    kept = Conversations(tmp_path, Limits(conversations=1))
    kept.add(A, "Arms", [turn(1)])
    with pytest.raises(ConversationsFullError, match="At most 1 conversations"):
        kept.add(B, "Wine", [turn(2)])
    assert [listed.id for listed in kept.all()] == [A]


@pytest.mark.parametrize("wrong", ["", "a", "A" * 32, "../" + "a" * 29, "a" * 33])
def test_ids_are_hex(kept, wrong):
    with pytest.raises(InputError, match="32 hex digits"):
        kept.add(wrong, "Arms", [turn(1)])


def test_halves_of_characters_do_no_harm(kept):
    half = KeptTurn(turn(1).id, "Why \ud83d?", "\ud83d", {"text": "\ud83d"})
    kept.add(A, "Title \ud83d", [half])
    assert kept.one(A)[1][0][1] == {"text": "?"}


def test_imported_conversations_keep_their_day(kept):
    assert kept.add(A, "Arms", [turn(1)], at=1_000).changed == 1_000
    assert kept.add(B, "Wine", [turn(2)], at=10**15).changed < 10**14


def test_a_newer_file_is_left_as_it_is(kept, tmp_path):
    kept.add(A, "Arms", [turn(1)])
    with sqlite3.connect(tmp_path / "anna" / FILE) as file:
        file.execute("PRAGMA user_version=2")
    before = (tmp_path / "anna" / FILE).read_bytes()
    for job in (kept.all, lambda: kept.add(A, "Arms", [turn(2)]), lambda: kept.one(A)):
        with pytest.raises(ConversationsError, match="format 2"):
            job()
    assert (tmp_path / "anna" / FILE).read_bytes() == before


@pytest.mark.parametrize("content", [b"no database" * 100, b"\0" * 4096])
def test_another_file_is_left_as_it_is(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ConversationsError, match="move the file away"):
        Conversations(tmp_path).add(A, "Arms", [turn(1)])
    assert (tmp_path / FILE).read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_is(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as file:
        file.execute("CREATE TABLE other (x)")
    with pytest.raises(ConversationsError, match="something else"):
        Conversations(tmp_path).add(A, "Arms", [turn(1)])


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConversationsError, match="cannot be used"):
        Conversations(tmp_path / "file" / "anna").add(A, "Arms", [turn(1)])
