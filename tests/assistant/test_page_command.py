"""URLs on the command line, up to the refusal: no option lets a page of this machine be fetched."""

import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.page_command import fetched_paths, path_or_url
from index import Index
from index.errors import FetchError, InputError


def test_urls_stay_whole():
    assert path_or_url("https://example.org//a") == "https://example.org//a"
    assert path_or_url("HTTP://example.org") == "HTTP://example.org"
    assert path_or_url("http/notes.md") == Path("http/notes.md")


def test_paths_alone_fetch_nothing(tmp_path):
    assert fetched_paths([tmp_path], None, tmp_path / "index") == ([tmp_path], [])
    assert list(tmp_path.iterdir()) == []


def test_page_that_is_refused_does_not_stop_the_rest(tmp_path, capsys):
    (tmp_path / "a.txt").write_text("The mill was sold in 1904.\n")
    index = tmp_path / "verbatim.index"
    arguments = [str(tmp_path / "a.txt"), "http://127.0.0.1:9/", "--index", str(index), "--json"]
    assert main(["index", *arguments]) == 1
    output = capsys.readouterr()
    report = json.loads(output.out)
    assert [failed["source"] for failed in report["failed"]] == ["http://127.0.0.1:9/"]
    assert "public address" in output.err
    with Index.open(index) as opened:
        assert len(opened.documents()) == 1


def test_nothing_but_refused_pages_is_an_error(tmp_path, capsys):
    index = tmp_path / "verbatim.index"
    assert main(["index", "http://localhost/", "file:///etc/passwd", "--index", str(index)]) != 0
    assert not index.exists()
    with pytest.raises(FetchError, match="None of the pages"):
        fetched_paths(["http://0x7f.1/"], None, index)


def test_dry_run_fetches_nothing(tmp_path):
    with pytest.raises(InputError, match="--dry-run"):
        fetched_paths(["https://example.org/"], None, tmp_path / "i", is_dry=True)
