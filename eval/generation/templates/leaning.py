"""Follow-up questions with a pronoun: on the next sentence, or another on the same name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from eval.generation.clauses import parse
from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.subjects import is_telling, subject_inside
from eval.generation.templates import sentences
from eval.generation.templates.base import Material
from eval.generation.wording import joined, reads_well

Turn = tuple[str, str]

_LEANING = re.compile(r"(?P<pronoun>He|She|It|They) (?=[a-z])")
_SAYS = re.compile(
    r"(?:also |even )?(?:says|writes|adds|notes|argues|thinks|reports|believes|claims|said|wrote"
    r"|added|noted"
    r"|argued|thought|reported|believed|claimed|mentions|mentioned|lists|listed) (?P<what>.+)"
)
_STANDING = ("definition", "role", "acronym", "only_one", "who", "who_says", "calls")
"""Templates whose questions are understood without what was said before, or ask for it."""


def propose(material: Material) -> Iterator[Proposal]:
    """Propose follow-up questions with "he", "she", "it" or "they"."""
    for sentence in material.collection.sentences:
        yield from _next_sentence(material, sentence)
    yield from _other_fact(material)


def _next_sentence(material: Material, before: Quotable) -> Iterator[Proposal]:
    """Asks about a sentence that begins with a pronoun, after the one that says whom it means."""
    collection = material.collection
    after = collection.after(before)
    leaning = _LEANING.match(after.bare) if after is not None and after.fit else None
    subject = _subject(collection, before)
    if after is None or leaning is None or not subject:
        return
    if not _agree(collection, subject, leaning["pronoun"]):
        return
    history = _history(material, before, subject)
    for proposal in _about_next(collection, after, subject, leaning["pronoun"].lower()):
        if history:
            score = proposal.score - (0.1 if len(history) < 2 else 0)
            yield replace(proposal, history=history, score=score)


def _subject(collection: Collection, sentence: Quotable) -> str:
    """The name that a sentence is about, as it stands in it, or an empty string."""
    clause = parse(sentence.bare) if sentence.fit else None
    mentions = collection.mentions[sentence]
    if not clause or not mentions:
        return ""
    name = mentions[0].name
    fitting = (name, f"The {name}", f"{mentions[0].title} {name}")
    return clause.subject if clause.subject in fitting else ""


def _about_next(
    collection: Collection, sentence: Quotable, subject: str, pronoun: str
) -> Iterator[Proposal]:
    rest = sentence.bare[len(pronoun) :].strip()
    whole = replace(sentence, bare=f"{subject} {rest}", plain=f"{subject} {rest}")
    for proposal in sentences.ask(collection, whole):
        yield from _leaning(collection, proposal, subject, pronoun, "next_sentence")
    match = _SAYS.fullmatch(rest.rstrip("."))
    names = [m.name for m in collection.find_names(f"x {match['what']}")] if match else []
    topics = [name for name in names if collection.names.is_topic(name)]
    rarest = min(topics, key=lambda name: len(collection.by_name.get(name, ())), default="")
    if rarest and pronoun in ("he", "she") and _is_specific(collection, rarest):
        topic = collection.names.with_article(rarest)
        yield Proposal(
            category="followup",
            question=joined("and what does", pronoun, "say about", topic),
            template="next_sentence",
            why=f"Does “{pronoun}” clearly stand for {subject}?",
            evidence=((sentence.gold,),),
            score=0.75,
            topics=(rarest,),
        )


def _other_fact(material: Material) -> Iterator[Proposal]:
    """Asks about a sentence with the name it is about replaced, after another on the same name."""
    by_subject: dict[tuple[str, str], list[tuple[Quotable, Proposal]]] = defaultdict(list)
    for sentence, proposals in material.asked.items():
        subject = _subject(material.collection, sentence) if proposals else ""
        if subject:
            best = max(proposals, key=lambda p: (p.template not in _STANDING, p.score))
            by_subject[sentence.doc, subject].append((sentence, best))
    for (_, subject), about in by_subject.items():
        pronoun = _pronoun(material.collection, subject)
        *before, (_, last) = about
        history = _turns(material, [sentence for sentence, _ in before[-2:]], subject)
        for proposal in _leaning(material.collection, last, subject, pronoun, "other_fact"):
            if history and pronoun:
                score = proposal.score - (0.1 if len(history) < 2 else 0)
                yield replace(proposal, history=history, score=score)


def _leaning(
    collection: Collection, proposal: Proposal, subject: str, pronoun: str, template: str
) -> Iterator[Proposal]:
    """The proposal with its subject replaced by a pronoun."""
    inside = subject_inside(collection, subject) or ""
    if proposal.template in _STANDING or proposal.question.count(inside) != 1:
        return
    asked, replaced = _stand_in(inside).subn(pronoun, proposal.question)
    question = f"And {asked[0].lower()}{asked[1:]}"
    if replaced == 1 and reads_well(question):
        yield replace(
            proposal,
            category="followup",
            question=question,
            template=template,
            why=f"Does “{pronoun}” clearly stand for {inside}?",
            evidence=(proposal.evidence[0][:1],),
            score=proposal.score - 0.02,
        )


def _history(material: Material, last: Quotable, subject: str) -> tuple[Turn, ...]:
    """One or two turns about a subject, the last answered by the sentence before the follow-up."""
    collection = material.collection
    earlier = [
        sentence
        for sentence in collection.by_name.get(_full_name(collection, subject), ())
        if sentence.doc == last.doc and sentence.number < last.number and sentence.fit
    ]
    return _turns(material, [*earlier[-1:], last], subject)


def _turns(material: Material, told: Sequence[Quotable], subject: str) -> tuple[Turn, ...]:
    """Questions that name a subject, with the sentences that answer them."""
    inside = subject_inside(material.collection, subject)
    if inside is None:
        return ()
    turns = []
    generic = joined("what do the documents say about", inside)
    for sentence in told:
        asked = [
            proposal.question
            for proposal in material.asked.get(sentence, ())
            if _stand_in(inside).search(proposal.question)
        ]
        turns.append((asked[0] if asked else generic, sentence.plain))
        generic = joined("what else do they say about", inside)
    return tuple(turns)


def _stand_in(inside: str) -> re.Pattern[str]:
    """Finds a subject in a question where a pronoun could stand for it."""
    return re.compile(rf"(?<!\w){re.escape(inside)}(?![\w-]|['’]s)")


def _pronoun(collection: Collection, subject: str) -> str:
    """What sentences after those about a subject begin with, where that leaves no doubt."""
    kind = collection.names.kind(_full_name(collection, subject))
    words = []
    for sentence in collection.by_name.get(_full_name(collection, subject), ()):
        following = collection.after(sentence)
        words += following.plain.split()[:1] if following else []
    he, she = sum(w in ("He", "His") for w in words), sum(w in ("She", "Her") for w in words)
    if kind == "person" or (kind == "thing" and he + she > 1):
        return "he" if he > 2 * she else "she" if she > 2 * he else ""
    if kind == "thing" and not subject.startswith("The "):
        return ""
    return "they" if subject.endswith("s") else "it"


def _agree(collection: Collection, subject: str, pronoun: str) -> bool:
    """Whether a pronoun can stand for a subject."""
    is_human = _full_name(collection, subject) in collection.names.persons
    if not is_telling(collection, subject):
        return False
    if pronoun in ("He", "She"):
        return is_human
    return not is_human and (pronoun == "They") == subject.endswith("s")


def _full_name(collection: Collection, subject: str) -> str:
    mentions = collection.find_names(subject)
    return collection.names.full_name(mentions[-1].name) if mentions else ""


def _is_specific(collection: Collection, name: str) -> bool:
    return len(collection.by_name.get(name, ())) <= max(6, len(collection.sentences) // 50)
