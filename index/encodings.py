"""Encodings of old files, told apart by the letters they give.

Statistics over bytes fail on a short text, and one byte decides between "naïve" and "naďve". So the
usual single-byte encodings are tried in turn, and the one wins whose letters belong to one alphabet
and stand where letters of that case stand. What is left goes to charset-normalizer.
"""

import re
from collections.abc import Iterator

_SAMPLE = 100_000
_ENOUGH = 0.9
_WORD = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
_PUNCTUATION = frozenset("“”‘’„‚–—…•€£§°«»·№¿¡\u00a0\u00ad©®™²³½")
_LATIN = (
    ("cp1252", "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœ"),
    ("cp1252", "áéíóúýðþæö"),
    ("cp1254", "çğıöşüâîûi̇"),
    ("cp1250", "ąćęłńóśźżé"),
    ("cp1250", "áäčďéěíĺľňóôřŕšťúůýžöü"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "ăâîşţșțčćđšž"),
)
_OTHER = (
    ("cp1251", "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"),
    ("koi8-r", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
)


def detect(data: bytes) -> str | None:
    """Decode a text that is not UTF-8, or None where no encoding gives a plausible one."""
    rated = [
        (-_plausibility(text, frozenset(alphabet), is_latin), rank, encoding)
        for rank, (encoding, alphabet, is_latin) in enumerate(_candidates())
        if (text := _decoded(_sample(data), encoding)) is not None
    ]
    for score, _, encoding in sorted(rated):
        text = _decoded(data, encoding)
        if -score >= _ENOUGH and text is not None:
            return text
    return _by_statistics(data)


def _candidates() -> Iterator[tuple[str, str, bool]]:
    yield from ((encoding, alphabet, True) for encoding, alphabet in _LATIN)
    yield from ((encoding, alphabet, False) for encoding, alphabet in _OTHER)


def _sample(data: bytes) -> bytes:
    """The text around its first bytes that are not ASCII."""
    first = next((place for place, byte in enumerate(data) if byte > 127), 0)
    return data[max(first - 100, 0) : first + _SAMPLE]


def _plausibility(text: str, alphabet: frozenset[str], is_latin: bool) -> float:
    """Share of the characters beyond ASCII that the alphabet explains."""
    good = total = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        beyond = [character for character in word if not character.isascii()]
        total += len(beyond)
        if word in _PUNCTUATION:
            good += 1
            continue
        is_mixed = any(map(str.isascii, word))
        has_script = is_mixed or len(word) <= 2 if is_latin else not is_mixed
        has_case = word[1:].islower() or word.isupper() or len(word) == 1
        if has_script and has_case:
            good += sum(character.lower() in alphabet for character in beyond)
    return good / total if total else 0.0


def _by_statistics(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else _decoded(data, best.encoding)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
