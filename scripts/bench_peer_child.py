"""One step of one system, in a process of its own: `bench_peer_child.py SYSTEM STEP ORDER OUT`.

ORDER is a JSON file that says what to index or to ask; OUT is written with what was found.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from bench_systems import System


def main() -> None:
    """Do the step."""
    name, step, order, out = sys.argv[1:]
    given = json.loads(Path(order).read_text(encoding="utf-8"))
    system: System = importlib.import_module(f"bench_systems.{name}").System()
    found = {"index": _index, "ask": _ask, "warm": _warm}[step](system, given)
    Path(out).write_text(json.dumps(found), encoding="utf-8")


def _index(system: System, given: dict[str, Any]) -> dict[str, Any]:
    system.load()
    started = time.perf_counter()
    passages = system.index([Path(file) for file in given["files"]], Path(given["folder"]))
    return {"seconds": time.perf_counter() - started, "passages": passages}


def _ask(system: System, given: dict[str, Any]) -> dict[str, Any]:
    return {"texts": system.open(Path(given["folder"]))(given["question"])}


def _warm(system: System, given: dict[str, Any]) -> dict[str, Any]:
    retrieve = system.open(Path(given["folder"]))
    for question in given["before"]:
        retrieve(question)
    seconds, texts = [], []
    for question in given["questions"]:
        started = time.perf_counter()
        found = retrieve(question)
        seconds.append(time.perf_counter() - started)
        texts.append(found)
    return {"seconds": seconds, "texts": texts}


if __name__ == "__main__":
    main()
