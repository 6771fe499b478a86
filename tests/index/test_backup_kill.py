"""Exports and imports that are killed leave a whole file or index, or none."""

import multiprocessing
import random
import sys
import time

import pytest
from index_helpers import assert_whole, query_embedder

from index import Index
from index.carrying import export_index, import_index
from index.errors import IndexMissingError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is not for Windows"),
]
ROUNDS = 5
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["index_helpers", "index.carrying", "chromadb", "tqdm"])


def killed(target, arguments, seconds):
    process = _FORKS.Process(target=target, args=arguments)
    process.start()
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode


def nothing():
    pass


def seconds_of(target, arguments):
    assert killed(nothing, (), 60) == 0  # the server of processes has imported everything then
    start = time.monotonic()
    assert killed(target, arguments, 60) == 0
    return time.monotonic() - start


def do_export(index, file):
    export_index(index, file, force=True)


def do_import(file, place, force=False):
    import_index(file, place, force=force)


def test_exports(built_index, tmp_path):
    file, chance = tmp_path / "x", random.Random(3)
    usual = seconds_of(do_export, (built_index, tmp_path / "first"))
    exits = set()
    for _ in range(ROUNDS):
        code = killed(do_export, (built_index, file), chance.uniform(0.2, 1.1) * usual)
        exits.add(code)
        usual *= 0.7 if code == 0 else 1.0  # it was done before: the next one is killed earlier
        if file.exists():
            import_index(file, tmp_path / "copy", force=True)
            file.unlink()
    assert -9 in exits
    assert killed(do_export, (built_index, file), 60) == 0
    assert sorted(path.name for path in tmp_path.glob("x*")) == ["x"]


@pytest.mark.parametrize("has_former", [False, True])
def test_imports(built_index, tmp_path, has_former):
    file, folder, chance = tmp_path / "x", tmp_path / "copy", random.Random(4)
    export_index(built_index, file)
    usual = seconds_of(do_import, (file, tmp_path / "first"))
    exits = []
    for _ in range(ROUNDS):
        if has_former and not folder.exists():
            import_index(file, folder)
        arguments = (file, folder, has_former)
        exits.append(killed(do_import, arguments, chance.uniform(0.2, 1.1) * usual))
        usual *= 0.7 if exits[-1] == 0 else 1.0
        if folder.exists():
            assert_whole(folder)
        else:  # between two renames, if there was one: it is beside then
            with pytest.raises(IndexMissingError):
                Index.open(folder, query_embedder())
            assert not has_former or any(tmp_path.glob("copy.before-import-*"))
        if not has_former and folder.exists():
            folder.rename(tmp_path / f"done{len(exits)}")
    assert -9 in exits
    assert killed(do_import, (file, folder, has_former), 60) == 0
    assert_whole(folder)
    assert not list(tmp_path.glob(".copy*"))
