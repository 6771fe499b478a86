"""Each file of an index is cut off, zeroed, has bits flipped, is blown up, or removed."""

import json
import random
import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import child
import corpus
from checks import Broken, check
from ledger import Ledger, Row

from index.layout import Layout

DOCUMENTS = 12
FLIPS = {"catalog.sqlite3": 40, "catalog.sqlite3-wal": 6}
"""Rounds with a flipped bit: in other files one."""
SPARSE = 70 << 30
SECONDS = 90.0
SHARE = 6
"""A short run takes one file in so many."""


def _cut(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.truncate(chance.randrange(size) if size else 0)


def _zero(path: Path, chance: random.Random) -> None:
    del chance
    path.write_bytes(b"\0" * path.stat().st_size)


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(data))


def _blow_up(path: Path, chance: random.Random) -> None:
    del chance
    with path.open("r+b") as stream:
        stream.truncate(SPARSE)


def _remove(path: Path, chance: random.Random) -> None:
    del chance
    path.unlink()


FAULTS: dict[str, Callable[[Path, random.Random], None]] = {
    "cut off": _cut,
    "zeroed": _zero,
    "a bit flipped": _flip,
    "70 GB, sparse": _blow_up,
    "removed": _remove,
}


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Try each fault on each file of a copy."""
    base = work / "base"
    if not base.exists():
        make(base)
    files = files_of(base / "index")
    for position, name in enumerate(files):
        if short and position % SHARE != seed % SHARE:
            continue
        label = name.rpartition("/")[2] if "terms" not in name else f"terms: *{Path(name).suffix}"
        for fault, damage in FAULTS.items():
            flips = 1 if short else FLIPS.get(name, 1)
            for number in range(flips if fault == "a bit flipped" else 1):
                key = f"{seed}/{label}/{fault}/{number}"
                if not ledger.has("damage", f"{label}: {fault} #{number}"):
                    row = _tried(base, work / "copy", name, damage, random.Random(key))
                    ledger.add(Row("damage", f"{label}: {fault} #{number}", *row))


def make(base: Path) -> None:
    """An index as a process leaves it that was killed: with a log of its catalog."""
    for number in range(DOCUMENTS):
        corpus.write(base / "docs", number, 0)
    child.build_all(base / "made", base / "docs")
    with closing(sqlite3.connect(base / "made" / "catalog.sqlite3")) as reader:
        reader.execute("SELECT count(*) FROM meta").fetchone()
        corpus.write(base / "docs", 1, 1)
        child.build_all(base / "made", base / "docs")
        shutil.copytree(base / "made", base / "index")
    shutil.rmtree(base / "made")


def files_of(index_dir: Path) -> list[str]:
    """The files of the catalog and of the generation in use, one of each kind."""
    layout = Layout.at(index_dir)
    current = layout.current_generation()
    kinds: dict[str, str] = {}
    for path in sorted(index_dir.rglob("*")):
        name = path.relative_to(index_dir).as_posix()
        is_old = name.startswith("generations/") and current and current.name not in name
        if path.is_file() and not is_old:
            kinds.setdefault(path.suffix if "/terms/" in name else name, name)
    return list(kinds.values())


def _tried(
    base: Path,
    copy: Path,
    name: str,
    damage: Callable[[Path, random.Random], None],
    chance: random.Random,
) -> tuple[str, bool]:
    """What became of a damaged copy, and whether that is what should."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy)
    # What is indexed has the paths of the base: its files are the documents.
    damage(copy / "index" / name, chance)
    told = copy / "told.json"
    process = child.start(trial, copy / "index", base / "docs", told)
    process.join(SECONDS)
    is_slow = process.is_alive()
    code = child.kill(process)
    found = json.loads(told.read_text()) if told.exists() else {}
    words = ", ".join(found.values())
    if is_slow or code or "asked again" not in found:
        return f"{'too slow' if is_slow else f'ended with {code}'}: {words}", False
    try:
        check(copy / "index", base / "docs", [0, 1])
    except (Broken, Exception) as error:
        return f"{words}; then {type(error).__name__}: {error}", False
    is_well = "wrong" not in words and "not as meant" not in words
    return words, is_well and found["asked again"] == "answered"


def trial(index_dir: Path, docs: Path, told: Path) -> None:
    """Examine, ask, repair and ask again; what came of each is written down at once."""
    from index.checkup import examine
    from index.repair import repair

    resource.setrlimit(resource.RLIMIT_AS, (child.MEMORY, child.MEMORY))
    corpus.take_place_of_models()
    layout = Layout.at(index_dir)
    found: dict[str, str] = {}

    def note(step: str, task: Callable[[], Any]) -> None:
        from index.errors import VerbatimError

        try:
            found[step] = task()
        except VerbatimError as error:
            found[step] = f"{step}: refused by {type(error).__name__}"
        except BaseException as error:
            found[step] = f"{step}: not as meant: {type(error).__name__}: {error}"
        told.write_text(json.dumps(found))

    def health() -> str:
        result = examine(layout)
        parts = [name for name in ("catalog", "documents", "stores") if getattr(result, name)]
        return f"named ({' and '.join(parts)})" if parts else "nothing to name"

    note("examined", health)
    note("asked", lambda: asked(index_dir, docs))
    note("repaired", lambda: repaired(repair(layout, examine(layout), [docs], corpus.embedder())))
    note("asked again", lambda: asked(index_dir, docs))


def repaired(result: Any) -> str:  # noqa: ANN401 -- a `Repair`
    """In a word."""
    if result.left:
        return f"left wrong: {result.left[0]}"
    return "repaired" if len(result.done) > 1 else "nothing left to repair"


def asked(index_dir: Path, docs: Path) -> str:
    """Whether all quotes of some answers are in their files, and the answers right."""
    from assistant import Assistant
    from index import Index

    with Index.open(index_dir, corpus.embedder()) as index, Assistant.open(index) as desk:
        for number in range(0, DOCUMENTS, 2):
            answer = desk.answer(corpus.question(number))
            for citation in answer.citations:
                quote, path = citation.quote, Path(citation.document.source)
                text = path.read_text(encoding="utf-8") if path.exists() else ""
                if text[quote.start : quote.end] != quote.text:
                    return f"wrong quote: {quote.text!r} of {path}"
    return "answered"
