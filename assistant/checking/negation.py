"""Denials and opposites: what is denied must be denied, and nothing said the other way round."""

import re
from functools import lru_cache

from assistant.checking.texts import clauses, content_terms, named, plain
from assistant.checking.verb_forms import base_terms
from assistant.claims import unborne_negations
from assistant.details import Check
from assistant.opposites import opposites
from index.terms import analyze

_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "anti", "non-", "anti-", "mis", "de")
_UNTIL = re.compile(r"(?<!not )\buntil\b", re.I)
_UNDENIED = re.compile(
    r"^no,\s|\bnot (?:until|only|just|least)\s|\bno (?:more|less|fewer) than\s", re.I
)
"""Words of denial that deny nothing of what follows."""


def check_negation(text: str, premises: str) -> Check:
    """Whether statement and quotes deny the same of what both speak of."""
    said, meant = (_in_base_forms(_UNDENIED.sub(" ", plain(one))) for one in (text, premises))
    _, unborne = unborne_negations(said, meant)
    if "not until" in plain(premises) and _UNTIL.search(plain(text)):
        return Check("negation", False, "“until”: the quotes say “not until”")
    if unborne:
        terms = [claim.text or "not" for claim in unborne]
        return Check("negation", False, f"{named(terms)}: denied by one of statement and quotes")
    return Check("negation", True, "the statement denies what the quotes deny")


def check_opposites(text: str, premises: str) -> Check:
    """Whether a statement has no word whose opposite stands in its place in the quotes."""
    text, premises = plain(text), plain(premises)
    found = _opposed(text, premises) or _opposed(*map(_in_base_forms, (text, premises)))
    found += _prefixed(text, premises)
    if found:
        pairs = "; ".join(f"“{one}” where the quotes have “{other}”" for one, other in found)
        return Check("opposites", False, pairs)
    swapped = _swapped(text, premises)
    if swapped:
        return Check("opposites", False, f"{named(swapped)}: the quotes say it of something else")
    return Check("opposites", True, "no opposite of what the quotes say")


def _opposed(text: str, premises: str) -> list[tuple[str, str]]:
    """(term of the statement, its opposite in the quotes), where neither text has both."""
    held, said = frozenset(analyze(premises)), set(analyze(text))
    return [
        (term, min(other))
        for term in sorted(said - held)
        if (other := opposites().get(term, frozenset()) & (held - said))
    ]


def _in_base_forms(text: str) -> str:
    """The text with irregular verbs in their base form: what is denied stands in it."""
    bases = base_terms()
    return re.sub(r"\b[a-z]+\b", lambda match: bases.get(match[0], match[0]), text)


def _prefixed(text: str, premises: str) -> list[tuple[str, str]]:
    """`legal` for `illegal` and the like, either way."""
    said = _long_words(text)
    held = _long_words(premises)
    return [
        (one, other)
        for one in said - held
        for other in held - said
        if any(one == f"{prefix}{other}" or other == f"{prefix}{one}" for prefix in _PREFIXES)
    ]


def _swapped(text: str, premises: str) -> list[str]:
    """Words that stand in the clause most like the statement's only as their opposites."""
    found = []
    meant = clauses(premises)
    for clause in clauses(text):
        terms = frozenset(content_terms(clause))
        for term in frozenset(analyze(clause)) & opposites().keys():
            rest = terms - opposites()[term] - {term}
            like = [other for other in meant if len(rest & set(content_terms(other))) >= 1]
            shares = {other: len(rest & set(content_terms(other))) for other in like}
            best = [other for other in like if shares[other] == max(shares.values())]
            if best and all(_is_opposite(term, frozenset(analyze(other))) for other in best):
                found.append(term)
    return found


def _is_opposite(term: str, terms: frozenset[str]) -> bool:
    return term not in terms and not terms.isdisjoint(opposites()[term])


@lru_cache(maxsize=1024)
def _long_words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[\w-]+", text.casefold()) if len(word) > 3)
