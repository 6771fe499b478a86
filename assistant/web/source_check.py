"""Whether a quote still stands where it was found: in the index, and in the file it came from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.references import file_name
from index.canonical import canonical_text, text_sha256
from index.errors import UnreadableFileError
from index.members import exists
from index.types import Document

State = Literal["unchanged", "changed", "missing", "unreadable"]


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """What a look at the index and at the file found, this moment."""

    is_verbatim: bool
    """Whether the quote is the slice of the indexed text that it claims to be."""
    state: State
    """Of the file, against the text that was indexed."""
    place: str
    """Where the quote stands, in a sentence."""
    warning: str | None = None
    """What the reader should know of the file; None where it is unchanged."""


def check_quote(document: Document, start: int, end: int, text: str) -> QuoteCheck:
    """Compare a quote with its document, and the document with its files.

    Args:
        document: from the index.
        start: where the quote begins, in code points of the canonical text.
        end: where it ends.
        text: the quote.
    """
    is_verbatim = 0 <= start < end and document.text[start:end] == text
    state, now = _look(document)
    name = file_name(document.info)
    if not is_verbatim:
        found = f"Not verbatim: characters {start:,}–{end:,} of {name} do not hold this quote."
        return QuoteCheck(False, state, found, _warning(state, name, ""))
    of = name if state == "unchanged" else f"the text of {name} as it was indexed"
    place = f"Verbatim: characters {start:,}–{end:,} of {of}, checked now."
    return QuoteCheck(True, state, place, _warning(state, name, _moved(now, start, text)))


def _look(document: Document) -> tuple[State, str]:
    """What became of the files a text was found in, and the text of the first that has another."""
    state: State = "missing"
    other = ""
    for path in map(Path, document.sources):
        try:
            now = canonical_text(path, document.info.sha256)
        except UnreadableFileError:
            if exists(path) and not other:
                state = "unreadable"
            continue
        if text_sha256(now) == document.info.sha256:
            return "unchanged", now
        state, other = "changed", other or now
    return state, other


def _warning(state: State, name: str, moved: str) -> str | None:
    shown = "What is shown is the text that was indexed."
    match state:
        case "unchanged":
            return None
        case "changed":
            return f"{name} has changed since it was indexed. {moved}{shown}"
        case "missing":
            return f"{name} is no longer where it was when it was indexed. {shown}"
        case "unreadable":
            return f"{name} can no longer be read as text. {shown}"


def _moved(now: str, start: int, text: str) -> str:
    """Where a quote stands in the changed file."""
    if now[start : start + len(text)] == text:
        return "The quote still stands at the same place. "
    found = now.find(text)
    if found < 0:
        return "The quote is not in it anymore. "
    return f"The quote now stands at characters {found:,}–{found + len(text):,}. "
