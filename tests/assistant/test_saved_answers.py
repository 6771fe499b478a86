"""Answers that come back from JSON."""

import contextlib
import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.details import Check, Details, Drafted
from assistant.saved_answers import answer_from_dict
from assistant.types import Answer, Citation, Hit, Quote, Statement
from index.errors import InputError
from index.types import DocumentInfo, Passage

TEXT = "The ferry of Norvik was built in 1954. It carries 40 cars."
INFO = DocumentInfo("d1", "Ferry", ("Ann",), None, "2020", "ferry.md", "0" * 64)
DRAFTED = Drafted("It was.", ("1.1",), "dropped", (Check("ids", False, "it points at nothing"),))
ANSWERED = Answer(
    "When?",
    "It was built in 1954. [1]",
    "answered",
    statements=(Statement("It was built in 1954.", (1,), 0.75),),
    citations=(Citation(1, Quote.slice(TEXT, 0, 38), INFO, "d1:0-58"),),
    retrieved=("d1:0-58",),
    searched="When was it built?",
    confidence=0.5,
    dropped=1,
    model="openai:m",
    timings={"total": 0.25},
    usage={"calls": 1, "cost": 0.002},
    details=Details("openai:m", (DRAFTED,), calls=1, prompts={"answer": 2}),
    notes=("One statement was left out.",),
)
NEAR = Hit(Passage("d1", 0, len(TEXT), TEXT, "body", None, ()), INFO, 0.5, 1)
ABSTAINED = Answer("Why?", "No.", "abstained", "It is not said.", nearest=(NEAR,))


@pytest.mark.parametrize("answer", [ANSWERED, ABSTAINED], ids=["answered", "abstained"])
def test_an_answer_comes_back_as_it_was(answer):
    back = answer_from_dict(json.loads(answer.to_json()))
    assert back == answer
    assert back.to_dict() == answer.to_dict()


def changed(path, value):
    data = copy.deepcopy(ANSWERED.to_dict())
    *parents, last = path
    place = data
    for key in parents:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["citations", 0, "quote", "start"], "0", r"citations\.0\.quote\.start"),
        (["citations", 0, "document", "sha256"], ..., r"document\.sha256: field required"),
        (["citations", 0, "number"], 2, "Citations must be numbered 1 to 1"),
        (["citations", 0, "quote", "end"], 3, "cannot span 0-3"),
        (["statements", 0, "citations"], [], "cites a quote"),
        (["statements", 0, "support"], float("nan"), "finite number"),
        (["statements"], [], "parts do not fit"),
        (["status"], "perhaps", "status"),
        (["details", "drafts", 0, "outcome"], "shone", r"details\.drafts\.0\.outcome"),
        (["confidence"], 7, "confidence"),
        (["question"], None, "question"),
        (["timings"], {"total": "x" * 10_000}, r"timings\.total"),
    ],
)
def test_what_is_wrong_is_named(path, value, message):
    with pytest.raises(InputError, match=message) as caught:
        answer_from_dict(changed(path, value))
    assert len(str(caught.value)) < 600


def test_keys_of_a_newer_release_are_passed_over():
    assert answer_from_dict(changed(["seen"], True)) == ANSWERED


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(key=st.sampled_from(sorted(ANSWERED.to_dict())), value=_JSON)
def test_whatever_stands_there_gives_an_answer_or_an_error(key, value):
    with contextlib.suppress(InputError):
        answer_from_dict({**ANSWERED.to_dict(), key: value})
