import pytest

from index.loaders.rows import Cell, write_rows


def rows(*lines):
    """Rows from lines; a bold cell is between asterisks, `>` makes it go over another column."""
    return [
        [
            Cell(text.strip(" *>"), text.strip().startswith("*"), 1 + text.count(">"))
            for text in line.split("|")
        ]
        for line in lines
    ]


def written(*lines):
    return [text for text, _ in write_rows(rows(*lines))]


def test_a_table_with_a_header():
    assert written("Town | Population", "Belmora | 13,420", "Castrel | ") == [
        "- Town: Belmora; Population: 13,420",
        "- Town: Castrel",
    ]


def test_titles_and_remarks_stay_running_text():
    lines = [
        "The district||",
        "Town|People|Since",
        "A|1|1900",
        "*North||",
        "B|2|1800",
        "Source: the census of 2021||",
    ]
    blocks = list(write_rows(rows(*lines)))
    assert blocks == [
        ("The district", False),
        ("- Town: A; People: 1; Since: 1900", True),
        ("North", False),
        ("- Town: B; People: 2; Since: 1800", True),
        ("Source: the census of 2021", False),
    ]


def test_empty_rows_part_tables_and_empty_columns_are_left_out():
    assert written("Town||People", "A||1", "||", "Name||Age|Role", "Ana||40|mayor") == [
        "- Town: A; People: 1",
        "- Name: Ana; Age: 40; Role: mayor",
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Ana|40|mayor", "Tom|41|clerk"), ["- Ana; 40; mayor", "- Tom; 41; clerk"]),
        (("Town|2021|2022", "A|5%|6 km"), ["- Town: A; 2021: 5%; 2022: 6 km"]),
        (("A|1840|1792", "B|1850|1801"), ["- A: B; 1840: 1850; 1792: 1801"]),
        (("A|1840|1840", "B|1850|1801"), ["- A; 1840; 1840", "- B; 1850; 1801"]),
        (("Town|Built 1792", "A|yes"), ["- Town: Built 1792", "- A: yes"]),
        (("A|B|C", "1|2|3", "Total", "4|5|"), ["- A: 1; B: 2; C: 3", "- A: Total", "- A: 4; B: 5"]),
        (("Name|Ana", "Role:|mayor"), ["- Name: Ana", "- Role: mayor"]),
        (("*Name|*Role", "Ana|mayor"), ["- Name: Ana; Role: mayor"]),
        (("Light|41,210", "Salaries|887,600"), ["- Light: 41,210", "- Salaries: 887,600"]),
        (("|People|Since", "A|1|2"), ["- A; People: 1; Since: 2"]),
        (("one column", "of lines"), ["one column", "of lines"]),
        (("Only|a header|here",), ["- Only; a header; here"]),
        ((), []),
    ],
)  # fmt: skip
def test_headers(lines, expected):
    assert written(*lines) == expected


def test_a_header_in_two_rows():
    assert written("Item|2023 >||2024", "|Q3|Q4|Q1", "Books|1|2|3") == [
        "- Item: Books; 2023 Q3: 1; 2023 Q4: 2; 2024 Q1: 3"
    ]


def test_a_long_row_is_divided_and_each_part_says_what_it_is_about():
    names = ["Town", *(f"Column {n}" for n in range(60))]
    values = ["Castrel", *(f"value {n}" for n in range(60))]
    lines = written("|".join(names), "|".join(values))
    assert len(lines) > 2
    assert all(line.startswith("- Town: Castrel; Column ") for line in lines)
    assert all(len(line) <= 500 for line in lines)
    assert all(sum(f"Column {n}: value {n}" in line for line in lines) for n in range(60))
