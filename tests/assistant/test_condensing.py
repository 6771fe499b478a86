import pytest

from assistant.condensing import trusted

HISTORY = [
    ("When was the harbor of Larnmouth built?", "The harbor of Larnmouth was built in 1902. [1]"),
]


@pytest.mark.parametrize(
    "written",
    [
        "Who built the harbor of Larnmouth?",
        "Question: Who built the harbor of Larnmouth?",
        "Standalone question: “Who built the harbor of Larnmouth?”",
        "**Who built the harbor of Larnmouth?**",
    ],
)
def test_what_asks_the_same_is_taken(written):
    assert trusted(written, "Who built it?", HISTORY) == "Who built the harbor of Larnmouth?"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Who built the harbor of Ostend?", "a name nobody said"),
        ("Who built the harbor of Larnmouth in 1903?", "a year nobody said"),
        ("Who paid for the harbor of Larnmouth?", "what was asked is lost"),
        ("The harbor of Larnmouth was built by the town.\nIt was 1902.", "two lines"),
        ("", "nothing"),
        ("???", "no word"),
        ("Who built the harbor of Larnmouth " * 40, "too long"),
    ],
)
def test_what_asks_something_else_is_not(written, why):
    assert trusted(written, "Who built it?", HISTORY) is None, why
