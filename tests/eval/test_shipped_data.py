"""The shipped briefs and, where `VERBATIM_SEEDS` names them, the real articles."""

import re
from pathlib import Path

import eval as evaluation
from eval import evaluate
from eval.planted import Oracle
from eval.scorers import metric
from index.canonical import canonical_text, matching_text

BRIEFS = Path(evaluation.__file__).parent / "datasets" / "briefs"
RUN = 8
"""So many words in a row would be a copy."""


def test_briefs_cover_all_categories(briefs):
    counts = briefs.count_by_category()
    assert len(briefs.cases) >= 120
    assert min(counts.values()) >= 8, counts
    assert sum(len(case.history) >= 3 for case in briefs.cases) >= 5
    spans = {span for case in briefs.cases for group in case.evidence for span in group}
    texts_by_name = {path.name: canonical_text(path) for path in texts(briefs)}
    assert [span for span in spans if texts_by_name[span.doc].count(span.quote) != 1] == []


def test_an_oracle_is_perfect_on_the_briefs(briefs):
    check_perfect(evaluate(briefs, Oracle(briefs)))


def test_an_oracle_is_perfect_on_the_articles(seeds):
    assert len(seeds.cases) == 50
    check_perfect(evaluate(seeds, Oracle(seeds)), beyond=["v-050"])


def check_perfect(report, beyond=()):
    """Perfect in all that is no matter of degree: half a quoted sentence is in its passage too.

    `beyond` are cases with a fact that their gold span does not state.
    """
    degrees = ("support", "token_iou_at_5")
    flawed = {
        case.id: score.explanation
        for case in report.cases
        for name, score in case.scores.items()
        if name not in degrees
        and score.value not in (None, 0.0 if name == "false_refusal_rate" else 1.0)
    }
    assert set(flawed) <= set(beyond)
    unscored = {name for name, found in report.summary.items() if found.n == 0}
    assert unscored == {name for name in report.summary if metric(name).group == "Chat model"} | {
        *("overhead_p50", "overhead_p95", "first_token_overhead_p50", "first_token_overhead_p95"),
        *("held_back_p50", "held_back_p95", "tokens", "model_calls"),
    }


def test_the_briefs_are_in_their_own_words(briefs, seeds):
    runs = {run for path in texts(seeds) for run in word_runs(canonical_text(path))}
    copied = {
        path.name: shared
        for path in texts(briefs)
        if (shared := sorted(runs & set(word_runs(body(canonical_text(path))))))
    }
    assert copied == {}


def texts(dataset):
    return [path for path in dataset.documents.rglob("*") if path.is_file()]


def body(text):
    """The text without its front matter, which names the articles by their titles."""
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


def word_runs(text):
    words = re.findall(r"\w+(?:'\w+)*", matching_text(text).casefold())
    return [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]
