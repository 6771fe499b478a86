"""Evidence bundles: answers with their quotes as W3C Web Annotations, in one JSON document.

The form is told in docs/bundles.md. Selectors: https://www.w3.org/TR/annotation-model/#selectors
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote as percent_encoded

from assistant.exporting.items import Item, left_out_note
from assistant.types import Answer, Citation, document_to_dict

FORMAT = 1
"""Grows when a reader of the former would misread the new one."""
JSON_LD = "http://www.w3.org/ns/anno.jsonld"
"""The context's name; nothing fetches it."""
DISTRIBUTION = "verbatim-assistant"


@dataclass(frozen=True, slots=True)
class BundleContext:
    """What answers were made of, besides the documents they quote."""

    created: str
    """When the bundle is made, as ISO 8601 with a time zone."""
    models: Mapping[str, str | None] = field(default_factory=dict)
    """Fingerprints of the `embedding_model` and the `reranker`; see `Assistant.models`."""
    documents: Sequence[str] = ()
    """The SHA-256 of each document of the collection."""


def to_bundle(items: Sequence[Item], context: BundleContext) -> dict[str, Any]:
    """Answers as an evidence bundle, ready to be written as JSON.

    Questions without an answer are told under `left_out`: there is nothing of them to be checked.
    """
    answers = [item.answer for item in items if item.answer is not None]
    bundle = {
        "@context": JSON_LD,
        "type": "AnnotationPage",
        "verbatim_bundle": FORMAT,
        "created": context.created,
        "generator": {"type": "Software", "name": "Verbatim", "version": _version()},
        "models": {"answers": list(dict.fromkeys(map(_writer, answers))), **context.models},
        "prompts": _prompts(answers),
        "index": collection_fingerprint(context.documents),
        "answers": [answer.to_dict() for answer in answers],
        "addresses": {key: each for item in items for key, each in item.addresses.items()},
        "left_out": [f"{item.question}: {note}" for item in items if (note := left_out_note(item))],
        "items": [
            annotation(number, answer, citation)
            for number, answer in enumerate(answers, start=1)
            for citation in answer.citations
        ],
    }
    return {**bundle, "digest": digest(bundle)}


def annotation(number: int, answer: Answer, citation: Citation) -> dict[str, Any]:
    """A quote as a Web Annotation whose bodies are the statements that cite it.

    Args:
        number: of the answer in its bundle, from 1.
        answer: cites the quote.
        citation: the quote with its document.
    """
    quote, document = citation.quote, citation.document
    return {
        "id": f"#answer-{number}-quote-{citation.number}",
        "type": "Annotation",
        "motivation": "highlighting",
        "body": list(_bodies(answer, citation.number)),
        "target": {
            "type": "SpecificResource",
            "source": source_iri(document.source),
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": quote.text,
                    "prefix": quote.prefix,
                    "suffix": quote.suffix,
                },
                {"type": "TextPositionSelector", "start": quote.start, "end": quote.end},
            ],
            "document": document_to_dict(document),
        },
    }


def _bodies(answer: Answer, number: int) -> Iterator[dict[str, str]]:
    for statement in answer.statements:
        if number in statement.citations:
            yield {
                "type": "TextualBody",
                "value": statement.text,
                "format": "text/plain",
                "purpose": "commenting",
            }


def source_iri(source: str) -> str:
    """A path as an IRI: relative ones stay so."""
    path = percent_encoded(source.replace("\\", "/"), errors="surrogatepass")
    return f"file://{path}" if path.startswith("/") else path


def digest(bundle: Mapping[str, Any]) -> str:
    """SHA-256 of a bundle's JSON with sorted keys and without spaces, its own `digest` left out.

    It shows that a bundle was damaged or edited; whoever means to deceive can make it anew.
    """
    rest = {key: value for key, value in bundle.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def collection_fingerprint(documents: Sequence[str]) -> dict[str, Any] | None:
    """How many documents a collection has, and one SHA-256 over theirs, sorted, a line each."""
    if not documents:
        return None
    joined = "\n".join(sorted(documents)).encode()
    return {"documents": len(documents), "sha256": hashlib.sha256(joined).hexdigest()}


def _writer(answer: Answer) -> str:
    return answer.details.model if answer.details is not None else answer.model


def _prompts(answers: Sequence[Answer]) -> dict[str, int]:
    """The versions of all prompts that were used, by name."""
    versions: dict[str, int] = {}
    for answer in answers:
        versions.update(answer.details.prompts if answer.details is not None else {})
    return dict(sorted(versions.items()))


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:  # in a source folder
        return "unknown"
