import csv
import json

import pytest

from eval import evaluate, score_answers
from eval.answers import load_answers
from eval.cli import main
from eval.errors import ImportDataError
from eval.importers import import_ragas
from eval.importers.ragas_cells import listed
from eval.importers.ragas_rows import CONVERSATION, NO_GOLD, UNBORNE
from eval.importers.writer import NO_TEXT
from index.canonical import canonical_text
from index.sources import read_info

ARPA = "The Arpa is a river. It's 128 km long."
SEVAN = 'Lake "Sevan" covers\n1,242 km².'
ROWS = [
    {
        "user_input": "How long is the Arpa?",
        "retrieved_contexts": [SEVAN, ARPA],
        "reference_contexts": [ARPA],
        "response": "128 km.",
        "reference": "The Arpa is 128 km long.",
    },
    {
        "user_input": "Which is which?",
        "retrieved_contexts": [],
        "reference_contexts": [f"<1-hop>\n\n{SEVAN}", f"<2-hop>\n\n{ARPA}"],
        "response": None,
        "reference": "One is a lake, the other a river.",
    },
]
OLD = [
    {
        "question": "How long is the Arpa?",
        "contexts": [SEVAN, ARPA],
        "answer": "128 km.",
        "ground_truths": ["The Arpa is 128 km long.", "The Arpa is deep."],
    },
    {
        "question": "How deep is it?",
        "contexts": [SEVAN],
        "answer": "Very.",
        "ground_truth": "The Arpa is deep.",
    },
]


@pytest.fixture
def load(tmp_path):
    def load(rows, **options):
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return import_ragas(path, tmp_path / "out", **options)

    return load


def quotes(case):
    return [[span.quote for span in group] for group in case.evidence]


def lines(made, name):
    text = (made.dataset.folder / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_reference_contexts_are_gold_and_all_are_wanted(load):
    made = load(ROWS)
    first, second = made.dataset.cases
    assert (first.id, first.category, quotes(first)) == ("row-0001", "fact", [[ARPA]])
    assert (second.category, quotes(second)) == ("multi", [[SEVAN], [ARPA]])
    assert made.documents == 2
    assert first.facts == ()
    assert lines(made, "references.jsonl") == [
        {"id": "row-0001", "reference": "The Arpa is 128 km long."},
        {"id": "row-0002", "reference": "One is a lake, the other a river."},
    ]


def test_documents_are_named_by_their_ids(load):
    made = load(ROWS)
    for path in made.dataset.documents.iterdir():
        assert canonical_text(path) in (ARPA, SEVAN)
        assert path.stem == read_info(path).id


def test_what_was_retrieved_is_gold_only_where_it_bears_the_reference_out(load):
    made = load(OLD)
    (case,) = made.dataset.cases
    assert quotes(case) == [[ARPA]]
    assert made.skipped == {UNBORNE: 2, NO_GOLD: 1}


def test_responses_become_answers_that_can_be_scored(load):
    made = load(ROWS)
    answers, errors = load_answers(made.answers, made.dataset)
    assert errors == {"row-0002": "The row has no response."}
    summary = score_answers(made.dataset, answers, errors=errors).summary
    assert summary["evidence_recall"].value == 0.0  # nothing is cited
    assert summary["recall_at_5"].value == 0.5  # one row's context was found, the other failed
    assert summary["mrr"].value == 0.25  # at rank 2


def test_rows_without_responses_make_no_answers(load):
    made = load([{key: row[key] for key in row if key != "response"} for row in ROWS])
    assert made.answers is None
    assert not (made.dataset.folder / "answers.jsonl").exists()


def test_an_oracle_is_perfect(load, make_oracle):
    dataset = load(ROWS).dataset
    assert evaluate(dataset, make_oracle(dataset)).summary["evidence_recall"].value == 1.0


def test_conversations_and_empty_contexts_are_counted(load):
    turns = {"user_input": [{"content": "Hello", "type": "human"}], "reference": "Hello"}
    empty = {"user_input": "And?", "reference_contexts": ["<1-hop>\n\n", "\0", ARPA]}
    made = load([turns, empty])
    assert made.skipped == {NO_TEXT: 2, CONVERSATION: 1}
    assert [case.id for case in made.dataset.cases] == ["row-0002"]


def test_limit(load):
    made = load(ROWS * 10, limit=3, seed=1)
    assert len(made.dataset.cases) == 3
    assert [record["id"] for record in lines(made, "answers.jsonl")] == [
        case.id for case in made.dataset.cases
    ]
    assert made.documents == 2


def write_csv(path, cell):
    """As `ragas.EvaluationDataset.to_csv` does, with lists printed by `cell`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=ROWS[0].keys())
        writer.writeheader()
        for row in ROWS:
            writer.writerow({k: cell(v) if isinstance(v, list) else v for k, v in row.items()})


def as_numpy(members):
    """As pandas writes a column that came out of Arrow: no commas."""
    return "[" + "\n ".join(map(repr, members)) + "]"


@pytest.mark.parametrize("cell", [repr, json.dumps, as_numpy])
def test_csv(tmp_path, load, cell):
    path = tmp_path / "rows.csv"
    write_csv(path, cell)
    made = import_ragas(path, tmp_path / "from csv")
    expected = load(ROWS)
    assert made.dataset.cases == expected.dataset.cases
    assert lines(made, "answers.jsonl") == lines(expected, "answers.jsonl")


@pytest.mark.parametrize(
    "form",
    [
        ROWS,
        {key: [row[key] for row in ROWS] for key in ROWS[0]},
        {key: {str(n): row[key] for n, row in enumerate(ROWS)} for key in ROWS[0]},
    ],
)
def test_json_by_rows_and_by_columns(tmp_path, load, form):
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    made = import_ragas(path, tmp_path / "from json")
    assert made.dataset.cases == load(ROWS).dataset.cases


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('["a", "b"]', ["a", "b"]),
        ("['a', \"it's\"]", ["a", "it's"]),
        ("['a'\n \"it's\"]", ["a", "it's"]),
        (r"['a\n\'b\'', 'c\\']", ["a\n'b'", "c\\"]),
        ("[]", []),
        ("['a', 'b',]", ["a", "b"]),
        ("['a'", None),
        ("['a' ...  'b']", None),
        ("[__import__('os')]", None),
        ("['a', 1]", None),
        ('{"a": 1}', None),
        (r"['\x']", None),
    ],
)
def test_lists_in_cells(cell, expected):
    assert listed(cell) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"user_input": None}, ":1: expected 'user_input' or 'question', found none"),
        ({"user_input": 7}, ":1: expected 'user_input' or 'question' to be a string, found 7"),
        ({"reference_contexts": [7]}, "expected 'reference_contexts' to be a list of strings"),
        ({"retrieved_contexts": {}}, "'retrieved_contexts' or 'contexts' to be a list of strings"),
        ({"response": ["a", 1]}, "expected 'response' or 'answer' to be a string"),
        ({"reference": "\ud800"}, "half a surrogate pair"),
    ],
)
def test_wrong_values(load, change, expected):
    with pytest.raises(ImportDataError) as caught:
        load([{**ROWS[0], **change}])
    assert "rows.jsonl:1: " in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("r.json", "7", "expected a list of rows, or an object of columns"),
        ("r.json", '{"a": [1], "b": []}', "an object of columns of one length"),
        ("r.json", "[7]", "r.json: row 1: expected an object, found 7"),
        ("r.json", "{", "expected JSON, found text that is not"),
        ("r.csv", "question,answer\na", "r.csv:2: expected as many cells as the header"),
        ("r.csv", 'question,answer\n"a"b,c', "r.csv:2: expected CSV, found something else"),
        ("r.csv", "question,contexts\na,['b' ...", "to be a list of strings"),
        ("r.csv", "q,a\n1,2\n", "r.csv:2: expected 'user_input' or 'question', found none"),
        ("r.csv", "", "at least one usable question, found none"),
    ],
)
def test_wrong_files(tmp_path, name, text, expected):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ImportDataError) as caught:
        import_ragas(tmp_path / name, tmp_path / "out")
    assert expected in str(caught.value)


def test_a_long_cell_is_read(tmp_path):
    path = tmp_path / "r.csv"
    text = "word " * 40_000
    path.write_text(f"question,reference_contexts\nWhat?,{text}\n", encoding="utf-8")
    (case,) = import_ragas(path, tmp_path / "out").dataset.cases
    assert quotes(case) == [[text.strip()]]
    assert csv.field_size_limit() == 131_072


def test_command(tmp_path, capsys):
    path, out = tmp_path / "rows.jsonl", str(tmp_path / "out")
    path.write_text(json.dumps(OLD[0]), encoding="utf-8")
    assert main(["import", "ragas", str(path), "--out", out]) == 0
    printed = capsys.readouterr().out
    assert f"Skipped: 1 {UNBORNE}." in printed
    assert f"assistant-eval run {out} --answers {out}/answers.jsonl" in printed
    assert main(["run", out, "--answers", f"{out}/answers.jsonl"]) == 0
