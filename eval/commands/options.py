"""Options that several subcommands share."""

import argparse
from pathlib import Path

from index.errors import InputError


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """Add the argument DATASET."""
    parser.add_argument(
        "dataset", metavar="DATASET", type=Path, help="a folder with documents/ and cases.jsonl"
    )


def check_writable(option: str, target: str | Path | None) -> None:
    """Find out that a file cannot be written before the first question is asked.

    Args:
        option: as the user wrote it, for the message.
        target: the file to write; None and `-` (stdout) are fine.

    Raises:
        InputError: it is a folder, or there is no folder to put it in.
    """
    if target is None or str(target) == "-":
        return
    path = Path(target)
    if path.is_dir() or not path.absolute().parent.is_dir():
        found = "a folder" if path.is_dir() else "no folder to put it in"
        raise InputError(f"{option} {path}: expected a file to write, found {found}. Name a file.")
