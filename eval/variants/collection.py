"""A dataset's documents as the makers of variants see them: gold, paragraphs, safe places."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from eval.documents import DatasetDocuments
from eval.types import Dataset
from eval.variants.matching import padded_words
from index.blocks import Block, find_blocks
from index.errors import SourceError
from index.segmentation import find_sentences
from index.sidecars import SIDECAR_SUFFIX
from index.types import Span

EDITABLE = (".txt", ".text", ".md", ".markdown")
"""Files whose canonical text is what is in them, so that a changed text can be written back."""
_UNIT = 40
"""A shorter paragraph is a caption, a date, a name."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold span and the case it belongs to."""

    start: int
    end: int
    case: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where something may be put in without cutting a gold span, with the white space it takes."""

    position: int
    before: str
    after: str = ""


def span_of(block: Block) -> Span:
    """Where a block stands."""
    return block.start, block.end


class Collection:
    """The documents of a dataset, read once."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.documents = DatasetDocuments(dataset.documents)
        self._gold: dict[str, list[Gold]] = {}
        for case in dataset.cases:
            for span in (span for group in case.evidence for span in group):
                gold = Gold(span.start, span.end, case.id)
                self._gold.setdefault(span.doc, []).append(gold)
        self.blocks = lru_cache(maxsize=None)(self._find_blocks)

    @cached_property
    def readable(self) -> tuple[str, ...]:
        """Documents that an index would take: no sidecars, no hidden files, all of them text."""
        return tuple(name for name in self.documents.names if self._is_readable(name))

    @cached_property
    def editable(self) -> tuple[str, ...]:
        """Readable documents that can be written back after a change."""
        return tuple(name for name in self.readable if name.lower().endswith(EDITABLE))

    @cached_property
    def with_gold(self) -> tuple[str, ...]:
        """Documents that hold gold."""
        return tuple(sorted(self._gold))

    @cached_property
    def words(self) -> str:
        """`padded_words` of all documents and questions: what invented words must not be in."""
        texts = [self.text(name) for name in self.readable]
        return padded_words("\n".join([*texts, *(case.question for case in self.dataset.cases)]))

    def text(self, name: str) -> str:
        """The canonical text of a document."""
        return self.documents.text(name)

    def gold(self, name: str) -> list[Gold]:
        """The gold spans of a document."""
        return self._gold.get(name, [])

    def gold_in(self, name: str, span: Span) -> list[Gold]:
        """The gold spans of a document that share text with a span."""
        return [gold for gold in self.gold(name) if gold.start < span[1] and span[0] < gold.end]

    def sentences(self, name: str, block: Block) -> list[Span]:
        """The sentences of a block."""
        return find_sentences(self.text(name), block.start, block.end)

    def units(self, name: str) -> list[Span]:
        """Paragraphs without gold and, of paragraphs with gold, the sentences without."""
        units: list[Span] = []
        for block in self.paragraphs(name):
            if self.gold_in(name, span_of(block)):
                units += [s for s in self.sentences(name, block) if not self.gold_in(name, s)]
            else:
                units.append(span_of(block))
        return [(start, end) for start, end in units if end - start >= _UNIT]

    def sentences_at(self, name: str, span: Span) -> list[Span]:
        """The sentences that share text with a span; in front matter there are none."""
        return [
            sentence
            for block in self.blocks(name)
            if block.label != "front_matter" and block.start < span[1] and span[0] < block.end
            for sentence in self.sentences(name, block)
            if sentence[0] < span[1] and span[0] < sentence[1]
        ]

    def free_blocks(self, name: str) -> list[Block]:
        """The paragraphs without gold; all paragraphs where each has some."""
        paragraphs = self.paragraphs(name)
        return [b for b in paragraphs if not self.gold_in(name, span_of(b))] or paragraphs

    def paragraphs(self, name: str) -> list[Block]:
        """Running text: no headings, notes, bylines, menus or front matter."""
        return [b for b in self.blocks(name) if b.kind == "paragraph" and b.label == "body"]

    def after_sentence(self, name: str, span: Span) -> Place | None:
        """The place behind the sentence in which a span ends; None for front matter."""
        position = span[1]
        for block in self.blocks(name):
            if block.label == "front_matter" or not block.start < position <= block.end:
                continue
            ends = [end for _, end in self.sentences(name, block)] or [block.end]
            position = next((end for end in ends if end >= position), position)
            cut = self._cut_by(name, position)
            return Place(position, " ") if cut is None else self.after_sentence(name, cut)
        return None

    def after_block(self, name: str, block: Block) -> Place:
        """The place for a paragraph behind a block, or behind a later one where gold goes on."""
        blocks, text = self.blocks(name), self.text(name)
        at = blocks.index(block)
        while at + 1 < len(blocks) and self._cut_by(name, blocks[at].end):
            at += 1
        gap = text[blocks[at].end : blocks[at + 1].start] if at + 1 < len(blocks) else "\n\n"
        is_spaced = any("\n\n" in text[one.end : other.start] for one, other in pairwise(blocks))
        after = "\n" if is_spaced and "\n\n" not in gap else ""
        return Place(blocks[at].end, "\n\n" if is_spaced else "\n", after)

    def before_block(self, name: str, block: Block) -> Place | None:
        """The place at the beginning of a block; None where gold goes on there."""
        is_cut = self._cut_by(name, block.start) is not None
        return None if is_cut else Place(block.start, "", " ")

    def _find_blocks(self, name: str) -> tuple[Block, ...]:
        return tuple(find_blocks(self.text(name)))

    def _cut_by(self, name: str, position: int) -> Span | None:
        """A gold span that a position would divide."""
        found = (gold for gold in self.gold(name) if gold.start < position < gold.end)
        return next(((gold.start, gold.end) for gold in found), None)

    def _is_readable(self, name: str) -> bool:
        if name.endswith(SIDECAR_SUFFIX) or any(part.startswith(".") for part in name.split("/")):
            return False
        try:
            self.text(name)
        except SourceError:
            return False
        return True
