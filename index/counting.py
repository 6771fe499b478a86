"""Counts as they are told to people."""


def plural(count: int, noun: str, nouns: str = "") -> str:
    """`1 quote`, `1,200 quotes`; `nouns` where an s does not do."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"
