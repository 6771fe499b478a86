"""An answer's text, as a reader takes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.statements import quotations, statements_of


def told(text):
    return [(statement.text, statement.citations) for statement in statements_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It fell [1]. Then it rose.[2] So?",
            [("It fell.", (1,)), ("Then it rose.", (2,)), ("So?", ())],
        ),
        ("Ann writes: “It fell. It rose.” [1]", [("Ann writes: “It fell. It rose.”", (1,))]),
        ('He said "A. B." and left. [1]', [('He said "A. B." and left.', (1,))]),
        ("Both say so [1][3]. All do [2, 4].", [("Both say so.", (1, 3)), ("All do.", (2, 4))]),
        ("- one thing [1]\n- two things [2]", [("one thing", (1,)), ("two things", (2,))]),
        ("Sources differ:\n\nIt **fell** [1].", [("It fell.", (1,))]),
        ("It fell\nin May [1].", [("It fell in May.", (1,))]),
        (
            "Ann: “He said “no. never” once. So.” [1]",
            [("Ann: “He said “no. never” once. So.”", (1,))],
        ),
        ("See [this](http://x.example) [1].", [("See [this](http://x.example).", (1,))]),
        ("[1] It fell.", [("It fell.", (1,))]),
        ("The entity_attribute *is* _so_ [1].", [("The entity_attribute is so.", (1,))]),
        ("", []),
        ("[1]", []),
    ],
)
def test_statements(text, expected):
    assert told(text) == expected


@given(st.text(st.sampled_from("It fel.“”[1] \n-x:é"), max_size=80))
def test_statements_are_made_of_the_text_in_order(text):
    rest = iter(text)
    said = "".join(statement.text for statement in statements_of(text))
    assert all(letter in rest for letter in said if letter.isalpha())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a “b” c", ["“b”"]),
        ("a “b “c. d” e” f", ["“b “c. d” e”"]),
        ('a “b "c" d” e', ['“b "c" d”']),
        ('a “b 5" d” e', ['“b 5" d”']),
        ("a “b", []),
        ("b” a “c”", ["“c”"]),
        ("«a» “b”", ["«a»", "“b”"]),
    ],
)
def test_quotations(text, expected):
    assert [text[start:end] for start, end in quotations(text)] == expected
