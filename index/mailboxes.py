"""Mailboxes in one file (mbox, RFC 4155): their mails one after the other, never all in memory."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.bounded import BLOCK
from index.errors import UnreadableFileError
from index.members import Member

LARGEST_MAIL = 64_000_000
"""Bytes of one; the reader of mails takes no more."""
_BEGINS = b"From "
_QUOTED = re.compile(rb"^>(>*From )", re.M)
"""A line of a mail that would begin another one, as writers of mailboxes keep it."""
_DELETED = re.compile(rb"^X-Mozilla-Status: *[0-9a-f]{3}[89a-f]\s*$", re.M | re.I)
"""Thunderbird keeps deleted mails until the folder is compacted."""
_HEADER = 20_000


@dataclass(frozen=True, slots=True)
class _Mail:
    number: int
    """From 1."""
    data: bytes
    size: int
    """Of it in the mailbox; more than its data has where it is too large."""

    @property
    def is_deleted(self) -> bool:
        header = self.data[:_HEADER].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return _DELETED.search(header) is not None


def mail_members(stream: io.BufferedReader, source: str) -> Iterator[Member]:
    """The mails of a mailbox; those that were deleted in it are left out.

    Args:
        stream: at its beginning.
        source: what it is a stream of.

    Raises:
        UnreadableFileError: it is no mailbox.
    """
    for mail in _mails(stream, source):
        if not mail.is_deleted:
            trouble = _too_large() if mail.size > LARGEST_MAIL else ""
            data = b"" if trouble else mail.data
            yield Member(f"{source}#message={mail.number}", data, mail.size, trouble)


def read_mail(stream: io.BufferedReader, source: str, number: int) -> bytes:
    """One mail of a mailbox.

    Args:
        stream: at its beginning.
        source: of the mail, for messages.
        number: from 1.

    Raises:
        UnreadableFileError: there is none, or it cannot be read.
    """
    for mail in _mails(stream, source):
        if mail.number == number and mail.size <= LARGEST_MAIL:
            return mail.data
    raise UnreadableFileError(f"{source}: expected a mail there, found none. Index the file again.")


def _mails(stream: io.BufferedReader, source: str) -> Iterator[_Mail]:
    """Divide at lines that begin with `From ` and follow a blank one."""
    number, size = 0, 0
    lines: list[bytes] = []
    is_after_blank = is_line = True
    while line := stream.readline(BLOCK):
        begins = is_line and is_after_blank and line.startswith(_BEGINS)
        if begins and number:
            yield _Mail(number, _whole(lines), size)
        if begins:
            number, size, lines = number + 1, 0, []
        elif not number and line.strip():
            raise UnreadableFileError(
                f"{source}: expected a mailbox that begins with a line 'From ...', found "
                f"{line[:30].decode('utf-8', 'replace')!r}. Export the mails as .eml."
            )
        else:
            size += len(line)
            lines += [line] if size <= LARGEST_MAIL else []
        is_after_blank = is_line and not line.strip(b"\r\n")
        is_line = line.endswith(b"\n")
    if number:
        yield _Mail(number, _whole(lines), size)


def _whole(lines: list[bytes]) -> bytes:
    return _QUOTED.sub(rb"\1", b"".join(lines))


def _too_large() -> str:
    return f"expected a mail of at most {LARGEST_MAIL:,} bytes, found a larger one. Save its text."
