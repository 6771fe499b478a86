"""Evidence bundles: made, checked against the files, tampered with, and made to harm."""

import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Answer, Citation, DocumentInfo, Quote, Statement
from assistant.exporting import BundleContext, Item, to_bundle
from assistant.exporting.bundle import FORMAT, digest
from assistant.exporting.items import without_folders
from assistant.verify import verify
from index.canonical import text_sha256
from index.errors import InputError

TEXT = (
    "The quay is old.\n\nThe ferry 😀 was built in 1954 by the yard of Norvik. It carries 40 cars."
)
FIRST, SECOND = "The ferry 😀 was built in 1954 by the yard of Norvik.", "It carries 40 cars."
CONTEXT = BundleContext("2026-01-02T03:04:05+00:00", {"embedding_model": "m@1"}, ["b" * 64])


def answer_of(source):
    sha256 = text_sha256(TEXT)
    document = DocumentInfo(
        sha256[:16], "Ferry", ("Ann Lee",), None, "2020-02", str(source), sha256
    )
    citations, statements = [], []
    for number, words in enumerate((FIRST, SECOND), start=1):
        start = TEXT.index(words)
        quote = Quote.slice(TEXT, start, start + len(words))
        citations.append(Citation(number, quote, document, f"{document.id}:0-9"))
        statements.append(Statement(f"It says: “{words}”", (number,), 1.0))
    text = "\n\n".join(f"{s.text} [{n}]" for n, s in enumerate(statements, start=1))
    return Answer(
        "When?", text, "answered", statements=tuple(statements), citations=tuple(citations)
    )


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "texts" / "ferry 1.md"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def bundle(source):
    abstained = Answer("Why?", "Nothing says so.", "abstained", "Nothing says so.")
    items = [Item("When?", answer_of(source)), Item("Why?", abstained)]
    return to_bundle([*items, Item("Who?", None, ("ferry.md has changed since",))], CONTEXT)


@pytest.fixture
def written(tmp_path):
    def write(value):
        path = tmp_path / "bundle.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    return write


def test_a_bundle_is_a_page_of_web_annotations(bundle, source):
    assert bundle["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert (bundle["type"], bundle["verbatim_bundle"]) == ("AnnotationPage", 1)
    assert bundle["models"] == {"answers": ["extractive"], "embedding_model": "m@1"}
    assert bundle["index"]["documents"] == 1
    assert bundle["left_out"] == ["Who?: 1 sentence was left out: ferry.md has changed since."]
    first, second = bundle["items"]
    assert first["target"]["source"] == f"file://{source.parent}/ferry%201.md"
    quote, position = first["target"]["selector"]
    assert quote == {
        "type": "TextQuoteSelector",
        "exact": FIRST,
        "prefix": "The quay is old.\n\n",
        "suffix": " It carries 40 cars.",
    }
    assert position == {"type": "TextPositionSelector", "start": 18, "end": 18 + len(FIRST)}
    assert first["body"][0]["value"] == f"It says: “{FIRST}”"
    assert second["target"]["document"]["sha256"] == text_sha256(TEXT)


def test_a_bundle_is_verified_without_index_and_model(bundle, written, source):
    found = verify(written(bundle))
    assert found.is_well
    assert (found.kind, found.answers) == ("bundle", 2)
    assert [v.state for v in found.verdicts] == ["exact", "exact"]
    assert json.loads(json.dumps(found.to_dict()))["exact"] == 2
    source.rename(source.with_name("other.md"))
    assert {v.state for v in verify(written(bundle)).verdicts} == {"missing"}


def test_sources_are_told_from_where_all_documents_are(source):
    (item,) = without_folders(
        [Item("When?", answer_of(source))], [str(source), str(source.parents[1] / "more" / "x.md")]
    )
    assert item.answer.citations[0].document.source == "texts/ferry 1.md"
    (item,) = without_folders([Item("When?", answer_of(source))], [str(source), "/x.md"])
    assert item.answer.citations[0].document.source == "ferry 1.md"


def test_relative_sources_are_found_below_a_folder(source, written, tmp_path):
    items = without_folders([Item("When?", answer_of(source))], [str(source)])
    path = written(to_bundle(items, CONTEXT))
    assert verify(path, source.parent).is_well
    assert verify(path, tmp_path).verdicts[0].state == "missing"


def set_at(value, path, new):
    *parents, last = path
    for key in parents:
        value = value[key]
    value[last] = new


ANSWER, NOTE = ("answers", 0, "citations", 0), ("items", 0, "target")
TAMPERED = {
    "quote": ((*ANSWER, "quote", "text"), FIRST.replace("1954", "1953")),
    "exact": ((*NOTE, "selector", 0, "exact"), "The ferry sank."),
    "prefix": ((*NOTE, "selector", 0, "prefix"), "It is untrue that: "),
    "suffix": ((*ANSWER, "quote", "suffix"), " they say."),
    "start": ((*NOTE, "selector", 1, "start"), 17),
    "end": ((*NOTE, "selector", 1, "end"), 99),
    "source": ((*NOTE, "source"), "file:///other.md"),
    "document": ((*ANSWER, "document", "sha256"), "0" * 64),
    "author": ((*NOTE, "document", "authors"), ["Bo"]),
    "statement": (("answers", 0, "statements", 0, "text"), "It sank."),
    "body": (("items", 0, "body", 0, "value"), "It sank."),
    "text": (("answers", 0, "text"), "It sank. [1]"),
    "title": (("created",), "2027-01-02T03:04:05+00:00"),
    "motivation": (("items", 0, "motivation"), "assessing"),
    "selectors": ((*NOTE, "selector"), {"type": "TextQuoteSelector"}),
}
NAMED = {
    "exact": "answer 1, quote 1: its annotation has another exact",
    "prefix": "answer 1, quote 1: its annotation has another prefix",
    "suffix": "answer 1, quote 1: its annotation has another suffix",
    "start": "answer 1, quote 1: its annotation has another start",
    "end": "answer 1, quote 1: its annotation has another end",
    "source": "answer 1, quote 1: its annotation has another source",
    "document": "answer 1, quote 1: the document's id and sha256 do not belong together",
    "author": "answer 1, quote 1: its annotation has another document",
    "body": "answer 1, quote 1: its annotation has another body",
    "statement": "answer 1, text: it is not made of the answer's statements",
    "text": "answer 1, text: it is not made of the answer's statements",
    "motivation": "answer 1, quote 1: its annotation has another form",
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_named(bundle, written, name):
    set_at(bundle, *TAMPERED[name])
    found = verify(written(bundle))
    assert not found.is_well
    assert found.problems[0].startswith("digest: the bundle is not as it was made")
    if name in NAMED:
        assert NAMED[name] in found.problems


@pytest.mark.parametrize("name", ["prefix", "suffix", "offsets", "text"])
def test_a_forger_who_is_careful_is_found_out_by_the_file(source, written, name):
    """All places changed alike, and the digest made anew."""
    answer = answer_of(source)
    quote = answer.citations[0].quote
    forged = {
        "prefix": Quote(quote.text, quote.start, quote.end, "It is untrue: ", quote.suffix),
        "suffix": Quote(quote.text, quote.start, quote.end, quote.prefix, " they say."),
        "offsets": Quote(quote.text, quote.start + 1, quote.end + 1, quote.prefix, quote.suffix),
        "text": Quote(quote.text.replace("1954", "1953"), quote.start, quote.end, "", ""),
    }[name]
    first = Citation(1, forged, answer.citations[0].document, answer.citations[0].passage_id)
    statement = Statement("It was built.", (1,), 1.0)
    changed = Answer("?", "It was built. [1]", "answered", None, (statement,), (first,))
    found = verify(written(to_bundle([Item("?", changed)], CONTEXT)))
    assert found.problems == ()
    assert (found.verdicts[0].state, found.verdicts[0].altered) == ("altered", (name,))
    assert not found.is_well


def test_annotations_that_are_missing_or_too_many(bundle, written):
    extra = copy.deepcopy(bundle)
    extra["items"].append({**extra["items"][0], "id": "#other"})
    assert "items: expected 2 annotations, found 3" in verify(written(extra)).problems
    del bundle["items"][0]
    found = verify(written({**bundle, "digest": digest(bundle)})).problems
    assert found == ("answer 1, quote 1: it has no annotation",
                     "items: expected 2 annotations, found 1")  # fmt: skip


def test_a_newer_format_is_refused(bundle, written):
    with pytest.raises(InputError, match=r"format 1, found format 2\. A newer release"):
        verify(written({**bundle, "verbatim_bundle": FORMAT + 1}))


DEEP = '{"a":' * 200 + "1" + "}" * 200


@pytest.mark.parametrize(
    "change",
    [
        {"verbatim_bundle": True},
        {"verbatim_bundle": "1"},
        {"verbatim_bundle": 0},
        {"verbatim_bundle": None},
        {"answers": None},
        {"answers": {}},
        {"answers": [7]},
        {"answers": [{"status": "answered", "citations": [[]]}]},
        {"items": 7},
        {"items": [7]},
        {"items": [{}] * 5_001},
        {"extra": json.loads(DEEP)},
    ],
)
def test_other_types_are_refused(bundle, written, change):
    with pytest.raises(InputError, match="expected"):
        verify(written({**bundle, **change}))


@pytest.mark.parametrize("what", [None, 7, [], "x", [{"exact": []}], {"selector": 7}])
def test_an_annotation_of_another_form_is_named(bundle, written, what):
    bundle["items"][0]["target"] = what
    found = verify(written(bundle))
    assert any(p.startswith("answer 1, quote 1: its annotation has") for p in found.problems)


def test_keys_that_stand_twice_are_refused(bundle, written):
    text = json.dumps(bundle)
    with pytest.raises(InputError, match="a key stands twice"):
        verify(written('{"answers": [], ' + text[1:]))


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(InputError, match=r"at most 20,000,000 bytes, found 3,000,000,000"):
        verify(path)


def test_what_is_no_file_is_not_read():
    with pytest.raises(InputError, match="it is no file"):
        verify(Path("/dev/zero"))


def test_halves_of_characters_do_no_harm(bundle, written):
    set_at(bundle, (*ANSWER, "quote", "prefix"), "\ud800")
    set_at(bundle, (*ANSWER, "document", "source"), "\udcff\ud800.md")
    found = verify(written(bundle))
    assert not found.is_well
    assert json.dumps(found.to_dict())
    assert re.search("source", " ".join(found.problems))


def places(value, path=()):
    """The path of each value within a value."""
    if path:
        yield path
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from places(value[key], (*path, key))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), value=_JSON)
def test_whatever_stands_anywhere_is_found_or_refused(bundle, written, data, value):
    changed = copy.deepcopy(bundle)
    path = data.draw(st.sampled_from(list(places(bundle))))
    set_at(changed, path, value)
    try:
        found = verify(written(changed))
    except InputError:
        return
    assert found.is_well is (json.dumps(changed) == json.dumps(bundle))
