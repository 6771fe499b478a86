"""Checking the quotes of a saved answer against the files they come from: no index, no model."""

import json
from collections.abc import Mapping
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


def verify(path: Path, documents: Path | None = None) -> list[Verdict]:
    """Check every citation of an answer saved with `assistant ask --json`.

    Args:
        path: the JSON file.
        documents: where the files lie now; by default where the answer says.

    Raises:
        InputError: the file is not an answer in that form.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return [_verdict(citation, documents) for citation in value["citations"]]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: the file could not be read ({error}). Check the path."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: expected the JSON of 'assistant ask --json', found something else "
            f"({type(error).__name__}: {error}). Save the answer again."
        ) from error


def _verdict(citation: Mapping[str, Any], documents: Path | None) -> Verdict:
    number, quote, document = int(citation["number"]), citation["quote"], citation["document"]
    start, end, text = int(quote["start"]), int(quote["end"]), str(quote["text"])
    source = Path(str(document["source"]))
    if documents is not None:
        source = documents / source.name
    try:
        canonical = canonical_text(source)
    except SourceError as error:
        return Verdict(number, str(source), False, False, str(error))
    is_exact = 0 <= start < end and canonical[start:end] == text
    is_unchanged = text_sha256(canonical) == document["sha256"]
    if is_exact and is_unchanged:
        reason = "exact"
    elif is_exact:
        reason = "exact, though the file has changed elsewhere since it was indexed"
    elif text in canonical:
        reason = f"found at {canonical.index(text)} instead: the file has changed"
    else:
        reason = "not in the file" if is_unchanged else "not in the file, which has changed"
    return Verdict(number, str(source), is_exact, is_unchanged, reason)
