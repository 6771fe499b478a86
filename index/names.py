"""Names of people: what reads as one, and lists of authors as texts and front matter write them."""

import re
from collections.abc import Iterable, Mapping

ORGANIZATION = re.compile(
    r"\b(?:cent(?:er|re)|institute|university|foundation|council|agency|society|association"
    r"|press|news|times|post|journal|review|tribune|gazette|herald|magazine|weekly|daily|bureau"
    r"|ministry|committee|commission|think ?tank|observatory|academy|department|office|group)\b",
    re.I,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTICLES = _words(
    "de da del della di do dos du van von der den ter ten la le el al bin ibn bint af av zu y"
)
_NEVER_IN_NAMES = _words(
    "a an the of in on at for to from and or nor but with without by as is are was were be been "
    "has have had not no this that these those it its our your their his her we you they i why "
    "how what where when who whom which whose can could will would should may's after before "
    "over under into out about against between beyond during through monday tuesday wednesday "
    "thursday friday saturday sunday staff editor editors editorial editing team desk "
    "correspondent correspondents reporter reporters writer writers admin administrator "
    "contributor contributors anonymous guest author authors wire phd"
)
_NEVER_FIRST = _words("new los san las hong tel abu saint st north south east west united more all")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-])*")
_BETWEEN = re.compile(r" ?(?:, ?(?:and\b|&)?|;|&|\band\b) ?")
"""In a text with single spaces."""


def is_name(text: str) -> bool:
    """Whether a text reads as the full name of a person: capitalized words, initials, particles."""
    words = text.split()
    if not 2 <= len(words) <= 7 or ORGANIZATION.search(text):
        return False
    lowered = [word.casefold().rstrip(".") for word in words]
    if lowered[0] in _NEVER_FIRST or lowered[0] in _PARTICLES - {"al", "el", "la", "le"}:
        return False
    if any(word in _NEVER_IN_NAMES for word in lowered if len(word) > 1):
        return False
    full = [word for word in words if word not in _PARTICLES]
    return (
        2 <= len(full) <= 5
        and all(map(_is_name_word, full))
        and words[-1] in full
        and sum(len(word.rstrip(".")) > 1 for word in full) >= 1
    )


def _is_name_word(word: str) -> bool:
    """A capitalized word, an initial or a title, or a word of a script without case."""
    if not _WORD.fullmatch(word):
        return False
    first = word[2:3] if word[:2].casefold() in ("d'", "d’", "o'", "o’") else word[0]
    if word.endswith(".") and len(word.rstrip(".")) > 3:
        return False
    return not first.islower() and first.isalpha()


def leading_names(text: str) -> tuple[str, ...]:
    """The names a byline begins with ("Jane Doe and John Roe, The Daily Bugle"): none, if none."""
    names: list[str] = []
    for part in _BETWEEN.split(" ".join(text.split())):
        if not is_name(part):
            break
        names.append(part)
    return tuple(names)


def stated_names(value: object) -> tuple[str, ...]:
    """The authors that front matter or a sidecar states: a text, a mapping, or a list of these.

    A text is divided only where every part reads as a full name, so that "Doe, Jane" and
    "Ministry of Trade and Industry" stay whole.
    """
    if isinstance(value, Mapping):
        return _one(_mapped_name(value))
    if isinstance(value, str):
        text = " ".join(value.split())
        if ";" in text:
            return tuple(part.strip() for part in text.split(";") if part.strip())
        parts = _BETWEEN.split(text)
        return tuple(parts) if all(map(is_name, parts)) else _one(text)
    if isinstance(value, Iterable):
        return tuple(
            name
            for item in value
            for name in _one(_mapped_name(item) if isinstance(item, Mapping) else item)
        )
    return ()


def _mapped_name(value: Mapping[object, object]) -> object:
    keys = {str(key).casefold(): item for key, item in value.items()}
    if keys.get("name"):
        return keys["name"]
    parts = [keys.get("given") or keys.get("first"), keys.get("family") or keys.get("last")]
    return " ".join(part for part in parts if isinstance(part, str))


def _one(value: object) -> tuple[str, ...]:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return (text,) if text and text.casefold() not in ("null", "~") else ()
