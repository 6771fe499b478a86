from dataclasses import replace

import pytest

from eval import scorers
from eval.documents import DatasetDocuments
from eval.scorers import SCORERS, CitedQuote, Outcome
from eval.scorers.facts_recall import facts_recall


@pytest.fixture
def outcome(dataset):
    """Answers `c-2` with one of its two sides."""
    documents = DatasetDocuments(dataset.documents)
    case = dataset.cases[1]
    span = case.evidence[0][0]
    quote = CitedQuote(1, span.quote, span.start, span.end, "x/lakes.txt", span.doc)
    return Outcome(case, "answered", "Lake Sevan covers 1,242 km² [1].", (quote,), documents)


@pytest.fixture
def unanswerable(outcome, dataset):
    return replace(outcome, case=dataset.cases[3])


def with_status(outcome, status):
    return replace(outcome, status=status, text="", quotes=())


def test_every_scorer_is_named_and_defined():
    for name, scorer in SCORERS.items():
        assert scorer.__name__ == name
        assert len(scorer.__doc__.split("\n")[0]) > 20


def test_evidence_recall(outcome, unanswerable):
    score = scorers.evidence_recall(outcome)
    assert score.value == 0.5
    assert score.explanation == "1 of 2 evidence groups cited; not cited: group 2"
    assert scorers.evidence_recall(with_status(outcome, "abstained")).value == 0.0
    assert scorers.evidence_recall(with_status(outcome, "failed")).value == 0.0
    assert scorers.evidence_recall(unanswerable).value is None


def test_citation_precision(outcome, unanswerable):
    off = CitedQuote(2, "T", 0, 1, "rivers.txt", "rivers.txt")
    score = scorers.citation_precision(replace(outcome, quotes=(*outcome.quotes, off)))
    assert score.value == 0.5
    assert "off: [2] rivers.txt 0-1" in score.explanation
    assert scorers.citation_precision(replace(outcome, quotes=())).value == 0.0
    assert scorers.citation_precision(with_status(outcome, "abstained")).value is None
    assert scorers.citation_precision(with_status(outcome, "failed")).value is None
    assert scorers.citation_precision(unanswerable).value is None


def test_touching_spans_do_not_overlap(outcome):
    span = outcome.case.evidence[0][0]
    touching = replace(outcome.quotes[0], start=span.end, end=span.end + 1)
    assert scorers.evidence_recall(replace(outcome, quotes=(touching,))).value == 0.0
    last = replace(outcome.quotes[0], start=span.end - 1, end=span.end)
    assert scorers.evidence_recall(replace(outcome, quotes=(last,))).value == 0.5


def test_facts_recall(outcome, unanswerable):
    score = facts_recall(outcome)
    assert score.value == 0.5
    assert score.explanation == "1 of 2 facts stated; missing: 1,360"
    assert facts_recall(with_status(outcome, "abstained")).value == 0.0
    assert facts_recall(unanswerable).value is None


@pytest.mark.parametrize(
    ("spelling", "text", "is_stated"),
    [
        ("128 km", "It is 128\u00a0KM\nlong.", True),
        ("it's", "so IT’S said", True),
        ('"lost"', "he “lost” it", True),
        ("2011-2020", "in 2011–2020", True),
        ("main supplier", "the **main** supplier", True),
        ("main supplier", "> the main\n> supplier", True),
        ("$12.4 billion", "about \\$12.4 billion", True),
        ("1,242 km", "1,242[1] km", True),
        ("Russia", "Russian arms", True),
        ("94", "in 1994", False),
        ("12", "12.4 billion", False),
        ("4", "12.4 billion", False),
        ("94", "It was 94.", True),
        ("94", "No share is given [94].", False),
        ("not lost", "lost", False),
    ],
)
def test_facts_matching(outcome, spelling, text, is_stated):
    case = replace(outcome.case, facts=((spelling,),))
    assert facts_recall(replace(outcome, case=case, text=text)).value == float(is_stated)


def test_source_recall(outcome, unanswerable):
    assert scorers.source_recall(outcome).value == 1.0
    missed = replace(outcome, case=replace(outcome.case, sources=("sub/lakes.txt", "rivers.txt")))
    assert scorers.source_recall(missed).value == 0.5
    assert "not cited: rivers.txt" in scorers.source_recall(missed).explanation
    assert scorers.source_recall(with_status(outcome, "abstained")).value == 0.0
    assert scorers.source_recall(unanswerable).value is None


def test_quote_exactness(outcome, unanswerable):
    good = outcome.quotes[0]
    changed = replace(good, number=2, text=good.text.replace("1,242", "1,243"))
    score = scorers.quote_exactness(replace(outcome, quotes=(good, changed)))
    assert (score.value, score.weight) == (0.5, 2)
    assert "[2] sub/lakes.txt 0-27: the source says something else" in score.explanation
    assert scorers.quote_exactness(replace(unanswerable, status="answered")).value == 1.0
    assert scorers.quote_exactness(with_status(outcome, "abstained")).value is None


@pytest.mark.parametrize(
    "change",
    [
        {"start": -59, "end": -32},  # a slice from the end
        {"end": 9_999},  # a slice beyond the end
        {"text": "", "start": 5, "end": 5},
        {"doc": None, "source": "nowhere/at/all.txt"},
        {"doc": None, "source": "\0"},
        {"doc": None, "source": "x" * 5_000},
        {"doc": None, "source": "/"},
    ],
)
def test_quotes_that_are_not_exact(outcome, change):
    quote = replace(outcome.quotes[0], **change)
    assert scorers.quote_exactness(replace(outcome, quotes=(quote,))).value == 0.0


def test_a_document_outside_the_dataset_is_read_from_its_source(outcome, tmp_path):
    path = tmp_path / "seas.txt"
    path.write_text("The sea is deep.", encoding="utf-8")
    quote = CitedQuote(1, "sea", 4, 7, str(path), None)
    assert scorers.quote_exactness(replace(outcome, quotes=(quote,))).value == 1.0
    assert scorers.evidence_recall(replace(outcome, quotes=(quote,))).value == 0.0


def test_abstention_recall(outcome, unanswerable):
    assert scorers.abstention_recall(outcome).value is None
    assert scorers.abstention_recall(with_status(unanswerable, "abstained")).value == 1.0
    assert scorers.abstention_recall(unanswerable).value == 0.0
    assert scorers.abstention_recall(with_status(unanswerable, "failed")).value == 0.0


def test_false_refusal_rate(outcome, unanswerable):
    assert scorers.false_refusal_rate(outcome).value == 0.0
    assert scorers.false_refusal_rate(with_status(outcome, "abstained")).value == 1.0
    assert scorers.false_refusal_rate(with_status(outcome, "failed")).value is None
    assert scorers.false_refusal_rate(unanswerable).value is None
