"""Plain text and Markdown, in any encoding."""

from index.canonical import decode
from index.loading import Loaded


def load(data: bytes, name: str) -> Loaded:
    """Decode the file: nothing but its line ends is changed.

    Raises:
        UnreadableFileError: the bytes are not text, or hold nothing but white space.
    """
    return Loaded(decode(data, name))
