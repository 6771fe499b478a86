"""Two writers at once, a catalog that another program holds, and a hundred rounds of changes."""

import random
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import child
import corpus
from checks import Broken, check
from ledger import Ledger, Row

from assistant import Assistant
from index import Index, build
from index.errors import IndexBusyError

DOCUMENTS = 20
PAIRS, CHANGES = 4, 100


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Try all of them."""
    for number in range(ledger.count("two writers"), 1 if short else PAIRS):
        ledger.add(_two_writers(work / f"pair-{number}", seed + number))
    if not ledger.has("locked", "another program holds the catalog"):
        ledger.add(_locked(work / "locked"))
    changes = 10 if short else CHANGES
    if not ledger.has("changes", f"{changes} rounds of add, edit and delete"):
        ledger.add(_changes(work / "changes", seed, changes))


def writes(index_dir: Path, docs: Path, seed: int, said: Path) -> None:
    """Change and index its own documents, again and again; waits for others as the product does."""
    chance = random.Random(seed)
    busy = 0
    for _ in range(8):
        corpus.write(docs, chance.randrange(DOCUMENTS), chance.randrange(1000))
        try:
            build([docs], index_dir, prune=True, embedding_model=corpus.embedder(), wait=30)
        except IndexBusyError:
            busy += 1
    said.write_text(f"done, {busy} times told to wait")


def _two_writers(work: Path, seed: int) -> Row:
    shutil.rmtree(work, ignore_errors=True)
    for name in ("one", "two"):
        for number in range(DOCUMENTS):
            # Documents of their own in each folder: no two writers edit the same file.
            corpus.write(work / name, number, 7 if name == "one" else 8)
    said = [work / "said-1", work / "said-2"]
    parts = [
        child.start(writes, work / "index", work / name, seed + at, said[at])
        for at, name in enumerate(("one", "two"))
    ]
    for process in parts:
        process.join(300)
        child.kill(process)
    found = "; ".join(each.read_text() if each.exists() else "died" for each in said)
    try:
        count = check(work / "index", work / "one")
        is_well = count == 2 * DOCUMENTS and "died" not in found
        found = f"{found}; {count} documents are whole"
    except Exception as error:
        found, is_well = f"{found}; {type(error).__name__}: {error}", False
    shutil.rmtree(work)
    return Row("two writers", "eight updates each", found, is_well)


def _locked(work: Path) -> Row:
    """Another program holds a write lock of SQLite, and then any lock there is."""
    shutil.rmtree(work, ignore_errors=True)
    for number in range(4):
        corpus.write(work / "docs", number, 0)
    build([work / "docs"], work / "index", embedding_model=corpus.embedder())
    found = []
    with closing(
        sqlite3.connect(work / "index" / "catalog.sqlite3", isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        with Index.open(work / "index", corpus.embedder()) as index, Assistant.open(index) as desk:
            found.append(desk.answer(corpus.question(1)).status)
        corpus.write(work / "docs", 1, 5)
        try:
            build([work / "docs"], work / "index", embedding_model=corpus.embedder())
            found.append("written")
        except IndexBusyError:
            found.append("an update is told that it is busy")
        other.execute("ROLLBACK")
    build([work / "docs"], work / "index", embedding_model=corpus.embedder())
    found.append(f"then {check(work / 'index', work / 'docs', [1])} documents are whole")
    expected = ["answered", "an update is told that it is busy", "then 4 documents are whole"]
    return Row("locked", "another program holds the catalog", ", ".join(found), found == expected)


def _changes(work: Path, seed: int, changes: int) -> Row:
    """Files come, change and go, while somebody asks: nothing stale is cited."""
    shutil.rmtree(work, ignore_errors=True)
    chance = random.Random(seed)
    docs, index_dir = work / "docs", work / "index"
    versions = {number: 0 for number in range(DOCUMENTS)}
    for number in versions:
        corpus.write(docs, number, 0)
    build([docs], index_dir, embedding_model=corpus.embedder())
    sizes, stop = [], threading.Event()
    failures: list[str] = []
    asker = threading.Thread(target=_ask_on, args=(index_dir, stop, failures))
    asker.start()
    try:
        with Index.open(index_dir, corpus.embedder()) as index, Assistant.open(index) as desk:
            for change in range(1, changes + 1):
                _change(docs, versions, chance, change)
                build([docs], index_dir, prune=True, embedding_model=corpus.embedder(), wait=30)
                _nothing_stale(desk, versions, chance)
                sizes.append(sum(p.stat().st_size for p in index_dir.rglob("*") if p.is_file()))
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}")
    finally:
        stop.set()
        asker.join()
    count = check(index_dir, docs)
    # What was deleted stays in the stores until there is much of it, and they are made afresh.
    early, late = max(sizes[: changes // 2]), max(sizes[changes // 2 :])
    is_well = not failures and count == len(versions) and late < 1.5 * early
    disk = f"at most {early // 1000} kB at first, {late // 1000} kB at last"
    found = f"{count} documents are whole, {disk}"
    return Row(
        "changes",
        f"{changes} rounds of add, edit and delete",
        "; ".join([found, *failures]),
        is_well,
    )


def _change(docs: Path, versions: dict[int, int], chance: random.Random, change: int) -> None:
    new, known = DOCUMENTS + change, list(versions)
    edited, gone = chance.choice(known), chance.choice(known)
    versions[edited] = change % 1000
    corpus.write(docs, edited, versions[edited])
    del versions[gone]
    corpus.path_of(docs, gone).unlink()
    versions[new] = 0
    corpus.write(docs, new, 0)


def _nothing_stale(desk: Assistant, versions: dict[int, int], chance: random.Random) -> None:
    for number in chance.sample(sorted(versions), 2):
        for citation in desk.answer(corpus.question(number)).citations:
            text = Path(citation.document.source).read_text(encoding="utf-8")
            if text[citation.quote.start : citation.quote.end] != citation.quote.text:
                raise Broken(f"cited what is no more: {citation.quote.text!r}")


def _ask_on(index_dir: Path, stop: threading.Event, failures: list[str]) -> None:
    with Index.open(index_dir, corpus.embedder()) as index, Assistant.open(index) as desk:
        number = 0
        while not stop.wait(0.05):
            number += 1
            try:
                desk.answer(corpus.question(number % DOCUMENTS))
            except Exception as error:
                failures.append(f"a reader: {type(error).__name__}: {error}")
                return
