"""Tables of web pages: a row names its columns where the page does; others stay as they are."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.canonical import canonical_text
from index.loaders.html import load
from index.loading import load as load_any
from index.sources import read_document

PROSE = "<p>The tide of Dunsay rises by four meters twice a day.</p>"


def table(rows):
    page = f"<html><body>{PROSE}<table>{rows}</table></body></html>"
    return load(page.encode(), "page.html").text.split("\n", 2)[2]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "<tr><th>Town<th>Mayor<tr><td>Castrel<td>Ada Moe<tr><td>Dun",
            "- Town: Castrel; Mayor: Ada Moe\n- Town: Dun\n",
        ),
        (
            "<thead><tr><td>Town<td>Size<tbody><tr><th>Castrel<td>48,900",
            "- Town: Castrel; Size: 48,900\n",
        ),
        (
            "<tr><th><th>Monday<th>Friday<tr><th>9:00<td>Art<td>Mud",
            "- 9:00; Monday: Art; Friday: Mud\n",
        ),
        (
            "<thead><tr><th colspan=3>Populations<tr><th rowspan=2>Town<th colspan=2>People"
            "<tr><th>1990<th>2000<tbody><tr><td>Castrel<td>1<td>2",
            "Populations\n\n- Town: Castrel; People 1990: 1; People 2000: 2\n",
        ),
        (
            "<tr><th>County<th>Town<th>Size<tr><th rowspan=2>Lint<td>Castrel<td>1<tr><td>Dun<td>2",
            "- County: Lint; Town: Castrel; Size: 1\n- County: Lint; Town: Dun; Size: 2\n",
        ),
        (
            "<tr><th>Hour<th>Monday<th>Friday<tr><td>9:00<td colspan=2>closed"
            "<tr><td colspan=2>all<td>open",
            "- Hour: 9:00; Monday: closed; Friday: closed\n- Hour: all; Friday: open\n",
        ),
        (
            "<tr><th>Town<th>Size<tr><th colspan=2>North<tr><td>Castrel<td>1"
            "<tr><td colspan=2>South<tr><td>Dun<td>2<tr><td colspan=2>Counted in May.",
            "North\n\n- Town: Castrel; Size: 1\n\nSouth\n\n- Town: Dun; Size: 2\n\n"
            "Counted in May.\n",
        ),
        (
            "<tr><th>Town<th>Mayor<th>Size<tr><td>A<td>Bo<td>3<tr><th>Village<th>Head<th>Size"
            "<tr><td>C<td>Di<td>5<tr><th>Total<th><th>8",
            "- Town: A; Mayor: Bo; Size: 3\n\n- Village: C; Head: Di; Size: 5\n"
            "- Village: Total; Size: 8\n",
        ),
        (
            "<tr><th>Town<th>Size<tbody><tr><td>A<td>3<tfoot><tr><th>Total<th>3",
            "- Town: A; Size: 3\n- Town: Total; Size: 3\n",
        ),
        (
            "<tr><th>Born<td>1890<tr><th colspan=2>Work<tr><th>Books<td>5",
            "- Born: 1890\n\nWork\n\n- Books: 5\n",
        ),
        (
            "<tr><th>Name<td>Ada<th>Age<td>30<tr><th>Depths<td>3 m<td>5 m",
            "- Name: Ada\n- Age: 30\n- Depths: 3 m; 5 m\n",
        ),
    ],
)
def test_rows_name_their_columns(rows, expected):
    assert table(rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td>A<td>B<tr><td>1|2<td>3", "| A | B |\n| --- | --- |\n| 1\\|2 | 3 |\n"),
        ("<tr><th>A<th>B<tr><th>1<th>2", "| A | B |\n| --- | --- |\n| 1 | 2 |\n"),
        ("<tr><th>A<th>B<tr><td><td>", "| A | B |\n| --- | --- |\n"),
        (
            "<tr><th colspan=2>Sizes<tr><td>A<td>1<tr><td>B<td>2",
            "| Sizes |  |\n| --- | --- |\n| A | 1 |\n| B | 2 |\n",
        ),
        (
            f"<tr><th>A<th>{'remark ' * 20}<tr><td>1<td>2",
            f"| A | {('remark ' * 20).strip()} |\n| --- | --- |\n| 1 | 2 |\n",
        ),
        ("<tr><td>A<th>B<tr><td>1<td>2", "| A | B |\n| --- | --- |\n| 1 | 2 |\n"),
    ],
)
def test_without_a_header_it_stays_a_pipe_table(rows, expected):
    assert table(rows) == expected


def test_a_row_is_a_sentence_of_its_own_and_a_slice(tmp_path):
    page = tmp_path / "page.html"
    rows = "".join(f"<tr><th>Town {n}<td>{n * 7},100<td>Ada Moe" for n in range(3, 40))
    page.write_text(f"{PROSE * 5}<table><tr><th>Town<th>People<th>Mayor{rows}</table>")
    document, passages = read_document(page)
    sentences = {s.text: s for passage in passages for s in passage.sentences}
    row = sentences["Town: Town 9; People: 63,100; Mayor: Ada Moe"]
    assert canonical_text(str(page))[row.start : row.end] == row.text
    assert document.text.count("- Town:") == 37


def test_a_page_that_is_all_table_keeps_its_rows_and_loses_its_menu():
    rows = "".join(f"<tr><td>Harbor number {n}<td>{n} piles of oak" for n in range(60))
    menu = "".join(f"<li><a href=/{n}>Section {n}</a>" for n in range(9))
    page = (
        f"<body><div><ul>{menu}</ul></div><div><h1>Harbors</h1><table><tr><th>Name<th>Built of"
        f"{rows}</table></div><div><p><a href=/x>Imprint</a> <a href=/y>Privacy</a></p></div>"
    )
    text = load(page.encode(), "page.html").text
    assert text.count("- Name: Harbor number") == 60
    assert "Section" not in text
    assert "Imprint" not in text


def test_mails_too():
    page = f"{PROSE}<table><tr><th>From<th>Subject<tr><td>Ada Moe<td>Mud</table>{PROSE}"
    mail = f"From: a@b.org\nSubject: Tides\nContent-Type: text/html\n\n{page}"
    found = load_any(mail.encode(), "a.eml")
    assert "\n- From: Ada Moe; Subject: Mud\n" in found.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "rows",
    [
        f"<tr><th>{'a' * 110}" + "<th>b" * 60 + f"<tr><td>{'c' * 600}{'<td>d' * 90}" * 800,
        f"<tr>{'<th>ab' * 500}" + f"<tr>{'<td>1' * 500}" * 150,
        "<tr><th>a<th>b" * 12_000 + "<tr><td>1<td>2",
        "<tr><th>a<th>b<tr><td>1<td>2" * 6_000,
        f"<tr><th colspan=1000>{'a' * 100}<th>b{'<tr><td colspan=1000 rowspan=1000>1<td>c' * 500}",
    ],
)
def test_headers_do_not_multiply_a_page(rows):
    started = time.perf_counter()
    assert len(table(rows)) < 25_000_000
    assert time.perf_counter() - started < 15


CELLS = (
    *("<tr>", "<th>", "<td>", "<td colspan=2>", "<th colspan=3>", "<td rowspan=2>"),
    *("<th rowspan=3>", "<thead>", "<tbody>", "<tfoot>", "a", "7", "1990", "<br>", "x|y"),
    *("<td>word two", "<th>a name", "<td colspan=2>word two"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(CELLS), max_size=40))
def test_any_table_keeps_its_values(parts):
    """A name of a column may go: where no row has a value for it."""
    source = "".join(parts)
    text = load(f"<body>{PROSE}<table><tr>{source}</table>".encode(), "page.html").text
    assert ("word two" in text) >= ("word two" in source and "<thead>" not in source)


def test_cells_outside_of_rows_are_read():
    assert table("<thead><td>Loose cell<tr><th>A<th>B") == "Loose cell\n\nA\n\nB\n"
