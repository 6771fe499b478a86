"""`build`: make an index of files, or bring one up to date."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from index import sources
from index.catalog import Catalog
from index.collection import catalog_embedder
from index.embedding import DEFAULT_MODEL, Embedder, load_embedder
from index.errors import InputError, SourceError
from index.generations import bring_up
from index.intake import Intake
from index.layout import Layout
from index.lock import writing
from index.types import BuildReport

OnProgress = Callable[[int, int, int], None]
"""Called with files done, files in all, and passages embedded."""


def build(
    paths: Sequence[str | Path],
    index_dir: str | Path,
    *,
    progress: bool = False,
    prune: bool = False,
    embedding_model: str | Embedder | None = None,
    on_progress: OnProgress | None = None,
) -> BuildReport:
    """Index files, or update an index of them.

    Unchanged files cost a hash. It may be killed at any moment and run again.

    Args:
        paths: files, and folders that are searched for files.
        index_dir: the index folder; made where there is none.
        progress: show a progress bar on stderr.
        prune: forget indexed files under `paths` that are no longer there.
        embedding_model: name or folder of the model, or the model itself; by default the one the
            index was made with, and all-MiniLM-L6-v2 for a new one.
        on_progress: called after each file with files done, files in all, passages embedded.

    Raises:
        InputError: a path does not exist, nothing can be indexed, or `index_dir` is another folder.
        SourceError: none of the files could be read, and the index would be new and empty.
        IndexBusyError: another process is writing to the index.
        EmbeddingMismatchError: the index was made with another embedding model.
    """
    started = time.perf_counter()
    files = list(dict.fromkeys(Path(os.path.abspath(path)) for path in sources.find_files(paths)))
    layout = Layout(Path(index_dir).expanduser().absolute())
    with _folder(layout), writing(layout), _catalog(layout, embedding_model) as (catalog, embedder):
        with _counter(len(files), progress, on_progress) as count:
            intake = Intake(catalog, embedder, count)
            for path in files:
                intake.take(path)
            intake.flush()
        removed = _prune(catalog, paths) if prune else []
        if not catalog.revision:
            reasons = "\n".join(f"  {each.source}: {each.reason}" for each in intake.failed)
            raise SourceError(f"None of {len(files)} files could be indexed:\n{reasons}")
        bring_up(layout, catalog)
        documents, passages = catalog.counts()
    return BuildReport(
        added=tuple(intake.added),
        changed=tuple(intake.changed),
        unchanged=tuple(intake.unchanged),
        removed=tuple(removed),
        failed=tuple(intake.failed),
        documents=documents,
        passages=passages,
        seconds=time.perf_counter() - started,
    )


def make_empty(index_dir: str | Path, embedder: Embedder) -> None:
    """Make an index without documents, where there is none: it can be opened, and filled later.

    Args:
        index_dir: the index folder.
        embedder: the model to make vectors with.

    Raises:
        InputError: it cannot be written to.
        IndexBusyError: another process is writing to it.
    """
    layout = Layout(Path(index_dir).expanduser().absolute())
    try:
        layout.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{layout.folder} cannot be written to: {error}. Name another folder."
        ) from error
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
    if strangers and not layout.catalog.exists():
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
    if not Catalog.is_made(layout.catalog):
        return False
    with closing(Catalog(layout.catalog, writable=True)) as catalog:
        return catalog.revision > 0


@contextmanager
def _catalog(
    layout: Layout, model: str | Embedder | None
) -> Iterator[tuple[Catalog, Callable[[], Embedder]]]:
    """The catalog, made where there is none, and its embedding model, loaded when called for."""
    if Catalog.is_made(layout.catalog):
        catalog = Catalog(layout.catalog, writable=True)
    else:
        if not isinstance(model, Embedder):
            model = load_embedder(model or DEFAULT_MODEL, None, True, layout.folder)
        catalog = Catalog.create(layout.catalog, model=model.name, fingerprint=model.fingerprint)
    with closing(catalog):
        load = cache(lambda: catalog_embedder(catalog, model))
        if model not in (None, catalog.model):
            load()
        yield catalog, load


def _prune(catalog: Catalog, paths: Sequence[str | Path]) -> list[str]:
    """Forget the files under these paths that are no longer there."""
    roots = {Path(os.path.abspath(path)) for path in paths}
    gone = [
        name
        for name in catalog.sources()
        if roots & {Path(name), *Path(name).parents} and not Path(name).exists()
    ]
    for name in gone:
        catalog.remove_source(name)
    return gone


@contextmanager
def _counter(
    files: int, progress: bool, on_progress: OnProgress | None
) -> Iterator[Callable[[int, int], None]]:
    """Add up what is done, for a bar on stderr and for a caller."""
    from tqdm import tqdm

    done, embedded = 0, 0
    with tqdm(total=files, unit="file", desc="Indexing", disable=not progress) as bar:

        def count(more_files: int, more_passages: int) -> None:
            nonlocal done, embedded
            done, embedded = done + more_files, embedded + more_passages
            bar.set_postfix_str(f"{embedded} passages", refresh=False)
            bar.update(more_files)
            if on_progress:
                on_progress(done, files, embedded)

        yield count
