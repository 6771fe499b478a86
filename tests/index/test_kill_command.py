"""The real command with the real model, killed again and again: what was committed answers."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant import Assistant
from index import Index, canonical_text
from index.canonical import text_sha256
from index.embedding import load_embedder
from index.errors import IndexMissingError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is not for Windows"),
]
ROOT = Path(__file__).parents[2]
TOWNS = ("Aldermoor", "Brightwater", "Coldharbor", "Duskfield", "Elmstead", "Foxhollow", "Greywick")
KINDS = ("Beacon", "Chapel", "Dairy", "Ferry", "Granary", "Kiln", "Quarry", "Sawmill", "Tannery")
STATIONS = len(TOWNS) * len(KINDS)
KILLS = 6


def name_of(number):
    return f"{TOWNS[number % len(TOWNS)]} {KINDS[number // len(TOWNS)]}"


def write_station(folder, number):
    lines = [
        f"# {name_of(number)}",
        f"The weather station {name_of(number)} stands {300 + 7 * number} meters above the sea.",
    ]
    chance = random.Random(number)
    for year in range(1990, 2010):
        rain, snow = chance.randint(300, 999), chance.randint(2, 60)
        lines.append(f"In {year} the observer noted {rain} mm of rain. Snow lay {snow} days.")
    (folder / f"station-{number:02}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def start(documents, index):
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "index", str(documents), "--index", str(index)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill_while_writing(process, index, delay):
    """Kill the command some time after it took the index; False if it was done before."""
    wait_for_writer(process, index)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def wait_for_writer(process, index):
    writer = index / "writer"
    while process.poll() is None and (
        not writer.exists() or writer.read_text().strip() != str(process.pid)
    ):
        time.sleep(0.01)


def wait_for_commit(process, index):
    while process.poll() is None and not holds_documents(index):
        time.sleep(0.02)


def assert_whole_and_answering(index, embedder, chance):
    with Index.open(index, embedder) as opened:
        documents = opened.documents()
        for document in documents:
            text = "".join(passage.text for passage in opened.passages(document.id))
            # The file may have grown since: it was changed before a run that was killed.
            assert canonical_text(document.source).startswith(text)
            assert text_sha256(text) == document.sha256
    with Index.open(index, embedder) as opened, Assistant.open(opened) as desk:
        for document in chance.sample(documents, min(5, len(documents))):
            number = int(Path(document.source).stem[-2:])
            question = f"How many meters above the sea stands {name_of(number)}?"
            answer = desk.answer(question)
            assert str(300 + 7 * number) in answer.text
            for citation in answer.citations:
                canonical, quote = canonical_text(citation.document.source), citation.quote
                assert canonical[quote.start : quote.end] == quote.text
    return len(documents)


def holds_documents(index):
    if not (index / "catalog.sqlite3").exists():
        return False
    try:
        with Index.open(index) as opened:
            return opened.document_count > 0
    except IndexMissingError:
        return False  # killed before the first commit


def test_the_command_is_killed_again_and_again(tmp_path):
    documents, index, embedder = tmp_path / "stations", tmp_path / "stations.index", load_embedder()
    documents.mkdir()
    for number in range(STATIONS):
        write_station(documents, number)
    process = start(documents, tmp_path / "other.index")
    wait_for_writer(process, tmp_path / "other.index")
    started = time.monotonic()
    finish(process)
    writing = time.monotonic() - started
    chance = random.Random(11)
    killed, counts = 0, []
    for number in range(KILLS):
        process = start(documents, index)
        if number >= KILLS // 2:  # however fast it is, some fall after documents are held
            wait_for_commit(process, index)
        killed += kill_while_writing(process, index, chance.uniform(0, 0.8 * writing))
        if holds_documents(index):
            counts.append(assert_whole_and_answering(index, embedder, chance))
        for number in range(STATIONS):  # so that the next run has as much to do
            path = documents / f"station-{number:02}.md"
            path.write_text(path.read_text(encoding="utf-8") + "\nMended.\n", encoding="utf-8")
    assert killed >= KILLS // 2
    assert counts
    finish(start(documents, index))
    assert assert_whole_and_answering(index, embedder, chance) == STATIONS


def finish(process):
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()
