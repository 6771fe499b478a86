"""Feedback as cases for the evaluation: a dataset that `assistant-eval` validates, reviews, runs.

A good answer's quotes become gold evidence. What readers found wrong, and answers that were right
to say that nothing is there, are proposals: a person decides on them with `assistant-eval review`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from assistant.feedback import Feedback
from assistant.saved_answers import answer_from_dict
from assistant.types import Answer, Citation, DocumentInfo
from index.canonical import canonical_text, text_sha256
from index.errors import InputError, SourceError
from index.loading import is_plain
from index.sidecars import SIDECAR_SUFFIX

Texts = Mapping[str, str]
"""Canonical texts by the SHA-256 of each."""

_UNSAFE = re.compile(r"[^\w.() -]+")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of the feedback."""

    cases: int
    proposals: int
    present: int
    """Exported before: a decision that a person took since stays."""
    left_out: tuple[str, ...]
    """Questions whose documents are no longer there, or not as they were."""


def texts_of(feedback: Iterable[Feedback], indexed: Callable[[str], str | None]) -> dict[str, str]:
    """The texts that answers quote, as far as they are to be had.

    Args:
        feedback: names the files.
        indexed: gives the text with a SHA-256 where the file has another one by now.
    """
    found: dict[str, str] = {}
    for each in feedback:
        for citation in each.answer["citations"]:
            source, sha256 = citation["document"]["source"], citation["document"]["sha256"]
            if sha256 not in found and (text := _read(source, sha256) or indexed(sha256)):
                found[sha256] = text
    return found


def export_cases(feedback: Sequence[Feedback], texts: Texts, folder: Path) -> Exported:
    """Write feedback as a dataset, or add to one what it does not have.

    Args:
        feedback: all that is to be exported.
        texts: of the documents.
        folder: a new or empty one, or one that feedback was exported to before.

    Raises:
        InputError: the folder holds something else.
    """
    _check(folder)
    known, left_out = _known(folder), []
    documents = _Documents(folder / "documents", texts)
    lines: dict[str, list[dict[str, Any]]] = {"cases.jsonl": [], "proposals.jsonl": []}
    present = 0
    for each in feedback:
        answer = answer_from_dict(each.answer)
        if _case_id(each) in known:
            present += 1
        elif not all(map(documents.holds, answer.citations)):
            left_out.append(each.question)
        elif each.verdict == "up" and answer.status == "answered":
            lines["cases.jsonl"].append(_case(each, answer, documents))
        else:
            case = _case(each, answer, documents)
            line = {"template": "feedback", "why": _why(each, answer), "case": case}
            lines["proposals.jsonl"].append(line)
    documents.folder.mkdir(parents=True, exist_ok=True)
    for name, added in lines.items():
        _append(folder / name, added)
    return Exported(
        len(lines["cases.jsonl"]), len(lines["proposals.jsonl"]), present, tuple(left_out)
    )


class _Documents:
    """The dataset's documents, written when a case first quotes them."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        self.folder = folder
        self._texts = texts
        self._names: dict[str, str] = {}

    def holds(self, citation: Citation) -> bool:
        """Whether a quote stands in a text that is at hand."""
        quote = citation.quote
        text = self._texts.get(citation.document.sha256, "")
        return text[quote.start : quote.end] == quote.text

    def name(self, document: DocumentInfo) -> str:
        """A document's name in the dataset."""
        if document.sha256 not in self._names:
            self._names[document.sha256] = self._written(document)
        return self._names[document.sha256]

    def _written(self, document: DocumentInfo) -> str:
        """Write a document, and beside it what the collection knows of it."""
        text, plain = self._texts[document.sha256], _plain_name(document.source)
        path = self.folder / plain
        if path.exists() and text_sha256(canonical_text(path)) != document.sha256:
            path = self.folder / f"{document.sha256[:8]}-{plain}"
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        about = {
            "title": document.title,
            "authors": list(document.authors),
            "publisher": document.publisher,
            "published": document.published,
        }
        if stated := {key: value for key, value in about.items() if value}:
            beside = path.with_name(path.name + SIDECAR_SUFFIX)
            # JSON is YAML, but for pairs of surrogates.
            beside.write_text(json.dumps(stated, ensure_ascii=False) + "\n", encoding="utf-8")
        return path.name


def _plain_name(source: str) -> str:
    """A file's name that every system takes, with a suffix of a text."""
    name = PurePath(source.replace("\\", "/")).name
    stem, suffix = PurePath(name).stem, PurePath(name).suffix.lower()
    stem = _UNSAFE.sub("-", stem).strip(". ")[:_LONGEST_NAME] or "document"
    return stem + (suffix if is_plain(suffix) else ".txt")


def _case_id(feedback: Feedback) -> str:
    return f"feedback-{feedback.id[:16]}"


def _case(feedback: Feedback, answer: Answer, documents: _Documents) -> dict[str, Any]:
    evidence = [[_span(answer, number, documents) for number in group] for group in _groups(answer)]
    sources = sorted({span["doc"] for group in evidence for span in group})
    several = len(sources) > 1 and len(evidence) > 1
    category = ("multi" if several else "fact") if evidence else "unanswerable"
    return {
        "id": _case_id(feedback),
        "category": category,
        # A follow-up cannot be asked again without what was said before: what was searched can.
        "question": answer.searched or answer.question,
        "evidence": evidence,
        "sources": sources,
    }


def _groups(answer: Answer) -> Iterator[tuple[int, ...]]:
    """What is wanted: of each statement one of its quotes, where no other wants less."""
    wanted = sorted({tuple(sorted(s.citations)) for s in answer.statements}, key=len)
    groups: list[tuple[int, ...]] = []
    for group in wanted:
        if not any(set(smaller) <= set(group) for smaller in groups):
            groups.append(group)
    yield from sorted(groups)


def _span(answer: Answer, number: int, documents: _Documents) -> dict[str, Any]:
    citation = answer.citations[number - 1]
    quote = citation.quote
    name = documents.name(citation.document)
    return {"doc": name, "quote": quote.text, "start": quote.start, "end": quote.end}


def _why(feedback: Feedback, answer: Answer) -> str:
    said = f" They say: {feedback.comment}" if feedback.comment else ""
    if answer.status == "answered":
        found = "A reader did not find this answer good. Accept it only if its quotes are right."
    elif feedback.verdict == "up":
        found = "A reader agrees that nothing is there. Accept it if that is so."
    else:
        found = "A reader expected an answer, and none was given. Accept it if nothing is there."
    return found + said


def _read(source: str, sha256: str) -> str | None:
    try:
        text = canonical_text(source)
    except SourceError:
        return None
    return text if text_sha256(text) == sha256 else None


def _check(folder: Path) -> None:
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    if (folder.exists() and not folder.is_dir()) or (names and "documents" not in names):
        found = f"a folder with {', '.join(sorted(names)[:5])}" if names else "a file"
        raise InputError(
            f"{folder}: expected a new folder, or one of exported feedback, found {found}. Name "
            "another one."
        )


def _known(folder: Path) -> set[str]:
    """The ids of all that is in the dataset, decided or not."""
    known = set()
    for name in ("cases.jsonl", "proposals.jsonl", "dropped.jsonl"):
        path = folder / name
        for line in path.read_text(encoding="utf-8").split("\n") if path.is_file() else []:
            if not line.strip():
                continue
            try:
                value = json.loads(line)
                known.add(str(value.get("case", value).get("id")))
            except (ValueError, AttributeError) as error:
                raise InputError(
                    f"{path}: expected one JSON object a line, found something else. Check it with "
                    f"'assistant-eval validate {folder}', or name another folder."
                ) from error
    return known


def _append(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    if not records:
        return
    ended = not path.exists() or path.read_bytes()[-1:] in (b"", b"\n")
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write("" if ended else "\n")
        file.writelines(json.dumps(record) + "\n" for record in records)
