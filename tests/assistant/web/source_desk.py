"""A desk that quotes what it is told to from files, and what tests of its pages look for."""

import asyncio
import re
from dataclasses import replace

from assistant.telling import lead_statements
from assistant.types import Answer, Citation, Quote, Retrieved, Stated, Statement
from assistant.wording import shown
from index.errors import FilterError
from index.sources import read_document

QUESTION = "How many pilots work in the harbor?"


class QuotingDesk:
    """Answers every question with the same quotes, from documents read as the index reads them."""

    model = "extractive"

    def __init__(self, files, quotes, details=None):
        read = [read_document(file)[0] for file in files]
        self.held = {document.info.id: document for document in read}
        self.quotes, self._details = quotes, details

    def documents(self):
        return [document.info for document in self.held.values()]

    def document(self, document_id):
        if document_id not in self.held:
            raise FilterError(f"No document has the id {document_id!r}.")
        return self.held[document_id]

    async def astream(self, question, history=None, where=None):
        answer = self._answer(question)
        yield Retrieved(question, ())
        for statement in answer.statements:
            await asyncio.sleep(0.01)
            yield Stated(statement, tuple(answer.citations[n - 1] for n in statement.citations))
        yield answer

    def _answer(self, question):
        citations = [self._cite(n, text) for n, text in enumerate(self.quotes, start=1)]
        leads = [Statement(text, ns, 0.9) for text, ns in lead_statements(question, citations)]
        quoted = [Statement(f"“{shown(c.quote.text)}”", (c.number,), 0.87) for c in citations]
        statements = (*leads, *quoted)
        marks = ("".join(f" [{n}]" for n in each.citations) for each in statements)
        text = "\n\n".join(f"{s.text}{mark}" for s, mark in zip(statements, marks, strict=True))
        answer = Answer(
            question, text, "answered", statements=statements, citations=tuple(citations)
        )
        return replace(answer, details=self._details)

    def _cite(self, number, text):
        for document in self.held.values():
            start = document.text.find(text)
            if start >= 0:
                quote = Quote.slice(document.text, start, start + len(text))
                return Citation(number, quote, document.info, f"{document.info.id}:0-9")
        raise AssertionError(f"no document holds {text!r}")


def ask(page, question=QUESTION):
    """Asks, and waits until the answer is done."""
    page.get_by_role("textbox", name="Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".v-turn[aria-busy=false] .v-ref").first.wait_for()
    page.wait_for_function("document.querySelector('.v-turn .v-data') !== null")
    page.get_by_role("button", name="Ask", exact=True).wait_for()  # its stream is closed


def squeezed(text):
    """A text without white space, as a browser may set it in other lines."""
    return re.sub(r"\s+", "", text)


def chosen(page):
    """The visible text of the quote that is open, without white space."""
    page.locator("mark.v-q-chosen").first.wait_for()
    texts = page.eval_on_selector_all("mark.v-q-chosen", "all => all.map(each => each.innerText)")
    return squeezed("".join(texts))


def is_in_view(page):
    """Whether the beginning of the open quote can be seen."""
    return page.evaluate(
        """() => {
          const mark = document.querySelector("mark.v-q-chosen").getClientRects()[0];
          const body = document.querySelector(".v-source-body").getBoundingClientRect();
          const head = document.querySelector(".v-source-about").getBoundingClientRect();
          const at = document.elementFromPoint(mark.left + 2, mark.top + mark.height / 2);
          return mark.top >= head.bottom && mark.bottom <= body.bottom && mark.left >= 0
            && mark.bottom <= innerHeight && at !== null && at.closest("mark.v-q-chosen") !== null;
        }"""
    )
