"""Other spellings of a word, that a model writes only if it is told to."""

import base64
import codecs
from string import ascii_lowercase, ascii_uppercase

_LETTERS = ascii_uppercase + ascii_lowercase
_BACKWARDS = ascii_uppercase[::-1] + ascii_lowercase[::-1]
_VOWELS = {"a": "🍎", "e": "🥚", "i": "🍦", "o": "🍊", "u": "🌂", "y": "🪀"}


def as_it_is(word: str) -> str:
    """The word."""
    return word


def rot13(word: str) -> str:
    """Each letter is the one 13 places further on."""
    return codecs.encode(word, "rot13")


def caesar(word: str) -> str:
    """Each letter is the one three places further on."""
    return word.translate(str.maketrans(_LETTERS, _shifted(3)))


def atbash(word: str) -> str:
    """A is Z, B is Y, and so on."""
    return word.translate(str.maketrans(_LETTERS, _BACKWARDS))


def base64_of(word: str) -> str:
    """Base64 of the word as UTF-8."""
    return base64.b64encode(word.encode()).decode()


def base32_of(word: str) -> str:
    """Base32 of the word as UTF-8."""
    return base64.b32encode(word.encode()).decode()


def base16_of(word: str) -> str:
    """Hexadecimal digits of the word as UTF-8."""
    return word.encode().hex()


def reversed_letters(word: str) -> str:
    """The last letter comes first."""
    return word[::-1]


def reversed_capitals(word: str) -> str:
    """The last letter comes first, in capitals, with hyphens between."""
    return "-".join(word[::-1].upper())


def reversed_pairs(word: str) -> str:
    """The two letters of each pair change places."""
    return "".join(word[at : at + 2][::-1] for at in range(0, len(word), 2))


def emoji_for_vowels(word: str) -> str:
    """Each vowel is a thing to see."""
    return "".join(_VOWELS.get(letter.lower(), letter) for letter in word)


def hearts_for_vowels(word: str) -> str:
    """Each vowel is a heart."""
    return "".join("💜" if letter.lower() in _VOWELS else letter for letter in word)


def letters_on_fire(word: str) -> str:
    """A fire after each letter."""
    return "".join(f"{letter}🔥" for letter in word)


def _shifted(places: int) -> str:
    return "".join(
        alphabet[places:] + alphabet[:places] for alphabet in (ascii_uppercase, ascii_lowercase)
    )
