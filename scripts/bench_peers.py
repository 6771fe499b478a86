"""Compare with what one would otherwise build: LangChain, llama-index, txtai, haystack.

Each gets what Verbatim gets, the same files, the same packaged embedding model, the same threads,
and is used as its own quick start shows (`bench_systems`). Each runs in a virtual environment of
its own, made where `--venv` says, that also sees the packages of this one, so that all use the same
releases of PyTorch and sentence-transformers. They take turns, A B C D A B C D, each step in a
process of its own; a ratio is to Verbatim in the same round. Set VERBATIM_SQUAD to a SQuAD 2.0 file
for real documents and questions.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from bench_corpus import write_answered
from bench_peer_environments import NotInstalledError, environment
from bench_peer_runs import Runs, Subject
from bench_peer_table import PARTS, Taken, table
from bench_processes import EndedBadlyError
from bench_systems import PEERS

QUESTIONS, BEFORE = 60, 5
"""That are timed, and that are asked before."""


def main() -> None:
    """Make the environments, take the figures, print the table."""
    options = _options()
    absent = dict[str, str]()
    subjects = [Subject("verbatim", sys.executable, Taken("Verbatim"))]
    for name in options.peers:
        peer = PEERS[name]
        try:
            python = environment(peer, options.venv.absolute() / name)
        except NotInstalledError as error:
            absent[peer.name] = f"it could not be installed: {error}"
        else:
            subjects.append(Subject(name, str(python), Taken(f"{peer.name} ({peer.holds})")))
    with tempfile.TemporaryDirectory() as folder:
        files, cases = write_answered(
            Path(folder, "documents"), options.documents, QUESTIONS + BEFORE
        )
        runs = Runs(Path(folder), files, cases, BEFORE)
        subjects = _tried(runs, subjects, absent)
        for number in range(options.rounds):
            for part in options.parts:
                for subject in subjects:
                    runs.take(part, subject, number)
        bytes_read = sum(file.stat().st_size for file in files)
    own, *others = (subject.taken for subject in subjects)
    print(
        f"{len(files)} documents ({bytes_read / 1e6:.2f} MB), {options.rounds} rounds, {_cores()}"
    )
    print()
    print(table(own, others, absent))
    if options.json:
        _write(options.json, subjects, absent, len(files), bytes_read)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=Path(".verbatim/peers"))
    parser.add_argument("--documents", type=int, default=160, help="to index")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="where all figures go, too")
    return parser.parse_args()


def _tried(runs: Runs, subjects: list[Subject], absent: dict[str, str]) -> list[Subject]:
    """Those that can do every step with few documents, which also compiles and caches files."""
    working = []
    for subject in subjects:
        try:
            runs.try_out(subject)
        except EndedBadlyError as error:
            if subject.name == "verbatim":
                raise
            absent[subject.taken.name] = f"it does not run: {str(error).splitlines()[-1]}"
        else:
            working.append(subject)
    return working


def _cores() -> str:
    threads = os.environ.get("OMP_NUM_THREADS", "as each library sets them")
    return f"{len(os.sched_getaffinity(0))} cores, threads: {threads}"


def _write(
    file: Path, subjects: list[Subject], absent: dict[str, str], documents: int, size: int
) -> None:
    found = {
        "documents": documents,
        "bytes": size,
        "cores": _cores(),
        "packages": {name: [*peer.packages, *peer.unmet] for name, peer in PEERS.items()},
        "figures": {subject.name: subject.taken.figures for subject in subjects},
        "absent": absent,
    }
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
