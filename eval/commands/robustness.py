"""`assistant-eval robustness`: the same system on a dataset and on its variants."""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.model_options import ModelChoice, add_model_options
from eval.commands.options import add_dataset, check_writable
from eval.commands.variant import KINDS
from eval.console import encodable, say, write

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.runner import AnswerFunction
    from eval.types import Dataset


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "robustness",
        help="measure what injections, contradictions, repeats and noise change",
        description="Make variants of a dataset, index each, ask the questions of each, and show "
        "what changes against the dataset as it is.",
    )
    add_dataset(parser)
    parser.add_argument(
        "--kinds",
        metavar="A,B,C",
        type=_kinds,
        default=KINDS,
        help=f"which variants (default: {','.join(KINDS)})",
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="of the variants (default: 0)"
    )
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="write the report as JSON; - means stdout, and nothing else there",
    )
    add_model_options(parser)
    parser.set_defaults(handler=robustness)


def robustness(arguments: argparse.Namespace) -> int:
    """Make, index, ask, compare; 1 if the system failed on a case."""
    check_writable("--json", arguments.json)
    choice = ModelChoice.of(arguments)
    from eval.dataset import load_dataset
    from eval.variants import robustness

    dataset = load_dataset(arguments.dataset)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        report = robustness(
            dataset,
            _make_system(Path(folder), choice, opened),
            arguments.kinds,
            seed=arguments.seed,
            progress=True,
            system=choice.to_dict(),
        )
    if arguments.json == "-":
        write(report.to_json())
    else:
        if arguments.json is not None:
            Path(arguments.json).write_text(encodable(report.to_json()) + "\n", encoding="utf-8")
        write(report.to_text())
    if not report.errors:
        return 0
    say(f"assistant-eval: {len(report.errors)} answers failed:")
    for key, message in report.errors.items():
        say(f"  {key}: {message}")
    return 1


def _make_system(
    folder: Path, choice: ModelChoice, opened: ExitStack
) -> "Callable[[Dataset], AnswerFunction]":
    """Gives an `Assistant` on a dataset's documents, and closes the one before."""

    def make_system(dataset: "Dataset") -> "AnswerFunction":
        from index import build

        opened.close()
        index = Path(tempfile.mkdtemp(dir=folder)) / "variant.index"
        say(f"Indexing {dataset.name} ...")
        for failed in build([dataset.documents], index, progress=True).failed:
            say(f"not indexed: {failed.source}: {failed.reason}")
        return opened.enter_context(choice.open(index)).answer

    return make_system


def _kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [kind for kind in kinds if kind not in KINDS]
    if wrong or not kinds:
        raise argparse.ArgumentTypeError(
            f"expected some of {', '.join(KINDS)}, joined by commas, found {text!r}"
        )
    return kinds
