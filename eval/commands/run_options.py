"""The options of `assistant-eval run`, and which of them go together."""

import argparse
from pathlib import Path

from eval.commands.model_options import add_model_options, given_options
from eval.commands.options import check_writable
from index.errors import InputError

_SINGLE = ("index", "answers", "json", "html", "junit", "baseline")
"""Options that make sense for one dataset only."""
_ASKING = ("index", "embedding_model", "reranker")
"""Options about what is asked, besides those of the chat model."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them."""
    parser.add_argument(
        "datasets",
        nargs="+",
        metavar="DATASET",
        type=Path,
        help="a folder with documents/ and cases.jsonl",
    )
    _add_system(parser)
    add_model_options(parser)
    _add_scoring(parser)
    _add_output(parser)


def _add_system(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is asked")
    group.add_argument(
        "--index",
        metavar="DIR",
        type=Path,
        help="the index to ask (default: one of the dataset's documents, kept in a cache folder)",
    )
    group.add_argument(
        "--embedding-model",
        metavar="NAME",
        help="an embedding model for the index: its folder, or owner/name on the Hugging Face hub",
    )
    group.add_argument(
        "--reranker",
        metavar="NAME",
        help="a cross-encoder that orders what is found: its folder, or owner/name on the hub",
    )
    group.add_argument(
        "--answers",
        metavar="FILE",
        type=Path,
        help='score answers made elsewhere: JSON Lines of {"id": ..., "answer": {...}}',
    )
    group.add_argument(
        "--jobs", metavar="N", type=int, default=1, help="questions at a time (default: 1)"
    )


def _add_scoring(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it is scored")
    group.add_argument(
        "--k",
        metavar="N",
        type=int,
        default=5,
        help="passages that the scores of retrieval look at (default: 5)",
    )
    group.add_argument(
        "--nli",
        metavar="DIR",
        help="a cross-encoder for entailment, for ALCE's scores (default: a comparison of words)",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is written")
    group.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="keep each run in DIR/DATASET: answers and reports (JSON, HTML, Markdown, JUnit XML)",
    )
    group.add_argument(
        "--fresh", action="store_true", help="give up an unfinished run with other settings"
    )
    group.add_argument(
        "--json",
        metavar="FILE",
        help="write the report as JSON; - means stdout, and nothing else there",
    )
    group.add_argument("--html", metavar="FILE", help="write the report as one page")
    group.add_argument("--junit", metavar="FILE", help="write the report as JUnit XML")
    group.add_argument(
        "--baseline",
        metavar="FILE",
        type=Path,
        help="an earlier report to compare with, case by case",
    )


def check_options(arguments: argparse.Namespace) -> None:
    """Find out what cannot work before the first question is asked.

    Raises:
        InputError: options that do not go together, or a file that cannot be written.
    """
    asks = [f"--{name.replace('_', '-')}" for name in _ASKING if getattr(arguments, name)]
    asks += given_options(arguments)
    if arguments.answers is not None and asks:
        raise InputError(
            f"Expected --answers alone, found {asks[0]} with it: answers made elsewhere are scored "
            "without asking anything. Leave one of them out."
        )
    if arguments.index is not None and arguments.embedding_model is not None:
        raise InputError(
            "Expected --index or --embedding-model, found both: an index has the embedding model "
            "it was made with. Leave one of them out."
        )
    given = [f"--{name}" for name in _SINGLE if getattr(arguments, name) is not None]
    if len(arguments.datasets) > 1 and given:
        raise InputError(
            f"Expected one dataset with {', '.join(given)}, found {len(arguments.datasets)}. "
            "Run them one by one, or keep all their reports with --out DIR."
        )
    names = [path.resolve().name for path in arguments.datasets]
    if arguments.out is not None and len(set(names)) < len(names):
        raise InputError(
            f"Expected datasets with different names with --out, found {', '.join(names)}. "
            "Rename a folder or run them one by one."
        )
    if arguments.jobs < 1 or arguments.k < 1:
        raise InputError(
            f"Expected --jobs and --k from 1, found {arguments.jobs} and {arguments.k}. "
            "Correct them."
        )
    for name in ("json", "html", "junit"):
        check_writable(f"--{name}", getattr(arguments, name))
