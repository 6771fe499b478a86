"""Numbers, dates and names: what the quotes do not give must fail."""

import pytest

TANKS = "Russia sold 40 tanks to Armenia in 2019, the ministry in Yerevan noted."


@pytest.mark.parametrize(
    "text",
    ["Russia sold 41 tanks to Armenia.", "Russia sold 40 planes to Armenia.",
     "Russia sold 40 million tanks to Armenia.", "Russia sold 40% tanks to Armenia.",
     "Russia sold over 40 tanks to Armenia.", "Russia sold half the tanks to Armenia.",
     "Russia sold T-72 tanks to Armenia.", "Russia sold tanks to Armenia for the 3rd time."],
)  # fmt: skip
def test_numbers_caught(failed, text):
    assert "numbers" in failed(text, TANKS)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russia sold forty tanks to Armenia.", TANKS),
        ("It has 3,000 men.", "It has three thousand men."),
        ("It fell by 12 percent.", "It fell by 12%."),
        ("It cost 5 million dollars.", "It cost $5 million."),
        ("More than 40 came.", "Over 40 came."),
        ("It is 300 km away.", "It is 300 kilometers away."),
        ("One of the tanks was sold.", "Of the tanks some were sold."),
    ],
)
def test_numbers_not_fired(failed, text, quote):
    assert "numbers" not in failed(text, quote)


@pytest.mark.parametrize(
    "text",
    ["Russia sold tanks in 2018.", "Russia sold tanks in May 2019.", "Russia sold tanks on Monday.",
     "Russia sold tanks until 2019.", "Russia sold tanks in October 2023."],
)  # fmt: skip
def test_dates_caught(failed, text):
    quote = "After 2019 Russia sold tanks." if "until" in text else "Russia sold tanks in 2019."
    assert "dates" in failed(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russia sold them in October 2020.", "Russia sold them on October 31, 2020."),
        ("Russia sold them on 31 October 2020.", "Russia sold them on Oct. 31, 2020."),
        ("They may march in 2019.", "In 2019 they may march."),
    ],
)
def test_dates_not_fired(failed, text, quote):
    assert "dates" not in failed(text, quote)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("Turkey sold 40 tanks to Armenia.", {}),
        ("Russia sold 40 tanks to Iran.", {}),
        ("Moscow sold 40 tanks to Armenia.", {}),
        ("Russia sold 40 tanks to moscow.", {"context": "He went to Moscow."}),
        ("Russia sold 40 tanks, Jane Doe and Armenia.", {}),
        ("Russia sold 40 tanks in Armenia, as Cutler did.", {}),
    ],
)
def test_names_caught(failed, text, options):
    assert "names" in failed(text, TANKS, **options)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russian tanks were sold to Armenians.", TANKS),
        ("The US left.", "The United States left."),
        ("The CSTO met.", "The Collective Security Treaty Organization met."),
        ("Normandy fell to French men.", "The Normans in France fell."),
        ("Tanks were sold by Russia.", TANKS),
    ],
)
def test_names_not_fired(failed, text, quote):
    assert "names" not in failed(text, quote)
