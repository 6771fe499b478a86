from itertools import pairwise

import pytest

from index.blocks import find_blocks
from index.markup import front_matter_end, heading_text, plain_line

LONG = (
    "The old bridge was closed to carts in the spring, and the council, which had argued about it "
    "since the flood, sent for a mason from the capital. He came in June with two helpers, and"
)
WHOLE = LONG.removesuffix(", and") + "."


def labeled(text, byline=()):
    """(kind, label, the block's first words) of each block."""
    blocks = find_blocks(text, byline)
    assert all(text[b.start : b.end] == text[b.start : b.end].strip() for b in blocks)
    assert all(a.end <= b.start for a, b in pairwise(blocks))
    return [(b.kind, b.label, text[b.start : b.end][:12]) for b in blocks]


def labels(text):
    return [label for _, label, _ in labeled(text)]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("---\ntitle: A\n---\ntext", 17),
        ("---  \ntitle: A\n...\t\ntext", 20),
        ("---\ntitle: A\n---", 16),
        ('---\n"title": A\n---\n', 19),
        ("---\n# a comment\n\ntitle: A\n---\n", 30),
        ("---\n{title: A}\n---\n", 19),
        ("---\ntitle: A\nno end", 0),
        ("---\n\ntitle: A\n---\n", 0),
        ("---\nA line between two rules.\n---\ntext", 0),
        ("---\n---\ntext", 0),
        ("----\ntitle: A\n---\n", 0),
        (" ---\ntitle: A\n---\n", 0),
        ("---", 0),
        ("", 0),
        ("---\na: b\n" + "x: y\n" * 10_000 + "---\n", 0),
    ],
)
def test_front_matter_end(text, end):
    assert front_matter_end(text) == end


def test_a_page_break_inside_a_sentence():
    text = f"{WHOLE}\n\n{LONG}\n\nthe work began at once.\n\n{WHOLE}"
    assert labeled(text) == [("paragraph", "body", "The old brid")] * 3


def test_a_page_break_before_a_name():
    text = f"{LONG} then went to the South\n\nBridge. There they stayed."
    assert len(labeled(text)) == 1


@pytest.mark.parametrize("following", ["## he came", "- he came", "[1] he came", "He came back"])
def test_what_does_not_go_on(following):
    assert len(labeled(f"{LONG}\n\n{following}")) == 2


def test_soft_line_breaks():
    text = (
        "The bridge was closed in spring, and the\n"
        "council sent for a mason. He came in the\n"
        "June after with two helpers.\n"
        "\n"
        "They stayed.\n"
    )
    assert len(labeled(text)) == 2


def test_lines_that_are_paragraphs():
    assert len(labeled(f"{WHOLE}\n{WHOLE}\n{WHOLE}")) == 3


def test_a_byline_is_a_block_of_its_own():
    text = "By Jane Doe and with the help of many\nothers. It began in spring."
    assert labeled(text, [(0, 37)]) == [
        ("paragraph", "byline", "By Jane Doe "),
        ("paragraph", "body", "others. It b"),
    ]


def test_headings():
    text = f"# A\n\n{WHOLE}\n\nThe Second Part\n\n{WHOLE}\n\nwhat he said\n\n{WHOLE}"
    assert [kind for kind, _, _ in labeled(text)] == [
        "heading",
        "paragraph",
        "heading",
        "paragraph",
        "paragraph",
        "paragraph",
    ]


def test_a_line_too_long_for_a_heading():
    assert labeled("# " + "word " * 1000 + "end.") == [("paragraph", "body", "# word word ")]


def test_footnotes():
    text = (
        f"It fell.[1] It rose[^2], slowly.\n\n{WHOLE}\n\n"
        "[1] A note\nthat goes on.\n\n[^2]: Another."
    )
    assert labels(text) == ["body", "body", "notes", "notes"]


def test_numbered_paragraphs_are_no_notes():
    text = f"[1] {WHOLE}\n\n[2] {WHOLE} As said at [1], it fell.\n\n[3] {WHOLE}"
    assert labels(text) == ["body"] * 3


def test_a_paragraph_after_a_note_in_the_next_line():
    text = f"It fell.[1]\n{WHOLE}\n[1] A note.\n{WHOLE}\n## A heading\n{WHOLE}"
    assert labels(text) == ["body", "body", "notes", "body", "body", "body"]


def test_a_section_of_notes():
    text = (
        f"{WHOLE}\n\n## References\n\nDoe Jane; A Bridge; 2014\n\n"
        f"### Letters\n\nRoe John; Letters\n\n## After That\n\n{WHOLE}"
    )
    assert labels(text) == ["body", "notes", "notes", "notes", "notes", "body", "body"]


def test_entries_that_look_like_headings_end_no_section():
    text = f"{WHOLE}\n\n{WHOLE}\n\nNotes\n\nDoe Jane; A Bridge\n\n{WHOLE[:90]}"
    assert labels(text) == ["body", "body", "notes", "notes", "notes"]


@pytest.mark.parametrize("first", ["# Notes", "Notes", "# Sources", "References"])
def test_a_document_is_no_section_of_notes(first):
    assert labels(f"{first}\n\n{WHOLE}\n\n{WHOLE}")[1:] == ["body", "body"]


def test_a_tail_of_related_articles():
    text = f"{WHOLE}\n\n{WHOLE}\n\nRelated Articles\n\nAnother Bridge Falls\n\nIt fell in May ...\n"
    assert labels(text) == ["body", "body"] + ["boilerplate"] * 3
    assert labels(f"Related Articles\n\n{WHOLE}")[1:] == ["body"]


@pytest.mark.parametrize(
    "line",
    [
        "Read also",
        "Image source: a picture house",
        "© 2020 River House",
        "(c) 2020 River House",
        "Copyright 2020, River House. All rights reserved.",
        "Tel: +1 555 0100 • Fax: +1 555 0101",
        "**E-mail:** desk@example.org",
        "@riverhouse",
        "<https://example.org>",
        "[https://example.org](https://example.org)",
        "Subscribe to our weekly letter",
        "***",
        "=====",
        "Share on Facebook",
        "To cite this article: DOE, J. 2026.",
        "About the Author :",
    ],
)
def test_boilerplate(line):
    assert labels(f"{WHOLE}\n\n{line}\n\n{WHOLE}") == ["body", "boilerplate", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law was the mason's other trade, and he knew it well.",
        "Print was all the council read.",
        "Subscribers to the river fund came first. They wanted a bridge of stone, and got one.",
        "Sign up sheets hung on every door that week. Few signed.",
        "Menus were printed.",
        "Follow us, said the mason. So they followed him to the river.",
    ],
)
def test_what_only_begins_like_boilerplate(line):
    assert labels(f"{WHOLE}\n\n{line}\n\n{WHOLE}") == ["body"] * 3


def test_marks():
    assert heading_text("## The C# *mason* ##") == "The C# *mason*"
    assert heading_text("**The mason**") == "The mason"
    assert plain_line("# **By [Jane Doe](https://example.org)**[^1]*") == "By Jane Doe"
