"""`plan`: what an update of an index would do, with nothing written."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from index.catalog import Catalog
from index.embedding import Embedder
from index.errors import IndexMissingError
from index.indexing import report_of, surveyed, take_all
from index.intake import Intake
from index.layout import Layout
from index.progress import OnProgress, Progress, shown
from index.types import BuildReport
from index.walking import Selection


def plan(
    paths: Sequence[str | Path],
    index_dir: str | Path | Layout,
    *,
    progress: bool = False,
    prune: bool = False,
    on_progress: OnProgress | None = None,
    text_field: str | None = None,
) -> BuildReport:
    """Say what `build` would do: new and changed files are read, and nothing is embedded.

    Args:
        paths: as for `build`.
        index_dir: the index folder; it need not exist.
        progress: show on stderr how far it is.
        prune: as for `build`.
        on_progress: as for `build`.
        text_field: as for `build`.

    Returns:
        The report of `build`, but for the counts of documents and passages: those there are now.

    Raises:
        InputError: a path does not exist, or nothing can be indexed.
    """
    started = time.perf_counter()
    layout = Layout.at(index_dir)
    selection = Selection.of(paths, leave_out=[layout.folder])
    total, failed, left_out = surveyed(selection, paths)
    with (
        _catalog(layout) as catalog,
        shown(Progress(total, on_progress), is_shown=progress) as count,
    ):
        intake = Intake(
            *(catalog, _no_embedder, count, text_field),
            is_dry=True,
            failed=failed,
            left_out=left_out,
        )
        take_all(intake, selection.walk(), selection if prune else None)
        return report_of(intake, started, is_dry_run=True)


@contextmanager
def _catalog(layout: Layout) -> Iterator[Catalog]:
    """The catalog there is, or an empty one somewhere else."""
    try:
        catalog = Catalog(layout.catalog_address, writable=layout.is_writable)
    except IndexMissingError:
        with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
            path = Path(folder) / layout.catalog.name
            with closing(Catalog.create(path, model="", fingerprint="")) as empty:
                yield empty
        return
    with closing(catalog):
        yield catalog


def _no_embedder() -> Embedder:
    raise AssertionError("nothing is embedded for a plan")
