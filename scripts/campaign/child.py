"""What runs in the processes that are killed: one task of the product, with the stand-in model.

Children are made by a server that has imported everything, so that a round costs no imports.
"""

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import corpus

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        *("child", "corpus", "checks", "damage", "index.indexing", "index.repair", "chromadb"),
        "flips",
        *(
            "chromadb_rust_bindings",
            "assistant.desk",
            "assistant.answering",
            "assistant.extractive",
        ),
        *("assistant.pipeline", "assistant.steps", "assistant.weights", "sentencex", "tqdm"),
    ]
)
MEMORY = 6 << 30
"""Bytes of address space: what would read a file of 70 GB dies of it."""


def build_all(index_dir: Path, docs: Path, prune: bool = False) -> None:
    """Index the folder, in small batches, so that there is much to interrupt."""
    from index import build, intake

    intake.BATCH_TEXTS = 60

    def slowly(texts: list[str]) -> Any:  # noqa: ANN401 -- an array
        time.sleep(0.0002 * len(texts))
        return corpus.encode(texts)

    model = corpus.embedder()
    model._encoder = slowly
    build([docs], index_dir, prune=prune, embedding_model=model, wait=5)


def prune_all(index_dir: Path, docs: Path) -> None:
    """Index the folder, and forget what is gone."""
    build_all(index_dir, docs, prune=True)


def remove(index_dir: Path, docs: Path) -> None:
    """Remove a third of the documents."""
    del docs
    from index import Index

    with Index.open(index_dir, corpus.embedder()) as index:
        ids = [document.id for document in index.documents()][::3]
        for start in range(0, len(ids), 3):
            index.remove(ids[start : start + 3])


def serve(index_dir: Path, docs: Path) -> None:
    """Answer questions one after the other, and change the index in between as the Library does."""
    from assistant import Assistant
    from index import Index, build

    with Index.open(index_dir, corpus.embedder()) as index, Assistant.open(index) as desk:
        for number in range(400):
            desk.answer(corpus.question(number % 16))
            if number % 4 == 3:
                path = corpus.path_of(docs, number % 16)
                if path.exists():
                    corpus.write(docs, number % 16, 500 + number)
                    build([path], index_dir, embedding_model=corpus.embedder(), wait=5)


def repair_all(index_dir: Path, docs: Path) -> None:
    """Repair a catalog that was damaged before."""
    from index import repair
    from index.checkup import examine
    from index.layout import Layout

    corpus.take_place_of_models()
    layout = Layout.at(index_dir)
    repair.repair(layout, examine(layout), [docs], corpus.embedder())


TASKS: dict[str, Callable[[Path, Path], None]] = {
    "index": build_all,
    "update": build_all,
    "remove": remove,
    "prune": prune_all,
    "serve": serve,
    "repair": repair_all,
}


def start(task: str | Callable[..., None], *arguments: object, wait: bool = False) -> BaseProcess:
    """Start a task in a process and a process group of its own.

    Args:
        task: its name, or a function of a module that the child can import.
        *arguments: of the function.
        wait: whether it stands still until it is sent SIGCONT.
    """
    process = _FORKS.Process(target=_run, args=(task, arguments, wait))
    process.start()
    return process


def kill(process: BaseProcess) -> int:
    """Kill a process group with -9, if it still runs; the exit code."""
    try:
        os.killpg(process.pid or 0, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
    process.join()
    return process.exitcode or 0


def _run(task: str | Callable[..., None], arguments: Sequence[Any], wait: bool) -> None:
    os.setsid()
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if wait:
        os.kill(os.getpid(), signal.SIGSTOP)
    function = TASKS[task] if isinstance(task, str) else task
    function(*arguments)
    sys.exit(0)
