"""Checking the quotes of saved answers against the files they come from: no index, no model."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from assistant.exporting.reading import Claim, Kind, read_evidence
from assistant.types import Quote
from index.canonical import canonical_text, text_sha256
from index.errors import SourceError
from index.members import file_of, is_member

LARGEST_SOURCE = 50_000_000
"""Bytes of a file that quotes are looked for in."""

_ELSEWHERE = " If the documents are somewhere else now, say where with --documents DIR."

State = Literal["exact", "altered", "moved", "changed", "missing"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one quote."""

    answer: int
    """Of which answer of the file, from 1."""
    number: int
    source: str
    """Where it was looked for."""
    state: State
    """`exact`: it stands where it is said to. `altered`: the file is as it was indexed, so that it
    is the quote, its place or its surroundings that were changed. Else the file was: `moved` to
    another place in it, `changed` where it stands nowhere. `missing`: there is no such text."""
    is_unchanged: bool
    """Whether the source is the text that was indexed."""
    altered: tuple[str, ...]
    """What of the record is wrong: `text`, `offsets`, `prefix`, `suffix`."""
    reason: str

    @property
    def is_exact(self) -> bool:
        """Whether the quote is the slice of its source that it claims to be."""
        return self.state == "exact"


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of all quotes of a file, and what in it does not fit together."""

    kind: Kind
    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...]
    """Each begins with what it is about."""
    answers: int

    @property
    def is_well(self) -> bool:
        """Whether every quote is exact and nothing else is wrong."""
        return not self.problems and all(verdict.is_exact for verdict in self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """The form that `assistant verify --json` prints."""
        return {
            "kind": self.kind,
            "is_well": self.is_well,
            "answers": self.answers,
            "exact": sum(verdict.is_exact for verdict in self.verdicts),
            "quotes": [asdict(verdict) for verdict in self.verdicts],
            "problems": list(self.problems),
        }


def verify(path: Path, documents: Path | None = None) -> Verification:
    """Check every quote of a bundle, or of an answer saved with `assistant ask --json`.

    Args:
        path: the JSON file.
        documents: where the files lie now: nothing outside of this folder is read, whatever the
            file says. By default they are read where it says.

    Raises:
        InputError: the file is neither, is too large, or was made by a newer release.
    """
    evidence = read_evidence(path)
    read = lru_cache(1)(_read)
    in_order = sorted(enumerate(evidence.claims), key=lambda pair: pair[1].source)
    found = {
        n: _verdict(claim, *read(claim.source, documents, claim.sha256)) for n, claim in in_order
    }
    verdicts = tuple(found[number] for number in range(len(found)))
    return Verification(evidence.kind, verdicts, evidence.problems, evidence.answers)


def _read(source: str, documents: Path | None, sha256: str) -> tuple[str, str | None, str]:
    """Where a source was looked for, its text and the text's SHA-256; what is wrong if no text."""
    path = Path(source)
    try:
        if documents is not None:
            path = _located(path, documents)
            if not file_of(path).resolve().is_relative_to(documents.resolve()):
                return str(path), None, f"expected a file below {documents}, found a link out of it"
        elif source.startswith(("//", "\\\\")) or "://" in source:
            return source, None, "expected a path, found an address. Say --documents DIR"
        file = file_of(path)
        is_part = is_member(path)  # it is read by itself, and bounded there
        if file.is_file() and not is_part and not 0 < file.stat().st_size <= LARGEST_SOURCE:
            size = file.stat().st_size
            return str(path), None, f"expected 1 to {LARGEST_SOURCE:,} bytes, found {size:,}"
        if file.exists() and not file.is_file():
            return str(path), None, "expected a file, found something else"
        canonical = canonical_text(path, sha256)
    except (SourceError, OSError, ValueError) as error:  # a path may hold a NUL
        remedy = "" if documents is not None or os.path.lexists(file_of(path)) else _ELSEWHERE
        return str(path), None, str(error).removeprefix(f"{path}: ") + remedy
    return str(path), canonical, text_sha256(canonical)


def _verdict(claim: Claim, source: str, canonical: str | None, sha256: str) -> Verdict:
    if canonical is None:
        return Verdict(claim.answer, claim.number, source, "missing", False, (), sha256)
    is_unchanged = sha256 == claim.sha256
    state, altered, reason = _compared(claim, canonical, is_unchanged)
    return Verdict(claim.answer, claim.number, source, state, is_unchanged, altered, reason)


def _compared(
    claim: Claim, canonical: str, is_unchanged: bool
) -> tuple[State, tuple[str, ...], str]:
    """The state of a quote, what of its record is wrong, and the reason."""
    if 0 <= claim.start < claim.end and canonical[claim.start : claim.end] == claim.text:
        if not is_unchanged:
            return "exact", (), "exact, though the file has changed elsewhere since it was indexed"
        altered = tuple(_surroundings(claim, canonical))
        if not altered:
            return "exact", (), "exact"
        return "altered", altered, f"the file has another {' and '.join(altered)}: {_ALTERED}"
    span = f"expected at {_span(claim.start, claim.end)}"
    found = _nearest(claim, canonical)
    where = f"found at {_span(found, found + len(claim.text))}" if found >= 0 else "found nowhere"
    if is_unchanged:
        altered = ("offsets",) if found >= 0 else ("text",)
        return "altered", altered, f"{span}, {where} in the file: {_ALTERED}"
    state: State = "moved" if found >= 0 else "changed"
    return state, (), f"{span}, {where} in the file, which has changed since it was indexed"


_ALTERED = "it is as it was indexed, so the record was altered"


def _surroundings(claim: Claim, canonical: str) -> Iterator[str]:
    quote = Quote.slice(canonical, claim.start, claim.end)
    if claim.prefix != quote.prefix:
        yield "prefix"
    if claim.suffix != quote.suffix:
        yield "suffix"


def _nearest(claim: Claim, canonical: str) -> int:
    """Where the quote stands, nearest to where it should; -1 where it does not."""
    if not claim.text:
        return -1
    start = min(max(claim.start, 0), len(canonical))
    after = canonical.find(claim.text, start)
    before = canonical.rfind(claim.text, 0, start + len(claim.text))
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - start), default=-1)


def _span(start: int, end: int) -> str:
    return f"{str(start)[:20]}-{str(end)[:20]}"


def _located(source: Path, documents: Path) -> Path:
    """Where a source lies now: under `documents` by as much of its path as is found there."""
    places = list(_places(source, documents))
    there = (place for place in places if place.is_file() or file_of(place).is_file())
    return next(there, documents / _name(source))


def _places(source: Path, documents: Path) -> Iterator[Path]:
    parts = [part for part in source.parts if part not in (source.anchor, "..")]
    return (documents.joinpath(*parts[start:]) for start in range(len(parts)))


def _name(source: Path) -> str:
    return "" if source.name == ".." else source.name
