"""Documents that give different numbers near the same name: a person decides whether they clash."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from eval.generation.collection import Collection, Quotable
from eval.generation.lexicon import FUNCTION_WORDS
from eval.generation.proposal import Proposal
from eval.generation.quantities import NUMBER, number_spellings
from eval.generation.templates.base import Material, stems
from eval.generation.wording import joined, reads_well, word_set

_WITH_UNIT = re.compile(rf"(?<![\w.,$€£–-])(?P<number>{NUMBER}) ?(?P<unit>%|[a-z]+)")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_PERCENT = ("%", "percent", "per")
_TIMES = word_set("year years month months week weeks day days hour hours minutes time times")
"""Two spans of time near a name are seldom the same span."""
_SHARED = 2
"""So many words, beside the name and the unit, must two sentences have in common,"""
_SHARE = 0.4
"""and so large a share of the shorter one's words."""
_MOST_SENTENCES = 8
"""A name that more sentences have stands for too many things."""


class _Stated(NamedTuple):
    """A number that a sentence states."""

    sentence: Quotable
    number: str
    unit: str


def propose(material: Material) -> Iterator[Proposal]:
    """Propose questions about numbers that differ from one document to another."""
    collection = material.collection
    by_matter: dict[tuple[str, str], list[_Stated]] = defaultdict(list)
    for sentence in collection.sentences:
        for stated in _numbers(sentence) if sentence.fit else ():
            for name in sorted({mention.name for mention in collection.mentions[sentence]}):
                topic = collection.names.full_name(name)
                is_rare = len(collection.by_name[topic]) <= _MOST_SENTENCES
                if is_rare and collection.names.is_topic(topic):
                    by_matter[topic, stated.unit].append(stated)
    for (name, _), found in by_matter.items():
        for one, other in combinations(found, 2):
            yield from _clash(collection, name, one, other)


def _numbers(sentence: Quotable) -> Iterator[_Stated]:
    """The numbers of a sentence with the word after them; years left out."""
    for match in _WITH_UNIT.finditer(sentence.plain):
        is_year = _YEAR.fullmatch(match["number"]) is not None
        if not is_year and match["unit"] not in FUNCTION_WORDS | _TIMES:
            unit = "percent" if match["unit"] in _PERCENT else match["unit"]
            yield _Stated(sentence, match["number"], unit)


def _clash(collection: Collection, name: str, one: _Stated, other: _Stated) -> Iterator[Proposal]:
    if one.sentence.doc == other.sentence.doc:
        return
    if set(number_spellings(one.number)) & set(number_spellings(other.number)):
        return
    own = stems(f"{name} {one.unit}")
    first, second = stems(one.sentence.plain) - own, stems(other.sentence.plain) - own
    shared = len(first & second)
    asked = "what percentages" if one.unit == "percent" else f"how many {one.unit}"
    question = joined(asked, "do the documents give for", collection.names.with_article(name))
    wanted = max(_SHARED, _SHARE * min(len(first), len(second)))
    if shared >= wanted and reads_well(question):
        yield Proposal(
            category="conflict",
            question=question,
            template="other_number",
            why="Do both speak of the same thing, so that the numbers clash?",
            evidence=((one.sentence.gold,), (other.sentence.gold,)),
            facts=(number_spellings(one.number), number_spellings(other.number)),
            sources=(one.sentence.doc, other.sentence.doc),
            score=0.5 + 0.05 * min(4, shared),
            topics=(name,),
        )
