"""Who mentions something, and what one or several authors say about it."""

from collections.abc import Iterator, Sequence

from eval.generation.collection import Collection, Quotable
from eval.generation.lexicon import STARTERS
from eval.generation.proposal import Proposal
from eval.generation.templates.base import Material, group
from eval.generation.voices import Voice, by_voice, named_together
from eval.generation.wording import joined, reads_well, word_set, words_of

_MOST_SENTENCES = 4
"""A name that one voice speaks of more often is too wide a subject for one question."""
_MOST_VOICES = 3
_NEAR = 6
"""So many words may stand before a name that a sentence says something about."""


def propose(material: Material) -> Iterator[Proposal]:
    """Propose questions about who says what; none where there is only one voice."""
    collection = material.collection
    for name, sentences in topics(material):
        spoken = by_voice(material.voices, sentences)
        if len(spoken) == 1:
            yield from _which(collection, material.voices, name, *spoken[0])
        for voice, own in spoken:
            yield from _what(collection, name, voice, own, len(spoken))
        if 2 <= len(spoken) <= _MOST_VOICES:
            yield from _together(collection, name, spoken)


def topics(material: Material) -> Iterator[tuple[str, list[Quotable]]]:
    """The names that can be asked about, with their sentences; none where there is one voice."""
    collection = material.collection
    authors = {author for info in collection.infos.values() for author in info.authors}
    for name, sentences in collection.by_name.items() if material.voices else ():
        if name not in authors and collection.names.is_topic(name):
            yield name, sentences


def _which(
    collection: Collection, voices: Sequence[Voice], name: str, voice: Voice, own: list[Quotable]
) -> Iterator[Proposal]:
    others = [doc for other in voices if other is not voice for doc in other.docs]
    if len(own) > _MOST_SENTENCES or not own[0].fit:
        return
    if any(name in collection.texts[doc] for doc in others):
        return
    kind = collection.names.kind(name)
    if kind == "thing" and (len(name.split()) == 1 or not voice.is_author):
        return  # in passing, or no name of anything
    word = "author" if voice.is_author else "document"
    question = joined(f"which {word} mentions", collection.names.with_article(name))
    if reads_well(question):
        yield Proposal(
            category="attribution",
            question=question,
            template="which_mentions",
            why=f"Does no other {word} speak of it in other words?",
            evidence=(group(own),),
            facts=(voice.spellings,),
            sources=sources_of(own),
            score=(0.7 if voice.is_author else 0.6) + 0.03 * min(3, len(name.split())),
            topics=(name,),
        )


def _what(
    collection: Collection, name: str, voice: Voice, own: list[Quotable], voices: int
) -> Iterator[Proposal]:
    if len(own) > _MOST_SENTENCES or not any(is_about(collection, s, name) for s in own):
        return
    if not voice.is_author and len(own) == 1 and collection.names.kind(name) == "thing":
        return
    question = joined(
        "what does" if _is_one(voice) else "what do",
        voice.name,
        "say about",
        collection.names.with_article(name),
    )
    if reads_well(question):
        yield Proposal(
            category="attribution",
            question=question,
            template="what_says",
            why="Is any of these sentences an answer on its own?",
            evidence=(group(_best_first(collection, own, name)),),
            sources=sources_of(own),
            score=0.7 + (0.05 if voices > 1 else 0) - 0.02 * len(own),
            topics=(name,),
        )


def _together(
    collection: Collection, name: str, spoken: list[tuple[Voice, list[Quotable]]]
) -> Iterator[Proposal]:
    if any(len(own) > _MOST_SENTENCES for _, own in spoken):
        return
    if not all(any(touches(collection, each, name) for each in own) for _, own in spoken):
        return
    telling = [any(is_about(collection, each, name) for each in own) for _, own in spoken]
    kind = collection.names.kind(name)
    is_sure = " " in name or kind in ("place", "body")
    if not any(telling) or not (all(telling) or (is_sure and spoken[0][0].is_author)):
        return
    question = joined(
        "what do",
        named_together([voice for voice, _ in spoken]),
        "say about",
        collection.names.with_article(name),
    )
    if reads_well(question):
        yield Proposal(
            category="multi",
            question=question,
            template="what_say_together",
            why="Does each of them say something worth quoting?",
            evidence=tuple(group(_best_first(collection, own, name)) for _, own in spoken),
            sources=tuple(dict.fromkeys(doc for _, own in spoken for doc in sources_of(own))),
            score=0.65 + 0.1 * sum(telling) / len(telling),
            topics=(name,),
        )


def is_about(collection: Collection, sentence: Quotable, name: str) -> bool:
    """Whether a sentence speaks of a name: it is the first one, and at the sentence's beginning."""
    mentions = collection.mentions[sentence]
    if not sentence.fit or not mentions:
        return False
    first = mentions[0]
    before = words_of(sentence.plain[: first.start].removesuffix(f"{first.title} "))
    return (
        collection.names.full_name(first.name) == name
        and len(before) <= 3
        and not sentence.plain.startswith(("'", "’"), first.start + len(first.name))
        # "Native Americans" are no Americans, as far as anybody knows here.
        and all(word in STARTERS and word not in _AWAY for word in before)
    )


_AWAY = word_set("""in at from to for with of on by after before since under over near""")


def touches(collection: Collection, sentence: Quotable, name: str) -> bool:
    """Whether a whole sentence has a name among its first words."""
    mentions = collection.mentions[sentence]
    places = [m.start for m in mentions if collection.names.full_name(m.name) == name]
    return sentence.fit and bool(places) and sentence.plain[: places[0]].count(" ") <= _NEAR


def _best_first(collection: Collection, own: list[Quotable], name: str) -> list[Quotable]:
    return sorted(
        own,
        key=lambda s: (not is_about(collection, s, name), not touches(collection, s, name)),
    )


def _is_one(voice: Voice) -> bool:
    return not voice.is_author or " and " not in voice.name


def sources_of(sentences: list[Quotable]) -> tuple[str, ...]:
    """The document that an answer must cite, where only one has these sentences."""
    docs = tuple(dict.fromkeys(sentence.doc for sentence in sentences))
    return docs if len(docs) == 1 else ()
