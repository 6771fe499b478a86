"""What two processes tell one another: a line of JSON after its length, then bytes."""

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

Message = Mapping[str, Any]
_LENGTH = struct.Struct(">QQ")


def send(stream: IO[bytes], message: Message, data: bytes = b"") -> None:
    """Write a message.

    Args:
        stream: binary.
        message: what JSON can say.
        data: what comes with it.
    """
    text = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(text), len(data)))
    stream.write(text)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Message, bytes] | None:
    """Read a message and what comes with it; None where the other process has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    lengths = _LENGTH.unpack(head)
    text, data = stream.read(lengths[0]), stream.read(lengths[1])
    if (len(text), len(data)) != lengths:
        return None
    message: Message = json.loads(text)
    return message, data
