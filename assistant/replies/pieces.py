"""What a reply of a model is divided into."""

from dataclasses import dataclass
from typing import Any, TypeAlias

SCHEMA: dict[str, Any] = {
    "title": "Reply",
    "description": "The statements that answer the question; none if the evidence does not.",
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One sentence."},
                    "ids": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Ids of the evidence sentences that say so, like 1.2.",
                    },
                },
                "required": ["text", "ids"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["statements"],
    "additionalProperties": False,
}
"""JSON schema of a structured reply. An empty list says that the evidence does not answer."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Text to show until the draft that it belongs to is complete."""

    text: str
    """The next part of a sentence in display form: without markers, bullets or emphasis."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence of a reply, with the evidence that it points to. Nothing in it is verified."""

    text: str
    """The sentence in display form. It replaces the `Writing` texts since the last draft, which
    usually are a beginning of it."""
    ids: tuple[str, ...]
    """Ids as the model gave them, each once: `1.2`, or `2` for a whole passage. They may be none
    of those that were shown to it. Empty where the sentence has none."""
    raw: str
    """The part of the reply that it was read from."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The model said that the evidence does not answer the question."""

    raw: str
    """How it said so."""


Piece: TypeAlias = Writing | Draft | Declined


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it was found, before repeats, asides and refusals are told apart."""

    text: str
    ids: tuple[str, ...]
    raw: str
