"""Names: those of a statement must stand in the quotes, if in another form."""

import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache

from assistant.checking.texts import named, plain
from assistant.claims import names_in
from assistant.details import Check

_SUFFIXES = (
    "",
    "s",
    "n",
    "ns",
    "an",
    "ans",
    "ian",
    "ians",
    "ese",
    "ish",
    "i",
    "is",
    "ic",
    "ism",
    "ist",
    "ists",
)
"""What makes an adjective or an inhabitant of the name of a place."""
_IRREGULAR_FORMS = """
    france/french/frenchman/frenchmen germany/german/germans spain/spanish/spaniard/spaniards
    netherlands/dutch/holland/dutchman greece/greek/greeks turkey/turkish/turk/turks
    switzerland/swiss denmark/danish/dane/danes sweden/swedish/swede/swedes poland/polish/pole/poles
    finland/finnish/finn/finns ireland/irish/irishman scotland/scottish/scot/scots/scotsman
    wales/welsh/welshman england/english/englishman/englishmen britain/british/briton/britons/uk
    norway/norwegian/norwegians portugal/portuguese iceland/icelandic/icelander thailand/thai
    philippines/filipino/filipinos afghanistan/afghan/afghans kazakhstan/kazakh/kazakhs
    uzbekistan/uzbek/uzbeks tajikistan/tajik/tajiks turkmenistan/turkmen kyrgyzstan/kyrgyz
    azerbaijan/azerbaijani/azeri/azeris belarus/belarusian argentina/argentine/argentinian
    peru/peruvian normandy/norman/normans burgundy/burgundian flanders/flemish cyprus/cypriot
    us/usa/america/american/americans eu/europe/european/europeans ussr/soviet/soviets
    paris/parisian venice/venetian/venetians genoa/genoese naples/neapolitan moscow/muscovite
    israel/israeli/israelis jew/jews/jewish kurdistan/kurd/kurds/kurdish croatia/croat/croats
    serbia/serb/serbs arab/arabs/arabia/arabic hungary/hungarian italy/italian iraq/iraqi
    canada/canadian brazil/brazilian
"""
_LONG_FORMS = {
    "us": ("united states",),
    "usa": ("united states",),
    "american": ("united states",),
    "uk": ("united kingdom",),
    "british": ("united kingdom",),
    "eu": ("european union",),
    "un": ("united nations",),
    "ussr": ("soviet union",),
}
_FIRST_WORD = re.compile(r"^[\"'(]*([^\W\d_a-z][\w'-]*)")
_OPENERS = """
    a about above according across actually additionally after afterwards again against ago all
    almost along already also although always amid among an and annually another any apart are
    around as aside at back based because become been before behind being below beneath beside
    besides between beyond both but by can certain clearly compared consequently could currently
    despite did do does down due during each earlier early either else english especially even
    eventually ever every everyone everything except few finally first following for former
    fortunately from full further furthermore generally given good had half has have he hence her
    here high his historically how however hundreds i if in including indeed initially inside
    instead into is it its itself just large last late later least less like little local long low
    many may maybe meanwhile millions modern more moreover most much must my near nearly neither
    never nevertheless new next no nobody none nonetheless nor normally not nothing now of off
    officially often old on once one ones only onto or originally other others otherwise our out
    outside over overall part people per perhaps plus possibly prior probably public rather
    recently regarding relatively right same second separately several shall she short should
    similarly since small so some someone something sometimes soon specifically still subsequently
    such teachers than that the their them then there therefore these they third this those though
    thousands through throughout thus to today together too toward towards traditionally
    typically ultimately under underneath unfortunately unless unlike until up upon us usually very
    via was we were what whatever when where whereas wherever whether which while who whoever whole
    whom whose why will with within without would yes yet you young your
"""
_IN_A_ROW = re.compile(r"(?<![\w'-])([A-Z][\w'-]+)(?= ([A-Z][\w'-]+))")
_NEAR = 4
"""How many words further on the second of two names may stand."""
_TITLE_WORDS = """
    president minister prime king queen emperor empress pope duke duchess count sir lord lady dr mr
    mrs ms general captain professor bishop archbishop cardinal senator governor secretary
    ambassador chancellor judge justice colonel major admiral prince princess foreign defense chief
    vice deputy saint st khan tsar czar sultan
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_ORDINARY = frozenset(_OPENERS.split())
"""Words that begin a sentence and name nobody."""
_ENDINGS = ("ing", "ed", "ly", "tion", "ment", "ness", "ism", "ity", "ship", "ance", "ence", "s")
"""Endings of a first word by which it need not be a name."""


def check_names(text: str, premises: str, known: Container[str] = frozenset()) -> Check:
    """Whether the quotes hold every name of a statement.

    Args:
        text: the statement, without what it says of who writes.
        premises: the quotes.
        known: words, in lower case, that are names in the passages or the question.
    """
    unborne = [name for name in _names(plain(text), known) if not is_held(name, premises)]
    if unborne:
        return Check("names", False, f"{named(unborne)}: no cited quote holds this name")
    joined = _joined_otherwise(plain(text), plain(premises))
    if joined:
        return Check("names", False, f"{named(joined)}: the quotes do not put these names together")
    return Check("names", True, "the quotes hold every name")


def is_held(name: str, premises: str) -> bool:
    """Whether a text holds a name, or a form of it: `Armenia` and `Armenians`."""
    words = _words(premises)
    folded = _without_accents(re.sub(r"'s?$", "", name.casefold()))
    if folded in words or any(is_form(folded, word) for word in words):
        return True
    if folded in _initials(premises) or any(
        long in plain(premises).casefold() for long in _LONG_FORMS.get(folded, ())
    ):
        return True
    parts = [part for part in re.split(r"[-']", folded) if part]
    return len(parts) > 1 and all(is_held(part, premises) for part in parts)


@lru_cache(maxsize=65536)
def is_form(one: str, other: str) -> bool:
    """Whether one name is derived from the other, or both are from a third: a place's people."""
    if one == other:
        return True
    if one[:2] != other[:2] and not (one in _irregular() and other in _irregular()):
        return False
    if other in _irregular().get(one, ()):
        return True
    return any(
        f"{root}{suffix}" == long
        for short, long in ((one, other), (other, one))
        for root in _roots(short)
        for suffix in _SUFFIXES
    )


def known_names(texts: Iterable[str]) -> frozenset[str]:
    """Words, in lower case, that stand in texts with a capital inside a sentence, and only so."""
    names: set[str] = set()
    ordinary: set[str] = set()
    for text in map(plain, texts):
        names.update(str(claim.value) for claim in names_in(text))
        ordinary.update(re.findall(r"(?<![\w'-])[a-z][\w'-]*", text))
    return frozenset(names - ordinary)


def _names(text: str, known: Container[str]) -> list[str]:
    """The names of a statement as written, its first word and words in lower case looked at too."""
    found = [claim.text for claim in names_in(text, known)]
    found += [word for word in re.findall(r"(?<![\w'-])[a-z][\w'-]+", text) if word in known]
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        first = _FIRST_WORD.match(sentence)
        if first and first[1] not in found and _may_be_name(first[1]):
            found.append(first[1])
    return found


def _joined_otherwise(text: str, premises: str) -> list[str]:
    """Two names in a row of which the quotes hold both, but never near each other in this order."""
    words = re.findall(r"[\w'-]+|[.!?;]", _without_accents(premises).casefold())
    found = []
    for match in _IN_A_ROW.finditer(text):
        one, other = (re.sub(r"'s?$", "", _without_accents(w).casefold()) for w in match.groups())
        if one in _ORDINARY or one in _TITLES or other in _TITLES:
            continue
        places = [
            [i for i, w in enumerate(words) if w.removesuffix("'s") == x] for x in (one, other)
        ]
        if all(places) and not any(0 < j - i <= _NEAR for i in places[0] for j in places[1]):
            found.append(f"{match[1]} {match[2]}")
    return found


def _may_be_name(word: str) -> bool:
    folded = word.casefold()
    return len(word) > 1 and folded not in _ORDINARY and not folded.endswith(_ENDINGS)


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    words = re.findall(r"\w[\w'-]*", _without_accents(plain(text).casefold()))
    parts = {part for word in words for part in (word, *word.split("-"))}
    return frozenset(re.sub(r"'s?$", "", part) for part in parts if part)


@lru_cache(maxsize=1024)
def _initials(text: str) -> frozenset[str]:
    """What the initials of names in several words spell: `csto`."""
    found = set()
    for match in re.finditer(r"[A-Z][\w'-]*(?:[ -](?:(?:of|the|and|for) )*[A-Z][\w'-]*)+", text):
        words = re.findall(r"[A-Z][\w']*", match[0])
        found |= {
            "".join(word[0] for word in words[i:j]).casefold()
            for i in range(len(words))
            for j in range(i + 2, len(words) + 1)
        }
    return frozenset(found)


@lru_cache(maxsize=4096)
def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _roots(word: str) -> list[str]:
    roots = [word]
    for ending in ("ia", "ey", "a", "e", "y", "o", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            roots.append(word[: -len(ending)])
    return roots


@lru_cache(maxsize=1)
def _irregular() -> dict[str, frozenset[str]]:
    families = [frozenset(family.split("/")) for family in _IRREGULAR_FORMS.split()]
    return {word: family for family in families for word in family}
