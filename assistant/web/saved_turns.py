"""Turns as the browser or the server keeps them, and how they come back: checked once more.

What comes back was in other hands: it may be anything. An answer is shown again only as far as its
quotes still stand, letter by letter, in the documents as they are now; what a document is called
and who wrote it is taken from the index, never from what was kept.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.asking import MOST_CHARACTERS as LONGEST_QUESTION
from assistant.checking.quotations import check_quotations
from assistant.exporting.items import below, common_folder, name_below
from assistant.grounding import checked, marked
from assistant.types import Answer, Citation, Filter, Hit, Statement, Withdrawn
from assistant.web.inputs import filter_from, filter_to_dict
from assistant.web.turns import Turn
from assistant.wording import shown
from index.canonical import text_sha256
from index.errors import FilterError, InputError
from index.types import Document, DocumentInfo

if TYPE_CHECKING:
    from assistant.desk import Assistant

FORMAT = 1
MOST_CHARACTERS = 200_000
"""Characters of one turn as JSON."""
MOST_TURNS = 200
MOST_IN_ALL = 900_000
"""Characters of a conversation as JSON: it must fit into one request."""
_MOST_QUOTES = 200
_LONGEST_NAME = 300
_LONGEST_SCOPE = 1_000

LAPSED = "Some of what was answered rests on documents that are not here, or not as they were."


def saved(turn: Turn) -> dict[str, Any]:
    """A finished turn in the form in which it is kept (see docs/web.md), without folders.

    Raises:
        ValueError: the turn has no answer.
    """
    if turn.answer is None:
        raise ValueError(f"Expected a turn with an answer, and {turn.id} has none.")
    answer = below(turn.answer, turn.folder)
    whole = {"format": FORMAT, "id": turn.id, "answer": answer.to_dict()}
    return whole | _asked_of(turn.scope, turn.where)


def asked_of(data: object) -> dict[str, Any]:
    """Which documents a kept turn was asked of, as it is kept: what is no filter is left out."""
    return _asked_of(*_scope(data))


def answer_of(data: object) -> Answer:
    """The answer of a kept turn, as it was kept: of its quotes nothing is known yet.

    Raises:
        InputError: it is no kept turn, is too large, or was kept by a newer release.
    """
    from assistant.saved_answers import answer_from_dict

    if not isinstance(data, dict) or not isinstance(data.get("answer"), dict):
        raise InputError(
            "Expected a kept question with its answer, found something else. It is left as it is."
        )
    if data.get("format") is True or data.get("format") != FORMAT:
        raise InputError(
            f"Expected a question kept in format {FORMAT}, found format "
            f"{str(data.get('format'))[:20]!r}. A newer release of Verbatim may read it; it is "
            "left as it is."
        )
    if not 0 < _length(data) <= MOST_CHARACTERS:
        raise InputError(
            f"Expected a kept question in text of at most {MOST_CHARACTERS:,} characters, found "
            "more, or what is no text. Ask it again."
        )
    answer = answer_from_dict(data["answer"])
    many = max(len(answer.citations), len(answer.statements), len(answer.nearest))
    if many > _MOST_QUOTES or len(answer.question) > LONGEST_QUESTION or not answer.question:
        raise InputError("Expected a kept question with its answer, found one out of bounds.")
    return answer


def restored(desk: "Assistant", data: object, turn_id: str = "t1") -> Turn:
    """A kept turn, as far as the documents still bear it out.

    A sentence with a quote that is no longer verbatim is `lapsed`: it is no part of the answer.
    Where none is left, the turn has no answer.

    Args:
        desk: answers from the documents that the quotes must stand in.
        data: what `saved` made, in whosever hands it was.
        turn_id: the turn's id on the page; that which was kept is not used.

    Raises:
        InputError: it is no kept turn.
        IndexStoreError: the index cannot be used.
    """
    return _restored(_Sources(desk), data, turn_id)


def restored_all(desk: "Assistant", text: str) -> tuple[Turn, ...]:
    """The turns of a kept conversation, numbered `t1`, `t2`, and so on.

    Args:
        desk: as of `restored`.
        text: a JSON list of what `saved` made.

    Raises:
        InputError: it is no such list, or too long.
        IndexStoreError: the index cannot be used.
    """
    try:
        items = json.loads(text) if len(text) <= MOST_IN_ALL else None
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list) or len(items) > MOST_TURNS:
        raise InputError(
            f"Expected a conversation of at most {MOST_TURNS} questions and {MOST_IN_ALL:,} "
            "characters, found something else. Download it to read it elsewhere."
        )
    sources = _Sources(desk)
    return tuple(_restored(sources, item, f"t{n}") for n, item in enumerate(items, start=1))


class _Sources:
    """The documents as they are now, each read once."""

    def __init__(self, desk: "Assistant") -> None:
        self._index = desk.index
        self._read: dict[str, Document | None] = {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(info.source for info in self._index.documents())

    @cached_property
    def names(self) -> frozenset[str]:
        """What kept answers may call them: below their common folder, or by the whole path."""
        base = common_folder(self.paths)
        return frozenset(self.paths) | {name_below(path, base) for path in self.paths}

    def document(self, document_id: str) -> Document | None:
        """A document by its whole id; None where there is none, or its text is not what it was."""
        if document_id not in self._read:
            self._read[document_id] = self._found(document_id)
        return self._read[document_id]

    def _found(self, document_id: str) -> Document | None:
        try:
            document = self._index.document(document_id)
        except InputError:
            return None
        is_it = document.info.id == document_id
        return document if is_it and document.info.sha256 == text_sha256(document.text) else None

    def lack(self, info: DocumentInfo) -> str:
        """Why a quote of a document is not shown as one."""
        name = shown(info.name)[:_LONGEST_NAME]
        if self.document(info.id) is not None:
            return f"{name} does not say so at the place that was kept"
        if info.source in self.names:
            return f"{name} has changed since"
        return f"{name} is no longer in the collection"


def _restored(sources: _Sources, data: object, turn_id: str) -> Turn:
    answer = answer_of(data)
    model = answer.details.model if answer.details is not None else None
    scope, where = _scope(data)
    turn = Turn(turn_id, answer.question, "done", model, answer.searched, scope=scope, where=where)
    if answer.status == "abstained":
        near = tuple(filter(None, (_hit(sources, hit) for hit in answer.nearest)))
        told = replace(answer, nearest=near, text=answer.reason or "")
        return replace(turn, answer=told).placed(sources.paths)
    found = {citation.number: _citation(sources, citation) for citation in answer.citations}
    kept, lapsed = [], []
    for statement in answer.statements:
        if reason := _fault(sources, answer, statement, found):
            lapsed.append(Withdrawn(statement.text, reason))
        else:
            kept.append(statement)
    whole = {number: citation for number, citation in found.items() if citation is not None}
    rest = _rest(answer, kept, whole) if kept else None
    if rest is not None:
        checked(rest, {c.document.id: _text(sources, c) for c in rest.citations})
    citations = rest.citations if rest is not None else ()
    return replace(turn, answer=rest, citations=citations, lapsed=tuple(lapsed)).placed(
        sources.paths
    )


def _asked_of(scope: str, where: Filter | None) -> dict[str, Any]:
    kept = {"scope": scope, "where": filter_to_dict(where) if where else None}
    return {name: value for name, value in kept.items() if value}


def _scope(data: object) -> tuple[str, Filter | None]:
    """What a kept turn was asked of, in words and as a filter."""
    kept = data if isinstance(data, dict) else {}
    scope = kept.get("scope")
    try:
        where = filter_from(kept.get("where"))
    except FilterError:
        where = None
    return scope[:_LONGEST_SCOPE] if isinstance(scope, str) else "", where


def _citation(sources: _Sources, citation: Citation) -> Citation | None:
    """The citation with its document as it is now; None where the quote does not stand in it."""
    document = sources.document(citation.document.id)
    if document is None:
        return None
    quote, text = citation.quote, document.text
    stands = (
        text[quote.start : quote.end] == quote.text
        and text.endswith(quote.prefix, 0, quote.start)
        and text.startswith(quote.suffix, quote.end)
    )
    place = document.place_of(quote.start, quote.end)
    return replace(citation, document=document.info, place=place) if stands else None


def _fault(
    sources: _Sources,
    answer: Answer,
    statement: Statement,
    found: dict[int, Citation | None],
) -> str:
    """Why a sentence is not shown as an answer any more; empty where it is."""
    cited = [answer.citations[number - 1] for number in statement.citations]
    lacks = (sources.lack(c.document) for c in cited if found[c.number] is None)
    if reason := next(lacks, ""):
        return reason
    standing = [citation for number in statement.citations if (citation := found[number])]
    words = [form for c in standing for form in (c.quote.text, shown(c.quote.text))]
    titles = [form for c in standing for form in (c.document.name, shown(c.document.name))]
    _, check = check_quotations(statement.text, [*words, *titles])
    return "" if check.passed else "what it has in quotation marks is in none of its quotes"


def _rest(answer: Answer, kept: Sequence[Statement], whole: dict[int, Citation]) -> Answer:
    """The answer made of these sentences alone, its quotes numbered anew."""
    order = list(dict.fromkeys(number for each in kept for number in each.citations))
    numbers = {old: new for new, old in enumerate(order, start=1)}
    statements = tuple(
        replace(each, citations=tuple(numbers[number] for number in each.citations))
        for each in kept
    )
    return replace(
        answer,
        text="\n\n".join(map(marked, statements)),
        statements=statements,
        citations=tuple(replace(whole[old], number=new) for old, new in numbers.items()),
    )


def _hit(sources: _Sources, hit: Hit) -> Hit | None:
    """A nearest passage, with its document as it is now; None where it does not stand in it."""
    document, passage = sources.document(hit.passage.document_id), hit.passage
    if document is None or document.text[passage.start : passage.end] != passage.text:
        return None
    return replace(hit, document=document.info)


def _text(sources: _Sources, citation: Citation) -> str:
    document = sources.document(citation.document.id)
    return document.text if document is not None else ""


def _length(data: object) -> int:
    """Characters of the JSON; 0 where it is none that can be sent or written to a file."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        return 0
    return len(text)
