"""Checking the quotes of a saved answer against the files they come from: no index, no model."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.canonical import canonical_text, text_sha256
from index.errors import InputError, SourceError


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one quote."""

    number: int
    source: str
    is_exact: bool
    """Whether the quote is the slice of its source that it claims to be."""
    is_unchanged: bool
    """Whether the source is the text that was indexed."""
    reason: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """A citation as it was saved."""

    number: int
    text: str
    start: int
    end: int
    source: str
    sha256: str


def verify(path: Path, documents: Path | None = None) -> list[Verdict]:
    """Check every citation of an answer saved with `assistant ask --json`.

    Args:
        path: the JSON file.
        documents: where the files lie now; by default where the answer says.

    Raises:
        InputError: the file is not an answer in that form.
    """
    return [_verdict(claim, documents) for claim in _claims(path)]


def _claims(path: Path) -> list[_Claim]:
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
        if value["status"] not in ("answered", "abstained"):
            raise ValueError(f"status {value['status']!r}")
        return [_claim(citation) for citation in value["citations"]]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: expected a file of JSON in UTF-8, and it could not be read ({error}). "
            "Check the path."
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{path}: expected the JSON of 'assistant ask --json', found something else "
            f"({type(error).__name__}: {error}). Save the answer again."
        ) from error


def _claim(citation: Mapping[str, Any]) -> _Claim:
    quote, document = citation["quote"], citation["document"]
    claim = _Claim(
        citation["number"],
        quote["text"],
        quote["start"],
        quote["end"],
        document["source"],
        document["sha256"],
    )
    for value, kind in (
        (claim.number, int),
        (claim.text, str),
        (claim.start, int),
        (claim.end, int),
        (claim.source, str),
        (claim.sha256, str),
    ):
        if not isinstance(value, kind):
            raise TypeError(f"{kind.__name__} expected, found {value!r}")
    return claim


def _verdict(claim: _Claim, documents: Path | None) -> Verdict:
    source = _located(Path(claim.source), documents)
    try:
        canonical = canonical_text(source)
    except (SourceError, ValueError) as error:  # a path may hold a NUL
        return Verdict(claim.number, str(source), False, False, str(error))
    is_exact = 0 <= claim.start < claim.end and canonical[claim.start : claim.end] == claim.text
    is_unchanged = text_sha256(canonical) == claim.sha256
    reason = _reason(claim, canonical, is_exact, is_unchanged)
    return Verdict(claim.number, str(source), is_exact, is_unchanged, reason)


def _reason(claim: _Claim, canonical: str, is_exact: bool, is_unchanged: bool) -> str:
    if is_exact:
        changed = ", though the file has changed elsewhere since it was indexed"
        return "exact" if is_unchanged else f"exact{changed}"
    changed = "" if is_unchanged else ", and the file has changed since it was indexed"
    span = f"{claim.start}-{claim.end}"
    if claim.text and claim.text in canonical:
        found = canonical.index(claim.text)
        return f"expected at {span}, found at {found}-{found + len(claim.text)}{changed}"
    return f"expected at {span}, found nowhere in the file{changed}"


def _located(source: Path, documents: Path | None) -> Path:
    """Where a source lies now: under `documents` by as much of its path as is found there."""
    if documents is None:
        return source
    return next(filter(Path.is_file, _places(source, documents)), documents / source.name)


def _places(source: Path, documents: Path) -> Iterator[Path]:
    parts = [part for part in source.parts if part not in (source.anchor, "..")]
    return (documents.joinpath(*parts[start:]) for start in range(len(parts)))
