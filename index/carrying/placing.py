"""Where an imported index goes: whether there is room, and how it gets there as a whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.carrying.packing import sync_folder
from index.carrying.unpacking import Packed
from index.catalog.rows import check_free
from index.errors import IndexStoreError, InputError, translated
from index.layout import Layout
from index.lock import writing

REMEDY = "Check free space and permissions."
_ROOM = 4
"""An index takes at most so many times the room of its rows: text and vectors are in each store."""


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A new folder on the same disk, whatever a killed process left there; removed at the end.

    Raises:
        IndexBusyError: another process imports to the same place.
        IndexStoreError: it cannot be made.
    """
    around = Layout(folder.with_name(f".{folder.name}.importing"))
    around.make_folder()
    with writing(around, wait=0.0):
        try:
            staging = around.folder / "new"
            with translated("The folder to import to", REMEDY):
                shutil.rmtree(staging, ignore_errors=True)
                staging.mkdir(mode=0o700)
            yield staging
        finally:
            shutil.rmtree(around.folder, ignore_errors=True)


def put_into_place(staging: Path, layout: Layout, force: bool) -> str | None:
    """Rename it; what is there is renamed before, and its new name returned."""
    check_target(layout, force)
    folder, aside = layout.folder, None
    if _is_used(folder):
        # To the microsecond: two may be imported within a second.
        moment = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        aside = folder.with_name(f"{folder.name}.before-import-{moment}")
        with writing(layout), translated("The folder to import to", REMEDY):
            folder.rename(aside)
    try:
        staging.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        if aside is not None:
            aside.rename(folder)
        raise IndexStoreError(
            f"{folder} could not be put into place: {error}. What was there is there still; check "
            "permissions and run it again."
        ) from error
    return str(aside) if aside is not None else None


def check_target(layout: Layout, force: bool) -> None:
    """Nothing, if an index may be made there.

    Raises:
        InputError: there is one, or something else, and `force` is false.
    """
    if layout.catalog_url is not None:
        check_free(layout.catalog_url, force)
        return
    if layout.folder.exists() and not layout.folder.is_dir():
        raise InputError(f"{layout.folder}: expected a folder or nothing, found a file. Remove it.")
    if not force:
        check_empty(layout.folder, "--index", ", or give --force: it is then renamed")


def check_empty(folder: Path, option: str, more: str = "") -> None:
    """Nothing, if a folder is new or empty.

    Args:
        folder: the folder.
        option: that named it.
        more: what else can be done.

    Raises:
        InputError: there is something in it.
    """
    if folder.exists() and (not folder.is_dir() or _is_used(folder)):
        raise InputError(
            f"{option} {folder}: expected a new or empty folder, found something in it. Name "
            f"another one{more}."
        )


def _is_used(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is not None


def check_room(packed: Packed, layout: Layout, files: Path | None) -> None:
    """Nothing, if an index and the files have room.

    Raises:
        IndexStoreError: they have not.
    """
    needed: dict[Path, int] = {}
    if layout.catalog_url is None:
        needed[_existing(layout.folder)] = _ROOM * packed.rows_size
    if files is not None:
        place = _existing(files)
        needed[place] = needed.get(place, 0) + packed.files_size
    for place, size in needed.items():
        free = shutil.disk_usage(place).free
        if size > free:
            raise IndexStoreError(
                f"{packed.place} may take {size / 1e6:,.0f} MB unpacked, and {place} has "
                f"{free / 1e6:,.0f} MB left. Make room, or name another place; nothing was "
                "imported."
            )


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())
