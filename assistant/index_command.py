"""What `assistant index` does: bring files in, say what would be, or keep an index in step."""

import argparse
import signal
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.console import say, write, write_json
from assistant.settings import Settings
from assistant.terminal import inert
from index.errors import InputError

if TYPE_CHECKING:
    from index.engines import Engine
    from index.types import BuildReport, FailedFile

_LISTED = 100
"""Files that are named of each kind; the rest is counted."""
_KINDS = ("added", "changed", "unchanged", "removed", "failed")


def run_index(
    arguments: argparse.Namespace,
    settings: Settings,
    paths: Sequence[Path],
    failed: Sequence["FailedFile"] = (),
) -> int:
    """Make or update an index, or say what that would do.

    Args:
        arguments: of the command.
        settings: of the command, the environment and the file.
        paths: to index.
        failed: pages that could not be fetched.
    """
    if arguments.watch:
        return _watch(arguments, settings, paths)
    if arguments.dry_run:
        from index.planning import plan

        report = plan(
            paths,
            settings.place,
            progress=True,
            prune=arguments.prune,
            text_field=settings.text_field,
        )
    else:
        from index import build

        with _engine(settings) as engine:
            report = build(
                paths,
                settings.place,
                progress=True,
                prune=arguments.prune,
                embedding_model=settings.embedding_model,
                text_field=settings.text_field,
                wait=settings.wait,
                on_wait=lambda sentence: say(f"assistant: {sentence}"),
                engine=engine,
            )
    report = replace(report, failed=(*failed, *report.failed))
    tell(report)
    if arguments.json:
        write_json(asdict(report))
    else:
        for line in _lines(report) if report.is_dry_run else ():
            write(inert(line.replace("\n", " ")))
        write(summary(settings.index, report))
    return 1 if report.failed else 0


def tell(report: "BuildReport") -> None:
    """Say on stderr what could not be indexed, and what else is worth knowing of files."""
    for failed in report.failed:
        say(f"not indexed: {failed.source}: {failed.reason}")
    for each in report.notes:
        say(f"note: {each.source}: {each.note}")


def summary(folder: Path, report: "BuildReport") -> str:
    """A report in a line."""
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in _KINDS)
    if report.moved:
        counts += f", {len(report.moved)} moved"
    if report.duplicates:
        counts += f", {len(report.duplicates)} with a text that another file has"
    if report.is_dry_run:
        return f"{folder}: {counts} (dry run: nothing was written; {report.seconds:.1f} s)"
    return (
        f"{folder}: {counts}; now {_counted(report.documents, 'document')} in "
        f"{_counted(report.passages, 'passage')} ({report.seconds:.1f} s)"
    )


def _engine(settings: Settings) -> "AbstractContextManager[Engine | None]":
    if settings.engine == "process":
        return nullcontext()
    from index.engines_ray import RayEngine

    return RayEngine(settings.workers)


def _watch(arguments: argparse.Namespace, settings: Settings, paths: Sequence[Path]) -> int:
    from index.indexing import Update
    from index.layout import Layout
    from index.walking import Selection
    from index.watching import Watch

    if arguments.dry_run or arguments.json:
        raise InputError(
            "--watch goes on until it is ended; --dry-run and --json want an end. Leave one out."
        )
    if arguments.engine == "ray":
        raise InputError("--watch encodes in its own process. Leave --engine ray out.")
    layout = Layout.at(settings.place)
    selection = Selection.of(paths, leave_out=[layout.folder])
    update = Update(
        layout,
        text_field=settings.text_field,
        wait=settings.wait,
        on_wait=lambda sentence: say(f"assistant: {sentence}"),
    )

    def report_done(report: "BuildReport") -> None:
        tell(report)
        if report.moved or any(getattr(report, name) for name in _KINDS if name != "unchanged"):
            write(summary(settings.index, report))

    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    watch = Watch(selection, update, report_done, say, settings.embedding_model, settings.poll)
    try:
        watch.run(stop)
    except KeyboardInterrupt:
        say("assistant: no longer watching")
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def _lines(report: "BuildReport") -> list[str]:
    """What would be done to each file, but for those that stay as they are."""
    lines = []
    for name in ("added", "changed", "removed"):
        sources: Sequence[str] = getattr(report, name)
        lines += [f"{name}: {source}" for source in sources[:_LISTED]]
        lines += _more(name, len(sources))
    moved = report.moved[:_LISTED]
    lines += [f"moved: {each.before} -> {each.source}" for each in moved]
    copies = report.duplicates[:_LISTED]
    lines += [f"duplicate: {each.source} has the text of {each.of}" for each in copies]
    return lines + _more("moved", len(report.moved)) + _more("duplicate", len(report.duplicates))


def _more(name: str, count: int) -> list[str]:
    return [f"{name}: {count - _LISTED:,} more"] if count > _LISTED else []


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
