"""Inputs guided by coverage, with atheris (libFuzzer); see `scripts/fuzz/requirements.txt`."""

import sys
import tempfile
import traceback
from pathlib import Path

from scripts.fuzz.target import BytesRandom, Target, try_one
from scripts.fuzz.trying import Tried, described


def run_guided(target: Target, count: int, seed: int, corpus: Path | None = None) -> Tried:
    """Try inputs until `count` were tried; the process ends with it, as libFuzzer does.

    Findings are printed as they come, since libFuzzer does not return.
    """
    import atheris

    tried = Tried(target.name)

    def one(data: bytes) -> None:
        tried.inputs += 1
        try:
            try_one(target, BytesRandom(data))
        except Exception as error:
            what = described(error)
            if what not in tried.findings:
                sys.stderr.write(f"FOUND {target.name}: {what}: {data.hex()[:400]}\n")
                sys.stderr.write(traceback.format_exc(limit=-8))
            tried.note(what, tried.inputs)

    folder = corpus or Path(tempfile.mkdtemp(prefix="verbatim-corpus-"))
    folder.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [
            *("fuzz", str(folder), f"-runs={count}", f"-seed={seed or 1}", "-max_len=4096"),
            *("-timeout=60", "-rss_limit_mb=6000", "-len_control=0", "-verbosity=0"),
        ],
        one,
    )
    atheris.Fuzz()
    return tried


def instrumented() -> None:
    """Have what is imported from now on tell which lines ran."""
    import atheris

    with atheris.instrument_imports(include=["index", "assistant", "prompts", "eval"]):
        from scripts.fuzz.targets import TARGETS

        for target in TARGETS:
            if target.grow is not None:
                _first(target)


def _first(target: Target) -> None:
    """Import what a target needs, by trying one input."""
    from scripts.fuzz.target import generator

    try:
        try_one(target, generator(target.name, 0, 0))
    except Exception:
        return
