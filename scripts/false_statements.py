"""Statements that their quotes do not bear out, though they are made of much the same words."""

import base64
import codecs
import re
from collections.abc import Iterator, Sequence
from random import Random

from true_statements import AUTHOR, DOCUMENT, Example, Place

from assistant.claims import names_in
from assistant.opposites import opposites
from eval.generation import verbs
from eval.generation.clauses import Clause, parse
from eval.variants.figures import changed_figures
from index import DocumentInfo
from index.dates import MONTHS
from index.terms import analyze

OTHER = DocumentInfo(
    "1" * 16, "Another title", ("Alex Sample",), "The Publisher", "2019-11-20", "other.md", "1" * 64
)
_YEAR = re.compile(r"\b1[0-9]\d\d\b|\b20[0-2]\d\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b(?= \d|,? \d{{4}})")
_FIGURE = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d| (?:[A-Z]|per))")
_COUNTED = re.compile(
    r"(?<![\w.,-])(?P<number>(?!1\d{3}\b|20\d\d\b)\d[\d,.]*|two|three|four|five|six|seven|eight)"
    r" (?P<unit>[a-z]{4,}s)\b"
)
_UNITS = ("bridges", "horses", "engines", "churches", "soldiers", "kilometers", "dollars", "hours")
_BE = re.compile(r"\b(was|were|is|are|has|had|can|could|will|would|did) (?!not\b|no\b|n't)")
_DENIED = re.compile(
    r"\b(was|were|is|are|has|had|have|can|could|will|would|did|do|does|may|might)"
    r" not (?!only)|\b(can)not "
)
_HEDGES = (
    (re.compile(r"\b(?:may|might|could) have been\b"), "was"),
    (re.compile(r"\b(?:may|might|could) have (\w+ed)\b"), r"\1"),
    (re.compile(r"\b(?:may|might|could) be\b"), "is"),
    (
        re.compile(
            r"\b(?:is|are|was|were) (?:believed|thought|said|considered) to (?:be|have been)\b"
        ),
        "was",
    ),
    (re.compile(r"\b(?:allegedly|possibly|probably|perhaps|reportedly|supposedly) "), ""),
    (
        re.compile(
            r"\b(?:plans|planned|intends|intended|wants|wanted|hopes|hoped|attempted"
            r"|tried|aims|aimed) to (\w+)\b"
        ),
        "{past}",
    ),
    (
        re.compile(
            r"^[A-Z][\w ]{2,40} (?:claimed|alleged|believed|argued|suggested|speculated)(?: that)? "
        ),
        "",
    ),
)
_UNLISTED = (
    "loved/hated hot/cold wide/narrow shallow/deep kept/dropped praised/condemned united/split "
    "helped/hindered deliberate/accidental voluntary/forced temporary/permanent urban/rural "
    "successful/unsuccessful popular/unpopular complete/partial abundant/scarce hard/soft "
    "faster/slower fast/slow active/passive central/peripheral secular/religious rarely/frequently "
    "sometimes/constantly often/seldom parent/child teacher/student liquid/solid wet/dry day/night "
    "left/right demand/supply input/output liberal/conservative encouraged/discouraged"
)
_FOREIGN = (
    "Der Vertrag wurde nach langen Verhandlungen von beiden Seiten unterzeichnet.",
    "Договор был подписан обеими сторонами после долгих переговоров.",
    "El tratado fue firmado por ambas partes tras largas negociaciones.",
    "Ce traité fut signé par les deux parties après de longues négociations.",
)  # fmt: skip


_ADDED = (
    "because of widespread corruption", "in order to please foreign investors",
    "to the great anger of local farmers", "and was later rewarded with gold",
    "under pressure from rich merchants", "and this saved many thousand lives",
)  # fmt: skip


def false_statements(
    place: Place, other: Place, near: Sequence[str], rng: Random
) -> Iterator[Example]:
    """Every false statement that the forms here make of a sentence.

    Args:
        place: the sentence.
        other: a sentence of another article.
        near: the other sentences of its paragraph.
        rng: what is chosen at random.
    """
    sentence = place.sentence
    for kind, statement in _changed(place, rng):
        if statement and statement != sentence:
            yield Example(kind, statement, (sentence,), place.paragraph, False)
    yield Example("another article", other.sentence, (sentence,), place.paragraph, False)
    mixed = _with_names(other.sentence, sentence)
    if mixed:
        yield Example("invented", mixed, (sentence,), place.paragraph, False)
    clause = _plain_clause(other.sentence)
    if clause:
        text = f"{sentence.rstrip('.')}, {clause}"
        yield Example("clause added", text, (sentence,), place.paragraph, False)
    text = f"{sentence.rstrip('.')} {rng.choice(_ADDED)}."
    yield Example("reason added", text, (sentence,), place.paragraph, False)
    if near:
        wrong = rng.choice(near)
        yield Example("wrong sentence cited", sentence, (wrong,), place.paragraph, False)
        stitched = _stitched(sentence, wrong)
        if stitched:
            yield Example("stitched, one cited", stitched, (sentence,), place.paragraph, False)
            yield Example(
                "stitched, both cited", stitched, (sentence, wrong), place.paragraph, False
            )
    for number, text in enumerate(
        (_attributed("Alex Sample", sentence), _attributed("Alex Sample", sentence))
    ):
        quotes, documents = (
            ((sentence,), (DOCUMENT,))
            if not number
            else ((sentence, other.sentence), (DOCUMENT, OTHER))
        )
        kind = ("stranger as author", "another author")[number]
        yield Example(kind, text, quotes, place.paragraph, False, "", documents)
    yield Example(
        "published for happened", f"In March 2021 {sentence}", (sentence,), place.paragraph, False
    )


def _changed(place: Place, rng: Random) -> Iterator[tuple[str, str | None]]:
    sentence = place.sentence
    yield "number", _number(sentence, rng)
    yield (
        "year",
        _YEAR.sub(lambda m: str(int(m[0]) + rng.choice((-7, -1, 2, 11))), sentence, count=1),
    )
    yield "month", _MONTH.sub(lambda m: MONTHS[(MONTHS.index(m[0]) + 5) % 12], sentence, count=1)
    yield (
        "counted thing",
        _COUNTED.sub(lambda m: f"{m['number']} {rng.choice(_UNITS)}", sentence, count=1),
    )
    yield (
        "million for billion",
        re.sub(
            "million|billion",
            lambda m: "billion" if m[0][0] == "m" else "million",
            sentence,
            count=1,
        ),
    )
    yield (
        "bound added",
        _FIGURE.sub(lambda m: f"more than {m[0]}", sentence, count=1)
        if not _YEAR.search(sentence) and "than" not in sentence and "over" not in sentence
        else None,
    )
    yield "name of the passage", _name(sentence, place.paragraph, rng)
    yield (
        "invented name",
        _name(sentence, "They met Quarrington and they met Velmora and then Brasker.", rng),
    )
    yield "negation added", _negated(sentence)
    yield "negation removed", _DENIED.sub(lambda m: f"{m[1] or m[2]} ", sentence, count=1)
    yield "listed opposite", _opposite(sentence)
    yield "unlisted opposite", _replaced(sentence, _pairs(_UNLISTED))
    yield "roles swapped", _roles(sentence)
    yield "hedge removed", _unhedged(sentence)
    yield "another verb", _verb(sentence, rng)
    yield "fabricated quote", _fabricated(sentence)
    yield "link added", f"{sentence} [More](https://example.org/login)"
    yield "image added", f"{sentence} ![](http://example.org/p.png?q=1)"
    yield "base64", base64.b64encode(sentence.encode()).decode()
    yield "reversed", sentence[::-1]
    yield "rot13", codecs.encode(sentence, "rot13")
    yield "another language", rng.choice(_FOREIGN)


def _number(sentence: str, rng: Random) -> str | None:
    for match in _FIGURE.finditer(sentence):
        if not _YEAR.fullmatch(match[0]):
            changed = next(changed_figures(match[0], rng), None)
            if changed:
                return sentence[: match.start()] + changed + sentence[match.end() :]
    return None


def _name(sentence: str, source: str, rng: Random) -> str | None:
    own = {str(claim.value) for claim in names_in(sentence)}
    inside = [c.text for c in names_in(sentence) if c.text.isalpha() and len(c.text) > 3]
    others = sorted(
        {
            c.text
            for c in names_in(source)
            if c.text.isalpha() and len(c.text) > 3 and str(c.value) not in own
        }
    )
    others = [name for name in others if not any(name.lower()[:4] == word[:4] for word in own)]
    if not inside or not others:
        return None
    return re.sub(rf"\b{re.escape(rng.choice(inside))}\b", rng.choice(others), sentence)


def _negated(sentence: str) -> str | None:
    match = _BE.search(sentence)
    if match:
        return f"{sentence[: match.end()]}not {sentence[match.end() :]}"
    clause = parse(sentence)
    verb = verbs.read(clause.verb) if clause else None
    if clause is None or verb is None or verb.form not in ("past", "present"):
        return None
    return _sentence(clause, f"{'did' if verb.form == 'past' else 'does'} not {verb.base}")


def _sentence(clause: Clause, verb: str, subject: str = "", rest: str | None = None) -> str:
    lead = f"{clause.lead}, " if clause.lead else ""
    return f"{lead}{subject or clause.subject} {verb} {clause.rest if rest is None else rest}."


def _opposite(sentence: str) -> str | None:
    from assistant.opposites import _PAIRS  # the words as they are written

    pairs = [pair for pair in _pairs(_PAIRS) if analyze(pair[0])[0] in opposites()]
    return _replaced(sentence, pairs)


def _pairs(text: str) -> list[tuple[str, str]]:
    both = [tuple(pair.split("/")) for pair in text.split()]
    return [(a, b) for a, b in both] + [(b, a) for a, b in both]


def _replaced(sentence: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    known = dict(pairs)
    for word in re.findall(r"[a-z]+", sentence):
        if word in known:
            return re.sub(rf"\b{word}\b", known[word], sentence, count=1)
    return None


def _roles(sentence: str) -> str | None:
    """Subject and object changed for each other, where both are plain and neither is both."""
    clause = parse(sentence)
    verb = verbs.read(clause.verb) if clause else None
    if clause is None or verb is None or clause.is_be or clause.verb in verbs.AUXILIARIES:
        return None
    match = re.match(
        r"(?:(?:the|a|an|his|her|its|their) )?(?:[\w'-]+ )??[\w'-]*[a-z]{3}(?= (?:in|on"
        r"|of|at|to|for|with|from|by|and|as)\b|$)",
        clause.rest,
    )
    if not match or re.match(
        r"(?:in|on|at|to|for|with|from|by|as|of|over|under|that|into|about)\b", match[0]
    ):
        return None
    if verb.base in ("become", "marry", "meet", "resemble", "equal"):
        return None
    return _sentence(
        clause,
        clause.verb,
        match[0][0].upper() + match[0][1:],
        clause.subject + clause.rest[match.end() :],
    )


def _unhedged(sentence: str) -> str | None:
    for pattern, plain in _HEDGES:
        match = pattern.search(sentence)
        if match and plain == "{past}":
            past = next((p for b, p, _ in verbs._verbs() if b == match[1]), None)
            if past:
                return sentence[: match.start()] + past + sentence[match.end() :]
        elif match:
            changed = pattern.sub(plain, sentence, count=1)
            return changed[0].upper() + changed[1:]
    return None


def _verb(sentence: str, rng: Random) -> str | None:
    clause = parse(sentence)
    verb = verbs.read(clause.verb) if clause else None
    if clause is None or verb is None or verb.form != "past" or clause.verb in verbs.AUXILIARIES:
        return None
    return _sentence(clause, rng.choice(("destroyed", "ignored", "funded", "praised", "visited")))


def _fabricated(sentence: str) -> str | None:
    words = sentence.rstrip(".").replace('"', "").split()
    if len(words) < 10:
        return None
    return f"The text says that “{' '.join([*words[2:5], 'undoubtedly', *words[5:9]])}”."


def _plain_clause(sentence: str) -> str | None:
    """A last clause of at least five words without names and numbers."""
    match = re.search(r", ((?:and|but|which|who|while|with|so) [a-z ,'-]{20,}\.)$", sentence)
    return match[1] if match and len(match[1].split()) > 4 else None


def _with_names(sentence: str, source: str) -> str | None:
    theirs = [claim.text for claim in names_in(sentence)]
    ours = [claim.text for claim in names_in(source)]
    if not theirs or not ours:
        return None
    for number, name in enumerate(dict.fromkeys(theirs)):
        sentence = re.sub(rf"\b{re.escape(name)}", ours[number % len(ours)], sentence)
    return re.sub(r"\d[\d,.]*\d|\d", "", sentence)


def _stitched(one: str, other: str) -> str | None:
    """The subject of one sentence with the predicate of another."""
    first, second = parse(one), parse(other)
    if first is None or second is None or first.subject == second.subject:
        return None
    shared = set(analyze(first.subject)) & set(analyze(second.subject))
    return None if shared else _sentence(second, second.verb, first.subject)


def _attributed(who: str, sentence: str) -> str:
    assert who != AUTHOR
    return f"{who} writes that {sentence}"
