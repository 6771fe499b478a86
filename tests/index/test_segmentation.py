import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.blocks import find_blocks
from index.bylines import from_text
from index.canonical import decode
from index.errors import UnreadableFileError
from index.metadata import Metadata
from index.segmentation import (
    PASSAGE_TOKENS,
    SENTENCE_CHARACTERS,
    count_tokens,
    find_sentences,
    split,
)

PIECES = [
    "The river rose. ", "Did it? ", "“It did,” he said. ", "Dr. Doe left at 5 p.m. ",
    "cafe\u0301 ", "İzmir ", "ıİ ", "ß ", "👩‍👩‍👧 ", "🇦🇲", "e\u0301\u0323\u0302",
    "soft\u00adhyphen ", "zero\u200bwidth ", "\u2060", "\ufeff", r"fell[\[1\]](#). ", "rose^[7]. ",
    "and[^note] ", "[1] A note. ", "[^1]: A note.\n", "\r\n", "\r", "\n", "\n\n", "\n\n\n", " ",
    "\t", "\x0b", "\x0c", "\x1b", "\x1c", "\x85", "\u2028", "\u3000", "# A Heading\n",
    "## Another\n\n", "Notes\n\n", "Related Articles\n\n", "Read also\n", "* item\n", "- item\n",
    "1. item\n", "**Bold.** ", "*It was.* ", "...", "!!!", "???", "---\n", "---\ntitle: A\n---\n",
    "---\ntitle: a: b\n", "...\n", "***\n", "By Jane Doe\n", "May 3, 2021\n",
    "© 2020 River House\n", "Cite as: ", "x", "word ", "字。", "។", "«", "“", "(", "[", "|", ">",
    "`", "\\", "<b>", "{}", "<|endoftext|>", "\u202e", "\ud7ff",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join),
    st.text(alphabet=".!?…\"'“”«»()[]*_#->|~ \n\t", max_size=300),
    st.lists(st.sampled_from(["# A\n", "Heading\n\n", "## B\n\n", "The Part\n"]), max_size=12).map(
        "".join
    ),
)


def canonical(text):
    try:
        return decode(text.encode("utf-8"))
    except UnreadableFileError:
        return None


def passages_of(text, language=None):
    metadata = Metadata()
    from_text(metadata, text)
    return split(text, "0" * 16, language, metadata.byline_lines)


def check(text, passages):
    assert "".join(passage.text for passage in passages) == text
    position = 0
    for passage in passages:
        assert passage.start == position
        assert passage.end > passage.start
        assert text[passage.start : passage.end] == passage.text
        assert passage.id == f"{'0' * 16}:{passage.start}-{passage.end}"
        check_sentences(passage)
        position = passage.end


def check_sentences(passage):
    position = passage.start
    for sentence in passage.sentences:
        assert position <= sentence.start < sentence.end <= passage.end
        begin = sentence.start - passage.start
        assert passage.text[begin : begin + len(sentence.text)] == sentence.text
        assert sentence.end - sentence.start == len(sentence.text) <= SENTENCE_CHARACTERS
        assert sentence.text.strip() == sentence.text
        assert any(map(str.isalnum, sentence.text))
        position = sentence.end


@settings(deadline=None, max_examples=300)
@given(TEXTS)
@example("---\ntitle: a: b\n---\n")
@example("\x1c")
@example("“" * 9000)
@example("字" * 9000)
@example("\n" * 9000 + "a")
@example("a" + " " * 9000 + "b")
@example("# A")
@example("*")
def test_passages_tile_the_text(text):
    text = canonical(text)
    if text is not None:
        check(text, passages_of(text))


@settings(deadline=None)
@given(
    TEXTS, st.sampled_from(["en", "hy", "ru", "ja", "EN-us", "English", "xx", "", "zz9", "\x00"])
)
def test_in_any_language(text, language):
    text = canonical(text)
    if text is not None:
        check(text, passages_of(text, language))


@settings(deadline=None)
@given(TEXTS)
def test_no_running_text_is_lost(text):
    text = canonical(text)
    if text is None:
        return
    quoted = {
        place
        for passage in passages_of(text)
        for sentence in passage.sentences
        for place in range(sentence.start, sentence.end)
    }
    lost = [place for place, letter in enumerate(text) if letter == "字" and place not in quoted]
    metadata = Metadata()
    from_text(metadata, text)
    blocks = find_blocks(text, metadata.byline_lines)
    headings = [range(block.start, block.end) for block in blocks if block.kind == "heading"]
    assert not [place for place in lost if not any(place in heading for heading in headings)]


def sentences(text, language="en"):
    return [text[start:end] for start, end in find_sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rose. It fell.", ["It rose.", "It fell."]),
        ("Dr. Doe left. He was 5.2 feet tall.", ["Dr. Doe left.", "He was 5.2 feet tall."]),
        ("It rose\nand it\nfell.", ["It rose\nand it\nfell."]),
        ("**The treaty.** It runs on.", ["**The treaty.**", "It runs on."]),
        ("[12] It rose.", ["It rose."]),
        ("[^note]: It rose.", ["It rose."]),
        ("- It rose.", ["It rose."]),
        ("> It rose.", ["It rose."]),
        (r"It rose[\[1\]](#). It fell.", [r"It rose[\[1\]](#).", "It fell."]),
        ("*** --- ***", []),
        ("", []),
        ("👩‍👩‍👧 İ left. É ok!", ["👩‍👩‍👧 İ left.", "É ok!"]),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


def test_a_long_sentence_is_cut_at_white_space():
    parts = sentences("word\u00a0and\u00a0" * 500 + "end.")
    assert all(len(part) <= SENTENCE_CHARACTERS for part in parts)
    assert {word for part in parts for word in part.split()} == {"word", "and", "end."}


@pytest.mark.parametrize("cluster", ["e\u0301\u0323", "👩\u200d👩\u200d👧"])
def test_a_word_without_end_is_cut_between_characters(cluster):
    text = "a" + cluster * 2000
    parts = [text[start:end] for start, end in find_sentences(text, 0, len(text))]
    assert all(part[0] in "ae👩" for part in parts)
    assert not any(part.endswith("\u200d") for part in parts)


def test_a_window_cuts_no_sentence():
    text = " ".join(
        f"Sentence {number} is about “the river” and its bridge." for number in range(500)
    )
    assert sentences(text) == [
        f"Sentence {number} is about “the river” and its bridge." for number in range(500)
    ]


def test_passages_keep_to_their_budget():
    text = "\n\n".join(
        " ".join(f"Town {block} has a bridge {number} and a mill." for number in range(40))
        for block in range(5)
    )
    passages = passages_of(text)
    assert all(
        sum(count_tokens(sentence.text) for sentence in passage.sentences) <= PASSAGE_TOKENS
        for passage in passages
    )
    assert len(passages) > 10


def test_headings_belong_to_what_follows():
    text = "# A Bridge\n\n## Its Mason C#\n\nHe came in June. He left.\n\n## Its Fall\n\nIt fell."
    passages = split(text, "0" * 16)
    assert [(passage.heading, passage.label) for passage in passages] == [
        ("Its Mason C#", "body"),
        ("Its Fall", "body"),
    ]


def test_only_headings():
    passages = split("# A Bridge\n\n## Its Mason\n", "0" * 16)
    assert [(passage.label, passage.sentences) for passage in passages] == [("boilerplate", ())]


def test_only_punctuation():
    assert [passage.label for passage in split("*** ... ***\n", "0" * 16)] == ["boilerplate"]


def test_no_passage_is_endless():
    for filler in ("-" * 50_000, "\n" * 50_000, ". " * 25_000, "# " + "x" * 50_000):
        text = f"It rose.\n\n{filler}\n\nIt fell."
        passages = passages_of(text)
        check(text, passages)
        assert max(len(passage.text) for passage in passages) < 10_000
        assert "It fell." in [sentence.text for p in passages for sentence in p.sentences]


RUNS = [
    " ", "\t", "#", "*", "[", "(", "-", "1", "_", "\"", "“", "«", "'", ".", "!", ",", "|", ">",
    "©", "@", "\\", "\u00a0", "\u200b", "\u0301", "İ", "[\\[1\\]](", "[^a", "[1](", "[1] ",
    "](http://", "[a](http://a", "(c) ", "copyright ", "to cite this ", "Cite as: \"",
    "By Jane Doe, ", "Doe and ", "may ", "1 May ", "2020-01-", "a.'", "Mr. ", "«Hi. ", "“Hi. ",
    "**a** ", "![", " - ", "Title: ", "retrieved ", "no. 2020 / ", "👩‍", "http://a ", "a@b.c ",
    "lower case ",
]  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("form", ["RUN", "---\na: RUN\n---\nb", "(c)RUNx\n\nByRUNx"])
def test_long_runs_take_linear_time(run, form):
    text = canonical(form.replace("RUN", run * (200_000 // len(run) // form.count("RUN"))))
    if text is None:
        return
    count_tokens("loaded before the clock starts")
    started = time.perf_counter()
    passages = passages_of(text)
    assert time.perf_counter() - started < 10
    assert "".join(passage.text for passage in passages) == text


@pytest.mark.parametrize("text", ["word " * 400_000, "x" * 2_000_000])
def test_a_line_of_two_megabytes(text):
    started = time.perf_counter()
    check(text, passages_of(text))
    assert time.perf_counter() - started < 15


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    ["A line.\n", "a lower line\n", "#\n", "x\n\n", "- i\n", "[1] a\n", "---\n", "By A Bee\n"],
)
def test_many_short_lines_take_linear_time(line):
    def seconds(lines):
        started = time.process_time()
        passages_of(line * lines)
        return time.process_time() - started

    few = max(min(seconds(10_000) for _ in range(2)), 0.05)
    assert min(seconds(80_000) for _ in range(2)) < 8 * 4 * few


@pytest.mark.slow
def test_two_hundred_thousand_short_lines():
    text = "A short line.\n" * 200_000
    check(text, passages_of(text))
