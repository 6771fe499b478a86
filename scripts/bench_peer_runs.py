"""The steps of the comparison, each in a process of its own."""

import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_corpus import Case
from bench_peer_table import Taken
from bench_processes import Run, run

_CHILD = str(Path(__file__).with_name("bench_peer_child.py"))
_TRIAL = -1
_CHARACTERS = 3000
"""Of the passages found, where an answer is looked for: less than eight of any system have."""
_ENVIRONMENT = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
}
"""So that nobody waits for a network."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A system, and where its figures go."""

    name: str
    """Of the module in `bench_systems`."""
    python: str
    taken: Taken


@dataclass(frozen=True, slots=True)
class Runs:
    """What is indexed and asked, and where files go."""

    folder: Path
    files: Sequence[Path]
    cases: Sequence[Case]
    before: int
    """How many of the cases are asked before the rest is timed."""

    def try_out(self, subject: Subject) -> None:
        """Do every step once with few documents.

        Raises:
            EndedBadlyError: a step failed.
        """
        few = Runs(self.folder / "few", self.files[:3], self.cases[:6], self.before)
        few.folder.mkdir(exist_ok=True)
        aside = Subject(subject.name, subject.python, Taken(""))
        for part in ("index", "ask", "warm"):
            few.take(part, aside, _TRIAL)

    def take(self, part: str, subject: Subject, number: int) -> None:
        """Take the figures of one part of one round.

        Raises:
            EndedBadlyError: the process failed.
        """
        place = self.folder / f"{subject.name}.index"
        if part == "index":
            shutil.rmtree(place, ignore_errors=True)
        if part == "index" or not place.exists():
            found, ran = self._child(
                "index", subject, folder=str(place), files=[str(file) for file in self.files]
            )
        if part == "index":
            figures = self._indexing(found, ran, place)
        elif part == "ask":
            ran = self._ask(subject, place, self.cases[number % len(self.cases)].question)
            figures = {
                "ask_seconds": ran.seconds,
                "ask_processor_seconds": ran.processor,
                "ask_megabytes": ran.megabytes,
            }
        else:
            asked = [case.question for case in self.cases]
            found, ran = self._child(
                "warm",
                subject,
                folder=str(place),
                before=asked[: self.before],
                questions=asked[self.before :],
            )
            figures = self._warm(found, ran)
        subject.taken.add(**figures)
        shown = ", ".join(f"{name} {value:.2f}" for name, value in figures.items())
        when = "trial" if number == _TRIAL else f"round {number + 1}"
        print(f"{when}: {subject.name}: {shown}", file=sys.stderr, flush=True)

    def _child(
        self, step: str, subject: Subject, **order: str | list[str]
    ) -> tuple[dict[str, Any], Run]:
        given, out = self.folder / "order.json", self.folder / "found.json"
        given.write_text(json.dumps(order), encoding="utf-8")
        arguments = [_CHILD, subject.name, step, str(given), str(out)]
        ran = run(arguments, subject.python, _ENVIRONMENT)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found, ran

    def _ask(self, subject: Subject, place: Path, question: str) -> Run:
        if subject.name != "verbatim":
            return self._child("ask", subject, folder=str(place), question=question)[1]
        # The command does more than retrieve: it reads the passages, and checks the quotes.
        command = ["-m", "assistant.cli", "ask", question, "--index", str(place), "--alone"]
        return run(command, subject.python, _ENVIRONMENT)

    def _indexing(self, found: dict[str, Any], ran: Run, place: Path) -> dict[str, float]:
        size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
        return {
            "documents_per_second": len(self.files) / ran.seconds,
            "documents_per_second_loaded": len(self.files) / found["seconds"],
            "index_processor_seconds": ran.processor,
            "load_seconds": ran.seconds - found["seconds"],
            "index_megabytes": ran.megabytes,
            "disk_megabytes": size / 1e6,
            "passages": found["passages"],
        }

    def _warm(self, found: dict[str, Any], ran: Run) -> dict[str, float]:
        times = sorted(1000 * seconds for seconds in found["seconds"])
        right = [
            any(_plain(case.answer) in _plain(text) for text in _first(texts))
            for case, texts in zip(self.cases[self.before :], found["texts"], strict=True)
        ]
        return {
            "p50_milliseconds": statistics.median(times),
            "p95_milliseconds": times[int(0.95 * len(times))],
            "warm_megabytes": ran.megabytes,
            "found_percent": 100 * statistics.mean(right),
        }


def _first(texts: Sequence[str]) -> list[str]:
    """As many as make `_CHARACTERS`, the last one cut: passages are not as long everywhere."""
    found, left = [], _CHARACTERS
    for text in texts:
        found.append(text[:left])
        left = max(0, left - len(text))
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())
