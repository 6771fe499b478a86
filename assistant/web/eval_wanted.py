"""What a visitor wants evaluated, and the command that does it."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.web.eval_options import Evaluating
from index.errors import InputError

Documents = Literal["dataset", "library"]

FILE = "wanted.json"
MOST_CASES = 1_000_000
_ODD = "Expected what to evaluate, found something else. Reload the page."


@dataclass(frozen=True, slots=True)
class Wanted:
    """An evaluation."""

    dataset: str
    """Its name."""
    cases: int | None
    """How many, at equal distances; None for all."""
    model: str
    """The name of a chat model, or `extractive`."""
    documents: Documents
    """Which index answers: one of the dataset's own documents, or that of the library."""

    def save(self, folder: Path) -> None:
        """Keep it beside the run, to go on with it later."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")


def wanted_from(value: Mapping[str, Any]) -> Wanted:
    """An evaluation from its JSON form, which is not trusted.

    Raises:
        InputError: it is something else.
    """
    dataset, model = value.get("dataset"), value.get("model")
    cases, documents = value.get("cases"), value.get("documents")
    if not isinstance(dataset, str) or not isinstance(model, str):
        raise InputError(_ODD)
    if cases is not None and (type(cases) is not int or not 1 <= cases <= MOST_CASES):
        raise InputError("Expected how many questions to ask, from 1 on. Reload the page.")
    if documents == "dataset":
        return Wanted(dataset, cases, model, "dataset")
    if documents == "library":
        return Wanted(dataset, cases, model, "library")
    raise InputError(_ODD)


def kept_in(folder: Path) -> Wanted | None:
    """The evaluation that was kept beside a run; None where there is none that can be read."""
    try:
        value = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return wanted_from(value) if isinstance(value, dict) else None
    except (OSError, ValueError, RecursionError, InputError):
        return None


def run_command(
    wanted: Wanted, dataset: Path, out: Path, options: Evaluating, index: Path | None
) -> list[str]:
    """The command that runs an evaluation.

    Args:
        wanted: its model is one of the options'.
        dataset: folder of the cases to ask.
        out: the run is written into a folder below it.
        options: what the operator decided.
        index: of the library, where that is wanted.
    """
    documents = options.embedding if index is None else ("--index", str(index.absolute()))
    places = (str(dataset.absolute()), "--out", str(out.absolute()))
    model = options.models[wanted.model]
    return [*eval_command("run"), *places, *documents, *options.shared, *model]


def eval_command(*arguments: str) -> list[str]:
    """A command of the evaluation suite, which is a package above this one: it has no imports here.

    With `-P` it is the installed one, whatever lies in the working folder.
    """
    return [sys.executable, "-P", "-m", "eval.cli", *arguments]
