import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.replies import Declined, Draft, Piece, ReplyReader, Writing

TRANSCRIPTS = [
    reply
    for name in ("smollm2", "written")
    for reply in json.loads(
        (Path(__file__).parent / "replies" / f"{name}.json").read_text(encoding="utf-8")
    )["replies"]
]


def read(reply: str, size: int | None = None) -> list[Piece]:
    reader = ReplyReader()
    pieces: list[Piece] = []
    for start in range(0, len(reply), size or len(reply) or 1):
        pieces += reader.feed(reply[start : start + (size or len(reply))])
    return pieces + reader.close()


def drafts(reply: str) -> list[tuple[str, ...]]:
    return [(p.text, *p.ids) for p in read(reply) if isinstance(p, Draft)]


def has_declined(reply: str) -> bool:
    return [type(p) for p in read(reply)] == [Declined]


@pytest.mark.parametrize(
    ("marker", "ids"),
    [
        (" [1.2]", ["1.2"]),
        (" [1.2][2.1]", ["1.2", "2.1"]),
        (" [1.2] [2.1]", ["1.2", "2.1"]),
        (" [1.2, 2.1]", ["1.2", "2.1"]),
        (" [1.2; 2.1]", ["1.2", "2.1"]),
        (" [1.2 and 2.1]", ["1.2", "2.1"]),
        (" [1.2-1.4]", ["1.2", "1.3", "1.4"]),
        (" [1.2–4]", ["1.2", "1.3", "1.4"]),
        (" [1.2-2.1]", ["1.2", "2.1"]),
        (" (1.2)", ["1.2"]),
        (" [Evidence 1.2]", ["1.2"]),
        (" [Source: 1.2]", ["1.2"]),
        (" (Sources: 1.2, 2.1)", ["1.2", "2.1"]),
        ("【1.2】", ["1.2"]),
        ("【1.2†source】", ["1.2"]),
        ("【2.1†L1-L2】", ["2.1"]),
        (" ^1.2", ["1.2"]),
        (" [^1.2]", ["1.2"]),
        (" [[1.2]]", ["1.2"]),
        (" {1.2}", ["1.2"]),
        (" **[1.2]**", ["1.2"]),
        (" \\[1.2\\]", ["1.2"]),
        ("<sup>1.2</sup>", ["1.2"]),
        ("<cite>1.2</cite>", ["1.2"]),
        (" [2]", ["2"]),
        (" [1.2] [1.2]", ["1.2"]),
        (" 1.2", ["1.2"]),
        (" Source: 1.2", ["1.2"]),
        ("\n[1.2]", ["1.2"]),
        ("\r\n\r\n(Evidence 1.2)", ["1.2"]),
        ("\n1.2, 2.1", ["1.2", "2.1"]),
        (" [1", []),
        ("", []),
    ],
)
def test_ids_are_found_in_the_forms_that_models_write(marker: str, ids: list[str]) -> None:
    assert drafts(f"It cost 3.5 million.{marker}") == [("It cost 3.5 million.", *ids)]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("It fell [1.2].", [("It fell.", "1.2")]),
        ("It fell [1.2]. It rose [2.1].", [("It fell.", "1.2"), ("It rose.", "2.1")]),
        ("The mill [1.2] fell in May [2.1].", [("The mill fell in May.", "1.2", "2.1")]),
        ("It fell. It rose. [1.2]", [("It fell.", "1.2"), ("It rose.", "1.2")]),
        ("It fell. [1.2] It rose.", [("It fell.", "1.2"), ("It rose.",)]),
        ("[1.2] It fell.\n[2.1] It rose.", [("It fell.", "1.2"), ("It rose.", "2.1")]),
        ("[1.2] It fell. [2.1] It rose.", [("It fell.", "1.2"), ("It rose.", "2.1")]),
        ("1.2: It fell.\n2.1) It rose.", [("It fell.", "1.2"), ("It rose.", "2.1")]),
        ("1.2 It fell.\n2.1. It rose.", [("It fell.", "1.2"), ("It rose.", "2.1")]),
        ("[1.2]\nIt fell.", [("It fell.", "1.2")]),
        ("It fell.\n[1.2]\n[2.1]\nIt rose.", [("It fell.", "1.2", "2.1"), ("It rose.",)]),
        ("Mr. A. Hale of the U.S. left. [1.2]", [("Mr. A. Hale of the U.S. left.", "1.2")]),
    ],
)
def test_ids_belong_to_their_sentences(reply: str, expected: list[tuple[str, ...]]) -> None:
    assert drafts(reply) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1.5 million came in 2019.",
        "The answer rose by 2*3 to 12.44 points.",
        "It has [sic] two walls.",
        "Sales fell (2019) by 4.",
        "It is 5 < 6 and 7 > 2.",
        "Not a word was said.",
        "No answer was given by the council.",
        "Here is where it began.",
    ],
)
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert drafts(f"{text} [1.2]") == [(text, "1.2")]


@pytest.mark.parametrize(
    "reply",
    [
        "- It fell. [1.2]",
        "1. It fell. [1.2]",
        "2) It fell. [1.2]",
        "# Summary\n\nIt fell. [1.2]",
        "**It fell.** [1.2]",
        "Sure! Here is the answer:\nIt fell. [1.2]",
        "Sure! Here is the answer: It fell. [1.2]",
        "Based on the evidence: It fell. [1.2]",
        "Based on the provided sentences, it fell. [1.2]",
        "The evidence states that it fell. [1.2]",
        "According to [1.2], it fell.",
        "[1.2] states that it fell.",
        "Final answer: It fell. [1.2]",
        "Question: What fell?\nAnswer: It fell. [1.2]",
        "```\nIt fell. [1.2]\n```",
        "It fell. [1.2]<|im_end|>",
        "It fell. [1.2]</s>\n<|im_start|>user\nWhat rose?",
        "<|im_start|>assistant\nIt fell. [1.2]",
        "<think>It rose. [2.1]</think>It fell. [1.2]",
        "[THINK]It rose. [2.1][/THINK]\nIt fell. [1.2]",
        "It fell. [1.2]\n<think>Is there more? It rose. [2.1]",
        "It\x00 fe\u200bll. [1.2]\x07",
        "It fell. [1.2]\r\n\r\nIt fell. [1.2]",
    ],
)
def test_what_stands_beside_the_statements_is_dropped(reply: str) -> None:
    assert drafts(reply) == [("It fell.", "1.2")]


def test_a_closing_remark_has_no_ids() -> None:
    reply = "It fell. [1.2]\n\nLet me know if you need more!"
    assert drafts(reply)[1:] == [("Let me know if you need more!",)]


def test_an_echo_of_the_question_is_dropped() -> None:
    reader = ReplyReader("What fell in May?")
    pieces = reader.feed("**What fell in May?**\nIt fell. [1.2]") + reader.close()
    assert [p.text for p in pieces if isinstance(p, Draft)] == ["It fell."]


@pytest.mark.parametrize(
    "reply",
    [
        '{"statements":[{"text":"It fell.","ids":["1.2","2.10"]}]}',
        '```json\n{"statements": [{"ids": "1.2, 2.10", "text": "It fell."}]}\n```',
        '{"statements":[{"sentence":"It fell.","citations":[1.2,2.10]}]}',
        '{"answer":"It fell.","sources":["1.2","2.10"]}',
        '[{"claim":"It fell.","evidence_ids":[{"id":"1.2"},{"id":"2.10"}]}]',
        '["It fell. [1.2] [2.10]"]',
        '{"answer":"It fell. [1.2, 2.10]"}',
        "{'statements':[{'text':'It fell.','ids':['1.2','2.10'],},]}",
        'Here is the JSON:\n{"statements":[{"text":"It fell.","ids":["1.2","2.10"]}]}',
        '{"statements":[{"text":"It fell.","ids":["1.2","2.10"]},{"te',
        '{"statements":[{"text":"It fell.","ids":["1.2","2.10',
    ],
)
def test_a_structured_reply_is_read(reply: str) -> None:
    assert drafts(reply) == [("It fell.", "1.2", "2.10")]


def test_a_structured_sentence_that_broke_off_has_no_ids() -> None:
    assert drafts('{"statements":[{"ids":["1.2"],"text":"It fe') == [("It fe",)]


@pytest.mark.parametrize(
    "reply",
    [
        "NO ANSWER",
        "no answer.",
        "**No Answer**",
        '"NO ANSWER".',
        "NO_ANSWER",
        "Answer: NO ANSWER",
        "NO ANSWER: the sentences only speak of roses. [1.1]",
        "No answer. The sentences only speak of roses.",
        "The documents do not answer this question.",
        "I'm sorry, but the provided evidence doesn't mention a club.",
        "There is no information about a club in the sentences.",
        '{"statements": []}',
        '{"answer": "NO ANSWER"}',
        "[]",
    ],
)
def test_a_reply_may_decline(reply: str) -> None:
    assert has_declined(reply)


def test_a_refusal_beside_a_statement_is_left_out() -> None:
    assert drafts("It fell. [1.2]\nThe text does not say when.") == [("It fell.", "1.2")]
    assert not any(isinstance(p, Declined) for p in read("It fell. [1.2]\nNO ANSWER"))


@pytest.mark.parametrize("reply", ["", " \n", "```\n```", "<think>so", "---", "[1.2]", "\x00"])
def test_an_empty_reply_has_no_pieces(reply: str) -> None:
    assert read(reply) == []


@pytest.mark.parametrize(
    ("reply", "is_looping"),
    [
        ("It fell. [1.2]\n" * 3, False),
        ("It fell. [1.2]\n" * 5, True),
        ("It fell.\nIt rose.\n" * 3, True),
        ("the mill and " * 60, True),
        ("".join(f"It fell in {year}. [1.2]\n" for year in range(1900, 1950)), False),
    ],
)
def test_a_model_that_repeats_itself_is_noticed(reply: str, is_looping: bool) -> None:
    reader = ReplyReader()
    reader.feed(reply)
    assert reader.is_looping is is_looping


def test_text_is_shown_as_it_comes() -> None:
    pieces = read("The mill fell in May. [1.2]\nIt rose in June. [2.1]", size=1)
    first = [p.text for p in pieces[: pieces.index(next(p for p in pieces if type(p) is Draft))]]
    assert "".join(first) == "The mill fell in May."
    assert len(first) > 10


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ('Mr. Hale said: "Not one." He left. [1.2]', "Mr. Hale said: Not one."),
        ("“Not one,” said Mr. Hale. [1.2]", "Not one, said Mr. Hale."),
        ("He called it 'the workers' mill'. [1.2]", "He called it the workers mill."),
        ("It didn't fall. [1.2]", "It didn't fall."),
    ],
)
def test_a_quotation_is_shown_without_its_marks_before_its_draft(reply: str, shown: str) -> None:
    pieces = read(reply, size=1)
    before = pieces[: next(i for i, p in enumerate(pieces) if isinstance(p, Draft))]
    assert "".join(p.text for p in before if isinstance(p, Writing)) == shown


@pytest.mark.parametrize(
    "reply",
    [
        "This road was closed in 1911, and nobody mended it. [1.2]",
        "The evidence of the keeper was heard in May of that year. [1.2]",
        "No boat left the harbor in the spring of that year. [1.2]",
        "There are four boats in the harbor, and none of them sails. [1.2]",
        '"Not one night was lost in the storm," said the keeper. [1.2]',
    ],
)
def test_what_can_be_no_aside_any_more_is_shown(reply: str) -> None:
    assert any(isinstance(p, Writing) for p in ReplyReader().feed(reply[:30]))


@pytest.mark.parametrize(
    "beginning", ["NO ANSW", "- ", "1. ", "<thi", "[1.", "Sure! Here is", "The documents do not m"]
)
def test_what_may_be_no_statement_is_not_shown(beginning: str) -> None:
    assert ReplyReader().feed(beginning) == []


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t["name"])
def test_transcripts(transcript: dict[str, object]) -> None:
    reader = ReplyReader()
    pieces = reader.feed(str(transcript["reply"])) + reader.close()
    found = [{"text": p.text, "ids": list(p.ids)} for p in pieces if isinstance(p, Draft)]
    assert found == transcript["drafts"]
    assert any(isinstance(p, Declined) for p in pieces) == transcript["declined"]
    assert reader.is_looping == transcript["is_looping"]


def without_marks(text: str) -> str:
    return "".join(c for c in text if c not in "\"'“”’")


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda t: t["name"])
def test_what_is_shown_of_a_transcript_begins_its_draft(transcript: dict[str, object]) -> None:
    shown = ""
    for piece in read(str(transcript["reply"]), size=3):
        if isinstance(piece, Writing):
            shown += piece.text
        elif isinstance(piece, Draft):
            assert without_marks(piece.text).startswith(without_marks(shown))
            shown = ""


_SCRAPS = st.sampled_from(
    [
        *("It fell. ", "b ", "A", "3.5", "Sure! ", "The text does not say. ", "NO ANSWER", "“Yes”"),
        *("[1.2]", "(2.1) ", "1.2: ", "[", "]", "^", "**", "\\", "- ", "1. ", "```"),
        *("\n", "\r\n", "\r", "<think>", "</think>", "</s>", "<|im_end|>", "<", "|"),
        *("{", "}", '"', '{"statements":[{"text":"', '","ids":["1.2"]}]}'),
        "<|start|>assistant<|channel|>final<|message|>",
    ]
)
_REPLIES = st.one_of(
    st.lists(_SCRAPS, max_size=25).map("".join),
    st.sampled_from([str(t["reply"]) for t in TRANSCRIPTS]),
    st.text(max_size=60),
)


@settings(deadline=None, max_examples=150)
@given(reply=_REPLIES, size=st.integers(1, 9))
def test_drafts_do_not_depend_on_how_a_reply_is_cut(reply: str, size: int) -> None:
    whole = [p for p in read(reply) if not isinstance(p, Writing)]
    assert [p for p in read(reply, size) if not isinstance(p, Writing)] == whole


@pytest.mark.parametrize(
    "garbage",
    [
        *("a", "word ", ". ", "A. ", "1. ", "\\", "\n", "evidence ", "according to ", "<think>x"),
        *("[", "<", "^", "(1.2, ", "[1.2] ", '"', "{", '{"', '["'),
        '{"text":"He came.","ids":["1.2"]},',
    ],
)
def test_endless_garbage_takes_time_in_proportion(garbage: str) -> None:
    text = (garbage * (200_000 // len(garbage) + 1))[:200_000]
    start = time.process_time()
    read(text, size=200)
    # In proportion it is about a second; if it grew with the square, minutes.
    assert time.process_time() - start < 8.0
