"""`assistant-eval compare`: what changed from one run to another, and whether by chance."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.options import check_writable
from eval.console import encodable, write

if TYPE_CHECKING:
    from eval.cli import Commands


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "compare",
        help="compare two runs over the same cases",
        description="Compare two runs over the same cases: B against A. Each is a report.json or "
        "the folder of a run.",
        usage="assistant-eval compare A B [--metric NAME ...] [--markdown] [--json FILE]",
    )
    parser.add_argument("a", metavar="A", type=Path, help="the run to compare with")
    parser.add_argument("b", metavar="B", type=Path, help="the run to judge")
    parser.add_argument(
        "--metric",
        metavar="NAME",
        nargs="+",
        action="extend",
        help="compare only these; p-values are then adjusted for fewer (default: all)",
    )
    parser.add_argument("--markdown", action="store_true", help="print tables in Markdown")
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="write the comparison as JSON; - means stdout, and nothing else there",
    )
    parser.set_defaults(handler=compare)


def compare(arguments: argparse.Namespace) -> int:
    """Print the comparison; whichever run is better, that is done."""
    check_writable("--json", arguments.json)
    from eval.paired_runs import compare as compare_reports
    from eval.report_files import load_report

    comparison = compare_reports(
        load_report(arguments.a), load_report(arguments.b), metrics=arguments.metric
    )
    if arguments.json == "-":
        write(comparison.to_json())
        return 0
    if arguments.json is not None:
        Path(arguments.json).write_text(encodable(comparison.to_json()) + "\n", encoding="utf-8")
    write(comparison.to_markdown() if arguments.markdown else comparison.to_text())
    return 0
