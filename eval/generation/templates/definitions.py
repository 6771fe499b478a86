"""What something is, who somebody is, what letters stand for, what something is called."""

import re
from collections.abc import Iterator

from eval.generation.clauses import Clause, parse
from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.subjects import is_person, is_telling, subject_inside
from eval.generation.templates.base import about
from eval.generation.verbs import is_participle, is_present_form
from eval.generation.wording import joined, word_set

_ARTICLE = re.compile(r"(?:still )?(an?|the|one of the) (?P<head>.+)")
_HEAD_END = re.compile(
    r",| (?:of|in|for|to|that|which|who|whose|by|with|from|on|at|where|when|and|as|used|known"
    r"|located"
    r"|formed|made|based|born|designed|funded|developed|founded|built|created|published|held"
    r"|given)\b"
)
_ONLY = re.compile(
    r"the (?!\w+ (?:time|of any|in which|one)\b)(?:first|second|third|last|only|sole|main"
    r"|capital|oldest|largest|smallest|longest|highest"
    r"|greatest|biggest|youngest|earliest|fastest|tallest|richest|deepest|(?:second"
    r"|third)[- ]\w+est"
    r"|(?:most|least) \w+|leading|chief|seat|birthplace|site|successor|founder|inventor|author)\b"
)
_SUPERLATIVE = re.compile(
    r"the (?:first|second|third|last|only|sole|main|\w+est|most|least|leading|chief|same)\b"
)
_EMPTY_HEADS = word_set(
    """result part matter way case fact kind type form number lot thing time reason example
    problem question cause sign point effect series member issue idea source good bad great"""
)
_PEOPLE = re.compile(
    r"\b(?:people|persons|men|women|members|tribe|supporters|followers|figure|artist|writer|poet"
    r"|king|queen"
    r"|author|politician|leader|emperor|scientist|philosopher|physicist|mathematician|engineer"
    r"|inventor"
    r"|ruler|officer|governor|monk|theologian|minister|president|historian|composer|painter"
    r"|commander"
    r"|nobleman|knight|bishop|chemist|astronomer|general|statesman|scholar|son|daughter|lawyer"
    r"|economist)\b"
)
_ACRONYM = re.compile(r"\((?P<short>[A-Z][A-Z&]{1,7}s?)(?:[,;][^()]*)?\)")
_ROLE = re.compile(
    r"(?P<name>[^\W\d_a-z][\w.’'-]*(?: (?:[^\W\d_a-z][\w.’'-]*|de|von|van|bin|al)){1,3}), "
    r"(?P<role>the (?:\w+ )?(?:head|speaker|leader|founder|author|inventor|director|president"
    r"|chairman"
    r"|chair|chief|king|queen|ruler|commander|governor|mayor|editor|minister|secretary|chancellor"
    r"|spokesperson|architect|discoverer|owner|capital|main town|center|centre|site|seat) of "
    r"[^,.;:]{3,60})(?=[,.])"
)
_KNOWN_AS = re.compile(
    r"(?:(?:is|are|was|were) (?:\w+ly |also |now |often |then |commonly )?(?P<verb>known as"
    r"|called|named|nicknamed"
    r"|referred to as) )(?P<name>(?:the |an? )?[\"“]?[^\W\d_a-z][^,.;:()]{2,50}[\"”]?)"
    r"(?=[,.;]|$)"
)
_CALLS = re.compile(
    r"^(?P<who>.+?) (?P<verb>calls|called|describes"
    r"|described) (?P<what>[\w’' -]{3,60}?) (?:as )?an? "
    r"(?P<name>[\"“][^\"“”]{3,60}[\"”])"
)


def ask(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """Questions about what things are and are called, according to one sentence."""
    clause = parse(sentence.bare)
    if clause and clause.is_be and not clause.lead:
        yield from _definition(collection, sentence, clause)
        yield from _only_one(collection, sentence, clause)
    yield from _acronym(collection, sentence)
    yield from _role(collection, sentence)
    yield from _known_as(collection, sentence, clause)
    yield from _calls(collection, sentence)


def _definition(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    match = _ARTICLE.match(clause.rest)
    if (
        not match
        or _SUPERLATIVE.match(clause.rest)
        or not is_telling(collection, clause.subject, 1)
    ):
        return
    if clause.verb in ("was", "were") and re.match(r"An? ", clause.subject):
        return  # "A fundamental error was": one of many
    head = _head(match["head"])
    words = head.split()
    if not words or len(words) > 6 or words[-1].lower() in _EMPTY_HEADS or len(match["head"]) < 20:
        return
    subject = subject_inside(collection, clause.subject)
    people = (
        is_person(collection, clause.subject)
        or (_PEOPLE.search(head) is not None and collection.begins_with_name(clause.subject))
        or match["head"].startswith(f"{head} who ")
    )
    yield from about(
        collection,
        sentence,
        joined("who" if people else "what", clause.verb, subject),
        template="definition",
        category="fact",
        why="Does the sentence say what it is?",
        facts=((head,),),
        score=0.8 if collection.begins_with_name(clause.subject) else 0.7,
    )


def _head(complement: str) -> str:
    """The noun phrase that a complement begins with; of a single word, with its "of"."""
    parts = _HEAD_END.split(complement, maxsplit=1)
    if " " not in parts[0] and complement[len(parts[0]) :].startswith(" of "):
        inner = _HEAD_END.split(complement[len(parts[0]) + 4 :], maxsplit=1)[0]
        return f"{parts[0]} of {inner}"
    words = parts[0].split()
    # "the data network operated by": the participle belongs to what follows.
    return " ".join(words[:-1] if len(words) > 1 and is_participle(words[-1]) else words)


def _only_one(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    if not _ONLY.match(clause.rest) or not is_telling(collection, clause.subject, 1):
        return
    if not (collection.begins_with_name(clause.subject) or clause.subject.startswith("The ")):
        return
    if not 4 <= len(clause.rest.split()) <= 16:
        return
    value = re.sub(r"^(?:The|An?) ", "", clause.subject)
    word = "who" if is_person(collection, clause.subject) else "what"
    yield from about(
        collection,
        sentence,
        joined(word, clause.verb, clause.rest),
        template="only_one",
        category="fact",
        why="Is it the only answer, and does the question give enough of the matter?",
        value=value,
        score=0.75,
        owner=clause.subject,
    )


def _acronym(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    match = _ACRONYM.search(sentence.plain)
    if not match:
        return
    full = _spelled_out(match["short"].rstrip("s"), sentence.plain[: match.start()])
    if full:
        yield from about(
            collection,
            sentence,
            joined("what does", match["short"], "stand for"),
            template="acronym",
            category="fact",
            why="Are these the words behind the letters?",
            value=full,
            score=0.8,
        )


def _spelled_out(short: str, before: str) -> str:
    """The words at the end of a text whose first letters are those of an abbreviation."""
    words = before.split()
    for count in range(len(short.replace("&", "")), min(len(words), 9) + 1):
        tail = words[-count:]
        initials = "".join(
            part[0] for word in tail for part in re.split(r"[-–]", word) if part[:1].isupper()
        )
        if initials == short.replace("&", "") and tail[0][0] == short[0]:
            return " ".join(tail)
    return ""


def _role(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    for match in _ROLE.finditer(sentence.bare):
        clause = parse(sentence.bare)
        is_present = clause is not None and (
            clause.verb in ("is", "are", "has", "have") or is_present_form(clause.verb)
        )
        person = is_person(collection, match["name"])
        place = re.match(r"the (?:\w+ )?(?:capital|main town|cent|site|seat)", match["role"])
        word = "who" if person or not place else "what"
        yield from about(
            collection,
            sentence,
            joined(word, "is" if is_present or word == "what" else "was", match["role"]),
            template="role",
            category="fact",
            why="Does the role belong to the name before it?",
            value=match["name"],
            facts=((match["name"], match["name"].split()[-1]),),
            score=0.85,
        )


def _known_as(
    collection: Collection, sentence: Quotable, clause: Clause | None
) -> Iterator[Proposal]:
    if clause is None or not clause.is_be or not is_telling(collection, clause.subject, 2):
        return
    match = _KNOWN_AS.fullmatch(f"{clause.verb} {clause.rest}")
    if not match or re.search(r"\w[\"”] ", match["name"]):
        return
    yield from about(
        collection,
        sentence,
        joined("what", clause.verb, subject_inside(collection, clause.subject), match["verb"]),
        template="known_as",
        category="fact",
        why="Is it the name that the sentence gives?",
        value=re.sub(r"^(?:the|an?) ", "", match["name"].strip('"“”')),
        score=0.75,
    )


def _calls(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    match = _CALLS.match(sentence.bare)
    if not match or not is_person(collection, match["who"]):
        return
    base = "describe" if match["verb"].startswith("describe") else "call"
    helper = "did" if match["verb"].endswith("ed") else "does"
    yield from about(
        collection,
        sentence,
        joined("what" if base == "call" else "how", helper, match["who"], base, match["what"]),
        template="calls",
        category="attribution",
        why="Are these the words of the one who is named?",
        value=match["name"].strip('"“”'),
        score=0.8,
    )
