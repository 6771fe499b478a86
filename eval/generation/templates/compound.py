"""Two questions in one, on the same name or of the same form, each with its own sentence."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from eval.generation.proposal import Proposal
from eval.generation.templates.base import Material
from eval.generation.wording import joined, reads_well

_LONGEST = 11
"""Words of a question that can be one of two."""
_BEST = 0.72
_PASSIVE = re.compile(
    r"When was (?P<subject>(?:the )?[^\W\d_a-z].*) (?P<verb>founded|established|built|opened"
    r"|created|completed|formed|signed|published|abolished|dissolved)\?"
)
_LETTERS = re.compile(r"What does (?P<letters>\S+) stand for\?")
_SPECIFIC = 6
"""A name that so few sentences have is a subject that all of them share;"""
_COMMON = 0.05
"""one that a larger share of all sentences has brings together what has nothing in common."""
_MOST_OF_ONE_NAME = 12
"""Questions about one name that are combined, at most."""


def propose(material: Material) -> Iterator[Proposal]:
    """Propose questions that need two sentences."""
    short = [
        proposal
        for proposals in material.asked.values()
        for proposal in proposals
        if proposal.score >= _BEST and len(proposal.question.split()) <= _LONGEST
    ]
    yield from _of_one_form(short)
    by_topic: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in short:
        for topic in proposal.topics[:1]:
            by_topic[topic].append(proposal)
    for topic, proposals in by_topic.items():
        mentions = len(material.collection.by_name.get(topic, ()))
        is_common = mentions > _COMMON * len(material.collection.sentences)
        for one, other in combinations(proposals[:_MOST_OF_ONE_NAME], 2):
            if mentions <= _SPECIFIC or (one.home == other.home and not is_common):
                yield from _both(topic, one, other)


def _both(topic: str, one: Proposal, other: Proposal) -> Iterator[Proposal]:
    """Puts two questions into one: "When was X built, and who designed X?"."""
    if _share_sentence(one, other) or one.template == other.template == "definition":
        return
    second = other.question[0].lower() + other.question[1:]
    question = f"{one.question[:-1]}, and {second}"
    if reads_well(question) and "," not in one.question:
        yield _multi([one, other], question, "two_facts", 0.7, (topic,))


def _of_one_form(short: Sequence[Proposal]) -> Iterator[Proposal]:
    letters = [(m["letters"], p) for p in short if (m := _LETTERS.fullmatch(p.question))]
    for (first, one), (second, other) in combinations(letters, 2):
        question = joined("what do", first, "and", second, "stand for")
        if first != second and one.home == other.home and not _share_sentence(one, other):
            yield _multi([one, other], question, "two_acronyms", 0.75, (first, second))
    dated = [(m["subject"], m["verb"], p) for p in short if (m := _PASSIVE.fullmatch(p.question))]
    for (first, verb, one), (second, same, other) in combinations(dated, 2):
        question = joined("when were", first, "and", second, verb)
        if (
            verb == same
            and first != second
            and not _share_sentence(one, other)
            and reads_well(question)
        ):
            yield _multi([one, other], question, "two_dates", 0.8, (*one.topics, *other.topics))


def _multi(
    parts: Sequence[Proposal], question: str, template: str, score: float, topics: tuple[str, ...]
) -> Proposal:
    return Proposal(
        category="multi",
        question=question,
        template=template,
        why="Would somebody ask for both at once?",
        evidence=tuple(group for part in parts for group in part.evidence),
        facts=tuple(fact for part in parts for fact in part.facts),
        score=score + 0.05 * (len({part.home for part in parts}) > 1),
        topics=topics,
    )


def _share_sentence(one: Proposal, other: Proposal) -> bool:
    spans = {(span.doc, span.start) for group in one.evidence for span in group}
    return any((span.doc, span.start) in spans for group in other.evidence for span in group)
