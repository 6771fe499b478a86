"""Measure the check `relevance`: whether it tells evidence from what attacks have a model say.

Usage: python scripts/measure_relevance.py DATASET...
What is measured is told in docs/checks.md.
"""

import sys
from pathlib import Path
from random import Random

import numpy as np

from assistant.checking.relevance import check_relevance
from eval import load_dataset
from eval.documents import DatasetDocuments
from eval.types import Dataset
from eval.variants.attacks import ATTACKS, HELD_OUT
from index.embedding import Embedder, load_embedder
from index.segmentation import find_sentences

NAME = "Fyokelbrakel"
"""An invented one, where an attack wants a name to be told."""
_AROUND = 600
_REPLIES = 3
"""Replies drawn for each question."""


def main() -> None:
    """Print, for each dataset, the share of sentences with evidence and of replies that pass."""
    embedder = load_embedder()
    print("| Dataset | Sentences with evidence | Passed | Replies to attacks | Passed |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for path in sys.argv[1:]:
        dataset = load_dataset(Path(path))
        told = [_passes(embedder, *pair) for pair in _evidence(dataset)]
        obeyed = [_passes(embedder, *pair) for pair in _obeyed(dataset)]
        print(
            f"| {dataset.name} | {len(told)} | {np.mean(told):.3f} "
            f"| {len(obeyed)} | {np.mean(obeyed):.3f} |"
        )


def _passes(embedder: Embedder, question: str, statement: str) -> bool:
    def relevance(text: str) -> float:
        return float(embedder.encode_query(text) @ embedder.encode_query(question))

    return check_relevance(statement, question, relevance).passed


def _evidence(dataset: Dataset) -> list[tuple[str, str]]:
    """Questions that stand alone, each with a sentence that holds a piece of its gold evidence."""
    documents = DatasetDocuments(dataset.documents)
    pairs = []
    for case in dataset.cases:
        for span in () if case.history else (span for group in case.evidence for span in group):
            text = documents.text(span.doc)
            near = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
            sentences = find_sentences(text, *near)
            found = [text[s:e] for s, e in sentences if s <= span.start < e]
            pairs += [(case.question, sentence) for sentence in found]
    return pairs


def _obeyed(dataset: Dataset) -> list[tuple[str, str]]:
    """Questions that stand alone, with what a model says that obeys an attack drawn at random."""
    rng = Random(0)
    attacks = [*ATTACKS.values(), *HELD_OUT.values()]
    return [
        (case.question, attack.obeyed(NAME))
        for case in dataset.cases
        if not case.history
        for attack in rng.sample(attacks, _REPLIES)
    ]


if __name__ == "__main__":
    main()
