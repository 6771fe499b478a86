"""Files, folders and patterns, looked through in an order that does not change."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import InputError
from index.walking import Selection

ROOT = Path(__file__).parents[2]
NAMES = ["a.md", "b/c.txt", "b/d/e.md", "b/d/f.MD", "b.zip", "g/h.jsonl", "g/i.json", "z.png"]


@pytest.fixture
def docs(tmp_path):
    for name in NAMES:
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text.")
    return tmp_path / "docs"


def found(docs, *names, **options):
    selection = Selection.of([docs / name for name in names], **options)
    walked = list(selection.walk())
    assert all(selection.accepts(path) and selection.covers(path) for path in walked)
    return [path.relative_to(docs).as_posix() for path in walked]


def test_a_folder_in_order(docs):
    assert found(docs, "") == ["a.md", "b/c.txt", "b/d/e.md", "b/d/f.MD", "b.zip", *NAMES[5:7]]
    assert found(docs, "g", "a.md", "g/h.jsonl", "") == [*NAMES[5:7], "a.md", *NAMES[1:5]]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.md", ["a.md"]),
        ("**/*.md", ["a.md", "b/d/e.md"]),
        ("**/*.[mM][dD]", ["a.md", "b/d/e.md", "b/d/f.MD"]),
        ("b/*", ["b/c.txt", "b/d/e.md", "b/d/f.MD"]),
        ("?/**", ["b/c.txt", "b/d/e.md", "b/d/f.MD", "g/h.jsonl", "g/i.json"]),
        ("**/d", ["b/d/e.md", "b/d/f.MD"]),
        ("[!b]*/*.json*", ["g/h.jsonl", "g/i.json"]),
        ("**/**/e.*", ["b/d/e.md"]),
        ("*.pdf", []),
    ],
)
def test_patterns(docs, pattern, names):
    assert found(docs, pattern) == names


def test_a_name_that_looks_like_a_pattern(docs):
    for name in ("[x].md", "what?.md", "x.md"):
        (docs / name).write_text("Text.")
    assert found(docs, "[x].md", "what?.md") == ["[x].md", "what?.md"]
    assert not Selection.of([docs / "[x].md"]).accepts(docs / "x.md")


def test_links(docs):
    (docs / "loop").symlink_to(docs)
    (docs / "self.md").symlink_to(docs / "self.md")
    (docs / "g" / "up").symlink_to("..")
    (docs / "link.md").symlink_to(docs / "a.md")
    (docs / "dead.md").symlink_to(docs / "none.md")
    assert [name for name in found(docs, "") if "link" in name or "/up" in name] == ["link.md"]
    assert len(found(docs, "")) == 8
    assert found(docs, "loop/b") == ["loop/b/c.txt", "loop/b/d/e.md", "loop/b/d/f.MD"]


def test_what_is_left_out(docs):
    (docs / ".git").mkdir()
    for name in (".git/a.md", "b/.hidden.md", "a.md.meta.yaml"):
        (docs / name).write_text("Text.")
    assert len(found(docs, "")) == 7
    assert found(docs, "", leave_out=[docs / "b"]) == ["a.md", "b.zip", *NAMES[5:7]]
    selection = Selection.of([docs], leave_out=[docs / "b"])
    assert not selection.accepts(docs / "b" / "c.txt")
    assert not selection.accepts(docs / ".git" / "a.md")
    assert not selection.accepts(docs.parent / "a.md")


def test_paths_that_are_not_there(docs):
    for name in ("none", "none/*.md", "a.md/b", "x\0y"):
        with pytest.raises(InputError, match=r"Check"):
            Selection.of([docs / name])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_folder_that_cannot_be_read(docs):
    (docs / "b").chmod(0)
    code = (
        "import os, sys\n"
        "from index.walking import Selection\n"
        "os.geteuid() or os.seteuid(65534)  # nothing is closed to root\n"
        "failed = []\n"
        "print(*(p.name for p in Selection.of([sys.argv[1]]).walk(failed.append)))\n"
        "print(*(each.reason for each in failed))\n"
    )
    for folder in (docs, *docs.parents):
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o005:
            folder.chmod(folder.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", code, docs], cwd=ROOT, capture_output=True, text=True, check=False
    )
    (docs / "b").chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "a.md b.zip h.jsonl i.json",
        "the folder could not be read (Permission denied). Check its permissions.",
    ]


def test_many_files_and_a_deep_folder(tmp_path):
    for number in range(2_000):
        folder = tmp_path / f"{number % 100:02d}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number:05d}.txt").touch()
    deep = tmp_path / "deep"
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "end.md").touch()
    started = time.perf_counter()
    walk = Selection.of([tmp_path]).walk()
    assert next(walk).name == "00000.txt"
    assert sum(1 for _ in walk) == 2_000
    assert time.perf_counter() - started < 10


def test_names_that_are_not_utf8(docs):
    (docs / os.fsdecode(b"caf\xe9")).mkdir()
    (docs / os.fsdecode(b"caf\xe9") / "x.md").write_text("Text.")
    assert len(found(docs, "")) == 8
