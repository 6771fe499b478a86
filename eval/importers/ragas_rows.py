"""Rows in the form of ragas as a dataset, and their responses as answers to score.

S. Es et al., RAGAS: Automated Evaluation of Retrieval Augmented Generation, EACL 2024 demos; the
rows are its `SingleTurnSample`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from eval.importers.fields import check_count
from eval.importers.ragas_files import Row, read_rows
from eval.importers.sampling import sample
from eval.importers.texts import cleaned, compose
from eval.importers.types import Imported
from eval.importers.writer import ANSWERS, Draft
from eval.references import REFERENCES
from eval.types import Case, Category, GoldSpan
from index.canonical import text_sha256

CONVERSATION = "conversations of several turns, which have no contexts"
NO_GOLD = "rows without reference contexts and without a context that bears their reference out"
UNBORNE = "sentences of references that no context bears out"

BORNE = 0.8
"""Share of a sentence's words that must be in a context: more than a judge of answers asks for, as
what is taken for gold here is what answers are judged by."""

_HOP = re.compile(r"\A<\d{1,3}-hop>\s*")
"""What ragas' generator of multi-hop questions puts in front of each context."""

Spans = dict[str, GoldSpan]
"""Each context's span, by the context as it stands in the rows."""


def import_ragas(
    path: str | Path, out: str | Path, *, limit: int | None = None, seed: int = 0
) -> Imported:
    """Make a dataset of rows in the form of ragas.

    Each distinct context of all rows, reference or retrieved, is one document. A row's reference
    contexts are its gold: each is a group of its own, as the rows of ragas' multi-hop questions
    need all. A row without them has only what some system retrieved, which is no gold by itself:
    there each sentence of the reference that contexts bear out makes a group of these contexts: by
    `eval.entailment.lexical_entails`, with `BORNE` of its words. Sentences that none bears out are
    counted, and so is a row that is left without a group.

    `facts` stays empty: ragas' references are sentences, and no answer has them word for word.
    They are kept in `references.jsonl`, which `eval.ragas_bridge.to_ragas` reads; no score of ours
    does. If rows have responses, `answers.jsonl` holds them without citations, each with what was
    retrieved for it: `assistant-eval run --answers` scores them.

    Args:
        path: .jsonl, .json or .csv, with the old names (`question`, `contexts`, `answer`,
            `ground_truth`) or the new.
        out: the folder to make; there is none yet, or it is empty.
        limit: how many rows to keep.
        seed: decides which.

    Raises:
        ImportDataError: the file has another form, or `out` is taken.
    """
    check_count("limit", limit)
    draft = Draft("ragas", Path(path), Path(out), {"limit": limit, "seed": seed})
    rows = read_rows(draft.source)
    spans = _take_contexts(rows, draft)
    made = [
        (row, Case(f"row-{number:04}", _category(groups), row.question or "", evidence=groups))
        for number, row in enumerate(rows, start=1)
        if (groups := _groups(row, spans, draft))
    ]
    kept = sample(made, limit, Random(f"ragas:{seed}"))
    draft.cases = [case for _, case in kept]
    draft.beside = {
        name: records
        for name, records in (
            (ANSWERS, [_answer(row, case.id, spans) for row, case in kept]),
            (REFERENCES, [{"id": c.id, "reference": r.reference} for r, c in kept if r.reference]),
        )
        if any("error" not in record for record in records)
    }
    return draft.write()


def _take_contexts(rows: list[Row], draft: Draft) -> Spans:
    """Take all distinct contexts as documents, named by their ids."""
    spans: Spans = {}
    contexts = (
        context
        for row in rows
        if row.question is not None
        for context in (*(row.reference_contexts or ()), *(row.retrieved or ()))
    )
    for context in dict.fromkeys(contexts):
        body = _HOP.sub("", cleaned(context).strip())
        text, offset = compose(None, body)
        name = f"{text_sha256(text)[:16]}.md"
        if name not in draft.documents and not draft.add_document(name, text):
            continue
        spans[context] = GoldSpan(name, body, offset, offset + len(body))
    return spans


def _groups(row: Row, spans: Spans, draft: Draft) -> tuple[tuple[GoldSpan, ...], ...]:
    if row.question is None:
        draft.skipped[CONVERSATION] += 1
        return ()
    wanted = [spans[context] for context in row.reference_contexts or () if context in spans]
    groups: list[tuple[GoldSpan, ...]] = [(span,) for span in wanted]
    groups = groups or list(_bearing(row, spans, draft))
    if not groups:
        draft.skipped[NO_GOLD] += 1
    return tuple(dict.fromkeys(groups))


def _bearing(row: Row, spans: Spans, draft: Draft) -> Iterator[tuple[GoldSpan, ...]]:
    """For each sentence of the reference, the retrieved contexts that bear it out."""
    from assistant.grounding import word_support
    from eval.entailment import lexical_entails
    from eval.statements import statements_of

    retrieved = [spans[context] for context in row.retrieved or () if context in spans]
    for statement in statements_of(row.reference or "") if retrieved else ():
        words = statement.text
        group = tuple(
            span
            for span in retrieved
            if lexical_entails(span.quote, words) and word_support(words, [span.quote]) >= BORNE
        )
        if group:
            yield group
        else:
            draft.skipped[UNBORNE] += 1


def _answer(row: Row, key: str, spans: Spans) -> dict[str, Any]:
    if not row.response:
        return {"id": key, "error": "The row has no response."}
    answer: dict[str, Any] = {"status": "answered", "text": row.response, "citations": []}
    if row.retrieved is not None:
        found = [spans[context] for context in row.retrieved if context in spans]
        answer["retrieved"] = [
            {"source": span.doc, "start": span.start, "end": span.end} for span in found
        ]
    return {"id": key, "answer": answer}


def _category(groups: tuple[tuple[GoldSpan, ...], ...]) -> Category:
    return "multi" if len(groups) > 1 else "fact"
