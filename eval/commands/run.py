"""`assistant-eval run`: ask the questions of a dataset and score the answers."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.options import add_dataset, check_writable
from eval.console import encodable, say, write
from index.errors import InputError

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.report import Report


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "run",
        help="ask the questions of a dataset and score the answers",
        description="Ask the questions of a dataset and score the answers.",
    )
    add_dataset(parser)
    parser.add_argument(
        "--index",
        metavar="DIR",
        type=Path,
        help="the index to ask (default: one of the dataset's documents, kept in a cache folder)",
    )
    parser.add_argument(
        "--model", metavar="NAME", help="a chat model (default: the extractive reader)"
    )
    parser.add_argument(
        "--answers",
        metavar="FILE",
        type=Path,
        help='score answers made elsewhere: JSON Lines of {"id": ..., "answer": {...}}',
    )
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="write the report as JSON; - means stdout, and nothing else there",
    )
    parser.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask, score, report; 1 if the system failed on a case."""
    _check_options(arguments)
    report = _report(arguments)
    if arguments.json == "-":
        write(report.to_json())
    else:
        if arguments.json is not None:
            Path(arguments.json).write_text(encodable(report.to_json()) + "\n", encoding="utf-8")
        write(report.to_text())
    if not report.errors:
        return 0
    say(f"assistant-eval: {len(report.errors)} of {len(report.cases)} cases failed:")
    for key, message in report.errors.items():
        say(f"  {key}: {message}")
    return 1


def _check_options(arguments: argparse.Namespace) -> None:
    if arguments.answers is not None and (arguments.index or arguments.model):
        raise InputError(
            "Expected --answers alone, found --index or --model with it: answers made elsewhere "
            "are scored without asking anything. Leave one of them out."
        )
    check_writable("--json", arguments.json)


def _report(arguments: argparse.Namespace) -> "Report":
    from eval.answers import load_answers
    from eval.dataset import load_dataset
    from eval.runner import evaluate, score_answers

    dataset = load_dataset(arguments.dataset)
    if arguments.answers is not None:
        answers, errors = load_answers(arguments.answers, dataset)
        return score_answers(dataset, answers, errors=errors)

    from assistant import Assistant

    index = arguments.index
    if index is None:
        from eval.cache import cached_index

        index = cached_index(dataset, say)
    desk = Assistant.open(index, model=arguments.model)
    return evaluate(dataset, desk.answer, progress=True)
