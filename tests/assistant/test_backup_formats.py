"""Everything that is kept on disk: what a newer release wrote is refused, and stays as it is.

The sentence says what was expected, what was found, and what to do. See docs/backup.md.
"""

import json
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256

import numpy as np
import pytest

from assistant.account_file import load as load_accounts
from assistant.conversation_tables import KIND as CONVERSATIONS
from assistant.conversations import Conversations, KeptTurn
from assistant.errors import WeightsError
from assistant.exporting import bundle
from assistant.exporting.reading import read_evidence
from assistant.feedback import _KIND as FEEDBACK
from assistant.feedback import FeedbackFile
from assistant.reply_cache import FileCache
from assistant.web.saved_turns import answer_of
from assistant.weights import default_weights, load_weights
from eval import report as eval_report
from eval.report_files import load_report
from index import Index, build
from index.carrying import export_index, import_index
from index.embedding import Embedder
from index.errors import IndexFormatError, VerbatimError
from index.layout import FORMAT, Layout, read_stamp


def ones_embedder():
    return Embedder(lambda texts: np.ones((len(texts), 4)), name="m", fingerprint="f", dimension=4)


def changed_sqlite(path, statement):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def catalog(tmp_path, made):
    changed_sqlite(made / "catalog.sqlite3", "UPDATE meta SET value = '99' WHERE key = 'format'")
    return lambda: Index.open(made)


def catalog_to_write(tmp_path, made):
    catalog(tmp_path, made)
    return lambda: build([tmp_path / "docs"], made, prune=True)


def catalog_to_export(tmp_path, made):
    catalog(tmp_path, made)
    return lambda: export_index(made, tmp_path / "out")


def exported(tmp_path, made):
    export_index(made, tmp_path / "x")
    with zipfile.ZipFile(tmp_path / "x") as archive:
        manifest = json.loads(archive.read("manifest.json")) | {"verbatim_export": 99}
    data = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("manifest.json", data)
        archive.comment = b"verbatim-export sha256:" + sha256(data).hexdigest().encode()
    return lambda: import_index(tmp_path / "x", tmp_path / "copy")


def conversations(tmp_path, made):
    Conversations(tmp_path).add("a" * 32, "Arms", [KeptTurn("b" * 32, "Who?", "He.", {"n": 1})])
    changed_sqlite(next(tmp_path.glob("conversations.*")), "PRAGMA user_version = 99")
    return Conversations(tmp_path).all


def conversations_to_write(tmp_path, made):
    conversations(tmp_path, made)
    turn = KeptTurn("c" * 32, "Who?", "He.", {"n": 2})
    return lambda: Conversations(tmp_path).add("a" * 32, "Arms", [turn])


def feedback(tmp_path, made):
    path = tmp_path / "feedback.db"
    changed_sqlite(path, f"PRAGMA application_id = {FEEDBACK.application}")
    changed_sqlite(path, "PRAGMA user_version = 99")
    return FeedbackFile(tmp_path).all


def replies(tmp_path, made):
    FileCache(tmp_path / "replies")
    changed_sqlite(tmp_path / "replies", "PRAGMA user_version = 99")
    return lambda: FileCache(tmp_path / "replies")


def evidence(tmp_path, made):
    (tmp_path / "b.json").write_text(json.dumps({"verbatim_bundle": 99, "answers": 1}))
    return lambda: read_evidence(tmp_path / "b.json")


def saved_turn(tmp_path, made):
    return lambda: answer_of({"format": 99, "id": "t1", "answer": {}})


def report(tmp_path, made):
    (tmp_path / "report.json").write_text('{"format": 99, "cases": {}}')
    return lambda: load_report(tmp_path)


def weights(tmp_path, made):
    values = default_weights().model_dump() | {"format": 99, "later": []}
    (tmp_path / "weights.json").write_text(json.dumps(values))
    return lambda: load_weights(tmp_path / "weights.json")


def accounts(tmp_path, made):
    (tmp_path / "accounts").write_text("# Verbatim accounts, version 99\nanna: {}\n")
    return lambda: load_accounts(tmp_path / "accounts")


KINDS = [
    catalog,
    catalog_to_write,
    catalog_to_export,
    exported,
    conversations,
    conversations_to_write,
    feedback,
    replies,
    evidence,
    saved_turn,
    report,
    weights,
    accounts,
]


@pytest.fixture
def made(tmp_path):
    """An index of one document, made without a real model."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n\nThe ferry of Norvik was built in 1954.\n")
    build([tmp_path / "docs"], tmp_path / "index", embedding_model=ones_embedder())
    return tmp_path / "index"


def held(folder):
    """What is in a folder, but for the files of a lock and of SQLite's journal."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("lock", "writer", "-wal", "-shm"))
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_newer_format_is_refused_and_left_as_it_is(kind, tmp_path, made):
    use = kind(tmp_path, made)
    before = held(tmp_path)
    with pytest.raises(VerbatimError) as told:
        use()
    said = str(told.value)
    assert "99" in said
    assert "expected" in said.lower() or "reads up to" in said
    assert "newer release" in said
    assert held(tmp_path) == before


def test_formats_are_those_that_the_page_on_backups_lists(request):
    page = (request.config.rootpath / "docs" / "backup.md").read_text(encoding="utf-8")
    for name, number in {
        "catalog": FORMAT,
        "exported index": 1,
        "conversations": CONVERSATIONS.format,
        "feedback": FEEDBACK.format,
        "evidence bundle": bundle.FORMAT,
        "evaluation report": eval_report.FORMAT,
        "weights": default_weights().format,
    }.items():
        assert f"| {name} | {number} |" in page


def test_a_stamp_of_another_form_has_the_stores_made_again(made):
    """They are derived: there is nothing to lose, and nothing is read from them."""
    layout = Layout(made)
    generation = layout.current_generation()
    stamp = json.loads(generation.stamp.read_text())
    generation.stamp.write_text(json.dumps(stamp | {"later": 1}))
    assert read_stamp(generation) is None
    build([made.parent / "docs"], made, embedding_model=ones_embedder())
    assert layout.current_generation() != generation


def test_weights_of_a_newer_release_are_told_from_damaged_ones(tmp_path):
    (tmp_path / "w").write_text('{"format": "later"}')
    with pytest.raises(WeightsError, match="Write them again"):
        load_weights(tmp_path / "w")


def test_the_catalog_error_has_a_type_of_its_own(tmp_path, made):
    with pytest.raises(IndexFormatError):
        catalog(tmp_path, made)()
