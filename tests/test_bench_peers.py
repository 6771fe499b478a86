"""The comparison with other libraries: what is asked of whom, and how its table is made."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)


def test_ratios_are_to_verbatim_in_the_same_round():
    from bench_peer_table import Taken, table

    own, other = Taken("Verbatim"), Taken("other")
    for ours, theirs in ((1.0, 4.0), (2.0, 4.0), (1.0, 3.0)):
        own.add(ask_seconds=ours, passages=5)
        other.add(ask_seconds=theirs, passages=7)
    lines = table(own, [other], {"third": "it could not be installed"}).splitlines()
    assert lines[0] == "|  | Verbatim | other |"
    assert "| passages | 5 | 7 |" in lines
    question = "one question in a new process: seconds"
    assert f"| {question} | 1.00 (1.00–2.00) | 4.00: 3.00 x (2.00–4.00) |" in lines
    assert lines[-1] == "third is missing: it could not be installed"


def test_a_case_can_be_answered_from_the_files(tmp_path, monkeypatch):
    from bench_corpus import write_answered

    contexts = [f"Town {n} lies by the river Ems, and has {n} bridges over it." for n in range(6)]
    questions = [
        {"question": f"By what is town {n}?", "answers": [{"text": "Ems", "answer_start": 25}]}
        for n in range(6)
    ]
    paragraphs = [
        {"context": context, "qas": [question, {"question": "Who?", "answers": []}]}
        for context, question in zip(contexts, questions, strict=True)
    ]
    squad = tmp_path / "squad.json"
    squad.write_text(json.dumps({"data": [{"title": "Towns", "paragraphs": paragraphs}]}))
    monkeypatch.setenv("VERBATIM_SQUAD", str(squad))
    files, cases = write_answered(tmp_path / "files", 5, 10)
    texts = [file.read_text() for file in files]
    assert len(set(texts)) == len(files) == 5
    assert len(cases) == 6
    assert all(any(case.answer in text for text in texts) for case in cases)
    assert all("Ems" in case.answer for case in cases)


def test_cases_of_the_briefs_are_in_the_files(tmp_path, monkeypatch):
    from bench_corpus import write_answered

    monkeypatch.delenv("VERBATIM_SQUAD", raising=False)
    files, cases = write_answered(tmp_path, 2, 20)
    whole = "\n".join(file.read_text() for file in files)
    assert len(cases) == 20
    assert all(case.answer in whole for case in cases)


def test_what_pip_says_is_told_in_a_line():
    from bench_peer_environments import _reason

    conflict = """ERROR: Cannot install one because these package versions have conflicts.
The conflict is caused by:
    one 1.2.3 depends on hub<2.0.0
    The user requested (constraint) hub==2.4.0"""
    assert _reason(conflict) == "one 1.2.3 depends on hub<2.0.0"
    assert _reason("") == "pip said nothing"


def test_no_peer_is_loaded_to_know_what_there_is():
    program = "import sys, bench_systems; print([n for n in sys.modules if 'torch' in n])"
    ran = subprocess.run([sys.executable, "-c", program], cwd=SCRIPTS, capture_output=True)
    assert ran.stdout.split() == [b"[]"]


def test_as_many_characters_count_of_long_passages_as_of_short_ones():
    from bench_peer_runs import _CHARACTERS, _first

    short = _first(["a" * 400] * 10)
    long = _first(["b" * 2000] * 10)
    assert len("".join(short)) == len("".join(long)) == _CHARACTERS
    assert long[1] == "b" * (_CHARACTERS - 2000)
