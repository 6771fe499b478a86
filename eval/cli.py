"""The command `assistant-eval`: run a dataset, or only check it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import InputError, VerbatimError

if TYPE_CHECKING:
    from eval.report import Report

_EPILOG = "exit codes: 0 done, 1 a failure (also of single cases), 2 wrong usage"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process if None.

    Returns:
        The exit code: 0 done, 1 a failure, 2 wrong usage.
    """
    arguments = _parser().parse_args(argv)
    try:
        return _validate(arguments) if arguments.command == "validate" else _run(arguments)
    except VerbatimError as error:
        _say(f"assistant-eval: {error}")
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        _say(f"assistant-eval: {error}")
        return 1
    except KeyboardInterrupt:
        _say("assistant-eval: interrupted")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant-eval", description="Measure how well answers are grounded.", epilog=_EPILOG
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="ask the questions of a dataset and score the answers",
        description="Ask the questions of a dataset and score the answers.",
        epilog=_EPILOG,
    )
    _add_dataset(run)
    run.add_argument(
        "--index",
        metavar="DIR",
        type=Path,
        help="the index to ask (default: one of the dataset's documents, kept in a cache folder)",
    )
    run.add_argument(
        "--model", metavar="NAME", help="a chat model (default: the extractive reader)"
    )
    run.add_argument(
        "--answers",
        metavar="FILE",
        type=Path,
        help='score answers made elsewhere: JSON Lines of {"id": ..., "answer": {...}}',
    )
    run.add_argument(
        "--json",
        metavar="FILE",
        help="write the report as JSON; - means stdout, and nothing else there",
    )
    check = commands.add_parser(
        "validate",
        help="check a dataset and count its cases",
        description="Check a dataset and count its cases.",
        epilog=_EPILOG,
    )
    _add_dataset(check)
    return parser


def _add_dataset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "dataset", metavar="DATASET", type=Path, help="a folder with documents/ and cases.jsonl"
    )


def _validate(arguments: argparse.Namespace) -> int:
    from eval.dataset import load_dataset
    from eval.documents import DatasetDocuments

    dataset = load_dataset(arguments.dataset)
    documents = len(DatasetDocuments(dataset.documents).names)
    spans = sum(len(group) for case in dataset.cases for group in case.evidence)
    _write(
        f"Dataset {dataset.name}: {len(dataset.cases)} cases, {documents} files in documents/, "
        f"{spans} gold spans, all exact."
    )
    for category, count in dataset.count_by_category().items():
        _write(f"  {category:<14} {count:>5}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    _check_options(arguments)
    report = _report(arguments)
    if arguments.json == "-":
        _write(report.to_json())
    else:
        if arguments.json is not None:
            Path(arguments.json).write_text(_encodable(report.to_json()) + "\n", encoding="utf-8")
        _write(report.to_text())
    if not report.errors:
        return 0
    _say(f"assistant-eval: {len(report.errors)} of {len(report.cases)} cases failed:")
    for key, message in report.errors.items():
        _say(f"  {key}: {message}")
    return 1


def _check_options(arguments: argparse.Namespace) -> None:
    """Find out what cannot work before the first question is asked."""
    if arguments.answers is not None and (arguments.index or arguments.model):
        raise InputError(
            "Expected --answers alone, found --index or --model with it: answers made elsewhere "
            "are scored without asking anything. Leave one of them out."
        )
    if arguments.json in (None, "-"):
        return
    target = Path(arguments.json)
    if target.is_dir() or not target.absolute().parent.is_dir():
        found = "a folder" if target.is_dir() else "no folder to put it in"
        raise InputError(f"--json {target}: expected a file to write, found {found}. Name a file.")


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

        index = cached_index(dataset, _say)
    desk = Assistant.open(index, model=arguments.model)
    return evaluate(dataset, desk.answer, progress=True)


def _write(text: str) -> None:
    sys.stdout.write(f"{_encodable(text)}\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"{_encodable(text)}\n")


def _encodable(text: str) -> str:
    """The text with lone surrogates, which answers made elsewhere may hold, as JSON escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
