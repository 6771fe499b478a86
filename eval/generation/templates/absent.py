"""Questions that the documents cannot answer: what they ask for occurs nowhere in them.

Each asks about a name or an event that does occur, for something none of whose words does; or
presupposes something that happened in a place that occurs nowhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from eval.generation import verbs
from eval.generation.clauses import Clause, first_verb_only, lower_lead, parse
from eval.generation.collection import Collection, Quotable
from eval.generation.names import Kind
from eval.generation.proposal import Proposal
from eval.generation.subjects import is_person, is_telling, subject_inside
from eval.generation.templates.base import VAGUE, Material
from eval.generation.templates.unasked import ATTRIBUTES, DETAILS, PLACES, PREMISES
from eval.generation.wording import joined, points_outside, reads_well, stem, vagueness, word_set
from eval.types import Category

_MOST_DETAILS = 2
_SURE = 3


def propose(material: Material) -> Iterator[Proposal]:
    """Propose questions to which the right answer is an abstention."""
    collection = material.collection
    absent = [place for place in PLACES.split() if _is_absent(collection, place)]
    material.random.shuffle(absent)
    for number, (name, kind) in enumerate(_names(material)):
        inside = collection.names.with_article(name)
        yield from _attributes(material, name, inside, kind)
        if absent:
            place = absent[number % len(absent)]
            yield from _premises(material, name, inside, kind, place)
    for sentence in collection.sentences:
        clause = parse(sentence.bare) if sentence.fit else None
        if clause and not clause.is_denied and is_telling(collection, clause.subject):
            yield from _details(material, sentence, clause)
            yield from _elsewhere(collection, sentence, clause, absent)


def _names(material: Material) -> list[tuple[str, Kind]]:
    """The names that are known to be of people, places or bodies, in a random order."""
    names = material.collection.names
    authors = {a for info in material.collection.infos.values() for a in info.authors}
    found = [
        (name, names.kind(name))
        for name in material.collection.by_name
        if names.is_topic(name) and name not in authors
    ]
    # A surname alone may be somebody else's; letters that occur once may be no body's.
    sure: list[tuple[str, Kind]] = [
        (name, kind)
        for name, kind in found
        if (kind == "person" and " " in name)
        or kind == "place"
        or (kind == "body" and (" " in name or names.count(name) >= _SURE))
    ]
    material.random.shuffle(sure)
    return sure


def _attributes(material: Material, name: str, inside: str, kind: Kind) -> Iterator[Proposal]:
    asked = list(ATTRIBUTES[kind])
    material.random.shuffle(asked)
    for form, words in asked:
        if _all_absent(material.collection, words):
            yield from _unanswerable(form.format(inside), "attribute", words, (name,), 0.7)
            return


def _premises(
    material: Material, name: str, inside: str, kind: Kind, place: str
) -> Iterator[Proposal]:
    fitting = [form for form, words in PREMISES[kind] if _all_absent(material.collection, words)]
    if not fitting:
        return
    question = material.random.choice(fitting).format(inside).replace("PLACE", place)
    if reads_well(question):
        yield Proposal(
            category="false_premise",
            question=question,
            template="premise",
            why=f"{place} occurs nowhere in the documents. Is the question still a sensible one?",
            score=0.7,
            topics=(name,),
        )


def _details(material: Material, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    """What the documents do not say about an event that they tell of."""
    collection = material.collection
    event = _event(collection, clause)
    if event is None:
        return
    subject, past, base = event
    names = tuple(m.name for m in collection.find_names(f"{clause.subject} {clause.rest}"))
    is_human = is_person(collection, clause.subject)
    forms = [
        (f, w) for f, w in DETAILS if _all_absent(collection, w) and (is_human or "PERSON" not in f)
    ]
    for form, words in material.random.sample(forms, min(_MOST_DETAILS, len(forms))):
        question = form.replace("PAST", past).replace("BASE", base)
        question = question.replace("SUBJECT", subject).replace("PERSON", subject)
        for proposal in _unanswerable(joined(question), "detail", words, names, 0.77):
            yield replace(proposal, basis=((sentence.doc, sentence.start),))


def _elsewhere(
    collection: Collection, sentence: Quotable, clause: Clause, absent: Sequence[str]
) -> Iterator[Proposal]:
    """An event that the documents tell of, moved to a place that they never mention."""
    verb = verbs.read(clause.verb)
    event = _event(collection, clause)
    if verb is None or event is None or not absent:
        return
    subject, _, base = event
    match = re.search(
        r"\b(?:to|in|at|from|near) (?P<place>[^\W\d_a-z][\w’-]*(?: [^\W\d_a-z][\w’-]*)*)", base
    )
    if match is None or not _is_place(collection, match["place"], verb.base):
        return
    place = absent[sentence.start % len(absent)]
    moved = f"{base[: match.start('place')]}{place}{base[match.end('place') :]}"
    word = "why" if re.search(r"\d{4}", moved) else "when"
    question = joined(word, "did", subject, moved)
    if reads_well(question) and not points_outside(question, clause.subject):
        yield Proposal(
            category="false_premise",
            question=question,
            template="elsewhere",
            why=f"{place} occurs nowhere; the documents say: “{sentence.plain}”",
            score=0.85 - 0.01 * max(0, len(question.split()) - 12) - VAGUE * vagueness(question),
            topics=tuple(m.name for m in collection.find_names(clause.subject)),
            basis=((sentence.doc, sentence.start),),
        )


def _is_place(collection: Collection, name: str, verb: str) -> bool:
    return collection.names.kind(name) == "place" or (verb in _TRAVEL and " " not in name)


_TRAVEL = word_set("""travel go move sail march flee return come migrate emigrate retreat""")


def _event(collection: Collection, clause: Clause) -> tuple[str, str, str] | None:
    """(subject, past and rest, base form and rest) of an action, or None."""
    verb = verbs.read(clause.verb)
    asked = clause.asked()
    subject = subject_inside(collection, clause.subject)
    if verb is None or asked is None or clause.is_auxiliary or clause.is_be or subject is None:
        return None
    if verb.form != "past" or verb.base in verbs.STATIVE | _SPOKEN or "that" in clause.rest:
        return None
    if not collection.find_names(clause.subject) or not collection.find_names(f"x {clause.rest}"):
        return None
    lead = lower_lead(clause)
    rest = first_verb_only(clause.rest)
    if not 3 <= len(rest.split()) <= 12:
        return None
    return subject, f"{clause.verb} {rest} {lead}", f"{verb.base} {rest} {lead}"


_SPOKEN = word_set(
    """say write think argue claim believe note add report find describe agree ask call see
    suggest state speak mention warn conclude give offer want expect explain quote answer
    observe tell have take lead accuse do"""
)


def _unanswerable(
    question: str, template: str, words: str, topics: tuple[str, ...], score: float
) -> Iterator[Proposal]:
    if not reads_well(question) or points_outside(question, "owner"):
        return
    category: Category = "unanswerable"
    yield Proposal(
        category=category,
        question=question,
        template=template,
        why=f"None of these words is in the documents: {', '.join(words.split())}. "
        "Do they tell it in others?",
        score=score - 0.01 * max(0, len(question.split()) - 12) - VAGUE * vagueness(question),
        topics=topics,
    )


def _all_absent(collection: Collection, words: str) -> bool:
    return all(_is_absent(collection, word) for word in words.split())


def _is_absent(collection: Collection, word: str) -> bool:
    """Whether no form of a word occurs in the documents."""
    return stem(word) not in collection.stems
