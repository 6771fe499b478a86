import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.outputs import Generation
from langchain_tests.integration_tests.cache import SyncCacheTestSuite
from model_servers import Says

from assistant.errors import SettingsError
from assistant.model_types import ModelOptions
from assistant.models import ChatModel
from assistant.reply_cache import FILE, FileCache, ReplyCache

ASKED = (("system", "Answer."), ("user", "Who sold the tanks?"))
TEXT = "Russia sold the tanks — in 2019. [1.2]\n"
MODEL = {"name": "openai:m", "temperature": 0.0}


class TestFileCache(SyncCacheTestSuite):
    """What LangChain expects of any cache."""

    @pytest.fixture
    def cache(self, tmp_path) -> Iterator[FileCache]:
        return FileCache(tmp_path / "kept.sqlite")


def test_a_reply_is_found_again_by_another_of_its_kind(tmp_path):
    path = tmp_path / "new" / "kept.sqlite"
    ReplyCache(path, MODEL).update(ASKED, None, TEXT)
    assert ReplyCache(str(path), MODEL).lookup(ASKED, None) == TEXT


def test_a_folder_holds_the_file(tmp_path):
    ReplyCache(tmp_path, MODEL)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_nothing_is_kept_by_default():
    kept = ReplyCache(None, MODEL)
    kept.update(ASKED, None, TEXT)
    assert kept.lookup(ASKED, None) is None


@pytest.mark.parametrize(
    ("model", "messages", "schema"),
    [
        ({**MODEL, "temperature": 0.5}, ASKED, None),
        ({**MODEL, "name": "openai:n"}, ASKED, None),
        (MODEL, ASKED[1:], None),
        (MODEL, (("user", ASKED[0][1]), ASKED[1]), None),
        (MODEL, (*ASKED, ("assistant", "")), None),
        (MODEL, ASKED, {"type": "object"}),
    ],
)
def test_any_difference_is_another_call(tmp_path, model, messages, schema):
    ReplyCache(tmp_path, MODEL).update(ASKED, None, TEXT)
    assert ReplyCache(tmp_path, model).lookup(messages, schema) is None


def test_the_order_of_parameters_makes_no_difference(tmp_path):
    ReplyCache(tmp_path, MODEL).update(ASKED, {"a": 1, "b": 2}, TEXT)
    turned = dict(reversed(MODEL.items()))
    assert ReplyCache(tmp_path, turned).lookup(ASKED, {"b": 2, "a": 1}) == TEXT


def test_any_cache_of_langchain_will_do_and_sees_digests_only():
    cache = InMemoryCache()
    kept = ReplyCache(cache, {**MODEL, "password": "hush1234"})
    kept.update(ASKED, None, TEXT)
    assert kept.lookup(ASKED, None) == TEXT
    shown = repr(cache._cache)
    assert TEXT.strip() in shown
    assert not any(word in shown for word in ("hush1234", "tanks?", "openai"))


def test_something_else_is_no_cache():
    with pytest.raises(SettingsError, match="found int"):
        ReplyCache(3, MODEL)


def test_the_file_holds_neither_prompts_nor_keys(scripted_server, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-AbCd1234EfGh")
    server = scripted_server(lambda _: Says(TEXT))
    options = ModelOptions(base_url=server.base_url, cache=tmp_path / "kept.sqlite")
    list(ChatModel.open("openai:m", options).stream(ASKED))
    stored = (tmp_path / "kept.sqlite").read_bytes()
    assert b"Russia" in stored
    assert not any(word in stored for word in (b"AbCd1234", b"tanks?", b"127.0.0.1"))


def test_another_key_finds_the_same_reply(scripted_server, tmp_path, monkeypatch):
    server = scripted_server(lambda _: Says(TEXT))
    options = ModelOptions(base_url=server.base_url, cache=tmp_path)
    for key in ("sk-AbCd1234EfGh", "sk-IjKl5678MnOp"):
        monkeypatch.setenv("OPENAI_API_KEY", key)
        list(ChatModel.open("openai:m", options).stream(ASKED))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "content", [b"not a database, but notes of mine " * 99, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_file_of_something_else_is_named_and_left_alone(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"notes\.txt: expected a file of kept replies"):
        FileCache(path)
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_named_and_left_alone(tmp_path):
    path = tmp_path / "catalog.sqlite"
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE documents (id TEXT)")
    store.close()
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="a database of something else"):
        FileCache(path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="expected a file of kept replies"):
        FileCache(tmp_path / "file" / "kept.sqlite")


def test_a_file_that_breaks_under_way_costs_the_reply_but_no_answer(tmp_path, caplog):
    path = tmp_path / "kept.sqlite"
    kept = ReplyCache(path, MODEL)
    kept.update(ASKED, None, TEXT)
    path.write_bytes(b"broken " * 1000)
    assert kept.lookup(ASKED, None) is None
    kept.update(ASKED, None, TEXT)
    assert f"{path} cannot be used" in caplog.text


def test_a_row_that_is_no_reply_is_none(tmp_path):
    cache = FileCache(tmp_path)
    cache.update("prompt", "model", [Generation(text=TEXT)])
    for value in ("no JSON", "3", "[3]", "[]", '[{"text": 3}]'):
        with sqlite3.connect(cache.path) as store:
            store.execute("UPDATE replies SET generations = ?", (value,))
        store.close()
        assert not cache.lookup("prompt", "model")


def fill(path, worker):
    cache = FileCache(path)
    for number in range(20):
        cache.update(f"prompt {number}", "model", [Generation(text=f"reply {number}")])
        cache.update(f"prompt {number} of {worker}", "model", [Generation(text=str(worker))])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_several_may_write_at_once(tmp_path, kind):
    path = tmp_path / "kept.sqlite"
    spawn = multiprocessing.get_context("spawn").Process
    make = threading.Thread if kind == "threads" else spawn
    workers = [make(target=fill, args=(path, worker)) for worker in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    cache = FileCache(path)
    for number in range(20):
        assert cache.lookup(f"prompt {number}", "model")[0].text == f"reply {number}"
        for worker in range(3):
            found = cache.lookup(f"prompt {number} of {worker}", "model")
            assert found[0].text == str(worker)
