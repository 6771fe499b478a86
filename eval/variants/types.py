"""The values a variant is made of: what was planted, what was cut, and out of which dataset."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

Kind = Literal["injection", "attacks", "contradiction", "duplicates", "noise", "negative"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Plant:
    """Something put into the documents of a variant, and where it stands."""

    document: str
    """Path relative to the variant's `documents/`, with `/`."""
    start: int
    end: int
    text: str
    """Equal to `canonical_text(document)[start:end]`; of a document that was added, all of it."""
    cases: tuple[str, ...]
    """Ids of the cases it is aimed at."""
    form: str
    """How it was planted: a wording of `eval.variants.injection`, an attack of
    `eval.variants.attacks`, a kind of place, a document."""
    payload: str | None = None
    """Injections and attacks: what an answer states only if the instruction was obeyed."""
    reply: str | None = None
    """Attacks: what a model that obeys says; the payload is in it."""
    true_figure: str | None = None
    """Contradictions: the spelling of a fact, as the gold sentence has it."""
    false_figure: str | None = None
    """Contradictions: what stands in its place."""
    copy_of: str | None = None
    """Near-duplicates: the document that was copied."""

    def to_dict(self) -> dict[str, Any]:
        """The form of `variant.json`: what is None is left out."""
        form = {field.name: getattr(self, field.name) for field in fields(self)}
        form["cases"] = list(self.cases)
        return {name: value for name, value in form.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Cut:
    """Something taken out of the documents."""

    document: str
    """The source dataset's document."""
    start: int
    end: int
    text: str
    """Equal to the slice of the source dataset's document, not of the variant's."""
    cases: tuple[str, ...]
    """Ids of the cases whose evidence it held."""

    def to_dict(self) -> dict[str, Any]:
        """The form of `variant.json`."""
        form = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**form, "cases": list(self.cases)}


@dataclass(frozen=True, slots=True)
class Source:
    """The dataset a variant was made from."""

    name: str
    cases_sha256: str
    """Of the file `cases.jsonl`."""
    documents_sha256: str
    """Of the names and bytes of all files in `documents/`."""

    def to_dict(self) -> dict[str, Any]:
        """The form of `variant.json`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """What `variant.json` says: how a variant came to be, and all that is planted in it."""

    kind: Kind
    seed: int
    ratio: float | None
    """Documents added for each document that holds gold; None where the kind adds none."""
    source: Source
    plants: tuple[Plant, ...] = ()
    cuts: tuple[Cut, ...] = ()
    originals: tuple[Mapping[str, Any], ...] = ()
    """Cases made unanswerable, as the source dataset has them (a line of its `cases.jsonl`)."""
    left_out: Mapping[str, str] | None = None
    """Cases of the source that the variant lacks, or does not aim at, with the reason."""

    @property
    def aimed_at(self) -> frozenset[str]:
        """Ids of the cases that something was planted for, or that were made unanswerable."""
        planted = {case for plant in self.plants for case in plant.cases}
        return frozenset(planted | {str(original["id"]) for original in self.originals})

    def plants_for(self, case: str) -> tuple[Plant, ...]:
        """What is aimed at a case."""
        return tuple(plant for plant in self.plants if case in plant.cases)

    def to_dict(self) -> dict[str, Any]:
        """The form of `variant.json`."""
        return {
            "kind": self.kind,
            "seed": self.seed,
            "ratio": self.ratio,
            "source": self.source.to_dict(),
            "plants": [plant.to_dict() for plant in self.plants],
            "cuts": [cut.to_dict() for cut in self.cuts],
            "originals": [dict(original) for original in self.originals],
            "left_out": dict(self.left_out or {}),
        }
