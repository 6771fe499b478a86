import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.replies import Declined, Draft, ReplyReader, Writing

TANKS, PAID = "Russia sold tanks.", "It paid."


def read(text, size=None):
    """The drafts and refusals of a reply that comes in pieces of a size, or at once."""
    reader = ReplyReader()
    size = size or max(1, len(text))
    pieces = [piece for i in range(0, len(text), size) for piece in reader.feed(text[i : i + size])]
    pieces += reader.close()
    return [
        "declined" if isinstance(piece, Declined) else (piece.text, *piece.ids)
        for piece in pieces
        if not isinstance(piece, Writing)
    ]


REPLIES = {
    "the normal form": (
        "Russia sold tanks. [1.2] [2.1]\nIt paid. [1.3]",
        [(TANKS, "1.2", "2.1"), (PAID, "1.3")],
    ),
    "a comma": ("Russia sold tanks [1.2, 2.1].", [(TANKS, "1.2", "2.1")]),
    "a semicolon": ("Russia sold tanks [1.2; 2.1].", [(TANKS, "1.2", "2.1")]),
    "a range": ("Russia sold tanks. [1.2-1.4]", [(TANKS, "1.2", "1.3", "1.4")]),
    "parentheses": ("Russia sold tanks (1.2).", [(TANKS, "1.2")]),
    "a word within": ("Russia sold tanks. [Evidence 1.2]", [(TANKS, "1.2")]),
    "a source": ("Russia sold tanks. [Source: 1.2]", [(TANKS, "1.2")]),
    "other brackets": ("Russia sold tanks 【1.2】.", [(TANKS, "1.2")]),
    "a caret": ("Russia sold tanks.^1.2", [(TANKS, "1.2")]),
    "a passage": ("Russia sold tanks. [2]", [(TANKS, "2")]),
    "ids in front": ("[1.2] Russia sold tanks.", [(TANKS, "1.2")]),
    "a label in front": ("1.2: Russia sold tanks.", [(TANKS, "1.2")]),
    "ids in the middle": ("Russia [1.2] sold tanks [1.3].", [(TANKS, "1.2", "1.3")]),
    "ids on the next line": (
        "Russia sold tanks.\n[1.2]\nIt paid. [1.3]",
        [(TANKS, "1.2"), (PAID, "1.3")],
    ),
    "two sentences, one marker": (
        "Russia sold tanks. It paid. [1.2]",
        [(TANKS, "1.2"), (PAID, "1.2")],
    ),
    "all on one line": ("Russia sold tanks. [1.2] It paid. [1.3]", [(TANKS, "1.2"), (PAID, "1.3")]),
    "bullets and numbers": (
        "- Russia sold tanks. [1.2]\n2. It paid. [1.3]",
        [(TANKS, "1.2"), (PAID, "1.3")],
    ),
    "bold": ("**Russia** sold tanks. [1.2]", [(TANKS, "1.2")]),
    "a heading": ("## Answer\n\nRussia sold tanks. [1.2]", None),
    "a label": ("Answer: Russia sold tanks. [1.2]", [(TANKS, "1.2")]),
    "chatter": (
        "Sure! Here is the answer:\n\nRussia sold tanks. [1.2]\n\nLet me know if you need more.",
        [(TANKS, "1.2")],
    ),
    "an opening": ("Based on the evidence provided, Russia sold tanks. [1.2]", [(TANKS, "1.2")]),
    "thinking": (
        "<think>Hm. [9.9]\nNO ANSWER?</think>\n\nRussia sold tanks. [1.2]",
        [(TANKS, "1.2")],
    ),
    "thinking without end": ("<think>Hm. Russia sold tanks. [1.2]", []),
    "a block of code": ("```\nRussia sold tanks. [1.2]\n```", [(TANKS, "1.2")]),
    "a chat template": ("Russia sold tanks. [1.2]<|im_end|>\n<|im_start|>", [(TANKS, "1.2")]),
    "JSON": (
        '{"statements":[{"text":"Russia sold tanks.","ids":["1.2"]},'
        '{"text":"It paid.","ids":[1.3]}]}',
        [(TANKS, "1.2"), (PAID, "1.3")],
    ),
    "JSON in a block": (
        '```json\n{"statements": [{"sentence": "Russia sold tanks.",'
        ' "citations": "1.2, 2.1"}]}\n```',
        [(TANKS, "1.2", "2.1")],
    ),
    "JSON cut off": (
        '{"statements":[{"text":"Russia sold tanks.","ids":["1.2"]},{"text":"It pa',
        [(TANKS, "1.2"), ("It pa",)],
    ),
    "a list in JSON": ('[{"text":"Russia sold tanks.","ids":["1.2"]}]', [(TANKS, "1.2")]),
    "an empty list": ('{"statements": []}', ["declined"]),
    "no answer": ("NO ANSWER", ["declined"]),
    "no answer, explained": ("No answer. The sentences do not say.", ["declined"]),
    "no answer, in quotes": ('"NO_ANSWER."', ["declined"]),
    "no answer, bold": ("**NO ANSWER**", ["declined"]),
    "a refusal": ("The documents do not mention the price of tanks.", ["declined"]),
    "repetition": ("It paid. [1.1]\n" * 5, [(PAID, "1.1")]),
    "other line ends": (
        "Russia sold tanks. [1.2]\r\nIt paid. [1.3]\r\n",
        [(TANKS, "1.2"), (PAID, "1.3")],
    ),
    "abbreviations": (
        "The U.S. sold 3.5 tons to Mr. Smith. [1.2]",
        [("The U.S. sold 3.5 tons to Mr. Smith.", "1.2")],
    ),
    "a number in front": ("40 tanks were sold. [1.2]", [("40 tanks were sold.", "1.2")]),
    "a year in front": ("2019 was the year. [1.2]", [("2019 was the year.", "1.2")]),
    "no ids": ("Russia sold tanks.", [(TANKS,)]),
    "a question": ("Who sold tanks?", []),
    "nothing": ("", []),
    "ids alone": ("[1.2]", []),
    "control characters": ("Russia\x00 sold\x07 tanks. [1.2]", [(TANKS, "1.2")]),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_is_read(name):
    text, expected = REPLIES[name]
    drafts = read(text)
    if expected is None:
        assert drafts[-1] == (TANKS, "1.2")
    else:
        assert drafts == expected


@pytest.mark.parametrize("name", REPLIES)
@given(size=st.integers(1, 40))
def test_the_pieces_it_comes_in_make_no_difference(name, size):
    text, _ = REPLIES[name]
    assert read(text, size) == read(text)


def written(text):
    reader = ReplyReader()
    pieces = [piece for character in text for piece in reader.feed(character)]
    return [piece for piece in pieces if isinstance(piece, Writing | Draft)]


def test_text_is_shown_while_it_comes_without_its_marker():
    pieces = written("Russia sold tanks. [1.2]\n")
    assert "".join(piece.text for piece in pieces[:-1]) == TANKS == pieces[-1].text
    assert len(pieces) > 10


def test_text_of_json_is_shown_while_it_comes():
    pieces = written(json.dumps({"statements": [{"text": TANKS, "ids": ["1.2"]}]}))
    assert "".join(piece.text for piece in pieces if isinstance(piece, Writing)) == TANKS


def test_a_quotation_is_held_back_until_it_closes():
    reader = ReplyReader()
    shown = "".join(piece.text for piece in reader.feed("He said “we leave the"))
    assert "we leave" not in shown


def test_a_model_that_loops_is_noticed():
    reader = ReplyReader()
    reader.feed("It paid. [1.1]\n" * 3)
    assert not reader.is_looping
    reader.feed("It paid. [1.1]\n")
    assert reader.is_looping


@pytest.mark.parametrize(
    "text",
    [
        "a " * 100_000,
        "[" * 200_000,
        "{" * 200_000,
        '{"a":' * 40_000,
        "<" * 200_000,
        "1.2 " * 50_000,
    ],
)
def test_a_lot_of_garbage_takes_little_time(text):
    started = time.perf_counter()
    reader = ReplyReader()
    for i in range(0, len(text), 1_000):
        reader.feed(text[i : i + 1_000])
    reader.close()
    assert time.perf_counter() - started < 20
