"""How far an update is, as it is shown."""

import io
import sys

import pytest

from index import progress
from index.progress import Progress, Total, shown, survey
from index.walking import Selection


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_rate_is_that_of_late():
    now = [0.0]
    counted = Progress(Total(100, 10_000_000), clock=lambda: now[0])
    assert counted.seconds_left is None
    for _ in range(50):  # half of the files are as they were: quick
        now[0] += 0.01
        counted.count(1, 0, 100_000)
    for _ in range(10):
        now[0] += 6
        counted.count(1, 40, 100_000)
    assert counted.rate == pytest.approx(100_000 / 6, rel=0.01)
    assert counted.seconds_left == pytest.approx(240, rel=0.01)
    assert counted.line() == "60 of 100 files, 400 passages, 16.7 kB/s, about 4 min left"
    now[0] += 60
    counted.count(40, 0, 20_000_000)
    assert counted.size == 10_000_000, "a file may have grown"
    assert "left" not in counted.line()


def test_lines_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    calls = []
    counted = Progress(Total(2, 30), lambda *call: calls.append(call))
    with shown(counted, is_shown=True) as count:
        count(1, 3, 10)
        count(0, 0, 5)
        count(1, 4, 15)
    lines = sys.stderr.getvalue().splitlines()
    assert [line.partition(" passages")[0] for line in lines] == [
        "Indexing: 1 of 2 files, 3",
        "Indexing: 1 of 2 files, 3",
        *["Indexing: 2 of 2 files, 7"] * 2,
    ]
    assert calls == [(1, 2, 3), (2, 2, 7)]


def test_a_bar_on_a_terminal_and_nothing_where_nothing_is_wanted(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with shown(Progress(Total(2, 30)), is_shown=True) as count:
        count(1, 3, 10)
        count(1, 4, 20)
    assert "Indexing: 100%|" in sys.stderr.getvalue()
    assert "2 of 2 files, 7 passages" in sys.stderr.getvalue()
    monkeypatch.setattr(sys, "stderr", Terminal())
    with shown(Progress(Total(2, 30)), is_shown=False) as count:
        count(1, 3, 10)
    assert sys.stderr.getvalue() == ""


def test_a_survey_counts_files_and_bytes(tmp_path):
    (tmp_path / "a.md").write_text("12345")
    (tmp_path / "b.zip").write_bytes(b"123")
    (tmp_path / "c.png").write_bytes(b"123")
    failed = []
    assert survey(Selection.of([tmp_path]), failed.append) == Total(2, 8)
    assert failed == []
