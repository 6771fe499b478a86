"""Fit the constants of assistant/confidence.py and print them; nothing is written.

    python scripts/fit_confidence.py DATASET [DATASET ...] [--skip REGEX]

Datasets, and in each the questions with an answer and those without, weigh the same in the first
curve; the second is fitted on the answers given. Run it again after new weights were put in.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eval import Dataset

Example = tuple[tuple[float, ...], bool, bool | None]
"""The signs of a question, whether it has an answer, whether the answer given is right."""
STRENGTH = 0.1
"""Inverse of the strength of regularization, over standardized signs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the constants."""
    import numpy as np

    from eval import load_dataset

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="+", metavar="DATASET")
    parser.add_argument("--skip", metavar="REGEX", help="leave out cases with such ids")
    options = parser.parse_args(arguments)
    collections = []
    for path in options.datasets:
        dataset = load_dataset(path)
        kept = [c for c in dataset.cases if not (options.skip and re.match(options.skip, c.id))]
        collections.append(examples(replace(dataset, cases=tuple(kept))))
    weights, offset = fit_answerability(collections)
    print(f"WEIGHTS = ({', '.join(f'{w:.2f}' for w in weights)})\nOFFSET = {offset:.2f}")
    told = [e for each in collections for e in each if e[2] is not None]
    share = np.concatenate([_balanced([1 for e in c if e[2] is not None]) for c in collections])
    odds = np.array([[offset + float(weights @ np.array(e[0]))] for e in told])
    (slope,), intercept = _logistic(odds, np.array([e[2] for e in told]), share, 1e6)
    print(f"SLOPE, INTERCEPT = {slope:.2f}, {intercept:.2f}")


def examples(dataset: "Dataset") -> list[Example]:
    """The signs of each question of a dataset for which there is evidence."""
    from assistant import Assistant
    from assistant.chain import prepare
    from assistant.confidence import signs
    from assistant.scoring import score
    from eval.cache import cached_index
    from eval.runner import evaluate
    from index import Index

    path = cached_index(dataset, print)
    with Assistant.open(path) as desk:
        report = evaluate(dataset, desk.answer)
    found: list[Example] = []
    with Index.open(path) as index:
        for case, result in zip(dataset.cases, report.cases, strict=True):
            prepared = prepare(index, case.question, case.history)
            if prepared is None or result.confidence is None:
                continue  # nothing was read: no evidence, or a question about a document itself
            found_signs = astuple(signs(*prepared, score(*prepared)))
            found.append((found_signs, case.is_answerable, result.right))
    return found


def fit_answerability(
    collections: Sequence[Sequence[Example]],
) -> "tuple[NDArray[np.float64], float]":
    """Weights, shape (signs,), and offset of the curve that tells answerable from not."""
    import numpy as np

    values = np.array([e[0] for each in collections for e in each])
    answerable = np.array([e[1] for each in collections for e in each])
    share = np.concatenate([_balanced([int(e[1]) for e in each]) for each in collections])
    mean, deviation = values.mean(axis=0), values.std(axis=0) + 1e-9
    weights, offset = _logistic((values - mean) / deviation, answerable, share, STRENGTH)
    weights = weights / deviation
    return weights, float(offset - weights @ mean)


def _balanced(groups: Sequence[int]) -> "NDArray[np.float64]":
    """A weight for each member, so that all groups weigh the same and all together 1."""
    import numpy as np

    counts = {group: groups.count(group) for group in set(groups)}
    return np.array([1 / (len(counts) * counts[group]) for group in groups])


def _logistic(
    values: "NDArray[np.float64]",
    targets: "NDArray[np.bool_]",
    share: "NDArray[np.float64]",
    strength: float,
) -> "tuple[NDArray[np.float64], float]":
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength)
    model.fit(values, targets, sample_weight=share / share.mean())
    return model.coef_[0], float(model.intercept_[0])


if __name__ == "__main__":
    main()
