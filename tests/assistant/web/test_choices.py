"""What a question is asked of: choices read, counted, described, and served to the page."""

import httpx
import pytest
from fastapi import FastAPI
from web_texts import run

from assistant import Assistant
from assistant.desk import EXTRACTIVE
from assistant.errors import ModelAccessError, ModelUnavailableError
from assistant.settings import Settings
from assistant.types import Filter
from assistant.web.also_models import AlsoModels
from assistant.web.choice_pages import add_choice_pages, found
from assistant.web.choices import (
    Choice,
    choice_from,
    described,
    desk_for,
    documents_for,
    models_for,
)
from assistant.web.opening import also_models
from assistant.web.routes import add_error_form
from assistant.web.site import Site, SiteOptions
from index.errors import FilterError, InputError

ALSO = AlsoModels(("openai:first", "openai:second"))


def request(desk, method, path, **options):
    app = FastAPI()
    add_error_form(app)
    add_choice_pages(app, Site(desk, SiteOptions(also_models=ALSO)))

    async def send():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **options)

    return run(send())


def matching(desk, where, headers=None):
    headers = {"X-Verbatim": "1"} if headers is None else headers
    body = {"where": where}
    return request(desk, "POST", "/app/choices/matching", json=body, headers=headers)


def test_a_choice_is_read_from_its_json():
    assert choice_from("") == Choice()
    assert choice_from('{"model": null, "where": {}}') == Choice()
    text = '{"model": "extractive", "where": {"authors": ["Ann"], "after": "2024"}}'
    assert choice_from(text) == Choice(EXTRACTIVE, Filter(authors=("Ann",), after="2024"))


@pytest.mark.parametrize("text", ["[]", "{", '{"model": 3}', '"x"', "[" * 9_000, "x" * 30_000])
def test_what_is_no_choice_is_refused(text):
    with pytest.raises(InputError, match="Expected a model and a filter"):
        choice_from(text)


def test_a_filter_of_another_form_is_refused():
    with pytest.raises(FilterError, match="ISO date"):
        choice_from('{"where": {"after": "spring"}}')


def test_a_filter_lets_through_what_it_says_and_says_so(desk):
    author = desk.documents()[0].authors[0]
    where = Filter(authors=(author,))
    documents = documents_for(desk, where)
    assert {author} == {name for document in documents for name in document.authors[:1]}
    assert f"by {author}" in described(where, documents)
    assert described(where, documents).startswith(f"{len(documents)} document")


def test_a_filter_names_the_documents_it_was_made_of(desk):
    document = desk.documents()[0]
    where = Filter(documents=(document.id,), before="2999")
    shown = described(where, documents_for(desk, where))
    assert shown == f"1 document · {document.name} · until 2999"


def test_a_filter_that_matches_nothing_is_said_before_asking(desk):
    with pytest.raises(FilterError, match="nothing was asked"):
        documents_for(desk, Filter(authors=("Nobody at all",)))


def test_the_extractive_reader_can_always_be_chosen(desk):
    assert models_for(desk, ALSO) == (EXTRACTIVE, "openai:first", "openai:second")
    assert desk_for(desk, ALSO, EXTRACTIVE) is desk
    assert desk_for(desk, ALSO, None) is desk


def test_another_model_answers_from_the_same_index_and_is_opened_once(desk, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    also = AlsoModels(("openai:first",))
    first, again = (desk_for(desk, also, "openai:first") for _ in range(2))
    assert (first.model, first.index) == ("openai:first", desk.index)
    assert first._chat_model is again._chat_model
    quotes = desk_for(first, also, EXTRACTIVE)
    assert (quotes.model, quotes.index) == (EXTRACTIVE, desk.index)


def test_a_model_that_cannot_be_opened_is_tried_again(desk, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    also = AlsoModels(("openai:first",))
    with pytest.raises(ModelAccessError, match="OPENAI_API_KEY"):
        also.desk(desk, "openai:first")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    assert also.desk(desk, "openai:first").model == "openai:first"


def test_a_model_that_is_not_offered_is_refused(desk):
    with pytest.raises(ModelUnavailableError, match="openai:first, openai:second"):
        ALSO.desk(desk, "openai:costly")


def test_the_address_of_one_provider_is_not_used_for_another():
    options = {"model": "openai:a", "also_models": ("openai:b", "ollama:c", "openai:a")}
    also = also_models(Settings(base_url="http://127.0.0.1:9/v1", **options))
    assert also.names == ("openai:b", "ollama:c")
    assert also._options_for("openai:b").base_url == "http://127.0.0.1:9/v1"
    assert also._options_for("ollama:c").base_url is None


def test_a_name_that_is_none_is_said_at_the_start():
    with pytest.raises(ModelUnavailableError):
        also_models(Settings(also_models=("openai:",)))


def test_what_there_is_to_choose_from_is_served(desk):
    served = request(desk, "GET", "/app/choices").json()
    documents = desk.documents()
    assert served["documents"] == len(documents)
    assert next(each["label"] for each in served["models"]) == "Quotes only"
    names = {author for document in documents for author in document.authors}
    assert {each["name"] for each in served["authors"]} == names
    dates = [document.published for document in documents if document.published]
    assert (served["first"], served["last"]) == (min(dates), max(dates))


def test_what_a_filter_lets_through_is_counted(desk):
    total = len(desk.documents())
    assert matching(desk, {}).json() == {"matching": total, "of": total}
    assert matching(desk, {"authors": ["Nobody"]}).json() == {"matching": 0, "of": total}
    author = desk.documents()[0].authors[0]
    assert 0 < matching(desk, {"authors": [author]}).json()["matching"] <= total


def test_a_filter_that_cannot_be_counted_says_why(desk):
    answer = matching(desk, {"after": "spring"})
    assert answer.status_code == 400
    assert "ISO date" in answer.json()["error"]
    assert matching(desk, {}, headers={}).status_code == 403


def test_documents_are_found_by_words_of_their_titles(desk):
    documents = desk.documents()
    wanted = documents[0]
    assert wanted.id in [each["id"] for each in found(documents, wanted.name.upper())]
    assert found(documents, "zzz") == []
    served = request(desk, "GET", "/app/choices/documents").json()["documents"]
    assert [each["name"] for each in served] == sorted(
        (each["name"] for each in served), key=str.casefold
    )


def test_a_desk_without_a_chat_model_is_its_own_extractive_one(index):
    desk = Assistant(index)
    assert desk.extractive() is desk


def test_what_is_left_of_a_filter_is_told_with_names(desk):
    document, gone = desk.documents()[0], "0" * 16
    where = {"documents": [gone, document.id], "authors": ["Ann"], "after": "2024"}
    response = request(
        desk, "POST", "/app/choices/standing", json={"where": where}, headers={"X-Verbatim": "1"}
    )
    assert response.json() == {
        "authors": ["Ann"],
        "documents": [{"id": document.id, "name": document.name}],
        "after": "2024",
        "before": "",
        "gone": [gone],
    }


def test_what_was_never_a_filter_stands_for_nothing(desk):
    headers = {"X-Verbatim": "1"}
    for where, is_refused in (({}, False), (None, False), ({"pages": 3}, True)):
        body = {"where": where}
        response = request(desk, "POST", "/app/choices/standing", json=body, headers=headers)
        assert response.is_error == is_refused
        assert is_refused or response.json()["documents"] == []
