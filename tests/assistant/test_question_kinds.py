"""What kind of answer a question expects, and whether a sentence offers it."""

import pytest

from assistant.question import Question, kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many ships came?", "number"),
        ("What percentage of the harvest was lost?", "number"),
        ("In which year was the lock built?", "date"),
        ("When did the ferry start?", "date"),
        ("Who built the lock?", "person"),
        ("Where is the mill?", "place"),
        ("Why did the mill close when the lock was built?", "reason"),
        ("What was the reason for the strike?", "reason"),
        ("Did the mill close?", "other"),
        ("Who says that the mill closed?", "other"),
    ],
)
def test_kinds(question, kind):
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "sentence", "offers"),
    [
        ("Why did the mill close?", "It closed because the river fell.", True),
        ("Why did the mill close?", "It closed in May.", None),
        ("How many ships came?", "Forty ships came.", True),
        ("How many ships came?", "Ships came.", False),
        ("When did the 12 ships come?", "They came in March 1911.", True),
        ("Who built the lock of Alsen?", "Alsen has a lock.", False),
        ("Did the mill close?", "It did.", None),
    ],
)
def test_what_a_sentence_offers(question, sentence, offers):
    asked = Question(question, {}, kind=kind_of(question))
    assert asked.offers_answer(sentence) is offers
