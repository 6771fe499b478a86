"""HTML comments in Markdown: they are kept in the tiles, and cut no sentence beside them."""

import pytest

from assistant.instructions import instructed_spans
from index.comments import find_comments, without_comments
from index.segmentation import split
from index.sources import read_document


def sentences(text):
    passages = split(text, "0" * 16)
    assert "".join(passage.text for passage in passages) == text
    for passage in passages:
        for sentence in passage.sentences:
            assert text[sentence.start : sentence.end] == sentence.text
    return [(s.text, p.label) for p in passages for s in p.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <!-- b --> c", [(2, 12)]),
        ("<!-- a\nb --><!---->", [(0, 12), (12, 19)]),
        ("<!--> shown -->", [(0, 5)]),
        ("a <!-- never closed", []),
        ("no comment -->", []),
    ],
)
def test_find_comments(text, expected):
    assert find_comments(text) == expected
    assert len(without_comments(text)) == len(text)


def test_comment_between_paragraphs_is_a_passage_of_its_own():
    text = (
        "# The mill\n\nThe mill was sold in 1904.\n\n<!-- TODO: check the year. Ask Ada. -->\n\n"
        "It burned down two years later.\n"
    )
    assert sentences(text) == [
        ("The mill was sold in 1904.", "body"),
        ("It burned down two years later.", "body"),
    ]
    passages = split(text, "0" * 16)
    held = [passage for passage in passages if "TODO" in passage.text]
    assert [passage.label for passage in held] == ["boilerplate"]
    for passage in passages:
        assert bool(instructed_spans(passage.text)) == (passage in held)


@pytest.mark.parametrize(
    "text",
    [
        "The mill was sold. <!-- a note --> It burned down.\n",
        "The mill was sold.<!-- a note. Of two sentences. --> It burned down.\n",
        "<!-- a note -->The mill was sold. It burned down.\n",
        "The mill was sold. It burned down. <!-- a note -->\n",
        "The mill was sold.\n<!-- a note -->\nIt burned down.\n",
        "<!-- a\n\nnote -->\nThe mill was sold. It burned down.\n",
    ],
)
def test_sentences_beside_a_comment_are_quoted_without_it(text):
    assert sentences(text) == [("The mill was sold.", "body"), ("It burned down.", "body")]
    passage = next(p for p in split(text, "0" * 16) if p.sentences)
    hidden = instructed_spans(passage.text)
    for sentence in passage.sentences:
        start, end = sentence.start - passage.start, sentence.end - passage.start
        assert not any(start < stop and begin < end for begin, stop in hidden)


def test_comment_within_a_sentence_does_not_divide_it():
    text = "The mill <!-- which one? Ask. --> was sold in spring.\n"
    assert sentences(text) == [(text.strip(), "body")]


def test_comment_above_a_title_states_nothing(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "<!-- SPDX-License-Identifier: CC0. All of this is a long comment at the top of a file. "
        "By Jane Doe -->\n# The mill\n\nBy Ada Moe\n\nThe mill was sold in 1904.\n"
    )
    document, _ = read_document(path)
    assert document.info.title == "The mill"
    assert document.info.authors == ("Ada Moe",)


def test_many_comments_take_no_time():
    text = "A sentence. <!-- x --> " * 5_000 + "\n\n<!-- y -->\n\n" * 5_000
    assert len(sentences(text)) == 5_000
