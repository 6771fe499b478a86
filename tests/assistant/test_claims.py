"""What a sentence claims: found by rules, compared by value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims import (
    dates_in,
    names_in,
    negations_in,
    numbers_in,
    unborne_dates,
    unborne_names,
    unborne_negations,
    unborne_numbers,
)


def values(claims):
    return [claim.value for claim in claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3,000 men and three thousand more", [3000, 3000]),
        ("$12.4 billion, or 12,400 million", [12.4e9, 12.4e9]),
        ("94 percent; 94%", [94, 94]),
        ("twenty-one days, a dozen", [21]),
        ("In 2016 and on November 9, 2020 nothing", []),
        ("version 1.2.3", []),
        ("A4 paper, 4x4", []),
    ],
)
def test_numbers(text, expected):
    assert values(numbers_in(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On November 9, 2020 and 9 November", ["2020-11-09", "--11-09"]),
        ("in Oct. 2023, in 2019-2020", ["2023-10", "2019", "2020"]),
        ("2,020 men for $2000", []),
        ("the 1990s", ["1990"]),
    ],
)
def test_dates(text, expected):
    assert values(dates_in(text)) == expected


def test_names():
    text = "Robert M. Cutler's text names Ararat Mirzoyan. Moscow did too. The Kremlin in May not."
    assert [claim.text for claim in names_in(text)] == [
        *("Robert", "Cutler's", "Ararat", "Mirzoyan", "Kremlin")
    ]
    assert "Moscow" in [claim.text for claim in names_in(text, known={"moscow"})]


@pytest.mark.parametrize(
    ("text", "premise", "unborne"),
    [
        ("It costs 12,400 million.", "It is $12.4 billion", []),
        ("It costs 13 billion.", "It is $12.4 billion", ["13 billion"]),
        ("It costs five.", "It costs 5.", []),
    ],
)
def test_unborne_numbers(text, premise, unborne):
    assert [claim.text for claim in unborne_numbers(text, premise)] == unborne


@pytest.mark.parametrize(
    ("text", "premise", "unborne"),
    [
        ("in 2020", "on November 9, 2020", []),
        ("on November 9, 2020", "in 2020", ["November 9, 2020"]),
        ("on November 9, 2020", "on November 9 of that year, 2020", []),
        ("on November 9", "on November 9, 2020", []),
        ("in 2021", "in 2020", ["2021"]),
    ],
)
def test_unborne_dates(text, premise, unborne):
    assert [claim.text for claim in unborne_dates(text, premise)] == unborne


def test_unborne_names():
    premise = "Putin met the X-Men of Erdoğan’s guard"
    assert unborne_names("So Putin and the X-Men saw Erdoğan.", premise) == []
    assert [c.text for c in unborne_names("So Aliyev saw Putin.", premise)] == ["Aliyev"]


@pytest.mark.parametrize(
    ("text", "premise", "is_borne"),
    [
        ("Russia will support Armenia.", "Russia will not support Armenia.", False),
        ("Russia will not support Armenia.", "Russia will support Armenia.", False),
        ("Russia won't support Armenia.", "Russia will never support Armenia.", True),
        ("Nobody left.", "Nobody left the hall.", True),
        ("Armenia bought arms.", "Armenia bought arms. It did not pay for trains.", True),
    ],
)
def test_denials(text, premise, is_borne):
    assert (unborne_negations(text, premise)[1] == []) is is_borne


def test_what_is_not_stated_of_a_document_is_no_denial():
    assert negations_in("“Tides” (author not stated, date not stated) says: “It fell.”") == []
    assert negations_in("Ann (date not stated) writes: “It fell.”") == []
    assert len(negations_in("The date is not stated there.")) == 1


def test_a_denial_reaches_to_the_end_of_its_clause():
    (scope,) = negations_in("It is not open, and the sea is blue.")
    assert scope == {"open"}


@pytest.mark.parametrize("text", ["They flew the A-2014.", "0&²¹1000"])
def test_a_year_at_the_end_of_a_name_is_a_part_of_it(text):
    assert unborne_names(text, text) == []
    assert len(unborne_names(text, "They flew in 2014.")) == 1


@given(st.text(max_size=300))
def test_what_a_text_claims_it_bears_out(text):
    assert unborne_numbers(text, text) == []
    assert unborne_dates(text, text) == []
    assert unborne_names(text, text) == []
    assert unborne_negations(text, text)[1] == []
