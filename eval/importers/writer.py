"""A dataset in the making, written beside its place and moved there whole."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.dataset import load_dataset
from eval.errors import ImportDataError
from eval.importers.texts import is_document
from eval.importers.types import Imported
from eval.types import Case

FILE = "import.json"
ANSWERS = "answers.jsonl"

NO_TEXT = "documents without text, or with binary data"


@dataclass
class Draft:
    """What an import has gathered so far."""

    form: str
    """The kind of data it comes from."""
    source: Path
    out: Path
    options: Mapping[str, Any]
    """As the caller gave them, for `import.json`."""
    documents: dict[str, str] = field(default_factory=dict)
    """Texts by file name."""
    cases: list[Case] = field(default_factory=list)
    beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Records of further JSON Lines files, by file name."""
    skipped: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.out = Path(os.path.abspath(self.out))
        _check_target(self.out)

    def add_document(self, name: str, text: str) -> bool:
        """Take a document, or count it as skipped where its text cannot be one."""
        if not is_document(text):
            self.skipped[NO_TEXT] += 1
            return False
        self.documents[name] = text
        return True

    def write(self) -> Imported:
        """Write the dataset beside its place, check all of it, and move it there.

        Raises:
            ImportDataError: there are no cases, or the place is taken.
        """
        if not self.cases:
            reasons = "; ".join(f"{count} {reason}" for reason, count in self.skipped.items())
            raise ImportDataError(
                f"{self.source}: expected at least one usable question, found none"
                f"{f' ({reasons})' if reasons else ''}. Check the file and the options."
            )
        with tempfile.TemporaryDirectory(
            dir=self.out.parent, prefix=f".{self.out.name}-"
        ) as temporary:
            folder = Path(temporary) / self.out.name
            self._write_to(folder)
            dataset = load_dataset(folder)
            _check_target(self.out)  # it may have been taken in the meantime
            folder.replace(self.out)
        return Imported(
            dataset=replace(dataset, name=self.out.name, folder=self.out),
            documents=len(self.documents),
            skipped=dict(self.skipped),
            answers=self.out / ANSWERS if ANSWERS in self.beside else None,
        )

    def _write_to(self, folder: Path) -> None:
        documents = folder / "documents"
        documents.mkdir(parents=True)
        for name, text in self.documents.items():
            (documents / name).write_bytes(text.encode("utf-8"))
        _write_lines(folder / "cases.jsonl", (case.to_dict() for case in self.cases))
        for name, records in self.beside.items():
            _write_lines(folder / name, records)
        record = {
            "from": self.form,
            "source": self.source.resolve().name,
            "options": dict(self.options),
            "skipped": dict(self.skipped),
        }
        text = json.dumps(record, ensure_ascii=False, indent=1, default=list) + "\n"
        (folder / FILE).write_bytes(text.encode("utf-8", "backslashreplace"))


def _write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    text = "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    path.write_bytes(text.encode("utf-8"))


def _check_target(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise ImportDataError(
            f"{out}: expected a new or empty folder, found a file or a link. Name another folder."
        )
    if out.is_dir() and any(out.iterdir()):
        raise ImportDataError(
            f"{out}: expected a new or empty folder, found one with files in it. Name another "
            "folder, or remove this one."
        )
    if not out.parent.is_dir():
        raise ImportDataError(
            f"{out}: expected a folder to put it in, found none. Make {out.parent} first."
        )
