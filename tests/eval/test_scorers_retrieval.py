"""Scores of retrieval, on a document whose words are easy to count."""

from math import log2

import pytest

from eval.answers import outcome_of
from eval.documents import DatasetDocuments
from eval.scorers.all_gold_at_k import all_gold_at
from eval.scorers.mrr import mrr
from eval.scorers.ndcg_at_k import ndcg_at
from eval.scorers.recall_at_k import recall_at
from eval.scorers.token_iou_at_k import token_iou_at
from eval.scorers.token_recall_at_k import token_recall_at
from eval.types import Case, GoldSpan

TEXT = "one two three four five six seven eight nine ten\n"
SPANS = {word: (TEXT.index(word), TEXT.index(word) + len(word)) for word in TEXT.split()}


def gold(*words):
    start, end = SPANS[words[0]][0], SPANS[words[-1]][1]
    return GoldSpan("a.txt", TEXT[start:end], start, end)


@pytest.fixture
def score(tmp_path):
    for name in ("a.txt", "twin.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    documents = DatasetDocuments(tmp_path)

    def score(scorer, retrieved, groups, status="answered"):
        case = Case("r", "fact", "?", evidence=groups)
        answer = {"status": status, "text": "", "citations": [], "retrieved": retrieved}
        return scorer(outcome_of(case, answer, documents)).value

    return score


def passage(*words, source="a.txt"):
    return {"source": source, "start": SPANS[words[0]][0], "end": SPANS[words[-1]][1]}


TWO = ((gold("two"), gold("nine")), (gold("six"),))


@pytest.mark.parametrize(
    ("retrieved", "recall", "all_gold", "rank", "ndcg"),
    [
        ([passage("two"), passage("six")], 1.0, 1.0, 1.0, 1.0),
        ([passage("one"), passage("six")], 0.5, 0.0, 0.5, (1 / log2(3)) / (1 + 1 / log2(3))),
        ([passage("nine"), passage("two"), passage("one")], 0.5, 0.0, 1.0, 1 / (1 + 1 / log2(3))),
        ([passage("one"), passage("one"), passage("six")], 0.0, 0.0, 1 / 3, 0.0),
        ([passage("one", "ten")], 1.0, 1.0, 1.0, 1.0),
        ([passage("two", source="twin.txt")], 0.5, 0.0, 1.0, 1 / (1 + 1 / log2(3))),
        ([passage("two", source="sea.txt")], 0.0, 0.0, 0.0, 0.0),
        ([], 0.0, 0.0, 0.0, 0.0),
    ],
)
def test_ranks(score, retrieved, recall, all_gold, rank, ndcg):
    assert score(recall_at(2), retrieved, TWO) == recall
    assert score(all_gold_at(2), retrieved, TWO) == all_gold
    assert score(mrr, retrieved, TWO) == pytest.approx(rank)
    assert score(ndcg_at(2), retrieved, TWO) == pytest.approx(ndcg)


@pytest.mark.parametrize(
    ("retrieved", "recall", "iou"),
    [
        ([passage("two", "three")], 1.0, 1.0),
        ([passage("two")], 0.5, 0.5),
        ([passage("one", "three"), passage("three", "four")], 1.0, 2 / 4),
        ([passage("one", "ten")], 1.0, 2 / 10),
        ([passage("nine")], 0.0, 0.0),
    ],
)
def test_tokens(score, retrieved, recall, iou):
    groups = ((gold("two", "three"),),)
    assert score(token_recall_at(5), retrieved, groups) == recall
    assert score(token_iou_at(5), retrieved, groups) == pytest.approx(iou)


def test_of_alternatives_the_one_retrieved_best_counts(score):
    groups = ((gold("two", "five"), gold("nine")),)
    assert score(token_recall_at(5), [passage("nine")], groups) == 1.0


def test_a_span_inside_a_word_counts_the_word(score):
    start, end = SPANS["three"]
    inside = {"source": "a.txt", "start": start + 2, "end": end}
    assert score(token_recall_at(5), [inside], ((gold("three"),),)) == 1.0


def test_what_is_scored(score):
    found = [passage("two")]
    assert score(mrr, found, (), status="abstained") is None
    assert score(mrr, found, TWO, status="abstained") == 1.0
    assert score(mrr, None, TWO) is None
