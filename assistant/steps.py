"""The steps from a question to its answer, each from one `Turn` to the next; `chain` links them."""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from assistant import extractive
from assistant.about import about_document
from assistant.answering import abstain, answer_about, answer_from, lacking
from assistant.asking import Turn
from assistant.contextualize import contextualize, leans_on_history
from assistant.driving import Reader
from assistant.evidence import Evidence, Vectors, gather
from assistant.missing import Lack
from assistant.question import (
    Question,
    content_words,
    focus_of,
    kind_of,
    names_in,
    wants_voices,
)
from assistant.repeats import search_distinct
from assistant.spending import timings_of, usage_of, with_spent
from assistant.task import Task, Writer, Written
from assistant.types import Answer, DocumentInfo, Event, Filter, Hit, Retrieved, Stated, Token
from assistant.voices import asked_authors
from assistant.weights import weights_for
from index import Index
from index.canonical import matching_text
from index.counting import plural
from index.errors import DocumentGoneError
from index.terms import analyze
from prompts import load

HITS = 12
"""Passages retrieved for reading."""
_TRIES, _TRIES_OF_MODEL = 5, 2
"""How often a question is read where a document goes meanwhile. An update takes in what changed and
takes out what is gone one after the other, which one question may meet; a model's call costs."""
_TAKEN_WEIGHT = 0.4
"""Weight of a term that only the conversation contributes."""


def prepare(
    index: Index, question: str, history: Sequence[tuple[str, str]] = ()
) -> tuple[Question, Vectors, Evidence] | None:
    """What the extractive reader is given for a question, to fit its weights; None where nothing.

    Args:
        index: to search.
        question: as the user wrote it.
        history: earlier questions with their answers.
    """
    steps = Steps(index, asks_reranker=True)
    asked = steps.by_rules(Turn.of({"question": question, "history": list(history)}))
    turn = steps.gather(steps.retrieve(asked))
    if turn.evidence is None or not turn.evidence.candidates:
        return None
    return steps._analyzed(turn), steps._vector(turn), turn.evidence


class Steps:
    """The steps that need the index."""

    def __init__(
        self, index: Index, writer: Writer | None = None, *, asks_reranker: bool = False
    ) -> None:
        self._index = index
        self._writer = writer
        self._weights = weights_for(index)
        # What a cross-encoder says of each sentence takes long: only where it counts.
        self._asks_reranker = asks_reranker or self._weights.scoring.relevance != 0
        self._listed: tuple[int, list[DocumentInfo]] = (-1, [])

    def _documents(self) -> list[DocumentInfo]:
        """All documents, listed once for each revision of the index."""
        revision = self._index.revision
        if self._listed[0] != revision:
            self._listed = (revision, self._index.documents())
        return self._listed[1]

    def contextualize(self, turn: Turn) -> Reader[Turn]:
        """The question made to stand alone: by the model, or else by rules."""
        ruled = self.by_rules(turn)
        stands_alone = ruled.standalone == turn.question and not leans_on_history(turn.question)
        if self._writer is None or not turn.history or stands_alone:
            return ruled
        from assistant.condensing import condense

        found = yield from condense(turn.question, turn.history, self._writer.prompts)
        ruled = replace(
            ruled,
            usage=found.usage,
            calls=1,
            cached_calls=found.cached_calls,
            waited=found.waited,
            condensed_by="rules",
        )
        if found.question is None:
            return ruled
        return replace(ruled, earlier="", standalone=found.question, condensed_by="model")

    def by_rules(self, turn: Turn) -> Turn:
        """The question made to stand alone without a model."""
        # "Who are the authors?" stands alone, whatever was asked before it.
        if not turn.history or about_document(turn.question, self._documents()):
            return replace(turn, standalone=turn.question)
        authors = {author for document in self._documents() for author in document.authors}
        earlier, standalone = contextualize(turn.question, turn.history, authors)
        return replace(turn, earlier=earlier, standalone=standalone)

    def retrieve(self, turn: Turn) -> Turn:
        """The passages nearest to the question; of each voice asked for, where there are any."""
        where, voices = turn.where, self._voices(turn)
        if not voices or (where and where.authors):
            return replace(turn, hits=tuple(self._found(turn, HITS, where)), voices=voices)
        most = math.ceil(HITS / len(voices))
        filters = [replace(where or Filter(), authors=(voice,)) for voice in voices]
        each = [self._found(turn, most, where) for where in filters]
        return replace(turn, hits=_merged(each), voices=voices)

    def _found(self, turn: Turn, k: int, where: Filter | None) -> list[Hit]:
        return search_distinct(lambda k: self._index.search(turn.standalone, k=k, where=where), k)

    def _voices(self, turn: Turn) -> tuple[str, ...]:
        """Whose words are asked for, by the question or by the one searched together with it."""
        listed = self._documents()
        return asked_authors(turn.asked, listed) or asked_authors(turn.standalone, listed)

    def gather(self, turn: Turn) -> Turn:
        """The sentences of these passages, numbered."""
        evidence = gather(self._index, turn.hits)
        if self._asks_reranker and evidence.candidates:
            texts = [matching_text(each.sentence.text) for each in evidence.candidates]
            relevance = self._index.relevance(turn.standalone, texts)
            evidence = replace(evidence, relevance=relevance)
        return replace(turn, evidence=evidence)

    def read(self, turn: Turn) -> Reader[None]:
        """The events up to the answer.

        Another process may remove a document between the search and the quote: the question is
        then searched and read again, unless somebody may have seen a statement already.
        """
        began, timings = time.perf_counter(), turn.timings
        for left in range(_TRIES if self._writer is None else _TRIES_OF_MODEL, 0, -1):
            tries = list[Written]()
            try:
                yield from self._read(turn, tries)
                return
            except DocumentGoneError:
                written = tries[0] if tries else None
                is_seen = turn.is_streamed and written is not None and written.cited.statements
                if is_seen or left == 1:
                    raise
                again = self.gather(self.retrieve(with_spent(turn, written)))
                in_vain = {"asked_in_vain": time.perf_counter() - began}
                turn = replace(again, timings={**timings, **in_vain})

    def _read(self, turn: Turn, tries: list[Written]) -> Reader[None]:
        yield Retrieved(turn.standalone, turn.hits)
        started = time.perf_counter()
        written: Written | None = None
        task = self._task(turn)
        if isinstance(task, Answer):
            answer = task
        elif self._writer is None:
            answer = answer_from(turn.question, task.reading, self._index, turn.asked)
        else:
            answer, written = yield from self._written(turn, task, self._writer, tries)
        if written is None or not written.cited.statements:
            yield from told(answer)
        searched = turn.standalone if turn.standalone != turn.question else None
        answer = replace(_with_retrieved(answer, turn.hits), searched=searched)
        if not isinstance(task, Answer):
            answer = replace(answer, confidence=task.reading.confidence)
        withheld = turn.evidence.withheld if turn.evidence is not None else 0
        if withheld and not (isinstance(task, Answer) and task.statements):
            note = load("note_withheld").render(count=plural(withheld, "passage"))
            answer = replace(answer, notes=(*answer.notes, note))
        answer = replace(answer, usage=usage_of(turn, written))
        yield answer.with_timings(timings_of(turn, written, time.perf_counter() - started))

    def _written(
        self, turn: Turn, task: Task, writer: Writer, tries: list[Written]
    ) -> Reader[tuple[Answer, Written]]:
        # Imported here: the extractive reader, which starts faster, does without.
        from assistant import generative
        from assistant.citing import Cited
        from assistant.details import Details
        from assistant.finishing import finished

        written = Written(Cited(self._index))
        tries.append(written)  # so that it is known, too, where this fails
        yield from generative.read(task, writer, written)
        details = Details(
            writer.name,
            calls=turn.calls,
            condensed_by=turn.condensed_by,
            withheld=task.evidence.withheld,
            prompts=writer.prompt_versions,
        )
        return finished(turn.question, task, written, details), written

    def _task(self, turn: Turn) -> "Answer | Task":
        """What a reader is given; an answer where none need be asked."""
        about = about_document(turn.asked, self._candidates(turn))
        if about:
            return answer_about(turn.question, about, self._index)
        if not turn.hits or turn.evidence is None:
            return abstain(turn.question, "abstain_empty" if turn.where else "abstain_nothing", ())
        question = self._analyzed(turn)
        reading = extractive.read(question, self._vector(turn), turn.evidence, self._weights)
        if reading.lack or reading.scores is None:
            lack = reading.lack or Lack("abstain_weak", ())
            answer = lacking(turn.question, lack, turn.voices)
            return replace(answer, confidence=reading.confidence)
        return Task(turn.asked, turn.evidence, reading, reading.scores, self._index)

    def _candidates(self, turn: Turn) -> Iterable[DocumentInfo]:
        """The documents a question may be about; with a filter, those it lets through."""
        if not turn.where:
            return self._documents()
        allowed = self._index.matching(turn.where)
        return [document for document in self._documents() if document.id in allowed]

    def _vector(self, turn: Turn) -> Vectors:
        return np.asarray(self._index.encode_query(turn.standalone), dtype=np.float32)

    def _analyzed(self, turn: Turn) -> Question:
        known = content_words(" ".join(turn.voices))  # an author need not name himself
        own = [word for word in content_words(turn.asked) if word not in known]
        written = frozenset(content_words(turn.question))
        said = [word for word in own if word in written]
        taken = [word for word in (*own, *content_words(turn.earlier)) if word not in written]
        counts = self._index.term_document_frequency([*own, *taken])
        weights: dict[str, float] = {}
        for words, factor in ((said, 1.0), (taken, _TAKEN_WEIGHT)):
            for word in words:
                found = counts.counts[word]
                rarity = math.log(1 + (counts.passages - found + 0.5) / (found + 0.5))
                for term in analyze(word):
                    weights.setdefault(term, factor * rarity)
        return Question(
            text=turn.asked,
            weights=weights,
            unknown=tuple(word for word in own if counts.counts[word] == 0),
            kind=kind_of(turn.asked),
            wants_voices=len(turn.voices) > 1 or wants_voices(turn.asked),
            names=frozenset(
                term
                for name in names_in(turn.asked)
                if name not in known
                for term in analyze(name)[:1]
            ),
            focus=frozenset(term for word in focus_of(turn.asked) for term in analyze(word)),
        )


def _merged(searches: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of several searches in turn, the best of each first, ranked anew."""
    found = [hit for hits in zip_longest(*searches) for hit in hits if hit is not None]
    once = list({hit.passage.id: hit for hit in found}.values())
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(once, start=1))


def _with_retrieved(answer: Answer, hits: Sequence[Hit]) -> Answer:
    """The answer with the passages it could quote: those looked up for it, then the hits."""
    cited = (citation.passage_id for citation in answer.citations)
    found = [hit.passage.id for hit in hits]
    looked_up = [name for name in cited if name not in found]
    return replace(answer, retrieved=(*dict.fromkeys(looked_up), *found))


def told(answer: Answer) -> Iterator[Event]:
    """An answer's text as it is streamed: statement by statement, each with its citations."""
    if not answer.statements:
        yield Token(answer.text)
        return
    for position, (statement, paragraph) in enumerate(
        zip(answer.statements, answer.text.split("\n\n"), strict=True)
    ):
        separator = "\n\n" if position else ""
        yield Token(separator + paragraph)
        cited = tuple(c for c in answer.citations if c.number in statement.citations)
        yield Stated(statement, cited)
