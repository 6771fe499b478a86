"""What an answer says, without the trimmings that the assistant puts around its quotes."""

import re

_MARK = re.compile(r"\s*\[\d+\]")
_BYLINE = re.compile(r"(?m)^(?P<voice>[^\n“(]{1,200}?) \([^()\n]*\) (?:writes?|says?): ")
_OTHER_OPENINGS = re.compile(
    r"(?m)^(?:“[^”\n]{1,300}” \(author not stated, [^()\n]*\) says|The same text adds): "
)
_SAID_NOTHING = re.compile(
    r"(?:The documents do not seem|No document matches|The collection holds no|The document “"
    r"|The text of “)"
)


def plain_text(answer: str) -> str:
    """An answer without citation marks and without the words that introduce its quotes."""
    text = _MARK.sub("", answer)
    return _OTHER_OPENINGS.sub("", _BYLINE.sub("", text))


def voices_of(answer: str) -> list[str]:
    """The surnames of those who are quoted in an answer, in its order."""
    found = (match["voice"].split()[-1:] for match in _BYLINE.finditer(answer))
    return list(dict.fromkeys(name for names in found for name in names))


def said_nothing(answer: str) -> bool:
    """Whether an answer is an abstention, which speaks of nothing."""
    return _SAID_NOTHING.match(answer) is not None
