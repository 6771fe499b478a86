"""Where documents can be found on the web: from sidecars, in what is copied and exported."""

import json
from dataclasses import replace

import pytest

from assistant import Answer, Citation, Quote, Statement
from assistant.addresses import address_of, addresses_of
from assistant.exporting import BundleContext, Item, to_bundle, to_html, to_markdown
from assistant.references import reference
from assistant.verify import verify
from index.sources import read_info

TEXT = "# Tides\n\nThe tide of Dunsay rises by four meters.\n"
WORDS = "The tide of Dunsay rises by four meters."
ADDRESS = "https://example.org/a_b%20c?x=1&y=~2#four"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tides.md"
    path.write_text(TEXT)
    return path


def state(file, address):
    file.with_name(f"{file.name}.meta.yaml").write_text(f"url: {json.dumps(address)}\n")
    return read_info(file)


def answer_from(file):
    info, start = read_info(file), TEXT.index(WORDS)
    quote = Quote.slice(TEXT, start, start + len(WORDS))
    citation = Citation(1, quote, info, f"{info.id}:0-9")
    said = Statement(f"“{WORDS}”", (1,), 1.0)
    text = f"{said.text} [1]"
    return Answer("How far?", text, "answered", statements=(said,), citations=(citation,))


def test_an_address_is_read_from_the_sidecar(file):
    assert address_of(read_info(file)) is None
    info = state(file, ADDRESS)
    assert address_of(info) == ADDRESS
    unknown = replace(info, id="1" * 16, source="/nowhere", url=None)
    assert addresses_of([info, unknown]) == {info.id: ADDRESS}


def test_a_document_states_its_own_where_no_sidecar_does(file):
    file.write_text(f"---\nurl: {ADDRESS}\n---\n{TEXT}")
    assert address_of(read_info(file)) == ADDRESS
    assert address_of(state(file, "https://example.org/beside")) == "https://example.org/beside"
    assert address_of(state(file, "javascript:alert(1)")) == ADDRESS
    file.with_name("tides.md.meta.yaml").write_text("edited: [url]\n")  # a user took it away
    assert address_of(read_info(file)) is None


def test_an_address_in_an_answer_from_elsewhere_is_checked(file):
    forged = replace(read_info(file), url="javascript:alert(1)")
    assert address_of(forged) is None


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("https://example.org/a b", None),
        ("https://example.org/\u202efdp", "https://example.org/%E2%80%AEfdp"),
        ('https://example.org/"><b>{\\x}', "https://example.org/%22%3E%3Cb%3E%7B%5Cx%7D"),
        ("https://example.org/Ä", "https://example.org/%C3%84"),
    ],
)
def test_an_address_holds_nothing_that_acts(file, stated, shown):
    assert address_of(state(file, stated)) == shown


def test_a_sidecar_that_cannot_be_read_states_none(file):
    file.with_name("tides.md.meta.yaml").write_text("url: [")
    document = replace(answer_from_text(), source=str(file))
    assert address_of(document) is None
    assert address_of(replace(document, source="a\0b")) is None


def answer_from_text():
    from assistant import DocumentInfo

    return DocumentInfo("0" * 16, "Tides", (), None, None, "tides.md", "0" * 64)


def test_it_stands_in_what_is_copied(file):
    (citation,) = answer_from(file).citations
    for style in ("plain", "markdown", "bibtex"):
        without, copied = reference(citation, style), reference(citation, style, ADDRESS)
        assert ADDRESS not in without
        assert ADDRESS in copied
    assert reference(citation, "plain", ADDRESS).endswith(f". {ADDRESS}")
    assert reference(citation, "markdown", ADDRESS).endswith(f". <{ADDRESS}>")
    assert f"  url = {{{ADDRESS}}},\n" in reference(citation, "bibtex", ADDRESS)


def test_it_stands_in_exports(file):
    answer = answer_from(file)
    item = Item(answer.question, answer, addresses={answer.citations[0].document.id: ADDRESS})
    assert to_markdown([item]).rstrip().endswith(f"<{ADDRESS}>")
    assert f'href="{ADDRESS.replace("&", "&amp;")}"' in to_html([item])
    bundle = to_bundle([item], BundleContext("2026-01-01T00:00:00+00:00"))
    assert bundle["addresses"] == {answer.citations[0].document.id: ADDRESS}
    saved = file.with_name("evidence.json")
    saved.write_text(json.dumps(bundle))
    found = verify(saved)
    assert found.is_well
    assert [each.state for each in found.verdicts] == ["exact"]
    bare = Item(answer.question, answer)
    assert 'href="http' not in to_html([bare])
    assert to_bundle([bare], BundleContext("2026-01-01T00:00:00+00:00"))["addresses"] == {}
