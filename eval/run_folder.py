"""A run on disk: its answers as they come, so that it can go on after a kill; then its reports.

answers.jsonl    one line a case, in the form that `assistant-eval run --answers` reads
run.json         what was asked of what: a run with other settings is not mixed in
report.json      report.html      report.md      junit.xml      once all cases are answered
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.console import encodable
from eval.errors import ReportError
from eval.types import Dataset

if TYPE_CHECKING:
    from eval.report import Report

_PACKAGES = ("assistant", "eval", "index", "prompts")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of one run."""

    folder: Path

    @property
    def answers(self) -> Path:
        """The answers so far."""
        return self.folder / "answers.jsonl"

    @property
    def settings(self) -> Path:
        """What was asked of what."""
        return self.folder / "run.json"

    @property
    def report(self) -> Path:
        """The report; there once the run is over."""
        return self.folder / "report.json"

    def begin(self, settings: Mapping[str, str], *, fresh: bool = False) -> dict[str, Any]:
        """Make the folder ready, and return the answers that are there already, by case id.

        A finished run is replaced; an unfinished one with the same settings goes on, and cases on
        which the system failed are asked again.

        Args:
            settings: from `settings_of`.
            fresh: forget an unfinished run.

        Raises:
            ReportError: an unfinished run with other settings is there.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        known: dict[str, Any] = {}
        if self.settings.is_file() and not self.report.is_file() and not fresh:
            self._check(settings)
            known = self._known()
        self.report.unlink(missing_ok=True)
        write_whole(
            self.answers, "".join(_line(key, answer, None) for key, answer in known.items())
        )
        write_whole(self.settings, json.dumps(dict(settings), indent=2) + "\n")
        return known

    def add(self, key: str, answer: Mapping[str, Any] | None, error: str | None) -> None:
        """Keep one answer, or one failure."""
        with self.answers.open("a", encoding="utf-8") as file:
            file.write(_line(key, answer, error))

    def finish(
        self, report: "Report", dataset: Dataset, baseline: "Report | None" = None
    ) -> list[Path]:
        """Write the reports; `report.json` last, for it says that the run is over."""
        texts = {
            "report.html": report.to_html(dataset, baseline),
            "report.md": report.to_markdown() + "\n",
            "junit.xml": report.to_junit(),
            "report.json": report.to_json() + "\n",
        }
        paths = [self.folder / name for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            write_whole(path, text)
        return paths

    def _check(self, settings: Mapping[str, str]) -> None:
        try:
            found = json.loads(self.settings.read_text(encoding="utf-8"))
            others = [name for name in settings if found.get(name) != settings[name]]
        except (ValueError, AttributeError):
            others = ["settings, unreadable"]
        if others:
            names = ", ".join(others)
            raise ReportError(
                f"{self.folder}: expected an unfinished run of the same settings, found one with "
                f"other {names}. Name another folder, or add --fresh to give that run up."
            )

    def _known(self) -> dict[str, Any]:
        """The answers of an unfinished run; its last line may have been cut by a kill."""
        known: dict[str, Any] = {}
        try:
            lines = self.answers.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return known
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if record.get("answer") is not None:
                known[record["id"]] = record["answer"]
        return known


def _line(key: str, answer: Mapping[str, Any] | None, error: str | None) -> str:
    record = {"id": key, "error": error} if answer is None else {"id": key, "answer": answer}
    return json.dumps(record, ensure_ascii=True) + "\n"


def settings_of(dataset: Dataset, model: str, index: str) -> dict[str, str]:
    """What makes two runs the same run: the cases, the documents, the system and its code.

    Args:
        dataset: the cases to ask.
        model: the chat model's name, or `extractive`.
        index: what tells the index from others.
    """
    return {
        "dataset": dataset_digest(dataset),
        "model": model,
        "index": index,
        "code": code_digest(),
    }


def dataset_digest(dataset: Dataset) -> str:
    """SHA-256 of the cases and all documents with their names."""
    files = [dataset.folder / "cases.jsonl"]
    files += sorted(path for path in dataset.documents.rglob("*") if path.is_file())
    return _digest(files, dataset.folder)


def code_digest() -> str:
    """SHA-256 of this project's own modules and templates: a change of them is another system."""
    root = Path(__file__).parents[1]
    files = [
        path
        for package in _PACKAGES
        for path in sorted((root / package).rglob("*"))
        if path.suffix in (".py", ".md") and "datasets" not in path.parts
    ]
    return _digest(files, root)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(encodable(text), encoding="utf-8")
    beside.replace(path)


def _digest(files: list[Path], root: Path) -> str:
    total = hashlib.sha256()
    for path in files:
        name = path.relative_to(root).as_posix()
        total.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
