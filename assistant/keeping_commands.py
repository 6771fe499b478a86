"""`assistant verify`, `ask --bundle` and `feedback`: what is kept of answers, and checked later."""

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.console import write, write_json
from assistant.types import Answer, Event
from index.errors import InputError

if TYPE_CHECKING:
    from assistant.desk import Assistant
    from assistant.verify import Verification


def run_verify(arguments: argparse.Namespace) -> int:
    """Check the quotes of a bundle or a saved answer."""
    from assistant.terminal import inert
    from assistant.verify import verify

    folder: Path | None = arguments.documents
    if folder is not None and not folder.is_dir():
        raise InputError(
            f"--documents {folder}: expected a folder, found "
            f"{'a file' if folder.exists() else 'nothing'}. Check the path."
        )
    found = verify(arguments.file, folder)
    if arguments.json:
        write_json(found.to_dict())
    else:
        for line in _lines(found):
            write(inert(line))
    return 0 if found.is_well else 1


def _lines(found: "Verification") -> Iterator[str]:
    for verdict in found.verdicts:
        mark = "ok   " if verdict.is_exact else "WRONG"
        number = f"{verdict.answer}." * (found.answers > 1) + str(verdict.number)
        state = "" if verdict.is_exact else f"{verdict.state}: "
        yield f"{mark} [{number}] {verdict.source}: {state}{verdict.reason}"
    yield from (f"WRONG {problem}" for problem in found.problems)
    exact, many = sum(verdict.is_exact for verdict in found.verdicts), len(found.verdicts)
    if many:
        yield f"{exact} of {many} {'quote' if many == 1 else 'quotes'} exact"
    else:
        yield "no quotes to check: the assistant abstained"


def check_bundle_path(path: Path | None) -> None:
    """Nothing, if a bundle can be written there: before a model is asked, which may cost.

    Raises:
        InputError: its folder is missing, or it is a folder itself.
    """
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        found = "a folder" if path.is_dir() else f"no folder {path.parent}"
        raise InputError(f"--bundle {path}: expected a file to write, found {found}.")


def remembered(events: Iterable[Event], answers: list[Answer]) -> Iterator[Event]:
    """The same events; the answer among them is added to `answers`."""
    for event in events:
        if isinstance(event, Answer):
            answers.append(event)
        yield event


def write_bundle(path: Path | None, answer: Answer, desk: "Assistant") -> None:
    """Write the evidence bundle of an answer; nothing where there is no path."""
    if path is None:
        return
    from assistant.exporting import BundleContext, Item, to_bundle

    now = datetime.now(UTC).isoformat(timespec="seconds")
    hashes = [document.sha256 for document in desk.documents()]
    bundle = to_bundle([Item(answer.question, answer)], BundleContext(now, desk.models(), hashes))
    path.write_text(f"{json.dumps(bundle, indent=1)}\n", encoding="ascii")
