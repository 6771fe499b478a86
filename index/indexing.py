"""`build`: make an index of files, or bring one up to date."""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from index.catalog import Catalog
from index.collection import catalog_embedder
from index.embedding import DEFAULT_MODEL, Embedder, load_embedder
from index.engines import Engine, InThisProcess
from index.errors import InputError, SourceError, VerbatimError
from index.generations import bring_up
from index.intake import Intake
from index.layout import Layout
from index.left_out import LeftOut
from index.lock import OnWait, writing
from index.members import file_of
from index.progress import OnProgress, Progress, Total, say_stores, shown, survey
from index.types import BuildReport, DuplicateFile, FailedFile, MovedFile
from index.walking import FOUND, Selection

WAIT = 2.0
"""Seconds to wait for another writer."""


class Pruned(Protocol):
    """Says where files that are no longer there are forgotten."""

    def covers(self, file: Path) -> bool:
        """Whether this one is."""
        ...


def build(
    paths: Sequence[str | Path],
    index_dir: str | Path | Layout,
    *,
    progress: bool = False,
    prune: bool = False,
    embedding_model: str | Embedder | None = None,
    on_progress: OnProgress | None = None,
    text_field: str | None = None,
    wait: float = WAIT,
    on_wait: OnWait | None = None,
    engine: Engine | None = None,
) -> BuildReport:
    """Index files, or update an index of them.

    Unchanged files cost a hash. It may be killed at any moment and run again.

    Args:
        paths: files, folders that are searched for files, and patterns such as `docs/**/*.md`.
        index_dir: the index folder, or its layout; made where there is none.
        progress: show on stderr how far it is.
        prune: forget indexed files under `paths` that are no longer there. A file that is
            somewhere else now is followed there either way.
        embedding_model: name or folder of the model, or the model itself; by default the one the
            index was made with, and all-MiniLM-L6-v2 for a new one.
        on_progress: called after each file with files done, files in all, passages embedded.
        text_field: where the text of JSON records is, if not in one of the usual fields.
        wait: seconds to wait for another process that writes to the index.
        on_wait: called once, with a sentence, if that is so.
        engine: where texts are encoded, such as `index.engines_ray.RayEngine()`; by default in
            this process.

    Raises:
        InputError: a path does not exist, nothing can be indexed, or `index_dir` is another folder.
        SourceError: none of the files could be read, and the index would be new and empty.
        IndexBusyError: another process is writing to the index.
        EmbeddingMismatchError: the index was made with another embedding model.
    """
    layout = Layout.at(index_dir)
    selection = Selection.of(paths, leave_out=[layout.folder])
    total, failed, left_out = surveyed(selection, paths)
    update = Update(
        layout, progress, on_progress, text_field, wait, on_wait, engine=engine or InThisProcess()
    )
    pruned = selection if prune else None
    return update.run(selection.walk(), total, pruned, embedding_model, failed, left_out)


@dataclass(frozen=True, slots=True)
class Update:
    """How files are brought into an index."""

    layout: Layout
    is_shown: bool = False
    """Whether stderr says how far it is."""
    on_progress: OnProgress | None = None
    text_field: str | None = None
    wait: float = WAIT
    on_wait: OnWait | None = None
    models: list[Embedder] = field(default_factory=list)
    """The embedding model, once it was loaded: for the next run."""
    engine: Engine = field(default_factory=InThisProcess)

    def run(
        self,
        files: Iterable[Path],
        total: Total,
        pruned: Pruned | None = None,
        model: str | Embedder | None = None,
        failed: Iterable[FailedFile] = (),
        left_out: LeftOut | None = None,
    ) -> BuildReport:
        """Bring files in; raises as `build`.

        Args:
            files: to be indexed; read while they are taken.
            total: how much that is.
            pruned: where to forget files that are no longer there.
            model: the embedding model.
            failed: what could not be looked through.
            left_out: what was left out of folders so far; by default every file was named.
        """
        started = time.perf_counter()
        layout = self.layout
        with (
            _folder(layout),
            writing(layout, self.wait, self.on_wait),
            _catalog(layout, next(iter(self.models), model)) as (catalog, load),
        ):

            def embedder() -> Embedder:
                self.models[:] = [load()]
                return self.models[0]

            with (
                catalog.building(),
                shown(Progress(total, self.on_progress), is_shown=self.is_shown) as count,
            ):
                intake = Intake(
                    *(catalog, embedder, count, self.text_field),
                    engine=self.engine,
                    failed=list(failed),
                    left_out=left_out,
                )
                take_all(intake, files, pruned)
            if not catalog.revision:
                reasons = "\n".join(f"  {line}" for line in intake.reasons)
                raise SourceError(f"None of {total.files} files could be indexed:\n{reasons}")
            if self.is_shown:
                bring_up(layout, catalog, on_begin=say_stores)
            else:
                bring_up(layout, catalog)
            return report_of(intake, started)


def surveyed(
    selection: Selection, paths: Sequence[str | Path]
) -> tuple[Total, list[FailedFile], LeftOut]:
    """How much a selection is, the folders of it that cannot be read, and what is left out.

    Raises:
        InputError: it has no files, nor folders that cannot be read.
    """
    failed: list[FailedFile] = []
    left_out = LeftOut(selection.named)
    total = survey(selection, failed.append, left_out.add)
    if not total.files and not failed:
        places = ", ".join(map(str, paths)) or "no paths"
        raise InputError(
            f"Expected documents ({', '.join(FOUND)}) under {places}, found none. "
            "Put some there or name another folder."
            + "".join(f"\n  {each.source}: {each.note}" for each in left_out.notes())
        )
    return total, failed, left_out


def take_all(intake: Intake, files: Iterable[Path], pruned: Pruned | None) -> None:
    """Have files taken, and those forgotten that are no longer there."""
    for path in files:
        intake.take(path)
    intake.flush()
    if pruned is not None:
        _prune(intake, pruned)


def report_of(intake: Intake, started: float, *, is_dry_run: bool = False) -> BuildReport:
    """What was done."""
    documents, passages = intake.catalog.counts()
    # What was copied, and has another text by now, is no duplicate.
    others = {*intake.replaced, *intake.left, *intake.removed}
    left_out = intake.left_out.notes() if intake.left_out is not None else ()
    duplicates = [pair for pair in intake.duplicates.items() if pair[1] not in others]
    return BuildReport(
        added=tuple(intake.added),
        changed=tuple(intake.changed),
        unchanged=tuple(intake.unchanged),
        removed=tuple(intake.removed),
        failed=tuple(intake.failed),
        notes=(*intake.notes, *left_out),
        moved=tuple(MovedFile(now, before) for now, before in intake.moved.items()),
        duplicates=tuple(DuplicateFile(one, other) for one, other in duplicates),
        is_dry_run=is_dry_run,
        documents=documents,
        passages=passages,
        seconds=time.perf_counter() - started,
    )


def make_empty(index_dir: str | Path | Layout, embedder: Embedder) -> None:
    """Make an index without documents, where there is none: it can be opened, and filled later.

    Args:
        index_dir: the index folder, or its layout.
        embedder: the model to make vectors with.

    Raises:
        InputError: it cannot be written to.
        IndexBusyError: another process is writing to it.
    """
    layout = Layout.at(index_dir)
    layout.make_folder()
    with writing(layout), _catalog(layout, embedder) as (catalog, _):
        bring_up(layout, catalog)


@contextmanager
def _folder(layout: Layout) -> Iterator[None]:
    """Make the folder where there is none; remove it again if nothing came to be in it."""
    folder = layout.folder
    existed = folder.exists()
    if existed and not folder.is_dir():
        raise InputError(f"Expected a folder for the index, found a file: {folder}. Name another.")
    strangers = [path for path in folder.iterdir() if not layout.owns(path)] if existed else []
    if strangers and not (layout.catalog_url or layout.catalog.exists()):
        raise InputError(
            f"Expected an index or an empty folder, found {folder} with {strangers[0].name} in it. "
            "Name another folder for the index."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise InputError(f"{folder} cannot be written to: {error}. Name another folder.") from error
    finally:
        if not existed and not _holds_anything(layout):
            shutil.rmtree(folder, ignore_errors=True)


def _holds_anything(layout: Layout) -> bool:
    try:
        if not Catalog.is_made(layout.catalog_address):
            return False
    except VerbatimError:  # a server that was not to be had a moment ago
        return layout.catalog.exists()
    with closing(Catalog(layout.catalog_address, writable=True)) as catalog:
        return catalog.revision > 0


@contextmanager
def _catalog(
    layout: Layout, model: str | Embedder | None
) -> Iterator[tuple[Catalog, Callable[[], Embedder]]]:
    """The catalog, made where there is none, and its embedding model, loaded when called for."""
    if Catalog.is_made(layout.catalog_address):
        catalog = Catalog(layout.catalog_address, writable=True)
    else:
        if not isinstance(model, Embedder):
            model = load_embedder(model or DEFAULT_MODEL, None, True, layout.folder)
        catalog = Catalog.create(
            layout.catalog_address, model=model.name, fingerprint=model.fingerprint
        )
    with closing(catalog):
        load = cache(lambda: catalog_embedder(catalog, model))
        if model not in (None, catalog.model):
            load()
        yield catalog, load


def _prune(intake: Intake, pruned: Pruned) -> None:
    for known in intake.catalog.source_batches():
        files = {source.path: file_of(source.path) for source, _ in known}
        there = {file: not pruned.covers(file) or os.path.lexists(file) for file in files.values()}
        gone = [path for path, file in files.items() if not there[file]]
        intake.forget([path for path in gone if path not in intake.left])
