"""`assistant calibrate`: refit the reader's weights on datasets, and show what changed."""

import argparse
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.commands.options import check_writable
from eval.console import say, write

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from assistant.weights import Weights
    from eval.calibrating import Refit
    from eval.calibrating.examples import Example
    from eval.types import Dataset

_NAMES = {
    "reciprocal_rank": "mean reciprocal rank of gold sentences",
    "gold_first": "questions with a gold sentence first",
    "answerability_auc": "separation of questions with an answer (AUC)",
    "abstention_recall": "questions without an answer declined",
    "false_refusal_rate": "questions with an answer declined",
    "ece": "error of the confidence (ECE)",
}


def add_parser(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "calibrate",
        help="refit weights and thresholds on datasets",
        description="Fit the weights of the extractive reader, its confidence and its threshold on "
        "datasets, show what changed and what it gains on questions not fitted on, and write the "
        "weights into an index or a file.",
    )
    parser.add_argument("datasets", nargs="+", metavar="DATASET", help="folders with cases.jsonl")
    parser.add_argument("--index", metavar="DIR", type=Path, help="write into this index")
    parser.add_argument("--out", metavar="FILE", type=Path, help="write into this file instead")
    parser.add_argument(
        "--embedding-model", metavar="NAME", help="fit them for this model instead of an index's"
    )
    parser.add_argument("--reranker", metavar="NAME", help="fit them for this cross-encoder")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument(
        "--false-refusals",
        metavar="SHARE",
        type=float,
        default=0.05,
        help="answerable questions that may be declined (default: 0.05)",
    )
    parser.add_argument(
        "--force", action="store_true", help="write them even if they do worse than the old ones"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(handler=calibrate)


def calibrate(arguments: argparse.Namespace) -> int:
    """Fit, show, write; 1 if new weights that do worse were not written."""
    _check(arguments)
    from eval.calibrating import refit
    from eval.dataset import load_dataset

    datasets = [load_dataset(path) for path in arguments.datasets]
    collections, old, models = _examples(datasets, arguments)
    found = refit(collections, old, arguments.false_refusals)
    names = tuple(f"{each.name} ({len(each.cases)} cases)" for each in datasets)
    weights = found.weights.model_copy(update={"fitted_on": names, **models})
    is_refused = not arguments.dry_run and not arguments.force and found.is_worse
    is_written = not arguments.dry_run and not is_refused
    place = (arguments.out or arguments.index / "weights.json") if is_written else None
    if place:
        _replace(place, json.dumps(weights.model_dump(mode="json"), indent=2) + "\n")
    if arguments.json:
        write(json.dumps(_to_dict(found, old, weights, place), indent=2))
    else:
        write("\n".join(_lines(found, old, weights, place)))
    return int(is_refused)


def _check(arguments: argparse.Namespace) -> None:
    """Find out what is wrong before anything is asked."""
    from eval.errors import CalibrationError

    check_writable("--out", arguments.out)
    if not (arguments.dry_run or arguments.index or arguments.out):
        raise CalibrationError(
            "Expected --index DIR or --out FILE to write the weights to, found neither. Name one, "
            "or add --dry-run."
        )
    if arguments.index and arguments.embedding_model:
        raise CalibrationError(
            "Expected --index or --embedding-model, found both: an index has the embedding model "
            "it was made with. Leave one of them out."
        )
    if not 0 < arguments.false_refusals < 1:
        raise CalibrationError(
            f"--false-refusals: expected a share between 0 and 1, found {arguments.false_refusals}."
        )


def _examples(
    datasets: "list[Dataset]", arguments: argparse.Namespace
) -> "tuple[list[list[Example]], Weights, dict[str, str | None]]":
    """The examples of each dataset, the weights in use, and the models that they are fitted for."""
    from assistant.weights import weights_for
    from eval.cache import cached_index
    from eval.calibrating.examples import examples_of
    from index import Index
    from index.cross_encoder import load_reranker
    from index.embedding import identity

    reranker = load_reranker(arguments.reranker) if arguments.reranker else None
    with ExitStack() as opened:

        def enter(folder: Path) -> Index:
            return opened.enter_context(Index.open(folder, reranker=reranker))

        target = enter(arguments.index) if arguments.index else None
        model = target.model if target else arguments.embedding_model
        indexes = [enter(cached_index(dataset, say, model)) for dataset in datasets]
        models = {
            "embedding_model": identity(indexes[0].fingerprint),
            "reranker": identity(reranker.fingerprint) if reranker else None,
        }
        found = [examples_of(*pair) for pair in zip(datasets, indexes, strict=True)]
        return found, weights_for(target or indexes[0]), models


def _replace(place: Path, text: str) -> None:
    """Write a file as a whole, so that nobody reads half of it."""
    draft = place.with_name(f".{place.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(place)


def _numbers(value: object, name: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, (int, float)) and name != "format":
        yield name, float(value)


def _changes(old: "Weights", new: "Weights") -> list[tuple[str, float, float]]:
    before, after = dict(_numbers(old.model_dump())), dict(_numbers(new.model_dump()))
    return [(name, before.get(name, 0.0), value) for name, value in after.items()]


def _mismatch(old: "Weights", new: "Weights") -> str | None:
    from assistant.weights import mismatch

    return mismatch(old, new.embedding_model, new.reranker)


def _to_dict(
    found: "Refit", old: "Weights", weights: "Weights", place: Path | None
) -> dict[str, Any]:
    return {
        "written": str(place) if place else None,
        "weights": weights.model_dump(mode="json"),
        "old": old.model_dump(mode="json"),
        "mismatch": _mismatch(old, weights),
        "kept_scoring": found.keeps_scoring,
        "kept_curve": found.keeps_curve,
        "before": asdict(found.before),
        "after": asdict(found.after),
    }


def _lines(found: "Refit", old: "Weights", weights: "Weights", place: Path | None) -> Iterator[str]:
    if told := _mismatch(old, weights):
        yield f"The old weights: {told}."
    yield f"{'weight':34} {'old':>8} {'new':>8}"
    for name, before, after in _changes(old, weights):
        mark = "" if before == after else "  *"
        yield f"{name:34} {before:8.3f} {after:8.3f}{mark}"
    if found.keeps_scoring:
        yield "The weights of sentences were kept: new ones gained nothing on questions held out."
    if found.keeps_curve:
        yield "The curve of answerability was kept: a new one separated questions no better."
    yield ""
    yield f"{'on questions not fitted on':46} {'old':>8} {'new':>8}"
    for key, title in _NAMES.items():
        values = (getattr(found.before, key), getattr(found.after, key))
        yield f"{title:46} " + " ".join("       -" if v is None else f"{v:8.3f}" for v in values)
    yield ""
    if found.is_worse:
        yield (
            "On questions not fitted on, the new weights separate worse than the old ones: add "
            "cases or datasets, or write them all the same with --force."
        )
    yield f"Written to {place}." if place else "Nothing was written."
