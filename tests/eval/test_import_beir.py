import json

import pytest

from eval import evaluate, load_dataset
from eval.errors import ImportDataError
from eval.importers import import_beir
from eval.importers.beir import NO_DOCUMENT, NO_EVIDENCE, NO_QUERY
from eval.importers.writer import NO_TEXT
from index.canonical import canonical_text

CORPUS = [
    {"_id": "rivers/arpa", "title": "Arpa", "text": "The Arpa is 128 km long.\n", "metadata": {}},
    {"_id": "Rivers/Arpa", "title": "", "text": "Another Arpa.", "metadata": {}},
    {"_id": '<dbpedia:Lake_"Sevan">', "title": "Sevan", "text": "It covers 1,242 km²."},
    {"_id": "copy", "title": "", "text": "Another Arpa.", "metadata": {"url": ""}},
    {"_id": "empty", "title": "Only a title", "text": " "},
    {"_id": 17, "text": "---\nRules\r\nand lines"},
]
QUERIES = [
    {"_id": "q1", "text": " How long is the Arpa? ", "metadata": {}},
    {"_id": "q2", "text": "How large is Lake Sevan?"},
    {"_id": "q3", "text": "What is nowhere?"},
    {"_id": "q4", "text": ""},
    {"_id": "q5", "text": "Not judged in this split."},
]
QRELS = [
    ("q1", "rivers/arpa", 2),
    ("q1", "Rivers/Arpa", 1),
    ("q1", "17", 0),
    ("q1", "gone", 1),
    ("q2", '<dbpedia:Lake_"Sevan">', 1),
    ("q2", "17", 1),
    ("q3", "empty", 1),
    ("q3", "gone", 2),
    ("q4", "17", 1),
    ("q6", "17", 1),
    ("q2", "copy", -1),
]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "waters"
    (folder / "qrels").mkdir(parents=True)
    write_lines(folder / "corpus.jsonl", CORPUS)
    write_lines(folder / "queries.jsonl", QUERIES)
    write_qrels(folder, QRELS)
    return folder


def write_lines(path, records):
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text + "\n", encoding="utf-8")


def write_qrels(folder, rows, header="query-id\tcorpus-id\tscore\n", split="test"):
    text = header + "".join("\t".join(map(str, row)) + "\n" for row in rows)
    (folder / "qrels" / f"{split}.tsv").write_text(text, encoding="utf-8")


def test_relevant_documents_are_alternatives(folder, tmp_path):
    made = import_beir(folder, tmp_path / "out")
    assert [case.id for case in made.dataset.cases] == ["q1", "q2"]
    first, second = made.dataset.cases
    assert (first.question, first.category) == ("How long is the Arpa?", "fact")
    (group,) = first.evidence
    assert [span.quote for span in group] == ["The Arpa is 128 km long.", "Another Arpa."]
    assert [span.quote for span in second.evidence[0]] == [
        "It covers 1,242 km².",
        "---\nRules\nand lines",
    ]
    assert (first.sources, first.facts) == ((), ())
    assert made.documents == 5
    assert made.skipped == {NO_TEXT: 1, NO_DOCUMENT: 2, NO_EVIDENCE: 1, NO_QUERY: 2}


def test_every_entry_is_a_document_under_a_name_of_its_own(folder, tmp_path):
    made = import_beir(folder, tmp_path / "out")
    lines = (tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    ids = {record["id"]: record["file"] for record in map(json.loads, lines)}
    assert list(ids) == ["rivers/arpa", "Rivers/Arpa", '<dbpedia:Lake_"Sevan">', "copy", "17"]
    assert sorted(ids.values()) == sorted(p.name for p in made.dataset.documents.iterdir())
    assert (ids["copy"], ids["17"]) == ("copy.md", "17.md")
    text = canonical_text(made.dataset.documents / ids["rivers/arpa"])
    assert text == '---\ntitle: "Arpa"\n---\n\nThe Arpa is 128 km long.\n'


def test_a_copy_of_a_relevant_document_is_as_good(folder, tmp_path, make_oracle):
    """BEIR's judgments know one of two entries with the same text; a reader sees no difference."""
    write_qrels(folder, [("q1", "Rivers/Arpa", 1)])
    made = import_beir(folder, tmp_path / "out")

    class CitesTheCopy(make_oracle):
        def spans(self, case):
            return [("copy.md", 0, 7)]

    summary = evaluate(made.dataset, CitesTheCopy(made.dataset)).summary
    assert summary["evidence_recall"].value == summary["citation_precision"].value == 1.0


def test_one_alternative_is_enough_unless_every_document_is_wanted(folder, tmp_path, make_oracle):
    write_qrels(folder, [("q1", "rivers/arpa", 1), ("q1", "Rivers/Arpa", 1)])

    def recall(out, **options):
        dataset = import_beir(folder, tmp_path / out, **options).dataset

        class CitesOne(make_oracle):
            def spans(self, case):
                return super().spans(case)[:1]

        return dataset.cases[0], evaluate(dataset, CitesOne(dataset)).summary

    _, summary = recall("any")
    assert summary["evidence_recall"].value == 1.0
    case, summary = recall("all", is_every_document_wanted=True)
    assert summary["evidence_recall"].value == summary["source_recall"].value == 0.5
    assert (case.category, len(case.evidence), len(case.sources)) == ("multi", 2, 2)


@pytest.mark.parametrize("header", ["", "query-id\tcorpus-id\tscore\n", "\ufeffqid\tdid\trel\n"])
def test_qrels_with_and_without_header(folder, tmp_path, header):
    write_qrels(folder, QRELS, header)
    assert len(import_beir(folder, tmp_path / "out").dataset.cases) == 2


@pytest.mark.parametrize("row", ["q1\t0\trivers/arpa\t1", "q1 Q0 rivers/arpa 1", "q1\t 0 17\t1"])
def test_qrels_in_the_order_of_trec(folder, tmp_path, row):
    (folder / "qrels" / "test.tsv").write_text(f"{row}\n", encoding="utf-8")
    (case,) = import_beir(folder, tmp_path / "out").dataset.cases
    assert case.id == "q1"


def test_grades(folder, tmp_path):
    (case,) = import_beir(folder, tmp_path / "out", relevant_from=2).dataset.cases
    assert [span.quote for span in case.evidence[0]] == ["The Arpa is 128 km long."]


def test_splits(folder, tmp_path):
    write_qrels(folder, [("q5", "17", 1)], split="dev")
    (case,) = import_beir(folder, tmp_path / "out", split="dev").dataset.cases
    assert case.id == "q5"
    with pytest.raises(ImportDataError, match="splits there: dev, test"):
        import_beir(folder, tmp_path / "other", split="train")


def test_limits_keep_what_is_relevant(folder, tmp_path):
    extra = [{"_id": f"noise-{n}", "text": f"Noise {n}."} for n in range(50)]
    write_lines(folder / "corpus.jsonl", [*CORPUS, *extra])
    made = import_beir(folder, tmp_path / "out", limit=1, documents_limit=10, seed=5)
    assert (len(made.dataset.cases), made.documents) == (1, 10)
    again = import_beir(folder, tmp_path / "again", limit=1, documents_limit=10, seed=5)
    assert names(again) == names(made)
    assert len(names(import_beir(folder, tmp_path / "least", documents_limit=1))) == 4
    load_dataset(tmp_path / "least")


def names(made):
    return sorted(path.name for path in made.dataset.documents.iterdir())


def test_no_judged_query_is_usable(folder, tmp_path):
    write_qrels(folder, [("q1", "17", 0)])
    with pytest.raises(ImportDataError, match="found none \\(1 documents without text"):
        import_beir(folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        ("corpus.jsonl", '{"_id": "x"}', ":8: expected 'text' to be a string, found null"),
        ("corpus.jsonl", '{"text": "x"}', ":8: expected '_id' to be a non-empty string"),
        ("corpus.jsonl", '{"_id": true, "text": "x"}', ":8: expected '_id' to be a non-empty"),
        ("corpus.jsonl", '{"_id": "x", "text": "x", "title": 1}', ":8: expected 'title' to be"),
        (
            "corpus.jsonl",
            '{"_id": "copy", "text": "y"}',
            ":8: expected a new '_id', found \"copy\"",
        ),
        ("corpus.jsonl", '{"_id": "x", "text": "\\ud800"}', ":8: expected 'text' to be text"),
        ("corpus.jsonl", "{", ":8: expected one JSON object"),
        ("queries.jsonl", '{"_id": "q1", "text": "other"}', ":7: expected a new '_id'"),
        ("queries.jsonl", "[]", ":7: expected one JSON object"),
        ("qrels/test.tsv", "q1\tx", ":13: expected query-id, corpus-id and a whole number"),
        ("qrels/test.tsv", "q1\tx\thigh", ":13: expected query-id, corpus-id and a whole number"),
        ("qrels/test.tsv", "q1\tx\t0.5", ":13: expected query-id, corpus-id and a whole number"),
        ("qrels/test.tsv", "q1\tx\tnan", ":13: expected query-id, corpus-id and a whole number"),
    ],
)
def test_wrong_lines(folder, tmp_path, file, line, expected):
    with (folder / file).open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")
    with pytest.raises(ImportDataError) as caught:
        import_beir(folder, tmp_path / "out")
    assert f"{file}{expected}" in str(caught.value)


def test_the_same_entry_twice_is_one(folder, tmp_path):
    write_lines(folder / "corpus.jsonl", [*CORPUS, CORPUS[0]])
    assert import_beir(folder, tmp_path / "out").documents == 5


def test_missing_files_and_bytes_that_are_no_text(folder, tmp_path):
    (folder / "qrels" / "test.tsv").write_bytes(b"q1\t17\t1\n\xff\xff\xff")
    with pytest.raises(ImportDataError, match="expected tab-separated values in UTF-8"):
        import_beir(folder, tmp_path / "out")
    write_qrels(folder, QRELS)
    (folder / "queries.jsonl").unlink()
    with pytest.raises(ImportDataError, match=r"queries\.jsonl: expected a JSON Lines file, found"):
        import_beir(folder, tmp_path / "out")
