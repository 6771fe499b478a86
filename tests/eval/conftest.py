"""A small dataset, and systems of known quality to evaluate on it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import eval as evaluation
from assistant.types import Answer, Citation, Quote, Statement
from eval import Case, Dataset, load_dataset
from index.canonical import canonical_text, text_sha256
from index.types import DocumentInfo

RIVERS = (
    "The Arpa is a river.\nIt is 128 km long “in all”.\nThe Hrazdan — like the Arpa — is not.\n"
)
LAKES = "Lake Sevan covers 1,242 km².\nAn older survey says 1,360 km².\n"

BRIEFS = Path(evaluation.__file__).parent / "datasets" / "briefs"

Lines = list[dict[str, object]]


def span(doc: str, text: str, quote: str) -> dict[str, object]:
    start = text.index(quote)
    return {"doc": doc, "quote": quote, "start": start, "end": start + len(quote)}


@pytest.fixture
def records() -> Lines:
    """The small dataset's cases, to be changed by a test before `write_dataset`."""
    length = span("rivers.txt", RIVERS, "128 km long")
    recent = span("sub/lakes.txt", LAKES, "Lake Sevan covers 1,242 km²")
    older = span("sub/lakes.txt", LAKES, "1,360 km²")
    return [
        {
            "id": "c-1",
            "category": "fact",
            "question": "How long is the Arpa?",
            "history": [],
            "evidence": [[length, span("rivers.txt", RIVERS, "It is 128 km")]],
            "facts": [["128 kilometers", "128 KM"]],
            "sources": ["rivers.txt"],
        },
        {
            "id": "c-2",
            "category": "conflict",
            "question": "How large is Lake Sevan?",
            "evidence": [[recent], [older]],
            "facts": [["1,242"], ["1,360"]],
            "sources": ["sub/lakes.txt"],
        },
        {
            "id": "c-3",
            "category": "followup",
            "question": "And how long is it?",
            "history": [["Is the Arpa a river?", "Yes."]],
            "evidence": [[length]],
        },
        {
            "id": "c-4",
            "category": "unanswerable",
            "question": "How deep is the Arpa?",
            "evidence": [],
        },
    ]


@pytest.fixture
def write_dataset(tmp_path: Path) -> Callable[[Lines], Path]:
    """Write a dataset of these cases and return its folder."""

    def write(lines: Lines) -> Path:
        folder = tmp_path / "waters"
        (folder / "documents" / "sub").mkdir(parents=True, exist_ok=True)
        (folder / "documents" / "rivers.txt").write_text(RIVERS, encoding="utf-8")
        (folder / "documents" / "sub" / "lakes.txt").write_text(LAKES, encoding="utf-8")
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
        (folder / "cases.jsonl").write_bytes(text.encode("utf-8", "backslashreplace"))
        return folder

    return write


@pytest.fixture
def dataset(write_dataset: Callable[[Lines], Path], records: Lines) -> Dataset:
    """The small dataset."""
    return load_dataset(write_dataset(records))


def cite(number: int, path: Path, start: int, end: int) -> Citation:
    text = canonical_text(path)
    sha256 = text_sha256(text)
    info = DocumentInfo(sha256[:16], None, (), None, None, str(path), sha256)
    quote = Quote.slice(text, start, end)
    return Citation(number, quote, info, f"{info.id}:0-{len(text)}")


def abstain(question: str, *, history: object = ()) -> Answer:
    return Answer(question, "I cannot tell.", "abstained", reason="nothing fits", model="none")


class Oracle:
    """Answers perfectly from the gold evidence; `spans` may be overridden to plant a fault."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.cases = {(case.question, case.history): case for case in dataset.cases}

    def __call__(self, question: str, /, *, history: list[tuple[str, str]]) -> Answer:
        case = self.cases[question, tuple(history)]
        if not case.is_answerable:
            return abstain(question)
        citations = self.citations(case)
        numbers = tuple(citation.number for citation in citations)
        marks = "".join(f"[{number}]" for number in numbers)
        facts = "; ".join(fact[0] for fact in case.facts) or "As quoted"
        return Answer(
            question,
            f"{facts} {marks}.",
            "answered",
            statements=(Statement(f"{facts}.", numbers, 1.0),),
            citations=citations,
            model="oracle",
            timings={"total": 0.25},
        )

    def citations(self, case: Case) -> tuple[Citation, ...]:
        return tuple(
            cite(number, self.dataset.documents / doc, start, end)
            for number, (doc, start, end) in enumerate(self.spans(case), start=1)
        )

    def spans(self, case: Case) -> list[tuple[str, int, int]]:
        return [(group[0].doc, group[0].start, group[0].end) for group in case.evidence]


@pytest.fixture
def oracle(dataset: Dataset) -> Oracle:
    """A system that deserves 1.000 everywhere."""
    return Oracle(dataset)


@pytest.fixture
def make_oracle() -> type[Oracle]:
    """The oracle's class, for other datasets and for planted faults."""
    return Oracle


@pytest.fixture
def abstainer() -> Callable[..., Answer]:
    """A system that always abstains."""
    return abstain


@pytest.fixture(scope="session")
def briefs() -> Dataset:
    """The dataset that comes with the project."""
    return load_dataset(BRIEFS)


@pytest.fixture(scope="session")
def seeds() -> Dataset:
    """The five real articles, which are not part of the project."""
    folder = os.environ.get("VERBATIM_SEEDS")
    if not folder:
        pytest.skip("VERBATIM_SEEDS is unset: it names the folder of the five real articles")
    if not Path(folder).is_dir():
        pytest.fail(f"VERBATIM_SEEDS is {folder}, and there is no such folder")
    return load_dataset(folder)
