"""Answers out of archives and records: quotes are checked, exported and kept like any others."""

import json
import os
import shutil
import zipfile

import pytest

from assistant import Assistant
from assistant.exporting.bundle import BundleContext, to_bundle
from assistant.exporting.items import Item
from assistant.library_files import FileStates
from assistant.library_shelf import Places, Shelf
from assistant.references import reference
from assistant.verify import verify
from assistant.web.source_check import check_quote
from index import Index, build
from index.canonical import canonical_text
from index.errors import InputError

TEXTS = {
    "all.zip!/in/mill.md": "The mill of Aldermoor was built in 1851. It ground rye for the town.",
    "rows.jsonl#line=2": "The ferry of Duskfield carried 40 cows a day. It was painted green.",
    "list.json#/1": "The kiln of Elmstead burned down in 1903. Nobody was hurt by the fire.",
}
CONTEXT = BundleContext("2026-01-02T03:04:05+00:00")
QUESTIONS = {
    "all.zip!/in/mill.md": "When was the mill of Aldermoor built?",
    "rows.jsonl#line=2": "How many cows did the ferry of Duskfield carry?",
    "list.json#/1": "When did the kiln of Elmstead burn down?",
}


@pytest.fixture
def folder(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    texts = list(TEXTS.values())
    with zipfile.ZipFile(docs / "all.zip", "w") as archive:
        archive.writestr("in/mill.md", texts[0])
    (docs / "rows.jsonl").write_text("\n" + json.dumps({"body": texts[1]}) + "\n")
    (docs / "list.json").write_text(json.dumps([{"text": "Else."}, {"text": texts[2]}]))
    return docs


@pytest.fixture
def desk(folder, embedder):
    index_dir = folder.parent / "index"
    assert build([folder], index_dir, embedding_model=embedder).failed == ()
    with Index.open(index_dir, embedder) as index, Assistant.open(index) as desk:
        yield desk


def test_quotes_of_members_are_checked(folder, desk):
    for source, question in QUESTIONS.items():
        answer = desk.answer(question)
        citation = answer.citations[0]
        quote, found = citation.quote, citation.document.source
        assert found == f"{folder}/{source}"
        assert canonical_text(found)[quote.start : quote.end] == quote.text
        document = desk.index.document(citation.document.id)
        check = check_quote(document, quote.start, quote.end, quote.text)
        assert (check.is_verbatim, check.state) == (True, "unchanged")
        assert source.removeprefix("all.zip!/in/") in reference(citation)
        for saved in (answer.to_dict(), to_bundle([Item(question, answer)], CONTEXT)):
            path = folder.parent / "saved.json"
            path.write_text(json.dumps(saved))
            for documents in (None, folder):
                result = verify(path, documents)
                assert result.is_well, result
    shutil.move(folder, folder.parent / "elsewhere")
    assert verify(path, folder.parent / "elsewhere").is_well
    assert verify(path).verdicts[0].state == "missing"


def test_what_became_of_members_is_told(folder, desk):
    shelf = Shelf(Places(folder.parent / "index", None), lambda: desk.index)
    states = FileStates()

    def now():
        held = desk.index.sources()
        return {os.path.relpath(path, folder): states.of([s]) for path, (s, _) in held.items()}

    assert now() == dict.fromkeys([*TEXTS, "list.json#/0"], "in step")
    (folder / "rows.jsonl").write_text(json.dumps({"body": "Moved up."}) + "\n")
    (folder / "list.json").write_text(json.dumps([{"text": "Else."}, {"text": "Changed."}]))
    os.utime(folder / "all.zip", (1, 1))
    assert now() == {
        "all.zip!/in/mill.md": "in step",
        "rows.jsonl#line=2": "missing",
        "list.json#/0": "in step",
        "list.json#/1": "changed",
    }
    held = {os.path.relpath(path, folder): i for path, (_, i) in desk.index.sources().items()}
    row = desk.index.document(held["rows.jsonl#line=2"])
    assert check_quote(row, 0, 3, "The").state == "missing"
    with pytest.raises(InputError, match=r"mill\.md is a part of all\.zip"):
        shelf.edit(held["all.zip!/in/mill.md"], {"title": "Another"})
    shelf.reindex([held["list.json#/1"]])
    shelf.jobs.wait(60)
    assert shelf.jobs.latest().result == "1 document brought up to date, 1 document unchanged."
    shelf.remove([held["all.zip!/in/mill.md"]])
    shelf.jobs.wait(60)
    assert (shelf.jobs.latest().state, "all.zip!/in/mill.md" in now()) == ("done", False)
    assert (folder / "all.zip").exists()
    (folder / "all.zip").unlink()
    shelf.undo(shelf.trash.removals()[0].token)
    shelf.jobs.wait(60)
    assert now()["all.zip!/in/mill.md"] == "missing"
