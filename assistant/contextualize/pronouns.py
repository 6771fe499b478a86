"""An antecedent for each pronoun of a question."""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum

from assistant.contextualize.leaning import Asks, Pronoun, dangling
from assistant.contextualize.mentions import Mention, mentions
from assistant.contextualize.words import DEMONYM, SAYING, STATE, is_function_word


class Tier(IntEnum):
    """From where in a turn a mention comes; lower is likelier to be meant."""

    WHERE = 0
    """The place that the question asks for, as the answer gives it; only "there" means it."""
    ASKED_FOR = 1
    """What else the question asks for, as the answer gives it."""
    NAMED = 2
    """What the question names."""
    TOLD = 3
    """What else the answer speaks of."""
    VOICE = 4
    """Who is quoted in the answer."""


Tiers = Sequence[tuple[Tier, Sequence[Mention]]]
"""What one turn speaks of, in each tier the likeliest first."""

_SURE = 3
_FIT: dict[Asks, dict[str, int]] = {
    "person": {"person": _SURE, "open": 2, "place": 1},
    "thing": {"thing": 2, "place": 2, "open": 2},
    "several": {"several": 2, "open": 1, "thing": 1, "place": 1},
    "place": {"place": 3, "open": 2, "thing": 1},
}
"""How well a kind of mention fits what a pronoun stands for; one left out does not."""
_MOST_PRONOUNS = 6
_LONGEST = 80
"""Length of an antecedent, in code points; a longer one is a list or a heading."""
_REPORTS = re.compile(
    rf"\b(?:he|she) (?:\w+ )?(?:{SAYING})\b"
    r"|\b(?:his|her) (?:\w+ )?(?:view|opinion|article|argument)s?\b",
    re.I,
)
_DEGREES = "high|large|big|much|great|low|small|strong|old|long|far|tall|wide|deep|heavy|expensive"
_ASKS_DEGREE = re.compile(rf"^\W*(?:\w+ )?how (?:{_DEGREES})\b", re.I)
_MEASURED = re.compile(
    rf"(?:^|[?.!]\s)\W{{0,9}}(?:\w+ )?how (?:{_DEGREES}) (?:is|are|was|were) "
    rf"(?P<what>.{{1,{_LONGEST}}}?)"
    r"(?=\s+(?:by|in|at|on|during|from|since|before|after|then|when|until|today|now)\b|\W*$)",
    re.I,
)
_PREPOSITION_BEFORE = re.compile(r"\b(?:of|from|to|in|at|on|around|near|over|through)\s+$", re.I)
_OWNS_UNMARKED = re.compile(r"(?:ish|ese|French|Dutch)$")


def resolve(
    question: str, turns: Sequence[Tiers], bases: Sequence[str]
) -> tuple[str, list[Mention]]:
    """Put antecedents in the place of a question's pronouns, where there are any that agree.

    Args:
        question: as asked.
        turns: what was spoken of, the newest turn first.
        bases: the questions of these turns, whole.

    Returns:
        (rewritten question, antecedents used).
    """
    found = dangling(question)
    if len(found) > _MOST_PRONOUNS:
        return question, []
    used: dict[Asks, Mention] = {}
    for pronoun in found:
        if pronoun.asks in used:
            continue
        mention = (
            _measured(pronoun, question, bases)
            or _object_of_same_verb(pronoun, question, turns[:1], bases[:1])
            or _antecedent(pronoun.asks, question, turns, used.values())
        )
        if mention:
            used[pronoun.asks] = mention
    for pronoun in reversed(found):
        if pronoun.asks in used:
            question = _replaced(question, pronoun, used[pronoun.asks])
    return question, list(used.values())


def _antecedent(
    asks: Asks, question: str, turns: Sequence[Tiers], taken: Iterable[Mention]
) -> Mention | None:
    """The likeliest thing that a pronoun stands for; None where nothing agrees with it.

    What the question names itself, or another pronoun of it means, is not what is meant.
    """
    own = {mention.core for mention in [*mentions(question), *taken]}
    reports = _REPORTS.search(question) is not None
    ranked = [
        (_rank(asks, fit, turns_back, tier, reports), mention)
        for turns_back, tiers in enumerate(turns)
        for tier, found in tiers
        for mention in found
        if (fit := _fit(asks, mention))
        and mention.core not in own
        and (asks == "place" or tier != Tier.WHERE)
    ]
    return min(ranked, key=lambda one: one[0])[1] if ranked else None


def _rank(asks: Asks, fit: int, turns_back: int, tier: Tier, reports: bool) -> tuple[int, ...]:
    """How far down a mention comes; what is last spoken of comes first.

    A person is looked for further back, before a name that may be a state's; and who was quoted
    where the question asks what "he" says.
    """
    if asks == "person":
        if tier == Tier.VOICE:
            return (1 if reports else 4, turns_back)
        if tier == Tier.TOLD:
            return (3, turns_back, -fit)
        return (0 if fit == _SURE else 2, turns_back, tier, -fit)
    if asks == "several":
        return (turns_back, tier >= Tier.TOLD, -fit, tier)
    return (turns_back, tier, -fit)


def _fit(asks: Asks, mention: Mention) -> int:
    if len(mention.text) > _LONGEST or (asks == "person" and STATE.match(mention.core)):
        return 0
    if asks == "several" and any(map(DEMONYM.search, mention.core.split())):
        return 2  # "the British fleet": the British
    return _FIT[asks].get(mention.kind, 0)


def _measured(pronoun: Pronoun, question: str, bases: Sequence[str]) -> Mention | None:
    """What an earlier question asked the size of, where this one asks "how high was it"."""
    if pronoun.asks != "thing" or pronoun.is_possessive or not _ASKS_DEGREE.match(question):
        return None
    found = next((match for base in bases if (match := _MEASURED.search(base))), None)
    return Mention(found["what"], "thing", is_name=False) if found else None


def _object_of_same_verb(
    pronoun: Pronoun, question: str, turns: Sequence[Tiers], bases: Sequence[str]
) -> Mention | None:
    """What the verb had for its object in the question before: "call it" after "call the route"."""
    verb = re.search(r"(\w+)\s+$", question[: pronoun.start])
    if verb is None or pronoun.is_possessive or is_function_word(verb[1]):
        return None
    named = [m for tiers in turns for tier, found in tiers if tier == Tier.NAMED for m in found]
    return next(
        (
            mention
            for mention in named
            for base in bases
            if _fit(pronoun.asks, mention)
            and re.search(rf"\b{verb[1]}\s+{re.escape(mention.text)}", base, re.I)
        ),
        None,
    )


def _replaced(question: str, pronoun: Pronoun, mention: Mention) -> str:
    before, after = question[: pronoun.start], question[pronoun.end :]
    shown = mention.text
    if pronoun.asks == "place" and not _PREPOSITION_BEFORE.search(before):
        shown = f"in {shown}"
    if pronoun.is_possessive:
        after = re.sub(r"^['’]s\b", "", after)
        shown += _owner_ending(shown)
    if not before.strip():
        shown = shown[0].upper() + shown[1:]
    return before + shown + after


def _owner_ending(name: str) -> str:
    if _OWNS_UNMARKED.search(name):
        return ""  # "the British plans"
    return "'" if name.endswith("s") else "'s"
