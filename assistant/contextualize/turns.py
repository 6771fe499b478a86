"""The conversation so far, and what a question takes over from it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.contextualize.answers import plain_text, said_nothing, voices_of
from assistant.contextualize.completing import complete
from assistant.contextualize.fragments import is_fragment, without_lead
from assistant.contextualize.leaning import leans_on_history, points_back
from assistant.contextualize.mentions import Mention, mentions
from assistant.contextualize.pronouns import Tier, Tiers, resolve

History = Sequence[tuple[str, str]]
"""Earlier (question, answer text) pairs, oldest first."""

_FURTHEST = 5
"""How many turns back a question may lead."""
_LONGEST = 1_000
"""How much of an earlier question or answer is read, in code points."""
_WHO = re.compile(
    r"^\W*(?:\w+ )?(?:who|whom|whose|which (?:author|president|minister|king))\b", re.I
)
_ASKS_FOR_ONE = re.compile(
    r"^\W*(?:[^?]{0,60}, )?(?:which|what) (?:[\w’'-]+ ){0,3}?(?:country|state|city|town|village"
    r"|company|court|party|organization|river|empire|book|treaty|group|institution|museum"
    r"|university|fort|region|religion|war|battle)\b",
    re.I,
)
_WHERE = re.compile(r"^\W*where\b", re.I)
_INSIDE = re.compile(r"\b(?:in|at|near) \Z", re.I)
_ABOUT = re.compile(r"\babout (?=\w)", re.I)
_SUBORDINATE = re.compile(r"\w (?:that|which|whom) (?:the )?(?:[^\W\d_a-z]\w+ and )?\Z")
"""What stands before the subject of a relative clause, or before the second of two."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One turn as later questions see it."""

    question: str
    """Whole, as far as it could be made so."""
    tiers: Tiers
    """What it speaks of."""
    is_whole: bool = True
    """Whether the question was understood, or only joined to the one before it."""

    @property
    def named(self) -> Sequence[Mention]:
        """What the question itself names."""
        return next(found for tier, found in self.tiers if tier == Tier.NAMED)


def contextualize(question: str, history: History, people: Collection[str] = ()) -> tuple[str, str]:
    """Find what a question takes over from the conversation.

    Args:
        question: as asked.
        history: earlier questions with their answers, oldest first.
        people: names of persons known to the collection, such as its authors.

    Returns:
        (earlier, standalone): the text to search is `standalone`. That is the question itself where
        it stands alone, the question rewritten where a rule is sure of it, and otherwise the
        earlier question and this one, joined by a space; `earlier` is empty but in the last case.
    """
    names = {word for name in people for word in name.split()[-1:]}
    turns: list[_Turn] = []
    for asked, answer in history[-_FURTHEST:]:
        names.update(voices_of(answer[:_LONGEST]))
        turn = _understood(asked[:_LONGEST].strip(), turns, names)[1]
        turns.append(_with_answer(turn, answer[:_LONGEST], names))
    earlier, turn = _understood(question, turns, names)
    return earlier, turn.question


def _understood(question: str, turns: Sequence[_Turn], names: Collection[str]) -> tuple[str, _Turn]:
    """The earlier question that one is joined to, if it is; and the turn, as far as it is known."""
    if not turns or not leans_on_history(question):
        return "", _asked(question, names)
    whole, used = _rewritten(question, turns, names)
    if whole and not points_back(whole):
        return "", _asked(whole, names, used)
    base = turns[-1].question[-_LONGEST:]
    named = [*_ranked(question, names, used), *turns[-1].named]
    return base, _Turn(f"{base} {question}".strip(), [(Tier.NAMED, named)], is_whole=False)


def _rewritten(
    question: str, turns: Sequence[_Turn], names: Collection[str]
) -> tuple[str | None, list[Mention]]:
    """A question made whole, and the antecedents of its pronouns; None where no rule is sure."""
    newest_first = turns[::-1]
    bases = [turn.question for turn in newest_first]
    if is_fragment(question):
        return complete(question, bases, names) if turns[-1].is_whole else None, []
    text, used = resolve(question, [turn.tiers for turn in newest_first], bases)
    return _without_opening(text) if used else None, used


def _without_opening(question: str) -> str:
    rest = without_lead(question)
    mark = question.rstrip()[-1:]
    return rest[:1].upper() + rest[1:] + (mark if mark in "?.!" else "")


def _asked(question: str, names: Collection[str], used: Sequence[Mention] = ()) -> _Turn:
    return _Turn(question, [(Tier.NAMED, _ranked(question[:_LONGEST], names, used))])


def _ranked(question: str, names: Collection[str], used: Sequence[Mention]) -> list[Mention]:
    """What a question speaks of, the likeliest antecedent first.

    What a pronoun stood for goes on being spoken of; then comes what the question is "about", and
    of the rest names before nouns, the subject before others, and the last before earlier ones.
    """
    about = _ABOUT.search(question)
    topic = about.end() if about else len(question)
    cores = {mention.core for mention in used}

    def order(mention: Mention) -> tuple[bool | int, ...]:
        before = question[: mention.start]
        return (
            mention.core not in cores,
            mention.start < topic,
            _SUBORDINATE.search(before) is not None,
            not mention.is_name,
            mention.is_paired,
            mention.is_name or not before.endswith(" of "),
            not mention.is_subject,
            -mention.start,
        )

    return sorted(mentions(question, names), key=order)


def _with_answer(turn: _Turn, answer: str, names: Collection[str]) -> _Turn:
    """A turn with what its answer speaks of.

    Where the question asks who or where, the answer names what is spoken of from then on, unless
    the question names a person itself.
    """
    if said_nothing(answer):
        return turn
    text = plain_text(answer)
    asked = turn.question.casefold()
    told = [m for m in mentions(text, names) if m.is_name and m.core not in asked]
    where: list[Mention] = []
    asked_for: list[Mention] = []
    if _WHO.match(turn.question) and not any(m.kind == "person" for m in turn.named):
        people = [m for kind in ("person", "open") for m in told if m.kind == kind]
        asked_for = [replace(m, kind="person") for m in people[:1]]
    elif _ASKS_FOR_ONE.match(turn.question):
        has_subject = any(m.is_subject and m.is_name for m in turn.named)
        asked_for = [] if has_subject else told[:1]
    elif _WHERE.match(turn.question):
        where = [m for m in told if _INSIDE.search(text[: m.start])][:1]
    voices = [Mention(voice, "person") for voice in voices_of(answer)]
    tiers: Tiers = [
        (Tier.WHERE, where),
        (Tier.ASKED_FOR, asked_for),
        *turn.tiers,
        (Tier.TOLD, told),
        (Tier.VOICE, voices if len(voices) == 1 else []),
    ]
    return replace(turn, tiers=tiers)
