"""Reading what is to be verified: a bundle, or an answer from `assistant ask --json`.

The file may come from anyone. Its size, depth and types are checked before anything is done with
it; what does not fit together within it is a problem that is named, not an error.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.exporting.bundle import FORMAT, digest
from assistant.exporting.coherence import annotation_problems, answer_problems, read_answer
from index.errors import InputError

MOST_BYTES = 20_000_000
MOST_QUOTES = 5_000
MOST_ANSWERS = 1_000
_DEEPEST = 32
"""Lists and objects within each other: a bundle has 7."""

Kind = Literal["answer", "bundle"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A quote as the file has it."""

    answer: int
    """Of which answer of the file, from 1."""
    number: int
    text: str
    start: int
    end: int
    prefix: str
    suffix: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a file claims, and what in it does not fit together."""

    kind: Kind
    claims: tuple[Claim, ...]
    problems: tuple[str, ...]
    answers: int


class _Otherwise(Exception):
    """Something is not in the form that was expected."""


def read_evidence(path: Path) -> Evidence:
    """Read a file that is to be verified.

    Raises:
        InputError: it cannot be read, is too large, was made by a newer release, or is neither a
            bundle nor an answer.
    """
    value = _parsed(path, _bytes(path))
    is_bundle = isinstance(value, dict) and "verbatim_bundle" in value
    try:
        if is_bundle:
            _check_format(path, value["verbatim_bundle"])
            return _bundle(value)
        return _single(value)
    except _Otherwise as error:
        form = "an evidence bundle" if is_bundle else "the JSON of 'assistant ask --json'"
        raise InputError(
            f"{path}: expected {form}, found something else ({error}). Save the answer again."
        ) from error


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size if path.is_file() else 0
        if size > MOST_BYTES:
            raise InputError(
                f"{path}: expected at most {MOST_BYTES:,} bytes, found {size:,}. Export fewer "
                "answers at a time."
            )
        if path.exists() and not path.is_file():
            raise InputError(
                f"{path}: expected a file of JSON in UTF-8, and it could not be read (it is no "
                "file). Check the path."
            )
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise InputError(
            f"{path}: expected a file of JSON in UTF-8, and it could not be read ({error}). "
            "Check the path."
        ) from error


def _parsed(path: Path, data: bytes) -> Any:  # noqa: ANN401
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: expected a file of JSON in UTF-8, and it could not be read ({error}). "
            "Check the path."
        ) from error
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        value, reason = None, str(error)[:200]
    else:
        reason = "" if _is_shallow(value) else f"it is nested more than {_DEEPEST} deep"
    if reason:
        raise InputError(
            f"{path}: expected the JSON of 'assistant ask --json', found something else "
            f"({reason}), or an evidence bundle that is none. Save the answer again."
        )
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ: of two that are the same, readers would see another one."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_shallow(value: object) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return True
    return False


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _check_format(path: Path, found: object) -> None:
    if isinstance(found, int) and not isinstance(found, bool) and found > FORMAT:
        raise InputError(
            f"{path}: expected an evidence bundle of format {FORMAT}, found format "
            f"{str(found)[:20]}. A newer release of Verbatim made it: use that one, or a newer."
        )
    if found is True or found != FORMAT:
        raise _Otherwise(f"format {str(found)[:20]!r}")


def _single(value: object) -> Evidence:
    answer = _mapping(value, "the file")
    claims = tuple(_claims(answer, 1))
    problems = answer_problems(answer, read_answer(answer)) if "statements" in answer else ()
    return Evidence("answer", claims, tuple(problems), 1)


def _bundle(value: dict[str, Any]) -> Evidence:
    answers = [_mapping(each, "an answer") for each in _list(value, "answers", MOST_ANSWERS)]
    claims = [c for number, each in enumerate(answers, start=1) for c in _claims(each, number)]
    if len(claims) > MOST_QUOTES:
        raise _Otherwise(f"more than {MOST_QUOTES:,} quotes")
    annotations = [_mapping(each, "an item") for each in _list(value, "items", MOST_QUOTES)]
    problems = []
    if value.get("digest") != digest(value):
        problems.append("digest: the bundle is not as it was made; something in it was changed")
    read = list(map(read_answer, answers))
    for number, (data, answer) in enumerate(zip(answers, read, strict=True), start=1):
        problems += [f"answer {number}, {found}" for found in answer_problems(data, answer)]
    problems += annotation_problems(read, annotations)
    return Evidence("bundle", tuple(claims), tuple(problems), len(answers))


def _claims(answer: Mapping[str, Any], number: int) -> Iterator[Claim]:
    if answer.get("status") not in ("answered", "abstained"):
        raise _Otherwise(f"status {str(answer.get('status'))[:20]!r}")
    for each in _list(answer, "citations", MOST_QUOTES):
        citation = _mapping(each, "a citation")
        quote = _mapping(citation.get("quote"), "a quote")
        document = _mapping(citation.get("document"), "a document")
        yield Claim(
            number,
            _whole(citation, "number"),
            _text(quote, "text"),
            _whole(quote, "start"),
            _whole(quote, "end"),
            _text(quote, "prefix"),
            _text(quote, "suffix"),
            _text(document, "source"),
            _text(document, "sha256"),
        )


def _mapping(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Otherwise(f"{what} is no object")
    return value


def _list(value: Mapping[str, Any], key: str, most: int) -> list[Any]:
    found = value.get(key)
    if not isinstance(found, list) or len(found) > most:
        raise _Otherwise(f"{key!r} is no list of at most {most:,}")
    return found


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key)
    if not isinstance(found, str):
        raise _Otherwise(f"{key!r} is no text")
    return found


def _whole(value: Mapping[str, Any], key: str) -> int:
    found = value.get(key)
    if not isinstance(found, int) or isinstance(found, bool):
        raise _Otherwise(f"{key!r} is no whole number")
    return found
