"""Scores of citations, statements and attribution, on one small answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.answers import outcome_of
from eval.documents import DatasetDocuments
from eval.entailment import lexical_entails
from eval.scorers.abstention_precision import abstention_precision
from eval.scorers.alce_precision import alce_precision_by
from eval.scorers.alce_recall import alce_recall_by
from eval.scorers.attribution_accuracy import attribution_accuracy
from eval.scorers.citation_token_precision import citation_token_precision
from eval.scorers.cited_rate import cited_rate
from eval.scorers.conflict_coverage import conflict_coverage
from eval.scorers.date_containment import date_containment
from eval.scorers.name_containment import name_containment
from eval.scorers.negation_containment import negation_containment
from eval.scorers.number_containment import number_containment
from eval.scorers.quote_validity import quote_validity
from eval.scorers.source_precision import source_precision
from eval.scorers.support import support
from eval.scorers.temporal_accuracy import temporal_accuracy
from eval.types import Case, GoldSpan
from index.canonical import text_sha256

DAM = (
    "---\ntitle: The Dam\nauthors: [Ann Lee]\npublished: 2024-05-01\n---\n\n"
    "The dam was not finished in 1990. Minister Bo Chen opened it in March 1992. "
    "It cost 40 million.\n"
)
LOCK = (
    "---\ntitle: The Lock\nauthors: [Cy Dorn]\npublished: 2020-02\n---\n\n"
    "The lock opened in 1993. The dam cost 45 million, as Cy Dorn reckons.\n"
)
IDS = {name: text_sha256(text)[:16] for name, text in (("dam.md", DAM), ("lock.md", LOCK))}


@pytest.fixture
def documents(tmp_path: Path) -> DatasetDocuments:
    for name, text in (("dam.md", DAM), ("lock.md", LOCK)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return DatasetDocuments(tmp_path)


def gold(name, quote):
    text = DAM if name == "dam.md" else LOCK
    start = text.index(quote)
    return GoldSpan(name, quote, start, start + len(quote))


def citation(number, name, quote, **document):
    span = gold(name, quote)
    text = DAM if name == "dam.md" else LOCK
    return {
        "number": number,
        "passage_id": f"{IDS[name]}:0-{len(text)}",
        "quote": {"text": quote, "start": span.start, "end": span.end},
        "document": {"source": f"x/{name}", **document},
    }


CASE = Case(
    "d-1",
    "conflict",
    "What did the dam cost?",
    evidence=((gold("dam.md", "It cost 40 million"),), (gold("lock.md", "dam cost 45 million"),)),
    facts=(("40 million",), ("45 million",)),
)
DAM_QUOTE, LOCK_QUOTE = "It cost 40 million.", "The dam cost 45 million, as Cy Dorn reckons."


@pytest.fixture
def score(documents):
    """Scores an answer's text with two right citations, or with others."""

    def score(scorer, text, *citations, case=CASE, **answer):
        cited = citations or (
            citation(1, "dam.md", DAM_QUOTE),
            citation(2, "lock.md", LOCK_QUOTE),
        )
        form = {"status": "answered", "text": text, "citations": list(cited), **answer}
        return scorer(outcome_of(case, form, documents))

    return score


def test_cited_rate(score):
    assert score(cited_rate, "It cost 40 million [1]. Or 45 [2].").value == 1.0
    found = score(cited_rate, "It cost 40 million [1]. So they say. Or not [7].")
    assert found.value == pytest.approx(1 / 3)
    assert "uncited: “So they say.”" in found.explanation
    assert score(cited_rate, "...").value == 0.0


def test_source_precision(score):
    assert score(source_precision, "x [1]").value == 1.0
    stranger = citation(1, "dam.md", DAM_QUOTE)
    stranger["document"]["source"] = "y/sea.md"
    assert score(source_precision, "x", stranger, citation(2, "lock.md", LOCK_QUOTE)).value == 0.5


def test_quote_validity(score):
    assert score(quote_validity, "x").value == 1.0
    found = score(quote_validity, "x", retrieved=[f"{IDS['dam.md']}:0-300"])
    assert (found.value, found.weight) == (0.5, 2)
    assert "[2] lock.md" in found.explanation
    assert "was not retrieved" in found.explanation
    swapped = {**citation(1, "dam.md", DAM_QUOTE), "passage_id": f"{IDS['lock.md']}:0-9"}
    assert "is none of its document" in score(quote_validity, "x", swapped).explanation
    outside = {**citation(1, "dam.md", DAM_QUOTE), "passage_id": f"{IDS['dam.md']}:0-9"}
    assert "does not hold it" in score(quote_validity, "x", outside).explanation
    without = {**citation(1, "dam.md", DAM_QUOTE), "passage_id": None}
    assert score(quote_validity, "x", without).value is None
    span = {"source": "dam.md", "start": 0, "end": 500}
    assert score(quote_validity, "x", without, retrieved=[span]).value == 1.0


def test_citation_token_precision(score):
    assert score(citation_token_precision, "x").value == 1.0
    whole = citation(1, "dam.md", DAM)
    assert 0 < score(citation_token_precision, "x", whole).value < 0.3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ann Lee (2024) says it cost 40 million [1].", 1.0),
        ("Cy Dorn says it cost 40 million [1].", 0.0),
        ("It cost 40 million [1].", None),
        ("Ann Lee: “The dam cost 45 million, as Cy Dorn reckons.” [2]", 0.0),
        ("It was 45 million, as Cy Dorn says [2].", 1.0),
        ("“As Cy Dorn says” it cost 40 million [1].", None),
    ],
)
def test_attribution_by_words(score, text, value):
    assert score(attribution_accuracy, text).value == value


@pytest.mark.parametrize(
    ("document", "value"),
    [
        ({"authors": ["Ann Lee"], "published": "2024-05-01"}, 1.0),
        ({"authors": ["ANN LEE"]}, 1.0),
        ({"authors": ["Cy Dorn"]}, 0.0),
        ({"authors": ["Ann Lee"], "published": "2023-05-01"}, 0.0),
        ({"authors": []}, None),
    ],
)
def test_attribution_by_metadata(score, document, value):
    cited = citation(1, "dam.md", DAM_QUOTE, **document)
    assert score(attribution_accuracy, "It cost 40 million [1].", cited).value == value


def test_conflict_coverage(score):
    assert score(conflict_coverage, "x").value == 1.0
    assert score(conflict_coverage, "x", citation(1, "dam.md", DAM_QUOTE)).value == 0.0
    assert score(conflict_coverage, "x", case=replace(CASE, category="multi")).value is None


@pytest.mark.parametrize(
    ("scorer", "text", "value"),
    [
        (number_containment, "It cost 40 million [1].", 1.0),
        (number_containment, "It cost forty million, not 41 [1].", 0.5),
        (number_containment, "It cost much [1].", None),
        (date_containment, "In May 2024 she put it at 40 million [1].", 1.0),
        (date_containment, "In June 2024 she put it at 40 million [1].", 0.0),
        (date_containment, "It was open in 1990.", 0.0),
        (name_containment, "So Dorn says, and so does the Lock [2].", 1.0),
        (name_containment, "So Dorn says, and so does Quarrington [2].", 0.5),
    ],
)
def test_containment(score, scorer, text, value):
    assert score(scorer, text).value == value


def test_negation_containment(score):
    not_finished = citation(1, "dam.md", "The dam was not finished in 1990.")
    for text, value in (
        ("The dam was not finished in 1990 [1].", 1.0),
        ("The dam was finished in 1990 [1].", 0.0),
        ("The dam stood there [1].", None),
    ):
        assert score(negation_containment, text, not_finished).value == value


def test_a_premise_is_what_the_source_says_and_not_the_retyped_quote(score):
    retyped = citation(1, "dam.md", DAM_QUOTE)
    retyped["quote"]["text"] = "It cost 90 million."
    assert score(number_containment, "It cost 90 million [1].", retyped).value == 0.0
    assert score(support, "Cost 90 million [1].", retyped).value == pytest.approx(2 / 3)


def test_support(score):
    assert score(support, "The dam cost 45 million [2].").value == 1.0
    found = score(support, "The dam cost 45 million [2]. Purple elephants wander.")
    assert found.value == 0.5
    assert "lowest 0.00: “Purple elephants wander.”" in found.explanation


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It opened in March 1992 [1].", 1.0),
        ("It opened in March 1992, not 1991 [1].", 0.5),
        ("It opened [1].", 0.0),
        ("It opened in 1993 [1].", 0.0),
    ],
)
def test_temporal_accuracy(score, text, value):
    opened = "Minister Bo Chen opened it in March 1992."
    case = Case("t", "temporal", "When?", evidence=((gold("dam.md", opened),),), facts=(("1992",),))
    assert score(temporal_accuracy, text, citation(1, "dam.md", opened), case=case).value == value


def test_abstentions(score):
    case = replace(CASE, category="temporal")
    declined = {"status": "abstained"}
    assert score(temporal_accuracy, "", case=case, **declined).value is None
    assert score(abstention_precision, "", **declined).value == 0.0
    assert score(abstention_precision, "", case=Case("u", "fact", "?"), **declined).value == 1.0
    assert score(abstention_precision, "x").value is None
    assert score(conflict_coverage, "", **declined).value == 0.0
    for scorer in (cited_rate, support, number_containment, alce_recall_by(lexical_entails)):
        assert score(scorer, "", **declined).value is None


def test_alce(score):
    """The example of the paper: two citations that are needed, and one that is not."""
    recall, precision = alce_recall_by(lexical_entails), alce_precision_by(lexical_entails)
    opened = citation(3, "lock.md", "The lock opened in 1993.")
    cited = (citation(1, "dam.md", DAM_QUOTE), citation(2, "lock.md", LOCK_QUOTE), opened)
    text = "It cost 40 million [1][3]. The dam cost 47 million [2]."
    assert score(recall, text, *cited).value == 0.5
    found = score(precision, text, *cited)
    assert found.value == pytest.approx(1 / 3)
    assert "imprecise: [3] lock.md" in found.explanation


def test_alce_takes_any_judge(score):
    asked = []

    def judge(premise, hypothesis):
        asked.append((premise, hypothesis))
        return True

    assert score(alce_recall_by(judge), "Whatever [1].").value == 1.0
    (premise, hypothesis) = asked[0]
    assert hypothesis == "Whatever."
    assert "Ann Lee" in premise
    assert DAM_QUOTE in premise
    assert score(alce_recall_by(judge), "Whatever.").value == 0.0
