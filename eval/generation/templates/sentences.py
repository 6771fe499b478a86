"""Questions that one sentence answers: what, who, when, where, why, how many, who says."""

from collections.abc import Callable, Iterator

from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.templates import definitions, events, numbers, speech, timing
from eval.generation.templates.base import Material

Asking = Callable[[Collection, Quotable], Iterator[Proposal]]

_ASKING: tuple[Asking, ...] = (
    definitions.ask,
    events.ask,
    timing.ask,
    numbers.ask,
    speech.ask,
)
_OF_REPORTED: tuple[Asking, ...] = (events.ask, timing.ask, numbers.ask)


def propose(material: Material) -> Iterator[Proposal]:
    """Propose every question about a sentence alone."""
    for proposals in material.asked.values():
        yield from proposals


def ask(collection: Collection, sentence: Quotable) -> list[Proposal]:
    """All questions about one whole sentence of running text."""
    if not sentence.fit:
        return []
    found = [proposal for family in _ASKING for proposal in family(collection, sentence)]
    told = speech.reported(sentence)
    if told is not None:
        found += [p for family in _OF_REPORTED for p in family(collection, told)]
    return found
