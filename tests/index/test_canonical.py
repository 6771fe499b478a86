import os
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.canonical import canonical_text, decode, matching_text, text_sha256
from index.errors import UnreadableFileError

ENGLISH = (
    "The café’s owner said “no” to the naïve façade – it cost €40. Señor Muñoz agreed with her."
)
RUSSIAN = "Мост через реку был построен весной. Совет города проголосовал за его ремонт."
TURKISH = "Köprü geçen yıl onarıldı. Şehir meclisi ışıkların değiştirilmesine İzmir'de karar verdi."
TURKISH_NAME = "The mayor, Mr. Işık Çağlar, said that the bridge in the Beyoğlu quarter was closed."
FRENCH = "La rivière était gelée à l'aube, et les élèves y passaient à pied, malgré tout."
ICELANDIC = "Brúin yfir ána var byggð árið 1901 og það þótti mikið afrek á þeim tíma."
POLISH = "Most został zamknięty wczoraj, a następnie żołnierze przyszli pod górę."
GREEK = "Η γέφυρα έκλεισε την άνοιξη και ξαναάνοιξε τον Ιούνιο."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (RUSSIAN, "utf-16"),
        (RUSSIAN, "utf-32"),
        (ENGLISH, "cp1252"),
        (FRENCH, "iso-8859-1"),
        (ICELANDIC, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (TURKISH, "iso-8859-9"),
        (TURKISH_NAME, "iso-8859-9"),
        (POLISH, "cp1250"),
        (GREEK, "cp1253"),
        ("Мост.", "cp1251"),
        ("Мост.", "koi8-r"),
        ("It cost €5 – too much.", "cp1252"),
    ],
)
@pytest.mark.parametrize("times", [1, 30])
def test_encodings(text, encoding, times):
    text = "\n".join([text] * times)
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_both_orders_of_utf16(mark, encoding):
    assert decode(mark + ENGLISH.encode(encoding)) == ENGLISH


def test_line_ends_and_nothing_else_change():
    assert decode("a\r\nb\rc\n\r\nd\t \u00ade\u200d\f\u2028g ".encode()) == (
        "a\nb\nc\n\nd\t \u00ade\u200d\f\u2028g "
    )


@given(st.text())
def test_decoding_again_changes_nothing(text):
    try:
        canonical = decode(text.encode())
    except UnreadableFileError:
        return
    assert decode(canonical.encode()) == canonical
    assert "\r" not in canonical


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data):
    try:
        text = decode(data)
    except UnreadableFileError:
        return
    assert text.strip()
    assert "\x00" not in text
    assert decode(text.encode()) == text


def test_a_stray_control_character_is_no_binary_file():
    assert decode(b"A bell rang\x07 twice in the long night.")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00",
        b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00\x01",
        random.Random(1).randbytes(4096),
        bytes(byte for byte in random.Random(2).randbytes(4096) if byte),
        b"text with a NUL \x00 in it" + b" and more text" * 1000,
        "utf-16 without a mark".encode("utf-16-le"),
        b"\x01\x02\x03\x04",
        b"\xff\xfe\x00\xd8\x00\xd8",
    ],
)
def test_binary_data_is_refused(data):
    with pytest.raises(UnreadableFileError, match=r"picture\.txt: .*(?:binary|byte order mark)"):
        decode(data, "picture.txt")


@pytest.mark.parametrize(
    "data", [b"", b" \n\t \r\n", b"\xef\xbb\xbf", b"\xff\xfe", "\u3000".encode()]
)
def test_nothing_but_white_space_is_refused(data):
    with pytest.raises(UnreadableFileError, match="empty file"):
        decode(data)


def test_damaged_utf8_is_not_taken_for_another_encoding():
    data = (TURKISH + RUSSIAN).encode() + b"\xff and more."
    with pytest.raises(UnreadableFileError, match=r"expected UTF-8, found an invalid byte at \d+"):
        decode(data)


def test_files(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffOne.\r\nTwo.".encode())
    assert canonical_text(path) == canonical_text(str(path)) == "One.\nTwo."
    assert text_sha256("One.\nTwo.") == text_sha256(canonical_text(path))


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    for name in ("missing.txt", "folder.txt", "link.txt", "loop.txt", "x" * 300, "a\x00b"):
        with pytest.raises(UnreadableFileError, match=r"found nothing|could not be read"):
            canonical_text(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("secret")
    path.chmod(0)
    with pytest.raises(UnreadableFileError, match="you may read it"):
        canonical_text(path)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("‘a’ “b” «c» d–e—f", '\'a\' "b" "c" d-e-f'),
        (r"It fell[\[1\]](#). It rose^[7], and[^note] fell [12].", "It fell. It rose, and fell ."),
        ("[link](https://x.org) [7](y)", "[link](https://x.org) [7](y)"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        (" two\n lines\u00a0here ", "two lines here"),
    ],
)
def test_matching_text(text, plain):
    assert matching_text(text) == plain


@pytest.mark.parametrize("run", ["[\\[1\\]](", "[^", "[1", "^[", "“", " ", "\u00ad"])
def test_matching_takes_linear_time(run):
    started = time.perf_counter()
    matching_text(run * (200_000 // len(run)))
    assert time.perf_counter() - started < 1
