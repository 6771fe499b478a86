"""Indexing by the processes of a real Ray cluster. To start one takes seconds."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from index_helpers import write_document, write_documents
from model_makers import make_bi_encoder
from ray_cluster import ROOT, descendants, kill, ray_cluster, ray_node, wait_until, workers
from test_engines import contents

from index import Index, build

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"),
]


@pytest.fixture(scope="module")
def cluster():
    pytest.importorskip("ray")
    # Not below pytest's own folder: the path of a socket has at most 107 bytes.
    with TemporaryDirectory(prefix="vr-") as folder, ray_cluster(Path(folder)) as found:
        yield found


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Documents, and the index of this process alone, by the real model."""
    folder = tmp_path_factory.mktemp("plain")
    for number in range(24):  # of several calls to the model
        write_document(folder / "docs", number, paragraphs=40)
    build([folder / "docs"], folder / "index")
    return folder


@contextmanager
def index_command(docs, index, variables, *options):
    command = [sys.executable, "-m", "assistant.cli", "index", str(docs), "--index", str(index)]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    with subprocess.Popen(
        [*command, "--engine", "ray", *options],
        cwd=ROOT,
        env=quiet | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def committed(index):
    """How many documents the catalog has so far."""
    try:
        catalog = sqlite3.connect(f"file:{index / 'catalog.sqlite3'}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return 0
    try:
        return catalog.execute("select count(*) from documents").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        catalog.close()


def test_the_index_is_that_of_one_process_though_a_worker_dies(cluster, plain, tmp_path):
    head, variables = cluster
    index = tmp_path / "index"
    with index_command(plain / "docs", index, variables, "--json") as process:
        wait_until(lambda: committed(index) or process.poll() is not None)
        before = workers(head)
        killed = wait_until(lambda: workers(head, ".encode") or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        kill(killed[0])
        at_kill = committed(index)
        seen = set(before)
        while process.poll() is None:
            seen |= set(workers(head))
            time.sleep(0.1)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert len(json.loads(out)["added"]) == 24, "Ray says nothing on stdout"
    assert "ray" not in err.lower(), "the vendor's lines stay off the screen"
    assert at_kill < 24
    assert len(before) == 2
    assert len(seen - {killed[0]}) >= 2, "another took its place"
    assert contents(index) == contents(plain / "index")
    with Index.open(plain / "index") as one, Index.open(index) as other:
        for question in ("Which lantern was sold?", "What was rebuilt in 1954?"):
            expected = [(hit.passage.id, hit.score) for hit in one.search(question, k=20)]
            assert [(hit.passage.id, hit.score) for hit in other.search(question, k=20)] == expected
    wait_until(lambda: not workers(head))  # they are let go, which takes a moment


def test_machines_of_one_core_share_the_work(plain, tmp_path, short_folder):
    """Two nodes as of two machines, on this one."""
    index = tmp_path / "index"
    with (
        ray_cluster(short_folder, cores=1) as (head, variables),
        ray_node(variables, cores=1) as node,
        index_command(plain / "docs", index, variables) as process,
    ):
        busy = {head: False, node: False}
        while process.poll() is None:
            busy = {each: was or bool(workers(each, ".encode")) for each, was in busy.items()}
            time.sleep(0.02)
        assert process.returncode == 0, process.stderr.read()
    assert busy == {head: True, node: True}
    assert contents(index) == contents(plain / "index")


@pytest.fixture
def short_folder():
    with TemporaryDirectory(prefix="vt-") as folder:
        yield Path(folder)


def test_a_cluster_of_its_own_is_ended(tmp_path, short_folder):
    model = make_bi_encoder(tmp_path / "model")
    write_documents(tmp_path / "docs", range(8))
    build([tmp_path / "docs"], tmp_path / "plain", embedding_model=str(model))
    options = ("--workers", "2", "--embedding-model", str(model))
    home = tmp_path / "home"
    home.mkdir()
    variables = {"TMPDIR": str(short_folder), "HOME": str(home)}
    with index_command(tmp_path / "docs", tmp_path / "index", variables, *options) as process:
        wait_until(lambda: workers(process.pid) or process.poll() is not None)
        family = descendants(process.pid)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "8 added" in out
    assert "ray" not in err.lower()
    assert contents(tmp_path / "index") == contents(tmp_path / "plain")
    assert len(family) > 2
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), 30)
    assert list(short_folder.glob("verbatim-ray-*")) == []
    assert list(home.rglob("*auth*")) == [], "its token is nowhere but in memory"


REFUSALS = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/index")
from index_helpers import words_embedder
from index import VerbatimError, build
from index.embedding import load_embedder
from index.engines_ray import RayEngine

def refused(engine, model=None):
    try:
        build([sys.argv[1]], sys.argv[2], embedding_model=model, engine=engine)
    except VerbatimError as error:
        print(type(error).__name__, error)

if __name__ == "__main__":
    with RayEngine(3) as engine:
        refused(engine)
    with RayEngine(1) as engine:
        known = load_embedder()
        refused(engine, words_embedder(name="nobody/words"))
        refused(engine, words_embedder(name=known.name))
        print(engine.begin(known, ["A mill."])().shape, Path(sys.argv[2]).exists())
"""


def test_what_a_cluster_cannot_do_is_said(cluster, tmp_path):
    # In a process of its own: Ray reads its variables when it is imported.
    write_documents(tmp_path / "docs", range(1))
    command = [sys.executable, "-c", REFUSALS, str(tmp_path / "docs"), str(tmp_path / "index")]
    environment = os.environ | cluster[1]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    many, unknown, other, last = done.stdout.splitlines()
    assert many.startswith("InputError Expected at most as many workers")
    assert "cores (2), found 3" in many
    assert unknown.startswith("ModelMissingError")
    assert "nobody/words" in unknown
    assert other.startswith("EmbeddingMismatchError")
    assert "on each machine, found on" in other
    assert last == "(1, 384) False", "the engine goes on with a model that is there"
    wait_until(lambda: not workers(cluster[0]))


def test_no_cluster_at_the_address(tmp_path):
    write_documents(tmp_path / "docs", range(1))
    variables = {"RAY_ADDRESS": "127.0.0.1:9"}
    with index_command(tmp_path / "docs", tmp_path / "index", variables) as process:
        _, err = process.communicate()
    assert process.returncode == 2, err
    assert "Expected a Ray cluster at RAY_ADDRESS=127.0.0.1:9" in err
    assert "unset RAY_ADDRESS" in err
    assert not (tmp_path / "index").exists()
