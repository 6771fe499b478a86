"""What the templates have in common: from a question about a sentence to a proposal."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.voices import Voice
from eval.generation.wording import points_outside, reads_well, stem, vagueness, word_set, words_of
from eval.types import Category, GoldSpan


@dataclass(frozen=True, slots=True)
class Material:
    """What the families of templates work on."""

    collection: Collection
    asked: Mapping[Quotable, Sequence[Proposal]]
    """The questions about each sentence alone."""
    voices: Sequence[Voice]
    random: Random


Family = Callable[[Material], Iterator[Proposal]]
"""A family of templates: proposes all it can, in any order, with a score each."""

MOST_ALTERNATIVES = 6
"""A value that more sentences state near the same name is no answer to one question."""

VAGUE = 0.1
"""What a thing named as if it were known takes from the score of a question."""

_FILLERS = word_set(
    """a an the of in on at by for to from with and or is are was were be been did does do has
    have had what who whom whose which when where why how many much that as it its their his
    her than more most into about after before during between under over not no will would can
    could may"""
)


def about(
    collection: Collection,
    sentence: Quotable,
    question: str,
    *,
    template: str,
    category: Category,
    why: str,
    value: str = "",
    facts: Sequence[tuple[str, ...]] = (),
    score: float = 0.5,
    owner: str = "",
) -> Iterator[Proposal]:
    """The proposal of a question that a sentence answers, if the question reads well.

    Args:
        collection: where other sentences that answer it are looked for.
        sentence: the gold evidence.
        question: as it would be asked.
        template: the name of the template.
        category: of the case.
        why: what the reviewer should look at.
        value: the answer in the sentence's words; the question must not give it away.
        facts: spellings of each fact; the value alone if empty.
        score: how good the template's questions are, 0 to 1.
        owner: whom "its" stands for in the question.
    """
    if not reads_well(question) or points_outside(question, owner):
        return
    asked = set(words_of(question))
    answers = {value, *(spelling for fact in facts for spelling in fact)} - {""}
    if any(set(words_of(answer)) <= asked for answer in answers):
        return  # the question gives it away
    others = alternatives(collection, sentence, question, value) if value else []
    if len(others) >= MOST_ALTERNATIVES:
        return
    stated = tuple(facts) or (((value,),) if value else ())
    yield Proposal(
        category=category,
        question=question,
        template=template,
        why=why,
        evidence=((sentence.gold, *(other.gold for other in others)),),
        facts=stated,
        score=score - _burden(question),
        topics=topics_of(collection, sentence, question),
    )


def alternatives(
    collection: Collection, sentence: Quotable, question: str, value: str
) -> list[Quotable]:
    """The other sentences that state a value about what a question asks: same name, same matter."""
    asked = stems(question)
    names = [name for name in topics_of(collection, sentence, question) if name != value]
    found = collection.stating(value, names)
    matter = asked - {word for name in (*names, value) for word in stems(name)}
    wanted = max(1, len(matter) // 3) if names else max(2, (len(matter) + 1) // 2)
    return [
        other
        for other in found
        if other.gold != sentence.gold and len(matter & stems(other.plain)) >= wanted
    ]


def topics_of(collection: Collection, sentence: Quotable, question: str) -> tuple[str, ...]:
    """The names of a sentence that a question about it has, people by their full names."""
    names = (mention.name for mention in collection.find_names(sentence.bare))
    return tuple(
        dict.fromkeys(collection.names.full_name(name) for name in names if name in question)
    )


def stems(text: str) -> set[str]:
    """The content words of a text, cut so that their forms agree."""
    return {stem(word)[:6] for word in words_of(text) if word not in _FILLERS and len(word) > 2}


def content_stems(text: str) -> set[str]:
    """The stems of a text's content words."""
    return {stem(word) for word in words_of(text) if word not in _FILLERS and len(word) > 1}


def group(sentences: Iterable[Quotable]) -> tuple[GoldSpan, ...]:
    """Sentences any one of which answers."""
    return tuple(sentence.gold for sentence in sentences)


def _burden(question: str) -> float:
    """How much length and vagueness take from a question's score."""
    words = len(question.split())
    return 0.01 * max(0, words - 12) + VAGUE * vagueness(question)
