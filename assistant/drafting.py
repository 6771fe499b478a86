"""From a sentence a chat model drafted to a statement with quotes, or to the reason against it.

The model points; what it points at is cut out of the documents here. A draft that points at
nothing, or at what does not bear it out, is held against the other sentences the model was shown:
where one of them bears it out, that one is quoted. Nothing else is ever cited.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from assistant.checking import Checked, Entailment, Quoted, check_statement
from assistant.details import Check, Drafted, Fate
from assistant.evidence import Candidate
from assistant.extractive import selection_of
from assistant.grounding import word_support
from assistant.prompting import Shown
from assistant.replies import Draft
from index import Index

MOST_QUOTES = 4
"""Sentences that one statement may cite: more are pointed at by a model that does not choose."""
_TRIED = 3
"""How many other sentences a draft is held against."""
_FEWEST_WORDS = 3
_SMALL_WORDS = "a an the of and or in for on at by to from with de la le van von der"
_SMALL = frozenset(_SMALL_WORDS.split())
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_LONGEST_QUOTE = 900
"""Code points to which a quote is widened at most."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A quote to make: a span of one document."""

    candidate: Candidate
    start: int
    end: int

    @property
    def passage(self) -> str:
        """The text of the passage it is cut from."""
        return self.candidate.hit.passage.text

    @property
    def text(self) -> str:
        """What will be quoted."""
        first = self.candidate.hit.passage.start
        return self.passage[self.start - first : self.end - first]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks made of a draft."""

    drafted: Drafted
    checked: Checked | None = None
    """None where nothing could be checked, because nothing is cited."""
    cuts: tuple[Cut, ...] = ()
    """The quotes that bear it out; empty where it is dropped."""

    @property
    def is_shown(self) -> bool:
        """Whether the draft may be shown."""
        return self.drafted.outcome != "dropped"


class Judge:
    """Holds drafts against the evidence their model was shown."""

    def __init__(
        self, question: str, shown: Shown, index: Index, entailment: Entailment | None = None
    ) -> None:
        """Judge what a model wrote.

        Args:
            question: one that stands alone.
            shown: the evidence it was shown; nothing else may be cited.
            index: has the documents, and the embedding model that compares meanings.
            entailment: a model that tells whether a quote entails a statement; None for no such.
        """
        self._question = question
        self._shown = shown
        self._index = index
        self._entailment = entailment

    def verdict(self, draft: Draft, *, is_repair: bool = False) -> Verdict:
        """Whether a draft may be shown, with which quotes.

        Args:
            draft: a sentence and what it points at.
            is_repair: whether the model wrote it when asked to repair another.
        """
        pointed, unknown = self._pointed_at(draft)
        if not _is_whole(draft):
            return Verdict(_dropped(draft, [Check("sentence", False, "it is no whole sentence")]))
        found = Verdict(_dropped(draft, [_ids_check(draft, pointed, unknown)]))
        if pointed:
            found = self._tried(draft, self._needed(draft, pointed), pointed)
        if not found.is_shown:
            for other in self._others(draft, pointed):
                second = self._tried(draft, [other], [other])
                if second.is_shown:
                    return _marked(second, "repaired", unknown)
        return _marked(found, "repaired" if is_repair else "shown", unknown)

    def _pointed_at(self, draft: Draft) -> tuple[list[Candidate], list[str]]:
        """The sentences a draft points at, and the ids that are none.

        The number of a passage alone means the sentences of it that share words with the draft.
        """
        known = self._shown.candidates
        found: dict[str, Candidate] = {}
        unknown: list[str] = []
        for name in draft.ids:
            of_passage = [each for key, each in known.items() if key.split(".")[0] == name]
            if name in known:
                found[name] = known[name]
            elif of_passage:
                nearest = max(of_passage, key=lambda each: _overlap(draft.text, [each]))
                found[nearest.number] = nearest
            else:
                unknown.append(name)
        return list(found.values()), unknown

    def _needed(self, draft: Draft, pointed: Sequence[Candidate]) -> list[Candidate]:
        """Of the sentences pointed at, those that add words of the draft; the best at least."""
        left = sorted(pointed, key=lambda each: -_overlap(draft.text, [each]))
        needed, most = left[:1], _overlap(draft.text, left[:1])
        for candidate in left[1:]:
            share = _overlap(draft.text, [*needed, candidate])
            if share > most and len(needed) < MOST_QUOTES:
                needed, most = [*needed, candidate], share
        return needed

    def _others(self, draft: Draft, pointed: Sequence[Candidate]) -> list[Candidate]:
        """Sentences shown to the model that share most words with a draft, best first."""
        rest = [each for each in self._shown.candidates.values() if each not in pointed]
        return sorted(rest, key=lambda each: -_overlap(draft.text, [each]))[:_TRIED]

    def _tried(
        self, draft: Draft, needed: Sequence[Candidate], pointed: Sequence[Candidate]
    ) -> Verdict:
        """The first set of quotes that bears a draft out: as short as may be, then wider."""
        first: Verdict | None = None
        tries = [_cuts(needed), _widened(needed)]
        if len(needed) < len(pointed) <= MOST_QUOTES:
            tries.append(_cuts(pointed))
        for cuts in dict.fromkeys(tries):
            checked = self._checked(draft.text, cuts)
            drafted = Drafted(draft.text, draft.ids, "shown", checked.checks)
            if checked.passed:
                return Verdict(drafted, checked, cuts)
            first = first or Verdict(replace(drafted, outcome="dropped"), checked)
        assert first is not None
        return first

    def _checked(self, text: str, cuts: Sequence[Cut]) -> Checked:
        quoted = [Quoted(cut.text, cut.candidate.hit.document, cut.passage) for cut in cuts]
        vectors = np.stack([cut.candidate.vector for cut in cuts])

        def similarity(statement: str, texts: Sequence[str]) -> list[float]:
            cosines = vectors @ np.asarray(self._index.encode_query(statement), dtype=np.float32)
            return [float(cosine) for cosine in cosines]

        def relevance(statement: str) -> float:
            vectors = map(self._index.encode_query, (statement, self._question))
            return float(np.dot(*vectors))

        return check_statement(
            text,
            quoted,
            question=self._question,
            similarity=similarity,
            relevance=relevance,
            entailment=self._entailment,
        )


def with_replaced(drafts: Sequence[Drafted], repairs: Iterable[Drafted]) -> list[Drafted]:
    """The drafts, of which those count as replaced that a repair shares most words with.

    Args:
        drafts: of the first turn.
        repairs: what the model wrote in their place, and was shown.
    """
    marked = list(drafts)
    for repair in repairs:
        left = [i for i, draft in enumerate(marked) if draft.outcome == "dropped"]
        if left:
            nearest = max(left, key=lambda i: word_support(marked[i].text, [repair.text]))
            marked[nearest] = replace(marked[nearest], outcome="replaced")
    return marked


def _cuts(candidates: Iterable[Candidate]) -> tuple[Cut, ...]:
    """The spans of candidates; neighbors become one, and one that leans gets the one before."""
    selections = (selection_of(candidate) for candidate in candidates)
    return _joined(Cut(each.candidate, each.start, each.end) for each in selections)


def _widened(candidates: Iterable[Candidate]) -> tuple[Cut, ...]:
    """The spans of candidates, each with the sentence before, which may name what it is about."""
    cuts = []
    for candidate in candidates:
        before = candidate.before
        start, end = candidate.sentence.start, candidate.sentence.end
        if before is not None and end - before.start <= _LONGEST_QUOTE:
            start = before.start
        cuts.append(Cut(candidate, start, end))
    return _joined(cuts)


def _joined(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """Spans of one document that touch, but for white space, as one."""
    joined: list[Cut] = []
    for _, group in groupby(
        sorted(cuts, key=lambda cut: (cut.candidate.hit.rank, cut.start)),
        key=lambda cut: cut.candidate.hit.passage.id,
    ):
        joined += _within(group)
    return tuple(joined)


def _within(cuts: Iterator[Cut]) -> list[Cut]:
    kept = [next(cuts)]
    for cut in cuts:
        last, passage = kept[-1], cut.candidate.hit.passage
        between = passage.text[max(0, last.end - passage.start) : cut.start - passage.start]
        length = max(last.end, cut.end) - last.start
        if cut.start <= last.end or (not between.strip() and length <= _LONGEST_QUOTE):
            kept[-1] = replace(last, end=max(last.end, cut.end))
        else:
            kept.append(cut)
    return kept


def _overlap(text: str, candidates: Sequence[Candidate]) -> float:
    return word_support(text, [each.sentence.text for each in candidates])


def _is_whole(draft: Draft) -> bool:
    """Whether a draft ends as a sentence does, or points at evidence, and is no mere name."""
    words = draft.text.split()
    if all(word[0].isupper() or word in _SMALL for word in words):
        return False
    return len(words) >= _FEWEST_WORDS and (
        bool(draft.ids) or _SENTENCE_END.search(draft.text) is not None
    )


def _dropped(draft: Draft, checks: Iterable[Check]) -> Drafted:
    return Drafted(draft.text, draft.ids, "dropped", tuple(checks))


def _ids_check(draft: Draft, pointed: Sequence[Candidate], unknown: Sequence[str]) -> Check:
    if not draft.ids:
        return Check("ids", False, "it points at no evidence")
    if not pointed:
        return Check("ids", False, f"there is no evidence {', '.join(unknown)}")
    ignored = f"; there is no {', '.join(unknown)}" if unknown else ""
    return Check("ids", True, f"points at {', '.join(draft.ids)}{ignored}")


def _marked(verdict: Verdict, outcome: Fate, unknown: Sequence[str]) -> Verdict:
    """The verdict with its outcome and its check of ids, where it is shown."""
    drafted = verdict.drafted
    if not verdict.is_shown:
        return verdict
    numbers = ", ".join(cut.candidate.number for cut in verdict.cuts)
    wrong = f"; there is no {', '.join(unknown)}" if unknown else ""
    pointed = ", ".join(drafted.ids) or "nothing"
    ids = Check("ids", True, f"borne out by {numbers}, and pointed at {pointed}{wrong}")
    marked = replace(drafted, checks=(ids, *drafted.checks), outcome=outcome)
    return replace(verdict, drafted=marked)
