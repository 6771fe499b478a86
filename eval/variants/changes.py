"""What the maker of a kind hands over: changed and new documents, the cases, the record's parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.errors import VariantError
from eval.types import Case, GoldSpan
from eval.variants.collection import Collection, Place
from eval.variants.draft import Draft, Piece
from eval.variants.types import Cut, Plant


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose about a variant, besides kind and seed."""

    ratio: float
    """Documents to add for each document that holds gold."""
    noise: Path | None
    """A folder or dataset to take noise from; None: the dataset's own text."""


@dataclass(slots=True)
class Changes:
    """A dataset under change. `finish` gives the cases their new spans."""

    collection: Collection
    drafts: dict[str, Draft] = field(default_factory=dict)
    """Documents that are changed."""
    added: dict[str, str] = field(default_factory=dict)
    """Texts of new documents, by name."""
    copied: dict[str, Path] = field(default_factory=dict)
    """New documents that are files from elsewhere, by name."""
    removed: set[str] = field(default_factory=set)
    """Documents that the variant does not have."""
    copies: dict[str, tuple[str, Draft]] = field(default_factory=dict)
    """New documents made from one that stays: gold in the copy is as good as in the original."""
    plants: list[Plant] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    originals: list[Mapping[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    cases: list[Case] | None = None
    """None: all cases, with their gold moved to its new place."""
    _waiting: list[tuple[Plant, Piece]] = field(default_factory=list)

    def draft(self, name: str) -> Draft:
        """The draft of a document."""
        if name not in self.drafts:
            self.drafts[name] = Draft(self.collection.text(name))
        return self.drafts[name]

    def plant(self, place: Place, plant: Plant) -> None:
        """Put a plant's text into its document; `finish` fills in where it stands."""
        draft = self.draft(plant.document)
        piece = draft.insert(place.position, plant.text, before=place.before, after=place.after)
        self._waiting.append((plant, piece))

    def copy(self, name: str, path: Path) -> None:
        """Add a new document that is a file from elsewhere."""
        self.copied[self._free(name)] = path

    def add(self, name: str, text: str) -> None:
        """Add a new document."""
        self.added[self._free(name)] = text

    def finish(self) -> list[Case]:
        """Locate what was planted, add the copies, and return the variant's cases.

        Raises:
            VariantError: a gold span would not be whole.
        """
        for plant, piece in self._waiting:
            start, end = self.drafts[plant.document].locate(piece)
            self.plants.append(replace(plant, start=start, end=end))
        self._waiting = []
        for name, (_, draft) in self.copies.items():
            self.add(name, draft.text)
        self.plants.sort(key=lambda plant: (plant.document, plant.start))
        if self.cases is not None:
            return self.cases
        return [self._moved(case) for case in self.collection.dataset.cases]

    def _free(self, name: str) -> str:
        taken = name in self.added or name in self.copied or name in self.collection.documents
        if taken:
            raise VariantError(
                f"{self.collection.dataset.documents}: expected no file named {name}, found one. "
                "Rename it: a variant adds a file of that name."
            )
        return name

    def _moved(self, case: Case) -> Case:
        groups = [
            tuple(new for span in group for new in self._places(span)) for group in case.evidence
        ]
        return replace(case, evidence=tuple(groups))

    def _places(self, span: GoldSpan) -> list[GoldSpan]:
        places = [_moved_span(span, span.doc, self.drafts.get(span.doc))]
        for name, (original, draft) in self.copies.items():
            if original == span.doc:
                places.append(_moved_span(span, name, draft))
        return places


def _moved_span(span: GoldSpan, name: str, draft: Draft | None) -> GoldSpan:
    place = (span.start, span.end) if draft is None else draft.place(span.start, span.end)
    if place is None:
        raise VariantError(
            f"{span.doc}: expected the gold span {span.start}-{span.end} to stay whole, found it "
            "divided. Report this: a maker of variants has a fault."
        )
    return replace(span, doc=name, start=place[0], end=place[1])
