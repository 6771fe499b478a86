"""Grounded answers from a collection of documents.

from assistant import answer

result = answer("Who supplied most of the arms?", index="my.index")
print(result.text)
"""

from assistant.desk import Assistant, answer, stream
from assistant.errors import GroundingError, ModelUnavailableError, QuestionError
from assistant.types import (
    Answer,
    Citation,
    DocumentInfo,
    Event,
    Filter,
    Hit,
    Quote,
    Retrieved,
    Stated,
    Statement,
    Token,
)
from index.errors import VerbatimError

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "DocumentInfo",
    "Event",
    "Filter",
    "GroundingError",
    "Hit",
    "ModelUnavailableError",
    "QuestionError",
    "Quote",
    "Retrieved",
    "Stated",
    "Statement",
    "Token",
    "VerbatimError",
    "answer",
    "stream",
]
