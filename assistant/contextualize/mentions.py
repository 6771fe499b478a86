"""What a text speaks of: its names and noun phrases, and what kind of thing each is.

There is no tagger here. A name is known by its capitals, a noun phrase by its article, and kinds by
what stands next to them; what cannot be told is left open.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from assistant.contextualize.phrases import (
    AUXILIARIES,
    POSSESSIVE,
    Token,
    is_noun,
    noun_end,
    phrases,
    tokens_of,
)
from assistant.contextualize.words import (
    BARE_VERB_AFTER,
    DEMONYM,
    INSTITUTION_WORDS,
    PERSON_WORDS,
    PLACE_CUES,
    SAY,
    SAYS,
    STATE,
    is_function_word,
)

Kind = Literal["person", "place", "thing", "several", "open"]
"""`several` takes "they"; `open` is a name of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing a text speaks of."""

    text: str
    """As a question can name it: with its article, without a possessive ending."""
    kind: Kind
    is_name: bool = True
    is_subject: bool = False
    """Whether it comes right after the auxiliary: "did Castillo say"."""
    start: int = 0
    end: int = 0
    """Half-open range of code points in the text, article and possessive ending included."""
    is_paired: bool = False
    """Whether it is one of two names joined by "and"."""

    @property
    def core(self) -> str:
        """The text without its article, folded for comparing."""
        return re.sub(r"^(?:the|an?) ", "", self.text, flags=re.I).casefold()


def mentions(text: str, people: Collection[str] = ()) -> list[Mention]:
    """The names and noun phrases of a text, in its order; a pair of names before each of the two.

    Args:
        text: a question or a statement.
        people: words known to be names of persons, in any case.
    """
    tokens = tokens_of(text)
    known = {person.casefold() for person in people}
    found = [_mention(text, tokens, first, last, known) for first, last in phrases(tokens)]
    pairs = [
        Mention(f"{a.text} and {b.text}", "several", True, a.is_subject, a.start, b.end)
        for a, b in pairwise(found)
        if a.is_name and b.is_name and text[a.end : b.start] == " and "
    ]
    singles = [
        replace(m, is_paired=any(p.start <= m.start and m.end <= p.end for p in pairs))
        for m in found
    ]
    owned = [one for m in singles if (one := _owned(text, tokens, m))]
    return sorted([*pairs, *owned, *singles], key=lambda mention: (mention.start, -mention.end))


def _owned(text: str, tokens: Sequence[Token], owner: Mention) -> Mention | None:
    """What an owner has, up to a preposition or the end: "Alsen's harvest"."""
    first = next((i for i, token in enumerate(tokens) if token.start > owner.end), len(tokens))
    if not first < len(tokens) or not tokens[first - 1].owns or not is_noun(tokens[first]):
        return None
    last = noun_end(tokens, first + 1, "")
    kind: Kind = "several" if _is_plural(tokens[last - 1].low) else "thing"
    end = tokens[last - 1].end
    return Mention(text[owner.start : end], kind, True, owner.is_subject, owner.start, end)


def _mention(text: str, tokens: Sequence[Token], first: int, last: int, known: set[str]) -> Mention:
    start, end = tokens[first].start, tokens[last - 1].end
    shown = POSSESSIVE.sub("", text[start:end])
    if tokens[first].low in ("a", "an", "the"):
        shown = shown[0].lower() + shown[1:]
    return Mention(
        text=shown,
        kind=_kind(tokens, first, last, known),
        is_name=any(token.is_capital for token in tokens[first:last]),
        is_subject=first > 0 and tokens[first - 1].low in AUXILIARIES,
        start=start,
        end=end,
    )


def _kind(tokens: Sequence[Token], first: int, last: int, known: set[str]) -> Kind:
    """The kind that a phrase's own words tell, or else what stands around it."""
    words = [POSSESSIVE.sub("", token.low) for token in tokens[first:last]]
    own_words = words[words[0] in ("the", "a", "an") :] or words  # the letter "A" is a phrase too
    head = own_words[-1]
    is_name = any(token.is_capital for token in tokens[first:last])
    if set(words) & known or {own_words[0], head} & PERSON_WORDS:
        return "several" if _is_plural(head) and not is_name else "person"
    if set(words) & INSTITUTION_WORDS or (is_name and tokens[last - 1].text.isupper()):
        return "thing"
    if not tokens[last - 1].is_capital:
        return "several" if _is_plural(head) else "thing"
    if words != own_words:
        return "several" if _is_plural(head) or DEMONYM.search(head) else "thing"
    return _kind_by_neighbors(tokens, first, last)


def _kind_by_neighbors(tokens: Sequence[Token], first: int, last: int) -> Kind:
    before = [token.low for token in tokens[max(0, first - 2) : first]]
    previous = before[-1] if before else ""
    following = tokens[last].low if last < len(tokens) else ""
    head = tokens[last - 1]
    verb = SAY if previous in BARE_VERB_AFTER else SAYS
    if before == ["according", "to"] or (not head.owns and verb.match(following)):
        return "person"
    if last - first == 1 and STATE.match(POSSESSIVE.sub("", head.low)):
        return "place"
    if _PEOPLE.search(head.low) or (previous in ("are", "were") and not head.owns):
        return "several"
    is_compound = following[:1].isalpha() and not is_function_word(following)
    return "place" if previous in PLACE_CUES and not is_compound else "open"


_PEOPLE = re.compile(r"(?:ish|ese|french|dutch)$")


def _is_plural(word: str) -> bool:
    return word == "people" or (word.endswith("s") and not word.endswith(("ss", "us", "is")))
