"""`assistant-eval selftest`: do the scores catch planted faults on this dataset?"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.options import add_dataset, check_writable
from eval.console import write

if TYPE_CHECKING:
    from eval.cli import Commands

_DESCRIPTION = """Score systems with known faults on a dataset, and see which scores catch them: one
that always abstains, one that changes a year in its quotes, one that names the wrong author, and so
on. Exits with 1 where a fault goes unseen although the dataset could show it."""


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "selftest",
        help="see whether the scores catch planted faults on a dataset",
        description=_DESCRIPTION,
    )
    add_dataset(parser)
    parser.add_argument("--markdown", action="store_true", help="print Markdown")
    parser.add_argument("--json", metavar="FILE", help="write the table as JSON")
    parser.set_defaults(handler=selftest)


def selftest(arguments: argparse.Namespace) -> int:
    """Print what each planted fault does to the scores that must catch it."""
    check_writable("--json", arguments.json)
    from eval.dataset import load_dataset
    from eval.planted.selftest import measure
    from eval.run_folder import write_whole

    result = measure(load_dataset(arguments.dataset))
    if arguments.json is not None:
        write_whole(Path(arguments.json), result.to_json() + "\n")
    write(result.to_markdown() if arguments.markdown else result.to_text())
    return 1 if result.unseen else 0
