"""`/app/keep/...`: answers to take away, and what readers think of them.

What the page sends is looked at as if a stranger had: an answer is exported, and feedback on it
kept, only as far as its quotes still stand in the documents (`saved_turns.restored`).
"""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from assistant.exporting import BundleContext, Item, to_bundle, to_html, to_markdown
from assistant.exporting.items import without_folders
from assistant.feedback import LONGEST_COMMENT, VERDICTS, FeedbackFile, Verdict
from assistant.web.limits import Rate, address_of
from assistant.web.routes import Refused, read_json, require_header
from assistant.web.saved_turns import MOST_TURNS, restored
from assistant.web.site import Site, user_of
from assistant.web.turns import Turn

MOST_BYTES = 1_000_000
"""Of one request: a whole conversation."""
FEEDBACK_PER_HOUR = 120
"""Of one user, or of one address where nobody signs in; a change of mind counts too."""
EXPORTS_PER_MINUTE = 30
HEADERS = {"Cache-Control": "no-store"}
GONE = "Nothing is left to keep: the documents, as they are now, do not bear the answer out."

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 48

Exporter = Callable[[Site, str | None, list[Item]], str]


def _markdown(site: Site, user: str | None, items: list[Item]) -> str:
    return to_markdown(items)


def _html(site: Site, user: str | None, items: list[Item]) -> str:
    now = datetime.now(UTC)
    return to_html(items, f"{now:%B} {now.day}, {now.year}")


def _bundle(site: Site, user: str | None, items: list[Item]) -> str:
    if not any(item.answer for item in items):
        raise Refused(GONE, 409)
    desk = site.desk(user)
    hashes = [document.sha256 for document in desk.documents()]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps(to_bundle(items, BundleContext(now, desk.models(), hashes)), indent=1) + "\n"


FORMS: dict[str, tuple[Exporter, str, str]] = {
    "markdown": (_markdown, "md", "text/markdown"),
    "html": (_html, "html", "text/html"),
    "bundle": (_bundle, "json", "application/json"),
}
"""By name: what writes it, the suffix of its files, and their media type."""


def add_keeping_pages(app: FastAPI, site: Site) -> None:
    """Serve exports, and take feedback where there is a place for it.

    Args:
        app: gets the routes, before the chat's page is mounted.
        site: has the documents, and the folder that feedback is kept in.
    """
    data = site.options.data
    feedback = FeedbackFile(data) if data is not None else None
    exports = Rate(EXPORTS_PER_MINUTE)
    given = Rate(FEEDBACK_PER_HOUR, clock=lambda: time.monotonic() / 60)  # its minutes are hours

    @app.get("/app/keep")
    def keep() -> JSONResponse:
        """What the page can offer."""
        return _json({"feedback": feedback is not None, "longest_comment": LONGEST_COMMENT})

    @app.post("/app/keep/export", dependencies=[Depends(require_header)])
    async def keep_export(request: Request) -> JSONResponse:
        """Turns as a file, once their quotes were compared with the documents again."""
        _take(exports, request)
        body = await read_json(request, MOST_BYTES)
        return _json(await run_in_threadpool(_exported, site, user_of(request.scope), body))

    @app.get("/app/keep/feedback/{feedback_id}")
    def keep_feedback(request: Request, feedback_id: str) -> JSONResponse:
        """One's own feedback."""
        found = _open(feedback).one(feedback_id, user_of(request.scope))
        if found is None:
            raise Refused("There is no such feedback of yours.", 404)
        return _json({"verdict": found.verdict, "comment": found.comment})

    @app.post("/app/keep/feedback/{feedback_id}", dependencies=[Depends(require_header)])
    async def keep_feedback_give(request: Request, feedback_id: str) -> JSONResponse:
        """Keeps feedback, or other feedback in its place."""
        kept = _open(feedback)
        _take(given, request)
        body, user = await read_json(request, MOST_BYTES), user_of(request.scope)
        await run_in_threadpool(_give, kept, site, user, feedback_id, body)
        return _json({})

    @app.delete("/app/keep/feedback/{feedback_id}", dependencies=[Depends(require_header)])
    def keep_feedback_withdraw(request: Request, feedback_id: str) -> JSONResponse:
        """Forgets one's own feedback."""
        _open(feedback).withdraw(feedback_id, user_of(request.scope))
        return _json({})


def _exported(site: Site, user: str | None, body: dict[str, Any]) -> dict[str, Any]:
    form, turns = body.get("form"), body.get("turns")
    if not isinstance(form, str) or form not in FORMS:
        raise Refused(f"Expected a form ({', '.join(FORMS)}), found something else.")
    if not isinstance(turns, list) or not 0 < len(turns) <= MOST_TURNS:
        raise Refused(f"Expected 1 to {MOST_TURNS} turns, found something else.")
    desk = site.desk(user)
    items = [_item(restored(desk, turn)) for turn in turns]
    sources = [document.source for document in desk.documents()]
    write, suffix, media_type = FORMS[form]
    return {
        "name": f"{_name(items)}.{suffix}",
        "type": media_type,
        "text": write(site, user, without_folders(items, sources)),
        "left_out": sum(len(item.left_out) for item in items),
    }


def _item(turn: Turn) -> Item:
    reasons = tuple(each.reason for each in turn.lapsed)
    return Item(turn.question, turn.answer, reasons, turn.addresses)


def _name(items: list[Item]) -> str:
    """A file's name, in letters that every system takes."""
    if len(items) > 1:
        return f"verbatim-conversation-{datetime.now(UTC):%Y-%m-%d}"
    words = _NOT_A_WORD.sub("-", items[0].question.lower()).strip("-")
    return f"verbatim-{words[:_LONGEST_NAME].strip('-') or 'answer'}"


def _give(
    kept: FeedbackFile, site: Site, user: str | None, feedback_id: str, body: dict[str, Any]
) -> None:
    verdict, comment = body.get("verdict"), body.get("comment", "")
    if verdict not in VERDICTS or not isinstance(comment, str):
        raise Refused("Expected a verdict, up or down, and a comment; found something else.")
    answer = restored(site.desk(user), body.get("turn")).answer
    if answer is None:
        raise Refused(GONE, 409)
    if not kept.give(feedback_id, user, cast("Verdict", verdict), comment, answer):
        raise Refused("This feedback is another person's.", 404)


def _open(feedback: FeedbackFile | None) -> FeedbackFile:
    if feedback is None:
        raise Refused("No feedback is kept here.", 404)
    return feedback


def _take(rate: Rate, request: Request) -> None:
    wait = rate.take(user_of(request.scope) or address_of(request.scope))
    if wait:
        raise Refused("This is asked for too often. Please wait for some minutes.", 429)


def _json(value: dict[str, Any]) -> JSONResponse:
    return JSONResponse(value, headers=HEADERS)
