"""Questions, follow-ups, replies of models, checks and instructions: any text gives a result."""

import re
from collections.abc import Sequence
from random import Random
from typing import Any

from scripts.fuzz.target import Target
from scripts.fuzz.texts import text, word

_TOKEN = re.compile(r"<\|[^<>\n]{0,60}\|>")
_QUESTION = 4_000
"""Characters of the longest question that is let through."""
_QUOTE = 1_000
"""Characters of the longest sentence, which is what a quote is made of."""
_STATEMENT = 4_000
"""Characters of a longer sentence than a model writes in the tokens it gets."""


def _question(random: Random) -> str:
    starts = ("", "How many ", "Who said that ", "When was ", "What about ", "And ", "Why did he ")
    return random.choice(starts) + text(random, 200)


def _asked(question: str) -> None:
    from assistant.about import about_document
    from assistant.question import (
        asked_for,
        content_words,
        focus_of,
        kind_of,
        names_in,
        wants_voices,
    )
    from assistant.references import tex
    from index.terms import analyze
    from scripts.fuzz.targets.answers import DOCUMENT

    assert kind_of(question) in ("number", "date", "person", "place", "reason", "other")
    wants_voices(question)
    for found in (
        names_in(question),
        focus_of(question),
        asked_for(question),
        content_words(question),
    ):
        assert all(each.strip() and each in question for each in found), found
    analyze(question), about_document(question, [DOCUMENT]), tex(question)


def _conversation(random: Random) -> tuple[str, list[tuple[str, str]]]:
    turns = [(_question(random), text(random, 500)) for _ in range(random.randint(0, 4))]
    return _question(random), turns


def _followed(made: tuple[str, list[tuple[str, str]]]) -> None:
    from assistant.condensing import trusted
    from assistant.contextualize.turns import contextualize

    question, turns = made
    earlier, alone = contextualize(question, turns, ["Ann Lee", "Bo Ek"])
    assert isinstance(earlier, str)
    assert isinstance(alone, str)
    if not turns:
        assert (earlier, alone) == ("", question), (earlier, alone)
    trusted(alone, question, turns)


def _reply(random: Random) -> tuple[str, list[int]]:
    body = text(random, 1_500)
    cuts = sorted(random.randint(0, len(body)) for _ in range(random.randint(0, 12)))
    return body, cuts


def _read(body: str, cuts: Sequence[int]) -> list[Any]:
    from assistant.replies.pieces import Writing
    from assistant.replies.reader import ReplyReader

    reader, pieces = ReplyReader("When was the ferry built?"), []
    for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
        pieces += reader.feed(body[start:end])
    pieces += reader.close()
    return [piece for piece in pieces if not isinstance(piece, Writing)]


def _replied(made: tuple[str, list[int]]) -> None:
    body, cuts = made
    whole, parts = _read(body, []), _read(body, cuts)
    assert whole == parts, f"cut at {cuts}: {parts} instead of {whole}"


def _statement(random: Random) -> tuple[str, list[str]]:
    quotes = [text(random, 300) for _ in range(random.randint(0, 3))]
    if quotes and random.random() < 0.5:
        said = random.choice(quotes)
        at = random.randint(0, len(said))
        return said[:at] + word(random) + said[at:], quotes
    return text(random, 300), quotes


def _long_statement(body: str) -> tuple[str, list[str]]:
    return body, [body[:_QUOTE]] * 2


def _checked(made: tuple[str, list[str]]) -> None:
    from assistant.checking import Quoted, check_statement
    from assistant.figures import figures_in
    from scripts.fuzz.targets.answers import DOCUMENT

    said, quotes = made
    checked = check_statement(
        said, [Quoted(quote, DOCUMENT, quote) for quote in quotes], question="Who?"
    )
    assert 0.0 <= checked.support <= 1.0, checked.support
    assert len({check.name for check in checked.checks}) == len(checked.checks)
    assert checked.passed or checked.support == 0.0
    figures_in(said)


def _compared(made: tuple[str, list[str]]) -> None:
    from assistant.disagreement import Voice, difference
    from assistant.reported import reported
    from scripts.fuzz.targets.answers import DOCUMENT

    said, quotes = made
    difference("How many cars does it carry?", [Voice(each, DOCUMENT) for each in (said, *quotes)])
    for quote in (said, *quotes):
        found = reported(quote, "\n\n".join(quotes), ("Ann Lee",))
        if found is not None:
            assert found.name.strip(), found


def _instructed(body: str) -> None:
    from assistant.instructions import instructed_spans

    position = -1
    for start, end in instructed_spans(body):
        assert position < start < end <= len(body), (position, start, end)
        position = end


def _spotlit(texts: list[str]) -> None:
    from assistant.spotlight import mark_for, plain

    mark = mark_for(texts)
    assert all(mark.casefold() not in each.casefold() for each in texts)
    for each in texts:
        made = plain(each)
        assert "\n" not in made, made
        assert "[INST]" not in made, made
        assert not _TOKEN.search(made), made
        assert all(character.isprintable() or character in "\u200c\u200d" for character in made), (
            made
        )
        assert mark.casefold() not in made.casefold()
        assert plain(made) == made or "EVIDENCE" in made.upper(), (made, plain(made))


def _redacted(body: str) -> None:
    from assistant.redaction import redact

    assert redact(f"https://ann:hunter2x@{'a'}.b {body}".replace("\n", " ")).count(
        "hunter2x"
    ) == body.count("hunter2x")


TARGETS = (
    Target("questions", _question, _asked, 700, grow=str, longest=_QUESTION),
    Target(
        "follow-ups",
        _conversation,
        _followed,
        300,
        grow=lambda body: (body, [(body, body)]),
        longest=_QUESTION,
    ),
    Target("replies", _reply, _replied, 400, grow=lambda body: (body, []), seconds=4.0),
    Target("checks", _statement, _checked, 250, grow=_long_statement, longest=_STATEMENT),
    Target(
        "comparing", _statement, _compared, 300, grow=lambda body: (body, [body]), longest=4_000
    ),
    Target("instructions", lambda random: text(random, 1_200), _instructed, 300, grow=str),
    Target(
        "spotlight",
        lambda random: [text(random, 200) for _ in range(random.randint(1, 3))],
        _spotlit,
        600,
        grow=lambda body: [body],
        longest=20_000,
    ),
    Target("redaction", lambda random: text(random, 300), _redacted, 600, grow=str),
)
