"""`assistant-eval validate`: check a dataset and count its cases."""

import argparse
from typing import TYPE_CHECKING

from eval.commands.options import add_dataset
from eval.console import write

if TYPE_CHECKING:
    from eval.cli import Commands


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "validate",
        help="check a dataset and count its cases",
        description="Check a dataset and count its cases.",
    )
    add_dataset(parser)
    parser.set_defaults(handler=validate)


def validate(arguments: argparse.Namespace) -> int:
    """Print what a dataset holds; its problems are raised."""
    from eval.dataset import load_dataset
    from eval.documents import DatasetDocuments

    dataset = load_dataset(arguments.dataset)
    documents = len(DatasetDocuments(dataset.documents).names)
    spans = sum(len(group) for case in dataset.cases for group in case.evidence)
    write(
        f"Dataset {dataset.name}: {len(dataset.cases)} cases, {documents} files in documents/, "
        f"{spans} gold spans, all exact."
    )
    for category, count in dataset.count_by_category().items():
        write(f"  {category:<14} {count:>5}")
    return 0
