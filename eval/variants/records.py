"""`variant.json`: how it is written, and how it is read strictly."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard

from eval.dataset import load_dataset
from eval.documents import DatasetDocuments
from eval.errors import VariantError
from eval.problems import Complain, Problems, shown
from eval.types import Dataset
from eval.variants.types import KINDS, Cut, Kind, Plant, Source, VariantRecord

FILE = "variant.json"

_RECORD: dict[str, type] = {
    "kind": str,
    "seed": int,
    "ratio": float,
    "source": dict,
    "plants": list,
    "cuts": list,
    "originals": list,
    "left_out": dict,
}
_SOURCE: dict[str, type] = {"name": str, "cases_sha256": str, "documents_sha256": str}
_PLACE: dict[str, type] = {"document": str, "start": int, "end": int, "text": str, "cases": list}
_OF_A_KIND: dict[str, dict[str, type]] = {
    "injection": {"payload": str},
    "attacks": {"payload": str, "reply": str},
    "contradiction": {"true_figure": str, "false_figure": str},
    "duplicates": {"copy_of": str},
}
_NAMES = {str: "a string", int: "an integer", float: "a number", list: "a list", dict: "an object"}


def load_plants(folder: str | Path) -> VariantRecord:
    """Read what is planted in a variant, and check it against the variant's documents and cases.

    Args:
        folder: a dataset that `make_variant` made.

    Raises:
        VariantError: there is no `variant.json`, or it is wrong; the message lists all problems
            (the first 20) with what was expected, what was found and what to do.
        DatasetError: the folder is no dataset, or a wrong one.
    """
    dataset = load_dataset(folder)
    path = dataset.folder / FILE
    form = _read(path)
    problems = Problems(path)
    record = _Reader(dataset, problems.add).record(form)
    problems.raise_any(VariantError)
    assert record is not None
    return record


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes(), object_pairs_hook=_without_duplicates)
    except FileNotFoundError:
        raise VariantError(
            f"{path}: expected the record of a variant, found nothing. Pass a folder that "
            "'assistant-eval variant' made."
        ) from None
    except OSError as error:
        raise VariantError(
            f"{path}: expected the record of a variant, but it could not be read "
            f"({error.strerror}). Check that you may read it."
        ) from error
    except (ValueError, RecursionError) as error:
        raise VariantError(
            f"{path}: expected JSON, found text that is not ({error}). Make the variant again."
        ) from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    form = dict(pairs)
    if len(form) < len(pairs):
        raise ValueError("a key occurs twice in one object")
    return form


class _Reader:
    """Turns the parsed file into values; what is wrong goes to `complain`."""

    def __init__(self, dataset: Dataset, complain: Complain) -> None:
        self.complain = complain
        self.documents = DatasetDocuments(dataset.documents)
        self.answerable = {case.id: case.is_answerable for case in dataset.cases}
        self.known = set(self.answerable)

    def record(self, form: object) -> VariantRecord | None:
        """The record; None where its form is wrong."""
        if not self.has(form, "the record", _RECORD, may_be_null=("ratio",)):
            return None
        kind = _kind(form["kind"])
        if kind is None:
            self.complain(
                f"expected 'kind' to be one of {', '.join(KINDS)}, found {shown(form['kind'])}. "
                "Make the variant again with this release."
            )
            return None
        self.known |= form["left_out"].keys()
        extra = {"form": str, **_OF_A_KIND.get(kind, {})}
        plants = [self.plant(plant, n, extra) for n, plant in enumerate(form["plants"], start=1)]
        cuts = [self.cut(cut, n) for n, cut in enumerate(form["cuts"], start=1)]
        for number, original in enumerate(form["originals"], start=1):
            self.check_original(original, number)
        if not self.has(form["source"], "'source'", _SOURCE):
            return None
        return VariantRecord(
            kind=kind,
            seed=form["seed"],
            ratio=form["ratio"],
            source=Source(**form["source"]),
            plants=tuple(plant for plant in plants if plant is not None),
            cuts=tuple(cut for cut in cuts if cut is not None),
            originals=tuple(form["originals"]),
            left_out=form["left_out"],
        )

    def plant(self, form: object, number: int, extra: Mapping[str, type]) -> Plant | None:
        """One plant, checked against its document."""
        where = f"plant {number}"
        if not self.has(form, where, {**_PLACE, **extra}):
            return None
        name, start, end = form["document"], form["start"], form["end"]
        if name not in self.documents:
            self.complain(
                f"expected {where} to name a file in documents/, found {shown(name)}. Make the "
                "variant again, or bring the file back."
            )
        elif not 0 <= start < end or self.documents.text(name)[start:end] != form["text"]:
            found = self.documents.text(name)[max(0, start) : max(0, end)]
            self.complain(
                f"expected {where} at {name} {start}-{end} to be {shown(form['text'])}, found "
                f"{shown(found)}. Make the variant again: its documents were changed."
            )
        self.check_cases(form["cases"], where)
        return Plant(**(form | {"cases": tuple(form["cases"])}))

    def cut(self, form: object, number: int) -> Cut | None:
        """One cut; its text is no longer there to check."""
        if not self.has(form, f"cut {number}", _PLACE):
            return None
        self.check_cases(form["cases"], f"cut {number}")
        return Cut(**(form | {"cases": tuple(form["cases"])}))

    def check_original(self, form: object, number: int) -> None:
        """An original is a case of the variant, where it has no evidence."""
        key = form.get("id") if isinstance(form, dict) else None
        if not isinstance(key, str) or self.answerable.get(key, True):
            self.complain(
                f"expected original {number} to be of a case without evidence in the variant, "
                f"found {shown(form)}. Make the variant again."
            )

    def check_cases(self, cases: list[Any], where: str) -> None:
        """All ids are cases of the variant, or were left out of it."""
        for case in cases:
            if not isinstance(case, str) or case not in self.known:
                self.complain(
                    f"expected the cases of {where} to be ids of the variant's cases, found "
                    f"{shown(case)}. Make the variant again."
                )

    def has(
        self,
        form: object,
        where: str,
        keys: Mapping[str, type],
        may_be_null: tuple[str, ...] = (),
    ) -> TypeGuard[dict[str, Any]]:
        """Whether a form has exactly these keys, each with its type."""
        if not isinstance(form, dict):
            self.complain(f"expected {where} to be an object, found {shown(form)}. Write {{...}}.")
            return False
        wrong = []
        if form.keys() != keys.keys():
            wrong.append(
                f"expected {where} to have {', '.join(map(repr, keys))}, found "
                f"{', '.join(map(repr, form)) or 'nothing'}. Make the variant again."
            )
        for key, kind in keys.items():
            value = form.get(key)
            is_null = value is None and key in may_be_null
            if key in form and not is_null and not _is_a(value, kind):
                wrong.append(
                    f"expected {key!r} of {where} to be {_NAMES[kind]}, found {shown(value)}. "
                    "Make the variant again."
                )
        for message in wrong:
            self.complain(message)
        return not wrong


def _is_a(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and not isinstance(value, bool)


def _kind(value: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == value), None)
