"""Metadata of made-up documents of many kinds, and of the five real articles."""

import pytest

from index.bylines import from_text
from index.metadata import Metadata, from_mapping
from index.names import is_name, leading_names, stated_names

BODY = (
    "The old bridge was closed to carts in the spring, and the council, which had argued about it "
    "since the flood, sent for a mason from the capital. He came in June with two helpers."
)


def stated(text):
    """(title, authors, publisher, published) that the text's own lines state."""
    metadata = Metadata()
    from_text(metadata, text)
    values = metadata.values
    assert set(metadata.found.values()) <= {"byline"}
    assert all(0 <= start < end <= len(text) for _, (start, end) in metadata.spans)
    names = ("title", "authors", "publisher", "published")
    return tuple(values.get(name) for name in names)


NOTHING = (None, None, None, None)
DOE = ("Jane Doe",)


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        # A newspaper: title, byline with date.
        (
            "Bridge Reopens After Two Years\n\nBy Jane Doe | March 3, 2021\n\n",
            ("Bridge Reopens After Two Years", DOE, None, "2021-03-03"),
        ),
        (
            "Bridge reopens after two years\nBy Jane Doe, Staff Writer\nMarch 3, 2021\n\n",
            ("Bridge reopens after two years", DOE, None, "2021-03-03"),
        ),
        # A blog.
        (
            "# Why We Walk\n\nPosted on 2 May 2019 by Ann Lee\n\n",
            ("Why We Walk", ("Ann Lee",), None, "2019-05-02"),
        ),
        (
            "Notes from a long walk\n\nAnn Lee · 5 min read · Published May 2, 2019\n\n",
            ("Notes from a long walk", None, None, "2019-05-02"),
        ),
        # Markdown.
        (
            "# The Mason\n\n*By [Jane Doe](https://example.org/jane), 3 March 2021*\n\n",
            ("The Mason", DOE, None, "2021-03-03"),
        ),
        (
            "# **What the C# Mason Said**[^1]\n\n**Author:** Jane Doe\n**Date:** 2021-03-03\n\n",
            ("What the C# Mason Said", DOE, None, "2021-03-03"),
        ),
        (
            "The Long Way Round\n==================\n\nBy Jane Doe\n\n",
            ("The Long Way Round", DOE, None, None),
        ),
        ("## A Section First\n\n", NOTHING),
        ("# Introduction\n\n", NOTHING),
        ("### Skip me\n\n# A Late Heading\n\n", NOTHING),
        # No title: the first line is a sentence, a wrapped line, a greeting, a place, a list.
        ("It rained all night.\n\n", NOTHING),
        ("Did it rain all night?\n\n", NOTHING),
        (
            "When the council met in the spring, the bridge over the old river was a\nruin. ",
            NOTHING,
        ),
        ("When the council met in spring the bridge over the river was the\nCouncil's. ", NOTHING),
        ("Dear members of the council,\n\n", NOTHING),
        ("To: the council\nFrom: Jane Doe\nSubject: the old bridge again\n\n", NOTHING),
        ("YEREVAN\n\n", NOTHING),
        ("Tbilisi, Georgia\n\n", NOTHING),
        ("- bread and butter\n- milk and honey\n\n", NOTHING),
        ("12 River Street\nSpringfield\n\n", NOTHING),
        ("Roses are often red\nViolets are rarely blue\nSugar is always sweet\n\n", NOTHING),
        ("Home > World > Bridges and Roads\n\n", NOTHING),
        # ALL CAPS, with the author's name in capitals.
        (
            "THE BRIDGE THAT NOBODY WANTED\n\nBY JANE DOE\n\n",
            ("THE BRIDGE THAT NOBODY WANTED", ("JANE DOE",), None, None),
        ),
        # Several authors.
        ("By Jane Doe and John Roe\n\n", (None, ("Jane Doe", "John Roe"), None, None)),
        (
            "By Jane Doe, John Roe, and Mary Major\n\n",
            (None, ("Jane Doe", "John Roe", "Mary Major"), None, None),
        ),
        ("By Jane Doe & John Roe\n\n", (None, ("Jane Doe", "John Roe"), None, None)),
        ("By Jane Doe\nBy John Roe\n\n", (None, ("Jane Doe", "John Roe"), None, None)),
        ("Authors: Jane Doe; John Roe\n\n", (None, ("Jane Doe", "John Roe"), None, None)),
        # Particles, initials, marks of notes.
        ("by Ursula von der Leyen\n\n", (None, ("Ursula von der Leyen",), None, None)),
        ("By J. R. Doe-Smith\n\n", (None, ("J. R. Doe-Smith",), None, None)),
        ("By Seán O'Casey*\n\n", (None, ("Seán O'Casey",), None, None)),
        ("By Jane Doe, New York\n\n", (None, DOE, None, None)),
        ("By Jane Doe in Tbilisi\n\n", (None, DOE, None, None)),
        ("By Jane Doe, PhD, Senior Fellow at the Institute\n\n", (None, DOE, None, None)),
        (
            "The Bridge and Its Enemies\n\nJane DOE*\n\nResearch Fellow at the Academy\n\n",
            ("The Bridge and Its Enemies", ("Jane DOE",), None, None),
        ),
        # What looks like a byline and is none.
        ("By Monday Morning\n\n", NOTHING),
        ("By The River\n\n", NOTHING),
        ("By May 2024\n\n", NOTHING),
        ("By Staff Writer\n\n", NOTHING),
        ("By Jane Doe's reckoning the bridge was lost\n\n", NOTHING),
        ("By Jane Doe, the bridge was lost.\n\n", NOTHING),
        ("Frozen Roads\n\nResearch note\n\n", NOTHING),
        ("Jane Doe\n\n", NOTHING),
        # Dates of other things.
        ("Accessed 3 May 2024\n\n", NOTHING),
        ("Copyright 2020\n\n", NOTHING),
        ("© 3 May 2020 Jane Doe\n\n", NOTHING),
        ("Updated: May 3, 2021\n\n", NOTHING),
        ("Last updated on May 3, 2021\n\n", NOTHING),
        ("Munich, 30 September 1938\n\n", NOTHING),
        ("Annual meeting | 3 May 2021\n\n", NOTHING),
        ("3/4/2021\n\n", NOTHING),
        ("May 2019 – June 2020\n\n", NOTHING),
        ("By Jane Doe, updated May 3, 2021\n\n", (None, DOE, None, None)),
        ("Published: May 1, 2021 | Updated: May 3, 2021\n\n", (None, None, None, "2021-05-01")),
        ("Updated: May 3, 2021 | Published: May 1, 2021\n\n", (None, None, None, "2021-05-01")),
        ("3 May 2021, 10:15\n\n", (None, None, None, "2021-05-03")),
        # Mastheads.
        (
            "RVR - River Policy Center\n\nwho owns the river now\n\nWho Owns the River Now\n\n",
            ("Who Owns the River Now", None, "River Policy Center", None),
        ),
        (
            "The River Times\n\nMarch 3, 2021\n\nMason arrives at the bridge\n\nBy Jane Doe\n\n",
            ("Mason arrives at the bridge", DOE, "The River Times", "2021-03-03"),
        ),
        (
            "The town at the center of a dispute\n\n",
            ("The town at the center of a dispute", *NOTHING[1:]),
        ),
        ("The River Times\n\n", NOTHING),
        # Labels.
        (
            "Title: A Bridge\nAuthor: Jane Doe\nDate: 3 March 2021\nPublisher: River House\n\n",
            ("A Bridge", DOE, "River House", "2021-03-03"),
        ),
    ],
)
def test_layouts(top, expected):
    assert stated(top + BODY) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("\n\nRelated Articles\n\nAnother Bridge Falls\n\nBy John Roe\n\nMay 3, 2021", NOTHING),
        (
            "\n\n© 2009-2025 River Policy Center All Rights Reserved",
            (None, None, "River Policy Center", None),
        ),
        ("\n\n© 2020 Jane Doe", NOTHING),
        ("\n\nPhoto © The Picture Agency", NOTHING),
        (
            '\n\nTo cite this article: DOE, J. 2026. "A Bridge." River Policy Center, Commentary '
            "No.2019 / 12. June 4. Accessed May 3, 2026. <https://example.org>",
            (None, None, "River Policy Center", "2019-06-04"),
        ),
        (
            '\n\nCite as: Doe, J. "May 9, 1945." River House, 2020. Accessed May 3, 2026.',
            (None, None, "River House", None),
        ),
    ],
)
def test_ends(end, expected):
    lead = "\n\n".join([BODY] * 25)
    assert stated(lead + end) == expected


def test_a_byline_may_follow_the_lead_paragraph():
    assert stated(f"{BODY}\nBy Jane Doe\n{BODY}\n") == (None, DOE, None, None)


def test_a_name_is_written_as_the_text_writes_it():
    text = f"The Bridge and Its Enemies\n\nBy Jane DOE\n\n{BODY} Jane Doe lives there."
    assert stated(text)[1] == DOE


def test_a_name_with_letters_that_change_their_length():
    text = f"By Ayşe İNCE\n\n{BODY} İİİ Ayşe İnce lives there."
    assert stated(text)[1] in (("Ayşe İNCE",), ("Ayşe İnce",))


def test_spans_point_to_what_states_it():
    text = f"Bridge Reopens After Two Years\n\nBy Jane Doe | March 3, 2021\n\n{BODY}"
    metadata = Metadata()
    from_text(metadata, text)
    quoted = {name: text[start:end] for name, (start, end) in metadata.spans}
    assert quoted == {
        "title": "Bridge Reopens After Two Years",
        "authors": "By Jane Doe | March 3, 2021",
        "published": "March 3, 2021",
    }
    start, end = metadata.byline_lines[0]
    assert text[start:end].endswith("March 3, 2021")


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({"title": " A  Bridge ", "author": "Jane Doe"}, {"title": "A Bridge", "authors": DOE}),
        (
            {"Title": "A", "AUTHOR": "Jane Doe and John Roe"},
            {"title": "A", "authors": ("Jane Doe", "John Roe")},
        ),
        (
            {"authors": [{"name": "Jane Doe", "mail": "x"}, "John Roe", None]},
            {"authors": ("Jane Doe", "John Roe")},
        ),
        ({"author": {"name": "Jane Doe"}}, {"authors": DOE}),
        ({"author": {"given": "Jane", "family": "Doe"}}, {"authors": DOE}),
        ({"author": "Doe, Jane"}, {"authors": ("Doe, Jane",)}),
        ({"author": "Doe, Jane; Roe, John"}, {"authors": ("Doe, Jane", "Roe, John")}),
        (
            {"author": "Ministry of Trade and Industry"},
            {"authors": ("Ministry of Trade and Industry",)},
        ),
        ({"publisher": {"name": "River House"}}, {"publisher": "River House"}),
        ({"date": "2021-03-03T10:15:00Z"}, {"published": "2021-03-03"}),
        ({"publication-date": "3 March 2021"}, {"published": "2021-03-03"}),
        ({"published": "null", "date": "2021"}, {"published": "2021"}),
        ({"date": "forthcoming"}, {}),
        ({"date": ["2021"], "title": {"a": "b"}, "authors": {"a": "b"}}, {}),
        ({"title": "", "author": "~", "language": "no"}, {"language": "no"}),
        ({1: 2, None: "x"}, {}),
    ],
)
def test_mappings(mapping, expected):
    metadata = Metadata()
    from_mapping(metadata, mapping, "sidecar")
    assert metadata.values == expected
    assert metadata.found == dict.fromkeys(expected, "sidecar")


def test_the_first_statement_stays():
    metadata = Metadata()
    from_mapping(metadata, {"title": "One"}, "sidecar")
    from_mapping(metadata, {"title": "Two", "lang": "en"}, "front_matter", "title: Two\nlang: en\n")
    assert metadata.values == {"title": "One", "language": "en"}
    assert metadata.found == {"title": "sidecar", "language": "front_matter"}
    assert metadata.spans == [("language", (11, 19))]


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe", "Ursula von der Leyen", "J. R. Doe", "Seán O'Casey", "Jean-Luc Doe",
        "Øyvind Ås", "Ludwig d’Avignon", "Dr. Jane Doe", "JANE DOE", "Мария Иванова",
        "Արամ Սարգսյան", "Robert M. Roe",
    ],
)  # fmt: skip
def test_names(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "", "Jane", "jane doe", "The Mason", "New York", "River Policy Center", "Jane and Doe",
        "J. R.", "Jane Doe 2", "By Jane", "Monday Morning", "A B C D E F G H", "Jane Doe walks",
        "Over The Hills",
    ],
)  # fmt: skip
def test_what_is_no_name(text):
    assert not is_name(text)


def test_leading_names():
    assert leading_names("Jane Doe, John Roe, and others") == ("Jane Doe", "John Roe")
    assert leading_names("nobody, Jane Doe") == ()
    assert stated_names("Jane Doe") == DOE
