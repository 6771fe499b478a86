"""What is sent to Gradio's server to begin or end an event, checked before it gets there.

Gradio answers an event that there is not with an exception, and one in another form with Pydantic's
description of it: neither is a sentence, and both fill the log.
"""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.web.routes import Refused, object_from

Inputs = Mapping[int, int]
"""How many values each event takes, by its number."""


def require_json(scope: Scope) -> None:
    """Nothing, if a request says that it carries JSON: a page of another site cannot, unasked.

    Raises:
        Refused: it says something else, or nothing.
    """
    found = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if found != "application/json":
        raise Refused("Expected the header Content-Type: application/json.", 415)


def event_from(body: bytes, path: str, inputs: Inputs) -> dict[str, Any]:
    """An event from the body of a request.

    Args:
        body: the request's.
        path: the request's, without a prefix: where events begin, are cancelled, or are forgotten.
        inputs: what events there are.

    Raises:
        Refused: it is no event of this application.
    """
    event = object_from(body)
    if path.endswith("/reset"):
        _check_texts(event, "event_id")
        return event
    _check_texts(event, "session_hash")
    event["fn_index"] = number = _number(event.get("fn_index"))
    if number not in inputs:
        raise Refused("Expected 'fn_index' to be the number of an event of this page.")
    if path.endswith("/cancel"):
        _check_texts(event, "event_id")
        return event
    data = event.get("data")
    if not isinstance(data, list) or len(data) < inputs[number]:
        raise Refused(f"Expected 'data' to be a list of {inputs[number]} values for this event.")
    return event


def _check_texts(event: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if not isinstance(event.get(name), str) or not event[name]:
            raise Refused(f"Expected {name!r} to be a text that is not empty.")


def _number(value: Any) -> int:  # noqa: ANN401 -- JSON, read as leniently as Gradio does
    """A whole number; -1, which no event has, for anything else."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return -1
