"""Whether the parts of a saved answer, or of a bundle, fit together: no document is needed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.exporting.bundle import annotation
from assistant.grounding import marked
from assistant.types import Answer
from assistant.wording import shown
from index.errors import InputError

_PARTS = ("body", "source", "exact", "prefix", "suffix", "start", "end", "document")
_LONGEST = 20_000
"""Characters of a statement: what is longer was written by nobody, and takes long to check."""


def read_answer(data: Mapping[str, Any]) -> Answer | str:
    """An answer from its form in JSON, or what is wrong with it."""
    from assistant.saved_answers import answer_from_dict

    try:
        return answer_from_dict(data)
    except InputError as error:
        return str(error)


def answer_problems(data: Mapping[str, Any], answer: Answer | str) -> Iterator[str]:
    """What does not fit together in an answer.

    Args:
        data: as it was saved, with its citations in their form.
        answer: the same from `read_answer`.
    """
    yield from _id_problems(data)
    if isinstance(answer, str):
        yield answer
        return
    if answer.statements and answer.text != "\n\n".join(map(marked, answer.statements)):
        yield "text: it is not made of the answer's statements"
    yield from _quotation_problems(answer)


def annotation_problems(
    answers: Sequence[Answer | str], annotations: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Where annotations differ from the quotes of the answers they were made of.

    Answers that are none are passed over: `answer_problems` tells of them.
    """
    found = {str(each.get("id"))[:80]: each for each in annotations}
    wanted = [
        (f"answer {number}, quote {citation.number}", annotation(number, answer, citation))
        for number, answer in enumerate(answers, start=1)
        if isinstance(answer, Answer)
        for citation in answer.citations
    ]
    for where, ours in wanted:
        if ours["id"] not in found:
            yield f"{where}: it has no annotation"
        elif names := _differing(ours, found[ours["id"]]):
            yield f"{where}: its annotation has another {', '.join(names)}"
    is_whole = all(isinstance(answer, Answer) for answer in answers)
    if is_whole and len(annotations) != len(wanted):
        yield f"items: expected {len(wanted)} annotations, found {len(annotations)}"


def _id_problems(data: Mapping[str, Any]) -> Iterator[str]:
    for citation in data["citations"]:
        document, where = citation["document"], f"quote {str(citation['number'])[:9]}"
        if document.get("id") != document["sha256"][:16]:
            yield f"{where}: the document's id and sha256 do not belong together"
        elif not str(citation.get("passage_id")).startswith(f"{document['id']}:"):
            yield f"{where}: its passage_id is of another document"


def _quotation_problems(answer: Answer) -> Iterator[str]:
    from assistant.checking.quotations import check_quotations

    for place, statement in enumerate(answer.statements, start=1):
        if len(statement.text) > _LONGEST:
            yield f"statement {place}: expected at most {_LONGEST:,} characters, found more"
            continue
        cited = [answer.citations[number - 1] for number in statement.citations]
        texts = [text for c in cited for text in (c.quote.text, c.document.name)]
        _, check = check_quotations(statement.text, [*texts, *map(shown, texts)])
        if not check.passed:
            yield f"statement {place}: what it has in quotation marks is in none of its quotes"


def _differing(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """The names of the parts in which two annotations differ."""
    ours, theirs = _parts(wanted), _parts(found)
    names = [name for name in _PARTS if ours[name] != theirs[name]]
    return names or (["form"] if wanted != found else [])


def _parts(value: Mapping[str, Any]) -> dict[str, Any]:
    target = _object(value.get("target"))
    parts = {"body": value.get("body"), **{name: target.get(name) for name in _PARTS[1:]}}
    selectors = target.get("selector")
    for selector in selectors if isinstance(selectors, list) else []:
        parts.update({k: v for k, v in _object(selector).items() if k in _PARTS[2:-1]})
    return parts


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
