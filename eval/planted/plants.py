"""How a fault is planted into right answers."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.types import Citation, Quote, citation_to_dict
from eval.planted.oracle import Oracle
from eval.types import Case
from index.types import Passage

Form = dict[str, Any]
"""An answer in the form of `Answer.to_dict()`; a fault changes it in place."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a fault has to work with."""

    oracle: Oracle
    chance: random.Random

    def other_passage(self, taken: set[str]) -> Passage:
        """A passage with a sentence, none of these; one of these where there is no other."""
        pool = [
            passage
            for passages in self.oracle.passages.values()
            for passage in passages
            if passage.label == "body" and passage.sentences
        ]
        return self.chance.choice([p for p in pool if p.id not in taken] or pool)

    def cite_sentence(self, number: int, passage: Passage) -> Form:
        """A citation of a passage's first sentence, as `Answer.to_dict()` has it."""
        documents, sentence = self.oracle.documents, passage.sentences[0]
        doc = documents.with_id(passage.document_id) or ""
        info = documents.info(doc)
        assert info is not None, doc  # its passages were read a moment ago
        quote = Quote.slice(documents.text(doc), sentence.start, sentence.end)
        return citation_to_dict(Citation(number, quote, info, passage.id))


Plant = Callable[[Form, Case, Ground], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a system may do wrong."""

    name: str
    does: str
    """What the system does, after "It"."""
    caught_by: tuple[str, ...]
    """The scores that must get worse."""
    plant: Plant
    on_unanswerable: bool = False
    """Whether it is planted into abstentions too."""


def plant(fault: Fault, oracle: Oracle, seed: int = 0) -> dict[str, Form]:
    """The answers of a system that is right but for one fault, by case id.

    Cases that give the fault nothing to work with (no year to change) stay right.
    """
    ground = Ground(oracle, random.Random(seed))
    answers = copy.deepcopy(oracle.answers())
    for case in oracle.dataset.cases:
        answers[case.id]["model"] = fault.name
        if case.is_answerable or fault.on_unanswerable:
            fault.plant(answers[case.id], case, ground)
    return answers
