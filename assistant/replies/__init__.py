"""Reading what chat models write, and small ones above all: tolerant of form, never of content.

The normal form of a reply is one statement a line that ends in the ids of its evidence, and `NO
ANSWER` alone where the evidence does not answer; or JSON of `SCHEMA`. Taken as well are other
brackets, ids in front or on a line of their own, several sentences before one marker, bullets and
numbers, headings, fences, thinking, leftovers of chat templates, JSON that was cut off or has other
names, refusals in other words, and endless repetition.

    cleaning    thinking, chat templates, control characters
    lines       what a line is
    markers     the ids in a text
    structured  JSON while it comes
    reader      puts them together
    pieces      what comes out
"""

from assistant.replies.pieces import SCHEMA, Declined, Draft, Piece, Writing
from assistant.replies.reader import ReplyReader

__all__ = ["SCHEMA", "Declined", "Draft", "Piece", "ReplyReader", "Writing"]
