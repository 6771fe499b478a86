"""Who did something, where it was, why it happened."""

import re
from collections.abc import Iterator

from eval.generation import verbs
from eval.generation.clauses import Clause, first_verb_only, lower_lead, parse
from eval.generation.collection import Collection, Quotable
from eval.generation.dates import MONTHS, years_in
from eval.generation.proposal import Proposal
from eval.generation.subjects import (
    is_person,
    is_telling,
    person_in,
    person_spellings,
    subject_inside,
)
from eval.generation.templates.base import about, stems
from eval.generation.wording import joined, word_set

SPEECH = word_set(
    """say write think argue claim believe note add report find describe agree ask call see
    suggest state mention warn conclude give offer want expect explain quote answer observe
    wish reckon get put read notice tell"""
)
"""Their objects are clauses or need their speaker: `speech` asks about these."""
_DISCUSSION = word_set(
    """list cite count treat trace speak reject quote name criticize discuss emphasize stress
    compare recall doubt praise date link call"""
)
"""What a text that reports on others says that they do."""
_PLACE = re.compile(
    r"(?P<what>born|located|situated|held|headquartered|based|buried|signed|built|published|killed)"
    r" (?:in|at|on|near) (?P<place>(?:the )?[^\W\d_a-z][\w’-]*(?: (?:of "
    r"|the )?[^\W\d_a-z][\w’-]*)*)"
)
_AGENT = re.compile(
    r"(?P<what>\w+)(?P<middle>(?: [\w’'-]+){0,5}?) by (?P<who>[^\W\d_a-z][\w.’-]*(?:"
    r" [^\W\d_a-z][\w.’-]*){1,3})"
)


_WHO = re.compile(
    r"(?P<name>[^\W\d_a-z][\w.’'-]*(?: (?:[^\W\d_a-z][\w.’'-]*|de|von|van)){1,3}), who "
    r"(?P<rest>(?:had |was |has )?[a-z]+(?:ed|[a-z]) [^,;:]{15,120}?)(?=[,;]|\.$)"
)


def ask(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """Questions about what happened, according to one sentence."""
    yield from _one_who(collection, sentence)
    clause = parse(sentence.bare)
    if clause is None or clause.is_denied or not is_telling(collection, clause.subject):
        return
    yield from _who(collection, sentence, clause)
    yield from _where(collection, sentence, clause)
    yield from _why(collection, sentence, clause)
    yield from _by_whom(collection, sentence, clause)


def _one_who(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """From "John Doe, who had worked in Oslo,": who had worked in Oslo?"""
    for match in _WHO.finditer(sentence.bare):
        verb = verbs.read(match["rest"].split()[0])
        is_voice = verb is None or verb.base in SPEECH | _DISCUSSION or verb.form != "past"
        is_helped = match["rest"].split()[0] in ("had", "was", "has")
        if match["name"] not in collection.names.persons or (is_voice and not is_helped):
            continue
        if collection.find_names(f"x {match['rest']}") or re.search(r"\d", match["rest"]):
            yield from about(
                collection,
                sentence,
                joined("who", match["rest"]),
                template="one_who",
                category="fact",
                why="Did only this person do it?",
                value=match["name"],
                facts=(person_spellings(collection, match["name"]),),
                score=0.8,
                owner=match["name"],
            )


def _who(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    verb = verbs.read(clause.verb)
    if not is_person(collection, clause.subject) or clause.is_be or verb is None:
        return
    if verb.base in SPEECH or not 4 <= len(clause.rest.split()) <= 18:
        return
    if len(stems(clause.rest)) < 3 or not _has_anchor(collection, clause):
        return
    if len(years_in(clause.rest)) > 1 or "not only" in clause.rest:
        return
    name = person_in(collection, clause.subject)
    is_voice = verb.base in _DISCUSSION and verb.form == "present"
    yield from about(
        collection,
        sentence,
        joined("who", clause.adverb, clause.verb, clause.rest, lower_lead(clause)),
        template="who",
        category="attribution" if is_voice else "fact",
        why="Did only this person do it?",
        value=name,
        facts=(person_spellings(collection, name),),
        score=0.8,
    )


def _where(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    match = _PLACE.match(clause.rest) if clause.is_be else None
    if match is None or not collection.find_names(match["place"]):
        return
    after = clause.rest[match.end() :].partition(",")[0]
    if after.startswith(" ") and not re.match(r" (?:in|on|at|by|from|under|after|before)\b", after):
        return
    value = match["place"].removeprefix("the ")
    if value.split()[0] in MONTHS:
        return
    yield from about(
        collection,
        sentence,
        joined(
            "where", clause.verb, subject_inside(collection, clause.subject), match["what"], after
        ),
        template="where",
        category="fact",
        why="Is it the place that is asked for?",
        value=value,
        score=0.75,
        owner=clause.subject,
    )


def _why(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    asked = clause.asked()
    rest, because, reason = clause.rest.partition(" because ")
    if not because:
        reason = re.sub(r"^because ", "", clause.tail) if clause.tail.startswith("because") else ""
    rest = re.sub(r",? (?:partly|mainly|largely|primarily|mostly|simply|in part)$", "", rest)
    if asked is None or len(reason.split()) < 3 or reason.startswith("of ") or not rest:
        return
    if len(rest.split()) > 16 or "," in rest or re.search(r"\bnot (?:just|only|so much)\b", rest):
        return
    helper, subject, base = asked
    yield from about(
        collection,
        sentence,
        joined(
            "why",
            helper,
            subject_inside(collection, subject),
            base,
            first_verb_only(rest),
            lower_lead(clause),
        ),
        template="why",
        category="fact",
        why="Is the reason in the sentence the reason for what is asked?",
        score=0.75,
        owner=clause.subject,
    )


def _by_whom(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    match = _AGENT.match(clause.rest) if clause.verb in ("was", "were") else None
    if match is None or not verbs.is_participle(match["what"]):
        return
    after = clause.rest[match.end() :]
    past = verbs.past_of(match["what"])
    if match["who"] not in collection.names.persons or after.startswith((" and ", ", ", "’", "'")):
        return
    yield from about(
        collection,
        sentence,
        joined(
            "who",
            past,
            subject_inside(collection, clause.subject),
            match["middle"].strip(),
            after,
            lower_lead(clause),
        ),
        template="by_whom",
        category="fact",
        why="Did this person do it?",
        value=match["who"],
        facts=(person_spellings(collection, match["who"]),),
        score=0.85,
    )


def _has_anchor(collection: Collection, clause: Clause) -> bool:
    """Whether there is a name, a date or a quotation by which the event is known."""
    return bool(
        collection.find_names(f"x {clause.rest}")
        or clause.lead
        or re.search(r"\d|[\"“]", clause.rest)
    )
