"""Who says something: sentences that report in words like "X says that ..."."""

import re
from collections.abc import Iterator
from dataclasses import replace

from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.subjects import person_in, person_spellings
from eval.generation.templates.base import about
from eval.generation.wording import is_paired, joined

_VERBS = (
    "says|said|writes|wrote|argues|argued|thinks|thought|claims|claimed|believes|believed|notes"
    "|noted"
    "|adds|added|reports|reported|finds|found|concludes|concluded|suggests|suggested|states|stated"
    "|maintains|maintained|warns|warned|observes|observed|proposes|proposed|predicts|predicted"
    "|declares|declared|explains|explained|confirms|confirmed|recalls|recalled|denies|denied"
)
_FACTUAL = "says|said|writes|wrote|notes|noted|adds|added|reports|reported|states|stated"
"""What is said in these words is told as a fact."""
_NAME = r"[^\W\d_a-z][\w.’'-]*(?: (?:[^\W\d_a-z][\w.’'-]*|de|von|van|bin|al)){0,4}"
_BEFORE = re.compile(
    rf"(?:According to (?P<source>{_NAME}), (?P<told>.+)"
    rf"|(?P<who>{_NAME})(?:, [^,]{{3,60}},)? (?:also |even |once )?(?P<verb>{_VERBS})"
    r"(?P<when> (?:in|on) [\w ,]*\d{4},?)? that (?P<clause>.+))"
)
_AFTER = re.compile(
    rf"(?P<clause>.+?), (?:(?P<who>{_NAME}) (?P<verb>{_VERBS})|(?P<verb2>says|said|writes"
    rf"|wrote) (?P<who2>{_NAME}))\.$"
)
_REPORTS = re.compile(
    rf"(?:{_NAME}|He|She|They)(?:, [^,]{{3,60}},)? (?:also )?(?:{_FACTUAL})"
    r"(?: (?:in|on) [\w ,]*\d{4},?)? that (?P<clause>.+)"
)
_END = re.compile(
    r"; |: |, (?:but|and|yet|while|although|though|which|adding|given|as|in which) | – | — "
)


def ask(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """Questions of the form "Who says that ...?", according to one sentence."""
    match = _BEFORE.match(sentence.bare)
    if match:
        who, verb = match["who"] or match["source"], match["verb"] or "says"
        yield from _who_says(collection, sentence, who, verb, match["clause"] or match["told"])
    match = _AFTER.match(sentence.bare)
    if match and not match["clause"].count('"') % 2:
        clause = collection.lower_first(match["clause"])
        who, verb = match["who"] or match["who2"], match["verb"] or match["verb2"]
        yield from _who_says(collection, sentence, who, verb, clause or "")


def reported(sentence: Quotable) -> Quotable | None:
    """What a sentence says that somebody says, as a sentence of the same place; or None.

    "He adds that the air defenses were merged in 2016" can be asked about without knowing who "he"
    is: it is a document that reports it.
    """
    match = _REPORTS.match(sentence.bare)
    told = _END.split(match["clause"].rstrip(". "), maxsplit=1)[0] if match else ""
    if not told or not is_paired(told):
        return None
    bare = f"{told[0].upper()}{told[1:]}."
    return replace(sentence, bare=bare, plain=bare)


def _who_says(
    collection: Collection, sentence: Quotable, who: str, verb: str, clause: str
) -> Iterator[Proposal]:
    mentions = collection.find_names(who)
    if len(mentions) != 1 or mentions[0].name not in collection.names.persons:
        return
    told = _END.split(clause.rstrip(". "), maxsplit=1)[0].removesuffix(" as well")
    verb = {"adds": "says", "added": "said"}.get(verb, verb)
    if len(told.split()) < 5 or not collection.find_names(f"x {told}"):
        return
    name = person_in(collection, who)
    yield from about(
        collection,
        sentence,
        joined("who", verb, "that", told),
        template="who_says",
        category="attribution",
        why="Is it clear without the sentences before it what is said?",
        value=name,
        facts=(person_spellings(collection, name),),
        score=0.85,
        owner=told,
    )
