import time

import pytest
from index_helpers import words_embedder

from index import Index, build
from index.blocks import find_blocks
from index.segmentation import split
from index.tables import cells_of, find_rows, is_rule

TABLE = """# Towns

The figures were counted in spring.

| Town | People | Remarks |
| --- | ---: | :-: |
| Belmora | 13,420 | Dr. Ruiz counted. Twice |
|  Castrel | 48,900 | a \\| b |
Dunhaven | 7,315 |
After the table nothing was
counted for years.
"""


def rows_of(text):
    return [text[begin : row.end] for begin, row in find_rows(text).items()]


def sentences_of(text):
    return [s.text for passage in split(text, "0" * 16) for s in passage.sentences]


def test_rows():
    assert rows_of(TABLE) == [
        "| Town | People | Remarks |\n| --- | ---: | :-: |",
        "| Belmora | 13,420 | Dr. Ruiz counted. Twice |",
        "|  Castrel | 48,900 | a \\| b |",
        "Dunhaven | 7,315 |",
    ]
    assert {row.columns for row in find_rows(TABLE).values()} == {("Town", "People", "Remarks")}


@pytest.mark.parametrize(
    "text",
    [
        "He said | she said\nand so on | and on",  # no rule
        "A | B\n| --- |\nc | d",  # another number of columns
        "Title\n| --- | --- |",  # a header without columns
        "| --- | --- |\n| a | b |",
        "A\n---\nB",
        "|",
    ],
)
def test_what_is_no_table(text):
    assert rows_of(text) == []


def test_cells():
    assert cells_of(r" | a | b \| c ||") == ("a", "b | c", "")
    assert is_rule("|:--|")
    assert not is_rule("---")


def test_each_row_is_a_sentence_and_the_header_is_none():
    assert sentences_of(TABLE) == [
        "The figures were counted in spring.",
        "| Belmora | 13,420 | Dr. Ruiz counted. Twice |",
        "|  Castrel | 48,900 | a \\| b |",
        "Dunhaven | 7,315 |",
        "After the table nothing was\ncounted for years.",
    ]


def test_two_tables_and_their_labels():
    text = "| A | B |\n|---|---|\n| 1 | 2 |\n\n## Notes\n\n| C | D |\n|---|---|\n| 3 | 4 |\n"
    blocks = find_blocks(text)
    assert [(block.kind, block.label) for block in blocks] == [
        ("row", "body"),
        ("row", "body"),
        ("heading", "notes"),
        ("row", "notes"),
        ("row", "notes"),
    ]


def test_a_passage_in_the_middle_of_a_table_has_its_columns_for_a_heading():
    rows = "".join(f"| Town {n} by the river | {n * 1000} |\n" for n in range(40))
    text = f"# Towns\n\n| Town | People |\n|---|---|\n{rows}\nAll were counted.\n"
    passages = split(text, "0" * 16)
    assert len(passages) > 2
    assert passages[0].heading == "Towns"
    assert {passage.heading for passage in passages[1:]} == {"Towns | Town | People"}
    assert "".join(passage.text for passage in passages) == text


def test_a_row_is_found_and_is_quoted_whole(tmp_path):
    (tmp_path / "towns.md").write_text(TABLE, encoding="utf-8")
    build([tmp_path / "towns.md"], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        hit = index.search("Castrel People", k=1)[0]
        assert "|  Castrel | 48,900 | a \\| b |" in [s.text for s in hit.passage.sentences]


@pytest.mark.parametrize(
    "piece", ["|---\n", "a|b\n|-|-|\n", "|" * 50 + "\n", "| - " * 5000 + "\n", " " * 99_999 + "\n"]
)
def test_time_is_linear(piece):
    text = piece * (400_000 // len(piece)) + "|"
    start = time.perf_counter()
    find_rows(text)
    assert time.perf_counter() - start < 5
