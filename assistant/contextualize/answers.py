"""What an answer says, without the trimmings that the assistant puts around its quotes."""

import re
from functools import cache

from prompts import load, names

_MARK = re.compile(r"\s*\[\d+\]")
_BEFORE_QUOTE = ": “"
_INTRODUCES = re.compile(r" \([^()]*\)[^()]{0,80}\Z|\bsame text\b")
"""How the words before a quote end that the assistant wrote: "Holm (2020) writes"."""
_SPEAKER = re.compile(r"(?:Later, )?(?P<name>[^“()]+?), (?:quoted|as reported) (?:by|in) ")
_VARIABLE = re.compile(r"\{\w+\}")


def plain_text(answer: str) -> str:
    """An answer without citation marks and without the words that introduce its quotes.

    The speaker of a reported quote stays: it is spoken of.
    """
    return "\n".join(map(_without_introduction, _MARK.sub("", answer).split("\n")))


def voices_of(answer: str) -> list[str]:
    """The surnames of those who are quoted in an answer, in its order."""
    heads = (_introduction(line).partition(" (") for line in answer.split("\n"))
    named = [name for name, mark, _ in heads if mark and "“" not in name]
    return list(dict.fromkeys(surname for name in named for surname in name.split()[-1:]))


def said_nothing(answer: str) -> bool:
    """Whether an answer is an abstention, which speaks of nothing."""
    return _abstentions().match(answer) is not None


def _introduction(line: str) -> str:
    """The words before a line's quote, if they are the assistant's; else nothing."""
    head, quote, _ = line.partition(_BEFORE_QUOTE)
    return head if quote and _INTRODUCES.search(head[-300:]) else ""


def _without_introduction(line: str) -> str:
    head = _introduction(line)
    if not head:
        return line
    speaker = _SPEAKER.match(head)
    said = line[len(head) + len(_BEFORE_QUOTE) - 1 :]
    return f"{speaker['name']}: {said}" if speaker else said


@cache
def _abstentions() -> re.Pattern[str]:
    """The first sentences of all abstentions, whatever they name."""
    firsts = (load(name).text.partition(". ")[0] for name in names() if name.startswith("abstain_"))
    return re.compile("|".join(map(_with_any_values, firsts)))


def _with_any_values(template: str) -> str:
    return r"[^\n]{1,200}?".join(map(re.escape, _VARIABLE.split(template)))
