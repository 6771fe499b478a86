"""`assistant calibrate`: refit the reader's weights on datasets, and show what changed."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.console import say, write

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from assistant.weights import Weights
    from eval.calibrating import Refit
    from eval.types import Dataset

_NAMES = {
    "reciprocal_rank": "mean reciprocal rank of gold sentences",
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
    """Fit, show, write."""
    from eval.calibrating import refit
    from eval.dataset import load_dataset
    from eval.errors import CalibrationError
    from index import Index

    if not (arguments.dry_run or arguments.index or arguments.out):
        raise CalibrationError(
            "Expected --index DIR or --out FILE to write the weights to, found neither. Name one, "
            "or add --dry-run."
        )
    if not 0 < arguments.false_refusals < 1:
        raise CalibrationError(
            f"--false-refusals: expected a share between 0 and 1, found {arguments.false_refusals}."
        )
    model = None
    if arguments.index:
        with Index.open(arguments.index) as index:
            model = index.model
    datasets = [load_dataset(path) for path in arguments.datasets]
    collections, old = _examples(datasets, model, arguments.index)
    found = refit(collections, old, arguments.false_refusals)
    names = [f"{each.name} ({len(each.cases)} cases)" for each in datasets]
    weights = found.weights.model_copy(
        update={"fitted_on": tuple(names), **_models(datasets, model)}
    )
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


def _examples(
    datasets: "list[Dataset]", model: str | None, target: Path | None
) -> "tuple[list[list[Any]], Weights]":
    from assistant.weights import default_weights, weights_for
    from eval.cache import cached_index
    from eval.calibrating.examples import examples_of
    from index import Index

    old = default_weights()
    if target:
        with Index.open(target) as index:
            old = weights_for(index)
    collections = []
    for dataset in datasets:
        with Index.open(cached_index(dataset, say, model)) as index:
            collections.append(examples_of(dataset, index))
    return collections, old


def _models(datasets: "list[Dataset]", model: str | None) -> dict[str, Any]:
    from eval.cache import index_folder
    from index import Index
    from index.embedding import identity

    with Index.open(index_folder(datasets[0], model)) as index:
        return {"embedding_model": identity(index.fingerprint), "reranker": None}


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


def _to_dict(
    found: "Refit", old: "Weights", weights: "Weights", place: Path | None
) -> dict[str, Any]:
    return {
        "written": str(place) if place else None,
        "weights": weights.model_dump(mode="json"),
        "old": old.model_dump(mode="json"),
        "kept_scoring": found.keeps_scoring,
        "before": asdict(found.before),
        "after": asdict(found.after),
    }


def _lines(found: "Refit", old: "Weights", weights: "Weights", place: Path | None) -> Iterator[str]:
    yield f"{'weight':34} {'old':>8} {'new':>8}"
    for name, before, after in _changes(old, weights):
        mark = "" if before == after else "  *"
        yield f"{name:34} {before:8.3f} {after:8.3f}{mark}"
    if found.keeps_scoring:
        yield "The weights of sentences were kept: new ones gained nothing on questions held out."
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
