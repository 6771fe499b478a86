"""From what a chat model wrote, and what of it passed the checks, to an `Answer`."""

from dataclasses import replace

import numpy as np

from assistant.answering import abstain, answer_from
from assistant.citing import Cited, renumbered
from assistant.details import Details
from assistant.disagreement import other_side
from assistant.extractive import Selection, selection_of
from assistant.grounding import checked, marked, support
from assistant.missing import nearest_hits
from assistant.task import Task, Written
from assistant.telling import lead_statements
from assistant.types import Answer, Statement
from assistant.wording import statement_text
from prompts import load

_NEAR = 16
"""How many of the best sentences are searched for another figure."""


def finished(question: str, task: Task, written: Written, details: Details) -> Answer:
    """The answer: what the model wrote, or its refusal, or what the extractive reader quotes.

    Args:
        question: as the user wrote it.
        task: what the model was given.
        written: what came of it.
        details: what is known of how the model was used besides.
    """
    details = replace(
        details,
        drafts=tuple(written.drafts),
        declined=written.declined,
        is_cut_off=written.is_cut_off,
        calls=details.calls + written.calls,
        evidence=len(written.shown.candidates) if written.shown else 0,
    )
    if written.cited.statements:
        answer = _written(question, task, written.cited)
        return _told(replace(answer, model=details.model), details)
    if written.declined and not written.drafts:
        hits = nearest_hits(task.evidence, task.scores)
        answer = abstain(question, "abstain_declined", hits, model=details.model)
        return _told(replace(answer, model=details.model), details)
    answer = answer_from(question, task.reading, task.index, task.question)
    reason = "wrote nothing"
    if written.drafts:
        reason = "nothing it wrote is borne out by the documents"
    return _told(answer, replace(details, fallback=reason))


def _told(answer: Answer, details: Details) -> Answer:
    """The answer with its details, and with notes on what the user should know of them."""
    notes = []
    if details.fallback is not None:
        notes.append(load("note_fallback").render(model=details.model, reason=details.fallback))
    elif details.dropped:
        notes.append(load("note_dropped").render(count=_sentences(details.dropped)))
    if details.is_cut_off and details.fallback is None:
        notes.append(load("note_cut_off").render(model=details.model))
    return replace(answer, details=details, dropped=details.dropped, notes=tuple(notes))


def _sentences(count: int) -> str:
    return "1 sentence" if count == 1 else f"{count} sentences"


def _written(question: str, task: Task, cited: Cited) -> Answer:
    """The statements of the model, and before them what their quotes differ in, if they do."""
    statements = [*_sides(task, cited), *cited.statements]
    ordered, citations = renumbered(statements, cited.citations)
    answer = Answer(
        question=question,
        text="\n\n".join(map(marked, ordered)),
        status="answered",
        statements=ordered,
        citations=citations,
    )
    return checked(answer, {name: document.text for name, document in cited.documents.items()})


def _sides(task: Task, cited: Cited) -> list[Statement]:
    """Statements that put what differs side by side; a side the model left out is quoted too."""
    leads = lead_statements(task.question, cited.citations)
    quoted: list[Statement] = []
    if not leads and (other := _other_side(task, cited)):
        number = cited.number_of(other)
        citation = cited.citations[number - 1]
        document = cited.documents[citation.document.id]
        text = statement_text(citation, None, document.text)
        quoted = [Statement(text, (number,), support(text, [citation]))]
        leads = lead_statements(task.question, cited.citations)
    return [
        *(
            Statement(text, numbers, support(text, [cited.citations[n - 1] for n in numbers]))
            for text, numbers in leads
        ),
        *quoted,
    ]


def _other_side(task: Task, cited: Cited) -> Selection | None:
    """A sentence near the question with another figure for what the model's first quote answers."""
    candidates = task.evidence.candidates
    first = cited.citations[0]
    span = (first.document.id, first.quote.start, first.quote.end)
    best = next(
        (
            each
            for each in candidates
            if each.hit.document.id == span[0]
            and span[1] <= each.sentence.start
            and each.sentence.end <= span[2]
        ),
        None,
    )
    if best is None:
        return None
    near = [candidates[int(i)] for i in np.argsort(-task.scores, kind="stable")[:_NEAR]]
    other = other_side(task.question, best, [each for each in near if each is not best])
    return selection_of(other) if other is not None else None
