import numpy as np
import pytest

from index.errors import IndexDamagedError
from index.records import PassageRecord
from index.terms import TermStore, analyze, build_terms, copy_terms

VECTOR = np.zeros(2, dtype=np.float32)


def record(name, text, *, label="body", heading="", title="", authors=""):
    document = name.partition(":")[0]
    return PassageRecord(name, document, label, heading, text, title, authors, VECTOR)


@pytest.fixture
def store(tmp_path):
    records = [
        record("a:0", "The ships were running along the coast.", title="Harbors of Kalıcı"),
        record("a:1", "Nothing about boats here.", label="notes", authors="Nikol Pashinyan"),
        record("b:0", "A naïve ship; another ship."),
        record("b:1", "Trains and timetables, unrelated.", heading="On coasts"),
    ]
    build_terms(tmp_path / "terms", [records[:2], records[2:]])
    store = TermStore(tmp_path / "terms")
    yield store
    store.close()


def names(hits):
    return [name for name, _ in hits]


def test_words_match_in_any_inflection_case_and_accent(store):
    assert names(store.query("SHIPS", 5)) == ["b:0", "a:0"]
    assert names(store.query("naive", 5)) == ["b:0"]
    assert names(store.query("run", 5)) == ["a:0"]
    assert names(store.query("kalici", 5)) == ["a:0"]
    assert names(store.query("pashinyan's", 1)) == ["a:1"]
    assert names(store.query("coast", 5)) == ["a:0", "b:1"]


def test_a_title_helps_less_than_the_text_itself(tmp_path):
    records = [
        record("a:0", "The harbor was dredged twice.", title="Ports of the north"),
        record("b:0", "The town lies by the sea.", title="The harbor", heading="Harbor walls"),
        record("c:0", "Trains leave every hour."),
    ]
    build_terms(tmp_path / "harbors", [records])
    store = TermStore(tmp_path / "harbors")
    assert names(store.query("harbor", 5)) == ["a:0", "b:0"]
    store.close()


@pytest.mark.parametrize(
    "question", ["", "   ", "?!", '+-:"()[]{}^~*', "body:ship AND", '"ships', "-ship"]
)
def test_query_syntax_means_nothing(store, question):
    expected = ["b:0", "a:0"] if "ship" in question else []
    assert [name for name in names(store.query(question, 5)) if name != "b:1"] == expected


def test_filters(store):
    assert names(store.query("ship boats", 5, {"a"})) == ["a:1", "a:0"]
    assert names(store.query("ship boats", 5, {"a"}, ("body",))) == ["a:0"]
    assert names(store.query("ship", 5, set())) == []
    assert names(store.query("ship", 5, None, ("notes",))) == []
    assert names(store.query("ship", 5, {f"x{n}" for n in range(50_000)} | {"b"})) == ["b:0"]


def test_a_filter_does_not_change_scores(store):
    assert dict(store.query("ship", 5))["a:0"] == pytest.approx(
        dict(store.query("ship", 5, {"a"}, ("body",)))["a:0"]
    )


def test_document_frequency(store):
    assert [
        store.document_frequency(word) for word in ("ship", "Ships", "zebra", "", "boat-ship")
    ] == [
        2,
        2,
        0,
        0,
        1,
    ]
    assert store.count == 4


def test_analyze():
    assert analyze("Işık’s RUNNING-shoes, ﬁne") == ["isik", "s", "run", "shoe", "fine"]


def test_an_empty_store(tmp_path):
    build_terms(tmp_path / "none", [])
    assert TermStore(tmp_path / "none").query("ship", 5) == []


@pytest.mark.parametrize("suffix", [".idx", ".term", ".store", ".fieldnorm", "meta.json"])
@pytest.mark.parametrize("damage", ["truncate", "zero", "delete"])
def test_vendor_errors_are_translated(tmp_path, suffix, damage):
    build_terms(tmp_path / "terms", [[record("a:0", "The ships were running.")]])
    path = next(path for path in (tmp_path / "terms").glob(f"*{suffix}") if path.name[0] != ".")
    content = path.read_bytes()
    path.unlink()
    if damage == "truncate":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "zero":
        path.write_bytes(b"\0" * len(content))
    with pytest.raises(IndexDamagedError) as raised:
        TermStore(tmp_path / "terms").query("ship", 5)
    assert raised.value.__cause__ is not None


def test_a_changed_copy_finds_what_a_new_store_would(tmp_path, store):
    before = {path.name: path.read_bytes() for path in (tmp_path / "terms").iterdir()}
    new = [record("c:0", "A ship with a purple sail."), record("b:9", "Ships again.")]
    copy_terms(tmp_path / "terms", tmp_path / "copy", ["b", "none"], [new])
    copy = TermStore(tmp_path / "copy")
    assert copy.count == 4
    assert set(names(copy.query("ship", 9))) == {"a:0", "b:9", "c:0"}
    assert names(copy.query("naive timetables", 9)) == []
    frequencies = [copy.document_frequency(word) for word in ("naive", "ship", "purple", "none")]
    assert frequencies == [0, 3, 1, 0]
    assert names(store.query("naive", 9)) == ["b:0"]
    copy.close()
    assert {path.name: path.read_bytes() for path in (tmp_path / "terms").iterdir()} == before
    with pytest.raises(IndexDamagedError):
        copy_terms(tmp_path / "nothing", tmp_path / "other", [], [])
