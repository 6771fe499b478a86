"""Proposals by a chat model: the model points at sentences, the program quotes them.

The model never writes evidence. It names sentences by their numbers, and the gold spans are cut
from the document here; what it says about them is checked, and dropped where it does not hold.
"""

import re
from collections import Counter
from hashlib import sha256
from itertools import groupby
from math import ceil
from random import Random

from assistant.contextualize import leans_on_history
from eval.generation.collection import Collection
from eval.generation.proposal import Proposal
from eval.generation.templates.base import content_stems
from eval.generation.wording import plain_text, reads_well
from eval.types import Category, GoldSpan
from index.canonical import matching_text
from index.errors import InputError, ModelError, VerbatimError
from index.types import Passage
from prompts import load

_PER_PASSAGE = 3
_KEPT = 1.5
"""So many questions of a passage are expected to be good."""
_KINDS: dict[str, Category] = {"fact": "fact", "temporal": "temporal", "paraphrase": "paraphrase"}
_MOST_WORDS = 12
"""Words of an answer: a longer one is a sentence, which an answer in other words would not have."""
_NUMBERS = re.compile(r"\[?\d{1,3}\]?(?:\s*(?:,|and)?\s*\[?\d{1,3}\]?)*")
_SELF = re.compile(
    r"\b(?:passage|text|sentences?|excerpt|paragraph|the (?:author|article|document|writer)s?)\b",
    re.I,
)


class RejectedError(Exception):
    """A line of the model's that is no usable proposal; its message is the reason."""


def propose_by_model(
    collection: Collection, model: object, wanted: int, random: Random
) -> tuple[list[Proposal], Counter[str]]:
    """Ask a chat model for questions on passages chosen at random, spread over the documents.

    Args:
        collection: the documents.
        model: anything with LangChain's `invoke`, or a function from a prompt to a text.
        wanted: how many proposals are wanted; more or fewer may come.
        random: chooses the passages.

    Returns:
        The proposals, and how often output was dropped, by reason.

    Raises:
        InputError: the model is neither of the two.
        ModelError: the model failed.
    """
    found: list[Proposal] = []
    rejected: Counter[str] = Counter()
    for doc, passage in _passages(collection, random)[: max(1, ceil(wanted / _KEPT))]:
        mark = _mark(passage)
        prompt = load("generate_cases").render(
            mark=mark, sentences=_numbered(collection, doc, passage), count=str(_PER_PASSAGE)
        )
        for line in filter(str.strip, _reply(model, prompt).splitlines()):
            try:
                found.append(_read(collection, doc, passage, line))
            except RejectedError as reason:
                rejected[str(reason)] += 1
    return found, rejected


def _passages(collection: Collection, random: Random) -> list[tuple[str, Passage]]:
    """Passages of running text, one of each document before a second of any."""
    rounds: list[tuple[int, float, str, Passage]] = []
    for doc, passages in collection.passages.items():
        body = [p for p in passages if p.label == "body" and len(p.sentences) > 1]
        random.shuffle(body)
        rounds.extend((turn, random.random(), doc, p) for turn, p in enumerate(body))
    rounds.sort(key=lambda each: each[:2])
    return [(doc, passage) for _, _, doc, passage in rounds]


def _mark(passage: Passage) -> str:
    """A line that the passage cannot contain by intent: it depends on the passage."""
    return f"=== {sha256(passage.text.encode('utf-8', 'backslashreplace')).hexdigest()[:12]} ==="


def _numbered(collection: Collection, doc: str, passage: Passage) -> str:
    lines = [f"Title: {plain_text(collection.infos[doc].name)}"]
    if passage.heading:
        lines.append(f"Heading: {plain_text(passage.heading)}")
    for number, sentence in enumerate(passage.sentences, start=1):
        lines.append(f"[{number}] {plain_text(sentence.text)}")
    return "\n".join(lines)


def _reply(model: object, prompt: str) -> str:
    """What the model answers, as text.

    Raises:
        InputError: it is no model.
        ModelError: it failed.
    """
    call = getattr(model, "invoke", model)
    if not callable(call):
        raise InputError(
            "Expected a model with LangChain's invoke(), or a function from a prompt to a text, "
            f"found {type(model).__name__}. Pass one of the two."
        )
    try:
        reply = call(prompt)
    except VerbatimError:
        raise
    except Exception as error:  # whatever a model's own library raises
        raise ModelError(
            f"Expected questions from the chat model, found {type(error).__name__}: {error}. "
            "Check the model and propose again."
        ) from error
    content = getattr(reply, "content", reply)
    if isinstance(content, list):  # blocks, of which some are text
        parts = [part.get("text") if isinstance(part, dict) else part for part in content]
        content = "\n".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str):
        raise ModelError(
            f"Expected text from the chat model, found {type(content).__name__}. "
            "Pass a model that answers with text."
        )
    return content


def _read(collection: Collection, doc: str, passage: Passage, line: str) -> Proposal:
    """One line of the model's as a proposal.

    Raises:
        RejectedError: it is not in the form that was asked for, or does not hold.
    """
    fields = [field.strip() for field in line.split("|")]
    if len(fields) != 4 or fields[0].lower() not in _KINDS:
        raise RejectedError("not in the form that was asked for")
    kind, (_, question, numbers, answer) = _KINDS[fields[0].lower()], fields
    spans = _spans(doc, passage, numbers)
    facts = [fact for part in answer.split(";") if (fact := part.strip(' ."“”'))]
    _check_question(question)
    _check_facts(question, spans, facts)
    _check_matter(collection, doc, passage, spans, question, kind)
    return Proposal(
        category=kind,
        question=question,
        template="model",
        why="A model asked this: do the quotes answer it, all of them and nothing else?",
        evidence=tuple((span,) for span in spans),
        facts=tuple((fact,) for fact in facts),
        score=0.85,
        topics=tuple(mention.name for mention in collection.find_names(question)),
    )


def _spans(doc: str, passage: Passage, numbers: str) -> list[GoldSpan]:
    """The sentences with these numbers as gold spans; neighbors are one span.

    Raises:
        RejectedError: these are no numbers, or there is no such sentence.
    """
    if not _NUMBERS.fullmatch(numbers):
        raise RejectedError("sentences that are not named by their numbers")
    cited = sorted({int(number) - 1 for number in re.findall(r"\d+", numbers)})
    if cited[0] < 0 or cited[-1] >= len(passage.sentences):
        raise RejectedError("a sentence that there is not")
    spans = []
    for _, run in groupby(enumerate(cited), key=lambda each: each[1] - each[0]):
        places = [place for _, place in run]
        start, end = passage.sentences[places[0]].start, passage.sentences[places[-1]].end
        quote = passage.text[start - passage.start : end - passage.start]
        spans.append(GoldSpan(doc, quote, start, end))
    return spans


def _check_question(question: str) -> None:
    if not reads_well(question):
        raise RejectedError("a question that is not well formed")
    if leans_on_history(question) or _SELF.search(question):
        raise RejectedError("a question that does not stand alone")


def _check_facts(question: str, spans: list[GoldSpan], facts: list[str]) -> None:
    """Whether the words of the answer are in the sentences, and not in the question."""
    gold = _folded(" ".join(span.quote for span in spans))
    if not facts or any(len(fact.split()) > _MOST_WORDS for fact in facts):
        raise RejectedError("no short words of an answer")
    if not all(re.search(rf"(?<!\w){re.escape(_folded(fact))}(?!\w)", gold) for fact in facts):
        raise RejectedError("an answer that is not in the sentences")
    if any(_folded(fact) in _folded(question) for fact in facts):
        raise RejectedError("a question that gives its answer away")


def _check_matter(
    collection: Collection,
    doc: str,
    passage: Passage,
    spans: list[GoldSpan],
    question: str,
    kind: Category,
) -> None:
    """Whether a question is about what the sentences say, as far as its words tell.

    A paraphrase may share its words with the passage around the sentences instead.
    """
    info = collection.infos[doc]
    around = " ".join((info.name, *info.authors, passage.heading or "", passage.text))
    gold = around if kind == "paraphrase" else " ".join(span.quote for span in spans)
    names = " ".join(mention.name for mention in collection.find_names(f"x {question}"))
    particulars = content_stems(names) | set(re.findall(r"\d+", question))
    if not content_stems(question) & content_stems(gold):
        raise RejectedError("a question on something else")
    if particulars - content_stems(around) - set(re.findall(r"\d+", around)):
        raise RejectedError("a question on something else")


def _folded(text: str) -> str:
    return matching_text(text).casefold()
