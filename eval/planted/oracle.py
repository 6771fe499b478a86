"""A system that knows the right answers: it quotes the gold spans, and deserves 1.000."""

from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from assistant.grounding import marked
from assistant.types import Answer, Citation, Quote, Statement
from assistant.wording import statement_text
from eval.documents import DatasetDocuments
from eval.scorers.facts_recall import comparable
from eval.types import Case, Dataset, GoldSpan
from index.errors import SourceError
from index.sources import read_document
from index.types import DocumentInfo, Passage

FILLERS = 5
"""Passages without evidence that are retrieved after those with it."""
_DECLINED = "The documents do not say."


class Oracle:
    """Answers the cases of a dataset from their gold evidence."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.documents = DatasetDocuments(dataset.documents)
        self._cases = {(case.question, case.history): case for case in dataset.cases}

    def __call__(self, question: str, /, *, history: list[tuple[str, str]]) -> Answer:
        """The right answer to a case's question."""
        return self.answer(self._cases[question, tuple(history)])

    def answers(self) -> dict[str, dict[str, Any]]:
        """The right answers in the form of `Answer.to_dict()`, by case id."""
        return {case.id: self.answer(case).to_dict() for case in self.dataset.cases}

    def answer(self, case: Case) -> Answer:
        """The right answer: one statement for each evidence group, or an abstention."""
        spans = tuple(dict.fromkeys(group[0] for group in case.evidence))
        found = dict.fromkeys(self.passage(span.doc, span.start).id for span in spans)
        retrieved = (*found, *(passage.id for passage in self._fillers(spans)))
        if not case.is_answerable:
            return Answer(
                question=case.question,
                text=_DECLINED,
                status="abstained",
                reason=_DECLINED,
                retrieved=retrieved,
                confidence=0.0,
                model="oracle",
            )
        citations = tuple(self.cite(number, span) for number, span in enumerate(spans, start=1))
        statements = self._statements(case, citations)
        return Answer(
            question=case.question,
            text="\n\n".join(map(marked, statements)),
            status="answered",
            statements=statements,
            citations=citations,
            retrieved=retrieved,
            confidence=1.0,
            model="oracle",
        )

    def cite(self, number: int, span: GoldSpan) -> Citation:
        """A citation of a span."""
        quote = Quote.slice(self.documents.text(span.doc), span.start, span.end)
        return Citation(number, quote, self._info(span.doc), self.passage(span.doc, span.start).id)

    def passage(self, doc: str, position: int) -> Passage:
        """The passage of a document that holds a position."""
        return next(p for p in self.passages[doc] if p.start <= position < p.end)

    @cached_property
    def passages(self) -> Mapping[str, list[Passage]]:
        """All passages by document; documents that cannot be read are left out."""
        found = {}
        for name in self.documents.names:
            try:
                found[name] = read_document(self.documents.folder / name)[1]
            except SourceError:
                continue
        return found

    def _statements(self, case: Case, citations: tuple[Citation, ...]) -> tuple[Statement, ...]:
        texts = [statement_text(citation, None) for citation in citations]
        said = comparable(" ".join(texts))
        unsaid = [
            fact[0] for fact in case.facts if not any(comparable(each) in said for each in fact)
        ]
        if unsaid:
            texts[0] = f"{'; '.join(unsaid)}: {texts[0]}"
        return tuple(
            Statement(text, (citation.number,), 1.0)
            for text, citation in zip(texts, citations, strict=True)
        )

    def _info(self, doc: str) -> DocumentInfo:
        info = self.documents.info(doc)
        if info is None:
            raise SourceError(f"{doc}: expected a document with gold evidence, found none.")
        return info

    def _fillers(self, spans: tuple[GoldSpan, ...]) -> list[Passage]:
        """Passages that hold no gold: of each document some, so that all voices are there."""
        gold = [(self.documents.twin(span.doc), span.start, span.end) for span in spans]
        fillers = (
            passage
            for doc, passages in self.passages.items()
            for passage in passages
            if passage.label == "body"
            and not any(
                self.documents.twin(doc) == name and passage.start < end and start < passage.end
                for name, start, end in gold
            )
        )
        return list(islice(fillers, FILLERS))
