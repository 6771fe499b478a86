"""`assistant verify`, `ask --bundle` and `feedback`: what is kept of answers, and checked later."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.console import say, write, write_json
from assistant.settings import Settings
from assistant.types import Answer, Event
from index.errors import IndexMissingError, InputError

if TYPE_CHECKING:
    from assistant.desk import Assistant
    from assistant.feedback import Feedback
    from assistant.verify import Verification
    from index import Index, Layout


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
    from assistant.addresses import addresses_of
    from assistant.exporting import BundleContext, Item, to_bundle

    now = datetime.now(UTC).isoformat(timespec="seconds")
    hashes = [document.sha256 for document in desk.documents()]
    addresses = addresses_of(citation.document for citation in answer.citations)
    item = Item(answer.question, answer, addresses=addresses)
    bundle = to_bundle([item], BundleContext(now, desk.models(), hashes))
    path.write_text(f"{json.dumps(bundle, indent=1)}\n", encoding="ascii")


def run_feedback(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the feedback, or make cases of it."""
    from assistant.feedback import FeedbackFile

    feedback = FeedbackFile(settings.data).all()
    if arguments.action == "list":
        _list(feedback, as_json=arguments.json)
        return 0
    from assistant.feedback_cases import export_cases, texts_of
    from assistant.terminal import inert

    folders = [settings.place, *sorted(settings.data.glob("users/*/verbatim.index"))]
    with ExitStack() as stack:
        texts = texts_of(feedback, _Indexed(folders, stack).text)
    done = export_cases(feedback, texts, arguments.out)
    for question in done.left_out:
        say(f"left out, for its documents are not there as they were: {question}")
    write(
        inert(
            f"{arguments.out}: cases: {done.cases}, to review: {done.proposals}, exported before: "
            f"{done.present}, left out: {len(done.left_out)}"
        )
    )
    if done.proposals:
        write(inert(f"To decide on them: assistant-eval review {arguments.out}"))
    return 0


class _Indexed:
    """Texts of documents from indexes, each opened when it is first needed."""

    def __init__(self, folders: "Sequence[Path | Layout]", stack: ExitStack) -> None:
        self._folders = list(folders)
        self._stack = stack
        self._open: list[Index] = []

    def text(self, sha256: str) -> str | None:
        """The text with this SHA-256; None where no index has it."""
        for index in self._indexes():
            try:
                document = index.document(sha256[:16])
            except InputError:
                continue
            if document.info.sha256 == sha256:
                return document.text
        return None

    def _indexes(self) -> "Iterator[Index]":
        from index import Index

        yield from self._open
        while self._folders:
            with suppress(IndexMissingError):
                self._open.append(self._stack.enter_context(Index.open(self._folders.pop(0))))
                yield self._open[-1]


def _list(feedback: Sequence["Feedback"], *, as_json: bool) -> None:
    if as_json:
        write_json([asdict(each) for each in feedback])
        return
    from assistant.terminal import inert

    for each in feedback:
        when = datetime.fromtimestamp(each.changed / 1000, UTC).date().isoformat()
        said = f" ({' '.join(each.comment.split())})" if each.comment else ""
        who = f" {each.user}" if each.user else ""
        question = " ".join(each.question.split())
        write(inert(f"{when} {each.verdict:4}{who}: {question}{said}"))
    if not feedback:
        write("no feedback")
