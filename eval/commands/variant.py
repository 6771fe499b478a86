"""`assistant-eval variant`: make a variant of a dataset that tests robustness."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.options import add_dataset
from eval.console import write
from index.counting import plural

if TYPE_CHECKING:
    from eval.cli import Commands

KINDS = ("injection", "attacks", "contradiction", "duplicates", "noise", "negative")
"""As in `eval.variants.types`; a test compares the two."""


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "variant",
        help="copy a dataset with something planted in its documents",
        description="Copy a dataset with something planted in its documents: instructions to a "
        "model (injection, and attacks of many kinds), false figures (contradiction), "
        "near-duplicates, noise; or with the evidence taken out (negative). The copy is a dataset "
        "of its own; its variant.json says what is planted where.",
    )
    add_dataset(parser)
    parser.add_argument("--kind", required=True, choices=KINDS, help="what is planted")
    parser.add_argument(
        "--out", required=True, metavar="DIR", type=Path, help="the folder to make; not there yet"
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="of all that is random (default: 0)"
    )
    parser.add_argument(
        "--noise",
        metavar="PATH",
        type=Path,
        help="for noise and negative: a folder or dataset with documents that do not answer "
        "(default: the dataset's own text beside the gold)",
    )
    parser.add_argument(
        "--ratio",
        metavar="R",
        type=float,
        help="for duplicates, noise and negative: documents to add for each one that holds gold "
        "(default: 2, 3 and 1)",
    )
    parser.set_defaults(handler=variant)


def variant(arguments: argparse.Namespace) -> int:
    """Make the variant and say what it holds."""
    from eval.dataset import load_dataset
    from eval.variants import load_plants, make_variant

    dataset = load_dataset(arguments.dataset)
    made = make_variant(
        dataset,
        arguments.kind,
        arguments.out,
        seed=arguments.seed,
        ratio=arguments.ratio,
        noise=arguments.noise,
    )
    record = load_plants(made.folder)
    documents = len({plant.document for plant in record.plants})
    parts = []
    if record.plants:
        parts.append(f"{plural(len(record.plants), 'plant')} in {plural(documents, 'document')}")
    if record.cuts:
        parts.append(plural(len(record.cuts), "cut"))
    if record.originals:
        parts.append(f"{plural(len(record.originals), 'case')} made unanswerable")
    elif record.aimed_at:
        parts.append(f"{len(record.aimed_at)} of {len(made.cases)} cases aimed at")
    write(f"Variant {record.kind} of {dataset.name} in {made.folder}: {', '.join(parts)}.")
    return 0
