"""The real command with the packaged model: a chat is killed while it opens, answers or updates."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import corpus
from checks import check_catalog, check_stores
from disk import command
from ledger import Ledger, Row

from index.checkup import examine
from index.layout import Layout

ROUNDS, DOCUMENTS = 8, 12
ROOT = Path(__file__).parents[2]


def run(ledger: Ledger, work: Path, seed: int, *, short: bool = False) -> None:
    """Kill a chat, sometimes with an update beside it; then ask, by the plain command."""
    docs, index_dir = work / "docs", work / "index"
    if not index_dir.exists():
        for number in range(DOCUMENTS):
            corpus.write(docs, number, 0)
        command("index", str(docs), "--index", str(index_dir), env={})
    for number in range(ledger.count("chat"), 1 if short else ROUNDS):
        ledger.add(_killed(docs, index_dir, random.Random(f"{seed}/{number}"), number))


def _started(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def _killed(docs: Path, index_dir: Path, chance: random.Random, number: int) -> Row:
    moment = ("while it opens", "while it answers", "beside an update", "with its stores gone")
    aim = moment[number % len(moment)]
    edited, version = chance.randrange(DOCUMENTS), chance.randrange(1, 1000)
    place = ("--index", str(index_dir))
    if aim == "with its stores gone":  # so that it has to make them
        shutil.rmtree(Layout.at(index_dir).generations)
    chat = _started("chat", *place, "--port", str(7900 + number))
    programs = [chat]
    if aim == "while it opens":
        time.sleep(chance.uniform(0.5, 8))
    else:
        _until_ready(chat)
    if aim == "while it answers":
        programs.append(_started("ask", corpus.question(edited), *place))
        time.sleep(chance.uniform(0.1, 2))
    if aim == "beside an update":
        corpus.write(docs, edited, version)
        programs.append(_started("index", str(docs), *place))
        time.sleep(chance.uniform(3, 15))
    codes = [_end(program) for program in programs]
    corpus.write(docs, edited, version)
    indexed = command("index", str(docs), *place, env={})
    # By the plain command: what the chat left behind says that it can be asked.
    asked = command("ask", corpus.question(edited), *place, env={})
    try:
        layout = Layout.at(index_dir)
        check_stores(layout, check_catalog(layout.catalog))
        is_well = examine(layout).is_well and indexed[0] == asked[0] == 0
        is_well = is_well and str(corpus.height(edited, version)) in asked[1]
        found = "whole, and answers" if is_well else f"{indexed} {asked[0]} {asked[1][:400]}"
    except Exception as error:
        found, is_well = f"{type(error).__name__}: {error}", False
    return Row("chat", f"killed {aim}", found, is_well, {"exit": codes[0]})


def _until_ready(chat: "subprocess.Popen[str]") -> None:
    assert chat.stdout is not None
    while (line := chat.stdout.readline()) and "is ready at" not in line:
        pass


def _end(program: "subprocess.Popen[str]") -> int:
    if program.poll() is None:
        os.killpg(program.pid, signal.SIGKILL)
    program.communicate()
    return program.returncode
