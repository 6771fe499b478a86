from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_date, find_month_day, normalize_date, stated_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2021-03-03", "2021-03-03"),
        ("2021-3-3", "2021-03-03"),
        ("2021/03/03", "2021-03-03"),
        ("2021-03-03T10:15:00+04:00", "2021-03-03"),
        ("2021-03-03 10:15", "2021-03-03"),
        ("March 3, 2021", "2021-03-03"),
        ("Mar. 3 2021", "2021-03-03"),
        ("MARCH 3RD, 2021", "2021-03-03"),
        ("3 March 2021", "2021-03-03"),
        ("the 3rd of March, 2021", "2021-03-03"),
        ("03.03.2021", "2021-03-03"),
        ("Sept. 2021", "2021-09"),
        ("May, 2021", "2021-05"),
        ("2021-05", "2021-05"),
        ("between May 2021 and June 3, 2022", "2021-05"),
        ("3/4/2021", None),
        ("2021", None),
        ("31 February 2021", None),
        ("February 30, 2021", None),
        ("the 32nd of May 2021", None),
        ("2021-13-01", None),
        ("version 1.2.2021.4", None),
        ("10-2021-03-03-7", None),
        ("3 March 1821", None),
        ("\u017fept 2021", None),
    ],
)
def test_find_date(text, iso):
    found = find_date(text)
    assert (found and found[0]) == iso
    assert found is None or text[found[1] : found[2]].strip() == text[found[1] : found[2]]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.text(" |,(", max_size=3))
def test_every_day_is_found_where_it_stands(day, before):
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b %d %Y", "%d.%m.%Y"):
        written = day.strftime(form)
        assert find_date(before + written) == (
            day.isoformat(),
            len(before),
            len(before) + len(written),
        )


@given(st.text())
def test_any_text_is_searched(text):
    found = find_date(text)
    assert found is None or 0 <= found[1] < found[2] <= len(text)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Published on Oct 31, 2023, 10:15 GMT", ("2023-10-31", True)),
        ("Monday, 2 May 2022", ("2022-05-02", False)),
        ("Posted: 2 May 2022", ("2022-05-02", True)),
        ("Date: May 2022", ("2022-05", True)),
        ("Updated: 2 May 2022", None),
        ("Accessed 2 May 2022", None),
        ("Yerevan, 2 May 2022", None),
        ("2 May 2022 in Yerevan", None),
    ],
)
def test_stated_date(text, stated):
    assert stated_date(text) == stated


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2021", "2021"),
        (2021, "2021"),
        ("2021-05", "2021-05"),
        ("May 2, 2021", "2021-05-02"),
        (date(2021, 5, 2), "2021-05-02"),
        (datetime(2021, 5, 2, 10, 0), "2021-05-02"),
        ("soon", None),
        ("accessed 2 May 2021", None),
        ("2021-02-31", None),
        (["2021"], None),
        (None, None),
    ],
)
def test_normalize_date(value, iso):
    assert normalize_date(value) == iso


def test_find_month_day():
    assert find_month_day("Commentary. August 14.", "2017") == "2017-08-14"
    assert find_month_day("August 40", "2017") is None
    assert find_month_day("in August", "2017") is None
