"""Sentences that say the same as a gold sentence, with another figure.

After counterfactual robustness in J. Chen, H. Lin, X. Han and L. Sun, Benchmarking Large Language
Models in Retrieval-Augmented Generation (RGB), AAAI 2024, arXiv:2309.01431. There the documents are
changed until only the false answer is left, and a model that knows better should say so. Here the
true sentence stays: no knowledge beyond the documents is asked for, and a good answer shows both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from eval.types import Case
from eval.variants.changes import Changes, Options
from eval.variants.collection import Collection
from eval.variants.figures import changed_figures
from eval.variants.invented import invented_document
from eval.variants.matching import padded_words, states, states_any
from eval.variants.types import Plant

_A_DOCUMENT = 4
"""How many contradictions a new document holds."""
_SENTENCE = 600
"""A longer sentence is none: a table, or a full stop that is missing."""


@dataclass(frozen=True, slots=True)
class _Contradiction:
    """A false sentence that has no place yet."""

    case: str
    text: str
    true: str
    false: str

    def plant(self, document: str, form: str, start: int = 0) -> Plant:
        """The plant it is in a document."""
        return Plant(
            document=document,
            start=start,
            end=start + len(self.text),
            text=self.text,
            cases=(self.case,),
            form=form,
            true_figure=self.true,
            false_figure=self.false,
        )


def contradict(collection: Collection, rng: Random, options: Options) -> Changes:
    """One false sentence for each case with a figure among its facts.

    In turn they go into another document than the gold's (as a paragraph) and into new documents
    by invented authors. The false figure occurs nowhere else.

    Args:
        collection: the source dataset's documents.
        rng: decides the figures and the places.
        options: not used.
    """
    changes = Changes(collection)
    found: list[_Contradiction] = []
    for case in collection.dataset.cases:
        contradiction = next(_contradictions(collection, case, rng), None)
        if contradiction is None:
            changes.left_out[case.id] = (
                "no gold sentence states a figure of its facts, or no other figure is free"
            )
        else:
            found.append(contradiction)
    in_new: list[_Contradiction] = []
    for number, contradiction in enumerate(found):
        homes = _homes(collection, contradiction.case)
        if number % 2 or not homes:
            in_new.append(contradiction)
        else:
            name = rng.choice(homes)
            place = collection.after_block(name, rng.choice(collection.free_blocks(name)))
            changes.plant(place, contradiction.plant(name, "other_document"))
    _add_documents(changes, in_new, rng)
    return changes


def _contradictions(collection: Collection, case: Case, rng: Random) -> Iterator[_Contradiction]:
    for spellings in case.facts if case.is_answerable else ():
        for sentence in _gold_sentences(collection, case):
            for true in spellings:
                for false in changed_figures(true, rng):
                    text = _exchanged(sentence, true, false)
                    is_false = not states_any(padded_words(text), spellings)
                    if text != sentence and is_false and not states(collection.words, false):
                        yield _Contradiction(case.id, text, true, false)


def _gold_sentences(collection: Collection, case: Case) -> Iterator[str]:
    """The sentences that gold spans of a case are in, each on one line."""
    for span in (span for group in case.evidence for span in group):
        text = collection.text(span.doc)
        for start, end in collection.sentences_at(span.doc, (span.start, span.end)):
            if end - start <= _SENTENCE:
                yield " ".join(text[start:end].split())


def _exchanged(sentence: str, true: str, false: str) -> str:
    wanted = re.escape(" ".join(true.split()))
    pattern = rf"(?<![\w])(?<!\d[.,]){wanted}(?![\w]|[.,]\d)"
    return re.sub(pattern, lambda _: false, sentence, flags=re.IGNORECASE)


def _homes(collection: Collection, case: str) -> list[str]:
    """Documents that have a paragraph, and no gold of the case."""
    return [
        name
        for name in collection.editable
        if collection.free_blocks(name) and all(g.case != case for g in collection.gold(name))
    ]


def _add_documents(changes: Changes, found: list[_Contradiction], rng: Random) -> None:
    for number, first in enumerate(range(0, len(found), _A_DOCUMENT), start=1):
        batch = found[first : first + _A_DOCUMENT]
        name = f"variant-claims-{number:03}.md"
        text = invented_document(
            rng,
            f"Another account {number}",
            [contradiction.text for contradiction in batch],
            changes.collection.words,
        )
        changes.add(name, text)
        position = 0
        for contradiction in batch:
            position = text.index(contradiction.text, position)
            changes.plants.append(contradiction.plant(name, "new_document", position))
            position += len(contradiction.text)
