"""What stands before the application, from the outside in."""

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Mount

from assistant.account_file import AccountFile
from assistant.web.bodies import Bodies
from assistant.web.delivery import Delivery
from assistant.web.gate import Doors, Gate, QuestionPaths
from assistant.web.hosts import Forwarded, Hosts
from assistant.web.limits import Rate
from assistant.web.places import ANSWERING
from assistant.web.routes import add_error_form
from assistant.web.security import Guard
from assistant.web.signing_in import Access, Doorkeeper, add_signing_in
from assistant.web.site import Site

if TYPE_CHECKING:
    from gradio import Blocks

QUESTION_PATHS = frozenset(
    {"/v1/chat/completions", "/app/evaluation/run", "/app/evaluation/resume"}
)
"""Besides Gradio's events: what answers a question, or has many of them answered."""


def protect(app: FastAPI, site: Site, host: str) -> tuple[Rate, Doors]:
    """Put everything before an application that its visitors have to pass.

    Args:
        app: has no routes yet.
        site: its options say who may come in.
        host: the address listened on.

    Returns:
        How often questions may be asked, and what says so for `close_gradio`.

    Raises:
        AccountsError: the file of accounts cannot be used.
    """
    options = site.options
    rate = Rate(options.questions_per_minute)
    doors = Doors(rate, site.answers, site.metrics)
    app.add_middleware(QuestionPaths, paths=QUESTION_PATHS, doors=doors)
    if options.auth_file is not None:
        door = Doorkeeper(AccountFile(options.auth_file))
        add_signing_in(app, door)
        app.add_middleware(Access, door=door)
    app.add_middleware(Bodies, largest_upload=options.largest_upload)
    app.add_middleware(Hosts, host=host, allowed=options.allowed_hosts)
    app.add_middleware(Forwarded, proxies=options.trusted_proxies)
    add_error_form(app)
    app.add_middleware(Guard)  # no answer is without its headers
    app.add_middleware(Delivery)  # added last, it comes first: the guard reads pages unpacked
    return rate, doors


def close_gradio(app: FastAPI, blocks: "Blocks", doors: Doors) -> None:
    """Close all routes of a mounted Gradio but those that are needed.

    Args:
        app: Gradio was mounted into it last.
        blocks: what was mounted.
        doors: say whether a question may be asked.
    """
    mount = app.routes[-1]
    if not isinstance(mount, Mount):
        raise TypeError(f"Expected Gradio to be mounted last, found {mount!r}.")
    questions = {number for number, fn in blocks.fns.items() if fn.concurrency_id == ANSWERING}
    inputs = {number: len(fn.inputs) for number, fn in blocks.fns.items() if fn.fn is not None}
    mount.app = Gate(mount.app, inputs, questions, doors)
