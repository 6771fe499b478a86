"""Signing in: a small page, a cookie, and nothing for those who did neither that nor bring a token.

What another site could do with the cookie is prevented by `SameSite=Strict` and by `hosts.py`. The
page works without scripts.
"""

import math
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

import anyio
from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.account_file import AccountFile
from assistant.accounts import Account, Accounts, normal_name
from assistant.errors import AccountsError
from assistant.web.limits import Lockout, address_of
from assistant.web.markup import escape
from assistant.web.routes import Refused, error_response, read_body, require_header
from assistant.web.sessions import LONGEST, Sessions
from assistant.web.site import USER, user_of

HERE = Path(__file__).parent
PUBLIC = frozenset({"/healthz", "/readyz", "/signin", "/signin.css", "/favicon.ico"})
"""Paths for everybody: of them, only the picture of the tab is Gradio's."""
_SAME_FOR_ALL = ("/assets/", "/static/")
COOKIE = "verbatim-session"
WRONG = "The name or the password is not right."
LATER = "Too many tries. Please try again in {wait}."
_MOST_FORM = 4000
_HASHING = 2
"""Passwords looked at side by side: each takes memory and a quarter of a second."""


class Doorkeeper:
    """Knows who may sign in, and who has."""

    def __init__(self, accounts: AccountFile) -> None:
        self._file = accounts
        self.sessions = Sessions()
        self.lockout = Lockout()
        self._hashing = anyio.CapacityLimiter(_HASHING)

    async def sign_in(self, name: str, password: str, address: str) -> Account:
        """The account of a name and its password.

        Raises:
            Refused: they do not belong together, or it was tried too often.
        """
        user = normal_name(name)
        wait = self.lockout.begin(user, address)
        if wait > 0:
            seconds = math.ceil(wait)
            raise Refused(LATER.format(wait=_spoken(seconds)), 429, {"Retry-After": str(seconds)})
        accounts = self._current()
        account = await anyio.to_thread.run_sync(
            accounts.by_password, user, password, limiter=self._hashing
        )
        if account is None:
            raise Refused(WRONG, 401)
        self.lockout.succeed(user, address)
        return account

    def user(self, scope: Scope) -> str | None:
        """Who sent a request: by its token if it brings one, else by its cookie."""
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            account = self._current().by_token(token.strip())
            return account.name if account else None
        session = self.sessions.find(Request(scope).cookies.get(cookie_of(scope), ""))
        if session is None:
            return None
        account = self._current().by_name.get(session.user)
        return account.name if account and account.stamp == session.stamp else None

    def _current(self) -> Accounts:
        try:
            return self._file.current()
        except AccountsError as error:  # for the log: a visitor can do nothing about it
            raise RuntimeError(f"Nobody can sign in. {error}") from error


class Access:
    """ASGI middleware: who is signed in, and no way past it for those who are not."""

    def __init__(self, app: ASGIApp, door: Doorkeeper) -> None:
        self.app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            user = self._door.user(scope)
            if user is not None or scope["path"] in PUBLIC:
                await self.app({**scope, USER: user}, receive, _unkept(scope["path"], send))
            else:
                await _turned_away(scope)(scope, receive, send)


def _unkept(path: str, send: Send) -> Send:
    """Sends on; what is for one user stays in no cache, and "Back" does not show it again."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
        await send(message)

    return send if path.startswith(_SAME_FOR_ALL) else sending


def _turned_away(scope: Scope) -> Response:
    headers = Headers(scope=scope)
    is_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
    if is_page and "authorization" not in headers:
        query = scope["query_string"].decode("latin-1")
        place = quote(scope["path"]) + (f"?{query}" if query else "")
        if headers.get("sec-fetch-site") == "cross-site":
            # Browsers keep a strict cookie back after a link on another site, but not from here.
            again = f'<meta http-equiv="refresh" content="0; url={escape(local_place(place))}">'
            page = f"<!doctype html><title>Verbatim</title>{again}"
            return HTMLResponse(page, headers={"Cache-Control": "no-store"})
        return RedirectResponse(f"/signin?{urlencode({'next': place})}", 303)
    return error_response(
        "Expected somebody who has signed in, or a token as 'Authorization: Bearer TOKEN'. Sign in "
        "at /signin; tokens are made with: assistant users token",
        401,
        {"WWW-Authenticate": "Bearer"},
    )


def add_signing_in(app: FastAPI, door: Doorkeeper) -> None:
    """Add the page, and the ways out.

    Args:
        app: gets the routes, before the chat's page is mounted.
        door: decides.
    """

    @app.get("/signin")
    def page(request: Request) -> Response:
        """The form; for those who are signed in, what lies behind it."""
        place = local_place(request.query_params.get("next", "/"))
        if user_of(request.scope) is not None:
            return RedirectResponse(place, 303)
        return _page(place)

    @app.post("/signin")
    async def sign_in(request: Request) -> Response:
        """Check name and password; always begin another session, so that none can be foisted."""
        form = await _form(request)
        place, name = local_place(form.get("next", "/")), form.get("name", "")
        try:
            account = await door.sign_in(name, form.get("password", ""), address_of(request.scope))
        except Refused as error:
            return _page(place, str(error), name, error)
        door.sessions.end(request.cookies.get(cookie_of(request.scope), ""))
        response = RedirectResponse(place, 303)
        _set_cookie(response, request, door.sessions.begin(account.name, account.stamp))
        return response

    @app.post("/signout")
    def sign_out(request: Request, everywhere: bool = False) -> Response:
        """End this session, or all of this user's."""
        require_header(request)
        if everywhere and (user := user_of(request.scope)) is not None:
            door.sessions.end_all(user)
        door.sessions.end(request.cookies.get(cookie_of(request.scope), ""))
        response = JSONResponse({"place": "/signin"})
        _set_cookie(response, request, "", 0)
        return response

    @app.get("/app/account")
    def account(request: Request) -> dict[str, str | None]:
        """Who is signed in, for the page."""
        return {"user": user_of(request.scope)}

    @app.get("/signin.css")
    def style() -> Response:
        """The form's style: the chat's own comes with the chat."""
        return FileResponse(HERE / "signin.css", media_type="text/css")


def local_place(place: str) -> str:
    """A place on this server to go on to; the page where it is none, or another server."""
    is_local = place.startswith("/") and not place.startswith(("//", "/\\", "/signin"))
    return place if is_local and place.isprintable() and "\\" not in place else "/"


def cookie_of(scope: Scope) -> str:
    """The cookie's name. Over TLS, browsers take one of this name from this server only."""
    return f"__Host-{COOKIE}" if scope["scheme"] == "https" else COOKIE


def _set_cookie(response: Response, request: Request, key: str, age: int = int(LONGEST)) -> None:
    response.set_cookie(
        cookie_of(request.scope), key, max_age=age, path="/", httponly=True, samesite="strict",
        secure=request.scope["scheme"] == "https",
    )  # fmt: skip


async def _form(request: Request) -> dict[str, str]:
    body = await read_body(request, _MOST_FORM)
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise Refused("Expected a form in UTF-8, found something else.") from None


def _page(
    place: str, message: str = "", name: str = "", error: Refused | None = None
) -> HTMLResponse:
    page = (HERE / "signin.html").read_text(encoding="utf-8")
    alert = f'<p class="v-alert" id="v-alert" role="alert">{escape(message)}</p>'
    for mark, text in {
        "{{alert}}": alert if message else "",
        "{{name}}": escape(name[:64]),
        "{{next}}": escape(place),
    }.items():
        page = page.replace(mark, text)
    # With no-referrer, as elsewhere, browsers would send the form without saying from where.
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    headers |= (error and error.headers) or {}
    return HTMLResponse(page, error.status if error else 200, headers)


def _spoken(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} minutes"
