"""Statements that their quotes bear out: sentences themselves, or said a little otherwise."""

import re
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from eval.generation import verbs
from eval.generation.clauses import parse
from index import DocumentInfo
from index.dates import MONTHS

AUTHOR = "Robin Example"
DOCUMENT = DocumentInfo(
    "0" * 16, "A first title", (AUTHOR,), "The Publisher", "2021-03-04", "first.md", "0" * 64
)


class Place(NamedTuple):
    """A sentence where it stands."""

    sentence: str
    before: str
    """The sentence before it in its paragraph, or nothing."""
    paragraph: str
    questions: tuple[tuple[str, str], ...]
    """(question, answer) whose answer lies in the sentence."""


class Example(NamedTuple):
    """A statement, what it cites, and whether that bears it out."""

    kind: str
    statement: str
    quotes: tuple[str, ...]
    context: str
    is_true: bool
    question: str = ""
    documents: tuple[DocumentInfo, ...] = (DOCUMENT,)


_NUMBERS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        map(str, range(2, 13)),
        strict=True,
    )
)
_SYNONYM_PAIRS = """
    began/started large/big many/numerous however/yet created/made often/frequently main/chief
    small/little received/got various/different important/significant usually/generally
    built/constructed modern/contemporary several/multiple found/discovered used/employed
    main/principal began/commenced about/around became/turned people/persons area/region
    country/nation war/conflict rapid/fast required/needed provide/supply led/guided
    increase/rise occurred/happened developed/evolved considered/regarded died/perished
    established/founded
"""
_SYNONYMS = dict(pair.split("/") for pair in _SYNONYM_PAIRS.split())
_BARE = re.compile(r"\s*\([^()]*\)|\s*\[[^\]]*\]")
_INSERTED = re.compile(
    r", (?:which|who|whose|where|including|such as|especially)\b[^,.;]*(?=[,.]|$)"
)
_TAIL = re.compile(r", (?:and|but|while|which|who|with|although|where|making|leading)\b.*$")
_LEAD = re.compile(r"^((?:In|On|During|By|After|Before|At|From|Since)\b[^,]{2,40}), (.+?)\.?$")
_PASSIVE = re.compile(
    r"^(?P<what>[^,;]{3,60}?) (?:was|were) (?P<verb>\w+) by (?P<who>[^,.;]{3,60})(?P<rest>[,.].*)$"
)
_PRONOUN = re.compile(r"^(He|She|It|They)\b")
_ARTICLE = re.compile(
    r"^(?:The|A|An|This|These|Those|His|Her|Its|Their|Some|Many|Most|In|Both|All|Other|Such)\b"
)


def true_statements(place: Place, rng: Random) -> Iterator[Example]:
    """Every true statement that the forms here make of a sentence."""
    sentence = place.sentence
    forms: list[tuple[str, str | None]] = [
        ("verbatim", sentence),
        ("shortened", _shortened(sentence)),
        ("moved", _moved(sentence)),
        ("voice", _other_voice(sentence)),
        ("number words", _other_digits(sentence)),
        ("synonym", _synonym(sentence)),
        ("attributed", f"{AUTHOR} writes (March 4, 2021) that {_continued(sentence)}"),
        ("quoted", _quoted(sentence, rng)),
    ]
    for kind, statement in forms:
        if (statement and statement != sentence) or kind == "verbatim":
            yield Example(kind, str(statement), (sentence,), place.paragraph, True)
    if place.before:
        both = f"{place.before} {sentence}"
        joined = f"{place.before.rstrip('.')}, and {_continued(sentence)}"
        yield Example("joined", joined, (place.before, sentence), place.paragraph, True)
        resolved = _resolved(sentence, place.before)
        if resolved:
            yield Example("pronoun resolved", resolved, (both,), place.paragraph, True)
    for question, answer in place.questions:
        statement = _declared(question, answer)
        if statement:
            quotes = (f"{place.before} {sentence}".strip(),)
            yield Example("question", statement, quotes, place.paragraph, True, question)


def _shortened(sentence: str) -> str | None:
    bare = _BARE.sub("", sentence)
    short = _INSERTED.sub("", bare, count=1)
    if short == bare:
        short = _TAIL.sub(".", bare)
    return short if 20 < len(short) < len(sentence) and short != bare else None


def _moved(sentence: str) -> str | None:
    match = _LEAD.match(sentence)
    if not match or "," in match[2] or ";" in match[2]:
        return None
    return f"{match[2][0].upper()}{match[2][1:]} {match[1][0].lower()}{match[1][1:]}."


def _other_voice(sentence: str) -> str | None:
    match = _PASSIVE.match(sentence)
    if not match or not verbs.is_participle(match["verb"]) or " and " in match["what"]:
        return None
    who, what = match["who"], _continued(match["what"])
    return f"{who[0].upper()}{who[1:]} {verbs.past_of(match['verb'])} {what}{match['rest']}"


def _other_digits(sentence: str) -> str | None:
    words = {**_NUMBERS, **{digits: word for word, digits in _NUMBERS.items()}}
    changed = re.sub(
        rf"(?<![\w.,-])(?:{'|'.join(words)})(?! (?:{'|'.join(MONTHS)}))(?![\w.,%-])",
        lambda m: words[m[0]],
        sentence,
        count=1,
    )
    return changed if changed != sentence else None


def _synonym(sentence: str) -> str | None:
    for word in re.findall(r"[a-z]+", sentence):
        if word in _SYNONYMS:
            return re.sub(rf"\b{word}\b", _SYNONYMS[word], sentence, count=1)
    return None


def _quoted(sentence: str, rng: Random) -> str | None:
    words = sentence.rstrip(".").split()
    if len(words) < 12 or '"' in sentence or "“" in sentence:
        return None
    return f"The text says that “{' '.join(words[: rng.randint(8, len(words))])}”."


def _resolved(sentence: str, before: str) -> str | None:
    """The sentence with its first pronoun replaced by the subject of the one before."""
    match, clause = _PRONOUN.match(sentence), parse(before)
    if not match or clause is None or not clause.subject[0].isupper():
        return None
    if len(clause.subject.split()) > 4 or _PRONOUN.match(clause.subject):
        return None
    return f"{clause.subject}{sentence[match.end() :]}"


def _declared(question: str, answer: str) -> str | None:
    """A question and its answer as one sentence, where the question's form is plain."""
    asked = question.strip().rstrip("?").strip()
    words = asked.split()
    answer = answer.strip(" .")
    if len(words) < 4 or len(answer.split()) > 12:
        return None
    first = words[0].lower()
    second = words[1].lower()
    if first in ("who", "what") and (
        verbs.is_finite(second) and second not in ("did", "does", "do")
    ):
        rest = " ".join(words[1:])
        return f"{answer[0].upper()}{answer[1:]} {rest}."
    if first in ("when", "where") and second in ("was", "were", "is", "are"):
        for place in range(len(words) - 1, 2, -1):
            if verbs.is_participle(words[place]):
                subject = " ".join(words[2:place])
                link = (
                    "" if re.match(r"(?:in|on|at|by|during|from|since)\b", answer, re.I) else "in "
                )
                rest = " ".join(words[place:])
                return f"{subject[0].upper()}{subject[1:]} {second} {rest} {link}{answer}."
    if first == "how" and second == "many" and len(words) > 4:
        return (
            f"{answer[0].upper()}{answer[1:]} {' '.join(words[2:])}."
            if _has_verb(words[2:6])
            else None
        )
    return None


def _has_verb(words: list[str]) -> bool:
    finite = [word for word in words if verbs.is_finite(word.lower())]
    return bool(finite) and finite[0] not in ("did", "does", "do")


def _continued(sentence: str) -> str:
    """A sentence in the middle of another."""
    return sentence[0].lower() + sentence[1:] if _ARTICLE.match(sentence) else sentence
