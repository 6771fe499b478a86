"""The options of `assistant index`, called as the command is."""

import json
import os

import pytest

from assistant.cli import main
from assistant.index_command import summary
from index.types import BuildReport, DuplicateFile, FailedFile, MovedFile


@pytest.fixture
def docs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "mill.md").write_text("# The mill\n\nIt was built in 1851.\n")
    lines = '{"summary": "It was sold in 1900."}\n{}\n'
    (tmp_path / "docs" / "sub" / "rows.jsonl").write_text(lines)
    return tmp_path / "docs"


def test_a_dry_run_prints_no_name_that_a_terminal_would_obey(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a\x1b]0;owned\x07\n.md").write_text("The mill was built in 1890.\n")
    assert main(["index", "docs", "--index", "made.index", "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert "owned" in printed
    assert not set(printed) & {"\x1b", "\x07"}
    assert len(printed.splitlines()) == 2


def test_a_dry_run_then_a_run_then_a_move(docs, capsys):
    command = ["index", "docs/**/*.*", "--index", "made.index", "--text-field", "summary"]
    assert main([*command, "--dry-run"]) == 1
    captured = capsys.readouterr()
    assert captured.out.splitlines()[:2] == [
        f"added: {docs}/mill.md",
        f"added: {docs}/sub/rows.jsonl#line=1&text=summary",
    ]
    assert "2 added, 0 changed, 0 unchanged, 0 removed, 1 failed (dry run" in captured.out
    assert "rows.jsonl#line=2&text=summary: expected a text in the field 'summary'" in captured.err
    assert "Indexing: 2 of 2 files" in captured.err
    assert not os.path.exists("made.index")
    assert main([*command, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (len(report["added"]), report["documents"], report["is_dry_run"]) == (2, 2, False)
    (docs / "mill.md").rename(docs / "sub" / "moved.md")
    assert main(["index", "docs", "--index", "made.index", "--dry-run"]) == 1
    line = f"moved: {docs}/mill.md -> {docs}/sub/moved.md"
    assert capsys.readouterr().out.splitlines()[0] == line
    assert main(["index", "docs", "--index", "made.index", "--dry-run", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["moved"] == [
        {"source": f"{docs}/sub/moved.md", "before": f"{docs}/mill.md"},
    ]
    assert (report["is_dry_run"], report["documents"]) == (True, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["docs", "--watch", "--dry-run"], "--watch goes on until it is ended"),
        (["docs", "--watch", "--json"], "--watch goes on until it is ended"),
        (["docs", "--wait", "-1"], "--wait"),
        (["docs", "--watch", "--poll", "0"], "--poll"),
        (["docs/*.pdf"], "found none"),
        (["none/*.md"], "expected a folder"),
    ],
)
def test_wrong_usage(docs, capsys, options, message):
    assert main(["index", *options, "--index", "made.index"]) == 2
    assert message in capsys.readouterr().err
    assert not os.path.exists("made.index")


def test_a_summary_counts_everything(tmp_path):
    report = BuildReport(
        added=("a", "b"),
        moved=(MovedFile("c", "d"),),
        duplicates=(DuplicateFile("a", "b"),),
        failed=(FailedFile("e", "broken"),),
        documents=3,
        passages=1,
    )
    assert summary(tmp_path, report) == (
        f"{tmp_path}: 2 added, 0 changed, 0 unchanged, 0 removed, 1 failed, 1 moved, 1 with a text "
        "that another file has; now 3 documents in 1 passage (0.0 s)"
    )
