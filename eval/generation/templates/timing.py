"""When something happened, since or until when it was so, what somebody did on a date."""

import re
from collections.abc import Iterator
from dataclasses import replace

from eval.generation import verbs
from eval.generation.clauses import Clause, first_verb_only, parse
from eval.generation.collection import Collection, Quotable
from eval.generation.dates import DatePhrase, date_phrases, find_bound, spellings, years_in
from eval.generation.proposal import Proposal
from eval.generation.subjects import is_telling, subject_inside
from eval.generation.templates.base import about, stems
from eval.generation.templates.events import SPEECH
from eval.generation.wording import joined, points_outside


def ask(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """Questions about dates, according to one sentence."""
    clause = parse(sentence.bare)
    if clause is None or clause.is_denied or not is_telling(collection, clause.subject):
        return
    yield from _dated(collection, sentence, clause)
    for word in ("since", "until"):
        yield from _bound(collection, sentence, clause, word)


def _dated(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    phrases = date_phrases(sentence.bare)
    if len(phrases) != 1 or len(years_in(sentence.bare)) > 1:
        return
    phrase, rest = phrases[0], clause.rest
    if phrase.text in rest:
        before, _, after = rest.partition(phrase.text)
        if after and not re.match(
            r",|$| (?:in|at|by|to|with|for|from|near|after|when|and)\b", after
        ):
            return
        if re.search(r"\b(?:that|which|who|where|when)\b", before):
            return  # the date may belong to the inner clause
        rest = f"{before.rstrip(' ,')}{after}"
    elif not clause.lead:
        return
    if re.search(r" and (?:he|she|it|they) ", rest):
        return
    yield from _when(collection, sentence, clause, phrase, first_verb_only(rest))
    yield from _did(collection, sentence, clause, phrase)


def _when(
    collection: Collection, sentence: Quotable, clause: Clause, phrase: DatePhrase, rest: str
) -> Iterator[Proposal]:
    asked = clause.asked()
    verb = verbs.read(clause.verb)
    if asked is None or (clause.is_be and not _is_passive(rest)) or len(rest.split()) > 16:
        return
    if verb is not None and verb.base in SPEECH | {"have", "become"} and not clause.is_auxiliary:
        return
    helper, subject, base = asked
    if helper in ("does", "is", "are", "can", "may") or (not rest and not base):
        return
    yield from about(
        collection,
        sentence,
        joined("when", helper, subject_inside(collection, subject), base, rest),
        template="when",
        category="temporal",
        why="Is it the date of what is asked for?",
        value=phrase.date,
        facts=(spellings(phrase.date),),
        score=0.8 if len(stems(rest)) > 1 else 0.65,
        owner=clause.subject,
    )


def _did(
    collection: Collection, sentence: Quotable, clause: Clause, phrase: DatePhrase
) -> Iterator[Proposal]:
    verb = verbs.read(clause.verb)
    if verb is None or clause.is_auxiliary or verb.form != "past":
        return
    if verb.base in verbs.STATIVE | SPEECH or len(clause.rest.split()) < 3:
        return
    if not collection.find_names(clause.subject) or points_outside(clause.rest, clause.subject):
        return
    names = [mention.name for mention in collection.find_names(clause.subject)]
    same = collection.stating(phrase.date, names)
    if not years_in(phrase.date) or len(same) > (4 if phrase.has_month else 2):
        return
    for proposal in about(
        collection,
        sentence,
        joined("what did", subject_inside(collection, clause.subject), "do", phrase.text),
        template="did",
        category="temporal",
        why="Is it what the question would be asked for?",
        score=0.75 if phrase.has_month else 0.65,
    ):
        others = (other.gold for other in same if other.gold != sentence.gold)
        yield replace(proposal, evidence=((sentence.gold, *others),))


def _bound(
    collection: Collection, sentence: Quotable, clause: Clause, word: str
) -> Iterator[Proposal]:
    """From "remains in force until 2044": until when does it remain in force?"""
    found = find_bound(clause.rest, word)
    asked = clause.asked()
    if found is None or asked is None or len(years_in(sentence.bare)) > 1:
        return
    before, date, after = found
    helper, subject, base = asked
    if re.search(r"\b(?:that|which|who|where|when|and)\b", before):
        return
    yield from about(
        collection,
        sentence,
        joined(f"{word} when", helper, subject_inside(collection, subject), base, before, after),
        template=f"{word}_when",
        category="temporal",
        why="Is it the date of what is asked for?",
        value=date,
        facts=(spellings(date),),
        score=0.8,
        owner=clause.subject,
    )


def _is_passive(rest: str) -> bool:
    words = [word.strip(",") for word in rest.split()]
    return any(verbs.is_participle(word) for word in words[:2])
