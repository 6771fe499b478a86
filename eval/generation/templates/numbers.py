"""How many, how much, what share: a number with the noun it counts."""

import re
from collections.abc import Iterator

from eval.generation import verbs
from eval.generation.clauses import Clause, first_verb_only, lower_lead, parse
from eval.generation.collection import Collection, Quotable
from eval.generation.proposal import Proposal
from eval.generation.quantities import HEDGE, MONEY, NUMBER, PERCENT, UNIT, counts, number_spellings
from eval.generation.subjects import is_telling, subject_inside
from eval.generation.templates.base import about
from eval.generation.wording import joined, word_set

_MEASURE = re.compile(
    rf"(?P<thing>[^,;:]+?) (?P<verb>has|had|with) an? (?:estimated |total "
    rf"|overall )?(?P<what>population|area|length"
    r"|height|reach|range|depth|width|capacity|budget|enrollment|membership|altitude|diameter|speed"
    r"|endowment|turnover|value|weight|surface area|land area|mass)"
    rf" of (?P<value>{HEDGE}[$€£]?{NUMBER}(?: {UNIT})?)(?![\w-])"
)
_WORTH = re.compile(
    rf"\b(?:an?|the) (?P<thing>(?:[\w’'-]+ ){{1,4}})worth {HEDGE}(?P<value>{MONEY.pattern})"
)
_FAR = re.compile(
    rf"(?P<verb>lies|lay|is|was|stands|stood) (?:located )?{HEDGE}(?P<value>{NUMBER} (?:miles"
    rf"|kilometers|kilometres|km|meters|feet))"
    r" (?:(?:north|south|east|west)\w* (?:of|from)|from) (?P<place>[^,;:]+?)(?= and \w+s?\b|$)"
)


_ABSTRACT = word_set(
    """reasons examples positions things ways explanations views gestures levers points questions
    answers cases aspects factors issues problems parts kinds types sorts others"""
)


def ask(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """Questions whose answer is a number, according to one sentence."""
    clause = parse(sentence.bare)
    if clause and is_telling(collection, clause.subject):
        yield from _object(collection, sentence, clause)
        yield from _percent_of(collection, sentence, clause)
        yield from _far(collection, sentence, clause)
    yield from _subject(collection, sentence)
    yield from _percent(collection, sentence)
    yield from _worth(collection, sentence)
    yield from _measure(collection, sentence)


def _object(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    """From "Doe puts 300 soldiers at Gyumri": how many soldiers does Doe put at Gyumri?"""
    found = [count for count in counts(clause.rest) if count.start == 0]
    asked = clause.asked()
    if not found or asked is None or clause.is_be:
        return
    helper, subject, base = asked
    if not base:
        return
    if found[0].noun.split()[-1] in _ABSTRACT:
        return
    rest = first_verb_only(clause.rest[found[0].end :])
    if rest.startswith((" and", ",", " or")) or len(rest.split()) > 14:
        return
    yield from about(
        collection,
        sentence,
        joined(
            "how many",
            found[0].noun,
            helper,
            subject_inside(collection, subject),
            base,
            rest,
            lower_lead(clause),
        ),
        template="how_many",
        category="fact",
        why="Is it the number of what is asked for?",
        value=found[0].number,
        facts=(number_spellings(found[0].number),),
        score=0.7 if found[0].number in ("two", "three") else 0.8,
        owner=clause.subject,
    )


def _subject(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """From "Some 300 soldiers died at Gyumri": how many soldiers died at Gyumri?"""
    text = sentence.bare[0].lower() + sentence.bare[1:]
    match = re.match(r"there (?P<verb>are|were) (?=\S)", text)
    found = [count for count in counts(text) if count.start == (match.end() if match else 0)]
    if not found:
        return
    count = found[0]
    rest = text[count.end :].rstrip(".").strip()
    verb = rest.split()[0] if rest else ""
    rest = re.split(r"; |: |, | – ", rest, maxsplit=1)[0]
    if match:
        question = joined("how many", count.noun, match["verb"], "there", rest)
    elif verb in verbs.AUXILIARIES or verbs.is_finite(verb):
        question = joined("how many", count.noun, rest)
    else:
        return
    if len(rest.split()) < 3 or not collection.find_names(f"x {rest}"):
        return
    yield from about(
        collection,
        sentence,
        question,
        template="how_many",
        category="fact",
        why="Is it the number of what is asked for?",
        value=count.number,
        facts=(number_spellings(count.number),),
        score=0.8,
    )


def _percent(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    """From "94 percent of the arms were Russian": what percentage of the arms were Russian?"""
    for match in PERCENT.finditer(sentence.bare):
        before = sentence.bare[: match.start()].strip()
        whole = match["whole"].strip().rstrip(".")
        words = whole.split()
        place = next((i for i, w in enumerate(words) if i and verbs.is_finite(w)), 0)
        if not place or (before and before[-1] not in ",:;") or len(words) > 20:
            continue
        yield from about(
            collection,
            sentence,
            joined("what percentage of", whole),
            template="percent",
            category="fact",
            why="Is it clear without its context what the share is of?",
            value=match["number"],
            facts=((match["number"],),),
            score=0.85,
        )


def _percent_of(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    """From "Warsaw has 12% of the trade": what percentage of the trade does Warsaw have?"""
    match = PERCENT.search(clause.rest)
    asked = clause.asked()
    if not match or asked is None or len(clause.rest[: match.start()].split()) > 1:
        return
    helper, subject, base = asked
    if re.search(r"[^a-z ]", clause.rest[: match.start()]) or len(match["whole"].split()) > 8:
        return
    yield from about(
        collection,
        sentence,
        joined(
            "what percentage of",
            match["whole"],
            helper,
            subject_inside(collection, subject),
            base,
            clause.rest[: match.start()],
        ),
        template="percent",
        category="fact",
        why="Is it clear without its context what the share is of?",
        value=match["number"],
        facts=((match["number"],),),
        score=0.75,
    )


def _worth(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    match = _WORTH.search(sentence.bare)
    if match is None:
        return
    names = [mention.name for mention in collection.find_names(sentence.bare)]
    place = f"that is mentioned with {names[0]}" if names else ""
    if collection.find_names(f"x {match['thing']}"):
        place = ""
    yield from about(
        collection,
        sentence,
        joined("how much was the", match["thing"], place, "worth"),
        template="worth",
        category="fact",
        why="Is it clear which one is meant?",
        value=match["value"],
        score=0.7,
    )


def _measure(collection: Collection, sentence: Quotable) -> Iterator[Proposal]:
    match = _MEASURE.match(sentence.bare)
    if match is None:
        return
    thing: str | None = match["thing"]
    if match["verb"] == "with":  # "... held Iskander missiles with a reach of": whose is it?
        named = re.search(r"(?<= )[^\W\d_a-z][\w-]+ [a-z]+s$", match["thing"])
        thing = f"the {named[0]}" if named else None
    elif not is_telling(collection, match["thing"]):
        return
    else:
        thing = subject_inside(collection, match["thing"])
    yield from about(
        collection,
        sentence,
        joined(
            "what", "was" if match["verb"] == "had" else "is", "the", match["what"], "of", thing
        ),
        template="measure",
        category="fact",
        why="Is it still so, and is it the measure that is asked for?",
        value=re.sub(rf"^{HEDGE}", "", match["value"]),
        score=0.8,
    )


def _far(collection: Collection, sentence: Quotable, clause: Clause) -> Iterator[Proposal]:
    match = _FAR.match(f"{clause.verb} {clause.rest}")
    if match is None:
        return
    subject = subject_inside(collection, clause.subject)
    yield from about(
        collection,
        sentence,
        joined("how far is", subject, "from", match["place"]),
        template="how_far",
        category="fact",
        why="Is it the distance that is asked for?",
        value=match["value"],
        facts=((match["value"],),),
        score=0.8,
    )
