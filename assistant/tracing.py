"""What the commands let out of this machine besides calls of a chat model that is named: nothing.

LangChain sends each step of a chain to LangSmith, with questions and documents, where its variables
say so. Those may be set for another program of the same user, so that a command wants a word of its
own for it. A program that imports this package decides for itself.
"""

import os
from collections.abc import Callable

from index.telemetry import turn_off_telemetry

WANTED = "ASSISTANT_TRACING"
"""The environment variable that has a command follow LangChain's."""
TRACING = ("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING")
_YES = ("1", "true", "yes", "on")


def keep_private(say: Callable[[str], None]) -> None:
    """Switch off telemetry and, unless it is wanted, tracing. Call it before LangChain is used.

    Args:
        say: told which variables are not followed.
    """
    turn_off_telemetry()
    if os.environ.get(WANTED, "").strip().lower() in _YES:
        return
    ignored = [name for name in TRACING if os.environ.get(name, "").strip().lower() in _YES]
    for name in ignored:
        os.environ[name] = "false"
    if ignored:
        say(
            f"{' and '.join(ignored)}: not followed, since questions and parts of your documents "
            f"would be sent to LangSmith. Set {WANTED}=true as well if that is meant."
        )
