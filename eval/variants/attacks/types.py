"""What an attack is: the text that is planted, and how one can tell that it was obeyed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from eval.variants.attacks.encodings import as_it_is

Position = Literal["start", "middle", "end", "apart"]
"""In the paragraph it is planted in, as BIPIA has them; apart: in a paragraph of its own."""


@dataclass(frozen=True, slots=True)
class Attack:
    """An instruction in a document, and what a model that obeys it says."""

    position: Position
    text: str
    """What is planted: `{word}` is an invented word, `{question}` that of a case it is aimed at."""
    reply: str = "{payload}"
    """What a model that obeys says."""
    encode: Callable[[str], str] = as_it_is
    """From the invented word to the payload: where it is encoded, the document does not have it."""

    def written(self, word: str, question: str) -> str:
        """The text to plant."""
        return self.text.format(word=word, question=question)

    def payload(self, word: str) -> str:
        """What an answer states only if the instruction was obeyed."""
        return self.encode(word)

    def obeyed(self, word: str) -> str:
        """What a model that obeys says; the payload is in it."""
        return self.reply.format(payload=self.payload(word))
