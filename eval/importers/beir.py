"""Folders in BEIR's form as datasets.

N. Thakur et al., BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models, NeurIPS 2021 Datasets and Benchmarks.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from eval.importers.beir_files import Judgments, read_corpus, read_judgments, read_queries
from eval.importers.fields import check_count
from eval.importers.naming import file_names
from eval.importers.sampling import sample
from eval.importers.texts import cleaned, compose, trimmed
from eval.importers.types import Imported
from eval.importers.writer import NO_TEXT, Draft
from eval.types import Case, GoldSpan

DOCUMENTS = "documents.jsonl"
NO_QUERY = "judged queries that queries.jsonl does not have, or has without text"
NO_DOCUMENT = "judgments on documents that the corpus does not have"
NO_EVIDENCE = "queries without a relevant document in the corpus"


def import_beir(
    path: str | Path,
    out: str | Path,
    *,
    split: str = "test",
    limit: int | None = None,
    documents_limit: int | None = None,
    relevant_from: int = 1,
    is_every_document_wanted: bool = False,
    seed: int = 0,
) -> Imported:
    """Make a dataset of a folder with corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv.

    Each corpus entry is one document: its title as front matter, its text. File names come from
    the ids; `documents.jsonl` says which is whose. Each query with a relevant document is one case.
    A query without one is skipped: that nothing was judged relevant does not say that nothing is.

    BEIR's relevant documents answer a query each. So they are the alternatives of one evidence
    group, each with its whole text as gold span, and `evidence_recall` asks whether any of them is
    cited. `sources` stays empty: `source_recall` would ask for all of them, and a good answer need
    not cite fifty. Where a query needs all its documents (HotpotQA, FEVER with several),
    `is_every_document_wanted` makes each a group of its own and lists them as sources.

    Args:
        path: the folder.
        out: the folder to make; there is none yet, or it is empty.
        split: which judgments to use.
        limit: how many cases to keep.
        documents_limit: how many documents to keep: those relevant to a kept case, even if they
            are more, and a sample of the others. All if None.
        relevant_from: the least grade that is relevant.
        is_every_document_wanted: whether an answer must cite all relevant documents.
        seed: decides what is kept.

    Raises:
        ImportDataError: a file is missing or has another form, or `out` is taken.
    """
    check_count("limit", limit)
    check_count("documents_limit", documents_limit)
    check_count("relevant_from", relevant_from)
    options = {
        "split": split,
        "limit": limit,
        "documents_limit": documents_limit,
        "relevant_from": relevant_from,
        "is_every_document_wanted": is_every_document_wanted,
        "seed": seed,
    }
    folder = Path(path)
    draft = Draft("beir", folder, Path(out), options)
    judgments = read_judgments(folder / "qrels" / f"{split}.tsv")
    queries = read_queries(folder / "queries.jsonl")
    bodies = _take_corpus(folder / "corpus.jsonl", draft)
    cases = list(_cases(judgments, queries, bodies, draft))
    draft.cases = sample(cases, limit, Random(f"beir:{seed}"))
    if is_every_document_wanted:
        draft.cases = [_with_every_document(case) for case in draft.cases]
    _keep(documents_limit, draft, Random(f"beir documents:{seed}"))
    return draft.write()


def _take_corpus(path: Path, draft: Draft) -> dict[str, GoldSpan | None]:
    """Take the corpus as documents, and give each body's span by corpus id; None if it is empty."""
    corpus = read_corpus(path)
    names = file_names(corpus)
    bodies: dict[str, GoldSpan | None] = {}
    for key, entry in corpus.items():
        body = cleaned(entry.text)
        text, offset = compose(entry.title, body)
        start, end = trimmed(body)
        if start == end:
            draft.skipped[NO_TEXT] += 1
            bodies[key] = None
        elif draft.add_document(names[key], text):
            bodies[key] = GoldSpan(names[key], body[start:end], offset + start, offset + end)
        else:
            bodies[key] = None
    draft.beside[DOCUMENTS] = [
        {"file": span.doc, "id": key} for key, span in bodies.items() if span is not None
    ]
    return bodies


def _cases(
    judgments: Judgments, queries: dict[str, str], bodies: dict[str, GoldSpan | None], draft: Draft
) -> Iterator[Case]:
    least = draft.options["relevant_from"]
    for key, grades in judgments.items():
        question = queries.get(key, "").strip()
        if not question:
            draft.skipped[NO_QUERY] += 1
            continue
        relevant = [document for document, grade in grades.items() if grade >= least]
        draft.skipped.update([NO_DOCUMENT] * sum(name not in bodies for name in relevant))
        spans = tuple(span for name in relevant if (span := bodies.get(name)) is not None)
        if spans:
            yield Case(id=key, category="fact", question=question, evidence=(spans,))
        else:
            draft.skipped[NO_EVIDENCE] += 1


def _with_every_document(case: Case) -> Case:
    (spans,) = case.evidence
    return Case(
        id=case.id,
        category="multi" if len(spans) > 1 else "fact",
        question=case.question,
        evidence=tuple((span,) for span in spans),
        sources=tuple(span.doc for span in spans),
    )


def _keep(limit: int | None, draft: Draft, random: Random) -> None:
    if limit is None:
        return
    needed = set(_documents_of(draft.cases))
    others = [name for name in draft.documents if name not in needed]
    kept = needed | set(sample(others, max(0, limit - len(needed)), random))
    draft.documents = {name: text for name, text in draft.documents.items() if name in kept}
    draft.beside[DOCUMENTS] = [
        record for record in draft.beside[DOCUMENTS] if record["file"] in kept
    ]


def _documents_of(cases: Sequence[Case]) -> Iterable[str]:
    return (span.doc for case in cases for group in case.evidence for span in group)
