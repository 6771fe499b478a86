"""The documents without what answers: the cases that had an answer must now be declined.

After negative rejection in J. Chen, H. Lin, X. Han and L. Sun, Benchmarking Large Language Models
in Retrieval-Augmented Generation (RGB), AAAI 2024, arXiv:2309.01431: a question should be rejected
when only noisy documents are there, which are relevant to it and hold nothing of the answer.
"""

import math
import re
from dataclasses import replace
from random import Random

from eval.types import Case
from eval.variants.changes import Changes, Options
from eval.variants.collection import Collection, span_of
from eval.variants.matching import padded_words, states_any
from eval.variants.noise import put_noise
from eval.variants.types import Cut
from index.blocks import find_blocks
from index.types import Span

_SHARE = 0.5
"""A paragraph with so many of a question's words, and all its facts, may still answer it."""
_CONTENT = re.compile(r"[^\W\d_]{4,}|\d+")
_COMMON = padded_words(
    "about after also been before between does from have into more most much only other over said "
    "some than that their them then there these they this those under were what when where which "
    "while whom whose will with would your"
).split()


def withhold(collection: Collection, rng: Random, options: Options) -> Changes:
    """Take the evidence out of the documents, and out of the cases.

    Without `noise`, the sentences that gold spans are in are cut, and the rest of the documents
    stays: it is the noise. With `noise`, the documents that hold gold are removed, and others are
    put in their place. A case whose facts are still stated, in a paragraph that shares half of its
    question's words, is left out of the variant: it may still have an answer.

    Args:
        collection: the source dataset's documents.
        rng: decides which noise is taken.
        options: `noise`, and `ratio` of noise documents to removed ones.

    Raises:
        VariantError: no noise can be made.
    """
    changes = Changes(collection)
    for name in collection.with_gold:
        if options.noise is not None or name not in collection.editable:
            _remove(changes, name)
        else:
            _cut(changes, name)
    if options.noise is not None:
        put_noise(changes, rng, options, math.ceil(options.ratio * len(collection.with_gold)))
    changes.cases = _cases(changes)
    return changes


def _remove(changes: Changes, name: str) -> None:
    changes.removed.add(name)
    text = changes.collection.text(name)
    changes.cuts.append(Cut(name, 0, len(text), text, _cases_of(changes.collection, name)))


def _cut(changes: Changes, name: str) -> None:
    """Cut the sentences with gold; a document in which nothing is left goes."""
    collection, draft = changes.collection, changes.draft(name)
    spans = _merged(_cut_spans(collection, name))
    for span in spans:
        draft.cut(*span)
    if not draft.text.strip():
        del changes.drafts[name]
        _remove(changes, name)
        return
    changes.cuts += [
        Cut(name, start, end, draft.original[start:end], _cases_of(collection, name, (start, end)))
        for start, end in spans
    ]


def _cases_of(collection: Collection, name: str, span: Span | None = None) -> tuple[str, ...]:
    gold = collection.gold(name) if span is None else collection.gold_in(name, span)
    return tuple(sorted({each.case for each in gold}))


def _cut_spans(collection: Collection, name: str) -> list[Span]:
    """What has to go: sentences with the space behind them, whole blocks, lines of front matter."""
    spans: list[Span] = []
    for block in collection.blocks(name):
        whole = span_of(block)
        gold = collection.gold_in(name, whole)
        if gold and block.label == "front_matter":
            spans += [_lines(collection.text(name), each.start, each.end) for each in gold]
        elif gold:
            sentences = collection.sentences(name, block)
            hit = [bool(collection.gold_in(name, sentence)) for sentence in sentences]
            if all(hit) or not any(hit):
                spans.append(whole)
                continue
            starts = [start for start, _ in sentences]
            ends = [*starts[1:], block.end]
            spans += [
                span
                for span, is_hit in zip(zip(starts, ends, strict=True), hit, strict=True)
                if is_hit
            ]
    return spans


def _lines(text: str, start: int, end: int) -> Span:
    """The lines a span is in."""
    after = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if after < 0 else after + 1


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cases(changes: Changes) -> list[Case]:
    """The cases without evidence, and without those that may still have an answer."""
    paragraphs = [(words, _content(words)) for words in _paragraphs_left(changes)]
    cases: list[Case] = []
    for case in changes.collection.dataset.cases:
        if not case.is_answerable:
            cases.append(replace(case, sources=()))
        elif _is_still_answered(case, paragraphs):
            changes.left_out[case.id] = "what is left of the documents may still answer it"
        else:
            changes.originals.append(case.to_dict())
            cases.append(replace(case, evidence=(), facts=(), sources=()))
    return cases


def _paragraphs_left(changes: Changes) -> list[str]:
    """`padded_words` of each paragraph that the variant will have."""
    collection = changes.collection
    kept = [name for name in collection.readable if name not in changes.removed]
    texts = [
        changes.drafts[name].text if name in changes.drafts else collection.text(name)
        for name in kept
    ]
    texts += [plant.text for plant in changes.plants]
    return [
        padded_words(text[block.start : block.end]) for text in texts for block in find_blocks(text)
    ]


def _is_still_answered(case: Case, paragraphs: list[tuple[str, frozenset[str]]]) -> bool:
    wanted = _content(padded_words(case.question))
    return bool(case.facts) and any(
        len(wanted & content) >= _SHARE * len(wanted)
        and all(states_any(words, spellings) for spellings in case.facts)
        for words, content in paragraphs
    )


def _content(words: str) -> frozenset[str]:
    """The words that carry a question, by their first five letters."""
    return frozenset(word[:5] for word in _CONTENT.findall(words) if word not in _COMMON)
