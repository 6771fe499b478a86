"""A mail's lines by who wrote them: the sender, an earlier mail, a signature, a list's footer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from index.types import Label


@dataclass(frozen=True, slots=True)
class Part:
    """Paragraphs with one label."""

    text: str
    label: Label


_QUOTED = re.compile(r" ?>")
_DEPTH = re.compile(r"(?:> ?)*")
_SIGNATURE = re.compile(r"--\s?$")
_LIST_FOOTER = re.compile(r"_{30,}\s*$|-{60,}\s*$")
_HEADING = re.compile(
    r"(?:[-_=*\s]{2,}+)?(?:original (?:message|appointment)|forwarded (?:message|by\b.*)"
    r"|weitergeleitete nachricht|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|messaggio originale|begin forwarded message:?|anfang der weitergeleiteten nachricht:?)"
    r"\s*+(?:[-_=*]++\s*+)?:?$",
    re.I,
)
"""What mail programs put over a mail that they add below."""
_FROM = re.compile(r"\*?(?:from|von|de|da|van|från|fra)\s?:\*?\s", re.I)
_SUBJECT = re.compile(r"\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne)\s?:", re.I)
_HEADER_LINES = 12
"""A copied header: lines that begin with "From:" and have a subject among them."""
_WROTE = re.compile(
    r"(?:on\b.{4,200}\bwrote|am\b.{4,200}\bschrieb\b.{0,100}|le\b.{4,200}\ba écrit"
    r"|el\b.{4,200}\bescribió|il\b.{4,200}\bha scritto|op\b.{4,200}\bschreef\b.{0,100})\s?:$",
    re.I | re.S,
)
_SAID = re.compile(r".{2,120}\b(?:wrote|writes|said|schrieb|schreibt|écrit)\s?:$", re.I)
_WROTE_AT = re.compile(r"(?:on|am|le|el|il|op)\b.*(?:\d[:.]\d\d|@)", re.I | re.S)
"""Where a program wrote it: with a time or an address."""
_WROTE_LINES = 4
_DEVICE = re.compile(
    r"(?:sent from (?:my|outlook|mail|yahoo|proton)\b.{0,60}|von meinem .{2,30} gesendet"
    r"|get outlook for .{2,20}|envoyé de mon .{2,30})$",
    re.I,
)
_DISCLAIMER = re.compile(
    r"\W{0,3}(?:confidentiality (?:notice|note)|disclaimer\b"
    r"|this (?:e-?mail|message|communication)\b.{0,120}\b(?:confidential|privileged"
    r"|intended (?:only|solely))|diese e-?mail enthält vertrauliche)",
    re.I | re.S,
)


def parts_of(text: str) -> Iterator[Part]:
    """Divide the text of a mail; a mark of quoting stays with its line.

    What follows a copied header or "Original Message" is an earlier mail to its end.
    """
    lines = text.split("\n")
    labels = _labels(lines)
    start = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or labels[place] != labels[start]:
            block = "\n".join(line.rstrip() for line in lines[start:place]).strip("\n")
            if block.strip():
                yield from _by_paragraph(block, labels[start])
            start = place


def unflowed(text: str, deletes_space: bool = False) -> str:
    """Text in which a space at the end of a line means that its paragraph goes on (RFC 3676)."""
    done: list[str] = []
    goes_on = False
    last = ""
    for line in text.split("\n"):
        match = _DEPTH.match(line) if line.startswith(">") else None
        marks = match[0].replace(" ", "") if match else ""
        content = line[match.end() if match else 0 :]
        content = content.removeprefix(" ") if not match else content
        if goes_on and marks == last and content != "-- ":
            done[-1] = (done[-1][:-1] if deletes_space else done[-1]) + content
        else:
            done.append(f"{marks} {content}" if marks else content)
        goes_on = content.endswith(" ") and content != "-- "
        last = marks
    return "\n".join(done)


def _labels(lines: Sequence[str]) -> list[Label]:
    """The label of each line."""
    labels: list[Label] = ["body"] * len(lines)
    current: Label = "body"
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if _is_earlier_mail(lines, place):
            labels[place:] = ["notes"] * (len(lines) - place)
            return labels
        if _QUOTED.match(lines[place]):
            _mark_attribution(lines, labels, place)
            labels[place] = "notes"
        elif _SIGNATURE.match(lines[place]) or _LIST_FOOTER.match(line):
            current = "boilerplate"
            labels[place] = current
        elif _DEVICE.match(line):
            labels[place] = "boilerplate"
        else:
            labels[place] = current
        place += 1
    return labels


def _is_earlier_mail(lines: Sequence[str], place: int) -> bool:
    """Whether an earlier mail begins here, of which not every line is marked as quoted."""
    line = lines[place].strip()
    if not line or _QUOTED.match(lines[place]):
        return False
    if _HEADING.match(line):
        return True
    if _FROM.match(line):
        header = _until_blank(lines[place : place + _HEADER_LINES])
        return any(map(_SUBJECT.match, header))
    sentence = " ".join(_until_blank(lines[place : place + _WROTE_LINES]))
    if not _WROTE.match(sentence) or not _WROTE_AT.match(sentence):
        return False
    following = (each for each in lines[place + 1 :] if each.strip())
    return not any(map(_QUOTED.match, islice(following, _WROTE_LINES)))


def _until_blank(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in takewhile(str.strip, lines)]


def _mark_attribution(lines: Sequence[str], labels: list[Label], place: int) -> None:
    """Label the "On Monday Ada wrote:" over quoted lines."""
    end = place
    while end and not lines[end - 1].strip() and place - end < 2:
        end -= 1
    if not end or _QUOTED.match(lines[end - 1]) or labels[end - 1] == "notes":
        return
    for start in range(end - 1, max(end - 1 - _WROTE_LINES, -1), -1):
        if not lines[start].strip():
            break
        if _WROTE.match(" ".join(line.strip() for line in lines[start:end])):
            labels[start:end] = ["notes"] * (end - start)
            return
    if _SAID.match(lines[end - 1].strip()):
        labels[end - 1] = "notes"


def _by_paragraph(block: str, label: Label) -> Iterator[Part]:
    """The paragraphs of the sender, notices about confidentiality told apart."""
    if label != "body" or not _DISCLAIMER.search(block):
        yield Part(block, label)
        return
    for paragraph in re.split(r"\n[ \t]*\n+", block):
        if paragraph.strip():
            is_notice = _DISCLAIMER.match(paragraph.strip()) is not None
            yield Part(paragraph.strip("\n"), "boilerplate" if is_notice else "body")
