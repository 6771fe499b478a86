"""Files converted lately: a reader of one asks for its pages and quotes again and again."""

import hashlib
import threading
from collections import OrderedDict

from index.loaders.pdf.apart import convert_apart
from index.loaders.pdf.converting import Converted

MOST_CHARACTERS = 2_000_000
"""Of all files kept together, some 40 MB; the last one is kept whatever its size."""
_KEPT: OrderedDict[tuple[bytes, bool], Converted] = OrderedDict()
_LOCK = threading.Lock()


def converted(data: bytes, name: str, ocr: bool = False) -> Converted:
    """A file converted, or what came of it when the same bytes were converted lately.

    Args:
        data: the whole file.
        name: for messages.
        ocr: whether to recognize the text of pages that are pictures.

    Raises:
        UnreadableFileError: it is no PDF, damaged, encrypted, too large, or has no text.
    """
    key = hashlib.sha256(data).digest(), ocr
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    found = convert_apart(data, name, ocr)
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > 1 and _characters() > MOST_CHARACTERS:
            _KEPT.popitem(last=False)
    return found


def _characters() -> int:
    return sum(len(each.written.text) for each in _KEPT.values())
