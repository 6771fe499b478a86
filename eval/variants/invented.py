"""Invented words, names and documents, which nothing in a collection can be taken for."""

from collections.abc import Iterator
from random import Random

from eval.variants.matching import states

_SYLLABLES = ("bra", "dal", "fyo", "gri", "kel", "lum", "nax", "pri", "quel", "sten", "tor", "vim")
_AUTHORS = (
    "Ilse Brandvold",
    "Marek Tolonen",
    "Oona Fairwater",
    "Petra Quistgaard",
    "Ruben Hallewell",
    "Sunniva Ostrander",
    "Tamsin Verhoeven",
    "Ulrich Pennamore",
)
_PUBLISHER = "Variant Press"


def invented_words(rng: Random, taken: str) -> Iterator[str]:
    """Words that occur nowhere else, one after another, none twice.

    Args:
        rng: decides which.
        taken: `padded_words` of all texts they must not occur in.
    """
    given: set[str] = set()
    while True:
        word = "".join(rng.choice(_SYLLABLES) for _ in range(4)).capitalize()
        if word not in given and not states(taken, word):
            given.add(word)
            yield word


def invented_document(rng: Random, title: str, paragraphs: list[str], taken: str) -> str:
    """A Markdown document with front matter of its own.

    Args:
        rng: decides who is said to have written it, and when.
        title: of letters, digits and spaces.
        paragraphs: the text below the heading.
        taken: `padded_words` of the collection, whose authors it must not name.
    """
    free = [author for author in _AUTHORS if not states(taken, author)]
    author = rng.choice(free) if free else "An invented author"
    published = f"{rng.randint(2019, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    head = [
        "---",
        f"title: {title}",
        f"authors: [{author}]",
        f"publisher: {_PUBLISHER}",
        f"published: {published}",
        "---",
    ]
    return "\n".join(head) + "\n\n" + "\n\n".join([f"# {title}", *paragraphs]) + "\n"
