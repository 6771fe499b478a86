"""The values an answer is made of."""

import json

import pytest

from assistant import Answer, Citation, DocumentInfo, Hit, Quote, Statement, Token
from index import Passage

TEXT = "The first. The second sentence stands here. The third."
DOCUMENT = DocumentInfo("d" * 16, "A *title*", ("Ann",), None, "2024-05", "docs/a_b.md", "e" * 64)
QUOTE = Quote.slice(TEXT, 11, 43)
CITATION = Citation(1, QUOTE, DOCUMENT, f"{DOCUMENT.id}:0-54")
STATEMENT = Statement("Ann writes: “The second sentence stands here.”", (1,), 0.987654)
PASSAGE = Passage(DOCUMENT.id, 0, len(TEXT), TEXT, "body", None, ())


def answered(**changes):
    values = {
        "question": "Which one?",
        "text": f"{STATEMENT.text} [1]",
        "status": "answered",
        "statements": (STATEMENT,),
        "citations": (CITATION,),
        **changes,
    }
    return Answer(**values)


def abstained(**changes):
    values = {"question": "Which?", "text": "None.", "status": "abstained", "reason": "None."}
    return Answer(**{**values, **changes})


@pytest.mark.parametrize(
    ("text", "start", "end"), [("", 0, 0), ("abc", 0, 2), ("abc", -3, 0), ("abc", 3, 0)]
)
def test_a_quote_is_as_long_as_its_span(text, start, end):
    with pytest.raises(ValueError, match="quote"):
        Quote(text, start, end, "", "")


@pytest.mark.parametrize(("start", "end"), [(50, 60), (5, 5), (-2, 3), (7, 3)])
def test_a_quote_lies_within_its_text(start, end):
    with pytest.raises(ValueError, match="quote"):
        Quote.slice(TEXT, start, end)


def test_a_quote_keeps_what_is_around_it():
    assert QUOTE.text == "The second sentence stands here."
    assert (QUOTE.prefix, QUOTE.suffix) == ("The first. ", " The third.")
    assert Quote.slice("x" * 300, 100, 200).prefix == "x" * 64


@pytest.mark.parametrize(
    ("text", "citations", "support"),
    [("", (1,), 1.0), ("Said.", (), 1.0), ("Said.", (1,), 1.1), ("Said.", (1,), float("nan"))],
)
def test_a_statement_says_something_and_cites(text, citations, support):
    with pytest.raises(ValueError, match="Expected"):
        Statement(text, citations, support)


@pytest.mark.parametrize(
    "changes",
    [
        {"statements": ()},
        {"citations": ()},
        {"statements": (), "citations": ()},
        {"citations": (Citation(2, QUOTE, DOCUMENT, CITATION.passage_id),)},
        {"citations": (CITATION, Citation(2, QUOTE, DOCUMENT, CITATION.passage_id))},
        {"statements": (Statement("Said.", (1, 2), 1.0),)},
        {"status": "abstained", "reason": "Weak."},
        {"status": "unsure"},
        {"reason": "Weak."},
        {"dropped": -1},
    ],
)
def test_an_inconsistent_answer_cannot_be_made(changes):
    with pytest.raises(ValueError, match=r"\w"):
        answered(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": None},
        {"reason": ""},
        {"citations": (CITATION,)},
        {"statements": (STATEMENT,), "citations": (CITATION,)},
        {"status": "failed"},
    ],
)
def test_an_inconsistent_abstention_cannot_be_made(changes):
    with pytest.raises(ValueError, match=r"\w"):
        abstained(**changes)


def test_to_dict_has_the_documented_keys_in_order():
    value = abstained(nearest=(Hit(PASSAGE, DOCUMENT, 0.51, 1),)).to_dict()
    assert list(value["nearest"][0]) == [
        *("rank", "score", "passage_id", "text", "start", "end", "document")
    ]
    value = answered().to_dict()
    assert list(value) == [
        *("question", "text", "status", "reason", "dropped", "statements", "citations"),
        *("nearest", "retrieved", "searched", "confidence", "model", "timings", "usage"),
        *("details", "notes"),
    ]
    assert value["statements"] == [{"text": STATEMENT.text, "citations": [1], "support": 0.9877}]
    (citation,) = value["citations"]
    assert list(citation) == ["number", "passage_id", "place", "quote", "document"]
    assert list(citation["quote"]) == ["text", "start", "end", "prefix", "suffix"]
    assert list(citation["document"]) == [
        *("id", "title", "authors", "publisher", "published", "source", "url", "sha256")
    ]


@pytest.mark.parametrize("usage", [None, {"input_tokens": 7}])
def test_to_json_round_trips(usage):
    answer = answered(usage=usage, timings={"total": 0.123456})
    assert json.loads(answer.to_json()) == answer.to_dict()
    assert answer.to_dict()["timings"] == {"total": 0.1235}
    assert "“" in answer.to_json()
    assert "\n" not in answer.to_json(indent=None)


def test_timings_do_not_make_answers_differ():
    assert answered(timings={"total": 1}) == answered() == answered().with_timings({"total": 2})
    assert hash(answered(timings={"total": 1})) == hash(answered())


def test_events_add_up_to_the_last_one():
    assert Token("a") + Token("b") + answered() == answered()


def test_to_markdown_is_ready_to_be_pasted():
    assert answered().to_markdown() == (
        "**Which one?**\n\n"
        "Ann writes: “The second sentence stands here.” [1]\n\n"
        "---\n\n"
        "[1] Ann, “A \\*title\\*”, May 2024: “The second sentence stands here.” "
        "(docs/a\\_b.md, characters 11–43)\n"
    )
    assert abstained().to_markdown() == "**Which?**\n\nNone.\n"


def test_to_markdown_leaves_nothing_active():
    said = "<img src=x> ![p](http://evil.example) `code`\n# no heading"
    document = Quote.slice(said, 0, len(said))
    answer = answered(
        question="Is it\n\n# <b>bold</b>?",
        statements=(Statement(said, (1,), 1.0),),
        citations=(Citation(1, document, DOCUMENT, CITATION.passage_id),),
    )
    markdown = answer.to_markdown()
    for active in ("<", "![", "](", "`"):
        assert active not in markdown.replace(f"\\{active}", "").replace("\\]", "")
    assert markdown.startswith("**Is it # \\<b\\>bold\\</b\\>?**\n")
