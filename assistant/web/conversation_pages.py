"""`/app/conversations...`: what those who sign in keep on the server, each only their own.

Visitors who do not sign in keep theirs in their browser (`conversation_stores.js`); nothing of
these comes here.
"""

from dataclasses import asdict
from typing import Any

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from assistant.conversations import Conversations, KeptTurn
from assistant.errors import ConversationsFullError, ConversationTooLongError
from assistant.web.routes import Refused, read_json, require_header
from assistant.web.saved_turns import MOST_CHARACTERS, answer_of, asked_of
from assistant.web.site import Site, user_of

MOST_BYTES = 950_000
"""Of one request: some turns."""
HEADERS = {"Cache-Control": "no-store"}
_MOST_AT_ONCE = 200
_LONGEST_SEARCH = 200
_SIGN_IN = "Only those who sign in keep conversations on the server. This browser keeps its own."


def add_conversation_pages(app: FastAPI, site: Site) -> None:
    """Serve the kept conversations.

    Args:
        app: gets the routes, before the chat's page is mounted.
        site: has the folders of its users.
    """

    @app.get("/app/conversations")
    def conversation_list(request: Request, words: str = "") -> JSONResponse:
        """Where conversations are kept, and those that are kept here."""
        user, kept = user_of(request.scope), _kept(site, request)
        if kept is None:
            return _json({"kept": "browser", "user": user})
        found = kept.all(words[:_LONGEST_SEARCH])
        return _json({"kept": "server", "user": user, "conversations": list(map(asdict, found))})

    @app.get("/app/conversations/{conversation}")
    def conversation(request: Request, conversation: str) -> JSONResponse:
        """A conversation with its turns."""
        listed, turns = _own(site, request).one(conversation)
        saved = [{"id": name, "saved": data} for name, data in turns]
        return _json({**asdict(listed), "turns": saved})

    @app.post("/app/conversations/{conversation}", dependencies=[Depends(require_header)])
    async def conversation_add(request: Request, conversation: str) -> JSONResponse:
        """Adds turns, and takes away those whose place they take."""
        kept, body = _own(site, request), await read_json(request, MOST_BYTES)
        try:
            return _json(await run_in_threadpool(_added, kept, conversation, body))
        except ConversationTooLongError as error:
            raise Refused(str(error), 409) from error
        except ConversationsFullError as error:
            raise Refused(str(error), 507) from error

    @app.post("/app/conversations/{conversation}/title", dependencies=[Depends(require_header)])
    async def conversation_title(request: Request, conversation: str) -> JSONResponse:
        """Renames a conversation."""
        kept, body = _own(site, request), await read_json(request)
        await run_in_threadpool(kept.rename, conversation, _text(body, "title"))
        return _json({})

    @app.delete("/app/conversations/{conversation}", dependencies=[Depends(require_header)])
    def conversation_remove(request: Request, conversation: str) -> JSONResponse:
        """Deletes a conversation, which can be undone for a while."""
        _own(site, request).remove(conversation)
        return _json({})

    @app.post("/app/conversations/{conversation}/undo", dependencies=[Depends(require_header)])
    def conversation_undo(request: Request, conversation: str) -> JSONResponse:
        """Has a deleted conversation back."""
        _own(site, request).undo(conversation)
        return _json({})


def _kept(site: Site, request: Request) -> Conversations | None:
    """The conversations of who asks; None where their browser keeps them."""
    user = user_of(request.scope)
    folder = site.data_folder(user) if user is not None else None
    return Conversations(folder) if folder is not None else None


def _own(site: Site, request: Request) -> Conversations:
    kept = _kept(site, request)
    if kept is None:
        raise Refused(_SIGN_IN, 403)
    return kept


def _added(kept: Conversations, conversation: str, body: dict[str, Any]) -> dict[str, Any]:
    turns = [_turn(item) for item in _list(body, "turns")]
    drop = [item for item in _list(body, "drop") if isinstance(item, str)]
    at = body.get("at")
    when = at if isinstance(at, int) and not isinstance(at, bool) else None
    return asdict(kept.add(conversation, _text(body, "title"), turns, drop, when))


def _turn(item: object) -> KeptTurn:
    """A turn as the page sends it, once it is known to be one.

    Raises:
        Refused: it has no id.
        InputError: it is no kept turn, or too large.
    """
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise Refused("Expected turns with an id each, found something else.")
    answer, data = answer_of(item.get("saved")), item["saved"]
    # What was checked is kept, and nothing that came along with it.
    whole = {"format": data["format"], "answer": answer.to_dict(), **asked_of(data)}
    return KeptTurn(item["id"], answer.question, answer.text, whole)


def _list(body: dict[str, Any], name: str) -> list[Any]:
    value = body.get(name, [])
    if not isinstance(value, list) or len(value) > _MOST_AT_ONCE:
        raise Refused(f"Expected {name} as a list of at most {_MOST_AT_ONCE}, found another thing.")
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        raise Refused(f"Expected a {name} as a text, found something else.")
    return value


def _json(value: dict[str, Any]) -> JSONResponse:
    return JSONResponse(value, headers=HEADERS)
