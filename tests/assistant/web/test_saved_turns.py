import json
from dataclasses import replace

import pytest
from conversation_texts import ABOUT_ROADS, BOTTLES, CLOSED, GRAPES, ROADS, write
from web_texts import HOSTILE, TEXT, answer_from, hit, run

from assistant import Assistant
from assistant.types import Answer, Filter, Statement
from assistant.web.saved_turns import (
    MOST_CHARACTERS,
    MOST_IN_ALL,
    MOST_TURNS,
    asked_of,
    restored,
    restored_all,
    saved,
)
from assistant.web.transcript import turn_html
from assistant.web.turns import Turn, follow, history_of
from index import build
from index.errors import InputError, VerbatimError


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    build(write(folder), folder / "index")
    return folder


@pytest.fixture(scope="module")
def desk(sources):
    with Assistant.open(sources / "index") as desk:
        yield desk


def cited(desk, *parts):
    """An answer of one statement for each part, quoted from the index."""
    from assistant.grounding import cite, marked

    citations, statements = [], []
    for number, part in enumerate(parts, start=1):
        for info in desk.documents():
            document = desk.index.document(info.id)
            if (start := document.text.find(part)) >= 0:
                end = start + len(part)
                citations.append(cite(number, document, start, end, f"{info.id}:0-9"))
        statements.append(Statement(f"Someone writes: “{part}”", (number,), 0.9))
    text = "\n\n".join(map(marked, statements))
    return Answer("What?", text, "answered", None, tuple(statements), tuple(citations))


def kept(answer):
    """What comes back of an answer from a browser: JSON."""
    return json.loads(json.dumps(saved(Turn("t7", answer.question, "done", answer=answer))))


def test_what_stands_comes_back_as_it_was(desk):
    answer = replace(cited(desk, GRAPES, CLOSED), searched="What is picked?", confidence=0.8)
    turn = restored(desk, kept(answer), "t2")
    assert turn.answer == answer
    assert (turn.id, turn.phase, turn.lapsed) == ("t2", "done", ())
    assert turn.standalone == "What is picked?"
    assert history_of([turn]) == [("What?", answer.text)]


def test_what_was_asked_of_comes_back_as_inert_text(desk):
    answer = cited(desk, GRAPES)
    turn = Turn("t1", "What?", "done", answer=answer, scope="1 document · <img>")
    back = restored(desk, json.loads(json.dumps(saved(turn))))
    assert back.scope == turn.scope
    assert "<img>" not in turn_html(back)
    assert restored(desk, {**saved(turn), "scope": ["no", "text"]}).scope == ""


def test_the_filter_comes_back_as_one(desk):
    answer = cited(desk, GRAPES)
    where = Filter(authors=("Nino",), after="2024")
    turn = Turn("t1", "What?", "done", answer=answer, scope="1 document", where=where)
    data = json.loads(json.dumps(saved(turn)))
    assert data["where"] == {"authors": ["Nino"], "after": "2024"}
    assert restored(desk, data).where == where
    assert saved(restored(desk, data, "t1")) == saved(turn)
    assert asked_of(data) == {"scope": "1 document", "where": data["where"]}


@pytest.mark.parametrize("where", [["no"], {"pages": 2}, {"after": "spring"}, {"authors": [3]}, 7])
def test_what_is_no_filter_is_left_out(desk, where):
    data = {**kept(cited(desk, GRAPES)), "where": where}
    turn = restored(desk, data)
    assert turn.where is None
    assert turn.answer is not None
    assert asked_of(data) == {}


def test_a_real_answer_comes_back_as_it_was(desk):
    answer = desk.answer("How many days was the road to Mestia closed?")
    assert answer.status == "answered"
    assert restored(desk, kept(answer)).answer.to_dict() == answer.to_dict()


def test_a_real_abstention_comes_back_as_it_was(desk):
    answer = desk.answer("Who composed the opera about penguins?")
    assert answer.status == "abstained"
    back = restored(desk, kept(answer)).answer
    assert (back.reason, back.text) == (answer.reason, answer.text)
    assert [near.passage.id for near in back.nearest] == [n.passage.id for n in answer.nearest]


def test_a_removed_document_takes_its_quotes_along(desk, tmp_path, sources):
    data = kept(cited(desk, CLOSED, GRAPES, BOTTLES))
    build([sources / "wine.md"], tmp_path / "index")
    with Assistant.open(tmp_path / "index") as smaller:
        turn = restored(smaller, data)
    assert [citation.quote.text for citation in turn.citations] == [GRAPES, BOTTLES]
    assert turn.answer.text == f"Someone writes: “{GRAPES}” [1]\n\nSomeone writes: “{BOTTLES}” [2]"
    assert turn.lapsed[0].reason == "Roads of Svaneti is no longer in the collection"
    assert CLOSED not in history_of([turn])[0][1]
    page = turn_html(turn)
    assert "2 quotes from 1 document · 1 sentence no longer verbatim" in page
    assert page.count("v-card") >= 2
    assert f"<mark>{CLOSED}" not in page
    assert f"<del>Someone writes: {CLOSED}</del>" in page


def test_a_changed_document_is_named_as_changed(desk, tmp_path, sources):
    data = kept(cited(desk, CLOSED))
    (tmp_path / "roads.md").write_text(ROADS.replace("41 days", "42 days"))
    build([tmp_path / "roads.md"], tmp_path / "index")
    data["answer"]["citations"][0]["document"]["source"] = str(tmp_path / "roads.md")
    with Assistant.open(tmp_path / "index") as changed:
        source = changed.documents()[0].source
        data["answer"]["citations"][0]["document"]["source"] = source
        turn = restored(changed, data)
    assert turn.answer is None
    assert turn.citations == ()
    assert "changed since" in turn.lapsed[0].reason
    assert history_of([turn]) == []
    assert "This answer no longer stands." in turn_html(turn)


def test_metadata_is_that_of_the_index(desk):
    data = kept(cited(desk, GRAPES))
    data["answer"]["citations"][0]["document"] |= {"authors": ["Somebody Else"], "title": "Fake"}
    document = restored(desk, data).citations[0].document
    assert (document.title, document.authors) == ("Wine of Kakheti", ("Nino Beridze",))


def test_a_forged_quote_is_none(desk):
    data = kept(cited(desk, GRAPES))
    quote = data["answer"]["citations"][0]["quote"]
    quote["text"] = quote["text"].replace("October", "January")
    turn = restored(desk, data)
    assert (turn.answer, turn.citations) == (None, ())
    assert "does not say so" in turn.lapsed[0].reason


def test_a_forged_context_is_none(desk):
    data = kept(cited(desk, GRAPES))
    data["answer"]["citations"][0]["quote"]["prefix"] = "It is false that "
    assert restored(desk, data).answer is None


def test_forged_words_in_quotation_marks_are_none(desk):
    data = kept(cited(desk, GRAPES))
    data["answer"]["statements"][0]["text"] = "She writes: “The grapes are picked in January, all.”"
    turn = restored(desk, data)
    assert turn.answer is None
    assert "in none of its quotes" in turn.lapsed[0].reason
    assert "“The grapes" not in turn_html(turn)


def test_the_text_is_that_of_the_statements(desk):
    data = kept(cited(desk, GRAPES))
    data["answer"]["text"] = "Forged: “All was lies” [1]"
    assert "Forged" not in restored(desk, data).answer.text


def test_the_titles_a_statement_names_are_no_quotes(desk):
    data = kept(cited(desk, GRAPES))
    text = f"“Wine of Kakheti” (author not stated) says: “{GRAPES}”"
    data["answer"]["statements"][0]["text"] = text
    assert restored(desk, data).answer.text == f"{text} [1]"


def test_a_beginning_of_an_id_is_no_id(desk):
    data = kept(cited(desk, GRAPES))
    document = data["answer"]["citations"][0]["document"]
    document["id"] = document["id"][:8]
    assert restored(desk, data).answer is None


def test_a_passage_that_does_not_stand_is_not_shown(desk):
    answer = desk.answer("Who composed the opera about penguins?")
    data = kept(replace(answer, nearest=(*answer.nearest, hit())))
    assert len(data["answer"]["nearest"]) == len(answer.nearest) + 1
    near = restored(desk, data).answer.nearest
    assert [each.passage.id for each in near] == [each.passage.id for each in answer.nearest]
    data["answer"]["nearest"][0]["text"] = "x" * len(data["answer"]["nearest"][0]["text"])
    assert len(restored(desk, data).answer.nearest) == len(answer.nearest) - 1


def test_hostile_text_that_lapsed_is_inert(desk):
    data = kept(answer_from("<b>What?</b>", HOSTILE))
    page = turn_html(restored(desk, data))
    assert HOSTILE in TEXT
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page.partition("v-question")[2]


def test_a_conversation_comes_back_in_order(desk):
    items = [kept(cited(desk, GRAPES)), kept(cited(desk, CLOSED))]
    turns = restored_all(desk, json.dumps(items))
    assert [turn.id for turn in turns] == ["t1", "t2"]
    assert [turn.citations[0].quote.text for turn in turns] == [GRAPES, CLOSED]


def broken(change):
    def broken_from(desk):
        data = kept(cited(desk, GRAPES))
        change(data)
        return data

    return broken_from


@pytest.mark.parametrize(
    "data",
    [
        lambda desk: None,
        lambda desk: [],
        lambda desk: "turn",
        lambda desk: {"format": 1, "answer": None},
        lambda desk: {"format": 1, "answer": {}},
        broken(lambda data: data.update(format=2)),
        broken(lambda data: data.update(format=True)),
        broken(lambda data: data.pop("format")),
        broken(lambda data: data["answer"].pop("question")),
        broken(lambda data: data["answer"].update(question="")),
        broken(lambda data: data["answer"].update(question="x" * 5000)),
        broken(lambda data: data["answer"].update(status="certain")),
        broken(lambda data: data["answer"].update(citations={})),
        broken(lambda data: data["answer"].update(confidence=7)),
        broken(lambda data: data["answer"]["statements"][0].update(citations=[2])),
        broken(lambda data: data["answer"]["statements"][0].update(citations=["1"])),
        broken(lambda data: data["answer"]["citations"][0].update(number=0)),
        broken(lambda data: data["answer"]["citations"][0]["quote"].update(start=-5)),
        broken(lambda data: data["answer"]["citations"][0]["quote"].update(start=1.5)),
        broken(lambda data: data["answer"]["citations"][0]["document"].update(id=7)),
        broken(lambda data: data["answer"].update(notes=["x" * MOST_CHARACTERS])),
    ],
)
def test_what_is_no_saved_turn_is_refused(desk, data):
    with pytest.raises(InputError):
        restored(desk, data(desk))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1",
        "[1]",
        "[" * 100_000,
        f'["{"x" * MOST_IN_ALL}"]',
        json.dumps([None] * (MOST_TURNS + 1)),
    ],
)
def test_what_is_no_conversation_is_refused(desk, text):
    with pytest.raises(InputError):
        restored_all(desk, text)


def test_no_mutilation_ends_in_another_error(desk):
    """Each value of a saved turn exchanged for each of several kinds."""
    original = kept(cited(desk, GRAPES, CLOSED))
    wrong = [None, True, -1, 10**30, float("nan"), "x", "\ud800", [], {}, [[]]]
    ended = {"restored": 0, "refused": 0}
    for path in paths(original):
        for value in wrong:
            data = json.loads(json.dumps(original))
            *above, last = path
            place = data
            for step in above:
                place = place[step]
            place[last] = value
            try:
                turn = restored(desk, data)
            except VerbatimError:
                ended["refused"] += 1
                continue
            ended["restored"] += 1
            for citation in turn.citations:
                text = desk.index.text(citation.document.id)
                assert text[citation.quote.start : citation.quote.end] == citation.quote.text
            turn_html(turn).encode("utf-8", "surrogatepass")
    assert min(ended.values()) > 50


def paths(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from paths(child, (*path, key))


def test_restoring_is_quick(desk):
    import time

    text = json.dumps([kept(cited(desk, GRAPES, CLOSED))] * 100)
    began = time.perf_counter()
    assert len(restored_all(desk, text)) == 100
    assert time.perf_counter() - began < 5


def test_an_unanswered_turn_is_not_kept():
    with pytest.raises(ValueError, match="has none"):
        saved(Turn("t1", "What?"))


def test_a_copied_quote_has_the_address_of_its_document(desk, sources):
    sidecar = sources / "wine.md.meta.yaml"
    sidecar.write_text("url: https://example.org/wine\n")
    try:
        turn = restored(desk, kept(cited(desk, GRAPES)))
    finally:
        sidecar.unlink()
    assert "2024). wine.md, characters" in turn_html(turn)
    assert "https://example.org/wine" in turn_html(turn)
    assert "https://" not in turn_html(restored(desk, kept(cited(desk, GRAPES))))


def test_the_page_tells_no_folder_of_the_server(desk, sources):
    async def asked(question):
        return [turn async for turn in follow(desk, Turn("t1", question), ())][-1]

    for question in (ABOUT_ROADS, "Who painted the ceiling of the opera?"):
        turn = run(asked(question))
        assert turn.answer is not None
        back = restored(desk, json.loads(json.dumps(saved(turn))))
        for shown in (turn, back):
            assert str(sources) not in turn_html(shown)
        quoted = [each["document"]["source"] for each in saved(back)["answer"]["citations"]]
        assert quoted == ["roads.md"] * len(back.citations)
        assert all(each.document.source == str(sources / "roads.md") for each in back.citations)


@pytest.mark.parametrize("source", ["wine.md", "the whole path"])
def test_a_document_that_has_changed_is_told_from_one_that_is_gone(tmp_path, source):
    build(write(tmp_path), tmp_path / "index")
    with Assistant.open(tmp_path / "index") as desk:
        data = kept(cited(desk, GRAPES))
        document = data["answer"]["citations"][0]["document"]
        document["source"] = source if source == "wine.md" else str(tmp_path / "wine.md")
        (tmp_path / "wine.md").write_text("# Wine\n\nNo grapes were picked this year.\n")
        build([tmp_path / "wine.md"], tmp_path / "index")
        (lapsed,) = restored(desk, data).lapsed
        assert lapsed.reason.endswith("has changed since")
