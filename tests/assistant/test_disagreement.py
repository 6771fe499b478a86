"""Figures and verdicts side by side, voices in order of time, and copies as one voice."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.claims import unborne_dates, unborne_negations, unborne_numbers
from assistant.disagreement import Voice, compare_figures, opposite_verdicts, other_side
from assistant.evidence import Candidate
from assistant.extractive import Selection
from assistant.figures import figures_in
from assistant.grounding import cite
from assistant.repeats import distinct_hits, distinct_voices, same_text, search_distinct
from assistant.telling import is_later, later, lead_statements, ordered
from eval.statements import quotations, statements_of
from index import Document, DocumentInfo, Hit, Passage, Sentence

HOW_MANY = "How many pilots work in the harbor?"


def document(name, author="Ada Loon", published="2017-08-14"):
    authors = (author,) if author else ()
    return DocumentInfo(name * 16, "The Harbor", authors, None, published, f"{name}.txt", name * 64)


DOE = document("a")
LIND = document("b", "Bo Lind", "2023-10-31")
UNDATED = document("c", "Cy Öz", None)
ANONYMOUS = document("d", "", None)


def candidate(text, document=DOE, vector=(1.0, 0.0)):
    sentence = Sentence(0, len(text), text)
    passage = Passage(document.id, 0, len(text), text, "body", None, (sentence,))
    return Candidate(
        "1.1", Hit(passage, document, 1.0, 1), sentence, None, np.array(vector, np.float32)
    )


def selection(text, document=DOE):
    return Selection(candidate(text, document), 0, len(text), 1.0)


def citations(*texts_and_documents):
    return [
        cite(number, Document(document, text, ()), 0, len(text), "p")
        for number, (text, document) in enumerate(texts_and_documents, start=1)
    ]


def told(question, one, other):
    """What is put side by side of two quotes: the texts of the sides."""
    found = compare_figures(question, [Voice(one, DOE), Voice(other, LIND)])
    return [[side.text for side in difference.sides] for difference in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It puts 3,000 Dutch soldiers there.", [("3,000 Dutch soldiers", 3000, "soldier")]),
        ("It was worth $2.5 billion in 2021.", [("$2.5 billion", 2.5e9, "dollar")]),
        ("No less than 94 percent of it.", [("No less than 94 percent", 94, "percent")]),
        ("It fell to 20% by 2019.", [("20%", 20, "percent")]),
        ("Twelve barges sank.", [("Twelve barges", 12, "barg")]),
        ("Article 9 states so, and Apollo 11 astronauts flew in May 1969.", []),
        ("One pilot drowned on July 4, 2020 for three reasons.", []),
        ("It went at 40 km/h with 300 iron ore wagon loads.", []),
    ],
)
def test_figures_in(text, expected):
    assert [(f.text, f.value, f.unit) for f in figures_in(text)] == expected


def test_a_range_has_one_unit():
    assert [f.text for f in figures_in("Between 20 and 30 percent sank.")] == [
        "20 and 30 percent",
        "30 percent",
    ]


def test_a_figure_knows_its_period():
    text = "Trade was worth $2.5 billion in 2021 and $12.4 billion in 2024."
    assert [f.dates for f in figures_in(text)] == [("2021",), ("2021", "2024")]
    assert figures_in("From 2011 to 2020, 40 barges sank.")[0].dates == ("2011 to 2020",)
    assert figures_in("2022: it burned, and 40 barges sank.")[0].dates == ("2022",)
    far = "They had 40 barges, and in 2020 the harbor closed."
    assert figures_in(far)[0].dates == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In the harbor work 40 pilots.", "Only 25 pilots work in the harbor."),
        ("In the harbor work more than 40 pilots.", "25 pilots work in the harbor."),
        ("In the harbor work at least 40 pilots.", "At least 25 pilots work in the harbor."),
        ("In the harbor work 4,000 pilots.", "About 2,500 pilots work in the harbor."),
    ],
)
def test_different_figures_are_put_side_by_side(one, other):
    ((mine, theirs),) = told(HOW_MANY, one, other)
    assert mine in one
    assert theirs in other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In the harbor work 40 pilots.", "Forty pilots work in the harbor."),
        ("In the harbor work 40 pilots.", "More than 25 pilots work in the harbor."),
        ("In the harbor work 40 pilots.", "Up to 60 pilots work in the harbor."),
        ("In the harbor work 2,951 pilots.", "In the harbor work 3,000 pilots."),
        ("In the harbor work 40 pilots.", "In the harbor work 25 cranes."),
        ("In the harbor work 40 Dutch pilots.", "In the harbor work 25 Danish pilots."),
        ("In the harbor work 40 pilots.", "On the river sail 25 pilots."),
        ("In the harbor work 40 pilots.", "In the harbor work 25 pilots and 15 pilots."),
        ("In 2017 there was work in the harbor.", "In 2023 there was work in the harbor."),
    ],
)
def test_what_may_both_be_right_is_not(one, other):
    assert told(HOW_MANY, one, other) == []


def test_figures_that_nobody_asked_for_are_left_alone():
    one, other = "In the harbor work 40 pilots.", "In the harbor work 25 pilots."
    assert told("Who trains those that work in the harbor?", one, other) == []
    assert told("What do the sources say of work in the harbor?", one, other) != []


def test_figures_of_something_else_are_left_alone():
    one = "Each spring 40 pilots of Varna row upstream to the mill."
    other = "Each autumn 25 pilots of Varna row downstream to a mill."
    assert told("How many pilots did the old dike company of Varna hire?", one, other) == []
    assert told("How many pilots of Varna row to the mill?", one, other) != []


def test_one_document_does_not_differ_from_itself():
    voices = [Voice("40 pilots work in the harbor.", DOE), Voice("25 pilots work there.", DOE)]
    assert compare_figures(HOW_MANY, voices) == ()


def test_copies_are_compared_figure_by_figure():
    text = "Trade of the harbor was worth $2.5 billion in 2021 and $12.4 billion in 2024."
    asked = "How much was the trade of the harbor worth in 2024?"
    assert told(asked, text, text.replace("12.4", "17.3")) == [["$12.4 billion", "$17.3 billion"]]


def test_of_several_figures_each_is_compared_with_its_own():
    text = "The harbor gave work to 16 percent of Varna, and 89 percent of it to pilots."
    texts = [text, text.replace("89", "67"), text.replace("16", "20")]
    documents = [DOE, LIND, UNDATED]
    voices = [Voice(*pair) for pair in zip(texts, documents, strict=True)]
    found = compare_figures("What share of Varna's pilots gave the harbor work?", voices)
    assert [[side.text.split()[0] for side in difference.sides] for difference in found] == [
        ["16", "16", "20"],
        ["89", "67", "89"],
    ]


def test_the_other_side_is_found_among_the_rest():
    best = candidate("40 pilots work in the harbor.")
    others = [
        candidate("25 pilots work in the harbor."),
        candidate("Forty pilots work in the harbor.", LIND),
        candidate("30 pilots work in the harbor.", LIND),
    ]
    assert other_side(HOW_MANY, best, others) is others[2]
    assert other_side(HOW_MANY, best, others[:2]) is None
    assert other_side(HOW_MANY, candidate("The harbor is old."), others) is None


def test_three_voices_are_one_difference():
    voices = [
        Voice("40 pilots work in the harbor.", DOE),
        Voice("25 pilots work in the harbor.", LIND),
        Voice("40 pilots work in the harbor.", UNDATED),
    ]
    (found,) = compare_figures(HOW_MANY, voices)
    assert [side.voice for side in found.sides] == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The tolls of the harbor rose sharply.", "The tolls of the harbor fell at last."),
        ("The harbor raised its tolls.", "The harbor has not raised its tolls."),
    ],
)
def test_opposite_verdicts(one, other):
    question = "Did the harbor's tolls rise?" if "rose" in one else "Has the harbor raised tolls?"
    voices = [Voice(one, DOE), Voice(other, LIND)]
    (found,) = opposite_verdicts(question, voices)
    assert [side.text for side in found.sides] == [one[:-1], other[:-1]]
    wh_question = "Who collects the tolls that rise in the harbor?"
    assert opposite_verdicts(wh_question, voices) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The tolls of the harbor rose.", "The tolls of the harbor did not fall."),
        ("The tolls of the harbor rose.", "The rents of the mill fell."),
        ("The tolls of the harbor rose.", "The tolls of the harbor rose and then fell."),
        ("In Varna the tolls of the harbor rose.", "In Burgas the tolls of the harbor fell."),
        ("All tolls of the harbor did rise.", "Not all tolls of the harbor did rise."),
    ],
)
def test_verdicts_that_are_not_opposite(one, other):
    voices = [Voice(one, DOE), Voice(other, LIND)]
    assert opposite_verdicts("Did the tolls of the harbor rise?", voices) == ()


def test_a_difference_leads_and_can_be_checked():
    cited = citations(
        ("From 2011 to 2014 40 pilots work in the harbor.", DOE),
        ("25 pilots work in the harbor.", ANONYMOUS),
    )
    ((text, numbers),) = lead_statements(HOW_MANY, cited)
    assert numbers == (1, 2)
    assert text == (
        "Figures side by side: Ada Loon (published August 14, 2017, naming 2011 to 2014): "
        "“40 pilots”; “The Harbor” (author not stated, date not stated): “25 pilots”."
    )
    premises = "\n".join(f"{c.quote.text} {c.document.published}" for c in cited)
    assert unborne_numbers(text, premises) == []
    assert unborne_dates(text, premises) == []
    assert unborne_negations(text, premises) == ([], [])
    (statement,) = statements_of(f"{text} [1] [2]")
    assert statement.citations == (1, 2)
    quoted = [text[start + 1 : end - 1] for start, end in quotations(text)]
    assert quoted[0] in cited[0].quote.text
    assert quoted[2] in cited[1].quote.text


def test_without_a_difference_nothing_leads():
    cited = citations(("40 pilots work in the harbor.", DOE), ("The harbor has 40 pilots.", LIND))
    assert lead_statements(HOW_MANY, cited) == []
    assert lead_statements(HOW_MANY, cited[:1]) == []


def test_no_word_says_agree():
    cited = citations(("40 pilots work in the harbor.", DOE), ("The harbor has 25 pilots.", LIND))
    texts = [text for text, _ in lead_statements("How many pilots has the harbor?", cited)]
    assert texts
    assert not any("agree" in text or "contradict" in text for text in texts)


def test_a_plain_fact_keeps_the_most_direct_first():
    chosen = (selection("The harbor has cranes.", LIND), selection("Cranes are old.", DOE))
    assert ordered(chosen, "What has the harbor?") == chosen
    assert ordered(chosen, "Which of the authors mentions cranes?") == chosen


@pytest.mark.parametrize(
    "question",
    ["How did the harbor change?", "What do the sources say?", "Compare the harbor and the mill."],
)
def test_several_voices_are_told_by_date(question):
    new, old = selection("The harbor has cranes.", LIND), selection("Cranes are old.", DOE)
    undated = selection("It has a crane.", UNDATED)
    again = selection("Another of the same.", LIND)
    assert ordered((undated, new, old, again), question) == (old, new, again, undated)


def test_what_differs_is_told_first():
    direct = selection("How the harbor works.", document("e", "Di Fo", "2001"))
    new = selection("40 pilots work in the harbor.", LIND)
    old = selection("25 pilots work in the harbor.", DOE)
    chosen = ordered((direct, new, old), HOW_MANY)
    assert chosen == (old, new, direct)
    cited = citations(*((s.candidate.sentence.text, s.candidate.hit.document) for s in chosen))
    ((_, numbers),) = lead_statements(HOW_MANY, cited)
    assert numbers == (1, 2)


def test_later_is_said_only_where_it_is_sure():
    one, other, none = citations(("Text one.", DOE), ("Text two.", LIND), ("Text.", UNDATED))
    assert later("Bo Lind writes.", other, one) == "Later, Bo Lind writes."
    for text, citation, previous in (
        ("A.", one, other),
        ("B.", none, one),
        ("C.", one, none),
        ("D.", one, None),
    ):
        assert later(text, citation, previous) == text


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("2023", "2017-08-14", True),
        ("2017-08-14", "2017", False),
        ("2017-09", "2017-08-14", True),
        ("2017-08", "2017-08-14", False),
        (None, "2017", False),
    ],
)
def test_is_later(mine, theirs, expected):
    assert is_later(replace(DOE, published=mine), replace(DOE, published=theirs)) is expected


def test_a_copied_passage_makes_room_for_another():
    texts = ["A pilot left.", "A pilot left!", "A mill burned.", "A crane fell."]
    documents = [DOE, LIND, UNDATED, DOE]
    hits = [candidate(*pair).hit for pair in zip(texts, documents, strict=True)]
    asked = []

    def search(k):
        asked.append(k)
        return hits[:k]

    found = search_distinct(search, 2)
    assert [(hit.passage.text, hit.rank) for hit in found] == [(texts[0], 1), (texts[2], 2)]
    assert asked == [2, 8]
    assert search_distinct(lambda k: hits[2:][:k], 2) == distinct_hits(hits[2:])


def test_copies_are_one_voice():
    one = candidate("“Forty pilots” work in the harbor.")
    reprint = candidate('"Forty pilots" work in  the harbor', LIND, (0.0, 1.0))
    edited = candidate("Forty pilots toil in the harbor.", LIND, (0.99, 0.1))
    other = candidate("Fifty pilots work in the harbor.", LIND, (0.99, 0.1))
    denied = candidate("Forty pilots do not work in the harbor.", LIND, (0.99, 0.1))
    far = candidate("Forty pilots like the harbor.", LIND, (0.8, 0.6))
    assert [same_text(one, c) for c in (reprint, edited, other, denied, far)] == [
        *(True, True),
        *(False, False, False),
    ]
    assert distinct_voices([one, edited, other, reprint]) == (one, other)
