"""The names of a collection: how often each occurs, and what it is a name of."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from eval.generation import verbs
from eval.generation.lexicon import FUNCTION_WORDS, GIVEN_NAMES, TITLES
from eval.generation.mentions import BODY_NOUN, Casing, Mention

Kind = Literal["person", "place", "body", "thing"]
"""`body` is an organization; `thing` is any name of which nothing more is known."""

_WITH_ARTICLE = re.compile(
    r" (?:Union|Organi[sz]ation|Party|Parliament|Court|Council|Commission|Ministry|Committee|Agency"
    r"|District|Federation|Alliance|Army|Department|War|Agreement|Treaty|Force|Republic|Empire|Act"
    r"|Statute|Agenda)$"
)
_DEMONYM = re.compile(r"(?:ians?|eans?|ern|ese|ish|ic|ites?)$")
_TOPIC = re.compile(r"[^\W\d_][\w.’' -]*\w")
_SPEAKS = re.compile(
    r"(?:,? who\b|,? whose\b|['’]s (?:article|view|account|book|essay|wife|son|father|theory)\b"
    r"| (?:said|says|wrote|writes|argued|argues|thinks|thought|believed|noted|claims|claimed"
    r"|observed|recalled|was born|died|married)\b)"
)
"""What follows a person's name, and seldom another name."""


class Names:
    """The names of a collection."""

    def __init__(
        self, sentences: Iterable[tuple[str, list[Mention]]], authors: set[str], casing: Casing
    ) -> None:
        self._authors = authors
        self._casing = casing
        self._count: Counter[str] = Counter()
        self._titles: Counter[str] = Counter()
        self._articles: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._adjectives: Counter[str] = Counter()
        self._speaking: Counter[str] = Counter()
        for plain, mentions in sentences:
            for mention in mentions:
                self._note(plain, mention)

    def _note(self, plain: str, mention: Mention) -> None:
        name = mention.name
        before = plain[: mention.start].lower().split()[-1:]
        after = plain[mention.start + len(name) :]
        follower = re.match(r" ([a-z][\w-]*)", after)
        self._count[name] += 1
        self._titles[name] += bool(mention.title)
        self._articles[name] += before == ["the"]
        self._places[name] += bool(before) and before[0] in ("in", "near", "to", "from")
        self._speaking[name] += _SPEAKS.match(after) is not None
        self._adjectives[name] += follower is not None and not _is_function(follower[1])

    def count(self, name: str) -> int:
        """How often the collection has exactly this name."""
        return self._count[name]

    def with_article(self, name: str) -> str:
        """The name as it stands inside a sentence: "the European Union", "Warsaw"."""
        if name.split()[0] in ("The", "A"):
            return name
        seen = self._articles[name] * 2 >= max(self._count[name], 1)
        expected = self._count[name] < 2 and _WITH_ARTICLE.search(name) is not None
        return f"the {name}" if seen or expected else name

    def is_adjective(self, name: str) -> bool:
        """Whether the name often stands before a noun: "Russian", "Smerch"."""
        seldom = 2 if " " in name else 2.5
        return self._adjectives[name] * seldom >= self._count[name]

    def is_topic(self, name: str) -> bool:
        """Whether one can ask what is said about it: it is no adjective and no common word."""
        words = name.split()
        if self.is_adjective(name) or len(name) < 3 or not _TOPIC.fullmatch(name):
            return False
        if (len(name) < 4 and not name.isupper()) or name[0].islower():
            return False
        if len(words) == 1:
            return not (_DEMONYM.search(name) or self._casing.has_small(name))
        return not words[0].endswith("ing") and words[-1] not in TITLES

    def kind(self, name: str) -> Kind:
        """What the name is a name of, as far as the collection tells."""
        if name in self.persons:
            return "person"
        head = re.split(r" (?:of|for|on) ", name)[0].split()[-1]
        if BODY_NOUN.fullmatch(head) or (name.isupper() and name.isalpha() and len(name) >= 3):
            return "body"
        return "place" if self._is_place(name) else "thing"

    @cached_property
    def persons(self) -> frozenset[str]:
        """Names of people, and the surnames that only one of them has."""
        return frozenset(self._full_persons) | frozenset(self._bearers)

    def full_name(self, name: str) -> str:
        """The full name of the person with this surname, or the name itself."""
        return self._bearers.get(name, name)

    @cached_property
    def _full_persons(self) -> list[str]:
        return sorted(name for name in self._count if self._is_full_person(name))

    @cached_property
    def _bearers(self) -> dict[str, str]:
        """The one person by each surname that stands alone somewhere."""
        surnames = Counter(name.split()[-1] for name in self._full_persons)
        return {
            surname: full
            for full in self._full_persons
            if " " in full
            and surnames[surname := full.split()[-1]] == 1
            and self._count[surname]
            and len(surname) > 2
            and not (surname.isupper() or self._articles[surname] or self._is_place(surname))
        }

    def _is_full_person(self, name: str) -> bool:
        words = name.split()
        if BODY_NOUN.search(name):
            return False
        if name in self._authors or (self._titles[name] and not self._articles[name]):
            return True
        if not 2 <= len(words) <= 4 or self._articles[name] or "of" in words:
            return False
        return words[0].lower() in GIVEN_NAMES or self._speaking[name] > 0

    def _is_place(self, name: str) -> bool:
        often = self._places[name] >= max(2, self._count[name] // 4)
        return often and self._articles[name] * 10 < self._count[name]


def _is_function(word: str) -> bool:
    """Whether a word after a name shows that the name is no adjective before a noun."""
    verb = verbs.read(word)
    is_verb = verb is not None and (verb.form != "base" or not word.endswith("s"))
    return word in FUNCTION_WORDS or word.endswith("ly") or is_verb
