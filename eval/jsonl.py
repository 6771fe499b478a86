"""Reading JSON Lines strictly: every problem with its line number, no key lost in silence."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.problems import Problems, shown
from index.errors import InputError


def read_objects(
    path: Path, problems: Problems, error: type[InputError]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file with their line numbers, blank lines left out.

    Lines that are not a JSON object are noted in `problems` and skipped.

    Raises:
        InputError: of the given type, when the file cannot be read at all.
    """
    for number, line in enumerate(_read_text(path, error).split("\n"), start=1):
        if not line.strip():
            continue
        complain = problems.on_line(number)
        try:
            value = json.loads(line, object_pairs_hook=_without_duplicates)
        except (ValueError, RecursionError) as failure:
            complain(f"expected one JSON object, found text that is not ({failure}). Correct it.")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            complain(f"expected one JSON object, found {shown(value)}. Write {{...}} on one line.")


def _read_text(path: Path, error: type[InputError]) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise error(f"{path}: expected a JSON Lines file, found nothing. Check the path.") from None
    except OSError as failure:
        raise error(
            f"{path}: expected a JSON Lines file, but it could not be read ({failure.strerror}). "
            "Check that it is a file and that you may read it."
        ) from failure
    except UnicodeDecodeError as failure:
        raise error(
            f"{path}: expected UTF-8, found byte {failure.start} that is not. Save it as UTF-8."
        ) from failure


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise ValueError(f"the key {shown(min(twice))} occurs twice")
    return dict(pairs)
