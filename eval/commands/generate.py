"""`assistant-eval generate`: propose cases for a user's own documents."""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from eval.console import say, write
from index.counting import plural

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.generation import Proposals
    from eval.generation.copying import Copied
    from eval.generation.drafts import Draft


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "generate",
        help="propose cases for your own documents",
        description="Propose cases for your own documents, for a person to accept or drop with "
        "'assistant-eval review'. Nothing that is there is changed: generating again adds only "
        "what was not proposed before.",
    )
    parser.add_argument(
        "documents", metavar="DOCUMENTS", type=Path, help="a folder of documents, or one document"
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="the dataset's folder: new, or one that holds a dataset already",
    )
    parser.add_argument(
        "--count",
        metavar="N",
        type=int,
        default=60,
        help="how many proposals shall wait for review (default: 60)",
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="another seed, other choices (default: 0)"
    )
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="a chat model that asks questions too (default: templates alone; this release takes "
        "models only from scripts)",
    )
    parser.set_defaults(handler=generate)


def generate(arguments: argparse.Namespace) -> int:
    """Copy, propose, report; 1 if a file could not be read."""
    from eval.generation.copying import copy_documents
    from eval.generation.drafts import Draft
    from eval.generation.proposing import check_count, refuse_name

    refuse_name(arguments.model)
    check_count(arguments.count)
    draft = Draft(arguments.out)
    draft.check()
    copied = copy_documents(arguments.documents, draft.documents, leave_out=draft.folder)
    _say_what_failed(copied)
    if draft.documents.is_dir():
        _propose(draft, arguments.count, arguments.seed)
    return 1 if copied.failed else 0


def _propose(draft: "Draft", count: int, seed: int) -> None:
    from eval.generation import propose

    waiting = len(draft.waiting())
    missing = count - waiting
    if missing > 0:
        proposed = propose(draft.documents, count=missing, seed=seed, known=draft.known_ids())
        draft.add(proposed.proposals)
        write(_summary(draft, proposed, waiting, missing))
    else:
        write(
            f"Proposed nothing new: {waiting} proposals wait for review already. "
            "A higher --count adds some."
        )
    write(f"Next: assistant-eval review {draft.folder}")


def _summary(draft: "Draft", proposed: "Proposals", waiting: int, missing: int) -> str:
    found = len(proposed.proposals)
    lines = [
        f"Proposed {plural(found, 'case')} for {plural(proposed.documents, 'document')} "
        f"in {draft.proposals}; {waiting + found} wait for review."
    ]
    lines += _counted(Counter(proposal.category for proposal in proposed.proposals).items())
    if proposed.foreign:
        lines.append(
            f"{len(proposed.foreign)} documents are not in English, which the templates need: "
            f"{_listed(proposed.foreign)}."
        )
    if found < missing:
        lines.append(
            f"Fewer than the {missing} that were wanted: the templates found nothing more that is "
            "good enough. They need whole sentences with names, dates or numbers. Add documents, "
            "or write cases by hand."
        )
    return "\n".join(lines)


def _counted(counts: Iterable[tuple[str, int]]) -> list[str]:
    return [f"  {name:<14} {count:>5}" for name, count in counts]


def _say_what_failed(copied: "Copied") -> None:
    for failed in copied.failed:
        say(f"not read: {failed.source}: {failed.reason}")
    for name in copied.changed:
        say(
            f"not copied: {name}: the dataset has it with another content, which cases may quote. "
            "Give the new one another name, or generate into a new folder."
        )


def _listed(names: Iterable[str], most: int = 5) -> str:
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
