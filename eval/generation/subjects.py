"""Subjects of clauses: whether they can be asked about without their context."""

import re

from eval.generation.collection import Collection
from eval.generation.lexicon import TITLES
from eval.generation.wording import points_outside, words_of


def is_person(collection: Collection, subject: str) -> bool:
    """Whether a subject is the name of a person, with or without a title before it."""
    mentions = collection.find_names(subject)
    if len(mentions) != 1:
        return False
    name, start, _ = mentions[0]
    is_whole = start + len(name) == len(subject) and set(subject[:start].split()) <= TITLES
    return is_whole and name in collection.names.persons


def person_in(collection: Collection, subject: str) -> str:
    """The name without its title, of a subject that is a person."""
    return collection.find_names(subject)[0].name


def is_telling(collection: Collection, subject: str, words: int = 2) -> bool:
    """Whether a subject tells what it is about outside its sentence.

    A name does; "The treaty" does not; "The bilateral treaty on military relations" does; of plural
    and general subjects without an article, one word may do.

    Args:
        collection: tells names from other words.
        subject: of a clause.
        words: how many content words a subject without a name and article must have.
    """
    if points_outside(subject) or not subject:
        return False
    mentions = collection.find_names(subject)
    if mentions:
        return not _is_lone_adjective(collection, subject)
    article = subject.split()[0].lower()
    content = words_of(subject)
    if article == "the":
        return len(content) >= 4
    if article in ("a", "an"):
        return len(content) >= words + 1
    return len(content) >= words


def _is_lone_adjective(collection: Collection, subject: str) -> bool:
    """Whether a subject stands for something else, or begins it: "The French", "Systemic"."""
    bare = subject.removeprefix("The ").removeprefix("the ")
    return " " not in bare and collection.names.is_adjective(bare)


def person_spellings(collection: Collection, name: str) -> tuple[str, ...]:
    """A person's name as an answer may write it: as given, in full, the surname."""
    full = collection.names.full_name(name)
    last = full.split()[-1]
    is_surname = " of " not in full and not re.fullmatch(r"[IVX]+|Khan|Jr\.?|Sr\.?|\w{1,2}", last)
    return tuple(dict.fromkeys((name, full, *((last,) if is_surname else ()))))


def subject_inside(collection: Collection, subject: str) -> str | None:
    """A subject as it stands inside a question: "The Normans" becomes "the Normans".

    None where it is not known whether its first letter is small.
    """
    for article in ("The ", "A ", "An "):
        if subject.startswith(article):
            return subject[0].lower() + subject[1:]
    return collection.lower_first(subject)
