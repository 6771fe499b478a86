"""A file that is damaged, newer, or made to harm is refused, and leaves nothing behind."""

import json
import random
import zipfile
from hashlib import sha256

import numpy as np
import pytest
from index_helpers import assert_whole

from index import carrying
from index.carrying import export_index, import_index, lines
from index.embedding import Embedder
from index.errors import (
    EmbeddingMismatchError,
    IndexDamagedError,
    IndexFormatError,
    InputError,
    VerbatimError,
)


@pytest.fixture(scope="module")
def exported(built_index, tmp_path_factory):
    file = tmp_path_factory.mktemp("exported") / "one.verbatim"
    export_index(built_index, file, sources=True)
    return file


def remade(file, target, change=lambda members: None, **manifest):
    """A copy with other members, and a manifest and comment that fit them."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    about = json.loads(members.pop("manifest.json"))
    change(members)
    about["members"] = {
        name: {"size": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in members.items()
        if not name.startswith("files/")
    }
    data = json.dumps({**about, **manifest}).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in {**members, "manifest.json": data}.items():
            archive.writestr(name, each)
        archive.comment = b"verbatim-export sha256:" + sha256(data).hexdigest().encode()
    return target


def with_rows(name, change):
    """Changes the rows in a member, each or as a list."""

    def apply(members):
        rows = [json.loads(line) for line in members[name].splitlines()]
        rows = change(rows) or rows
        members[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return apply


def refused(file, tmp_path, kind=IndexDamagedError, **options):
    """What is said; nothing may be there afterwards."""
    before = set(tmp_path.iterdir())
    with pytest.raises(kind) as told:
        import_index(file, tmp_path / "copy", files=tmp_path / "files", **options)
    assert set(tmp_path.iterdir()) == before
    return str(told.value)


def test_the_helper_makes_files_that_are_taken(exported, tmp_path):
    import_index(remade(exported, tmp_path / "x"), tmp_path / "copy")
    assert_whole(tmp_path / "copy")


@pytest.mark.parametrize("name", ["passages.jsonl", "vectors.bin"])
def test_a_member_that_somebody_changed(exported, tmp_path, name):
    """With a checksum of ZIP's that fits, and the size it had: only the manifest's hash tells."""
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(tmp_path / "x", "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == name:
                data = data[:-9] + bytes(byte ^ 1 for byte in data[-9:-5]) + data[-5:]
            new.writestr(info.filename, data)
        new.comment = old.comment
    assert f"{name} with other content" in refused(tmp_path / "x", tmp_path)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.9999])
def test_a_part_of_a_file(exported, tmp_path, share):
    data = exported.read_bytes()
    (tmp_path / "x").write_bytes(data[: int(len(data) * share)])
    assert "Take another copy" in refused(tmp_path / "x", tmp_path)


def test_flipped_bits_anywhere(exported, tmp_path):
    chance, data = random.Random(5), exported.read_bytes()
    told = 0
    for _ in range(60):
        place = chance.randrange(len(data))
        flipped = bytearray(data)
        flipped[place] ^= 1 << chance.randrange(8)
        (tmp_path / "x").write_bytes(flipped)
        try:
            with carrying.unpacking.opened(tmp_path / "x") as packed:
                packed.check()
        except (IndexDamagedError, IndexFormatError):
            told += 1
    # A few bits of the archive's headers, such as dates, mean nothing.
    assert told >= 55


def test_another_file_than_was_exported(exported, tmp_path):
    wanted = "0" * 64
    assert f"expected to have SHA-256 {wanted}" in refused(
        exported, tmp_path, InputError, sha256=wanted
    )
    whole = sha256(exported.read_bytes()).hexdigest()
    import_index(exported, tmp_path / "copy", sha256=whole.upper())


def test_no_file(tmp_path):
    assert "cannot be" in refused(tmp_path / "none", tmp_path, InputError)
    (tmp_path / "x.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    assert "no manifest" in refused(tmp_path / "x.zip", tmp_path)


def test_newer_formats(exported, tmp_path):
    file = remade(exported, tmp_path / "a", verbatim_export=2, release="9.0", later={"a": 1})
    told = refused(file, tmp_path, IndexFormatError)
    assert "an exported index of format 2 (made by release 9.0)" in told
    assert "reads up to 1. Nothing was changed. Install a newer release" in told
    file = remade(exported, tmp_path / "b", catalog_format=99)
    assert "a catalog of format 99" in refused(file, tmp_path, IndexFormatError)


def test_an_older_release_wrote_fewer_columns(exported, tmp_path):
    def without(rows):
        for row in rows:
            for name in set(row) & {"url", "places", "seal", "parts_seal", "vectors_seal"}:
                del row[name]

    def change(members):
        with_rows("documents.jsonl", without)(members)
        with_rows("passages.jsonl", without)(members)

    import_index(remade(exported, tmp_path / "x", change, catalog_format=2), tmp_path / "copy")
    assert_whole(tmp_path / "copy")


def set_value(**values):
    def change(rows):
        rows[0].update(values)

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        ("documents", set_value(sha256="0" * 64), "line 1 of its documents"),
        ("documents", set_value(id="../../../../x"), "line 1 of its documents"),
        ("documents", set_value(title=7), "no usable 'title'"),
        ("documents", set_value(authors="{}}"), "values that cannot be"),
        ("documents", set_value(revision=1 << 40), "a document newer than the whole"),
        ("documents", set_value(revision=1 << 64), "no usable 'revision'"),
        ("documents", set_value(extra=1), "'extra', which no documents have"),
        ("documents", lambda rows: rows[:-1], "do not"),
        ("documents", lambda rows: rows[::-1], "do not"),
        ("passages", set_value(text="Another text."), "values that cannot be"),
        ("passages", lambda rows: rows[1:], "do not"),
        ("passages", lambda rows: rows[:-1], "do not"),
        ("passages", lambda rows: rows + rows[-1:], "do not"),
        ("passages", set_value(label="other"), "values that cannot be"),
        ("passages", set_value(sentences="[[0, 99999]]"), "values that cannot be"),
        ("passages", set_value(sentences="[" * 3000), "values that cannot be"),
        ("passages", set_value(number=5), "'number', which no passages have"),
        ("sources", lambda rows: rows[1:], "which it counts else"),
        ("sources", lambda rows: rows + rows[-1:], "sources that differ"),
        ("sources", set_value(document_id="0" * 16), "sources that differ"),
        ("files", set_value(path="/tmp/../../etc/passwd"), "absolute paths"),
        ("files", set_value(path="relative.md"), "absolute paths"),
        ("files", set_value(path="/nul\0"), "absolute paths"),
        ("files", set_value(path="C:\\other.md"), "absolute paths"),
        ("files", set_value(member="manifest.json"), "cannot be used"),
        ("files", set_value(member="files/no"), "no files/no"),
        ("files", lambda rows: rows[:1] * len(rows), "absolute paths"),
        ("files", set_value(size="1"), "cannot be used"),
        ("files", lambda rows: rows[1:], "a list of 7 files in place of 8"),
    ],
)
def test_rows_that_cannot_be(exported, tmp_path, name, change, found):
    file = remade(exported, tmp_path / "x", with_rows(f"{name}.jsonl", change))
    assert found in refused(file, tmp_path, VerbatimError)


def test_a_text_that_another_was_put_in_place_of(exported, tmp_path):
    """One of the same length, so that only the document's hash tells."""

    def change(rows):
        rows[0]["text"] = rows[0]["text"][::-1]

    file = remade(exported, tmp_path / "x", with_rows("passages.jsonl", change))
    refused(file, tmp_path)


def test_a_text_without_a_checksum(exported, tmp_path):
    """As an earlier release wrote it: the document's hash tells."""

    def change(rows):
        rows[0] |= {"text": rows[0]["text"][::-1], "seal": None}

    file = remade(exported, tmp_path / "x", with_rows("passages.jsonl", change))
    assert "add up to its text" in refused(file, tmp_path)


@pytest.mark.parametrize("change", ["cut", "more", "not finite", "dimension"])
def test_vectors_that_cannot_be(exported, tmp_path, change):
    def apply(members):
        data = members["vectors.bin"]
        nan = np.array([np.nan], dtype="<f4").tobytes()
        members["vectors.bin"] = {
            "cut": data[:-8],
            "more": data + b"12345678",
            "not finite": nan + data[4:],
            "dimension": data,
        }[change]

    values = {"dimension": 1 << 40} if change == "dimension" else {}
    assert "vectors" in refused(remade(exported, tmp_path / "x", apply, **values), tmp_path)


def test_lines_that_are_none(exported, tmp_path, monkeypatch):
    for line in (b"[]\n", b"{\n", b"\xff\n", b"[" * 100_000):
        file = remade(
            exported,
            tmp_path / "x",
            lambda members, line=line: members.update({"documents.jsonl": line}),
        )
        assert "no JSON" in refused(file, tmp_path)
    monkeypatch.setattr(lines, "LONGEST", 100)
    assert "more than 100 bytes" in refused(exported, tmp_path)


def test_names_that_are_not_of_such_a_file(exported, tmp_path):
    for name in ("../evil", "/etc/evil", "files.db"):
        file = remade(
            exported, tmp_path / "x", lambda members, name=name: members.update({name: b""})
        )
        assert "other members" in refused(file, tmp_path)
    file = remade(exported, tmp_path / "x", lambda members: members.pop("vectors.bin"))
    assert "other members" in refused(file, tmp_path)
    file = remade(exported, tmp_path / "x")
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("documents.jsonl", b"")
    assert "two members of one name" in refused(file, tmp_path)


def test_a_manifest_that_was_changed(exported, tmp_path):
    file = remade(exported, tmp_path / "x")
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"verbatim-export sha256:" + b"0" * 64
    assert "not the one it was made with" in refused(file, tmp_path)
    for values in ({"verbatim_export": "1"}, {"documents": -1}, {"model": 5}, {"other": []}):
        file = remade(exported, tmp_path / "x", **values)
        assert "found something else" in refused(file, tmp_path)


def test_a_bomb_is_not_unpacked(exported, tmp_path):
    """A member says that it has more than any disk: that is told before it is read."""
    file = remade(exported, tmp_path / "x")
    data = bytearray(file.read_bytes())
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"passages.jsonl"))
    data[entry + 24 : entry + 28] = (0xFFFF_FFF0).to_bytes(4, "little")
    file.write_bytes(data)
    refused(file, tmp_path)
    file = remade(exported, tmp_path / "y", lambda m: m.update({"files/bomb": bytes(1 << 26)}))
    assert file.stat().st_size < 1 << 18
    assert "9 files in place of 8" in refused(file, tmp_path)


def test_another_model(exported, tmp_path, monkeypatch):
    def other(name, dtype):
        return Embedder(lambda texts: None, name=name, fingerprint="else", dimension=64)

    monkeypatch.setattr(carrying.importing, "load_recorded", other)
    told = refused(exported, tmp_path, EmbeddingMismatchError, embedding_model="m")
    assert "was made with the embedding model 'words'" in told
