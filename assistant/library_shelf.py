"""`Shelf`: one collection whose documents can be added, edited, indexed again and removed."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.addresses import stated_address
from assistant.library import sources_of
from assistant.library_containers import others_with
from assistant.library_edits import changes
from assistant.library_files import FileStates
from assistant.library_jobs import Job, Jobs, Progress, Stopped
from assistant.library_trash import Trash
from assistant.library_uploads import Uploads
from assistant.types import DocumentInfo
from index import Index
from index.errors import IndexBusyError, InputError
from index.indexing import build
from index.members import file_of, is_member
from index.removal import put_back, take_out
from index.sidecars import edit
from index.types import BuildReport, source_name

PATIENCE = 120.0
"""Seconds to wait for another process that changes the index."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a collection is."""

    index: Path
    """Folder of the index."""
    files: Path | None
    """Folder of the uploaded files; None where none are taken."""
    largest_upload: int = 50_000_000
    """Bytes of one file."""


class Shelf:
    """Changes a collection, one change at a time. Safe to share between threads."""

    def __init__(self, places: Places, index: Callable[[], Index]) -> None:
        """Nothing is changed yet.

        Args:
            places: of the collection.
            index: gives the open index, whose embedding model is used.
        """
        self.places = places
        self._index = index
        self.states = FileStates()
        self.jobs = Jobs(self._shown)
        self.trash = Trash(places.files)
        files = places.files
        self.uploads = None if files is None else Uploads(files, places.largest_upload, self._find)

    def sweep(self) -> None:
        """Clear away what is not needed anymore."""
        if self.uploads is not None:
            self.uploads.sweep()
        self.trash.sweep(self._indexed)

    def add(self, tokens: Sequence[str]) -> Job:
        """Index uploaded files.

        Args:
            tokens: of the files, from `uploads.receive`.

        Raises:
            LibraryBusyError: another change is being made; the files wait.
            InputError: no files can be uploaded here.
        """
        uploads = self.uploads
        if uploads is None:
            raise InputError("No files are taken here: the server keeps none.")

        def work(progress: Progress) -> str:
            paths = uploads.take(tokens)
            if not paths:
                raise InputError("The files are not here anymore. Choose them again.")
            try:
                return self._build(paths, progress)
            except Stopped as stop:
                left = self._note_left(paths, progress)
                done = f"{len(paths) - left:,} of {_counted(len(paths), 'file')}"
                raise Stopped(f"Stopped: {done} added.") from stop
            finally:
                self._discard(paths)

        title = f"indexing {_counted(len(tokens), 'file')}"
        return self.jobs.start("index", title, work, may_stop=True)

    def reindex(self, document_ids: Sequence[str] | None = None) -> Job:
        """Bring documents up to date with their files.

        Args:
            document_ids: which; None for all.

        Raises:
            LibraryBusyError: another change is being made.
            FilterError: there is no such document.
        """
        infos = self._infos(document_ids)
        title = "all documents" if document_ids is None else f"“{infos[0].name}”"

        def work(progress: Progress) -> str:
            return self._build(self._files_of(infos, progress), progress)

        return self.jobs.start("reindex", f"bringing {title} up to date", work, may_stop=True)

    def edit(self, document_id: str, given: Mapping[str, object]) -> Job | None:
        """Change what is known of a document, in a sidecar beside its file.

        Args:
            document_id: which.
            given: texts by field, see `library_edits.changes`.

        Returns:
            The job; None where nothing changes.

        Raises:
            LibraryBusyError: another change is being made.
            InputError: a value cannot be used, or its file is missing.
        """
        (info,) = self._infos([document_id])
        path = Path(info.source)
        if is_member(path):
            raise InputError(
                f"{info.name} is a part of {file_of(path).name}, and what is known of it is stated "
                "there. Change that file, and bring it up to date."
            )
        if not path.is_file():
            raise InputError(
                f"{path.name} is missing, and its metadata are kept beside it. Put the file back "
                "where it was."
            )
        new = changes(given, info, stated_address(info))
        if not new:
            return None

        def work(progress: Progress) -> str:
            edit(path, new)
            self._build([path], progress)
            return f"Saved {', '.join(new)} of “{info.name}”."

        return self.jobs.start("edit", f"saving what is known of “{info.name}”", work)

    def remove(self, document_ids: Sequence[str], *, together: bool = False) -> Job:
        """Remove documents, which can be undone for a minute.

        Args:
            document_ids: which.
            together: whether the other documents of the same archives are to go as well.

        Raises:
            LibraryBusyError: another change is being made.
            FilterError: there is no such document.
            InputError: one is a part of a file that holds others, which are to stay.
        """
        infos = self._infos(document_ids)
        ids = [info.id for info in infos]
        others = others_with(ids, sources_of(self._index()))
        if others and not together:
            raise InputError(
                f"“{infos[0].name}” is a part of {file_of(infos[0].source).name}, and its "
                f"{len(ids) + len(others):,} documents can only be removed together. Say so, or "
                "have them stay."
            )
        ids += others
        name = f"“{infos[0].name}”" if len(ids) == 1 else _counted(len(ids), "document")

        def work(progress: Progress) -> str:
            self.trash.add(take_out(self._index().layout, ids), name)
            return f"Removed {name}."

        return self.jobs.start("remove", f"removing {name}", work)

    def undo(self, token: str) -> Job:
        """Have removed documents back, as they were.

        Raises:
            LibraryBusyError: another change is being made.
        """

        def work(progress: Progress) -> str:
            name = self.trash.undo(token, lambda taken: put_back(self._index().layout, taken))
            return f"{name} is back." if name.startswith("“") else f"{name} are back."

        return self.jobs.start("undo", "putting documents back", work)

    def _indexed(self) -> set[str]:
        """The files that the index holds, or holds parts of."""
        return {str(file_of(source)) for source in self._index().sources()}

    def _find(self, document_id: str) -> DocumentInfo | None:
        return next((info for info in self._index().documents() if info.id == document_id), None)

    def _infos(self, document_ids: Sequence[str] | None) -> list[DocumentInfo]:
        index = self._index()
        if document_ids is None:
            return index.documents()
        if not document_ids:
            raise InputError("Expected documents, found none. Choose some.")
        return [index.document(document_id).info for document_id in dict.fromkeys(document_ids)]

    def _files_of(self, infos: Iterable[DocumentInfo], progress: Progress) -> list[Path]:
        """Their files; documents without any stay as they were indexed, which is noted."""
        sources, files = sources_of(self._index()), []
        for info in infos:
            paths = [file_of(source.path) for source in sources.get(info.id, ())]
            there = [path for path in paths if path.is_file()]
            files += there
            if not there:
                progress.note(info.name, "Its file is missing; it stays as it was indexed.")
        if not files:
            raise InputError("No file of these documents is there anymore. Nothing was changed.")
        return list(dict.fromkeys(files))

    def _build(self, paths: Sequence[Path], progress: Progress) -> str:
        embedder = self._index().embedder
        try:
            progress.count(0, len(paths), 0)
            report = _when_free(
                lambda: build(
                    paths,
                    self._index().layout,
                    embedding_model=embedder,
                    on_progress=progress.count,
                ),
                progress,
            )
        except Stopped as stop:
            put_back(self._index().layout, ())  # what is in the catalog so far can be searched
            raise Stopped("Stopped; what was done stays.") from stop
        indexed = self._indexed() if report.failed else set()
        for failed in report.failed:
            # Of a container of which something was indexed, it is the rest that failed.
            is_error = is_member(failed.source) or failed.source not in indexed
            progress.note(source_name(failed.source), self._shown(failed.reason), is_error=is_error)
        for each in report.notes:
            progress.note(Path(each.source).name, each.note)
        return _told(report)

    def _note_left(self, paths: Iterable[Path], progress: Progress) -> int:
        """Say which uploaded files were not indexed before a stop, and how many these are."""
        indexed = self._indexed()
        left = [path for path in paths if str(path.absolute()) not in indexed]
        for path in left:
            text = "Not added: it was stopped before this file was indexed."
            progress.note(path.name, text, is_error=True)
        return len(left)

    def _discard(self, paths: Iterable[Path]) -> None:
        """Delete uploaded files that could not be indexed."""
        indexed = self._indexed()
        for path in paths:
            if str(path.absolute()) not in indexed:
                with suppress(OSError):
                    path.unlink()

    def _shown(self, message: str) -> str:
        """A message without the server's folders."""
        for place in (self.places.index.absolute(), self.places.index):
            message = message.replace(str(place), "The index")
        files = self.places.files
        folders = {str(file_of(path).parent) for path in self._index().sources()}
        folders |= {str(files.absolute())} if files is not None else set()
        for folder in sorted(folders, key=len, reverse=True):
            message = message.replace(f"{folder}/", "")
        return message


def _when_free(change: Callable[[], BuildReport], progress: Progress) -> BuildReport:
    """Make a change once no other process changes the index; uploaded files can wait a while.

    Raises:
        IndexBusyError: it still does.
        Stopped: whoever waits was told to stop.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return change()
        except IndexBusyError:
            if time.monotonic() > end:
                raise
            progress.check()
            time.sleep(0.5)


def _told(report: BuildReport) -> str:
    every = (*report.added, *report.changed, *report.unchanged)
    noun = "document" if any(map(is_member, every)) else "file"
    parts = [
        f"{_counted(len(paths), noun)} {what}"
        for what, paths in (
            ("added", report.added),
            ("brought up to date", report.changed),
            ("unchanged", report.unchanged),
            ("not indexed", report.failed),
        )
        if paths
    ]
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
