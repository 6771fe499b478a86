"""How evidence is put before a chat model, so that it reads as data.

Delimiting, one of the ways of spotlighting (Hines et al. 2024, arXiv:2403.14720): the evidence
stands between lines that it cannot contain, and nothing in it can end a turn or begin one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from assistant.wording import shown

_MARK_DIGITS = 12
_MARK = re.compile(r"EVIDENCE-(?=[0-9a-f])", re.IGNORECASE)
_TOKEN = re.compile(
    r"<[|｜]?[|｜][^<>\n]{0,60}[|｜]?>"  # <|im_start|>, <|eot_id|>, <｜User｜>
    r"|<[^<>|｜\n]{0,60}[|｜]>"
    r"|</?(?:s|unk|pad|mask|bos|eos|cls|sep|think|tool_call|tool_response|tools|file_sep|repo_name"
    r"|issue_\w{1,20}|gh_stars|reponame|empty_output|filename|jupyter_\w{1,20}|commit_\w{1,20}"
    r"|fim_\w{1,12}|start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token"
    r"|unused\d{1,4})>"
    r"|<<[^<>\n]{0,40}>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT"
    r"|IMG|IMG_BREAK|IMG_END|PREFIX|MIDDLE|SUFFIX|THINK|ARGS|CALL_ID|multimodal)\]",
    re.IGNORECASE,
)
_BRACKETS = str.maketrans("<>[]|｜", "()()//")
_ROLE = re.compile(
    r"^(?P<lead>[\s>*_-]{0,8})(?:#{1,6}\s{0,3})?(?P<name>instructions?|response|input|output|human|user"
    r"|assistant|system|ai|model|question|answer|developer|tool)(?P<bold>\*{0,2})\s{0,2}:",
    re.IGNORECASE | re.MULTILINE,
)
_ID = re.compile(
    r"\[\s{0,3}(\d{1,4}(?:\.\d{1,4}){0,2}(?:\s?[,;]\s?\d{1,4}(?:\.\d{1,4}){0,2}){0,20})\s{0,3}\]"
)
_UNSEEN = frozenset(("Cf", "Co", "Cn", "Cs"))
_JOINERS = "\u200c\u200d"
"""Part of how some scripts are written."""


def mark_for(texts: Sequence[str]) -> str:
    """A line to put before and after evidence, which none of the texts holds.

    It depends on the texts, so that a document cannot be written to hold it, and nothing else, so
    that the same evidence makes the same prompt.
    """
    together = "\n".join(texts)
    held = together.casefold()
    digest = hashlib.sha256(together.encode("utf-8", "surrogatepass"))
    while (mark := f"EVIDENCE-{digest.hexdigest()[:_MARK_DIGITS]}").casefold() in held:
        digest.update(b"again")
    return mark


def plain(text: str) -> str:
    """A sentence as it is put into a prompt: one line that can only be read as a sentence.

    As `assistant.wording.shown`, and besides: no special token of a chat model, no role at the
    start of a line, no id like those that the evidence has, no mark, nothing that cannot be seen.
    """
    visible = "".join(
        character
        for character in text
        if unicodedata.category(character) not in _UNSEEN or character in _JOINERS
    )
    line = _without_role(shown(_without_role(visible)))  # a footnote mark may stand before one
    for _ in range(_NESTED):
        changed = _TOKEN.sub(lambda match: match[0].translate(_BRACKETS), line)
        if changed == line:
            break
        line = changed
    return _MARK.sub("EVIDENCE ", _ID.sub(r"(\1)", line))


def _without_role(text: str) -> str:
    return _ROLE.sub(r"\g<lead>\g<name>\g<bold> –", text)


_NESTED = 8
"""Tokens within tokens that are undone one after the other."""
