import pytest

from eval import load_dataset
from eval.errors import DatasetError


def problems(write_dataset, records):
    with pytest.raises(DatasetError) as caught:
        load_dataset(write_dataset(records))
    return str(caught.value)


def test_load(dataset):
    assert dataset.name == "waters"
    assert [case.id for case in dataset.cases] == ["c-1", "c-2", "c-3", "c-4"]
    assert dataset.cases[2].history == (("Is the Arpa a river?", "Yes."),)
    assert dataset.cases[1].evidence[1][0].quote == "1,360 km²"
    assert [case.is_answerable for case in dataset.cases] == [True, True, True, False]
    assert dataset.count_by_category()["conflict"] == 1
    assert dataset.count_by_category()["temporal"] == 0


def test_trailing_slash_and_dot_keep_the_name(write_dataset, records, monkeypatch):
    monkeypatch.chdir(write_dataset(records))
    assert load_dataset(".").name == "waters"


def test_a_line_separator_inside_a_string_is_no_new_line(write_dataset, records):
    records[0]["question"] = "How long\u2028is the Arpa?"
    assert "\u2028" in load_dataset(write_dataset(records)).cases[0].question


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("category", "trivia", "expected 'category' to be one of fact, paraphrase"),
        ("id", "", "expected id to be a non-empty string"),
        ("id", "c-4", 'expected a new id, found "c-4" of line 1 again'),
        ("question", 7, "expected question to be a non-empty string, found 7"),
        ("question", "\ud800", "half a surrogate pair"),
        ("history", [["only one"]], "expected history turn 1 to be a pair"),
        ("history", "text", "expected history to be a list"),
        ("evidence", None, "expected evidence to be a list, found null"),
        ("evidence", [[]], "evidence group 1 to be a list with at least one member"),
        ("evidence", [["span"]], "expected a span in evidence group 1"),
        ("facts", ["128"], "expected fact 1 to be a list"),
        ("facts", [[]], "expected fact 1 to be a list with at least one member"),
        ("sources", ["seas.txt"], "expected sources to name a file in"),
        ("sources", ["../cases.jsonl"], "expected sources to name a file in"),
        ("note", "red", "found 'note'. Remove it or correct its spelling"),
    ],
)
def test_wrong_values(write_dataset, records, key, value, expected):
    records[0][key] = value
    message = problems(write_dataset, records)
    assert expected in message
    assert "cases.jsonl:" in message


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"quote": "129 km long"}, "The document does not have this quote"),
        ({"start": 0, "end": 11}, "The quote stands at 27-38: correct 'start' and 'end'"),
        ({"start": "27"}, "expected 0 <= 'start' < 'end' as integers"),
        ({"start": True}, "expected 0 <= 'start' < 'end' as integers"),
        ({"start": 40}, "expected 0 <= 'start' < 'end' as integers"),
        ({"doc": "seas.txt"}, "to name a file in"),
        ({"page": 1}, "found 'page'"),
    ],
)
def test_wrong_spans(write_dataset, records, change, expected):
    records[0]["evidence"][0][0].update(change)
    message = problems(write_dataset, records)
    assert expected in message
    assert "cases.jsonl:1: " in message


def test_missing_keys(write_dataset, records):
    del records[1]["evidence"], records[1]["question"]
    assert "cases.jsonl:2: expected a case to have" in problems(write_dataset, records)


def test_unanswerable_with_evidence(write_dataset, records):
    records[0]["category"] = "unanswerable"
    assert "expected no evidence in the category 'unanswerable'" in problems(write_dataset, records)


def test_problems_are_listed_together_up_to_twenty(write_dataset, records):
    for number in range(25):
        records.append({**records[3], "id": f"x-{number}", "category": "?"})
    message = problems(write_dataset, records)
    assert message.startswith("25 problems:")
    assert message.count("cases.jsonl:") == 20
    assert message.endswith("... and 5 more.")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", ":5: expected one JSON object, found text that is not"),
        (b"[1]", ":5: expected one JSON object, found [1]"),
        (b'{"id": "a", "id": "b"}', 'the key "id" occurs twice'),
        (b"\xff", "expected UTF-8, found byte"),
    ],
)
def test_wrong_lines(write_dataset, records, line, expected):
    folder = write_dataset(records)
    with (folder / "cases.jsonl").open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(DatasetError) as caught:
        load_dataset(folder)
    assert expected in str(caught.value)


def test_no_dataset(tmp_path, write_dataset):
    with pytest.raises(DatasetError, match="found nothing"):
        load_dataset(tmp_path / "none")
    with pytest.raises(DatasetError, match="found an empty folder"):
        load_dataset(tmp_path)
    with pytest.raises(DatasetError, match="at least one case"):
        load_dataset(write_dataset([]))


def test_gold_document_that_is_no_text(write_dataset, records):
    records[0]["evidence"][0][0]["doc"] = "photo.txt"
    folder = write_dataset(records)
    (folder / "documents" / "photo.txt").write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(DatasetError, match="cannot be read"):
        load_dataset(folder)


def test_spans_count_canonical_code_points(write_dataset, records):
    folder = write_dataset(records)
    path = folder / "documents" / "rivers.txt"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_dataset(folder).cases[0].evidence[0][0].start == 27


def test_history_facts_and_sources_may_be_left_out(write_dataset, records):
    case = load_dataset(write_dataset(records)).cases[3]
    assert (case.history, case.facts, case.sources) == ((), (), ())
