"""The evaluation reports in a folder, as values.

Whoever can write into the folder can write anything there, so it is read with distrust: a file that
is no report is listed with the reason, and a link that leads out of the folder is not followed.
"""

import os
import reprlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

DEPTH = 3
"""Folders between the reports' folder and a report, at most."""
MOST_FOLDERS = 5_000
"""Folders looked into, at most: someone may name a whole disk."""
MOST_REPORTS = 200
"""Reports read for one list, at most; the files that changed last come first."""
LARGEST_JSON = 32_000_000
"""Bytes of a `report.json`: several thousand cases."""
MEDIA_TYPES = {
    "report.html": "text/html; charset=utf-8",
    "report.json": "application/json",
    "report.md": "text/markdown; charset=utf-8",
}
"""The files of a report that are served, and nothing else is."""


def _counted(value: Any) -> int:  # noqa: ANN401 -- JSON is checked here
    """How many there are: a report is listed by it, and its cases are not kept."""
    if not isinstance(value, list):
        raise ValueError("input should be a list")
    return len(value)


def _instant(value: Any) -> datetime | None:  # noqa: ANN401 -- JSON is checked here
    """The moment in UTC; None where it is not told in ISO 8601."""
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _share(value: float) -> float:
    """A share; a mean of ones may come out a little above 1."""
    if not -1e-9 <= value <= 1 + 1e-9:
        raise ValueError("input should be a share from 0 to 1")
    return min(max(value, 0.0), 1.0)


_Share = Annotated[float, AfterValidator(_share)]
_Count = Annotated[int, BeforeValidator(_counted)]


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its 95 % interval, as shares from 0 to 1; a value of None is not scored."""

    value: _Share | None
    low: _Share | None = None
    high: _Share | None = None
    n: Annotated[int, Field(ge=0)] = 0
    """How many cases it was taken from."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The scores that tell most about a system, in the order in which they are shown."""

    evidence_recall: Score | None = None
    citation_precision: Score | None = None
    facts_recall: Score | None = None
    source_recall: Score | None = None
    quote_exactness: Score | None = None
    abstention_recall: Score | None = None
    false_refusal_rate: Score | None = None


HEADLINE = tuple(field.name for field in fields(Headline))


@dataclass(frozen=True, slots=True)
class Summary:
    """What the list tells of a `report.json`."""

    format: Literal[2]
    dataset: str
    model: str
    summary: Headline
    cases: _Count
    errors: _Count = 0
    """Cases in which the system failed."""
    created: Annotated[datetime | None, BeforeValidator(_instant)] = None
    by_category: dict[str, Headline] = field(default_factory=dict)
    """The same scores for each category that has cases."""


@dataclass(frozen=True, slots=True)
class Report:
    """A folder with a report: what it says, or why it cannot be read."""

    path: str
    """The folder below the reports' folder, with `/`; empty for that folder itself."""
    changed: float
    """When its `report.json` was last written, in seconds since 1970."""
    summary: Summary | None
    problem: str | None = None
    is_served: bool = True
    """Whether an address can name it."""

    @property
    def when(self) -> float:
        """The time to sort by: the one the report tells, else that of its file."""
        created = self.summary and self.summary.created
        return created.timestamp() if created else self.changed


@dataclass(frozen=True, slots=True)
class Listing:
    """The reports in a folder, newest first."""

    reports: tuple[Report, ...]
    found: int
    """How many there are, also where not all are listed."""


def list_reports(root: Path) -> Listing:
    """The reports below a folder; none if there is no such folder.

    Args:
        root: a report is a folder at most `DEPTH` below it with `report.json` and `report.html`.
    """
    found = list(_found(root))
    newest = sorted(found, reverse=True)[:MOST_REPORTS]
    reports = (_report(path, changed, file) for changed, path, file in newest)
    return Listing(tuple(sorted(reports, key=lambda r: (-r.when, r.path))), len(found))


def report_at(root: Path, path: str) -> Report | None:
    """One report; None where there is none.

    Args:
        root: the reports' folder.
        path: of the report's folder below it; not trusted.
    """
    file = locate(root, f"{path}/report.json" if path else "report.json")
    if file is None or locate(root, f"{path}/report.html" if path else "report.html") is None:
        return None
    try:
        return _report(path, file.stat().st_mtime, file)
    except OSError:
        return None


def locate(root: Path, path: str) -> Path | None:
    """The file of a report, with links resolved; None if it is none, or lies outside of `root`.

    Args:
        root: the reports' folder.
        path: below it, with `/`, ending in one of `MEDIA_TYPES`; not trusted.
    """
    *folders, name = path.split("/")
    if name not in MEDIA_TYPES or len(folders) > DEPTH or not {"", ".", ".."}.isdisjoint(folders):
        return None
    try:
        base = root.resolve(strict=True)
        file = base.joinpath(*folders, name).resolve(strict=True)
        is_ours = file.is_relative_to(base) and file.name == name and file.is_file()
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, links in a circle
        return None
    return file if is_ours else None


def _found(root: Path) -> Iterator[tuple[float, str, Path]]:
    """The time of change, the path below `root` and the `report.json` of each report."""
    for folder, folders, files in islice(os.walk(root), MOST_FOLDERS):
        parts = Path(folder).relative_to(root).parts
        if len(parts) >= DEPTH:
            folders.clear()
        if {"report.json", "report.html"}.issubset(files):
            data = locate(root, "/".join((*parts, "report.json")))
            if data and locate(root, "/".join((*parts, "report.html"))):
                with suppress(OSError):  # gone meanwhile
                    yield data.stat().st_mtime, "/".join(parts), data


def _report(path: str, changed: float, file: Path) -> Report:
    try:
        path.encode()
        state = file.stat()
        return Report(path, changed, _read(file, state.st_mtime_ns, state.st_size))
    except UnicodeEncodeError:
        shown = path.encode(errors="replace").decode()
        problem = "the name of its folder is not UTF-8. Rename it."
        return Report(shown, changed, None, problem, is_served=False)
    except ValidationError as error:
        return Report(path, changed, None, _problem(error))
    except (OSError, ValueError) as error:
        return Report(path, changed, None, f"{error}.")


@lru_cache(maxsize=2 * MOST_REPORTS)
def _read(file: Path, changed: int, size: int) -> Summary:
    """The summary of a file as it was when it had this size and time of change."""
    if size > LARGEST_JSON:
        raise ValueError(f"it has {size:,} bytes, and at most {LARGEST_JSON:,} are read")
    with file.open("rb") as stream:
        return _SUMMARY.validate_json(stream.read(LARGEST_JSON), strict=True)


_SUMMARY = TypeAdapter(Summary)


def _problem(error: ValidationError) -> str:
    detail = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(map(str, detail["loc"]))
    found = reprlib.repr(detail["input"])
    match detail["type"]:
        case "json_invalid":
            return f"{detail['msg']}."
        case "dataclass_type":
            return f"{place or 'it'}: expected an object, found {found}."
        case "missing":
            return f"expected the key {place}, found none."
    message = detail["msg"].removeprefix("Value error, ")
    return f"{place}: {message[:1].lower()}{message[1:]}, found {found}."
