"""`assistant-eval review`: accept or drop what was proposed."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eval.console import write

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.generation.drafts import Draft
    from eval.generation.reviewing import Reviewed


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "review",
        help="accept or drop proposed cases",
        description="Go through the cases that 'assistant-eval generate' proposed, one after "
        "another. Each decision is saved at once; come back any time.",
    )
    parser.add_argument(
        "dataset", metavar="DIR", type=Path, help="the folder that 'assistant-eval generate' made"
    )
    parser.add_argument(
        "--accept-all", action="store_true", help="accept all that waits, without asking"
    )
    parser.set_defaults(handler=review)


def review(arguments: argparse.Namespace) -> int:
    """Ask about each proposal, then say what there is."""
    from eval.errors import ProposalsError
    from eval.generation.drafts import Draft
    from eval.generation.reviewing import Review

    draft = Draft(arguments.dataset)
    if not draft.proposals.is_file():
        raise ProposalsError(
            f"{draft.folder}: expected a folder with proposals.jsonl, found none. Run "
            "'assistant-eval generate DOCUMENTS --out DIR' first."
        )
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")  # a stray byte is no reason to stop
    sitting = Review(draft, _ask, write, colored=_is_colored())
    result = sitting.accept_all() if arguments.accept_all else sitting.run()
    write(_summary(draft, result))
    return 0


def _summary(draft: "Draft", result: "Reviewed") -> str:
    waiting, cases = len(draft.waiting()), len(draft.accepted_ids())
    lines = [
        f"Accepted {result.accepted}, dropped {result.dropped}, skipped {result.skipped}; "
        f"{waiting} wait. Cases in {draft.cases}: {cases}."
    ]
    if result.unusable:
        lines.append(f"{result.unusable} no longer fit the documents and were left out.")
    if waiting:
        lines.append(f"To go on: assistant-eval review {draft.folder}")
    if cases:
        lines.append(f"To measure: assistant-eval run {draft.folder}")
    return "\n".join(["", *lines])


def _ask(prompt: str) -> str | None:
    """A line from the person, or None at the end of input."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        sys.stdout.write("\n")
    return line if line else None


def _is_colored() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
