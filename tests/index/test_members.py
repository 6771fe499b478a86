"""Documents in containers: archives, JSON Lines and JSON arrays."""

import io
import json
import os
import shutil
import subprocess
import zipfile
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import archives, json_records
from index.canonical import canonical_text, read_bytes
from index.errors import UnreadableFileError
from index.loaders.json_record import load
from index.members import (
    exists,
    file_of,
    is_container,
    is_member,
    members,
    part_of,
    suffix_of,
    text_field_of,
)

TEXT = "The old mill stands by the river.\n"


def write_zip(path, entries, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def sources(path, text_field=None):
    return [each.source.removeprefix(str(path)) for each in members(path, text_field)]


def troubles(path):
    found = {each.source.removeprefix(str(path)): each.trouble for each in members(path)}
    return {source: trouble for source, trouble in found.items() if trouble}


def test_a_member_of_an_archive(tmp_path):
    path = write_zip(tmp_path / "a.ZIP", [("in/b.md", TEXT), ("c.txt", "Another text.")])
    assert sources(path) == ["!/in/b.md", "!/c.txt"]
    source = f"{path}!/in/b.md"
    assert canonical_text(source) == TEXT
    assert (file_of(source), is_member(source), suffix_of(source)) == (path, True, ".md")
    assert exists(source)
    assert not exists(f"{path}!/none.md")
    with pytest.raises(UnreadableFileError, match=r"expected a member 'none\.md', found none"):
        read_bytes(f"{path}!/none.md")
    path.unlink()
    assert not exists(source)
    with pytest.raises(UnreadableFileError, match="found nothing"):
        canonical_text(source)


def test_lines_and_elements(tmp_path):
    lines = tmp_path / "rows.jsonl"
    lines.write_text(
        '{"text": "One."}\r\n\n  {"text": "Three."}\nno json\n{"text": "Five."}', "utf-8"
    )
    assert sources(lines) == ["#line=1", "#line=3", "#line=4", "#line=5"]
    assert [canonical_text(f"{lines}#line={n}") for n in (1, 3, 5)] == ["One.", "Three.", "Five."]
    with pytest.raises(UnreadableFileError, match=r"rows\.jsonl#line=4: expected a JSON object"):
        canonical_text(f"{lines}#line=4")
    for line in (2, 6):
        with pytest.raises(UnreadableFileError, match="expected a record there, found none"):
            canonical_text(f"{lines}#line={line}")
    array = tmp_path / "list.json"
    array.write_text('\ufeff [{"text": "Zero."}, {"content": "Öne, \\"two\\", ]."} ]\n', "utf-8")
    assert sources(array) == ["#/0", "#/1"]
    assert canonical_text(f"{array}#/1") == 'Öne, "two", ].'
    assert not exists(f"{array}#/2")
    one = tmp_path / "one.json"
    one.write_text('{"text": "Alone."}')
    assert [is_container(path) for path in (lines, array, one)] == [True, True, False]
    assert canonical_text(one) == "Alone."
    with pytest.raises(UnreadableFileError, match="an array: each element is a document"):
        canonical_text(array)


def test_records_within_an_archive(tmp_path):
    entries = [
        ("rows.jsonl", '{"text": "One."}\n{"text": "Two."}\n'),
        ("list.json", '[{"text": "Three."}]'),
        ("one.json", '{"text": "Four."}'),
    ]
    path = write_zip(tmp_path / "a.zip", entries)
    found = ["!/rows.jsonl#line=1", "!/rows.jsonl#line=2", "!/list.json#/0", "!/one.json"]
    assert sources(path) == found
    texts = [canonical_text(f"{path}{source}") for source in found]
    assert texts == ["One.", "Two.", "Three.", "Four."]


def test_a_text_field_is_part_of_the_source(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"sum & up": "One.", "text": "Other."}\n')
    (source,) = [each.source for each in members(path, "sum & up")]
    assert source == f"{path}#line=1&text=sum%20%26%20up"
    assert text_field_of(source) == "sum & up"
    assert canonical_text(source) == "One."
    with pytest.raises(UnreadableFileError, match=r"in the field 'none', found 'sum & up', 'text'"):
        canonical_text(f"{path}#line=1&text=none")
    one = tmp_path / "one.json"
    one.write_text('{"summary": "One.", "text": "Other."}')
    assert canonical_text(f"{one}#text=summary") == "One."


@pytest.mark.parametrize(
    "name", ["a#b.md", "a!/b.md", "a.zip!/b.md", "rows.jsonl#line=1/b.md", "x#/1"]
)
def test_files_with_such_names_are_files(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT)
    assert canonical_text(path) == TEXT
    assert not is_member(path)


def test_an_archive_in_a_folder_named_like_one(tmp_path):
    (tmp_path / "a.zip!").mkdir()
    path = write_zip(tmp_path / "a.zip!" / "b.zip", [("c.md", TEXT)])
    assert part_of(f"{path}!/c.md").file == path
    assert canonical_text(f"{path}!/c.md") == TEXT


def test_a_file_with_the_name_of_a_member(tmp_path):
    (tmp_path / "a.zip!").mkdir()
    (tmp_path / "a.zip!" / "b.md").write_text("A file.")
    path = write_zip(tmp_path / "a.zip", [("b.md", TEXT)])
    assert "a file has this very name" in troubles(path)["!/b.md"]


def test_odd_names_in_an_archive(tmp_path):
    names = ["../up.md", "a/../b.md", "/abs.md", "C:/c.md", "back\\slash.md", "a//b.md", "./a.md"]
    path = write_zip(tmp_path / "a.zip", [(name, TEXT) for name in names])
    found = troubles(path)
    assert sorted(found) == sorted(f"!/{name}" for name in names)
    assert "within the archive" in found["!/../up.md"]
    for name in names:
        with pytest.raises(UnreadableFileError):
            canonical_text(f"{path}!/{name}")
    data = write_zip(tmp_path / "n.zip", [("nul_x.md", TEXT)]).read_bytes()
    (tmp_path / "n.zip").write_bytes(data.replace(b"nul_x.md", b"nul\0x.md"))
    assert not [each for each in members(tmp_path / "n.zip") if not each.trouble]


def test_what_is_left_out_and_what_is_refused(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", [("a.md", TEXT)]).read_bytes()
    entries = [
        *((".hidden/a.md", TEXT), ("__MACOSX/._a.md", TEXT), ("picture.png", b"\x89PNG")),
        *(("nested.zip", inner), ("dir/", "")),
    ]
    path = write_zip(tmp_path / "a.zip", entries)
    assert sources(path) == ["!/nested.zip"]
    assert "archive within an archive" in troubles(path)["!/nested.zip"]


def test_two_members_of_one_name(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write_zip(tmp_path / "a.zip", [("a.md", TEXT), ("b.md", TEXT), ("a.md", "Else.")])
    assert "found 2" in troubles(path)["!/a.md"]
    assert canonical_text(f"{path}!/b.md") == TEXT
    with pytest.raises(UnreadableFileError, match="found 2"):
        canonical_text(f"{path}!/a.md")


def test_encrypted_members(tmp_path):
    path = write_zip(tmp_path / "a.zip", [("a.md", TEXT), ("b.md", TEXT)])
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert "encrypted" in troubles(path)["!/a.md"]
    assert canonical_text(f"{path}!/b.md") == TEXT


def test_bombs(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "a.zip", [("bomb.md", b"a" * 20_000_000), ("b.md", TEXT)])
    assert path.stat().st_size < 30_000
    assert "more than 200 times" in troubles(path)["!/bomb.md"]
    with pytest.raises(UnreadableFileError, match="more than 200 times"):
        canonical_text(f"{path}!/bomb.md")
    path = write_zip(tmp_path / "b.zip", [("rows.jsonl", (b"{}" + b" " * 998 + b"\n") * 20_000)])
    assert "more than 200 times" in troubles(path)["!/rows.jsonl"]
    monkeypatch.setattr(archives, "MOST_BYTES", 2_000)
    path = write_zip(tmp_path / "c.zip", [(f"{n}.md", TEXT * 20) for n in range(5)])
    with pytest.raises(UnreadableFileError, match="at most 2,000 bytes unpacked"):
        list(members(path))
    monkeypatch.setattr(archives, "MOST_MEMBERS", 4)
    with pytest.raises(UnreadableFileError, match="at most 4 members, found 5"):
        list(members(path))


def test_a_damaged_member_stops_no_other(tmp_path):
    path = write_zip(tmp_path / "a.zip", [("a.md", os.urandom(5000)), ("b.md", TEXT)])
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    assert list(troubles(path)) == ["!/a.md"]
    path.write_bytes(data[:3000])
    with pytest.raises(UnreadableFileError, match="expected what can be unpacked, found damage"):
        list(members(path))


@pytest.mark.parametrize(
    ("text", "found", "message"),
    [
        ('[{"text": "a"}, {"text": "b"', 1, "JSON in element 1"),
        ('[{"text": "a"} {"text": "b"}]', 1, "a comma or ] after element 0"),
        ('[{"text": "a"},]', 1, "JSON in element 1"),
        ("[" + "[" * 100_000, 0, "nested too deep"),
        ("[1, 2", 2, "the end of the file"),
    ],
)
def test_arrays_that_end_in_an_error(tmp_path, text, found, message):
    path = tmp_path / "a.json"
    path.write_text(text)
    read = members(path)
    assert len([next(read) for _ in range(found)]) == found
    with pytest.raises(UnreadableFileError, match=message):
        next(read)


def test_arrays_are_read_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "BLOCK", 7)
    values = [{"text": f"Bücher {n} \U0001f4da" * n} for n in range(30)] + [12345678, None, "a]"]
    path = tmp_path / "a.json"
    for encoding in ("utf-8", "utf-16", "utf-32"):
        path.write_bytes(json.dumps(values, ensure_ascii=False, indent=1).encode(encoding))
        assert [json.loads(each.data) for each in members(path)] == values


def test_lines_that_are_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "LARGEST_RECORD", 50)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a"}\n' + b"x" * 3_000_000 + b'\n{"text": "b"}\n')
    read = list(members(path))
    assert [each.source[-6:] for each in read] == ["line=1", "line=2", "line=3"]
    assert "at most 50 bytes" in read[1].trouble
    assert sum(each.weight for each in read) == path.stat().st_size


def test_a_large_file_is_not_held_in_memory(tmp_path):
    import tracemalloc

    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        line = json.dumps({"text": "word " * 2_000}).encode() + b"\n"
        for _ in range(3_000):
            stream.write(line)
    array = tmp_path / "a.json"
    array.write_bytes(b"[" + path.read_bytes().strip().replace(b"\n", b",") + b"]")
    for each in (path, array):
        tracemalloc.start()
        assert sum(1 for _ in members(each)) == 3_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 12_000_000 < each.stat().st_size


def test_metadata_of_a_record():
    record = {
        "page_content": "Text.",
        "title": "A title",
        "metadata": {"authors": ["Ann Lee", {"first": "Bo", "last": "Cruz"}], "lang": "en"},
        "datePublished": "2024-05-01T10:00:00Z",
        "link": "https://example.org/a",
        "publisher": {"name": "River House"},
    }
    loaded = load(json.dumps(record).encode(), "a.json")
    assert loaded.text == "Text."
    assert loaded.fields == {
        "title": "A title",
        "authors": ["Ann Lee", {"first": "Bo", "last": "Cruz"}],
        "published": "2024-05-01T10:00:00Z",
        "publisher": {"name": "River House"},
        "language": "en",
        "url": "https://example.org/a",
    }
    assert load(b'{"body": ["One.", "Two."]}', "a.json").text == "One.\n\nTwo."
    assert load(b'{"text": "a \\ud800 b\\r\\nc"}', "a.json").text == "a \ufffd b\nc"
    for data in (b"{}", b'{"text": " "}', b'{"text": 3}', b"3", b'"a"', b"{", b"\xff", b"[]", b""):
        with pytest.raises(UnreadableFileError, match=r"a\.json: expected"):
            load(data, "a.json")


@settings(max_examples=200, deadline=None)
@given(st.binary() | st.text().map(str.encode) | st.just(json.dumps({"text": "x"}).encode()))
def test_any_bytes_as_a_record(data):
    try:
        loaded = load(data, "a.json")
    except UnreadableFileError:
        return
    assert loaded.text.strip()
    loaded.text.encode()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_bytes_as_a_container(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", TEXT)
        archive.writestr("b.jsonl", '{"text": "a"}\n')
    whole = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for name, content in (
        ("a.zip", bytes(whole[: data.draw(st.integers(0, len(whole)))])),
        ("a.zip", bytes(whole)),
        ("a.json", b"[" + data.draw(st.binary())),
        ("a.jsonl", data.draw(st.binary())),
    ):
        path = folder / name
        path.write_bytes(content)
        with suppress(UnreadableFileError):
            for each in members(path):
                assert each.source.startswith(str(path))


def test_an_archive_of_another_program(tmp_path):
    """What Info-ZIP makes: names in UTF-8, a password, and a folder's own entry."""
    if shutil.which("zip") is None:
        assert not os.environ.get("CI_REQUIRE_DOCUMENTS"), "zip is expected here"
        pytest.skip("Info-ZIP's zip is not installed")
    (tmp_path / "bücher").mkdir()
    (tmp_path / "bücher" / "eins.md").write_text(TEXT, "utf-8")
    run = partial(subprocess.run, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    run(["zip", "-r", "made.zip", "bücher"])
    assert sources(tmp_path / "made.zip") == ["!/bücher/eins.md"]
    assert canonical_text(f"{tmp_path}/made.zip!/bücher/eins.md") == TEXT
    run(["zip", "-r", "-P", "word", "locked.zip", "bücher"])
    assert "encrypted" in troubles(tmp_path / "locked.zip")["!/bücher/eins.md"]
