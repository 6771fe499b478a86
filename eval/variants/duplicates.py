"""Near-duplicates of the documents that hold gold, so that ranks fill with repeats."""

import math
import re
from itertools import pairwise
from random import Random

from eval.variants.changes import Changes, Options
from eval.variants.collection import Collection, span_of
from eval.variants.draft import Draft
from eval.variants.types import Plant
from index.blocks import Block
from index.sidecars import SIDECAR_SUFFIX, sidecar

_SYNONYMS = {
    "also": "too",
    "began": "started",
    "big": "large",
    "buy": "purchase",
    "called": "named",
    "help": "aid",
    "mentions": "names",
    "often": "frequently",
    "says": "states",
    "shows": "indicates",
    "writes": "notes",
}
_WORD = re.compile(rf"\b(?:{'|'.join(_SYNONYMS)})\b")
_HEADING_ENDS = (" (reprint)", " (continued)", " (second edition)")


def duplicate(collection: Collection, rng: Random, options: Options) -> Changes:
    """Copies of each document that holds gold, with small edits outside the gold spans.

    Paragraphs that stand side by side change places, headings get another end, a few words are
    exchanged and white space is doubled. A gold span's copy is as good as the span: it joins the
    span's evidence group. Headings and words are changed in English only.

    Args:
        collection: the source dataset's documents.
        rng: decides the edits.
        options: `ratio` is the number of copies of each document.
    """
    changes = Changes(collection)
    gold = [name for name in collection.with_gold if name in collection.editable]
    total = math.ceil(options.ratio * len(gold))
    for number in range(total):
        name, copy = gold[number % len(gold)], number // len(gold) + 1
        stem, dot, suffix = name.rpartition(".")
        copied = f"{stem}-variant-copy-{copy:02}{dot}{suffix}"
        draft = _edited(collection, name, rng)
        draft.insert(len(draft.original), "\n" * copy)  # no copy is like another
        changes.copies[copied] = (name, draft)
        beside = sidecar(collection.documents.folder / name)
        if beside.is_file():
            changes.copy(copied + SIDECAR_SUFFIX, beside)
        cases = tuple(sorted({gold.case for gold in collection.gold(name)}))
        text = draft.text
        changes.plants.append(Plant(copied, 0, len(text), text, cases, "document", copy_of=name))
    return changes


def _edited(collection: Collection, name: str, rng: Random) -> Draft:
    draft = Draft(collection.text(name))
    blocks = collection.blocks(name)
    _swap_paragraphs(collection, name, draft, rng)
    for block in blocks:
        if block.kind == "heading" and not collection.gold_in(name, span_of(block)):
            draft.insert(block.end, rng.choice(_HEADING_ENDS))
    for match in _WORD.finditer(draft.original):
        if _is_free(collection, name, blocks, match.span()) and rng.random() < 0.5:
            draft.insert(match.start(), _SYNONYMS[match[0]])
            draft.cut(*match.span())
    for match in re.finditer(r"(?<=[.!?]) (?=\S)", draft.original):
        if _is_free(collection, name, blocks, match.span()) and rng.random() < 0.25:
            draft.insert(match.end(), " ")
    return draft


def _is_free(
    collection: Collection, name: str, blocks: tuple[Block, ...], span: tuple[int, int]
) -> bool:
    """Whether a span is in running text and away from gold."""
    around = (span[0] - 1, span[1] + 1)
    is_body = any(
        b.label == "body" and b.kind == "paragraph" and b.start < span[0] and span[1] < b.end
        for b in blocks
    )
    return is_body and not collection.gold_in(name, around)


def _swap_paragraphs(collection: Collection, name: str, draft: Draft, rng: Random) -> None:
    """Let neighbors change places, about half of those that may; none takes part twice."""
    blocks = collection.blocks(name)
    last = -1
    for number, (one, other) in enumerate(pairwise(blocks)):
        is_swappable = number > last and all(
            block.kind == "paragraph" and block.label == "body" for block in (one, other)
        )
        crossing = collection.gold_in(name, (one.end, other.start))
        if is_swappable and not crossing and rng.random() < 0.5:
            draft.swap(span_of(one), span_of(other))
            last = number + 1
