"""`assistant-eval gate`: whether a report is good enough, for CI."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.options import check_writable
from eval.console import say, write
from index.errors import InputError

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.gate import Check

_LIMIT = "NAME=VALUE"


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "gate",
        help="fail if a report is not good enough, for CI",
        description="Fail, with exit code 1, if a report is not good enough. REPORT is a "
        "report.json or the folder of a run. NAME is a metric, or category.metric for the cases "
        "of one category. A metric that is not scored does not pass.",
        usage=f"assistant-eval gate REPORT [--min {_LIMIT} ...] [--max {_LIMIT} ...] [options]",
    )
    parser.add_argument("report", metavar="REPORT", type=Path, help="the report to judge")
    for option, what in (("--min", "have to reach"), ("--max", "must not exceed")):
        parser.add_argument(
            option,
            metavar=_LIMIT,
            nargs="+",
            action="extend",
            default=[],
            type=_limit,
            help=f"what metrics {what}, as in evidence_recall=.8",
        )
    parser.add_argument(
        "--on",
        choices=("value", "low", "high", "worst"),
        default="value",
        help="what is held to a limit: the value, an end of its interval, or its worse end",
    )
    parser.add_argument(
        "--allow-failures",
        metavar="N",
        type=int,
        default=0,
        help="on how many cases the system may have failed (default: 0)",
    )
    parser.add_argument(
        "--worse-than",
        metavar="BASELINE",
        type=Path,
        help="an earlier report over the same cases: fail if a headline metric, or one with a "
        "limit, is significantly worse than there",
    )
    parser.add_argument(
        "--tolerance",
        metavar="DIFFERENCE",
        type=float,
        default=0.02,
        help="how much worse than BASELINE a metric may be (default: 0.02)",
    )
    parser.add_argument("--junit", metavar="FILE", help="write the checks as JUnit XML, too")
    parser.set_defaults(handler=gate)


def gate(arguments: argparse.Namespace) -> int:
    """Print what was checked; 1, and a line for each check not met, if there is one."""
    check_writable("--junit", arguments.junit)
    from eval.gate import checks
    from eval.junit import checks_to_junit
    from eval.report_files import load_report

    report = load_report(arguments.report)
    baseline = arguments.worse_than and load_report(arguments.worse_than)
    found = checks(
        report,
        _limits("--min", arguments.min),
        _limits("--max", arguments.max),
        use=arguments.on,
        allow_failures=arguments.allow_failures,
        baseline=baseline,
        tolerance=arguments.tolerance,
    )
    if arguments.junit is not None:
        Path(arguments.junit).write_text(checks_to_junit(found, report), encoding="utf-8")
    write(_table(found))
    violations = [check for check in found if not check.is_met]
    for violation in violations:
        say(f"assistant-eval: {violation}")
    return 1 if violations else 0


def _limit(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    try:
        return name.strip(), float(value if equals else "")
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected {_LIMIT} with a number, as in evidence_recall=.8, found {text!r} "
            "(REPORT stands before the options)"
        ) from None


def _limits(option: str, pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
    limits = dict(pairs)
    if len(limits) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"Expected one limit a metric, found {option} {twice} twice. Remove one.")
    return limits


def _table(found: "Sequence[Check]") -> str:
    from eval.grid import columns

    rows = [(check.name, check.wanted, check.found, _word(check.is_met)) for check in found]
    return "\n".join(columns([("check", "expected", "found", ""), *rows], left=4))


def _word(is_met: bool) -> str:
    return "ok" if is_met else "FAILED"
