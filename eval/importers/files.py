"""Reading whole files of other projects, with errors that say what to do."""

import json
from pathlib import Path

from eval.errors import ImportDataError
from eval.problems import Complain, Problems


def read_text(path: Path) -> str:
    """A file's text.

    Raises:
        ImportDataError: it is missing, may not be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ImportDataError(f"{path}: expected a file, found nothing. Check the path.") from None
    except OSError as error:
        raise ImportDataError(
            f"{path}: expected a file, but it could not be read ({error.strerror}). Check that it "
            "is a file and that you may read it."
        ) from error
    except UnicodeDecodeError as error:
        raise ImportDataError(
            f"{path}: expected UTF-8, found byte {error.start} that is not. Save it as UTF-8."
        ) from error


def read_json(path: Path) -> object:
    """What a JSON file holds.

    Raises:
        ImportDataError: it cannot be read, or is not JSON.
    """
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportDataError(
            f"{path}: expected JSON, found text that is not ({error}). Correct it, or pass "
            "another file."
        ) from error


def at(place: str, problems: Problems) -> Complain:
    """A function that takes the problems of one place in a file without lines."""
    return lambda message: problems.add(f"{place}: {message}")
