"""`/app/choices...`: what a question may be asked of, and how much of it a filter lets through."""

from typing import Any

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from assistant.types import DocumentInfo, Filter
from assistant.web.choices import offered, standing
from assistant.web.inputs import filter_from
from assistant.web.routes import read_json, require_header
from assistant.web.site import Site, user_of

MOST_FOUND = 8
"""Documents listed for a search among their titles."""
_LONGEST_SEARCH = 200


def add_choice_pages(app: FastAPI, site: Site) -> None:
    """Serve what the page offers to choose from.

    Args:
        app: gets the routes, before the chat's page is mounted.
        site: has the documents and the models.
    """

    @app.get("/app/choices")
    def choices(request: Request) -> dict[str, Any]:
        """Models, authors and dates."""
        return dict(offered(site.desk(user_of(request.scope)), site.options.also_models))

    @app.get("/app/choices/documents")
    def choice_documents(request: Request, search: str = "") -> dict[str, Any]:
        """The first documents whose title or author has all words of the search."""
        documents = site.desk(user_of(request.scope)).documents()
        return {"documents": found(documents, search[:_LONGEST_SEARCH])}

    @app.post("/app/choices/matching", dependencies=[Depends(require_header)])
    async def matching(request: Request) -> dict[str, int]:
        """How many documents a filter lets through, and how many there are."""
        where = filter_from((await read_json(request)).get("where"))
        return await run_in_threadpool(_counted, site, user_of(request.scope), where)

    @app.post("/app/choices/standing", dependencies=[Depends(require_header)])
    async def still_standing(request: Request) -> dict[str, Any]:
        """What is left of a filter, now that documents may be gone."""
        where = filter_from((await read_json(request)).get("where")) or Filter()
        desk = await run_in_threadpool(site.desk, user_of(request.scope))
        return dict(await run_in_threadpool(standing, desk, where))


def found(documents: list[DocumentInfo], search: str) -> list[dict[str, str | None]]:
    """Documents by the words of their titles and authors, in order of their titles."""
    wanted = search.casefold().split()
    listed = sorted(documents, key=lambda document: document.name.casefold())
    matching = (
        document for document in listed if all(word in _words_of(document) for word in wanted)
    )
    return [
        {
            "id": document.id,
            "name": document.name,
            "by": ", ".join(document.authors) or None,
            "published": document.published,
        }
        for document, _ in zip(matching, range(MOST_FOUND), strict=False)
    ]


def _words_of(document: DocumentInfo) -> str:
    return " ".join((document.name, *document.authors)).casefold()


def _counted(site: Site, user: str | None, where: Filter | None) -> dict[str, int]:
    desk = site.desk(user)
    total = len(desk.documents())
    return {"matching": len(desk.index.matching(where)) if where else total, "of": total}
