"""Follow-up questions about what another author says on the same name."""

from collections.abc import Iterator

from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.templates.base import Material, group
from eval.generation.templates.voices import is_about, sources_of, topics, touches
from eval.generation.voices import Voice, by_voice
from eval.generation.wording import joined, reads_well

_MOST_SENTENCES = 4


def propose(material: Material) -> Iterator[Proposal]:
    """Propose "And what does OTHER say about it?" after one or two other voices."""
    collection = material.collection
    for name, found in topics(material):
        spoken = [
            (voice, [s for s in own if _is_fitting(collection, s, name, voice)])
            for voice, own in by_voice(material.voices, found)
            if len(own) <= _MOST_SENTENCES
        ]
        telling = [(voice, own) for voice, own in spoken if own]
        if len(telling) > 1 and collection.names.kind(name) != "person":
            yield from _and_what_does(collection, name, telling)


def _is_fitting(collection: Collection, sentence: Quotable, name: str, voice: Voice) -> bool:
    """Whether a sentence answers "What does this voice say about the name?".

    Authors write about the same matters; of other documents, one name tells little.
    """
    if voice.is_author:
        return touches(collection, sentence, name)
    return is_about(collection, sentence, name)


def _and_what_does(
    collection: Collection, name: str, telling: list[tuple[Voice, list[Quotable]]]
) -> Iterator[Proposal]:
    # Who says most is asked first, and twice where there is no third voice.
    (first, said), *others = sorted(telling, key=lambda each: -len(each[1]))
    *middle, (last, answers) = others
    topic = collection.names.with_article(name)
    history = [(joined("what does", first.name, "say about", topic), said[0].plain)]
    if middle:
        history.append((joined("and", middle[0][0].name), middle[0][1][0].plain))
    elif len(said) > 1:
        history.append((joined("what else does", first.name, "say about it"), said[1].plain))
    question = joined("and what does", last.name, "say about it")
    if len(history) > 1 and reads_well(question):
        yield Proposal(
            category="followup",
            question=question,
            template="other_voice",
            why=f"Does the quote say something about {topic} that is worth asking for?",
            history=tuple(history),
            evidence=(group(answers),),
            sources=sources_of(answers),
            score=0.65 + 0.1 * any(is_about(collection, answer, name) for answer in answers),
            topics=(name,),
        )
