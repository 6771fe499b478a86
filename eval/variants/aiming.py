"""Planting texts for cases: beside their gold, or in any document for those that have none."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from random import Random

from eval.variants.changes import Changes
from eval.variants.collection import Collection, Place, span_of
from eval.variants.types import Plant
from index.blocks import Block


class Planter(ABC):
    """Says what is planted where, and remembers which cases were aimed at."""

    def __init__(self, collection: Collection, rng: Random) -> None:
        self.collection, self.rng = collection, rng
        self.aimed_at: set[str] = set()
        self._questions = {case.id: case.question for case in collection.dataset.cases}

    @abstractmethod
    def beside_gold(self, name: str, block: Block, aims: list[str]) -> tuple[Place, Plant]:
        """A plant in a paragraph with gold, or behind it.

        Args:
            name: the document.
            block: the paragraph.
            aims: the cases whose gold is there.
        """

    @abstractmethod
    def elsewhere(self, name: str, aims: list[str]) -> tuple[Place, Plant]:
        """A plant in a document, with no gold beside it if possible.

        Args:
            name: the document.
            aims: the cases it is aimed at.
        """

    def question(self, aims: list[str]) -> str:
        """The question of the first case, on one line; from then on all of them are aimed at."""
        self.aimed_at.update(aims)
        return " ".join(self._questions[aims[0]].split())


def plant_for_all(collection: Collection, rng: Random, planter: Planter) -> Changes:
    """One plant beside each paragraph that holds gold, and one in each document elsewhere.

    Those beside gold are aimed at the cases of that gold. Those elsewhere are dealt out to the
    cases that have none beside their gold, for example because they have no gold.
    """
    changes = Changes(collection)
    for name, block, aims in gold_paragraphs(collection):
        changes.plant(*planter.beside_gold(name, block, aims))
    waiting = [case.id for case in collection.dataset.cases if case.id not in planter.aimed_at]
    rng.shuffle(waiting)
    homes = [name for name in collection.editable if collection.free_blocks(name)]
    for number, name in enumerate(homes):
        aims = waiting[number :: len(homes)] or _cases_of_others(collection, rng, name)
        if aims:
            changes.plant(*planter.elsewhere(name, aims))
    changes.left_out = {
        case.id: "no document that can be changed has a place for an instruction aimed at it"
        for case in collection.dataset.cases
        if case.id not in planter.aimed_at
    }
    return changes


def gold_paragraphs(collection: Collection) -> Iterator[tuple[str, Block, list[str]]]:
    """The document, the paragraph and the ids of the cases whose gold is there, in their order."""
    for name in collection.editable:
        for block in collection.blocks(name):
            if aims := sorted({gold.case for gold in collection.gold_in(name, span_of(block))}):
                yield name, block, aims


def _cases_of_others(collection: Collection, rng: Random, name: str) -> list[str]:
    """One of the cases that have gold, but none in this document."""
    own = {gold.case for gold in collection.gold(name)}
    cases = [case.id for case in collection.dataset.cases if case.evidence]
    others = [case for case in cases if case not in own]
    return [rng.choice(others)] if others else []
