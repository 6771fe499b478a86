"""Expressions that were quadratic find what they found, in time that grows as the text does."""

import re
import time
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.instructions import instructed_spans
from index import dates
from index.loaders.html import declarations
from index.loaders.mail import quoting
from index.loaders.office import cell_values
from index.loaders.pdf import information, joining

SIZE = 200_000
SECONDS = 0.2
"""Of processor time; each takes some milliseconds."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?"
EARLIER = MappingProxyType(
    {
        "heading": re.compile(
            r"(?:[-_=*\s]{2,}\s*)?(?:original (?:message|appointment)|forwarded (?:message|by\b.*)"
            r"|weitergeleitete nachricht|begin forwarded message:?)\s*[-_=*]*\s*:?$",
            re.I,
        ),
        "time": re.compile(
            r"[\s,]*(?:(?:at\s+|T)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?"
            r"\s*(?:[A-Z]{2,4}|[+-]\d{2}:?\d{2})?)?[\s.]*",
            re.I,
        ),
        "font": re.compile(rf"(?:^|\s)({_NUMBER}(?:[a-z]+|%)|0)(?:\s*/|\s)"),
        "length": re.compile(rf"({_NUMBER})(px|pt|pc|in|cm|mm|q|r?em|ex|ch|vw|%)?"),
        "scale": re.compile(
            rf"scale(?:[xy]|3d)?\(\s*({_NUMBER})(%?)(?:\s*,\s*({_NUMBER})(%?))?",
        ),
        "cut": re.compile(r"(?P<head>[^\W\d_]{2,})[-\u2010]$"),
        "packet": re.compile(rb"<x:xmpmeta\b.{0,30}?</x:xmpmeta>", re.DOTALL),
    }
)


def texts(*pieces):
    """Texts made of what an expression looks for."""
    return st.lists(st.sampled_from(pieces), max_size=9).map("".join)


MARKS = (" ", "\t", "-", "_", "=*", ":", "x")
HEADINGS = ("original message", "Forwarded by", "Begin forwarded message:", "weitergeleitete ")
NUMBERS = ("1", "20", ".", "+", "e", "e5", "px", "em", "%", " ", "/", "0", ",", "scale(", "scalex(")
CLOCKS = (" ", ",", "at ", "T", "10:30", "1", ":", ".", "20", "pm", "p.m.", "EST", "+01:00", "a")
WORDS = ("a", "bc", "é", "-", "\u2010", "_", "1", " ", "\n")
PACKETS = ("<x:xmpmeta", "<x:xmpmetas", ">", " ", "aaaaaaaaaaaaa", "</x:xmpmeta>")


def outcome(match):
    return match and (match.span(), match.groups())


@settings(max_examples=40, deadline=None)
@given(texts(*MARKS, *HEADINGS), texts(*NUMBERS), texts(*CLOCKS), texts(*WORDS), texts(*PACKETS))
def test_they_find_what_they_found(heading, number, clock, word, packet):
    assert bool(quoting._HEADING.match(heading)) == bool(EARLIER["heading"].match(heading))
    assert bool(dates._TIME.fullmatch(clock)) == bool(EARLIER["time"].fullmatch(clock))
    for now, before in (
        (declarations._FONT_SIZE.search(number), EARLIER["font"].search(number)),
        (declarations._LENGTH.fullmatch(number), EARLIER["length"].fullmatch(number)),
        (declarations._SCALE.search(number), EARLIER["scale"].search(number)),
        (joining._CUT.search(word), EARLIER["cut"].search(word)),
    ):
        assert outcome(now) == outcome(before)
    data = packet.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(information, "_LONGEST_PACKET", 30)
        assert list(information._packets(data)) == EARLIER["packet"].findall(data)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (quoting._HEADING.match, "-" + " " * SIZE + "x"),
        (quoting._HEADING.match, "forwarded message" + " " * SIZE + "x"),
        (dates._TIME.fullmatch, " " * SIZE + "x"),
        (dates._TIME.fullmatch, "10:30" + " " * SIZE + "x"),
        (declarations._font, "1" * SIZE),
        (declarations._size, "1" * SIZE + "!"),
        (declarations._clipping, "inset(" * (SIZE // 6)),
        (declarations._clipping, "inset(" * (SIZE // 6) + "\n)"),
        (joining._CUT.search, "a" * SIZE),
        (joining._CUT.search, "aa-" * (SIZE // 3)),
        (cell_values._parsed, "[" * SIZE),
        (instructed_spans, "-" * 20_000 + " end of x " + "-" * 20_000),
        (lambda text: list(information._packets(text.encode())), "<x:xmpmeta " * (SIZE // 11)),
        (lambda text: list(information._packets(text.encode())), "<x:xmpmeta>" * SIZE + "</x:xmp"),
    ],
    ids=lambda value: repr(value)[:24] if isinstance(value, str) else "",
)
def test_time_grows_as_the_text_does(read, text):
    began = time.thread_time()
    read(text)
    assert time.thread_time() - began < SECONDS
