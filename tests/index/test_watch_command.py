"""`assistant index --watch` as a process of its own, with the real model, beside an open index."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import Index

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals are not for Windows"),
]
ROOT = Path(__file__).parents[2]


def command(*arguments):
    return [sys.executable, "-m", "assistant.cli", "index", *map(str, arguments)]


@contextmanager
def watching(docs, index, *options):
    process = subprocess.Popen(
        command(docs, "--index", index, "--watch", *options),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition, process, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.1)


def titles(index):
    if not (index / "CURRENT").exists():
        return set()
    with Index.open(index) as opened:
        return {info.title for info in opened.documents()}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_command_follows_a_folder(tmp_path, ending):
    docs, index = tmp_path / "docs", tmp_path / "index"
    docs.mkdir()
    (docs / "mill.md").write_text("# The mill\n\nThe mill of Aldermoor was built in 1851.\n")
    with watching(docs, index, *(["--poll", "0.3"] if ending == signal.SIGTERM else [])) as process:
        wait_for(lambda: titles(index) == {"The mill"}, process)
        with Index.open(index) as opened:  # as a chat has it
            (docs / "ferry.md").write_text("# The ferry\n\nThe ferry left Duskfield at noon.\n")
            wait_for(lambda: titles(index) == {"The mill", "The ferry"}, process)
            wait_for(
                lambda: "noon" in opened.search("When did the ferry leave?", 1)[0].passage.text,
                process,
            )
            (docs / "mill.md").unlink()
            wait_for(lambda: titles(index) == {"The ferry"}, process)
            # The index is free while nothing happens.
            done = subprocess.run(
                command(docs, "--index", index, "--wait", "20"), cwd=ROOT, capture_output=True
            )
            assert done.returncode == 0, done.stderr
        process.send_signal(ending)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "1 added, 0 changed, 0 unchanged, 0 removed, 0 failed; now 1 document" in output
    assert "1 removed" in output
    assert "Watching for changes" in errors


def test_a_second_writer_waits_and_is_told(tmp_path):
    from index.layout import Layout
    from index.lock import writing

    docs, index = tmp_path / "docs", tmp_path / "index"
    docs.mkdir()
    index.mkdir()
    (docs / "mill.md").write_text("# The mill\n\nThe mill of Aldermoor was built in 1851.\n")
    with writing(Layout(index)):
        gone = subprocess.run(
            command(docs, "--index", index, "--wait", "2"), cwd=ROOT, capture_output=True, text=True
        )
        waits = subprocess.Popen(
            command(docs, "--index", index), cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        line = waits.stderr.readline()
    assert gone.returncode == 1
    assert "waiting up to 2 seconds" in gone.stderr
    assert "after 2 seconds" in gone.stderr
    assert "(process " in line
    assert "waiting up to 60 seconds" in line
    waits.communicate(timeout=120)
    assert waits.returncode == 0
