"""Chat model servers for tests: one that follows a script, and one with a real small model."""

from .scripted import ScriptedServer
from .turns import (
    TOO_LONG,
    TOO_LONG_LLAMA_CPP,
    CutOff,
    Empty,
    Garbage,
    Hangs,
    Says,
    Status,
    Turn,
    WithReasoning,
)
from .wire import Request

__all__ = [
    "TOO_LONG",
    "TOO_LONG_LLAMA_CPP",
    "CutOff",
    "Empty",
    "Garbage",
    "Hangs",
    "Request",
    "Says",
    "ScriptedServer",
    "Status",
    "Turn",
    "WithReasoning",
]
