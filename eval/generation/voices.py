"""Whose words a collection has: its authors, or its documents where no author is stated."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from eval.generation.collection import Collection, Quotable


@dataclass(frozen=True, slots=True)
class Voice:
    """One author (or several together) with their documents; or one document without an author."""

    name: str
    """As a question names it: "Ann Doe and John Roe", or "the document “Steam engine”"."""
    spellings: tuple[str, ...]
    docs: tuple[str, ...]
    is_author: bool


def voices_of(collection: Collection) -> list[Voice]:
    """The voices of a collection, or none where there are fewer than two.

    Documents without an author have a voice by their title; where some have authors, those without
    are left out.
    """
    by_author: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for doc, info in collection.infos.items():
        if doc not in collection.foreign:
            by_author[info.authors].append(doc)
    voices = [
        Voice(_listed(authors), _spellings(authors), tuple(docs), True)
        for authors, docs in by_author.items()
        if authors
    ]
    if not voices:
        voices = _titled(collection)
    return voices if len(voices) > 1 else []


def _titled(collection: Collection) -> list[Voice]:
    titles: dict[str, list[str]] = defaultdict(list)
    for doc, info in collection.infos.items():
        if info.title and doc not in collection.foreign and '"' not in info.title:
            titles[info.title].append(doc)
    return [
        Voice(f"the document “{title}”", (title,), tuple(docs), False)
        for title, docs in titles.items()
        if len(docs) == 1 and len(title.split()) <= 10
    ]


def by_voice(
    voices: Sequence[Voice], sentences: Sequence[Quotable]
) -> list[tuple[Voice, list[Quotable]]]:
    """The sentences of each voice that has some, in the voices' order."""
    found = []
    for voice in voices:
        own = [sentence for sentence in sentences if sentence.doc in voice.docs]
        if own:
            found.append((voice, own))
    return found


def named_together(voices: list[Voice]) -> str:
    """Several voices as a question names them: "Ann Doe and John Roe"."""
    if all(voice.is_author for voice in voices):
        return _listed(tuple(voice.name for voice in voices))
    return "the documents " + _listed(tuple(f"“{voice.spellings[0]}”" for voice in voices))


def _listed(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _spellings(authors: tuple[str, ...]) -> tuple[str, ...]:
    first = authors[0]
    surname = first.split()[-1]
    return tuple(dict.fromkeys((first, surname))) if " " in first else (first,)
